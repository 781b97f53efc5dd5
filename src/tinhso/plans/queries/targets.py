"""Targets as pages and boards read them: the latest actual, what is needed by the day, the year's value, light, forecast."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import PLAN_OPEN
from tinhso.plans.models import Plan, Target, TargetActual, TargetPeriod
from tinhso.plans.permissions import SECRETARY
from tinhso.plans.permissions.targets import PLANS_WITH_TARGETS, TARGETS, MayPlanTarget, MayTarget
from tinhso.plans.queries.documents import document
from tinhso.plans.rules.lights import (
    PERCENT,
    WORST_FIRST,
    Course,
    Light,
    LightRule,
    Mark,
    Needed,
    Point,
    course,
    light,
    light_rules,
    needed,
    rule_of,
)


def rules() -> dict[str, LightRule]:
    """Return every version of the rule that gives lights."""
    return light_rules(document("lights"))


def course_of(target: Target, periods: Iterable[TargetPeriod]) -> Course:
    """Return what a target is to reach by when."""
    return course(
        ((one.last, one.value) for one in periods),
        is_up=target.direction == "up",
        is_percent=target.unit == PERCENT,
        baseline=target.baseline,
        baseline_on=target.baseline_on,
    )


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target as it stands on a day. ``actual`` None: nothing is known yet. ``needed`` in the target's unit.

    ``goal``: the year's value; ``parts``: how many children it is the sum of; ``waiting``: reports not answered yet.
    """

    target: Target
    actual: TargetActual | None
    course: Course
    needed: Needed | None
    goal: Mark | None
    light: Light
    parts: int = 0
    waiting: int = 0

    @property
    def value(self) -> Decimal | None:
        """Return what was reached, in the target's unit; None where nothing is known."""
        return self.actual.value if self.actual else None

    @property
    def forecast(self) -> Decimal | None:
        """Return the forecast for the end of the period that runs, as it was last reckoned."""
        return self.actual.forecast if self.actual else None

    @property
    def source(self) -> str:
        """Return where its actuals come from: ``counter``, ``children`` or ``report``."""
        return "counter" if self.target.counter else "children" if self.parts else "report"

    @property
    def order(self) -> tuple[int, Decimal, str]:
        """Return its place among others: worst first."""
        share = self.value / self.needed.value if self.value and self.needed and self.needed.value else None
        return WORST_FIRST.index(self.light), share or Decimal(0), self.target.code


@dataclass(frozen=True, slots=True)
class Filters:
    """Which targets a list shows; blank: all. ``source``: ``counter``, ``report`` or ``children``."""

    group: str = ""
    light: str = ""
    source: str = ""
    office: int | None = None


def target_rows(
    on: dt.date,
    public_only: bool = False,
    *,
    with_parts: bool = False,
) -> list[TargetRow]:
    """Return the targets of a day, worst first: those that are no part of another, or all."""
    rows = Target.objects.all()
    if public_only:
        rows = rows.filter(is_public=True)
    return rows_of(rows if with_parts else rows.filter(parent=None), on)


def readable_rows(by: Actor, filters: Filters, on: dt.date) -> list[TargetRow]:
    """Return the targets that an actor may read and that the filters let through, worst first.

    Parts of a target are listed only where an office is asked for: the whole stands for them.
    """
    rows = TARGETS.rows(by, MayTarget.READ)
    if filters.group:
        rows = rows.filter(group=filters.group)
    rows = rows.filter(office_id=filters.office) if filters.office else rows.filter(parent=None)
    found = rows_of(rows, on)
    return [
        row for row in found if filters.light in ("", row.light.value) and filters.source in ("", row.source)
    ]


def rows_of(targets: QuerySet[Target], on: dt.date) -> list[TargetRow]:
    """Return targets as they stand on a day, worst first: three queries whatever their number."""
    every = list(
        targets.select_related("office", "plan__office")
        .annotate(
            n_parts=Count("children", distinct=True),
            n_waiting=Count("reports", filter=Q(reports__answer=""), distinct=True),
        )
        .order_by("code", "pk")
    )
    keys = [target.pk for target in every]
    periods, actuals = periods_of(keys), latest_of(keys, on)
    known = rules()
    found = []
    for target in every:
        own, actual = course_of(target, periods.get(target.pk, ())), actuals.get(target.pk)
        found.append(
            TargetRow(
                target,
                actual,
                own,
                needed(own, on),
                own.goal(on),
                light(own, actual.value if actual else None, on, rule_of(known, target.rule)),
                target.n_parts,
                target.n_waiting,
            )
        )
    return sorted(found, key=lambda row: row.order)


def periods_of(targets: Collection[int]) -> Mapping[int, list[TargetPeriod]]:
    """Return the periods of targets, each target's in their order."""
    found: dict[int, list[TargetPeriod]] = defaultdict(list)
    for one in TargetPeriod.objects.filter(target_id__in=targets).order_by("target_id", "last"):
        found[one.target_id].append(one)
    return found


def latest_of(targets: Collection[int], on: dt.date) -> dict[int, TargetActual]:
    """Return the latest actual of each target up to a day."""
    rows = TargetActual.objects.filter(target_id__in=targets, on__lte=on)
    return {one.target_id: one for one in rows.order_by("target_id", "-on").distinct("target_id")}


def recent_of(targets: Collection[int], on: dt.date, days: int) -> Mapping[int, list[TargetActual]]:
    """Return the known actuals of targets of the last days up to a day, each target's in their order."""
    found: dict[int, list[TargetActual]] = defaultdict(list)
    rows = TargetActual.objects.filter(
        target_id__in=targets, on__range=(on - dt.timedelta(days=days), on), value__isnull=False
    )
    for one in rows.order_by("target_id", "on"):
        found[one.target_id].append(one)
    return found


def points_of(actuals: Sequence[TargetActual]) -> list[Point]:
    """Return the points through which a forecast goes: a report that stands for many days only on its own day."""
    found: dict[dt.date, Point] = {}
    for one in actuals:
        if one.value is not None:
            known = dt.date.fromisoformat(one.details.get("as_of") or one.on.isoformat())
            found[known] = Point(known, one.value)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Finding:
    """How many targets stand how."""

    whole: int
    lights: Mapping[Light, int] = field(default_factory=dict)

    @property
    def good(self) -> int:
        """Return how many are met or on track."""
        return self.lights.get(Light.MET, 0) + self.lights.get(Light.ON_TRACK, 0)


def finding_of(rows: Collection[TargetRow]) -> Finding:
    """Count targets by light."""
    counts: dict[Light, int] = {}
    for row in rows:
        counts[row.light] = counts.get(row.light, 0) + 1
    return Finding(len(rows), counts)


def light_words() -> dict[Light, str]:
    """Return how lights are called, the best first."""
    return {
        Light.MET: _("Đạt"),
        Light.ON_TRACK: _("Kịp tiến độ"),
        Light.SLOW: _("Chậm"),
        Light.VERY_SLOW: _("Chậm nhiều"),
        Light.UNKNOWN: _("Chưa rõ"),
    }


def standing(one: TargetActual, unit: str) -> str:
    """Return a light and its value in words: "Chậm, 96,41 %"."""
    return f"{light_words()[Light(one.light)]}, {value_text(one.value, unit)}"


def value_text(value: Decimal | None, unit: str) -> str:
    """Return a value in its unit: 96,41 %, 1.605 xã; a dash where there is none. What is short of 100 % never reads 100 %."""
    if value is None:
        return "–"
    rounded = round(value, 2)
    if unit == PERCENT and value < 100 <= rounded:
        rounded = Decimal("99.99")
    text = f"{rounded:,.2f}".rstrip("0").rstrip(".").translate(str.maketrans(",.", ".,"))
    return f"{text} {'%' if unit == PERCENT else unit}"


# What lists and forms offer


def offices_with_targets(by: Actor) -> dict[str, tuple[int, str]]:
    """Return the offices of targets that an actor may read: code → row number and name, in alphabetical order."""
    rows = TARGETS.rows(by, MayTarget.READ).filter(office__isnull=False)
    found = rows.values_list("office__code", "office_id", "office__short_name", "office__sort_key").distinct()
    return {code: (pk, name) for code, pk, name, _key in sorted(found, key=lambda row: (row[3], row[1]))}


def plans_for(by: Actor) -> list[Plan]:
    """Return the plans for which an actor may set a target: the secretary any that is open, a planner own ones."""
    rows = (
        Plan.objects.filter(state__in=PLAN_OPEN)
        if by.holds(*SECRETARY)
        else PLANS_WITH_TARGETS.rows(by, MayPlanTarget.ADD_TARGET)
    )
    return list(rows.select_related("office").order_by("office__sort_key", "first_year", "pk"))


def parents_for(by: Actor) -> list[Target]:
    """Return the targets that may have parts: neither counted nor reported, and no part of another."""
    rows = TARGETS.rows(by, MayTarget.LINK_SOLUTION).filter(counter="", parent=None, reports=None)
    return list(rows.order_by("code", "pk"))
