"""Days are counted anew, settled when they are over, and their sums follow."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import OperationalError, connection, transaction

from tinhso.directory.tests.factories import make_cast
from tinhso.dossiers.tests.factories import make_dossier, write_life
from tinhso.measures.models import CountedDay, CountedMonth, DayRow, StaleDay
from tinhso.measures.queries.figures import By, Wanted, counting, tallies, tally
from tinhso.measures.queries.formulas import usual
from tinhso.measures.rules import each_day
from tinhso.measures.services.count_day import count_day, count_stale_days, mark_stale, settle
from tinhso.measures.tests.lives import moment
from tinhso.toolkit.clock import VN

NOW = dt.datetime(2022, 5, 10, 9, tzinfo=VN)
APRIL, LAST = dt.date(2022, 4, 1), dt.date(2022, 4, 30)

pytestmark = pytest.mark.django_db


def template() -> int:
    return make_dossier(make_cast(), accepted=True, at=NOW).pk


def test_a_recount_changes_only_what_differs_and_drops_what_is_gone() -> None:
    pk = template()
    write_life(
        pk, "C-1", accepted=moment("04-04 08:00"), due=moment("04-12 17:00"), ended=moment("04-05 09:00")
    )
    day = dt.date(2022, 4, 5)
    count_day(day, at=NOW)
    (row,) = DayRow.objects.filter(day=day)
    assert (row.kind, row.n) == (2, 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "update dossiers_dossier set ended_at = %s where number = 'C-1'", [moment("04-13 09:00")]
        )
    count_day(day, at=NOW)
    (row,) = DayRow.objects.filter(day=day)
    assert (row.kind, row.n) == (3, 1), "it ran on that day"
    assert tally(day, day).ended.total() == 0


def test_level_and_field_are_those_of_the_day() -> None:
    pk = template()
    write_life(pk, "C-1", accepted=moment("04-04 08:00"), due=None)
    day = dt.date(2022, 4, 4)
    count_day(day, at=NOW)
    (field,) = tallies(day, day, By.FIELD)
    assert field
    assert tally(day, day, Wanted(field_id=field)).received.total() == 1
    assert set(tallies(day, day, By.LEVEL)) <= {0, 2, 3, 4}


def test_a_month_that_is_over_has_sums_until_one_of_its_days_is_counted_again() -> None:
    pk = template()
    write_life(pk, "C-1", accepted=moment("04-04 08:00"), due=None)
    for day in each_day(APRIL, LAST):
        mark_stale(day)
    assert count_stale_days(at=NOW) == LAST.day
    assert CountedMonth.objects.filter(month=APRIL).exists()
    count_day(dt.date(2022, 4, 4), at=NOW)
    assert not CountedMonth.objects.exists()
    assert tally(APRIL, LAST).received.total() == 1, "the days answer meanwhile"
    count_stale_days(at=NOW)
    assert CountedMonth.objects.filter(month=APRIL).exists()
    assert tally(APRIL, LAST).received.total() == 1


def test_a_day_waits_for_whoever_sums_its_month_so_that_no_stale_mark_is_left() -> None:
    template()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s, %s)", [0x7E, APRIL.toordinal()])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set local lock_timeout = '200ms'")
            with pytest.raises(OperationalError), transaction.atomic():
                count_day(dt.date(2022, 4, 4), at=NOW)
            count_day(dt.date(2022, 5, 4), at=NOW)
    finally:
        other.close()


def test_a_month_with_an_uncounted_day_has_no_sums() -> None:
    template()
    for day in each_day(APRIL, LAST):
        if day.day != 7:
            count_day(day, at=NOW)
    count_stale_days(at=NOW)
    assert not CountedMonth.objects.exists()
    assert counting(APRIL, LAST).uncounted == (dt.date(2022, 4, 7),)


def test_the_settling_window_counts_what_was_counted_too_early_or_never() -> None:
    template()
    assert settle(at=NOW, settling_days=3) == 0, "nothing was ever counted: there is nothing to settle"
    early = dt.datetime(2022, 5, 9, 15, tzinfo=VN)
    count_day(dt.date(2022, 5, 9), at=early)
    count_day(dt.date(2022, 5, 8), at=early)
    settle(at=NOW, settling_days=3)
    stale = set(StaleDay.objects.values_list("day", flat=True))
    assert stale == {dt.date(2022, 5, 7), dt.date(2022, 5, 9), dt.date(2022, 5, 10)}
    count_stale_days(at=NOW)
    assert settle(at=NOW, settling_days=3) == 0
    assert CountedDay.objects.count() == 4


def test_what_became_late_in_the_last_hours_of_a_day_is_seen_once_it_is_settled() -> None:
    pk = template()
    write_life(pk, "C-1", accepted=moment("05-04 08:00"), due=moment("05-09 17:00"))
    day = dt.date(2022, 5, 9)

    strict = usual("strict", day)
    count_day(day, at=moment("05-09 15:00"))
    assert tally(day, day).under(strict).groups["running_late"] == 0
    settle(at=NOW, settling_days=3)
    count_stale_days(at=NOW)
    assert tally(day, day).under(strict).groups["running_late"] == 1
