"""Short ways to set targets and to report them, for the tests of targets."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.test import Client

from tinhso.directory.api import Account, Actor, Office
from tinhso.plans.models import Target, TargetReport
from tinhso.plans.services.add_target import NewPeriod, NewTarget, add_target
from tinhso.plans.services.answer_target_report import answer_target_report
from tinhso.plans.services.report_target import Reached, report_target
from tinhso.plans.tests.factories import MORNING
from tinhso.toolkit.clock import VN

YEAR_END = dt.date(2022, 12, 31)
NEW_YEAR = dt.date(2021, 12, 31)


def moment(month: int, day: int, hour: int = 9) -> dt.datetime:
    """Return a moment of 2022."""
    return dt.datetime(2022, month, day, hour, tzinfo=VN)


def aim(**fields: Any) -> NewTarget:
    """Return a target of the province in percent: from 20 at New Year to 100 at the year's end."""
    marks = fields.pop("marks", {YEAR_END: "100"})
    return NewTarget(
        **{
            "name": "Xã đã nối mạng chuyên dùng cấp II",
            "group": "ha-tang",
            "unit": "percent",
            "source": "122/KH-UBND",
            "baseline": Decimal(20),
            "baseline_on": NEW_YEAR,
            "periods": [NewPeriod(day, Decimal(value)) for day, value in marks.items()],
            **fields,
        }
    )


def make_aim(by: Actor, office: Office | None = None, **fields: Any) -> Target:
    """Set such a target, which the office reports."""
    at = fields.pop("at", moment(1, 31))
    return add_target(by=by, at=at, wanted=aim(office=office.pk if office else None, **fields))


def tell(by: Actor, target: Target, numerator: int, denominator: int | None, **fields: Any) -> TargetReport:
    """Report what the planner's office reached, with a note as evidence."""
    at = fields.pop("at", MORNING)
    on = fields.pop("on", at.date())
    below = None if denominator is None else Decimal(denominator)
    return report_target(
        by=by,
        at=at,
        pk=target.pk,
        reached=Reached(on, Decimal(numerator), below),
        **{"note": "Biên bản 12/BB", **fields},
    )


def confirm(by: Actor, report: TargetReport, at: dt.datetime = MORNING) -> TargetReport:
    """Confirm a report."""
    return answer_target_report(by=by, at=at, pk=report.pk, answer="confirmed")


def client_of(actor: Actor) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client
