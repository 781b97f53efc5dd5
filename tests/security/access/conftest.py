"""People with real passwords and second factors, and a clock for codes."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from tinhso.directory.models import Account
from tinhso.directory.rules import Actor, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_cast

PASSWORD = "một câu dài chỉ mình tôi nhớ"
#: What `make_cast` gives every officer.
SECRET = "A" * 32
SIGN_IN, CODE, SIGN_OUT = "/tai-khoan/login/", "/tai-khoan/2fa/authenticate/", "/tai-khoan/logout/"
DESK = "/mot-cua/"


def code_at(moment: float | None = None, secret: str = SECRET) -> str:
    """Return the app's code of a moment, now where none is given."""
    return str(format_hotp_value(hotp_value(secret, int((moment or time.time()) // 30))))


def wrong_code(secret: str = SECRET) -> str:
    """Return six digits that are no code of these minutes."""
    near = {code_at(time.time() + step * 30, secret) for step in range(-3, 4)}
    return next(f"{n:06d}" for n in range(20) if f"{n:06d}" not in near)


@dataclass
class Visitor:
    """A browser of its own address."""

    address: str = "203.0.113.7"
    client: Client = field(default_factory=Client)

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, REMOTE_ADDR=self.address, **more)

    def post(self, path: str, fields: dict[str, Any] | None = None, **more: Any) -> Any:
        return self.client.post(path, fields or {}, REMOTE_ADDR=self.address, **more)

    def password(self, username: str, password: str = PASSWORD, **fields: Any) -> Any:
        return self.post(SIGN_IN, {"login": username, "password": password, **fields})

    def code(self, code: str = "") -> Any:
        return self.post(CODE, {"code": code or code_at()})

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.password(username, password)
        self.code()

    @property
    def is_in(self) -> bool:
        return bool(self.get("/tai-khoan/bao-mat/").status_code == 200)

    @property
    def works(self) -> bool:
        """Say whether an officer's desk opens."""
        return bool(self.get(DESK).status_code == 200)

    @property
    def key(self) -> str:
        from django.conf import settings  # noqa: PLC0415 - the settings are not there at load

        cookie = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        return cookie.value if cookie else ""


@dataclass(frozen=True)
class House:
    """The cast with passwords, and two administrators of the province more."""

    cast: Cast
    admin: Actor
    second: Actor
    third: Actor

    def account(self, actor: Actor) -> Account:
        return Account.objects.select_related("person").get(pk=actor.account_id or 0)


@pytest.fixture
def house(db: None) -> House:
    cache.clear()
    cast = make_cast()
    province = (cast.commune.parent.parent if cast.commune.parent else None) or cast.commune
    second = make_actor("quan2", "Đinh Hai Nháp", (province, Role.ADMINISTRATOR, "Quản trị"))
    third = make_actor("quan3", "Đinh Ba Nháp", (province, Role.ADMINISTRATOR, "Quản trị"))
    for account in Account.objects.all():
        account.set_password(PASSWORD)
        account.save(update_fields=["password"])
    return House(cast, cast.quan, second, third)


def secret_of(account_id: int) -> str:
    return str(Authenticator.objects.get(user=account_id, type="totp").data["secret"])
