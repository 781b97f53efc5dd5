"""What the database refuses of figures, whatever the code above it does."""

from __future__ import annotations

from tinhso.toolkit.tests.constraints import (  # noqa: F401 - pytest finds them here
    NEW_YEAR,
    Case,
    Plain,
    guarded,
    pytest_generate_tests,
    test_every_guard_has_a_case,
    test_keys_point_somewhere,
    test_nothing_is_left_out,
    test_plain_rows_are_taken,
    test_the_database_refuses_it,
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
