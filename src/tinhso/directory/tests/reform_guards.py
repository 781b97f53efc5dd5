"""Guards of decisions about offices and of hand-overs."""

from __future__ import annotations

from typing import Final

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

REFORM: Final = "directory_officereform"
HAND_OVER: Final = "directory_handover"
PLAIN: Plain = {REFORM: {"kind": "close", "withdrawn_at": None}, HAND_OVER: {"to_post_id": lambda n: n + 700}}
CASES = (
    Case("a_reform_is_of_a_known_kind", REFORM, {"kind": "paint"}),
    Case("a_reform_names_its_decision_and_reason", REFORM, {"decision": ""}),
    Case(
        "a_withdrawn_reform_is_not_applied",
        REFORM,
        {"applied_at": NEW_YEAR, "withdrawn_at": NEW_YEAR},
        allowed={"applied_at": NEW_YEAR, "withdrawn_at": None},
    ),
    Case(
        "an_office_waits_for_one_reform_at_a_time",
        REFORM,
        twice={"office_id": 5, "applied_at": None, "withdrawn_at": None},
        allowed={"office_id": 5, "applied_at": None, "withdrawn_at": NEW_YEAR},
    ),
    Case("work_passes_to_another_post", HAND_OVER, {"from_post_id": 3, "to_post_id": 3}),
    Case("a_hand_over_names_its_decision", HAND_OVER, {"decision": ""}),
    Case(
        "a_desk_is_handed_over_once_a_day",
        HAND_OVER,
        twice={"from_post_id": 1, "to_post_id": 2, "effective_date": NEW_YEAR.date()},
    ),
)
