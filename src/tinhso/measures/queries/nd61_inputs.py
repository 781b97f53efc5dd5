"""Decree 61/2018, article 31, for offices and officers in a quarter, from dossiers and the catalogue."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tinhso.catalogue.api import duties_kept, online_services, service_levels
from tinhso.directory.api import Account, Office, OfficeKind
from tinhso.dossiers.api import (
    Marks,
    OfficerMarks,
    office_contacts,
    office_opinions,
    office_times,
    officer_marks,
)
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.facts import period
from tinhso.measures.queries.figures import By, Counting, Tally, Wanted, counting, tallies
from tinhso.measures.queries.indices import nd61
from tinhso.measures.queries.reports import in_order
from tinhso.measures.rules import last_day_of, month_after
from tinhso.measures.rules.classes import unpack
from tinhso.measures.rules.nd61 import Criteria
from tinhso.measures.rules.quality import OnlineLimits, Points, Standing, mean, online, published, standing

#: At which level of the catalogue an office of a kind receives.
_LEVEL_OF: Final = {
    OfficeKind.PROVINCE.value: "province",
    OfficeKind.DEPARTMENT.value: "province",
    OfficeKind.DISTRICT.value: "district",
    OfficeKind.DIVISION.value: "district",
    OfficeKind.COMMUNE.value: "commune",
}


@cache
def said() -> dict[str, Any]:
    """Return how the criteria are computed, and why some are not."""
    return document("nd61_inputs")


@dataclass(frozen=True, slots=True)
class OfficeStanding:
    """One office in a period; ``ended``: dossiers received there that ended."""

    office: Office
    ended: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class OfficeStandings:
    """Every office that had dossiers in a period, by level and name; nobody is ranked."""

    first: dt.date
    last: dt.date
    criteria: Criteria
    every: tuple[OfficeStanding, ...]
    counting: Counting


def _criteria() -> Criteria:
    found = nd61()
    assert found is not None
    return found


def office_standings(first: dt.date, last: dt.date, at: dt.datetime) -> OfficeStandings:
    """Return the standing of each office in a period, as far as it can be computed."""
    criteria, when = _criteria(), period(first, last, at)
    kind = criteria.kind("office")
    counts = tallies(first, last, By.OFFICE)
    online_counts = tallies(first, last, By.OFFICE, Wanted(channel="online"))
    times, asked = _times(first, last, at), office_opinions(when.start, when.end)
    contacts = office_contacts(when.start, when.end)
    public = {level: duties_kept(first, last, level=level) for level in sorted(set(_LEVEL_OF.values()))}
    services = _services(last)
    every = []
    offices = sorted(Office.objects.filter(pk__in={*counts, *times, *asked}), key=in_order)
    for office in offices:
        one = counts.get(office.pk, Tally())
        total = total_marks(one.ended)
        level = public.get(_LEVEL_OF.get(office.kind, ""))
        points: dict[str, Points] = {
            "1": _mean(criteria, "1", total),
            "2": _mean(criteria, "2", times.get(office.pk, Marks()).plus(asked.get(office.pk, Marks()))),
            "3": _mean(criteria, "3", contacts.get(office.pk, Marks())),
            "9": _online(criteria, services, one, online_counts.get(office.pk, Tally())),
        }
        if level is not None and one.received.total():
            points["6"] = published(criteria.criteria["6"], level.complete, level.published)
        every.append(OfficeStanding(office, one.ended.total(), standing(criteria, kind, points)))
    return OfficeStandings(first, last, criteria, tuple(every), counting(first, last))


def _times(first: dt.date, last: dt.date, at: dt.datetime) -> dict[int, Marks]:
    """Return the time of each office, reckoned month by month: a quarter of a whole province is long for one statement."""
    times: dict[int, Marks] = {}
    while first <= last:
        month = period(first, min(last, last_day_of(first)), at)
        for office, marks in office_times(month.start, month.end).items():
            times[office] = times.get(office, Marks()).plus(marks)
        first = month_after(first)
    return times


def total_marks(ended: Mapping[int, int]) -> Marks:
    """Judge the total time of cases that ended, by class: against the due moment, the first one where it was extended.

    What was withdrawn, or has no due moment, is not judged.
    """
    found: Counter[str] = Counter()
    for cls, n in ended.items():
        one = unpack(cls)
        if one.how != "withdrawn":
            against = said()["due_when_extended" if one.extended == "yes" else "due"]
            found[getattr(one, against)] += n
    return Marks(found["earlier_day"], found["in_time"], found["late"])


def _mean(criteria: Criteria, key: str, marks: Marks) -> Points:
    return mean(criteria.criteria[key], marks.better, marks.just, marks.worse)


def _services(on: dt.date) -> tuple[int, int]:
    """Return how many procedures eligible for level 4 are online, and how many are eligible."""
    eligible = {one.code for one in online_services(on) if one.is_eligible}
    return len(eligible), len(
        eligible | {code for code, _name, _level in service_levels(on).eligible_not_yet}
    )


def _online(criteria: Criteria, services: tuple[int, int], whole: Tally, sent: Tally) -> Points:
    late = sum(
        n for cls, n in sent.classes.items() if unpack(cls).due == "late" and unpack(cls).how != "withdrawn"
    )
    return online(
        criteria.criteria["9"],
        OnlineLimits(**said()["online"]),
        eligible_online=services[0],
        eligible=services[1],
        received_online=whole.by_channel.online,
        received=whole.received.total(),
        late_online=late,
    )


@dataclass(frozen=True, slots=True)
class OfficerStanding:
    """One officer at one office in a period. Officers only: it names a person."""

    name: str
    office_id: int
    marks: OfficerMarks
    standing: Standing


def officer_standings(
    first: dt.date,
    last: dt.date,
    at: dt.datetime,
    offices: Sequence[int],
    account_id: int | None = None,
) -> list[OfficerStanding]:
    """Return the officers of some offices, or one account there, by office and name."""
    criteria, when = _criteria(), period(first, last, at)
    kind = criteria.kind("officer")
    found = officer_marks(when.start, when.end, offices, account_id)
    rows = Account.objects.filter(pk__in={one.account_id for one in found})
    people = {pk: (name, key) for pk, name, key in rows.values_list("pk", "person__name", "person__sort_key")}
    every = [
        OfficerStanding(
            people[one.account_id][0],
            one.office_id,
            one,
            standing(
                criteria,
                kind,
                {
                    key: _mean(criteria, key, marks)
                    for key, marks in (("1", one.total), ("2", one.own), ("3", one.contacts))
                },
            ),
        )
        for one in found
        if one.account_id in people
    ]
    return sorted(
        every, key=lambda one: (one.office_id, people[one.marks.account_id][1], one.marks.account_id)
    )
