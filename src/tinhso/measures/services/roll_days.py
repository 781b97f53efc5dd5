"""Roll the minutes of days that are over into day rows, and let go of minutes that are old."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import connection, transaction

from tinhso.measures.models import ProbeDay, ProbeMinute
from tinhso.measures.queries.monitoring import DAY, document, limits_on
from tinhso.measures.rules.availability import (
    MINUTE,
    MINUTES_OF_A_DAY,
    State,
    histogram,
    percentile,
    runs,
    tally,
)
from tinhso.measures.services.probe import METER_LOCK
from tinhso.toolkit.clock import VN

#: A day that is over is recounted for so long, since its last minute is written a little after midnight.
_SETTLES: dt.timedelta = dt.timedelta(hours=1)


@transaction.atomic
def roll_days(*, at: dt.datetime) -> int:
    """Count anew every day that is over and not yet settled; drop minutes of rolled days beyond their time. Returns days."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 1)", [METER_LOCK])
    today = at.astimezone(VN).date()
    oldest = ProbeMinute.objects.order_by("minute").values_list("minute", flat=True).first()
    if oldest is None:
        return 0
    settled = set(_settled())
    days = []
    day = oldest.astimezone(VN).date()
    while day < today:
        if day not in settled:
            days.append(day)
        day += DAY
    rolled = [roll_day(one, at=at) for one in days]
    _let_go(today)
    return sum(n > 0 for n in rolled)


def roll_day(day: dt.date, *, at: dt.datetime) -> int:
    """Delete the day's rows and make them anew from its minutes. Returns the number of services."""
    begun = dt.datetime.combine(day, dt.time(), VN)
    limits = limits_on(day)
    seen: dict[str, list[tuple[dt.datetime, State, int | None]]] = defaultdict(list)
    rows = ProbeMinute.objects.filter(minute__gte=begun, minute__lt=begun + DAY).order_by("service", "minute")
    for service, minute, state, ms in rows.values_list("service", "minute", "state", "ms"):
        seen[service].append((minute.astimezone(VN), State(state), ms))
    ProbeDay.objects.filter(day=day).delete()
    made = []
    for service, minutes in seen.items():
        found = runs(service, [(minute, state) for minute, state, _ms in minutes])
        sums = tally(found)
        times = [ms for _minute, state, ms in minutes if state in (State.UP, State.SLOW) and ms is not None]
        counts = histogram(times, limits.histogram_ms)
        made.append(
            ProbeDay(
                service=service,
                day=day,
                up=sums.up,
                slow=sums.slow,
                down=sums.down,
                unknown=MINUTES_OF_A_DAY - sums.known,
                ms_sum=sum(times),
                p50_ms=percentile(counts, limits.histogram_ms, 0.5),
                p95_ms=percentile(counts, limits.histogram_ms, 0.95),
                histogram=counts,
                down_runs=[
                    [(run.first - begun) // MINUTE, run.minutes] for run in found if run.state is State.DOWN
                ],
                counted_at=at,
            )
        )
    ProbeDay.objects.bulk_create(made)
    return len(made)


def _settled() -> list[dt.date]:
    """Return the days that were last counted when nothing more could come."""
    return [
        day
        for day, counted_at in ProbeDay.objects.values_list("day", "counted_at").distinct()
        if counted_at >= dt.datetime.combine(day + DAY, dt.time(), VN) + _SETTLES
    ]


def _let_go(today: dt.date) -> None:
    kept_from = today - document()["minutes_kept_days"] * DAY
    rolled = ProbeDay.objects.filter(day__lt=kept_from).values_list("day", flat=True).distinct()
    last = max(rolled, default=None)
    if last is not None:
        end = dt.datetime.combine(last + DAY, dt.time(), VN)
        ProbeMinute.objects.filter(minute__lt=end).delete()
