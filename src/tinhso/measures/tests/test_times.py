"""How long things take: working time, waits apart, exact medians of a month."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.directory.tests.factories import make_cast
from tinhso.dossiers.tests.factories import make_dossier, write_life
from tinhso.measures.models import TimeRow
from tinhso.measures.queries.figures import By, Wanted
from tinhso.measures.queries.times import distribution, months_with_times, of_month, supplements
from tinhso.measures.rules import each_day
from tinhso.measures.services.count_day import count_day, count_months
from tinhso.measures.tests.lives import moment
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN

NOW = dt.datetime(2022, 5, 10, 9, tzinfo=VN)
APRIL = dt.date(2022, 4, 1)

pytestmark = pytest.mark.django_db


def test_waits_are_taken_out_and_told_apart_and_withdrawn_ones_are_not_counted() -> None:
    cast = make_cast()
    template = make_dossier(cast, accepted=True, at=NOW).pk
    # Offices work 7:00-11:30 and 13:30-17:00: 8 hours a day. 4 April 2022 is a Monday.
    for n, (ended, pauses, how) in enumerate(
        (
            ("04-04 09:00", (), "issued"),  # 1 h
            ("04-05 08:00", (), "issued"),  # 8 h
            ("04-06 08:00", (("04-04 09:00", "04-05 09:00"),), "issued"),  # 16 h less 8 h
            (
                "04-11 08:00",
                (),
                "rejected",
            ),  # 39 h: the eleventh is a day off, for the feast fell on a Sunday
            ("04-05 08:00", (), "withdrawn"),
        )
    ):
        write_life(
            template,
            f"T-{n}",
            accepted=moment("04-04 08:00"),
            due=moment("04-06 17:00"),
            ended=moment(ended),
            how=how,
            pauses=[(moment(a), moment(b)) for a, b in pauses],
        )
    for day in each_day(APRIL, dt.date(2022, 4, 30)):
        count_day(day, at=NOW)
    rows = sorted(TimeRow.objects.values_list("minutes", "waited", "n"))
    assert rows == [(60, 0, 1), (480, 0, 1), (480, 480, 1), (2340, 0, 1)]
    assert count_months(at=NOW) == 1
    assert months_with_times() == [APRIL]
    code = TimeRow.objects.values_list("procedure_code", flat=True)[0]
    found = distribution(By.PROCEDURE, code, [APRIL])
    assert (found.n, found.median, found.p90) == (4, 480, 2340)
    assert (found.given, found.limited, found.within) == (1380, 4, 3), "23 working hours were given"
    assert (found.waits, found.waited) == (1, 480)
    (stat,) = of_month(By.PROCEDURE, APRIL)
    assert (stat.n, stat.median, stat.p90, stat.given, stat.within) == (4, 480, 2340, 1380, 3)
    assert distribution(By.OFFICE, str(cast.commune.pk), [APRIL]).median == 480
    asked = supplements([APRIL], Wanted(procedure_code=code))
    assert (asked.ended, asked.never, asked.once, asked.more) == (4, 3, 1, 0)
    assert distribution(By.PROCEDURE, "khac", [APRIL]).median is None


def test_pages_tell_medians_of_enough_cases_and_no_small_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    cast = make_cast()
    template = make_dossier(cast, accepted=True, at=NOW)
    address = reverse("measures:times")
    assert "chưa có mục nào" in Client().get(address).content.decode()
    for n in range(40):
        write_life(
            template.pk,
            f"P-{n}",
            accepted=moment("04-04 08:00"),
            due=moment("04-06 17:00"),
            ended=moment("04-11 08:00" if n < 3 else "04-05 08:00"),
        )
    for day in each_day(APRIL, dt.date(2022, 4, 30)):
        count_day(day, at=NOW)
    count_months(at=NOW)
    seen = Client().get(address).content.decode()
    assert "1 ngày làm việc" in seen
    assert "gần như tất cả" in seen, "three late ones are not told"
    one = Client().get(reverse("measures:time_of_procedure", args=[template.procedure_code])).content.decode()
    assert "một nửa xong trong 1 ngày làm việc" in one
    office = Client().get(reverse("measures:time_of_office", args=[cast.commune.code])).content.decode()
    assert "chín phần mười trong 1 ngày làm việc" in office
    assert Client().get(address, {"thang": "tháng tư"}).content.decode().count("Viết tháng như 04/2022.") == 1
    assert Client().get(reverse("measures:time_of_procedure", args=["0.0"])).status_code == 404
    told = Client().get(address, {"tai": "csv", "thang": "04/2022"}).content.decode()
    assert told.splitlines()[1].split(",")[1:4] == ["480", "480", "1380"], "not of how many"
