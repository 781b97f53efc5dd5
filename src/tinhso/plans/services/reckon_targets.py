"""Reckon what targets stand at, from counters, confirmed reports and children; see whose light changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import SYSTEM
from tinhso.journal.api import announce
from tinhso.measures.api import counting
from tinhso.plans.events.targets import TargetLightChanged
from tinhso.plans.models import History, Target, TargetActual, TargetPeriod, TargetReport
from tinhso.plans.queries.counters import counter_of, span_of
from tinhso.plans.queries.targets import (
    course_of,
    periods_of,
    points_of,
    recent_of,
    rules,
    standing,
    value_text,
)
from tinhso.plans.rules.lights import PERCENT, forecast, light, needed, rule_of
from tinhso.plans.rules.sums import Amount, total
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam

#: One who reckons at a time.
_LOCK: Final = 0x7C


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What one target was reckoned at. ``details["as_of"]``: the day that the value is really of."""

    source: str
    amount: Amount
    details: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def reckon_targets(*, at: dt.datetime, only: Collection[int] | None = None) -> int:
    """Write the actual of the day for every target whose value can be told, children before parents.

    ``only``: these targets, and those that they are parts of. An earlier moment gives that day as it was known then.
    Where a light changed it is written into the target's history and announced. Returns how many actuals changed.
    """
    wait_for_reckoning()
    on = in_vietnam(at).date()
    targets = _wanted(only)
    keys = [target.pk for target in targets]
    found = _reckon(targets, on, at)
    periods = periods_of(keys)
    known = rules()
    days = max(rule.forecast_days for rule in known.values())
    recent = recent_of(keys, on, days)
    before = _before(keys, on)
    changed = 0
    for target in targets:
        one = found.get(target.pk)
        if one is None:
            continue
        row = _row(target, one, periods.get(target.pk, ()), recent.get(target.pk, ()), on, at)
        changed += _write(target, row, before.get(target.pk), at)
    TargetActual.objects.filter(target_id__in=keys, on=on).update(reckoned_at=at)
    return changed


def wait_for_reckoning() -> None:
    """Let nobody else reckon until the transaction ends. Take it before the rows of targets: so nobody waits in a ring."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [_LOCK])


def _wanted(only: Collection[int] | None) -> list[Target]:
    """Return the targets to reckon, parts before wholes."""
    rows = Target.objects.order_by("code", "pk")
    if only is not None:
        wholes = rows.filter(pk__in=only, parent__isnull=False).values_list("parent_id", flat=True)
        rows = rows.filter(pk__in={*only, *wholes})
    return sorted(rows, key=lambda target: (target.parent_id is None, target.code))


def _reckon(targets: Sequence[Target], on: dt.date, at: dt.datetime) -> dict[int, Reckoned]:
    reported = _reported([target.pk for target in targets], on, at)
    counted: dict[str, Reckoned | None] = {}
    found: dict[int, Reckoned] = {}
    for target in targets:
        if target.counter:
            if target.counter not in counted:
                counted[target.counter] = _counted(target.counter, on, at)
            one = counted[target.counter]
        else:
            one = reported.get(target.pk)
        if one is not None:
            found[target.pk] = one
    children = _children([target.pk for target in targets], found)
    return found | children


def _counted(key: str, on: dt.date, at: dt.datetime) -> Reckoned | None:
    """Return what a counter says; None where it says nothing, or where the day waits to be counted for the first time.

    A day that nobody counted yet has no running cases: the figure would jump for the seconds after midnight.
    """
    counter = counter_of(key)
    if counter is None or (not counter.is_of_day and counting(on, on).uncounted and _is_counted_before(on)):
        return None
    seen = counter(*span_of(on), at)
    if seen is None or not seen.denominator:
        return None
    amount = Amount(Decimal(seen.numerator), Decimal(seen.denominator))
    return Reckoned("counter", amount, {**seen.details, "as_of": on.isoformat(), "url": seen.url})


def _is_counted_before(on: dt.date) -> bool:
    return counting(span_of(on)[0], on).counted_at is not None


def _reported(targets: Collection[int], on: dt.date, at: dt.datetime) -> dict[int, Reckoned]:
    """Return the last confirmed report of each target up to a day, as confirmed by then."""
    rows = (
        TargetReport.objects.filter(
            target_id__in=targets, answer="confirmed", on__lte=on, answered_at__lte=at
        )
        .order_by("target_id", "-on", "-reported_at", "-pk")
        .distinct("target_id")
    )
    return {
        one.target_id: Reckoned(
            "report",
            Amount(one.numerator, one.denominator),
            {"as_of": one.on.isoformat(), "report": one.pk},
        )
        for one in rows
    }


def _children(parents: Collection[int], fresh: Mapping[int, Reckoned]) -> dict[int, Reckoned]:
    """Return the sums of children; a child that is not reckoned now stands at its latest actual."""
    parts: dict[int, list[Target]] = {}
    for child in Target.objects.filter(parent_id__in=parents).order_by("code"):
        parts.setdefault(child.parent_id or 0, []).append(child)
    left = [child.pk for every in parts.values() for child in every if child.pk not in fresh]
    kept = {
        one.target_id: one
        for one in TargetActual.objects.filter(target_id__in=left)
        .order_by("target_id", "-on")
        .distinct("target_id")
    }
    found = {}
    for parent, children in parts.items():
        amounts = [_amount(fresh.get(child.pk), kept.get(child.pk)) for child in children]
        added = total(amounts)
        if added.amount is None:
            continue
        days = [
            fresh[child.pk].details["as_of"] if child.pk in fresh else kept[child.pk].details.get("as_of")
            for child in children
            if child.pk in fresh or child.pk in kept
        ]
        as_of = max(day for day in days if day)
        details = {"as_of": as_of, "parts": added.parts, "unknown": added.unknown}
        found[parent] = Reckoned("children", added.amount, details)
    return found


def _amount(fresh: Reckoned | None, kept: TargetActual | None) -> Amount | None:
    if fresh is not None:
        return fresh.amount
    if kept is None or kept.numerator is None:
        return None
    return Amount(kept.numerator, kept.denominator)


def _row(
    target: Target,
    one: Reckoned,
    periods: Sequence[TargetPeriod],
    recent: Sequence[TargetActual],
    on: dt.date,
    at: dt.datetime,
) -> TargetActual:
    rule, course = rule_of(rules(), target.rule), course_of(target, periods)
    value = one.amount.value(is_percent=target.unit == PERCENT)
    row = TargetActual(
        target=target,
        on=on,
        source=one.source,
        numerator=one.amount.numerator,
        denominator=one.amount.denominator,
        value=value,
        light=light(course, value, on, rule),
        details={**one.details, "rule": rule.version},
        reckoned_at=at,
    )
    need = needed(course, on)
    row.needed = need.value if need else None
    points = points_of([*(point for point in recent if point.on != on), row])
    ahead = forecast(course, points, on, rule)
    row.forecast = ahead.value if ahead else None
    return row


def _before(targets: Collection[int], on: dt.date) -> dict[int, TargetActual]:
    """Return the actual of the day as it is kept, or the last one before it."""
    rows = TargetActual.objects.filter(target_id__in=targets, on__lte=on)
    return {one.target_id: one for one in rows.order_by("target_id", "-on").distinct("target_id")}


_KEPT: Final = ("source", "numerator", "denominator", "value", "needed", "forecast", "light", "details")


def _write(target: Target, row: TargetActual, before: TargetActual | None, at: dt.datetime) -> int:
    """Write a row where it says something new, and tell where its light changed. Returns 1 or 0."""
    is_of_day = before is not None and before.on == row.on
    if is_of_day and before is not None:
        if all(getattr(before, name) == getattr(row, name) for name in _KEPT):
            return 0
        TargetActual.objects.filter(pk=before.pk).update(**{name: getattr(row, name) for name in _KEPT})
    else:
        row.save(force_insert=True)
    if before is not None and before.light != row.light and not _is_past(target, row.on):
        _tell(target, row, before, at)
    return 1


def _is_past(target: Target, on: dt.date) -> bool:
    """Say whether a later day is known already: then a change of this one is no news."""
    return TargetActual.objects.filter(target=target, on__gt=on).exists()


def _tell(target: Target, row: TargetActual, before: TargetActual, at: dt.datetime) -> None:
    needed_words = _("Lúc này cần %(needed)s") % {"needed": value_text(row.needed, target.unit)}
    History.objects.record(
        target.about,
        _("Số thực hiện"),
        by=SYSTEM,
        at=at,
        before=standing(before, target.unit),
        after=standing(row, target.unit),
        reason=_("%(needed)s; số của ngày %(day)s, theo “%(rule)s”")
        % {
            "needed": needed_words,
            "day": date_text(dt.date.fromisoformat(row.details["as_of"])),
            "rule": rule_of(rules(), target.rule).name,
        },
    )
    announce(
        TargetLightChanged(
            target.code,
            row.on,
            before.light,
            row.light,
            f"{row.value:f}" if row.value is not None else "",
            target.rule,
        ),
        about=target.about,
        by=SYSTEM,
        at=at,
    )
