"""Two people, or one thief, at the same moment: real threads, each with its own connection; one of them is let through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from tests.security.access.conftest import House, Visitor, code_at, wrong_code
from tinhso.directory.models import Invitation
from tinhso.directory.queries.device import Place
from tinhso.directory.rules import NewFactor, Purpose
from tinhso.directory.services.check_code import check_code
from tinhso.directory.services.give_code import give_code
from tinhso.directory.services.pace_sign_in import take_turn
from tinhso.directory.services.use_invitation import CodeSpent, new_recovery_codes, use_invitation
from tinhso.directory.services.use_second_factor import use_second_factor
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db(transaction=True)
WHEN = dt.datetime(2022, 5, 10, 9, 0, tzinfo=clock.VN)


def at_once(n: int, work: Callable[[int], Any]) -> list[Any]:
    """Do the work in so many threads that start together, and return what each came to."""
    barrier = Barrier(n)

    def one(number: int) -> Any:
        try:
            barrier.wait(20)
            return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(n) as pool:
        return list(pool.map(one, range(n)))


def test_of_two_uses_of_one_code_at_the_same_time_one_is_made(house: House) -> None:
    row, _code = give_code(
        house.account(house.cast.minh),
        purpose=Purpose.ACTIVATE,
        created_by_id=None,
        real_at=timezone.now(),
        valid_for=dt.timedelta(minutes=15),
    )

    def use(number: int) -> bool:
        try:
            use_invitation(
                invitation=row.pk,
                code_hash=row.code_hash,
                at=WHEN,
                real_at=timezone.now(),
                password=f"md5$x${number}",
                factor=NewFactor("totp", secret="BCDE" * 8, step=number),
            )
        except CodeSpent:
            return False
        return True

    assert sorted(at_once(4, use)) == [False, False, False, True]
    row.refresh_from_db()
    assert row.used_at is not None


def test_of_two_sign_ins_with_one_code_at_the_same_time_one_is_in(house: House) -> None:
    code = code_at()
    visitors = [Visitor(f"203.0.113.{n}") for n in range(2)]
    for visitor in visitors:
        visitor.password("minh")
    at_once(2, lambda n: visitors[n].code(code).status_code)
    assert sorted(visitor.works for visitor in visitors) == [False, True]


def test_of_many_uses_of_one_recovery_code_at_the_same_time_one_counts(house: House) -> None:
    account = house.account(house.cast.minh)
    code = new_recovery_codes(account)[0]
    found = at_once(4, lambda n: use_second_factor(account.pk, code, real_at=timezone.now()) is not None)
    assert sorted(found) == [False, False, False, True]


def test_wrong_tries_at_the_same_time_are_counted_one_by_one(house: House) -> None:
    give_code(
        house.account(house.cast.minh), purpose=Purpose.PASSWORD, created_by_id=None, real_at=timezone.now()
    )

    def guess(number: int) -> Any:
        return check_code(
            username="minh", purpose=Purpose.PASSWORD, code=f"SAI{number}", real_at=timezone.now()
        )

    assert at_once(8, guess) == [None] * 8
    row = Invitation.objects.get(account=house.cast.minh.account_id)
    assert (row.attempts, row.withdrawn_at is not None) == (5, True)


def test_a_crowd_of_guesses_at_the_same_moment_gets_no_more_turns_than_one_after_the_other(
    house: House,
) -> None:
    now, place = timezone.now(), Place("203.0.113.9")
    waits = at_once(12, lambda n: take_turn("minh", place, real_at=now, step="code"))
    assert sum(wait == 0 for wait in waits) == 3
    assert wrong_code() != code_at()
