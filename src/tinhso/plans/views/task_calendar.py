"""The filtered tasks as files: a table for a spreadsheet, a calendar of due days."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import who
from tinhso.plans.adapters.ics import DueDay, calendar_file
from tinhso.plans.adapters.sheets import XLSX_TYPE, SheetColumn, write_rows
from tinhso.plans.forms.task_filters import address_of
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Task
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.task_views import asked_rows, listed_rows
from tinhso.plans.queries.tasks import OPEN, TaskRow, shaped
from tinhso.plans.rules.sheet_cells import Cell
from tinhso.plans.views.frame import insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import date_text, moment_text

#: A file holds so many tasks; the page says when there are more.
MOST_ROWS: Final = 20_000
_NAME: Final = "nhiem-vu"


@require_safe
@insiders_only
def tasks_csv(request: HttpRequest) -> HttpResponse:
    """Give the filtered tasks as CSV, UTF-8 with a mark that Excel knows."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.title for column in _columns()])
    writer.writerows([guarded(_text(cell)) for cell in _cells(row)] for row in _rows(request))
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    return _named(response, "csv")


@require_safe
@insiders_only
def tasks_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the filtered tasks as a sheet of Excel."""
    now = clock.now()
    content = write_rows(
        [_("Nhiệm vụ chuyển đổi số"), _("Lập lúc %(at)s") % {"at": moment_text(now)}],
        _columns(),
        [_cells(row) for row in _rows(request)],
        name=_("Nhiệm vụ"),
        made_at=now,
    )
    return _named(HttpResponse(content, content_type=XLSX_TYPE), "xlsx")


@require_safe
@insiders_only
def tasks_ics(request: HttpRequest) -> HttpResponse:
    """Give the due days of the filtered tasks that are not done, as a calendar file (RFC 5545)."""
    by, today = who(request), clock.today()
    rows = asked_rows(by, address_of(request.GET).asked, today).filter(due__isnull=False, state__in=OPEN)
    days = [_due_day(task) for task in rows.select_related("lead").order_by("due", "id")[:MOST_ROWS]]
    content = calendar_file(_("Hạn nhiệm vụ chuyển đổi số"), days, at=clock.now())
    return _named(HttpResponse(content, content_type="text/calendar; charset=utf-8"), "ics")


def _due_day(task: Task) -> DueDay:
    assert task.due is not None
    names = labels("tags")
    return DueDay(
        uid=f"{task.code.lower()}@{settings.TINHSO_PUBLIC_ADDRESS.split('//')[-1].split('/')[0]}",
        day=task.due,
        title=_("Hạn: %(title)s") % {"title": task.title},
        details="\n".join(
            line
            for line in (
                _("Chủ trì: %(office)s") % {"office": task.lead.short_name},
                _("Sản phẩm: %(product)s") % {"product": task.product} if task.product else "",
                _("Mã: %(code)s") % {"code": task.code},
            )
            if line
        ),
        url=settings.TINHSO_PUBLIC_ADDRESS + reverse("plans:task", args=[task.code]),
        labels=[names.get(tag, tag) for tag in task.tags],
        changed_at=task.assigned_at,
        sequence=0 if task.due == task.original_due else 1,
        is_cancelled=task.state == TaskState.WITHDRAWN,
    )


def _rows(request: HttpRequest) -> list[TaskRow]:
    asked, today = address_of(request.GET).asked, clock.today()
    rows = listed_rows(who(request), asked, today)
    return shaped(rows[:MOST_ROWS], today)


def _columns() -> Sequence[SheetColumn]:
    return (
        SheetColumn(_("Mã"), 12),
        SheetColumn(_("Nhiệm vụ"), 60),
        SheetColumn(_("Chủ trì"), 28),
        SheetColumn(_("Trạng thái"), 18),
        SheetColumn(_("Bắt đầu"), 12, "date"),
        SheetColumn(_("Hạn"), 12, "date"),
        SheetColumn(_("Đang ở đâu so với hạn"), 26),
        SheetColumn(_("Hoàn thành ngày"), 14, "date"),
        SheetColumn(_("Tiến độ, phần trăm"), 12, "number"),
        SheetColumn(_("Đã xác nhận"), 12, "number"),
        SheetColumn(_("Phải đạt"), 12, "number"),
        SheetColumn(_("Đơn vị"), 12),
        SheetColumn(_("Sản phẩm"), 40),
        SheetColumn(_("Vướng ở đâu"), 40),
        SheetColumn(_("Nhóm"), 20),
        SheetColumn(_("Nhãn"), 24),
    )


def _cells(row: TaskRow) -> list[Cell]:
    task = row.task
    names = labels("tags")
    return [
        task.code,
        task.title,
        task.lead.short_name,
        row.state_words,
        task.starts,
        task.due,
        row.words,
        task.done_on,
        Decimal(row.percent),
        Decimal(row.confirmed) if task.quantity else None,
        Decimal(task.quantity) if task.quantity else None,
        task.unit,
        task.product,
        task.blocker,
        labels("groups").get(task.group, ""),
        ", ".join(names.get(tag, tag) for tag in task.tags),
    ]


def _text(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return int(cell)
    return cell if isinstance(cell, str) else date_text(cell)


def _named(response: HttpResponse, kind: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{_NAME}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response
