"""The guards of windows, plans, annexes, drafts, opinions, histories and reminders: how each is broken."""

from __future__ import annotations

import datetime as dt

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

WINDOW, PLAN, ITEM = "plans_window", "plans_plan", "plans_planitem"
REQUEST, OPINION, DRAFT = "plans_opinionrequest", "plans_opinion", "plans_plansnapshot"
HISTORY, REMINDER = "plans_history", "plans_reminder"
EARLIER = NEW_YEAR.date() - dt.timedelta(days=400)
SIGNED = {"signed_by_id": 1, "signed_at": NEW_YEAR, "signed_as": "head", "appraised_at": NEW_YEAR}
ISSUED = SIGNED | {"state": "issued", "registered_at": NEW_YEAR, "number": "1/KH"}
PLAIN: Plain = {
    WINDOW: {"deadline": dt.date(2022, 12, 31), "last_year": 2030},
    PLAN: {
        "first_year": lambda n: 2020 + n,
        "last_year": 2030,
        "state": "signed",
        "version": 2,
        "adjusts_id": lambda n: 100 + n,
        "adjusts_reason": "Thêm việc",
        "appraised_by_id": None,
        **SIGNED,
        "number": "",
        "registered_at": None,
    },
    ITEM: {"ends": dt.date(2022, 12, 31)},
    REQUEST: {"answered_at": NEW_YEAR},
    OPINION: {"answer": "rejected", "answered_at": NEW_YEAR},
}
CASES = (
    Case("a_change_says_what_changed", HISTORY, {"what": ""}),
    Case("a_draft_of_a_plan_has_its_number", DRAFT, twice={"plan_id": 1, "number": 1}),
    Case("a_plan_is_appraised_before_it_is_signed", PLAN, {"appraised_at": None}),
    Case("a_plan_is_for_years_in_order", PLAN, {"last_year": 2000}),
    Case("a_plan_is_in_a_known_state", PLAN, {"state": "lost"}),
    Case("a_rejected_opinion_has_its_reason", OPINION, {"answer_text": ""}),
    Case("a_row_costs_nothing_or_more", ITEM, {"amount": -1}),
    Case("a_row_does_not_end_before_it_starts", ITEM, {"ends": EARLIER}),
    Case("a_row_has_its_place_in_an_annex", ITEM, twice={"plan_id": 1, "ordinal": 1}),
    Case("a_row_says_what_who_and_what_comes_out", ITEM, {"product": ""}),
    Case("a_row_that_costs_names_its_source", ITEM, {"source": ""}),
    Case(
        "a_rule_reminds_an_office_once", REMINDER, twice={"about": "window:1", "office_id": 1, "level": "5"}
    ),
    Case("a_second_person_appraises_a_plan", PLAN, {"appraised_by_id": 1, "drafted_by_id": 1}),
    Case("a_signed_plan_says_who_signed_and_as_what", PLAN, {"signed_as": ""}),
    Case("a_window_does_not_close_before_it_opens", WINDOW, {"deadline": EARLIER}),
    Case("a_window_is_for_years_in_order", WINDOW, {"last_year": 0}),
    Case("an_adjustment_says_what_and_why", PLAN, {"adjusts_reason": ""}),
    Case("an_issued_plan_has_its_number_and_moment", PLAN, ISSUED | {"number": ""}),
    Case("an_office_has_one_plan_of_a_version", PLAN, twice={"office_id": 1, "first_year": 2022}),
    Case("an_office_is_asked_about_a_plan_once", REQUEST, twice={"plan_id": 1, "office_id": 1}),
    Case("an_office_registers_in_a_window_once", "plans_requirement", twice={"window_id": 1, "office_id": 1}),
    Case("only_an_answer_has_an_answerer", REQUEST, {"agrees": True, "answered_at": None}),
    Case("plans_opinion_row_check", OPINION, {"row": -1}),
    Case(
        "plans_plan_adjusts_id_key",
        PLAN,
        twice={"adjusts_id": 9},
    ),
    Case("plans_plan_draft_number_check", PLAN, {"draft_number": -1}),
    Case("plans_plan_first_year_check", PLAN, {"first_year": -1}),
    Case(
        "plans_plan_last_year_check",
        PLAN,
        {"first_year": 0, "last_year": -1},
        behind="a_plan_is_for_years_in_order",
    ),
    Case("plans_plan_version_check", PLAN, {"version": -1}, behind="an_adjustment_says_what_and_why"),
    Case("plans_planitem_ordinal_check", ITEM, {"ordinal": -1}),
    Case("plans_plansnapshot_number_check", DRAFT, {"number": -1}),
    Case("plans_window_first_year_check", WINDOW, {"first_year": -1}),
    Case(
        "plans_window_last_year_check",
        WINDOW,
        {"first_year": 0, "last_year": -1},
        behind="a_window_is_for_years_in_order",
    ),
)
TRIGGERS = (
    f"{DRAFT}.drafts_are_never_edited",
    f"{HISTORY}.histories_stay_as_they_are",
    f"{ITEM}.rows_of_signed_plans_stay_as_they_are",
    f"{PLAN}.issued_plans_stay_as_they_are",
    f"{REMINDER}.reminders_stay_as_they_are",
)
