"""What the database refuses of figures, whatever the code above it does."""

from __future__ import annotations

import pytest

from tinhso.toolkit.tests.constraints import (
    NEW_YEAR,
    Case,
    Connection,
    Plain,
    see_keys_held,
    see_nothing_left_out,
    see_refused,
    see_taken,
    without_case,
)

LABEL = "measures"
PLAIN: Plain = {}
ONE_DAY = {"day": NEW_YEAR.date(), "measure": "m", "office_id": 1, "procedure_code": "p", "channel": "online"}
CASES = (
    Case("a_day_is_counted_once", "measures_daycount", twice=ONE_DAY),
    Case("a_zero_is_not_kept_as_a_row", "measures_daycount", {"n": 0}),
    Case("measures_countedday_day_key", "measures_countedday", twice={"day": NEW_YEAR.date()}),
    Case("measures_daycount_n_check", "measures_daycount", {"n": -1}, behind="a_zero_is_not_kept_as_a_row"),
    Case("measures_staleday_day_key", "measures_staleday", twice={"day": NEW_YEAR.date()}),
)
GUARDS = [str(case) for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_database_refuses_it(owner: Connection, case: Case) -> None:
    see_refused(owner, PLAIN, case)


def test_plain_rows_are_taken(owner: Connection) -> None:
    see_taken(owner, LABEL, PLAIN)


def test_nothing_is_left_out(owner: Connection) -> None:
    see_nothing_left_out(owner, LABEL, PLAIN)


def test_keys_point_somewhere(owner: Connection) -> None:
    see_keys_held(owner, LABEL, PLAIN)


def test_every_guard_has_a_case(owner: Connection) -> None:
    assert without_case(owner, LABEL, GUARDS) == set()
