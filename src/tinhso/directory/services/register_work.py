"""Let modules above say what work lies on desks and at offices, so that the directory imports none of them.

A desk is an office and a role. What is told of a piece of work is a number and a procedure, never a citizen's name:
administrators open no dossiers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from tinhso.directory.rules import Actor


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of running work. ``about``: its name in the journal; ``number``: as people know it; ``state``: in words.

    ``due_at`` None: no due moment. ``desk`` ("", 0): on nobody's desk at present, only on its way through the office.
    """

    about: str
    number: str
    title: str
    state: str
    due_at: dt.datetime | None
    office_id: int
    role: str


@dataclass(frozen=True, slots=True)
class Hangs:
    """What else hangs on an office: a finding and what to do about it; ``link`` "" where no page does it."""

    words: str
    advice: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class WorkSource:
    """What one module tells of its work, and how it moves with a closed office.

    ``on_desks``: running work on desks, given as (office, role). ``of_office``: all running work on its desks and on
    its way. ``done_since``: how many acts stand in the record of an office from a day on. ``hangs_on``: what else.
    ``move``: lay the running work of an office on its successor's desks, in the caller's transaction; the works moved.
    """

    on_desks: Callable[[Collection[tuple[int, str]]], list[Work]]
    of_office: Callable[[int], list[Work]]
    done_since: Callable[[int, dt.date], int]
    hangs_on: Callable[[int, dt.datetime], list[Hangs]]
    move: Callable[[int, int, Actor, dt.datetime], list[Work]]


class SourceKnown(ValueError):
    """Two sources carry one name."""


_sources: Final[dict[str, WorkSource]] = {}


def register_work(name: str, source: WorkSource) -> None:
    """Make a source known, once, from ``apps.ready()``. Raises ``SourceKnown``."""
    if name in _sources:
        raise SourceKnown(name)
    _sources[name] = source


def work_sources() -> Iterator[WorkSource]:
    """Yield every source."""
    yield from _sources.values()


def work_on_desks(desks: Collection[tuple[int, str]]) -> list[Work]:
    """Return the running work on desks, first what is due first."""
    found = [work for source in work_sources() for work in source.on_desks(desks)]
    return sorted(found, key=_by_due)


def work_of_office(office_id: int) -> list[Work]:
    """Return the running work on an office's desks and on its way through it, first what is due first."""
    return sorted((work for source in work_sources() for work in source.of_office(office_id)), key=_by_due)


def done_since(office_id: int, day: dt.date) -> int:
    """Return how many acts stand in the records of an office from a day on."""
    return sum(source.done_since(office_id, day) for source in work_sources())


def hangs_on(office_id: int, at: dt.datetime) -> list[Hangs]:
    """Return what else hangs on an office: seals, certificates, procedures that name it."""
    return [one for source in work_sources() for one in source.hangs_on(office_id, at)]


def _by_due(work: Work) -> tuple[bool, float, str]:
    return work.due_at is None, work.due_at.timestamp() if work.due_at else 0.0, work.about
