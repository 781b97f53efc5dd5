"""What the database refuses of offices, people and posts, whatever the code above it does."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest

from tinhso.directory.tests import administration_guards as administration
from tinhso.toolkit.tests.constraints import (  # noqa: F401 - pytest finds them here
    NEW_YEAR,
    Case,
    Connection,
    Plain,
    guarded,
    insert,
    pytest_generate_tests,
    see_moved,
    test_every_guard_has_a_case,
    test_keys_point_somewhere,
    test_nothing_is_left_out,
    test_plain_rows_are_taken,
    test_the_database_refuses_it,
)

LABEL = "directory"
HAS_ITS_ROW = "directory_referencestamp"
EARLIER = NEW_YEAR.date() - dt.timedelta(days=1)
PLAIN: Plain = {
    **administration.PLAIN,
    "directory_delegation": {"valid_to": NEW_YEAR.date() + dt.timedelta(days=90)},
    "directory_office": {"kind": "commune"},
    "directory_person": {"identity_number": ""},
    "directory_post": {"role": "leader"},
    "directory_succession": {"successor_id": lambda n: n + 100},
}
A_POST = {"person_id": 1, "office_id": 1, "role": "leader", "valid_from": NEW_YEAR.date()}
CASES = (
    Case("a_delegation_does_not_end_before_it_begins", "directory_delegation", {"valid_to": EARLIER}),
    Case("a_delegation_names_its_paper", "directory_delegation", {"decision": ""}),
    Case("a_person_holds_a_post_once", "directory_post", twice=A_POST),
    Case("a_post_does_not_end_before_it_begins", "directory_post", {"valid_to": EARLIER}),
    Case("a_post_has_a_known_role", "directory_post", {"role": "king"}),
    Case(
        "an_identity_number_is_one_person",
        "directory_person",
        twice={"identity_number": "036190000001"},
        allowed={"identity_number": ""},
    ),
    Case("an_office_does_not_end_before_it_begins", "directory_office", {"valid_to": EARLIER}),
    Case(
        "an_office_does_not_succeed_itself", "directory_succession", {"predecessor_id": 7, "successor_id": 7}
    ),
    Case("an_office_is_of_a_known_kind", "directory_office", {"kind": "castle"}),
    Case(
        "an_office_succeeds_another_once",
        "directory_succession",
        twice={"predecessor_id": 1, "successor_id": 2},
    ),
    Case("directory_account_person_id_key", "directory_account", twice={"person_id": 1}),
    Case("directory_account_username_key", "directory_account", twice={"username": "lan"}),
    Case("a_day_is_special_for_one_reason", "directory_specialday", twice={"date": NEW_YEAR.date()}),
    Case(
        "a_day_is_withdrawn_after_it_was_known",
        "directory_specialday",
        {"known_from": NEW_YEAR, "withdrawn_at": NEW_YEAR},
    ),
    Case(
        "one_office_has_a_code_from_a_day",
        "directory_office",
        twice={"code": "c", "valid_from": NEW_YEAR.date()},
    ),
    Case("there_is_one_reference_stamp", "directory_referencestamp"),
    *administration.CASES,
)
WATCHED = ("directory_office", "directory_specialday")
GUARDS = [
    *map(str, CASES),
    *(f"{table}.a_change_moves_the_reference_stamp" for table in WATCHED),
    *administration.TRIGGERS,
]


@pytest.mark.parametrize("table", WATCHED)
def test_every_change_moves_the_reference_stamp(owner: Connection, table: str) -> None:
    see_moved(owner, PLAIN, table, "select moved_at from directory_referencestamp")


def test_history_is_kept_but_for_words_that_are_erased(owner: Connection) -> None:
    with owner.transaction(force_rollback=True):
        insert(owner, administration.CHANGE, PLAIN)
        for statement in ("update {} set what = 'x'", "update {} set before = ''", "delete from {}"):
            with pytest.raises(psycopg.errors.RaiseException), owner.transaction():
                owner.execute(statement.format(administration.CHANGE))
        erased = "update {} set before = '', after = '', reason = '', erased_at = now()"
        owner.execute(erased.format(administration.CHANGE))
        with pytest.raises(psycopg.errors.RaiseException), owner.transaction():
            owner.execute(erased.format(administration.CHANGE))


def test_a_try_to_sign_in_is_not_edited_but_forgotten_one_day(owner: Connection) -> None:
    with owner.transaction(force_rollback=True):
        insert(owner, administration.TRY, PLAIN)
        with pytest.raises(psycopg.errors.RaiseException), owner.transaction():
            owner.execute(f"update {administration.TRY} set outcome = 'disabled'")
        owner.execute(f"delete from {administration.TRY}")
