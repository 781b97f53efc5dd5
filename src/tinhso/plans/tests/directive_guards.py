"""The guards of directives, steering bodies and posts: how each is broken."""

from __future__ import annotations

import datetime as dt

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

DIRECTIVE, ITEM = "plans_directive", "plans_directiveitem"
BODY, MEMBER, POSTS = "plans_body", "plans_member", "plans_establishment"
DAY = NEW_YEAR.date()
YESTERDAY = DAY - dt.timedelta(days=400)
PLAIN: Plain = {
    DIRECTIVE: {"urgency": "normal", "entered_at": lambda n: NEW_YEAR + dt.timedelta(days=n)},
    ITEM: {"kind": "task"},
    BODY: {"kind": "steering"},
    MEMBER: {"duty": "member"},
    POSTS: {"planned": 2, "filled": 1},
}
ENDED = {"valid_to": DAY + dt.timedelta(days=500)}
ONE_DIRECTIVE = {"number": "1/KH", "issued_on": DAY, "issuer": "UBND"}
CASES = (
    Case("a_body_does_not_end_before_it_begins", BODY, {"valid_to": YESTERDAY}),
    Case("a_body_has_one_head", MEMBER, twice={"body_id": 1, "duty": "head"}, allowed=ENDED),
    Case("a_body_is_of_a_known_kind", BODY, {"kind": "club"}),
    Case("a_body_names_its_decision", BODY, {"decision_number": ""}),
    Case("a_count_of_posts_names_its_source", POSTS, {"source": ""}),
    Case("a_directive_does_not_end_before_it_begins", DIRECTIVE, {"valid_to": YESTERDAY}),
    Case("a_directive_has_number_and_summary", DIRECTIVE, {"number": ""}),
    Case("a_directive_is_entered_after_it_came", DIRECTIVE, {"entered_at": NEW_YEAR - dt.timedelta(days=1)}),
    Case("a_directive_is_entered_once", DIRECTIVE, twice=ONE_DIRECTIVE),
    Case("a_directive_is_urgent_or_not", DIRECTIVE, {"urgency": "very"}),
    Case("a_directive_item_is_of_a_known_kind", ITEM, {"kind": "wish"}),
    Case("a_member_has_a_known_duty", MEMBER, {"duty": "king"}),
    Case("a_person_sits_in_a_body_once", MEMBER, twice={"body_id": 1, "person_id": 1}, allowed=ENDED),
    Case("a_seat_does_not_end_before_it_begins", MEMBER, {"valid_to": YESTERDAY}),
    Case("an_item_has_its_place_in_a_directive", ITEM, twice={"directive_id": 1, "ordinal": 1}),
    Case("an_office_has_one_body_of_a_kind", BODY, twice={"office_id": 1, "kind": "steering"}, allowed=ENDED),
    Case("no_more_posts_are_filled_than_planned", POSTS, {"filled": 3}),
    Case("plans_directiveitem_ordinal_check", ITEM, {"ordinal": -1}),
    Case("plans_establishment_filled_check", POSTS, {"filled": -1}),
    Case(
        "plans_establishment_planned_check",
        POSTS,
        {"planned": -1, "filled": 0},
        behind="no_more_posts_are_filled_than_planned",
    ),
    Case("posts_of_an_office_are_counted_once_a_day", POSTS, twice={"office_id": 1, "on": DAY}),
)
TRIGGERS: tuple[str, ...] = ()
