"""The guards of reviews, meetings and conclusions: how each is broken."""

from __future__ import annotations

import datetime as dt

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

REVIEW, FIGURE, LINE = "plans_review", "plans_reviewfigure", "plans_reviewline"
MEETING, POINT, PRESENT = "plans_meeting", "plans_agendaitem", "plans_attendance"
CONCLUSION, ASSIGNED = "plans_conclusion", "plans_conclusionline"
EARLIER = NEW_YEAR.date() - dt.timedelta(days=400)
APPROVED = {"state": "approved", "number": "15/BC", "approved_at": NEW_YEAR, "approved_by_id": 2}
ISSUED = {"issued_at": NEW_YEAR, "issued_by_id": 2, "number": "62/TB"}
PLAIN: Plain = {
    REVIEW: APPROVED | {"drafted_by_id": 1},
    FIGURE: {},
    LINE: {"section": "limits"},
    MEETING: {},
    POINT: {},
    PRESENT: {},
    CONCLUSION: ISSUED | {"directive_id": lambda n: n},
    ASSIGNED: {},
}
CASES = (
    Case("a_figure_has_its_place_in_a_review", FIGURE, twice={"review_id": 1, "ordinal": 1}),
    Case("a_figure_of_a_review_names_its_source", FIGURE, {"source": ""}),
    Case("a_line_has_its_place_in_a_conclusion", ASSIGNED, twice={"conclusion_id": 1, "ordinal": 1}),
    Case("a_line_has_its_place_in_a_review", LINE, twice={"review_id": 1, "section": "limits", "ordinal": 1}),
    Case("a_line_of_a_conclusion_says_something", ASSIGNED, {"text": ""}),
    Case("a_line_stands_in_a_known_section", LINE, {"section": "gossip"}),
    Case("a_meeting_has_title_and_place", MEETING, {"place": ""}),
    Case("a_point_has_its_place_on_an_agenda", POINT, twice={"meeting_id": 1, "ordinal": 1}),
    Case("a_review_has_a_figure_once", FIGURE, twice={"review_id": 1, "key": "service_levels"}),
    Case("a_review_has_a_period", REVIEW, {"last": EARLIER}),
    Case(
        "a_review_is_in_a_known_state",
        REVIEW,
        {"state": "lost", "number": "", "approved_at": None, "approved_by_id": None},
    ),
    Case("a_second_person_approves_a_review", REVIEW, {"approved_by_id": 1}),
    Case("an_approved_review_has_number_and_moment", REVIEW, {"number": ""}),
    Case("an_issued_conclusion_is_a_directive_with_a_number", CONCLUSION, {"number": ""}),
    Case("an_office_is_invited_to_a_meeting_once", PRESENT, twice={"meeting_id": 1, "office_id": 1}),
    Case("plans_agendaitem_minutes_check", POINT, {"minutes": -1}),
    Case("plans_agendaitem_ordinal_check", POINT, {"ordinal": -1}),
    Case("plans_conclusion_directive_id_key", CONCLUSION, twice={"directive_id": 1}),
    Case("plans_conclusion_meeting_id_key", CONCLUSION, twice={"meeting_id": 1}),
    Case("plans_conclusionline_ordinal_check", ASSIGNED, {"ordinal": -1}),
    Case("plans_conclusionline_task_id_key", ASSIGNED, twice={"task_id": 1}),
    Case("plans_review_code_key", REVIEW, twice={"code": "sk-1"}),
    Case("plans_review_draft_number_check", REVIEW, {"draft_number": -1}),
    Case("plans_reviewfigure_ordinal_check", FIGURE, {"ordinal": -1}),
    Case("plans_reviewline_ordinal_check", LINE, {"ordinal": -1}),
)
TRIGGERS = (
    f"{REVIEW}.submitted_reviews_keep_their_figures",
    f"{FIGURE}.figures_of_reviews_stay_as_they_are",
    f"{CONCLUSION}.issued_conclusions_stay_as_they_are",
    f"{ASSIGNED}.lines_of_issued_conclusions_stay",
)
