"""The guards of what bodies declare: how each is broken."""

from __future__ import annotations

from tinhso.toolkit.tests.constraints import Case, Plain

LINE, ANSWER = "measures_declaration", "measures_declarationanswer"
#: An answer needs no line here: the keys are checked at commit, and nothing is committed.
PLAIN: Plain = {
    LINE: {"system": "one_stop", "status": "runs", "entered_by_id": lambda n: n},
    ANSWER: {"outcome": "confirmed"},
}
ONE_BODY = {"office_id": 7, "system": "one_stop", "replaces_id": None}
CASES = (
    Case("a_body_and_system_have_one_first_declaration", LINE, twice=ONE_BODY),
    Case("a_declaration_is_confirmed_or_returned", ANSWER, {"outcome": "perhaps"}),
    Case("a_declaration_is_of_a_known_system", LINE, {"system": "fax"}),
    Case("a_declaration_names_its_document", LINE, {"decision_number": ""}),
    Case("a_declaration_says_whether_a_body_runs_it", LINE, {"status": "unknown"}),
    Case("a_returned_declaration_says_why", ANSWER, {"outcome": "returned", "note": ""}),
    Case("measures_declaration_replaces_id_key", LINE, twice={"replaces_id": 1}),
    Case("measures_declarationanswer_declaration_id_key", ANSWER, twice={"declaration_id": 1}),
    Case("somebody_entered_a_declaration", LINE, {"entered_by_id": None}),
)
TRIGGERS = (
    f"{LINE}.a_declaration_replaces_one_of_its_own_body",
    f"{LINE}.declarations_stay_as_they_are",
    f"{ANSWER}.a_second_person_answers",
    f"{ANSWER}.answers_stay_as_they_are",
)
