"""What the database refuses of figures, whatever the code above it does."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest

from tinhso.measures.tests import coverage_guards, dti_guards, figure_guards, monitoring_guards
from tinhso.toolkit.tests.constraints import (  # noqa: F401 - pytest finds them here
    NEW_YEAR,
    Case,
    Connection,
    Plain,
    guarded,
    insert,
    pytest_generate_tests,
    test_every_guard_has_a_case,
    test_keys_point_somewhere,
    test_nothing_is_left_out,
    test_plain_rows_are_taken,
    test_the_database_refuses_it,
)

LABEL = "measures"
TARGET = "measures_usetarget"
PLAIN: Plain = {
    **coverage_guards.PLAIN,
    **dti_guards.PLAIN,
    **figure_guards.PLAIN,
    **monitoring_guards.PLAIN,
    TARGET: {"month": lambda n: dt.date(2022, n, 1), "online_count": 10},
}
#: The whole province and all procedures: two NULLs are one key.
ONE_KEY = {"month": dt.date(2022, 1, 1), "office_id": None, "procedure_code": ""}
CASES = (
    *coverage_guards.CASES,
    *dti_guards.CASES,
    *figure_guards.CASES,
    *monitoring_guards.CASES,
    Case("a_month_office_and_procedure_have_one_first_target", TARGET, twice=ONE_KEY),
    Case("a_target_is_for_a_whole_month", TARGET, {"month": dt.date(2022, 1, 2)}),
    Case("a_target_is_more_than_nothing", TARGET, {"online_count": 0}),
    Case("a_target_names_its_decision", TARGET, {"decision_number": ""}),
    Case("a_target_says_how_many_or_which_share", TARGET, {"online_count": None}),
    Case("a_target_share_is_a_percentage", TARGET, {"online_share": 101}),
    Case(
        "measures_usetarget_online_count_check",
        TARGET,
        {"online_count": -1},
        behind="a_target_is_more_than_nothing",
    ),
    Case("measures_usetarget_replaces_id_key", TARGET, twice={"replaces_id": 1}),
)
KEPT = f"{TARGET}.targets_stay_as_they_are"
GUARDS = [*map(str, CASES), KEPT, *coverage_guards.TRIGGERS, *dti_guards.TRIGGERS, *figure_guards.TRIGGERS]


def test_a_share_of_nothing_is_no_target(owner: Connection) -> None:
    with owner.transaction(force_rollback=True):
        with pytest.raises(psycopg.errors.CheckViolation) as refused, owner.transaction():
            insert(owner, TARGET, PLAIN, online_share=0)
        assert refused.value.diag.constraint_name == "a_target_share_is_a_percentage"


@pytest.mark.parametrize("change", ["update {} set online_count = 11", "delete from {}"])
def test_a_target_stays_as_it_is(owner: Connection, change: str) -> None:
    with owner.transaction(force_rollback=True):
        insert(owner, TARGET, PLAIN)
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            owner.execute(change.format(TARGET))
