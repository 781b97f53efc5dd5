"""What can be counted for a target without anybody's report: each counter asks ``measures`` and ``catalogue`` by their doors."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from django.urls import reverse

from tinhso.catalogue.api import service_levels
from tinhso.directory.api import office_of
from tinhso.measures.api import (
    By,
    Case,
    Covered,
    Figure,
    Formula,
    Running,
    System,
    Tally,
    cases_of,
    coverage,
    period,
    services_used,
    tallies,
    tally,
    usual,
)
from tinhso.toolkit.words import date_text


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure: ``numerator`` of ``denominator`` (0: not applicable), what it says of itself, where it comes from.

    ``details`` holds plain values only: ``version`` of the formula or definition, ``first`` and ``last`` day, what was
    left out, other formulas beside it. ``url``: the page of the figure, blank where there is none for the committee.
    """

    numerator: int
    denominator: int
    details: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True, slots=True)
class PartCount:
    """The figure of an office, department or level. ``code`` blank: no office of the directory."""

    name: str
    numerator: int
    denominator: int
    code: str = ""
    is_unknown: bool = False

    @property
    def missing(self) -> int:
        """Return how many of the denominator are not in the numerator."""
        return self.denominator - self.numerator


Count = Callable[[dt.date, dt.date, dt.datetime], Counted | None]
Parts = Callable[[dt.date, dt.date, dt.datetime], list[PartCount]]


@dataclass(frozen=True, slots=True)
class Counter:
    """One thing that can be counted. ``noun``: what is counted ("hồ sơ"); ``formula``: key of the formula of on-time counters.

    ``is_of_day``: stands as of the last day; else it adds up from the first day to the last.
    """

    key: str
    name: str
    noun: str
    above: str
    below: str
    count: Count
    parts: Parts
    is_of_day: bool = False
    formula: str = ""
    #: Templates show it; they do not count.
    do_not_call_in_templates: ClassVar[bool] = True

    def __call__(self, first: dt.date, last: dt.date, at: dt.datetime) -> Counted | None:
        """Return the figure of a period, told at a moment; None where nothing can be said."""
        return self.count(first, last, at)


def counter_of(key: str) -> Counter | None:
    """Return a counter by its key; None for a blank or unknown one."""
    return COUNTERS.get(key)


def span_of(on: dt.date) -> tuple[dt.date, dt.date]:
    """Return the days over which a target counts on a day: from New Year."""
    return on.replace(month=1, day=1), on


# On time, from the sums of days


def _on_time(key: str, first: dt.date, last: dt.date, at: dt.datetime) -> Counted:
    counts = tally(first, last)
    found = counts.under(usual(key, last))
    other = {name: counts.under(usual(name, last)) for name in ("strict", "national") if name != key}
    return Counted(
        found.numerator,
        found.denominator,
        {
            **_days(first, last),
            "version": found.formula.version,
            "excluded": dict(found.excluded),
            "beside": {
                name: {
                    "version": one.formula.version,
                    "numerator": one.numerator,
                    "denominator": one.denominator,
                }
                for name, one in other.items()
            },
        },
        _statistics(first, last),
    )


def _on_time_by_office(key: str, first: dt.date, last: dt.date, at: dt.datetime) -> list[PartCount]:
    formula = usual(key, last)
    return _offices(tallies(first, last, By.OFFICE), lambda one: _pair(one.under(formula)))


def _pair(one: Figure) -> tuple[int, int]:
    return one.numerator, one.denominator


@dataclass(frozen=True, slots=True)
class LateCases:
    """The cases that lower an on-time figure: ended or running late by the formula in the days looked at, latest first."""

    formula: Formula
    first: dt.date
    last: dt.date
    cases: tuple[Case, ...]


def late_cases(counter: Counter, last: dt.date, at: dt.datetime, *, days: int) -> LateCases | None:
    """Return the cases behind an on-time counter that are not on time, of the last days; None for other counters."""
    if not counter.formula:
        return None
    formula = usual(counter.formula, last)
    first = max(span_of(last)[0], last - dt.timedelta(days=days - 1))
    late = formula.denominator - formula.numerator
    classes = [cls for cls, outcome in formula.outcomes.items() if outcome in late]
    found = list(cases_of(period(first, last, at), classes=classes))
    found.sort(key=lambda case: (case.ended is None, -(case.ended or case.accepted).timestamp(), case.number))
    return LateCases(formula, first, last, tuple(found))


# Received online, from the sums of days


def _online(first: dt.date, last: dt.date, at: dt.datetime) -> Counted:
    received = tally(first, last).by_channel
    details = {**_days(first, last), "counter": received.counter, "post": received.post}
    return Counted(received.online, received.whole, details, _statistics(first, last))


def _online_by_office(first: dt.date, last: dt.date, at: dt.datetime) -> list[PartCount]:
    return _offices(
        tallies(first, last, By.OFFICE), lambda one: (one.by_channel.online, one.by_channel.whole)
    )


# Services


def _level_4(first: dt.date, last: dt.date, at: dt.datetime) -> Counted:
    found = service_levels(last)
    return Counted(
        found.eligible - len(found.eligible_not_yet),
        found.eligible,
        {"last": last.isoformat(), "is_illustrative": found.is_illustrative},
    )


def _services_online(first: dt.date, last: dt.date, at: dt.datetime) -> Counted:
    found = service_levels(last)
    return Counted(
        found.whole.online,
        found.whole.listed,
        {
            "last": last.isoformat(),
            "by_level": {str(level): n for level, n in found.whole.by_level.items()},
            "is_illustrative": found.is_illustrative,
        },
    )


def _services_online_by_department(first: dt.date, last: dt.date, at: dt.datetime) -> list[PartCount]:
    return _worst(PartCount(one.name, one.online, one.listed) for one in service_levels(last).by_department)


def _used(rule: str, first: dt.date, last: dt.date, at: dt.datetime) -> Counted:
    (found,) = services_used(first, last, rule)
    return Counted(
        found.whole.numerator,
        found.whole.denominator,
        {
            **_days(first, last),
            "version": found.rule.version,
            "channel": found.channel,
            "excluded": found.excluded,
            "is_illustrative": found.is_illustrative,
        },
        reverse("measures:services_used"),
    )


def _used_by_department(rule: str, first: dt.date, last: dt.date, at: dt.datetime) -> list[PartCount]:
    (found,) = services_used(first, last, rule)
    by_department = found.by(lambda service: service.department)
    return _worst(PartCount(one.name, one.numerator, one.denominator) for one in by_department)


# Coverage


def _covered(system: System, first: dt.date, last: dt.date, at: dt.datetime) -> Counted | None:
    found = coverage(system, last, at)
    if found is None or not found.whole.is_told:
        return None
    return Counted(
        found.whole.runs,
        found.whole.denominator,
        {
            "last": last.isoformat(),
            "version": found.definition.version,
            "unknown": found.whole.unknown,
            "excluded": {reason.value: n for reason, n in found.whole.excluded.items()},
        },
        f"{reverse('measures:coverage')}?{urlencode({'vao': date_text(last)})}",
    )


def _bodies(system: System, first: dt.date, last: dt.date, at: dt.datetime) -> list[PartCount]:
    """Return every body that counts: those that do not run it first."""
    found: Covered | None = coverage(system, last, at)
    return _worst(
        PartCount(
            row.body.name,
            int(row.status is Running.RUNS),
            1,
            row.body.code,
            is_unknown=row.status is Running.UNKNOWN,
        )
        for row in (found.rows if found else ())
        if row.reason is None
    )


# What they share


def _days(first: dt.date, last: dt.date) -> dict[str, str]:
    return {"first": first.isoformat(), "last": last.isoformat()}


def _statistics(first: dt.date, last: dt.date) -> str:
    return f"{reverse('measures:statistics')}?{urlencode({'tu': date_text(first), 'den': date_text(last)})}"


def _offices(counts: Mapping[Any, Tally], pair: Callable[[Tally], tuple[int, int]]) -> list[PartCount]:
    found = []
    for pk, one in counts.items():
        office = office_of(pk)
        found.append(PartCount(office.short_name, *pair(one), office.code))
    return _worst(one for one in found if one.denominator)


def _worst(parts: Iterable[PartCount]) -> list[PartCount]:
    """Return the parts, the lowest share first; among equals the one that misses most."""
    return sorted(
        (one for one in parts if one.denominator),
        key=lambda one: (one.numerator / one.denominator, -one.missing, one.name),
    )


def _counters() -> Iterable[Counter]:
    due, on_time = "hồ sơ đến hạn", "hồ sơ đúng hạn"
    for key, name in (("strict", "tính chặt"), ("national", "cách tính quốc gia")):
        yield Counter(
            f"on-time-{key}",
            f"Hồ sơ đúng hạn, {name}",
            "hồ sơ",
            on_time,
            due,
            partial(_on_time, key),
            partial(_on_time_by_office, key),
            formula=key,
        )
    yield Counter(
        "online-share",
        "Hồ sơ nộp trực tuyến",
        "hồ sơ",
        "hồ sơ nộp trực tuyến",
        "hồ sơ tiếp nhận",
        _online,
        _online_by_office,
    )
    yield Counter(
        "level-4",
        "Thủ tục đủ điều kiện ở mức độ 4",
        "thủ tục",
        "thủ tục ở mức độ 4",
        "thủ tục đủ điều kiện",
        _level_4,
        lambda _first, _last, _at: [],
        is_of_day=True,
    )
    yield Counter(
        "services-online",
        "Thủ tục nộp được qua mạng",
        "thủ tục",
        "thủ tục mức độ 3 và 4",
        "thủ tục của tỉnh",
        _services_online,
        _services_online_by_department,
        is_of_day=True,
    )
    for rule, name, above in (
        ("any", "Dịch vụ công có phát sinh hồ sơ", "dịch vụ có ít nhất một hồ sơ"),
        ("every-month", "Dịch vụ công tháng nào cũng có hồ sơ", "dịch vụ tháng nào cũng có hồ sơ"),
    ):
        yield Counter(
            f"services-used-{rule}",
            name,
            "dịch vụ",
            above,
            "dịch vụ trực tuyến",
            partial(_used, rule),
            partial(_used_by_department, rule),
        )
    for system, name, above in (
        (System.SIGNATURES, "Cơ quan có chữ ký số chuyên dùng", "cơ quan đủ chữ ký số"),
        (System.ONE_STOP, "Cơ quan chạy một cửa điện tử", "cơ quan chạy một cửa"),
        (System.INTERLINKED, "Cơ quan chạy một cửa liên thông", "cơ quan chạy liên thông"),
    ):
        yield Counter(
            system.value.replace("_", "-"),
            name,
            "cơ quan",
            above,
            "cơ quan phải có",
            partial(_covered, system),
            partial(_bodies, system),
            is_of_day=True,
        )


#: Every counter by its key (``Target.counter``).
COUNTERS: Final[Mapping[str, Counter]] = {one.key: one for one in _counters()}
