"""The guards of targets: how each is broken."""

from __future__ import annotations

import datetime as dt

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

TARGET, PERIOD = "plans_target", "plans_targetperiod"
REPORT, ACTUAL = "plans_targetreport", "plans_targetactual"
ANSWERED = {"answer": "confirmed", "answered_at": NEW_YEAR, "answered_by_id": 2}
PLAIN: Plain = {
    TARGET: {"direction": "up", "counter": ""},
    REPORT: ANSWERED | {"reported_by_id": 1, "denominator": None},
    ACTUAL: {"light": "slow"},
}
CASES = (
    Case("a_target_goes_up_or_down", TARGET, {"direction": "side"}),
    Case("a_target_has_name_and_unit", TARGET, {"unit": ""}),
    Case("a_target_names_its_source", TARGET, {"source": ""}),
    Case("a_target_is_not_its_own_parent", TARGET, {"id": 77, "parent_id": 77}),
    Case("plans_target_code_key", TARGET, twice={"code": "c"}),
    Case("a_target_has_one_value_at_an_end", PERIOD, twice={"target_id": 1, "last": dt.date(2022, 3, 31)}),
    Case("a_period_of_a_target_has_an_order", PERIOD, {"last": dt.date(2020, 1, 1)}),
    Case("a_reported_share_is_at_most_whole", REPORT, {"denominator": 1}),
    Case("a_reported_value_is_not_below_nothing", REPORT, {"numerator": -1}),
    Case(
        "a_returned_report_of_a_target_says_why", REPORT, ANSWERED | {"answer": "returned", "answer_text": ""}
    ),
    Case("a_second_person_confirms_a_report_of_a_target", REPORT, ANSWERED | {"reported_by_id": 2}),
    Case("a_target_stands_at_one_value_a_day", ACTUAL, twice={"target_id": 1, "on": dt.date(2022, 5, 10)}),
    Case("a_target_has_a_known_light", ACTUAL, {"light": "blue"}),
    Case(
        "plans_target_solutions_target_id_solution_id_4b4e3c63_uniq",
        "plans_target_solutions",
        twice={"target_id": 1, "solution_id": 1},
    ),
)
TRIGGERS = (
    f"{REPORT}.reports_of_targets_are_answered_once",
    f"{REPORT}.sums_are_not_reported",
    f"{TARGET}.parents_are_the_sum_of_their_children",
)
