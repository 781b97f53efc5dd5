"""Who gets what of data protection: everybody one's own data; clerks the corrections of their commune; holds few."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tinhso.directory.api import DataRequest, LegalHold

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]
_READ, _POST, _BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
_ASKED, _HELD = "Trần Thị Lan Anh", "15/QĐ-TTr thử"
#: Pages of the register and of what was erased.
_SHOWN = ("protection", "protection_csv", "protection_json", "protection_erased")


def _request(world: World, state: str) -> tuple[list[Any], str]:
    return [DataRequest.objects.get(wanted=_ASKED).pk], ""


def _hold(world: World, state: str) -> tuple[list[Any], str]:
    return [LegalHold.objects.get(decision=_HELD).pk], ""


def _none(world: World, state: str) -> tuple[list[Any], str]:
    return [9_999_999], ""


METHODS: dict[str, tuple[str, ...]] = {
    "portal:my_data": _READ,
    "portal:my_data_file": _READ,
    "portal:my_data_correct": _BOTH,
    "portal:my_data_withdraw": _POST,
    **{f"portal:{name}": _READ for name in _SHOWN},
    "portal:protection_holds": _BOTH,
    "portal:protection_lift": _BOTH,
    "portal:protection_requests": _READ,
    "portal:protection_answer": _BOTH,
}
ADDRESSES: dict[tuple[str, str], Address] = {
    **{("portal:my_data_withdraw", case): _request for case in ("", "pressed")},
    ("portal:my_data_withdraw", "no such one"): _none,
    **{("portal:protection_lift", case): _hold for case in ("", "pressed", "nothing typed")},
    ("portal:protection_lift", "no such one"): _none,
    **{("portal:protection_answer", case): _request for case in ("", "pressed", "nothing typed")},
    ("portal:protection_answer", "no such one"): _none,
}


def _correction(world: World, state: str) -> dict[str, Any]:
    here = world.offices["here"].pk
    return {"field": "address", "wanted": "Thôn Mới Thử", "said": "Chuyển nhà", "office": here}


CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("portal:my_data_correct", "pressed"): _correction,
    ("portal:protection_holds", "pressed"): lambda world, state: {
        "kind": "dossier",
        "code": world.dossiers["issued"].tracking_code,
        "decision": "16/QĐ-TTr thử",
        "reason": "Khiếu nại",
    },
    ("portal:protection_lift", "pressed"): lambda world, state: {"decision": "20/QĐ-TTr thử"},
    ("portal:protection_answer", "pressed"): lambda world, state: {"done": "1", "answer_text": "Đã so."},
}
#: Whoever asked, the counter of the commune that was asked, administrators.
_OF_THE_ASKED = ("self", "workers", "house")
_PROTECTORS = ("workers", "house")
READERS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (f"directory.DataRequest.{name}" for name in ("wanted", "said", "answer_text")), _OF_THE_ASKED
    ),
    # What stood there before is kept for the history, and shown nowhere.
    "directory.DataRequest.before": (),
    **dict.fromkeys(
        (f"directory.LegalHold.{name}" for name in ("decision", "reason", "lift_decision")), _PROTECTORS
    ),
}
_CODE = "a code of the software's own, not a word of anybody's"
NOT_PLANTED: dict[str, str] = {
    "directory.Look.about": _CODE,
    "directory.Look.role": _CODE,
    "directory.LegalHold.about": _CODE,
    "directory.DataRequest.field": _CODE,
    "directory.DataRequest.answer": _CODE,
    **{f"directory.Erasure.{name}": _CODE for name in ("run", "rule", "table", "how")},
    "directory.Erasure.keys_hash": "a hash",
}
WRITTEN_ONCE: tuple[str, ...] = ("directory.DataRequest", "directory.LegalHold")


def add(world: World) -> None:
    """Let the owner have asked for a correction, and let one dossier be held."""
    from tests.authorisation.world import NINE  # noqa: PLC0415 - it asks us

    DataRequest.objects.create(
        person_id=world.actors["owner"].person_id or 0,
        office=world.offices["here"],
        field="name",
        wanted=_ASKED,
        said="Theo căn cước",
        asked_at=NINE,
    )
    LegalHold.objects.create(
        about=world.dossiers["rejected"].about, decision=_HELD, reason="Khiếu nại", set_at=NINE
    )


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write a correction that waits, one that was refused, a hold and one that was lifted, a word in each text."""
    from tests.authorisation.world import NINE, NOON  # noqa: PLC0415 - it asks us

    asked = {
        "person_id": world.actors["owner"].person_id or 0,
        "office": world.offices["here"],
        "wanted": word("directory.DataRequest.wanted"),
        "said": word("directory.DataRequest.said"),
        "asked_at": NINE,
    }
    DataRequest.objects.create(field="birth_date", **asked)
    DataRequest.objects.create(
        field="address",
        answer="refused",
        answer_text=word("directory.DataRequest.answer_text"),
        before=word("directory.DataRequest.before"),
        answered_by_id=world.actors["clerk"].account_id,
        answered_at=NOON,
        **asked,
    )
    held = {
        "decision": word("directory.LegalHold.decision"),
        "reason": word("directory.LegalHold.reason"),
        "set_at": NINE,
    }
    LegalHold.objects.create(about=world.dossiers["issued"].about, **held)
    LegalHold.objects.create(
        about=world.dossiers["paused"].about,
        lifted_at=NOON,
        lift_decision=word("directory.LegalHold.lift_decision"),
        **held,
    )


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import (  # noqa: PLC0415 - it asks us
        ALL_SIGN_IN,
        DONE,
        PAGE,
        TOLD,
        Line,
        these,
    )

    def protector(outcome: str) -> dict[str, Any]:
        return {**ALL_SIGN_IN, **these(("inspector", "administrator"), outcome)}

    def answerer(outcome: str) -> dict[str, Any]:
        return {**ALL_SIGN_IN, **these(("clerk", "second_clerk", "administrator"), outcome)}

    counters = ("clerk", "second_clerk", "clerk_elsewhere", "clerk_asked", "administrator")
    return (
        Line("portal:my_data", "GET", ALL_SIGN_IN, PAGE),
        Line("portal:my_data_file", "GET", ALL_SIGN_IN, PAGE),
        Line("portal:my_data_correct", "GET", ALL_SIGN_IN, PAGE),
        Line("portal:my_data_correct", "POST", ALL_SIGN_IN, TOLD, case="nothing typed"),
        Line("portal:my_data_correct", "POST", ALL_SIGN_IN, DONE, case="pressed"),
        Line("portal:my_data_withdraw", "POST", {**ALL_SIGN_IN, "owner": DONE}, case="pressed"),
        Line("portal:my_data_withdraw", "POST", ALL_SIGN_IN, case="no such one"),
        *(Line(f"portal:{name}", "GET", protector(PAGE)) for name in _SHOWN),
        Line("portal:protection_holds", "GET", protector(PAGE)),
        Line("portal:protection_holds", "POST", protector(TOLD), case="nothing typed"),
        Line("portal:protection_holds", "POST", protector(DONE), case="pressed"),
        Line("portal:protection_lift", "GET", protector(PAGE)),
        Line("portal:protection_lift", "GET", ALL_SIGN_IN, case="no such one"),
        Line("portal:protection_lift", "POST", protector(TOLD), case="nothing typed"),
        Line("portal:protection_lift", "POST", protector(DONE), case="pressed"),
        Line("portal:protection_requests", "GET", {**ALL_SIGN_IN, **these(counters, PAGE)}),
        Line("portal:protection_answer", "GET", answerer(PAGE)),
        Line("portal:protection_answer", "GET", ALL_SIGN_IN, case="no such one"),
        Line("portal:protection_answer", "POST", answerer(TOLD), case="nothing typed"),
        Line("portal:protection_answer", "POST", answerer(DONE), case="pressed"),
    )
