"""What the demo's history leaves out: everything where nothing is published, and what others accept."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.catalogue.api import import_sheets
from tinhso.directory.api import SYSTEM, Office, load_demo
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.services.load_history import load_history
from tinhso.toolkit.clock import VN

UNTIL = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)

pytestmark = pytest.mark.django_db


def test_without_published_procedures_nothing_is_loaded() -> None:
    load_demo(key="k")
    assert load_history(key="k", until=UNTIL, lives=10) == 0


def test_no_number_is_given_from_the_moment_that_others_accept() -> None:
    load_demo(key="k")
    import_sheets(by=SYSTEM, at=UNTIL)
    office = Office.objects.get(name="Sở Tư pháp")
    days = [dt.date(2022, 1, 4) + dt.timedelta(days=n) for n in range(120)]
    noon = {(office.pk, day): dt.datetime.combine(day, dt.time(11), VN) for day in days}
    load_history(key="k", until=UNTIL, lives=600, leave=noon)
    accepted = Dossier.objects.filter(receiving_office=office, accepted_at__isnull=False)
    hours = [d.accepted_at.astimezone(VN).hour for d in accepted if d.accepted_at and d.accepted_at < UNTIL]
    within = [d for d in accepted if d.accepted_at and d.accepted_at.astimezone(VN).date() in days]
    assert within
    assert hours
    assert all(d.accepted_at and d.accepted_at.astimezone(VN).hour < 11 for d in within)
