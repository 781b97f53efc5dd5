"""Where a request comes from: the address, and whether an account is known on this device.

A device carries one signed cookie: a random name, and a mark of each account that signed in on it. A mark is made of
the account's stored password, so a new password makes every device unknown. It opens nothing: it only spares its
owner the waiting that strangers cause, and the notice of a new device.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from tinhso.directory.models import Account
from tinhso.directory.queries.access import access_rules, device_words

COOKIE: Final = "may"
_SALT: Final = "tinhso.device"
#: Accounts that one device remembers: a counter's computer serves a shift or two.
_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Where a try comes from: the network address, and the device where this account is known on it."""

    address: str
    device: str = ""

    @property
    def is_known(self) -> bool:
        """Say whether the account signed in on this device before."""
        return bool(self.device)

    @property
    def ref(self) -> str:
        """Return what tells this place from others."""
        return f"device:{self.device}" if self.device else f"address:{self.address}"


def address_of(meta: Mapping[str, Any]) -> str:
    """Return the network address of a request; the proxy on this machine is believed, nobody else. "" for none."""
    address, said = str(meta.get("REMOTE_ADDR", "")), str(meta.get("HTTP_X_FORWARDED_FOR", ""))
    last = said.rpartition(",")[2].strip()
    try:
        own = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if not last or not own.is_loopback:
        return str(own)
    try:
        return str(ipaddress.ip_address(last))
    except ValueError:
        return str(own)


def device_of(request: HttpRequest) -> str:
    """Return what people call the device of a request."""
    return device_words(request.headers.get("User-Agent", ""))


def place_of(request: HttpRequest, account: Account | None) -> Place:
    """Return where a try at an account comes from."""
    address = address_of(request.META)
    told = _told(request)
    if account is not None and _mark(account) in told["a"]:
        return Place(address, told["d"])
    return Place(address)


def remember_device(
    request: HttpRequest, response: HttpResponse, account: Account, *, today: dt.date
) -> None:
    """Let the device remember the account that just signed in on it."""
    told = _told(request)
    marks = [_mark(account), *(mark for mark in told["a"] if mark != _mark(account))][:_MOST]
    value = signing.dumps({"d": told["d"] or secrets.token_hex(8), "a": marks}, salt=_SALT)
    days = access_rules(today)["device_days"]
    response.set_cookie(
        COOKIE, value, max_age=days * 86_400, httponly=True, secure=request.is_secure(), samesite="Lax"
    )


def _told(request: HttpRequest) -> dict[str, Any]:
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=366 * 86_400)
    except signing.BadSignature:
        return {"d": "", "a": []}
    return dict(told)


def _mark(account: Account) -> str:
    mark: str = salted_hmac(_SALT, f"{account.pk}|{account.password}", algorithm="sha256").hexdigest()
    return mark[:32]
