"""What ASVS asks of passwords, one-time codes and sessions, asked of the pages as a browser would."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from tinhso.config import settings as in_service
from tinhso.directory.api import Account
from tinhso.directory.tests.factories import Cast, make_cast

pytestmark = pytest.mark.django_db
SIGN_IN, SIGN_OUT, CODE = "/tai-khoan/login/", "/tai-khoan/logout/", "/tai-khoan/2fa/authenticate/"
LONG = "Một câu dài, có dấu cách và chữ HOA, dễ nhớ với riêng mình: 1234567890 ~ 😀"
#: What `make_cast` gives every officer.
SECRET = "A" * 32


@pytest.fixture
def cast() -> Cast:
    cache.clear()
    return make_cast()


def _with_password(pk: int | None, password: str = LONG) -> Account:
    account = Account.objects.get(pk=pk or 0)
    account.set_password(password)
    account.save()
    return account


def _sign_in(client: Client, account: Account, password: str = LONG) -> int:
    return client.post(SIGN_IN, {"login": account.username, "password": password}).status_code


def _is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def _code(at: float | None = None) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int((at or time.time()) // 30))))


def test_an_empty_installation_has_no_account() -> None:
    assert not Account.objects.exists()


def test_a_password_box_hides_what_is_typed_and_takes_what_a_manager_fills_in() -> None:
    page = Client().get(SIGN_IN).content.decode()
    (box,) = re.findall(r"<input[^>]*name=\"password\"[^>]*>", page)
    assert 'type="password"' in box
    assert "current-password" in box
    assert not re.search(r"\son\w+=|maxlength|readonly", box)


def test_a_long_password_with_any_letters_is_taken_exactly_as_typed(cast: Cast) -> None:
    account = _with_password(cast.lan.account_id)
    assert len(LONG) >= 64
    for wrong in (LONG.lower(), LONG[:64], LONG.strip(" 😀")):
        client = Client()
        _sign_in(client, account, wrong)
        assert not _is_in(client)
    client = Client()
    _sign_in(client, account)
    assert _is_in(client)


def test_passwords_are_kept_by_a_slow_salted_hash() -> None:
    assert in_service.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_guessing_is_slowed_down_whether_or_not_the_account_exists(cast: Cast) -> None:
    account = _with_password(cast.lan.account_id)
    told = {}
    for name in (account.username, "khong-co-ai"):
        cache.clear()
        client = Client()
        pages = [client.post(SIGN_IN, {"login": name, "password": f"sai {n}"}) for n in range(12)]
        told[name] = re.sub(r"value=\"[^\"]*\"|[0-9a-f]{32}", "", pages[0].content.decode())
        assert not _is_in(client)
        last = Client()
        last.post(SIGN_IN, {"login": name, "password": LONG})
        assert not _is_in(last)
    assert told[account.username] == told["khong-co-ai"]


def test_an_officer_is_not_in_by_the_password_alone(cast: Cast) -> None:
    account = _with_password(cast.minh.account_id)
    client = Client()
    _sign_in(client, account)
    assert not _is_in(client)
    assert client.get("/mot-cua/").status_code in (302, 404)
    client.post(CODE, {"code": "000000" if _code() != "000000" else "111111"})
    assert not _is_in(client)


def test_a_one_time_code_serves_once(cast: Cast) -> None:
    account, code = _with_password(cast.minh.account_id), _code()
    first, second = Client(), Client()
    for client in (first, second):
        _sign_in(client, account)
        client.post(CODE, {"code": code})
    assert (_is_in(first), _is_in(second)) == (True, False)


def test_an_old_one_time_code_serves_nobody(cast: Cast) -> None:
    client = Client()
    _sign_in(client, _with_password(cast.minh.account_id))
    client.post(CODE, {"code": _code(time.time() - 150)})
    assert not _is_in(client)


def test_signing_in_gives_a_new_session_and_the_old_key_holds_nothing(cast: Cast) -> None:
    account = _with_password(cast.lan.account_id)
    client = Client()
    client.get(SIGN_IN)
    session = client.session
    session["before"] = "1"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = before = session.session_key
    _sign_in(client, account)
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert _is_in(client)
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_out_ends_the_session_on_the_server(cast: Cast) -> None:
    client = Client()
    _sign_in(client, _with_password(cast.lan.account_id))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post(SIGN_OUT)
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not _is_in(stolen)
    assert not Session.objects.filter(session_key=key).exists()


def test_a_changed_password_ends_the_sessions_that_were_there(cast: Cast) -> None:
    account = _with_password(cast.lan.account_id)
    client = Client()
    _sign_in(client, account)
    assert client.get("/cua-toi/").status_code == 200
    _with_password(account.pk, "another long sentence")
    assert client.get("/cua-toi/").status_code == 302


def test_a_disabled_account_is_out_with_the_next_request(cast: Cast) -> None:
    account = _with_password(cast.lan.account_id)
    client = Client()
    _sign_in(client, account)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert client.get("/cua-toi/").status_code == 302


def test_keys_of_sessions_are_long_random_and_never_the_same() -> None:
    keys = set()
    for _ in range(200):
        session = Client().session
        session.save()
        keys.add(session.session_key)
    assert len(keys) == 200
    assert all(re.fullmatch(r"[0-9a-z]{32}", key or "") for key in keys)  # 32 of 36 letters: 165 bits


def test_opening_pages_signs_nobody_in() -> None:
    client = Client()
    for path in ("/", SIGN_IN, "/cua-toi/", "/tra-cuu/"):
        client.get(path)
        assert not _is_in(client)


def test_every_page_of_a_signed_in_person_has_the_way_out(cast: Cast) -> None:
    client = Client()
    client.force_login(Account.objects.get(pk=cast.lan.account_id or 0))
    for path in ("/", "/cua-toi/", "/tim/?q=khai+sinh"):
        assert SIGN_OUT in client.get(path).content.decode(), path


def test_cookies_of_a_site_in_service_are_closed() -> None:
    assert in_service.SESSION_COOKIE_HTTPONLY
    assert in_service.CSRF_COOKIE_HTTPONLY
    assert in_service.SESSION_COOKIE_SAMESITE in ("Lax", "Strict")
    assert in_service.SESSION_COOKIE_AGE <= 12 * 60 * 60
