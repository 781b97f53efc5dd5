"""The periodic reports on procedures: their periods, and the counts of their columns. Pure.

Whatever the columns: received = new + carried over = settled + running; and by the other form = done + at work +
waiting + returned.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tinhso.measures.rules.classes import unpack
from tinhso.measures.rules.formulas import GROUPS, Formula, figure

#: Everything that a column may count.
COUNTS: Final = (
    *("whole", "received", "received_online", "received_other", "carried", "settled", "running", *GROUPS),
    *("done", "done_in_time", "done_late", "done_no_due", "at_work", "at_work_in_time", "at_work_late"),
    *("waiting", "returned"),
)
_RETURNED: Final = frozenset({"withdrawn", "rejected"})


@dataclass(frozen=True, slots=True)
class Cut:
    """On which days reports begin and end (NĐ 09/2019/NĐ-CP, article 12)."""

    version: str
    effective_from: dt.date
    first_day: int
    last_day: int
    source: str
    is_verified: bool

    def span(self, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
        """Return the days of a report about the months from one to another: from the month before the first."""
        before = (first.replace(day=1) - dt.timedelta(days=1)).replace(day=self.first_day)
        return before, last.replace(day=self.last_day)


@dataclass(frozen=True, slots=True)
class Head:
    """A head over columns, each with its own head and what it counts."""

    name: str
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One form. ``by``: field, office or catalogue; ``is_of_office``: may be asked of one office; ``formula``: its key."""

    key: str
    version: str
    name: str
    title: str
    number: str
    by: str
    is_of_office: bool
    formula: str
    heads: tuple[Head, ...]

    @property
    def counts(self) -> tuple[str, ...]:
        """Return what the columns count, in order."""
        return tuple(count for head in self.heads for _name, count in head.columns)


def forms_of(document: Mapping[str, Any]) -> dict[str, Form]:
    """Return the forms from their data, by key."""
    return {
        said["form"]: Form(
            key=said["form"],
            version=said["version"],
            name=said["name"],
            title=said["title"],
            number=said["number"],
            by=said["by"],
            is_of_office=said["of_office"],
            formula=said["formula"],
            heads=tuple(
                Head(head["head"], tuple((name, count) for name, count in head["columns"]))
                for head in said["columns"]
            ),
        )
        for said in document["forms"]
    }


def cut_of(document: Mapping[str, Any]) -> Cut:
    """Return the days of reports from their data."""
    said = document["periods"]
    return Cut(
        said["version"],
        dt.date.fromisoformat(said["effective_from"]),
        said["first_day"],
        said["last_day"],
        said["source"],
        said["is_verified"],
    )


def counts_of(received: Mapping[str, int], classes: Mapping[int, int], formula: Formula) -> Counter[str]:
    """Return every count of a report from what was received by channel and all cases of the period by class."""
    found: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))
    found.update(figure(formula, classes).groups)
    new, whole = sum(received.values()), sum(classes.values())
    found.update(
        {
            "whole": whole,
            "received": new,
            "received_online": received.get("online", 0),
            "received_other": new - received.get("online", 0),
            "carried": whole - new,
            "settled": sum(found[name] for name in ("early", "on_time", "late", "ended_otherwise")),
            "running": found["running_in_time"] + found["running_late"],
        }
    )
    for cls, n in classes.items():
        for name in _places(cls, formula):
            found[name] += n
    return found


def _places(cls: int, formula: Formula) -> Iterator[str]:
    """Yield the columns of form 07a that a case counts in."""
    one, outcome, group = unpack(cls), formula.outcomes[cls], formula.groups[cls]
    if one.how in _RETURNED:
        yield "returned"
    elif one.is_running and one.waits != "no":
        yield "waiting"
    elif one.is_running:
        yield "at_work"
        yield "at_work_late" if group == "running_late" else "at_work_in_time"
    else:
        yield "done"
        if group == "late":
            yield "done_late"
        else:
            yield "done_in_time" if outcome in formula.numerator else "done_no_due"
