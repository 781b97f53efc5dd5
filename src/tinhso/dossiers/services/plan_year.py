"""Draw what is filed, where and by which channel in the simulated year: ``data/year.json`` says how often.

Some sixty procedures carry nine tenths of all dossiers; of the others some have none, and most a few in a month.
What holds for the whole year is drawn from the seed alone, what happens on a day from the seed and the day: a day
comes out the same whichever days are asked for.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import Any

from tinhso.directory.api import Office
from tinhso.dossiers.services.gather_sheets import Sheet
from tinhso.dossiers.services.imagine_life import Terms
from tinhso.dossiers.services.spread_days import spread_days
from tinhso.toolkit.working_time import WorkingCalendar

_MONTHS = range(1, 13)


class YearPlan:
    """The shares of procedures, offices and channels, and how many dossiers begin on each day."""

    def __init__(
        self,
        plan: dict[str, Any],
        sheets: Sequence[Sheet],
        days_off: WorkingCalendar,
        *,
        first: dt.date,
        last: dt.date,
        dossiers: int,
        seed: int,
    ) -> None:
        """Draw what holds for the whole year."""
        self._plan = plan
        self._seed = seed
        self._first, self._span = first, max((last - first).days, 1)
        self._days_off = days_off
        self._sheets = [sheet for sheet in sheets if sheet.places]
        rng = self.random("year")
        self._shares = _shares(rng, plan, self._sheets)
        self._taste = {sheet.code: _taste(rng, plan["channels"], sheet) for sheet in self._sheets}
        offices = {office.pk: office for sheet in self._sheets for office in sheet.places}
        self._weight = {pk: _weight(rng, plan["offices"], offices[pk]) for pk in sorted(offices)}
        self._lateness = {pk: _lateness(rng, plan["lateness"], offices[pk]) for pk in sorted(offices)}
        self._places: dict[int, list[float]] = {}
        days, weights = spread_days(plan, days_off, first, last)
        self.begins = Counter(rng.choices(days, weights, k=dossiers))

    def random(self, what: object) -> Random:
        """Return the source of chance for something, always the same for the same seed."""
        return Random(f"{self._seed}/{what}")  # noqa: S311 - repeatable on purpose, guards nothing

    def filings(self, rng: Random, day: dt.date) -> Iterator[tuple[Sheet, Office, Terms]]:
        """Yield what is filed on a day."""
        is_open = self._days_off.is_working(day)
        online = self._online(day)
        shares = self._shares[day.month - 1]
        for sheet in rng.choices(self._sheets, cum_weights=shares, k=self.begins[day]):
            office = rng.choices(sheet.places, cum_weights=self._busy(sheet))[0]
            channel = self._channel(rng, sheet, online, is_open=is_open)
            terms, weights = sheet.by_channel[channel]
            yield sheet, office, terms[0] if len(terms) == 1 else rng.choices(terms, weights)[0]

    def lateness(self, office: Office, day: dt.date) -> float:
        """Return the share of the dossiers of the day that the office ends late."""
        month: float = self._plan["lateness"]["months"][day.month - 1]
        return self._lateness[office.pk] * month

    def _online(self, day: dt.date) -> float:
        said = self._plan["channels"]["online"]
        return float(said["first"] + (said["last"] - said["first"]) * (day - self._first).days / self._span)

    def _channel(self, rng: Random, sheet: Sheet, online: float, *, is_open: bool) -> str:
        taste = self._taste[sheet.code]
        if taste and (not is_open or rng.random() < online**taste):
            return "online"
        by_post = "post" in sheet.by_channel and rng.random() < self._plan["channels"]["post"]
        return "post" if by_post else "counter"

    def _busy(self, sheet: Sheet) -> list[float]:
        if sheet.id not in self._places:
            self._places[sheet.id] = list(accumulate(self._weight[place.pk] for place in sheet.places))
        return self._places[sheet.id]


def _shares(rng: Random, plan: dict[str, Any], sheets: Sequence[Sheet]) -> list[list[float]]:
    """Return the running sums of the procedures' shares in each month."""
    common, rare = plan["common"], plan["rare"]
    drawn = {
        sheet.code: 0.0
        if rng.random() < rare["none"]
        else min(rng.lognormvariate(0, rare["spread"]), rare["most"])
        for sheet in sheets
        if sheet.code not in common
    }
    known = sum(common[sheet.code]["share"] for sheet in sheets if sheet.code in common)
    of_common, of_rare = (
        plan["common_share"] / (known or 1),
        (1 - plan["common_share"]) / (sum(drawn.values()) or 1),
    )
    by_month = []
    for month in _MONTHS:
        weights = []
        for sheet in sheets:
            said = common.get(sheet.code)
            if said is None:
                weights.append(drawn[sheet.code] * of_rare)
                continue
            months = said.get("months", _MONTHS)
            weights.append(said["share"] * of_common * 12 / len(months) if month in months else 0.0)
        by_month.append(list(accumulate(weights)))
    return by_month


def _taste(rng: Random, channels: dict[str, Any], sheet: Sheet) -> float:
    """Return the exponent that bends the online share of the day for a procedure; 0: it is never filed online."""
    taste = rng.uniform(*channels["taste"])
    is_refused = rng.random() < channels["counter_only"]
    return 0.0 if is_refused or "online" not in sheet.by_channel else taste


def _weight(rng: Random, said: dict[str, Any], office: Office) -> float:
    named = (times for name, times in said["busy"].items() if office.name.endswith(name))
    return rng.lognormvariate(0, said["spread"]) * float(said["times"][office.kind]) * float(next(named, 1))


def _lateness(rng: Random, said: dict[str, Any], office: Office) -> float:
    mean, evenness = said["mean"][office.kind], said["evenness"]
    return rng.betavariate(evenness, evenness * (1 - mean) / mean)
