"""Load the demo's targets of 2022 with what offices reported of them, and their actuals at month ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import SYSTEM, Account, Actor, Office, Role, actor_of, holder
from tinhso.plans.models import History, Target, TargetReport
from tinhso.plans.queries.documents import document
from tinhso.plans.rules.lights import PERCENT
from tinhso.plans.services.add_solution import add_solution
from tinhso.plans.services.add_target import NewPeriod, NewTarget, add_target
from tinhso.plans.services.reckon_targets import reckon_targets
from tinhso.plans.services.report_target import reported_text
from tinhso.toolkit.clock import VN

_SECRETARY: Final = "dinh"


@transaction.atomic
def load_targets_of_committee(*, until: dt.datetime) -> int:
    """Load what was set and reported up to a moment, once; return how many targets, 0 where there are some already.

    Reports are written as the offices' planners made them and the secretary confirmed them some days later; where an
    office of the demo has no planner, nobody is named.
    """
    said = document("targets_2022")
    at = dt.datetime.fromisoformat(said["set_at"])
    if Target.objects.exists() or at > until:
        return 0
    secretary = actor_of(Account.objects.get(username=_SECRETARY).pk, until.date())
    offices = dict(Office.objects.on(until.date()).values_list("name", "pk"))
    n = 0
    later = dt.timedelta(days=said["reported_days_after"])
    for one in said["targets"]:
        whole = _add(one, secretary, at, offices, None)
        _report(whole, one, secretary, until, later)
        for part in one.get("parts", ()):
            inherited = {**one, "solutions": (), **part}
            target = _add(inherited, secretary, at, offices, whole.pk)
            _report(target, part, secretary, until, later)
            n += 1
        n += 1
    ends = [
        dt.datetime.combine(dt.date.fromisoformat(day), dt.time(23, 59), VN) for day in said["year_reckoned"]
    ]
    for moment in (*(end for end in ends if end < until), until):
        reckon_targets(at=moment)
    return n


def _add(
    one: Mapping[str, Any], by: Actor, at: dt.datetime, offices: Mapping[str, int], parent: int | None
) -> Target:
    baseline = one.get("baseline")
    target = add_target(
        by=by,
        at=at,
        wanted=NewTarget(
            name=one["name"],
            group=one["group"],
            unit=one.get("unit", PERCENT),
            source=one["source"],
            periods=[NewPeriod(dt.date.fromisoformat(day), Decimal(v)) for day, v in one["marks"].items()],
            direction=one.get("direction", "up"),
            definition=one.get("definition", ""),
            baseline=Decimal(baseline) if baseline else None,
            baseline_on=dt.date.fromisoformat(one["baseline_on"]) if baseline else None,
            counter=one.get("counter", ""),
            office=offices[one["office"]] if "office" in one else None,
            parent=parent,
            is_verified=one.get("is_verified", True),
            code=one["code"],
        ),
    )
    for text in one.get("solutions", ()):
        add_solution(by=by, at=at, target=target.pk, text=text)
    return target


def _report(
    target: Target, one: Mapping[str, Any], secretary: Actor, until: dt.datetime, later: dt.timedelta
) -> None:
    for said in one.get("reports", ()):
        on = dt.date.fromisoformat(said["on"])
        reported = dt.datetime.combine(on, dt.time(16, 30), VN)
        answered = dt.datetime.combine(on + later, dt.time(9), VN)
        if reported > until or target.office_id is None:
            continue
        post = holder(target.office_id, Role.PLANNER, on)
        account = Account.objects.filter(person_id=post.person_id).first() if post else None
        is_answered = "waits" not in said and answered <= until
        report = TargetReport.objects.create(
            target=target,
            office_id=target.office_id,
            on=on,
            numerator=Decimal(said["numerator"]),
            denominator=Decimal(said["denominator"]) if said["denominator"] else None,
            note=said["note"],
            reported_by=account,
            reported_at=reported,
            answer="confirmed" if is_answered else "",
            answered_by_id=secretary.account_id if is_answered else None,
            answered_at=answered if is_answered else None,
        )
        by = actor_of(account.pk, on) if account else SYSTEM
        text = reported_text(report)
        History.objects.record(target.about, _("Báo số thực hiện"), by=by, at=reported, after=text)
        if is_answered:
            what = _("Xác nhận số báo cáo")
            History.objects.record(target.about, what, by=secretary, at=answered, after=text)
