"""What is kept in memory holds as long as the reference data stay as they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tinhso.directory.api import SpecialDay, calendar, communes, office_of, one_stamp, reference_stamp
from tinhso.directory.rules import OfficeKind
from tinhso.directory.tests.factories import DAY, make_office

pytestmark = pytest.mark.django_db


def test_a_new_commune_is_seen_at_once() -> None:
    before = communes(DAY)
    made = make_office("UBND xã Mới Lập", OfficeKind.COMMUNE, "000.99.33.H40")
    assert communes(DAY) == [*before, made]


def test_a_renamed_office_is_seen_at_once() -> None:
    made = make_office("UBND xã Tên Cũ", OfficeKind.COMMUNE, "000.98.33.H40")
    assert office_of(made.pk).name == "UBND xã Tên Cũ"
    made.name = "UBND xã Tên Mới"
    made.save()
    assert office_of(made.pk).name == "UBND xã Tên Mới"


def test_a_day_off_decided_later_changes_the_calendar() -> None:
    day = dt.date(2022, 5, 11)
    assert calendar().is_working(day)
    SpecialDay.objects.create(date=day, kind="lễ", source="Quyết định thử", confirmed="yes")
    assert not calendar().is_working(day)


def test_the_stamp_stays_while_nothing_changes_and_moves_with_every_change() -> None:
    first = reference_stamp()
    assert reference_stamp() == first
    make_office("UBND xã Thử Dấu", OfficeKind.COMMUNE, "000.97.33.H40")
    assert reference_stamp() > first


def test_within_one_request_the_database_is_asked_for_the_stamp_once(
    django_assert_num_queries: Any,
) -> None:
    with one_stamp(), django_assert_num_queries(1):
        reference_stamp()
        reference_stamp()
    with django_assert_num_queries(2):
        reference_stamp()
        reference_stamp()
