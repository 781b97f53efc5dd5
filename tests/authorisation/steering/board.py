"""Who gets what of the board, the office's own desk and the public page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.authorisation.world import AT_THE_DESK, NINE
from tinhso.plans.models import BudgetLine, History, Inspection, Plan, Reminder, Task

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]
_READ = ("GET", "HEAD")

METHODS: dict[str, tuple[str, ...]] = {
    "plans:board": _READ,
    "plans:desk": _READ,
    "plans:progress": _READ,
    "plans:progress_json": _READ,
}
ADDRESSES: dict[tuple[str, str], Address] = {}
CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {}
#: What changed on a record of the bureau, and what it was reminded of: by the bureau and by those who oversee.
READERS: dict[str, tuple[str, ...]] = {
    **{
        f"plans.History.{field}": ("steerers", "doers")
        for field in ("what", "before", "after", "reason", "by_name")
    },
    "plans.Reminder.text": ("steerers", "doers"),
}
NOT_PLANTED: dict[str, str] = {
    "plans.History.about": "a code of the software's own",
    "plans.Reminder.about": "a code of the software's own",
    "plans.Reminder.kind": "a code of the software's own",
    "plans.Reminder.level": "a code of the software's own",
}
WRITTEN_ONCE: tuple[str, ...] = ("plans.History", "plans.Reminder")


def add(world: World) -> None:
    """Make the rows that the questions are about: the other parts did."""


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write a change and a reminder on every record of the bureau in which no other office takes part."""
    bureau = world.offices["bureau"]
    records: list[Any] = [
        *Plan.objects.filter(office=bureau).exclude(state="issued").filter(requests=None),
        *Task.objects.filter(lead=bureau, partners=None),
        *BudgetLine.objects.filter(office=bureau),
        *Inspection.objects.filter(office=bureau).exclude(lead=world.offices["other"]),
    ]
    for record in records:
        words = {
            field: word(f"plans.History.{field}")
            for field in ("what", "before", "after", "reason", "by_name")
        }
        History.objects.create(about=record.about, at=NINE, **words)
        Reminder.objects.create(
            about=record.about, kind="task", office=bureau, text=word("plans.Reminder.text"), at=NINE
        )


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import ALL_SIGN_IN, PAGE, Line, open_to_all, these  # noqa: PLC0415 - it asks us

    return (
        *(
            Line(f"plans:{page}", "GET", {**ALL_SIGN_IN, **these(AT_THE_DESK, PAGE)})
            for page in ("board", "desk")
        ),
        open_to_all("plans:progress"),
        open_to_all("plans:progress_json"),
    )
