"""How people get in, as data and as pages see it: the rules, sessions, tries, requests for a new second factor."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from django.contrib.sessions.models import Session
from django.db.models import Q

from tinhso.directory.models import Account, Invitation, OpenSession, Post, SignInTried
from tinhso.directory.permissions import INVITATIONS, MayInvitation
from tinhso.directory.rules import Actor, Purpose

_DATA = files("tinhso.directory").joinpath("data")
#: What a browser calls itself → what people call it, the first that fits.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "trình duyệt Samsung"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "điện thoại Android"),
    ("Windows", "máy Windows"),
    ("Mac OS", "máy Mac"),
    ("CrOS", "máy Chromebook"),
    ("Linux", "máy Linux"),
)
_SPACES: Final = re.compile(r"[\W_]+")


@cache
def _versions() -> tuple[dict[str, Any], ...]:
    told = json.loads(_DATA.joinpath("access_2022.json").read_text(encoding="utf-8"))
    return tuple(told["versions"])


@cache
def access_rules(on: dt.date) -> dict[str, Any]:
    """Return the rules of a day: lives of codes (minutes), sessions (seconds), pace of tries, passwords."""
    day = on.isoformat()
    return next(
        one
        for one in _versions()
        if one["effective_from"] <= day and (one["effective_to"] is None or day <= one["effective_to"])
    )


@cache
def common_passwords() -> frozenset[str]:
    """Return passwords that many people here choose, small letters without signs."""
    text = _DATA.joinpath("common_passwords_vi.txt").read_text(encoding="utf-8")
    return frozenset(plain(line) for line in text.splitlines() if line.strip())


def plain(password: str) -> str:
    """Return a password as a guesser would try it: small letters, signs and spaces left out."""
    return _SPACES.sub("", password.lower())


def device_words(agent: str) -> str:
    """Return what people call the device behind a user agent: "Chrome trên máy Windows"."""
    browser = next((word for mark, word in _BROWSERS if mark in agent), "")
    system = next((word for mark, word in _SYSTEMS if mark in agent), "")
    return " trên ".join(filter(None, (browser, system)))[:200]


def needs_second_factor(account: Account, day: dt.date) -> bool:
    """Say whether the account is an officer's: somebody who holds or will hold a post."""
    rows = Post.objects.filter(person=account.person_id)
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day)).exists()


def usable(purpose: Purpose, real_at: dt.datetime) -> Q:
    """Keep codes that still work; one that repairs a lost second factor has two administrators behind it."""
    rows = Q(purpose=purpose, used_at=None, withdrawn_at=None, expires_at__gt=real_at)
    rows &= Q(attempts__lt=access_rules(real_at.date())["codes"]["tries"])
    if purpose is Purpose.SECOND_FACTOR:
        rows &= Q(confirmed_by__isnull=False, created_by__isnull=False)
    return rows


def code_is(row: Invitation, code: str) -> bool:
    """Say whether this is the row's code, however it was typed."""
    tidy = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(tidy.encode()).hexdigest() == row.code_hash


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session that goes on; ``is_this``: the one that asks. ``ends_at``: when it ends if nothing is done."""

    row: OpenSession
    ends_at: dt.datetime
    is_this: bool


def live_sessions(account_id: int, real_at: dt.datetime, this: str = "") -> list[LiveSession]:
    """Return an account's sessions that go on, this one first, then the latest seen."""
    rows = OpenSession.objects.filter(account=account_id, ended_at=None).order_by("-seen_at", "-id")
    found = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=real_at)
    ends = dict(found.values_list("session_key", "expire_date"))
    live = [
        LiveSession(row, ends[row.session_key], bool(this) and row.session_key == this)
        for row in rows
        if row.session_key in ends
    ]
    return sorted(live, key=lambda one: not one.is_this)


def sign_ins(account_id: int, limit: int = 30) -> list[SignInTried]:
    """Return the latest tries to sign in at an account."""
    return list(SignInTried.objects.filter(account=account_id).order_by("-at", "-id")[:limit])


def waiting_requests(by: Actor, real_at: dt.datetime) -> list[Invitation]:
    """Return the requests for a new second factor that the actor may see and that are not settled, the oldest first."""
    rows = INVITATIONS.rows(by, MayInvitation.READ).filter(
        purpose=Purpose.SECOND_FACTOR, used_at=None, withdrawn_at=None, expires_at__gt=real_at
    )
    return list(
        rows.select_related("account__person", "created_by__person", "confirmed_by__person").order_by(
            "created_at", "id"
        )
    )
