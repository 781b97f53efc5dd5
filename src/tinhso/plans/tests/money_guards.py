"""The guards of money, inspections and commendations: how each is broken."""

from __future__ import annotations

import datetime as dt

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

LINE, ENTRY = "plans_budgetline", "plans_budgetentry"
ROUND, FINDING, PRAISE = "plans_inspection", "plans_finding", "plans_commendation"
DAY = NEW_YEAR.date()
EARLIER = DAY - dt.timedelta(days=400)
CLOSED = {"state": "closed", "fixed_on": DAY, "fixed_by_id": 1, "closed_on": DAY, "closed_by_id": 2}
PLAIN: Plain = {
    LINE: {"capital": "recurrent"},
    ENTRY: {"kind": "spent", "amount": -1, "reverses_id": lambda n: n + 50},
    ROUND: {
        "office_id": lambda n: n,
        "lead_id": lambda n: n + 1000,
        "ends": dt.date(2022, 12, 31),
        "concluded_on": DAY,
    },
    FINDING: CLOSED,
    PRAISE: {},
}
CASES = (
    Case("a_closed_finding_was_remedied", FINDING, CLOSED | {"closed_on": None}),
    Case("a_commendation_has_reason_and_decision", PRAISE, {"reason": ""}),
    Case("a_concluded_inspection_names_its_decision", ROUND, {"decision_number": ""}),
    Case(
        "a_finding_is_in_a_known_state", FINDING, {"state": "lost", "closed_on": None, "closed_by_id": None}
    ),
    Case("a_line_of_money_has_name_and_source", LINE, {"name": ""}),
    Case("a_line_of_money_is_nothing_or_more", LINE, {"planned": -1}),
    Case("a_line_of_money_is_of_a_known_capital", LINE, {"capital": "lent"}),
    Case(
        "a_reported_remedy_says_what_was_done",
        FINDING,
        {"state": "reported", "fixed_text": "", "closed_on": None, "closed_by_id": None},
    ),
    Case("a_second_person_closes_a_finding", FINDING, CLOSED | {"closed_by_id": 1}),
    Case("an_entry_allocates_or_spends", ENTRY, {"kind": "lent"}),
    Case("an_entry_of_money_names_its_document", ENTRY, {"document_number": ""}),
    Case("an_inspection_does_not_end_before_it_starts", ROUND, {"ends": EARLIER}),
    Case("nobody_inspects_themselves", ROUND, {"lead_id": 7, "office_id": 7}),
    Case("only_a_reversal_takes_money_back", ENTRY, {"amount": 1}),
    Case("plans_budgetentry_reverses_id_key", ENTRY, {"amount": -1}, twice={"reverses_id": 1, "amount": -1}),
    Case("plans_budgetline_year_check", LINE, {"year": -1}),
    Case("plans_inspection_year_check", ROUND, {"year": -1}),
)
TRIGGERS = (f"{ENTRY}.entries_of_money_stay_as_they_are",)
