"""What the database refuses of the committee's records, whatever the code above it does."""

from __future__ import annotations

import psycopg
import pytest

from tinhso.plans.tests import (
    directive_guards,
    money_guards,
    plan_guards,
    review_guards,
    target_guards,
    task_guards,
)
from tinhso.toolkit.tests.constraints import (  # noqa: F401 - pytest finds them here
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

LABEL = "plans"
PARTS = (directive_guards, plan_guards, target_guards, task_guards, money_guards, review_guards)
REMINDER = "plans_reminder"
PLAIN: Plain = {table: fields for part in PARTS for table, fields in part.PLAIN.items()}
CASES = (
    *(case for part in PARTS for case in part.CASES),
    Case("a_change_says_what_changed", "plans_history", {"what": ""}),
    Case(
        "a_rule_reminds_an_office_once", REMINDER, twice={"about": "window:1", "office_id": 1, "level": "5"}
    ),
)
#: Seen red in the tests of each part, and these below.
KEPT = ("plans_history.histories_stay_as_they_are", f"{REMINDER}.reminders_stay_as_they_are")
GUARDS = [*map(str, CASES), *KEPT, *(name for part in PARTS for name in part.TRIGGERS)]


@pytest.mark.parametrize("act", ["update {} set at = at", "delete from {}"])
@pytest.mark.parametrize("kept", KEPT)
def test_what_was_written_down_stays(owner: Connection, kept: str, act: str) -> None:
    table, _dot, _trigger = kept.partition(".")
    with owner.transaction(force_rollback=True):
        insert(owner, table, PLAIN)
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            owner.execute(act.format(table))
