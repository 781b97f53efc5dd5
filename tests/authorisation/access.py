"""Who gets what of access: where strangers begin, one's own sessions and factors, and what administrators repair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.models import Session
from django.utils import timezone

from tinhso.directory.api import Account, Invitation, OpenSession, Person
from tinhso.directory.services.repair_second_factor import ask_second_factor, start_second_factor
from tinhso.toolkit.clock import VN

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]
NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
READ, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
METHODS: dict[str, tuple[str, ...]] = {
    **{
        f"account_{name}": BOTH
        for name in (
            *("activate", "forgotten", "reset", "lost_factor", "new_factor", "recovery", "prove", "session"),
            *("contact", "password", "passkey", "app", "closed", "close"),
        )
    },
    "mfa_login_webauthn": BOTH,
    "account_security": READ,
    **{
        f"account_{name}": POST
        for name in ("end_session", "end_others", "remove_factor", "rename_factor", "recovery_codes")
    },
    "directory:access_requests": READ,
    "directory:access_person": READ,
    "directory:record_death": BOTH,
    **{f"directory:access_{name}": POST for name in ("confirm", "refuse", "end", "start", "password")},
}
#: Whose session the questions are about.
KEY = "access-of-the-clerk"


def _clerk(world: World) -> int:
    return world.actors["clerk"].account_id or 0


def _session(world: World, state: str) -> tuple[list[Any], str]:
    return [OpenSession.objects.get(session_key=KEY).pk], ""


def _request(world: World, state: str) -> tuple[list[Any], str]:
    return [Invitation.objects.get(account=_clerk(world), purpose="second_factor").pk], ""


def _person(world: World, state: str) -> tuple[list[Any], str]:
    return [world.actors["clerk"].person_id], ""


def _other(world: World, state: str) -> tuple[list[Any], str]:
    return [world.actors["clerk_elsewhere"].person_id], ""


def _none(world: World, state: str) -> tuple[list[Any], str]:
    return [999_999_999], ""


_NUMBERED = ("end_session", "remove_factor", "rename_factor")
ADDRESSES: dict[tuple[str, str], Address] = {
    ("account_end_session", ""): _session,
    ("account_remove_factor", ""): _none,
    ("account_rename_factor", ""): _none,
    ("directory:access_person", ""): _person,
    ("directory:access_start", ""): _other,
    ("directory:access_password", ""): _other,
    ("directory:access_confirm", ""): _request,
    ("directory:access_refuse", ""): _request,
    ("directory:access_end", ""): _session,
    **{
        (f"directory:access_{name}", "no such one"): _none
        for name in ("person", "start", "password", "confirm", "refuse", "end")
    },
}
_WHY = {"reason": "Gặp mặt"}
CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    **{
        (f"directory:access_{name}", "with a reason"): lambda w, s: _WHY
        for name in ("start", "password", "refuse")
    },
    ("account_close", "for sure"): lambda w, s: {"sure": "1"},
    ("account_contact", "an address"): lambda w, s: {"kind": "email", "value": "moi@vidu.vn"},
    ("directory:record_death", "looked at first"): lambda w, s: {
        "identity": "0000",
        "died_on": "01/05/2022",
        "paper": "1/2022",
    },
}
READERS: dict[str, tuple[str, ...]] = {
    "directory.Invitation.reason": ("house",),
    "directory.OpenSession.device": ("self", "house"),
    "directory.SignInTried.device": ("self", "house"),
}
NOT_PLANTED: dict[str, str] = {"directory.SignInPace.key": "a hash"}
WRITTEN_ONCE: tuple[str, ...] = ("directory.SignInPace",)


def add(world: World) -> None:
    """Let the clerk of the commune sit at a session and wait for a new factor that another administrator started."""
    now, account = timezone.now(), _clerk(world)
    Session.objects.create(session_key=KEY, session_data="", expire_date=now + dt.timedelta(hours=1))
    OpenSession.objects.create(account_id=account, session_key=KEY, began_at=now, seen_at=now)
    ask_second_factor(account=account, reason="", at=NINE, real_at=now)
    owner = Account.objects.get(pk=account)
    owner.set_password("mot cau dai")
    owner.save(update_fields=["password"])
    elsewhere = Account.objects.get(pk=world.actors["clerk_elsewhere"].account_id or 0)
    elsewhere.set_password("mot cau dai")
    elsewhere.save(update_fields=["password"])
    start_second_factor(
        by=world.actors["administrator"], at=NINE, real_at=now, person=owner.person_id, reason="Gặp mặt"
    )
    Invitation.objects.filter(account=account).update(created_by=world.actors["inspector"].account_id)
    assert Person.objects.filter(account=account).exists()


def plant(world: World, word: Callable[[str], str]) -> None:
    """Plant nothing: the other parts write codes, sessions and tries."""


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import (  # noqa: PLC0415 - it asks us
        ALL_SIGN_IN,
        DONE,
        FORBIDDEN,
        LEADS_ON,
        NOT_THERE,
        NOTHING,
        PAGE,
        SIGN_IN,
        TOLD,
        Line,
        open_to_all,
        these,
    )
    from tests.authorisation.world import CITIZENS, OUTSIDE  # noqa: PLC0415 - it asks us

    def house(name: str, method: str, outcome: str, case: str = "") -> Line:
        roles = {**ALL_SIGN_IN, **these(("administrator",), outcome)}
        return Line(f"directory:access_{name}", method, roles, NOT_THERE, case)

    def strangers(name: str, method: str, outcome: str, case: str = "") -> Line:
        return Line(f"account_{name}", method, these(OUTSIDE, outcome), LEADS_ON, case)

    def own(name: str, method: str, outcome: str, case: str = "") -> Line:
        return Line(f"account_{name}", method, ALL_SIGN_IN, outcome, case)

    def deaths(method: str, outcome: str, case: str = "") -> Line:
        roles = {**ALL_SIGN_IN, **these(("administrator", "specialist", "specialist_elsewhere"), outcome)}
        return Line("directory:record_death", method, roles, NOT_THERE, case)

    begin = ("activate", "reset", "new_factor")
    told = ("contact", "password", "passkey", "app", "close", "prove")
    citizens = these(CITIZENS, DONE)
    return (
        *(strangers(name, "GET", PAGE) for name in begin),
        *(strangers(name, "POST", TOLD, "nothing typed") for name in begin),
        *(open_to_all(f"account_{name}") for name in ("forgotten", "lost_factor")),
        open_to_all("account_forgotten", "POST", "nothing typed"),
        Line("account_lost_factor", "POST", {}, TOLD, "nothing typed"),
        open_to_all("mfa_login_webauthn"),
        Line("mfa_login_webauthn", "POST", {}, SIGN_IN, "nothing typed"),
        *(Line("account_closed", method, {}, SIGN_IN) for method in ("GET", "POST")),
        *(own("recovery", method, LEADS_ON) for method in ("GET", "POST")),
        *(Line("account_session", method, these(OUTSIDE, FORBIDDEN), PAGE) for method in ("GET", "POST")),
        *(own(name, "GET", PAGE) for name in (*told, "security")),
        *(own(name, "POST", TOLD, "nothing typed") for name in told),
        own("contact", "POST", DONE, "an address"),
        Line("account_close", "POST", {**ALL_SIGN_IN, **citizens}, TOLD, "for sure"),
        Line("account_end_session", "POST", {**ALL_SIGN_IN, "clerk": DONE}, NOT_THERE),
        Line("account_end_others", "POST", {**ALL_SIGN_IN}, NOTHING),
        *(own(name, "POST", NOT_THERE) for name in ("remove_factor", "rename_factor")),
        Line("account_recovery_codes", "POST", {**ALL_SIGN_IN, **these(CITIZENS, NOTHING)}, DONE),
        house("requests", "GET", PAGE),
        house("person", "GET", PAGE),
        *(house(name, "POST", TOLD, "nothing typed") for name in ("start", "password", "refuse")),
        house("start", "POST", DONE, "with a reason"),
        house("password", "POST", DONE, "with a reason"),
        house("refuse", "POST", DONE, "with a reason"),
        house("confirm", "POST", DONE),
        house("end", "POST", DONE),
        *(
            house(name, "GET" if name == "person" else "POST", NOT_THERE, "no such one")
            for name in ("person", "start", "password", "confirm", "refuse", "end")
        ),
        deaths("GET", PAGE),
        deaths("POST", TOLD, "nothing typed"),
        deaths("POST", TOLD, "looked at first"),
    )
