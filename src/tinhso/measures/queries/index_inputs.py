"""The inputs of the 766 index from the province's own counts: what there is; the rest is not applicable."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from tinhso.catalogue.api import duties_kept, online_services, service_levels
from tinhso.directory.api import Office
from tinhso.dossiers.api import digitised, electronic_results, reused
from tinhso.measures.models import Edition
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.editions import known_kinds
from tinhso.measures.queries.facts import period
from tinhso.measures.queries.figures import By, Counting, Tally, counting, tallies
from tinhso.measures.queries.formulas import usual
from tinhso.measures.queries.indices import index766
from tinhso.measures.queries.services_used import services_used
from tinhso.measures.rules.classes import FACETS
from tinhso.measures.rules.formulas import Formula
from tinhso.measures.rules.index766 import Index
from tinhso.measures.rules.index_sheet import (
    GroupLine,
    MetricSaid,
    Share,
    SheetSaid,
    filled,
    sheet_said,
    whole_of,
)

FULL_ONLINE = 4
_ISSUED = FACETS["how"].index("issued")


@cache
def index_sheet() -> SheetSaid:
    """Return what the 766 index asks for, and where the province has it."""
    return sheet_said(document("index766_inputs"))


@dataclass(frozen=True, slots=True)
class Index766:
    """The 766 index of a period, as far as it can be scored here."""

    first: dt.date
    last: dt.date
    index: Index
    sheet: SheetSaid
    formula: Formula
    groups: tuple[GroupLine, ...]
    counting: Counting

    @property
    def whole(self) -> tuple[Decimal, Decimal, Decimal]:
        """Return the points given, the points that could be given, and the points of all groups."""
        return whole_of(self.groups)


def index_of(first: dt.date, last: dt.date, at: dt.datetime) -> Index766:
    """Return the index of a period, with the shares of each office where the inputs are by office."""
    index = index766()
    assert index is not None
    seen, formula = counting(first, last), usual("national", last)
    offices = office_shares(first, last, at, formula, seen)
    shares = dict(province_shares(first, last)) | _sum(offices)
    return Index766(first, last, index, index_sheet(), formula, filled(index_sheet(), index, shares), seen)


def office_shares(
    first: dt.date, last: dt.date, at: dt.datetime, formula: Formula, seen: Counting
) -> dict[int, dict[str, Share]]:
    """Return the inputs that are counted by office, by the receiving office.

    Numerators that only the dossiers know leave out the days that were not counted: their denominator lacks them.
    """
    when = period(first, last, at)
    files_of = {
        name: count(when.start, when.end, seen.uncounted)
        for name, count in (
            ("electronic", electronic_results),
            ("digitised", digitised),
            ("reused", reused),
        )
    }
    return {
        office: {
            **_counted_shares(one, formula),
            "electronic": Share(files_of["electronic"].get(office, 0), _issued(one)),
            "digitised": Share(files_of["digitised"].get(office, 0), _issued(one)),
            "reused": Share(files_of["reused"].get(office, 0), one.received.total()),
        }
        for office, one in tallies(first, last, By.OFFICE).items()
    }


def office_index(
    first: dt.date, last: dt.date, at: dt.datetime
) -> tuple[dict[int, dict[str, Share]], tuple[MetricSaid, ...]]:
    """Return the shares of each office in a period, and the metrics that they belong to."""
    shares = office_shares(first, last, at, usual("national", last), counting(first, last))
    return shares, tuple(said for said in index_sheet().metrics if said.is_by_office)


def _counted_shares(one: Tally, formula: Formula) -> dict[str, Share]:
    figure = one.under(formula)
    return {
        "on_time": Share(figure.numerator, figure.denominator),
        "online": Share(one.by_channel.online, one.received.total()),
    }


def _issued(one: Tally) -> int:
    return sum(n for cls, n in one.ended.items() if cls % len(FACETS["how"]) == _ISSUED)


def _sum(offices: Mapping[int, Mapping[str, Share]]) -> dict[str, Share]:
    whole = {said.input: Share(0, 0) for said in index_sheet().metrics if said.is_by_office}
    for shares in offices.values():
        for name, share in shares.items():
            whole[name] = whole[name].plus(share)
    return whole


def province_shares(first: dt.date, last: dt.date) -> Iterable[tuple[str, Share]]:
    """Yield the inputs that are the province's: of the catalogue on the last day, and of dossiers by procedure."""
    duties, levels = duties_kept(first, last), service_levels(last)
    yield "announced_ahead", Share(duties.ahead_in_time, duties.announced)
    yield "public_in_time", Share(duties.public_in_time, duties.announced)
    yield "complete", Share(duties.complete, duties.published)
    yield "services_online", Share(levels.whole.online, levels.whole.listed)
    (used,) = services_used(first, last, "any", channel="online")
    yield "services_used", Share(used.whole.numerator, used.whole.denominator)
    online = online_services(last)
    served = {one.code for one in online if one.is_eligible and one.level >= FULL_ONLINE}
    eligible = {one.code for one in online if one.is_eligible}
    eligible |= {code for code, _name, _level in levels.eligible_not_yet}
    received = tallies(first, last, By.PROCEDURE)
    yield (
        "full_online",
        Share(
            sum(received[code].by_channel.online for code in served if code in received),
            sum(received[code].received.total() for code in eligible if code in received),
        ),
    )


@dataclass(frozen=True, slots=True)
class LevelTarget:
    """The share of dossiers online that a level of office should have, in percent, beside the one it has.

    Several targets: the source does not say which holds. ``share`` None: it is not told.
    """

    name: str
    targets: tuple[Decimal, ...]
    share: Share | None


@dataclass(frozen=True, slots=True)
class LevelTargets:
    """One version of the targets, with the shares of a period."""

    version: str
    effective_from: dt.date
    source: str
    is_verified: bool
    levels: tuple[LevelTarget, ...]


def level_targets(first: dt.date, last: dt.date, public: Sequence[Edition] | None = None) -> LevelTargets:
    """Return the targets of the online share by level of office, in force on the last day, beside what there was.

    ``public``: the editions that tell it, where the reader is told no more.
    """
    said = _targets_on(last)
    counts = _online_by_kind(first, last) if public is None else _told_by_kind(public)
    levels = []
    for level in said["levels"]:
        mine = [counts[kind] for kind in level["kinds"] if kind in counts]
        share = None if None in mine else Share(0, 0)
        for one in mine:
            share = share.plus(one) if share is not None and one is not None else None
        levels.append(LevelTarget(level["name"], tuple(map(Decimal, level["targets"])), share))
    return LevelTargets(
        said["version"],
        dt.date.fromisoformat(said["effective_from"]),
        said["source"],
        said["is_verified"],
        tuple(levels),
    )


def _online_by_kind(first: dt.date, last: dt.date) -> dict[str, Share | None]:
    kinds = dict(Office.objects.values_list("pk", "kind"))
    found: dict[str, Share | None] = {}
    for office, one in tallies(first, last, By.OFFICE).items():
        share = Share(one.by_channel.online, one.received.total())
        before = found.get(kinds[office])
        found[kinds[office]] = before.plus(share) if before else share
    return found


def _told_by_kind(months: Sequence[Edition]) -> dict[str, Share | None]:
    found: dict[str, Share | None] = {}
    for kind, one in known_kinds(months).items():
        online, received = one.number("online"), one.number("received")
        found[kind] = None if online is None or received is None else Share(online, received)
    return found


def _targets_on(day: dt.date) -> dict[str, Any]:
    versions: list[dict[str, Any]] = document("online_share_targets")["versions"]
    in_force = [one for one in versions if one["effective_from"] <= day.isoformat()]
    return in_force[-1] if in_force else versions[0]
