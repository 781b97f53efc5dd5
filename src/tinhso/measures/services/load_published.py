"""Let the demo's cast publish the months that are over, and enter what the province reported."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from tinhso.directory.api import Account, Actor, actor_of
from tinhso.measures.models import Publication, ReportedFigure
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.figures import counting
from tinhso.measures.rules import last_day_of
from tinhso.measures.services.prepare_publication import prepare_publication
from tinhso.measures.services.publish_figures import publish_figures
from tinhso.measures.services.report_figure import Reported, report_figure

_STATISTICIAN, _APPROVER = "ngan", "tham"


@transaction.atomic
def load_published(*, until: dt.datetime) -> int:
    """Publish each counted month of the year that is over, and enter the reported figures; once.

    Returns how many months.
    """
    if Publication.objects.exists() or ReportedFigure.objects.exists():
        return 0
    statistician, approver = (_actor(name, until) for name in (_STATISTICIAN, _APPROVER))
    for said in document("reported_demo")["figures"]:
        first, last = (dt.date.fromisoformat(said[name]) for name in ("first", "last"))
        if last <= until.date():
            reported = Reported(
                **said
                | {"first": first, "last": last, "value": Decimal(said["value"]), "document_date": None}
            )
            report_figure(by=statistician, at=until, reported=reported)
    every = [dt.date(until.year, n, 1) for n in range(1, until.month)]
    months = [month for month in every if not counting(month, last_day_of(month)).uncounted]
    for month in months:
        made = prepare_publication(
            by=statistician,
            at=until,
            title=f"Giải quyết thủ tục hành chính tháng {month.month} năm {month.year}",
            first=month,
            last=last_day_of(month),
        )
        publish_figures(
            by=approver, at=until, code=made.code, document_number=f"{40 + month.month}/TB-VPUB (minh họa)"
        )
    return len(months)


def _actor(name: str, at: dt.datetime) -> Actor:
    return actor_of(Account.objects.get(username=name).pk, at.date())
