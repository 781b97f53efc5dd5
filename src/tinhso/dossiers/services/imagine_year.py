"""Imagine a simulated year over the whole catalogue and all offices, day by day: the same seed gives the same year."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from importlib.resources import files
from itertools import count
from typing import Any

from tinhso.catalogue.api import ProcedureVersion
from tinhso.directory.api import calendar
from tinhso.dossiers.services.gather_sheets import Routes, gather_sheets
from tinhso.dossiers.services.imagine_life import Deadlines, Habits, imagine_life
from tinhso.dossiers.services.invent_owner import invent_owner
from tinhso.dossiers.services.plan_year import YearPlan
from tinhso.dossiers.services.write_lives import Told, give_numbers
from tinhso.toolkit.clock import VN

#: The day's business has not begun yet: the last day has only what came in the night.
_MORNING = dt.time(7, 30)


class NothingPublished(Exception):
    """No procedure is in force on the last day: there is nothing to file."""


@dataclass(frozen=True, slots=True)
class Year:
    """What is simulated: days, how many dossiers, and the seed of chance. ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date
    dossiers: int
    seed: int

    @property
    def until(self) -> dt.datetime:
        """Return the moment at which the year is looked at: the morning of its last day."""
        return dt.datetime.combine(self.last, _MORNING, VN)


def year_said() -> dict[str, Any]:
    """Return what ``data/year.json`` says."""
    said: dict[str, Any] = json.loads(
        files("tinhso.dossiers").joinpath("data/year.json").read_text(encoding="utf-8")
    )
    return said


def usual_year() -> Year:
    """Return the year of ``data/year.json``."""
    plan = year_said()
    first, last = dt.date.fromisoformat(plan["first_day"]), dt.date.fromisoformat(plan["last_day"])
    return Year(first, last, plan["dossiers"], plan["seed"])


def imagine_year(year: Year, last: Counter[tuple[int, dt.date]]) -> Iterator[list[Told]]:
    """Yield, day by day, the lives accepted on the day with their numbers, and those begun on it that never will be.

    A life waits here from its submission to its acceptance: numbers follow acceptance. ``last`` keeps the last number
    of each office and day. Raises ``NothingPublished``.
    """
    waiting: list[tuple[dt.datetime, int, Told]] = []
    serial = count()
    for day, told in _tell(year):
        never: list[Told] = []
        for one in told:
            accepted = one.life.accepted_at
            if accepted is None:
                never.append(one)
            else:
                heappush(waiting, (accepted, next(serial), one))
        today: list[Told] = []
        while waiting and waiting[0][0].astimezone(VN).date() <= day:
            today.append(heappop(waiting)[2])
        give_numbers(today, last)
        yield never + today


def _tell(year: Year) -> Iterator[tuple[dt.date, list[Told]]]:
    """Yield the lives that begin on each day."""
    said = year_said()
    in_force = ProcedureVersion.objects.on(year.last).order_by("procedure__code")
    sheets = gather_sheets(in_force, year.last, said["name_fields"])
    if not sheets:
        raise NothingPublished
    days_off = calendar()
    plan = YearPlan(
        said, sheets, days_off, first=year.first, last=year.last, dossiers=year.dossiers, seed=year.seed
    )
    routes, deadlines, habits = Routes(year.last), Deadlines(days_off), Habits(**said["habits"])
    for n in range((year.last - year.first).days + 1):
        day = year.first + dt.timedelta(days=n)
        rng, told = plan.random(day), []
        for sheet, office, terms in plan.filings(rng, day):
            late = plan.lateness(office, day)
            life = imagine_life(rng, terms, day, deadlines, habits, lateness=late, until=year.until)
            if life is not None:
                told.append(Told(life, sheet, routes.of(sheet, office), invent_owner(rng, office)))
        yield day, told
