"""What bodies declared in the small province, and what is sent to the pages of the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tests.authorisation.world import NINE, World
from tinhso.measures.models import Declaration, DeclarationAnswer

#: The rows of these are changed by nobody.
WRITTEN_ONCE = ("measures.Declaration", "measures.DeclarationAnswer")
_SINCE = dt.date(2022, 4, 1)


def add_declarations(world: World) -> None:
    """Let one line be confirmed and one wait for the second person."""
    answer = {"answered_by_id": world.actors["figures_approver"].account_id, "answered_at": NINE}
    line = _enter(world, "here", "one_stop", "45/BC-UBND")
    DeclarationAnswer.objects.create(declaration=line, outcome="confirmed", **answer)
    _enter(world, "here", "signatures", "46/BC-UBND")


def write(world: World, word: Callable[[str], str]) -> None:
    """Return one line with a reason and let another wait, with a word for each text."""
    answer = {"answered_by_id": world.actors["figures_approver"].account_id, "answered_at": NINE}
    line = _enter(world, "here", "interlinked", word("measures.Declaration.decision_number"))
    note = word("measures.DeclarationAnswer.note")
    DeclarationAnswer.objects.create(declaration=line, outcome="returned", note=note, **answer)
    _enter(world, "elsewhere", "interlinked", word("measures.Declaration.decision_number"))


def _enter(world: World, where: str, system: str, number: str) -> Declaration:
    return Declaration.objects.create(
        office=world.offices[where],
        system=system,
        status="runs",
        valid_from=_SINCE,
        decision_number=number,
        decision_date=_SINCE,
        entered_by_id=world.actors["statistician"].account_id,
        entered_at=NINE,
    )


def waiting_line(world: World, state: str) -> tuple[list[Any], str]:
    """Return the address of the line that waits."""
    return [_waiting().pk], ""


def _waiting() -> Declaration:
    return Declaration.objects.get(decision_number="46/BC-UBND")


def _line(system: str) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, state: {
        "office": world.offices["here"].pk,
        "system": system,
        "status": "runs_not",
        "since": "01/05/2022",
        "number": "47/BC-UBND",
        "date": "04/05/2022",
        "replaces": _waiting().pk if system == "signatures" else "",
    }


#: What is sent, by address and case.
CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("measures:declare", "one that stands"): _line("one_stop"),
    ("measures:declare", "in place of one"): _line("signatures"),
    ("measures:declaration", "confirmed"): lambda w, s: {"outcome": "confirmed"},
    ("measures:declaration", "returned"): lambda w, s: {"outcome": "returned", "note": "Sai số văn bản."},
    ("measures:declaration", "returned without a reason"): lambda w, s: {"outcome": "returned", "note": ""},
    ("measures:declaration", "no such one"): lambda w, s: {"outcome": "confirmed"},
}
