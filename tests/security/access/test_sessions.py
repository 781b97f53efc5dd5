"""Sessions as declared: they rotate, end by themselves, are seen and ended, and what changed counts at once."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.security.access.conftest import DESK, PASSWORD, SIGN_OUT, House, Visitor, code_at
from tinhso.config.sessions import SessionStore
from tinhso.directory.models import OpenSession, Post, SignInTried
from tinhso.directory.queries.access import access_rules, live_sessions
from tinhso.directory.services.end_session import end_run_out

pytestmark = pytest.mark.django_db
MINE = "/tai-khoan/bao-mat/"


@pytest.fixture
def minh(house: House) -> Visitor:
    visitor = Visitor()
    visitor.sign_in("minh")
    assert visitor.works
    return visitor


@pytest.fixture
def lan(house: House) -> Visitor:
    visitor = Visitor()
    visitor.password("lan")
    assert visitor.is_in
    return visitor


def ends_in(visitor: Visitor) -> float:
    return (Session.objects.get(pk=visitor.key).expire_date - timezone.now()).total_seconds()


def move(visitor: Visitor, seconds: float) -> None:
    """Let so many seconds pass for the session."""
    row = Session.objects.get(pk=visitor.key)
    row.expire_date -= dt.timedelta(seconds=seconds)
    row.save()


def rules() -> dict[str, Any]:
    return dict(access_rules(timezone.now().date())["sessions"])


def test_the_limits_are_a_quarter_of_an_hour_half_an_hour_and_twelve_hours() -> None:
    assert (rules()["officer_idle"], rules()["citizen_idle"], rules()["absolute"]) == (900, 1800, 43_200)
    assert rules()["warn"] == 120


def test_an_officers_session_ends_after_a_quarter_of_an_hour_of_nothing(minh: Visitor) -> None:
    assert 840 < ends_in(minh) <= 900
    move(minh, 850)
    assert minh.works, "within the limit it goes on"
    assert 840 < ends_in(minh) <= 900
    move(minh, 901)
    assert not minh.is_in


def test_a_citizens_session_ends_after_half_an_hour_of_nothing(lan: Visitor) -> None:
    assert 1740 < ends_in(lan) <= 1800
    move(lan, 1801)
    assert not lan.is_in


def test_a_session_ends_after_twelve_hours_whatever_is_done(minh: Visitor) -> None:
    session = minh.client.session
    session["began"] = time.time() - rules()["absolute"] + 100
    session.save()
    assert ends_in(minh) <= 100
    assert minh.works
    assert ends_in(minh) <= 100, "nothing lengthens it beyond"
    session["began"] = time.time() - rules()["absolute"] - 1
    session.save()
    assert not minh.is_in


def test_a_session_writes_at_most_once_a_minute(minh: Visitor) -> None:
    minh.get(DESK)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(3):
            minh.get(DESK)
    written = [
        one["sql"] for one in asked if "django_session" in one["sql"] and "update" in one["sql"].lower()
    ]
    assert written == []
    move(minh, 70)
    with CaptureQueriesContext(connection) as asked:
        minh.get(DESK)
        minh.get(DESK)
    written = [
        one["sql"] for one in asked if "django_session" in one["sql"] and "update" in one["sql"].lower()
    ]
    assert len(written) == 1


@pytest.mark.parametrize("header", [{"HTTP_X_REQUESTED_WITH": "fetch"}, {"HTTP_HX_REQUEST": "true"}])
def test_what_a_page_does_by_itself_keeps_no_session_open(minh: Visitor, header: dict[str, str]) -> None:
    move(minh, 500)
    before = ends_in(minh)
    minh.get(DESK, **header)
    assert ends_in(minh) <= before
    assert minh.get("/tai-khoan/phien/", **header).json()["left"] <= before
    left = minh.post("/tai-khoan/phien/", HTTP_X_REQUESTED_WITH="fetch").json()["left"]
    assert left > 880, "pressing lengthens it"
    assert ends_in(minh) > 880


def test_the_page_knows_how_long_it_lasts_and_a_strangers_page_does_not_ask(minh: Visitor) -> None:
    page = minh.get(DESK).content.decode()
    assert 'data-left="900"' in page or 'data-left="899"' in page
    assert 'data-warn="120"' in page
    assert "idle.js" not in Visitor().get("/").content.decode()
    assert Visitor().get("/tai-khoan/phien/").status_code == 403


def test_on_a_computer_of_many_the_session_is_short_and_leaving_wipes_it(house: House) -> None:
    visitor = Visitor()
    visitor.password("lan", shared="1")
    assert 0 < ends_in(visitor) <= rules()["shared_idle"]
    assert 'data-wipe="60"' in visitor.get("/cua-toi/").content.decode()
    assert "may" not in visitor.client.cookies, "such a computer remembers nobody"
    answer = visitor.post(SIGN_OUT)
    assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not visitor.is_in


def test_signing_out_ends_it_on_the_server_and_lets_the_browser_forget(minh: Visitor) -> None:
    key = minh.key
    answer = minh.post(SIGN_OUT)
    assert '"cache"' in answer["Clear-Site-Data"]
    assert not Session.objects.filter(pk=key).exists()
    row = OpenSession.objects.order_by("-pk")[0]
    assert (row.session_key, row.ended_why, row.ended_at is not None) == ("", "signed_out", True)
    thief = Visitor()
    thief.client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not thief.is_in


def test_a_session_is_listed_with_its_device_and_address_under_its_own_key(house: House) -> None:
    visitor = Visitor("203.0.113.80")
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36"
    visitor.client.defaults["HTTP_USER_AGENT"] = agent
    visitor.sign_in("minh")
    (one,) = live_sessions(house.cast.minh.account_id or 0, timezone.now(), visitor.key)
    assert (one.row.device, one.row.address, one.is_this) == ("Chrome trên máy Windows", "203.0.113.80", True)
    page = visitor.get(MINE).content.decode()
    for words in ("Chrome trên máy Windows", "203.0.113.80", "Phiên này", "Đã vào"):
        assert words in page


def test_one_session_is_ended_and_the_others_go_on(house: House, minh: Visitor) -> None:
    other, third = Visitor("203.0.113.8"), Visitor("203.0.113.9")
    other.password("minh")
    other.code(code_at(time.time() + 30))
    row = OpenSession.objects.get(session_key=other.key)
    lan = Visitor()
    lan.password("lan")
    assert lan.post(f"{MINE}phien/{row.pk}/ngat/").status_code == 404
    assert other.is_in
    assert minh.post(f"{MINE}phien/{row.pk}/ngat/").status_code == 302
    assert (minh.is_in, other.is_in, third.is_in) == (True, False, False)


def test_all_other_sessions_are_ended_at_once(house: House, minh: Visitor) -> None:
    other = Visitor("203.0.113.8")
    other.password("minh")
    other.code(code_at(time.time() + 30))
    minh.post(f"{MINE}phien-khac/ngat/")
    assert (minh.is_in, other.is_in) == (True, False)


def test_an_administrator_ends_an_officers_session_and_the_officer_is_told(
    house: House, minh: Visitor
) -> None:
    admin = Visitor("203.0.113.50")
    admin.sign_in("quan")
    page = admin.get(f"/quan-tri/can-bo/{house.cast.minh.person_id}/truy-cap/")
    assert page.status_code == 200
    row = OpenSession.objects.get(session_key=minh.key)
    assert admin.post(f"/quan-tri/truy-cap/phien/{row.pk}/ngat/").status_code == 302
    assert not minh.is_in
    clerk = Visitor("203.0.113.51")
    clerk.sign_in("son")
    mine = OpenSession.objects.get(session_key=admin.key)
    assert clerk.post(f"/quan-tri/truy-cap/phien/{mine.pk}/ngat/").status_code == 404


def test_a_session_that_ran_out_is_written_down(minh: Visitor) -> None:
    move(minh, 2_000)
    assert end_run_out(real_at=timezone.now()) == 1
    row = OpenSession.objects.order_by("-pk")[0]
    assert (row.ended_why, row.session_key) == ("ran_out", "")


def test_a_role_that_ended_counts_with_the_next_request(house: House, minh: Visitor) -> None:
    Post.objects.filter(person=house.cast.minh.person_id).update(valid_to=dt.date(2021, 2, 1))
    assert minh.get(DESK).status_code == 404
    assert minh.is_in


def test_the_cookie_ends_with_the_browser_and_says_nothing_of_when(minh: Visitor) -> None:
    cookie = minh.client.cookies[settings.SESSION_COOKIE_NAME]
    assert not cookie["max-age"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_an_ended_session_is_not_written_back_by_a_request_that_was_under_way(minh: Visitor) -> None:
    store = SessionStore(minh.key)
    store.load()
    store["late"] = 1
    Session.objects.filter(pk=minh.key).delete()
    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.filter(pk=minh.key).exists()


def test_a_session_from_before_these_limits_gets_them(house: House) -> None:
    visitor = Visitor()
    visitor.sign_in("minh")
    session = visitor.client.session
    del session["began"]
    session.save()
    assert visitor.works
    assert abs(visitor.client.session["began"] - time.time()) < 20


def test_the_history_of_signing_in_is_shown_to_its_owner_and_the_administrator(house: House) -> None:
    Visitor("198.51.100.9").password("minh", "sai rồi nhé")
    visitor = Visitor()
    visitor.sign_in("minh")
    told = visitor.get(MINE).content.decode()
    assert "Sai mật khẩu" in told
    assert "198.51.100.9" in told
    admin = Visitor("203.0.113.50")
    admin.sign_in("quan")
    assert (
        "198.51.100.9"
        in admin.get(f"/quan-tri/can-bo/{house.cast.minh.person_id}/truy-cap/").content.decode()
    )
    outcomes = set(
        SignInTried.objects.filter(account=house.cast.minh.account_id).values_list("outcome", flat=True)
    )
    assert outcomes == {"wrong_password", "signed_in"}
    assert PASSWORD not in told
