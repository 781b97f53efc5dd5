"""Guessing gets slower and slower, and nobody is ever locked out by somebody else."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.utils import timezone

from tests.security.access.conftest import PASSWORD, SIGN_IN, House, Visitor, code_at
from tinhso.directory.models import SignInPace, SignInTried
from tinhso.directory.queries.device import Place
from tinhso.directory.services.pace_sign_in import forget_paces, succeeded, take_turn, wait_after
from tinhso.messages.api import Notice

pytestmark = pytest.mark.django_db
HERE = Place("203.0.113.7")


def test_the_wait_doubles_up_to_its_most() -> None:
    waits = [wait_after(n, free=3, first=1, most=300) for n in (0, 2, 3, 4, 5, 11, 12, 10_000)]
    assert waits == [0, 0, 1, 2, 4, 256, 300, 300]


def test_tries_that_come_too_early_cost_nothing_and_teach_nothing(db: None) -> None:
    now = timezone.now()
    assert [take_turn("minh", HERE, real_at=now) for _ in range(5)] == [0, 0, 0, 1, 1]
    assert take_turn("minh", HERE, real_at=now + dt.timedelta(seconds=1)) == 0
    assert take_turn("minh", HERE, real_at=now + dt.timedelta(seconds=2)) == 1
    assert take_turn("minh", HERE, real_at=now + dt.timedelta(hours=2)) == 0, "an hour later it is forgotten"


def test_a_guesser_slows_nobody_else_down(db: None) -> None:
    """The officer at the known device never waits, at a new one at most a minute, whatever the guesser does."""
    now = timezone.now()
    for n in range(200):
        take_turn("minh", Place(f"198.51.100.{n % 250}"), real_at=now + dt.timedelta(seconds=n))
    now += dt.timedelta(seconds=200)
    assert take_turn("minh", Place("203.0.113.7", device="her-own"), real_at=now) == 0
    assert take_turn("minh", HERE, real_at=now) == 0, "a first try from a new place is made at once"
    assert take_turn("minh", HERE, real_at=now) <= 60
    assert take_turn("minh", HERE, real_at=now + dt.timedelta(seconds=61)) == 0


def test_officers_behind_one_address_do_not_stop_each_other(db: None) -> None:
    now = timezone.now()
    for n in range(120):
        take_turn(f"ai-do-{n}", HERE, real_at=now)
    known = Place(HERE.address, device="at-the-counter")
    assert take_turn("minh", known, real_at=now) == 0
    assert take_turn("son", HERE, real_at=now + dt.timedelta(seconds=2)) == 0
    assert take_turn("hoa", HERE, real_at=now + dt.timedelta(seconds=2)) <= 2


def test_a_right_try_is_not_counted_and_old_counts_are_forgotten(db: None) -> None:
    now = timezone.now()
    for _ in range(20):
        assert take_turn("minh", HERE, real_at=now) == 0
        succeeded("minh", HERE)
    assert SignInPace.objects.count() == 0
    take_turn("minh", HERE, real_at=now)
    assert forget_paces(real_at=now) == 0
    assert forget_paces(real_at=now + dt.timedelta(days=2)) == 3


def test_no_name_and_no_address_stands_in_the_counts(db: None) -> None:
    take_turn("minh", HERE, real_at=timezone.now())
    assert all(
        len(key) == 64 and "minh" not in key for key in SignInPace.objects.values_list("key", flat=True)
    )


def test_the_page_says_how_long_to_wait_and_the_right_password_waits_too(house: House) -> None:
    visitor = Visitor()
    for _ in range(3):
        assert visitor.password("lan", "sai rồi nhé").status_code == 200
    answer = visitor.password("lan")
    assert answer.status_code == 429
    assert "Thử sai nhiều lần. Chờ 1 giây rồi thử lại." in answer.content.decode()
    assert not visitor.is_in
    time.sleep(1.1)
    visitor.password("lan")
    assert visitor.is_in


def test_an_unknown_name_waits_like_a_known_one_and_reads_the_same(house: House) -> None:
    told = []
    for name in ("lan", "khong-co-ai"):
        visitor = Visitor(f"203.0.113.{len(name)}")
        pages = [visitor.password(name, "sai rồi nhé") for _ in range(5)]
        text = [page.content.decode().split('id="noi-dung"')[1].split('name="csrf')[0] for page in pages]
        told.append(([page.status_code for page in pages], text))
    assert told[0] == told[1]


def test_a_new_device_is_told_of_and_the_known_one_is_not(house: House) -> None:
    visitor = Visitor()
    visitor.sign_in("minh")
    assert not Notice.objects.filter(kind="directory.new_device").exists(), "the first sign-in of all"
    visitor.post("/tai-khoan/logout/")
    visitor.password("minh")
    visitor.code(code_at(time.time() + 30))
    assert visitor.works
    assert not Notice.objects.filter(kind="directory.new_device").exists()
    other = Visitor("198.51.100.7")
    other.password("lan")
    another = Visitor("198.51.100.8")
    another.password("lan")
    (notice,) = Notice.objects.filter(kind="directory.new_device")
    assert notice.recipient_id == house.cast.lan.person_id


def test_five_wrong_codes_warn_the_owner_that_the_password_is_known(house: House) -> None:
    from tests.security.access.conftest import wrong_code  # noqa: PLC0415 - this story alone

    visitor = Visitor()
    visitor.password("minh")
    for _ in range(5):
        SignInPace.objects.all().delete()
        visitor.code(wrong_code())
    assert Notice.objects.filter(
        kind="directory.wrong_codes", recipient_id=house.cast.minh.person_id
    ).exists()
    assert visitor.get("/tai-khoan/2fa/authenticate/")["Location"] == SIGN_IN
    assert SignInTried.objects.filter(outcome="wrong_code").count() == 5
    assert PASSWORD
