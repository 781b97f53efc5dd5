"""Load the demo's history: about 20,000 dossiers of all offices, by the rules that real ones follow.

Loaded by COPY, with steps, slips, pauses, moved due moments and day counters as the services would have left them.
Two things are left out on purpose: journal entries, for nobody acted, and results, which are signed files. So nothing
of the history waits between a draft and its hand-over.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from random import Random
from typing import Any

from django.db import transaction

from tinhso.catalogue.api import ProcedureVersion
from tinhso.directory.api import Office, Person, calendar
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.services.gather_sheets import Routes, Sheet, gather_sheets
from tinhso.dossiers.services.imagine_life import Deadlines, Habits, imagine_life
from tinhso.dossiers.services.invent_owner import Owner, invent_owner
from tinhso.dossiers.services.spread_days import spread_days
from tinhso.dossiers.services.write_lives import Officers, Told, Writer, give_numbers
from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import mark_stale
from tinhso.toolkit.working_time import WorkingCalendar

SEED = 20220101
LIVES = 20_000
OWN_DOSSIERS = 5


@transaction.atomic
def load_history(
    *,
    key: str,
    until: dt.datetime,
    lives: int = LIVES,
    leave: Mapping[tuple[int, dt.date], dt.datetime] | None = None,
) -> int:
    """Load the history up to a moment, once; return the number of dossiers, 0 where there are some already.

    ``key`` is the installation's secret, from which tracking codes are derived: nobody else can guess them.
    ``leave`` names the moment of an office and day from which somebody else accepts: no number is given after it.
    """
    if Dossier.objects.exists():
        return 0
    plan = json.loads(files("tinhso.dossiers").joinpath("data/history.json").read_text(encoding="utf-8"))
    rng, days_off = Random(SEED), calendar()  # noqa: S311 - repeatable on purpose, guards nothing
    sheets = _sheets(plan, until.date())
    if not sheets:
        return 0
    lived = [
        *_tell(rng, plan, sheets, days_off, until, lives),
        *_tell_of_the_rest(plan, {sheet.code for sheet in sheets}, days_off, until, lives),
    ]
    told = [one for one in lived if not _is_left(one, leave or {})]
    told.sort(key=lambda one: one.life.events[0].at)
    last: Counter[tuple[int, dt.date]] = Counter()
    give_numbers(told, last)
    writer = Writer(Officers(until.date()), days_off, key)
    writer.write(told)
    writer.write_counters(last)
    day = dt.date.fromisoformat(plan["first_day"])
    while day <= until.date():
        mark_stale(day)
        day += dt.timedelta(days=1)
    return len(told)


def _sheets(plan: dict[str, Any], on: dt.date) -> list[Sheet]:
    """Return the sheets of the plan's procedures that are in force, in the order of the plan."""
    codes = list(plan["procedures"])
    versions = ProcedureVersion.objects.on(on).filter(procedure__code__in=codes)
    names = {code: said["name_field"] for code, said in plan["procedures"].items()}
    return sorted(gather_sheets(versions, on, names), key=lambda sheet: codes.index(sheet.code))


def _tell(
    rng: Random,
    plan: dict[str, Any],
    sheets: Sequence[Sheet],
    days_off: WorkingCalendar,
    until: dt.datetime,
    lives: int,
) -> Iterator[Told]:
    days, weights = spread_days(plan, days_off, dt.date.fromisoformat(plan["first_day"]), until.date())
    shares = [plan["procedures"][sheet.code]["share"] for sheet in sheets]
    busy = {office.pk: _busyness(rng, plan, office) for sheet in sheets for office in sheet.places}
    lateness = {office_id: rng.betavariate(1.4, 30) for office_id in busy}
    known = _known_people()
    routes, deadlines, habits = Routes(until.date()), Deadlines(days_off), Habits(**plan["habits"])
    for day in rng.choices(days, weights, k=lives):
        sheet = rng.choices(sheets, shares)[0]
        office = rng.choices(sheet.places, [busy[place.pk] for place in sheet.places])[0]
        channel = _channel(rng, plan["procedures"][sheet.code], sheet, is_open=days_off.is_working(day))
        terms = rng.choices(*sheet.by_channel[channel])[0]
        life = imagine_life(rng, terms, day, deadlines, habits, lateness=lateness[office.pk], until=until)
        if life is None:
            continue
        owner = invent_owner(rng, office)
        if known and channel == "online" and office.name.endswith(next(iter(plan["busy_offices"]))):
            person = known.pop(0)
            owner = Owner(person.name, person.identity_number, person.phone, owner.address, person.pk)
        yield Told(life, sheet, routes.of(sheet, office), owner)


def _tell_of_the_rest(
    plan: dict[str, Any], known: set[str], days_off: WorkingCalendar, until: dt.datetime, lives: int
) -> Iterator[Told]:
    """Yield a few online dossiers of a share of the other services: some used each month, the others now and then.

    With fewer lives fewer services are used.
    """
    said, on = plan["rest"], until.date()
    others = ProcedureVersion.objects.on(on).exclude(procedure__code__in=known).order_by("procedure__code")
    sheets = [one for one in gather_sheets(others, on, {}) if "online" in one.by_channel and one.places]
    rng = Random(SEED + 1)  # noqa: S311 - repeatable on purpose, guards nothing
    rng.shuffle(sheets)
    scale = min(1.0, lives / LIVES)
    used, each_month = (round(len(sheets) * said[key] * scale) for key in ("used", "used_each_month"))
    first = dt.date.fromisoformat(plan["first_day"])
    months = _months(first, on)
    routes, deadlines, habits = Routes(on), Deadlines(days_off), Habits(**plan["habits"])
    for place, sheet in enumerate(sheets[:used]):
        spans = months if place < each_month else [(first, on)] * rng.randint(1, said["most"])
        for start, end in spans:
            days = [
                day
                for n in range((end - start).days + 1)
                if days_off.is_working(day := start + dt.timedelta(n))
            ]
            office = rng.choice(sheet.places)
            terms = rng.choices(*sheet.by_channel["online"])[0]
            late = rng.betavariate(1.4, 30)
            life = imagine_life(rng, terms, rng.choice(days), deadlines, habits, lateness=late, until=until)
            if life is not None:
                yield Told(life, sheet, routes.of(sheet, office), invent_owner(rng, office))


def _months(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """Return the whole months of a period, each by its first and last day but three: what came then was accepted in it."""
    found, start = [], first
    while (after := (start.replace(day=1) + dt.timedelta(days=32)).replace(day=1)) <= last:
        found.append((start, after - dt.timedelta(days=4)))
        start = after
    return found


def _channel(rng: Random, shares: dict[str, float], sheet: Sheet, *, is_open: bool) -> str:
    draw = rng.random()
    online = "online" in sheet.by_channel and shares["online"] > 0
    if online and (not is_open or draw < shares["online"]):
        return "online"
    return "post" if "post" in sheet.by_channel and draw > 1 - shares["post"] else "counter"


def _busyness(rng: Random, plan: dict[str, Any], office: Office) -> float:
    named = (times for name, times in plan["busy_offices"].items() if office.name.endswith(name))
    return rng.lognormvariate(0, 0.4) * float(next(named, 1))


def _known_people() -> list[Person]:
    """Return the demo's citizens, each as often as they have dossiers of their own."""
    return list(Person.objects.filter(account__isnull=False, posts=None).order_by("id")) * OWN_DOSSIERS


def _is_left(one: Told, leave: Mapping[tuple[int, dt.date], dt.datetime]) -> bool:
    accepted = one.life.accepted_at
    if accepted is None:
        return False
    others = leave.get((one.where.receiving.pk, accepted.astimezone(VN).date()))
    return others is not None and accepted >= others
