"""Who gets what of the running of the house: the working calendar, what is administered and its history, access."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tinhso.directory.api import Change, Invitation, OpenSession, SignInTried
from tinhso.toolkit.clock import VN

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]
BOTH = ("GET", "HEAD", "POST")
METHODS: dict[str, tuple[str, ...]] = {"dossiers:calendar": BOTH}
ADDRESSES: dict[tuple[str, str], Address] = {
    ("dossiers:calendar", "a day found wrong"): lambda w, s: ([], "?nam=2022&rut=2022-09-01"),
}
_DAY = {"kind": "lễ", "work": "", "wrong": "", "decision": "12/QĐ-UBND", "reason": "Nghỉ vì bão"}
CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("dossiers:calendar", "looked at first"): lambda w, s: {**_DAY, "rest": "15/09/2022"},
    ("dossiers:calendar", "pressed"): lambda w, s: {**_DAY, "rest": "15/09/2022", "viec": "doi"},
}
_HOUSE = ("house",)
#: Words of changes are read by administrators; whose session it is and where somebody signed in, by nobody yet.
READERS: dict[str, tuple[str, ...]] = {
    **{
        f"directory.Change.{field}": _HOUSE
        for field in ("what", "before", "after", "reason", "by_name", "for_name")
    },
    "directory.Invitation.reason": (),
    "directory.OpenSession.session_key": (),
    "directory.OpenSession.device": (),
    "directory.OpenSession.ended_why": (),
    "directory.SignInTried.device": (),
    "directory.Person.died_source": (),
}
_CODE = "a code of the software's own, not a word of anybody's"
NOT_PLANTED: dict[str, str] = {
    "directory.Change.about": _CODE,
    "directory.Invitation.purpose": _CODE,
    "directory.Invitation.code_hash": "a hash",
    "directory.SignInTried.outcome": _CODE,
}
WRITTEN_ONCE: tuple[str, ...] = (
    *("directory.Change", "directory.Invitation", "directory.OpenSession", "directory.SignInTried"),
)


def add(world: World) -> None:
    """Make no rows: the questions need none."""


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write a change of the calendar, a code, a session and a try to sign in, a word in each text."""
    from tests.authorisation.world import NINE, NOON  # noqa: PLC0415 - it asks us

    account = world.actors["clerk"].account_id or 0
    fields = ("what", "before", "after", "reason", "by_name", "for_name")
    Change.objects.create(
        about="calendar", at=NINE, **{name: word(f"directory.Change.{name}") for name in fields}
    )
    Invitation.objects.create(
        account_id=account,
        purpose="password",
        code_hash="0" * 64,
        reason=word("directory.Invitation.reason"),
        created_at=NINE.astimezone(VN),
        expires_at=NOON,
    )
    OpenSession.objects.create(
        account_id=account,
        session_key=word("directory.OpenSession.session_key"),
        device=word("directory.OpenSession.device"),
        began_at=NINE,
        seen_at=NINE,
    )
    OpenSession.objects.create(
        account_id=account,
        ended_why=word("directory.OpenSession.ended_why"),
        began_at=NINE,
        seen_at=NINE,
        ended_at=NOON,
    )
    SignInTried.objects.create(
        account_id=account, at=NINE, outcome="signed_in", device=word("directory.SignInTried.device")
    )


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import ALL_SIGN_IN, DONE, NOT_THERE, PAGE, TOLD, Line  # noqa: PLC0415 - it asks us

    def calendar(method: str, outcome: str, case: str = "") -> Line:
        return Line("dossiers:calendar", method, {**ALL_SIGN_IN, "administrator": outcome}, NOT_THERE, case)

    return (
        calendar("GET", PAGE),
        calendar("GET", PAGE, "a day found wrong"),
        calendar("POST", TOLD, "nothing typed"),
        calendar("POST", PAGE, "looked at first"),
        calendar("POST", DONE, "pressed"),
    )
