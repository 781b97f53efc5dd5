"""Editions: what is told of a closed month, kept; small numbers never; recounts tell no small difference."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from tinhso.catalogue.tests.factories import make_online
from tinhso.directory.api import SYSTEM, Office
from tinhso.journal.api import history
from tinhso.measures.models import CountedMonth, DayRow, Edition, EditionRow
from tinhso.measures.queries.editions import COLUMNS, editions, known, stretches_of, told_months
from tinhso.measures.queries.figures import By, Wanted
from tinhso.measures.queries.open_figures import freshness
from tinhso.measures.rules.editions import Choice
from tinhso.measures.rules.spans import Span
from tinhso.measures.services import make_edition as service
from tinhso.measures.services.count_day import count_month, sum_day
from tinhso.measures.services.make_edition import make_edition, make_editions, unmade
from tinhso.measures.tests.conftest import NOW, Promoting
from tinhso.measures.tests.counted import EARLY, LATE, ON_TIME, OVERDUE, Book

ONE, TWO = "9.700001", "9.700002"
MARCH, APRIL = dt.date(2022, 3, 1), dt.date(2022, 4, 1)
DAYS = (dt.date(2022, 2, 3), dt.date(2022, 3, 15), dt.date(2022, 4, 12))
LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture
def counted(promoting: Promoting) -> list[int]:
    """Count three months of four offices and two procedures; return the offices."""
    for code in (ONE, TWO):
        make_online(code)
    offices = list(Office.objects.order_by("pk").values_list("pk", flat=True))[:4]
    book = Book(1)
    for n, day in enumerate(DAYS):
        for m, office in enumerate(offices):
            book.write(day, office, ONE, {EARLY: 40 + n + m, ON_TIME: 30, LATE: 12 * (m % 2) + n})
            book.write(day, office, TWO, {ON_TIME: 9 + 7 * m, LATE: 2}, channel="counter")
    book.write(dt.date(2022, 4, 30), offices[0], ONE, {OVERDUE: 6})
    book.keep()
    return offices


def row(month: dt.date, part: str, key: Any = "") -> dict[str, int | None]:
    (edition,) = told_months(month, month)
    return dict(edition.rows.values(*COLUMNS).get(part=part, key=str(key)))


def recount(month: dt.date, day: dt.date, office: int, more: int) -> Edition | None:
    """Count more early dossiers of an office on a day, and sum the month anew."""
    ended = DayRow.objects.get(kind=2, day=day, office_id=office, procedure_code=ONE, cls=EARLY)
    received = DayRow.objects.get(kind=1, day=day, office_id=office, procedure_code=ONE)
    for one in (ended, received):
        DayRow.objects.filter(pk=one.pk).update(n=one.n + more)
    sum_day(day)
    count_month(month, at=LATER)
    return make_edition(by=SYSTEM, at=LATER, month=month)


def test_every_closed_month_has_an_edition_with_the_numbers_of_the_province(counted: list[int]) -> None:
    assert [one.month for one in told_months(MARCH, APRIL)] == [MARCH, APRIL]
    assert Edition.objects.count() == 3
    april = row(APRIL, "province")
    assert april["received"] == sum(42 + m + 30 + 12 * (m % 2) + 2 + 9 + 7 * m + 2 for m in range(4)) + 6
    assert april["running_late"] == 6
    edition = editions(APRIL, APRIL)[APRIL]
    assert 0 < edition.hidden < edition.cells
    assert history(edition.about)


def test_no_small_number_is_told(counted: list[int]) -> None:
    for numbers in EditionRow.objects.values_list(*COLUMNS):
        assert all(n is None or n == 0 or n >= 5 for n in numbers)
    assert row(APRIL, "office", counted[0])["late"] is None
    assert row(APRIL, "office", counted[1])["running_late"] == 0, "a zero is told"


def test_a_period_is_told_as_the_sum_of_told_months(counted: list[int]) -> None:
    months = told_months(MARCH, APRIL)
    found = known(months, By.OFFICE, Wanted())
    assert found is not None
    single = [row(month, "office", counted[1]) for month in (MARCH, APRIL)]
    for name in COLUMNS:
        parts = [one[name] for one in (single[1:] if name == "running_late" else single)]
        whole = None if None in parts else sum(n or 0 for n in parts)
        assert found[counted[1]].number(name) == whole, name
    assert known(months, By.OFFICE, Wanted(procedure_code=ONE)) is None, "nobody is told so finely"
    assert known(months, By.OFFICE, Wanted(channel="online")) is None


def test_nothing_is_made_anew_while_the_count_stays_the_same(counted: list[int]) -> None:
    assert unmade() == []
    count_month(APRIL, at=LATER)
    assert unmade() == [APRIL]
    before = editions(APRIL, APRIL)[APRIL]
    assert make_editions(by=SYSTEM, at=LATER) == 1
    held = editions(APRIL, APRIL)[APRIL]
    assert (held.pk, held.counted_at) == (before.pk, LATER)
    assert unmade() == []


def test_a_small_change_is_not_told_and_what_was_hidden_stays_hidden(counted: list[int]) -> None:
    before = {key: row(APRIL, "office", key) for key in counted}
    there = next(key for key in counted if before[key]["early"] is not None)
    made = recount(APRIL, DAYS[2], there, 2)
    assert made is not None
    assert made.number == 2
    after = {key: row(APRIL, "office", key) for key in counted}
    assert after[there]["early"] is None
    assert after[there]["received"] is None
    for key in counted:
        for name in COLUMNS:
            was, now = before[key][name], after[key][name]
            assert was is not None or now is None
            assert was is None or now is None or was == now or abs(was - now) >= 5
    recount(APRIL, DAYS[2], there, -2)
    assert row(APRIL, "office", there)["early"] is None, "for good"


def test_stretches_are_joined_and_never_cut_anew(counted: list[int]) -> None:
    before = stretches_of(Edition.objects.get(month=APRIL))
    assert Span(APRIL, APRIL) in before, "days without a case stand alone"
    DayRow.objects.create(
        kind=1, day=APRIL, office_id=counted[1], procedure_code=ONE, channel="online", cls=0, n=2
    )
    sum_day(APRIL)
    count_month(APRIL, at=LATER)
    assert make_edition(by=SYSTEM, at=LATER, month=APRIL) is not None
    after = stretches_of(Edition.objects.get(month=APRIL, number=2))
    assert Span(APRIL, DAYS[2]) in after, "two more are told with the next day that has many"
    assert {one.last for one in after} < {one.last for one in before}


def test_a_month_without_a_case_has_no_edition(counted: list[int]) -> None:
    CountedMonth.objects.create(month=dt.date(2022, 1, 1), counted_at=NOW)
    assert make_edition(by=SYSTEM, at=NOW, month=dt.date(2022, 1, 1)) is None


def test_a_large_change_is_told(counted: list[int]) -> None:
    before = row(APRIL, "province")
    recount(APRIL, DAYS[2], counted[1], 9)
    assert row(APRIL, "province")["early"] == (before["early"] or 0) + 9


def test_what_cannot_be_protected_is_not_published(
    counted: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "choose", lambda book, *_args, **_named: Choice(frozenset(book.cells), 1))
    held = recount(APRIL, DAYS[2], counted[1], 9)
    assert held is not None
    assert held.number == 1, "the edition before goes on to hold"
    assert unmade() == []
    DayRow.objects.filter(day=DAYS[0]).update(day=dt.date(2022, 1, 5))
    count_month(dt.date(2022, 1, 1), at=NOW)
    made = make_edition(by=SYSTEM, at=NOW, month=dt.date(2022, 1, 1))
    assert made is not None
    assert made.is_withheld
    assert not made.rows.exists()
    assert [one.month for one in told_months(dt.date(2022, 1, 1), MARCH)] == [dt.date(2022, 2, 1), MARCH]


def test_kept_freshness_is_counted_from_the_first_edition(counted: list[int]) -> None:
    found = freshness(NOW.date())
    assert [(one.month, one.days_late(NOW.date())) for one in found] == [
        (APRIL, 8),
        (MARCH, 38),
        (dt.date(2022, 2, 1), 69),
    ]
    recount(APRIL, DAYS[2], counted[1], 9)
    april = freshness(NOW.date())[0]
    assert april.edition is not None
    assert (april.first_made, april.edition.number) == (NOW, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "update measures_edition set hidden = 0",
        "delete from measures_edition",
        "update measures_editionrow set received = 100",
        "delete from measures_editionrow",
    ],
)
def test_an_edition_stays_as_it_is(counted: list[int], statement: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "numbers",
    [{"received": 4}, {"late": 1}, {"received": 90, "online": 88}],
    ids=["few", "one", "a difference"],
)
def test_the_database_takes_no_small_number(counted: list[int], numbers: dict[str, int]) -> None:
    edition = Edition.objects.filter(month=APRIL).get()
    with pytest.raises(IntegrityError), transaction.atomic():
        EditionRow.objects.create(edition=edition, part="office", key="999", **numbers)
    EditionRow.objects.create(edition=edition, part="office", key="999", received=90, late=0, online=85)


def test_the_page_of_a_dataset_says_what_it_holds_promised_and_kept(counted: list[int]) -> None:
    answer = Client().get(reverse("measures:open_figures", args=["co-quan"])).content.decode()
    for said in (
        "tra_truoc_han",
        "Nghị định 47/2020",
        "trong 2 ngày sau khi hết tháng",
        "muộn 8 ngày",
        "cells-1",
    ):
        assert said in answer
    assert "0 trên 3 tháng" in answer
    assert Client().get(reverse("measures:open_figures", args=["khong-co"])).status_code == 404
    portal = Client().get("/du-lieu-mo/").content.decode()
    assert "Giải quyết hồ sơ theo tháng, từng cơ quan" in portal
