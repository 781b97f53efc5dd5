"""Guards of the log of looks, of holds, of proofs of erasure and of corrections asked for."""

from __future__ import annotations

import datetime as dt
from typing import Final

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

LOOK: Final = "directory_look"
HOLD: Final = "directory_legalhold"
PROOF: Final = "directory_erasure"
ASKED: Final = "directory_datarequest"
LATER: Final = NEW_YEAR + dt.timedelta(hours=1)
HOLDS: Final = {"lifted_at": None, "lift_decision": ""}
PLAIN: Plain = {
    LOOK: {"first_at": NEW_YEAR, "last_at": LATER, "kinds": 1, "times": 1},
    HOLD: {"lifted_at": LATER, "lift_decision": "2/QĐ-TTr"},
    PROOF: {"how": "deleted", "n": 1, "keys_hash": "0" * 64},
    ASKED: {"field": "name", "answer": "done", "answered_at": LATER, "answered_by_id": lambda n: n + 500},
}
_SAME = {"account_id": 1, "about": "dossier:1", "day": NEW_YEAR.date()}
CASES = (
    Case("an_officer_looks_at_a_thing_once_a_day", LOOK, twice=_SAME),
    Case(
        "a_look_does_not_end_before_it_begins",
        LOOK,
        {"first_at": LATER, "last_at": NEW_YEAR},
        allowed={"first_at": LATER, "last_at": LATER},
    ),
    Case("a_look_happened", LOOK, {"times": 0}),
    Case("directory_look_times_check", LOOK, {"times": -1}, behind="a_look_happened"),
    Case("a_look_is_at_something", LOOK, {"kinds": 0}),
    Case("directory_look_kinds_check", LOOK, {"kinds": -1}, behind="a_look_is_at_something"),
    Case("a_hold_names_its_decision_and_reason", HOLD, {"reason": ""}),
    Case(
        "a_hold_is_lifted_by_a_decision",
        HOLD,
        {"lifted_at": LATER, "lift_decision": ""},
        allowed={"lifted_at": LATER, "lift_decision": "12/QĐ-TTr"},
    ),
    Case(
        "a_thing_is_held_once_by_a_decision", HOLD, twice={"about": "dossier:1", "decision": "1/QĐ", **HOLDS}
    ),
    Case("an_erasure_is_of_a_known_kind", PROOF, {"how": "hidden"}),
    Case("an_erasure_took_something", PROOF, {"n": 0}),
    Case("directory_erasure_n_check", PROOF, {"n": -1}, behind="an_erasure_took_something"),
    Case("an_erasure_proves_its_keys", PROOF, {"keys_hash": "none"}),
    Case(
        "a_run_proves_a_table_once",
        PROOF,
        twice={"run": "r", "rule": "draft", "table": "dossiers_draft", "how": "deleted"},
    ),
    Case("a_correction_is_asked_of_a_known_field", ASKED, {"field": "religion"}),
    Case("a_correction_asked_says_what_and_why", ASKED, {"said": ""}),
    Case(
        "a_correction_is_answered_by_somebody_and_refused_with_reason",
        ASKED,
        {"answer": "refused", "answered_at": LATER, "answered_by_id": 1, "answer_text": ""},
        allowed={"answer": "refused", "answered_at": LATER, "answered_by_id": 1, "answer_text": "Không đúng"},
    ),
    Case(
        "a_person_waits_for_one_correction_of_a_field",
        ASKED,
        twice={"person_id": 1, "field": "name", "answer": "", "answered_at": None, "answered_by_id": None},
    ),
)
TRIGGERS = (f"{HOLD}.holds_are_only_lifted", f"{PROOF}.proofs_stay_as_they_are")
