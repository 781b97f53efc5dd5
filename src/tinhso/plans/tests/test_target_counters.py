"""Targets follow the figures: a dossier that ends late lowers the share, turns the light, and stands on the page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tinhso.directory.api import Actor, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_cast
from tinhso.dossiers.tests.factories import make_dossier, write_life
from tinhso.measures.api import By, count_stale_days, tallies, usual
from tinhso.plans.models import History, Target, TargetActual
from tinhso.plans.queries.counters import COUNTERS, counter_of, late_cases, span_of
from tinhso.plans.queries.targets import target_rows
from tinhso.plans.rules.lights import Light
from tinhso.plans.services.reckon_targets import reckon_targets
from tinhso.plans.tests.targets_world import YEAR_END, client_of, make_aim
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import mark_stale

NOW = dt.datetime(2022, 5, 10, 9, tzinfo=VN)
DAY = NOW.date()
FIRST = dt.date(2022, 1, 1)

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Counted:
    """The cast, the secretary, and a target: nine of ten dossiers in time are enough."""

    cast: Cast
    dinh: Actor
    target: Target
    running: int


def moment(day: int, hour: int = 9, month: int = 5) -> dt.datetime:
    return dt.datetime(2022, month, day, hour, tzinfo=VN)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Count ten dossiers: nine ended in time, one runs and is due at nine on the tenth."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: DAY)
    cast = make_cast()
    pk = make_dossier(cast, accepted=True, at=moment(10, 8)).pk
    for n in range(9):
        write_life(pk, f"T-{n}", accepted=moment(4), due=moment(9, 17), ended=moment(6))
    one = write_life(pk, "T-TRE", accepted=moment(4), due=moment(10, 9) + dt.timedelta(minutes=5))
    for n in range(10):
        mark_stale(dt.date(2022, 5, 1) + dt.timedelta(days=n))
    count_stale_days(at=NOW)
    province = cast.commune.parent.parent if cast.commune.parent else cast.commune
    dinh = make_actor(
        "dinh", "Đinh Thị Giả Định", (province or cast.commune, Role.COMMITTEE_SECRETARY, "Thư ký")
    )
    target = make_aim(
        dinh, counter="on-time-strict", baseline=None, baseline_on=None, marks={YEAR_END: "95"}, at=NOW
    )
    return Counted(cast, dinh, target, one.pk)


def end_late(pk: int) -> dt.datetime:
    """End the dossier an hour after it was due, as its service does, and let the days be counted; return when."""
    ended = moment(10, 10)
    with connection.cursor() as cursor:
        cursor.execute(
            "update dossiers_dossier set state = 'issued', ended_at = %s where id = %s", [ended, pk]
        )
    mark_stale(DAY)
    later = ended + dt.timedelta(seconds=2)
    count_stale_days(at=later)
    return later


def test_a_dossier_that_ends_late_turns_the_light_and_stands_on_the_page(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = target_rows(DAY)
    assert (before.value, before.light) == (Decimal(100), Light.MET)
    assert reckon_targets(at=NOW) == 0, "nothing was counted since"
    later = end_late(counted.running)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert reckon_targets(at=later + dt.timedelta(seconds=1)) == 1
    (after,) = target_rows(DAY)
    assert after.actual is not None
    assert (after.actual.numerator, after.actual.denominator) == (Decimal(9), Decimal(10))
    assert (after.value, after.light) == (Decimal(90), Light.SLOW)
    (line,) = History.objects.filter(about=counted.target.about, what="Số thực hiện")
    assert (line.before, line.after, line.by_id) == ("Đạt, 100 %", "Chậm, 90 %", None)
    page = client_of(counted.cast.hoa).get(reverse("plans:target", args=[counted.target.pk]))
    text = page.content.decode()
    assert "1 hồ sơ trễ từ" in text
    assert "T-TRE" in text
    assert "T-0<" not in text
    assert "Chậm, 90 %" in text


def test_only_whoever_may_read_a_dossier_is_told_its_number(
    counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = end_late(counted.running)
    monkeypatch.setattr(clock, "now", lambda: later)
    reckon_targets(at=later)
    address = reverse("plans:target", args=[counted.target.pk])
    for by, is_told in ((counted.cast.an, True), (counted.cast.hoa, True), (counted.dinh, False)):
        text = client_of(by).get(address).content.decode()
        assert ("T-TRE" in text) is is_told, by.name
        assert "1 hồ sơ trễ từ" in text
    assert reverse("measures:stats_cases") not in client_of(counted.dinh).get(address).content.decode()
    assert reverse("measures:stats_cases") in client_of(counted.cast.hoa).get(address).content.decode()


def test_a_running_dossier_past_its_day_counts_before_it_ends(counted: Counted) -> None:
    counter = counter_of("on-time-strict")
    assert counter is not None
    found = late_cases(counter, DAY, moment(10, 11), days=31)
    assert found is not None
    assert [(case.number, case.ended) for case in found.cases] == [("T-TRE", None)]
    online = counter_of("online-share")
    assert online is not None
    assert late_cases(online, DAY, NOW, days=31) is None


def test_on_time_is_what_the_figures_say_and_offices_add_up(counted: Counted) -> None:
    counter = COUNTERS["on-time-strict"]
    found = counter(*span_of(DAY), NOW)
    assert found is not None
    assert (found.numerator, found.denominator) == (9, 9)
    assert found.details["beside"]["national"]["denominator"] >= 9
    parts = counter.parts(*span_of(DAY), NOW)
    assert sum(part.numerator for part in parts) == found.numerator
    assert sum(part.denominator for part in parts) == found.denominator
    by_office = tallies(FIRST, DAY, By.OFFICE)
    assert {part.code for part in parts} == {counted.cast.commune.code}
    assert by_office[counted.cast.commune.pk].under(usual("strict", DAY)).denominator == 9


@pytest.mark.parametrize("key", list(COUNTERS))
def test_every_counter_answers_and_its_parts_are_worst_first(counted: Counted, key: str) -> None:
    counter = COUNTERS[key]
    found = counter(*span_of(DAY), NOW)
    assert found is None or 0 <= found.numerator <= found.denominator
    parts = counter.parts(*span_of(DAY), NOW)
    shares = [part.numerator / part.denominator for part in parts]
    assert shares == sorted(shares)
    assert counter.key == key
    if found is not None and parts and not counter.is_of_day:
        assert sum(part.denominator for part in parts) == found.denominator
    json_able = found is None or all(isinstance(name, str) for name in found.details)
    assert json_able


def test_a_counter_with_nothing_below_gives_no_actual(counted: Counted) -> None:
    target = make_aim(
        counted.dinh,
        counter="services-used-any",
        baseline=None,
        baseline_on=None,
        marks={YEAR_END: "50"},
        at=NOW,
    )
    made = TargetActual.objects.filter(target=target).first()
    found = COUNTERS["services-used-any"](*span_of(DAY), NOW)
    assert (made is None) is (found is None or not found.denominator)


def test_thirty_targets_of_one_counter_cost_one_count(counted: Counted) -> None:
    for n in range(29):
        make_aim(
            counted.dinh,
            counter="on-time-strict",
            baseline=None,
            baseline_on=None,
            marks={YEAR_END: "95"},
            name=f"Chỉ tiêu {n}",
            at=NOW,
        )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert reckon_targets(at=NOW + dt.timedelta(minutes=1)) == 0
    assert len(asked) <= 20, len(asked)


def test_a_day_that_waits_for_its_first_count_is_told_later(counted: Counted) -> None:
    tomorrow = NOW + dt.timedelta(days=1)
    assert reckon_targets(at=tomorrow) == 0
    mark_stale(tomorrow.date())
    count_stale_days(at=tomorrow)
    assert reckon_targets(at=tomorrow) == 1
    (row,) = target_rows(tomorrow.date())
    assert row.value == Decimal(90), "the running one is late since yesterday"
