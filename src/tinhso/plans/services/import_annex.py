"""Put the rows of a file in the place of a plan's annex, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.annex import AnnexImported
from tinhso.plans.models import History, Plan
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.queries.annex import rows_now, shape
from tinhso.plans.rules.annex import MOST_ROWS, Change, differences, digest, faults_of
from tinhso.plans.rules.plans import Row
from tinhso.plans.services.replace_rows import RowHasMoney, replace_rows
from tinhso.plans.services.take_snapshot import take_snapshot
from tinhso.toolkit.words import number


class CannotImport(ValueError):
    """The rows cannot take the annex's place; the sentence says what to do."""


class AnnexMoved(CannotImport):
    """Somebody else wrote in the annex since it was compared with the file."""


@transaction.atomic
def import_annex(*, by: Actor, at: dt.datetime, pk: int, rows: Sequence[Row], seen: str) -> Plan:
    """Make the annex be these rows; what it was is kept as a draft first, and the next draft begins.

    ``seen``: the digest of the annex with which the rows were compared. Raises ``NotThere``, ``AnnexMoved`` where the annex
    is another one by now, and ``CannotImport`` for rows that break the rules or would take away a row with money.
    """
    plan = PLANS.one(by, MayPlan.WRITE, pk=pk)
    before = rows_now(plan)
    if digest(before) != seen:
        raise AnnexMoved(_("Người khác vừa sửa phụ lục. Xem lại chỗ khác rồi nhập."))
    _check(rows)
    found = differences(before, rows)
    if not found and list(rows) == before:
        raise CannotImport(_("Tệp giống hệt phụ lục đang có. Không có gì để nhập."))
    took = take_snapshot(plan, by=by, at=at, note=_("Trước khi nhập từ tệp Excel"))
    try:
        replace_rows(plan, rows)
    except RowHasMoney as refused:
        raise CannotImport(str(refused)) from refused
    counts = Counter(one.change for one in found)
    History.objects.record(
        plan.about,
        _("Nhập phụ lục từ Excel"),
        by=by,
        at=at,
        before=_("%(n)s nhiệm vụ, bản nháp %(draft)d") % {"n": number(len(before)), "draft": took.number},
        after=_("%(n)s nhiệm vụ, bản nháp %(draft)d") % {"n": number(len(rows)), "draft": plan.draft_number},
    )
    announce(
        AnnexImported(
            plan.pk,
            len(rows),
            counts[Change.ADDED],
            counts[Change.REMOVED],
            counts[Change.CHANGED],
        ),
        about=plan.about,
        by=by,
        at=at,
    )
    return plan


def _check(rows: Sequence[Row]) -> None:
    """Hold every row against the rules again: what comes back from a page is not trusted."""
    if not 0 < len(rows) <= MOST_ROWS:
        raise CannotImport(
            _("Phụ lục có từ 1 đến %(n)s nhiệm vụ. Sửa tệp rồi chọn lại.") % {"n": number(MOST_ROWS)}
        )
    known = shape()
    longest = {column.key: column.longest for column in known.columns if column.kind == "text"}
    offices = {row.lead_office for row in rows if row.lead_office is not None}
    for place, row in enumerate(rows, 1):
        if faults_of(row, longest, known.groups.keys(), known.sources.keys()):
            raise CannotImport(
                _("Nhiệm vụ %(n)s không còn đúng mẫu. Chọn lại tệp từ đầu.") % {"n": number(place)}
            )
    if Office.objects.filter(pk__in=offices).count() != len(offices):
        raise CannotImport(_("Một cơ quan chủ trì không còn nữa. Chọn lại tệp từ đầu."))
