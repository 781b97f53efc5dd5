"""Count a day anew."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction

from tinhso.measures.models import CountedDay, DayCount, StaleDay
from tinhso.measures.rules import VERSIONS, bounds, day_tally
from tinhso.toolkit.counting import cases


@transaction.atomic
def count_day(day: dt.date, *, at: dt.datetime) -> int:
    """Delete the day's rows, insert them anew, remember that it was counted. Returns the number of rows."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [0x7D, day.toordinal()])
    StaleDay.objects.filter(day=day).delete()
    start, end = bounds(day, at)
    tally = day_tally(cases(start, end), start, end)
    DayCount.objects.filter(day=day).delete()
    DayCount.objects.bulk_create(
        DayCount(day=day, measure=measure, office_id=office, procedure_code=code, channel=channel, n=n)
        for (measure, office, code, channel), n in tally.items()
    )
    CountedDay.objects.update_or_create(
        day=day, defaults={"counted_at": at, "versions": " ".join(VERSIONS.values())}
    )
    return len(tally)


@transaction.atomic
def mark_stale(day: dt.date) -> None:
    """Remember that a day's numbers no longer hold."""
    StaleDay.objects.bulk_create([StaleDay(day=day)], ignore_conflicts=True)


def count_stale_days(*, at: dt.datetime) -> int:
    """Count anew every day on which something happened since it was counted; today too. Returns how many."""
    days = list(StaleDay.objects.order_by("day").values_list("day", flat=True))
    for day in days:
        count_day(day, at=at)
    return len(days)
