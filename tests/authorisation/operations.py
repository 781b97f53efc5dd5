"""Who gets what of the operations screen: an administrator of the whole province, and nobody else; health checks: everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tinhso.journal.models import Delivery, Entry
from tinhso.messages.models import Outgoing

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]
_READ, _POST = ("GET", "HEAD"), ("POST",)
_PAGES = ("", "_jobs", "_post", "_database", "_errors", "_backups", "_versions")
_ACTS = ("retry", "drop", "send")
#: The rows of the questions.
_LISTENER, _ADDRESS = "authorisation.dead", "khong-toi@thu.example"
METHODS: dict[str, tuple[str, ...]] = {
    "livez": _READ,
    "readyz": _READ,
    **{f"portal:operations{page}": _READ for page in _PAGES},
    "portal:operations_book": _READ,
    **{f"portal:operations_{act}": _POST for act in _ACTS},
}


def _dead(world: World, state: str) -> tuple[list[Any], str]:
    return [Delivery.objects.get(listener=_LISTENER).pk], ""


def _given_up(world: World, state: str) -> tuple[list[Any], str]:
    return [Outgoing.objects.get(address=_ADDRESS).pk], ""


def _none(world: World, state: str) -> tuple[list[Any], str]:
    return [999_999_999], ""


ADDRESSES: dict[tuple[str, str], Address] = {
    ("portal:operations_book", ""): lambda world, state: (["jobs-dead"], ""),
    ("portal:operations_book", "no such one"): lambda world, state: (["khong-co"], ""),
    **{("portal:operations_" + act, case): _dead for act in ("retry", "drop") for case in ("", "no reason")},
    **{("portal:operations_send", case): _given_up for case in ("", "no reason")},
    **{("portal:operations_" + act, "no such one"): _none for act in _ACTS},
}


def _sent(reason: str) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, state: {"ly_do": reason}


_REASONS = {"retry": "mended", "drop": "no_need", "send": "mended"}
CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    (f"portal:operations_{act}", case): _sent(reason)
    for act, reason in _REASONS.items()
    for case in ("", "no such one")
} | {(f"portal:operations_{act}", "no reason"): _sent("khac") for act in _REASONS}
READERS: dict[str, tuple[str, ...]] = {}
NOT_PLANTED: dict[str, str] = {}
WRITTEN_ONCE: tuple[str, ...] = ()


def add(world: World) -> None:
    """Let one delivery be dead and one letter be given up."""
    from tests.authorisation.world import NINE  # noqa: PLC0415 - it asks us

    entry = Entry.objects.order_by("pk").first()
    assert entry is not None, "something has happened in the world by now"
    Delivery.objects.create(
        entry=entry, listener=_LISTENER, attempts=8, next_try_at=None, last_error="ValueError: x"
    )
    Outgoing.objects.create(
        channel="email",
        address=_ADDRESS,
        subject="x",
        text="x",
        created_at=NINE,
        try_after=NINE,
        attempts=5,
        last_error="SMTPConnectError",
    )


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write no more: the tables are planted with the others."""


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import (  # noqa: PLC0415 - it asks us
        ALL_SIGN_IN,
        DONE,
        NOTHING,
        PAGE,
        Line,
        open_to_all,
    )

    def keeper(outcome: str) -> dict[str, Any]:
        return {**ALL_SIGN_IN, "administrator": outcome}

    return (
        open_to_all("livez"),
        Line("readyz", "GET", {}, "503"),  # no sealer runs beside the tests
        *(Line(f"portal:operations{page}", "GET", keeper(PAGE)) for page in _PAGES),
        Line("portal:operations_book", "GET", keeper(PAGE)),
        Line("portal:operations_book", "GET", ALL_SIGN_IN, case="no such one"),
        *(Line(f"portal:operations_{act}", "POST", keeper(DONE)) for act in _ACTS),
        *(Line(f"portal:operations_{act}", "POST", keeper(NOTHING), case="no reason") for act in _ACTS),
        *(Line(f"portal:operations_{act}", "POST", ALL_SIGN_IN, case="no such one") for act in _ACTS),
    )
