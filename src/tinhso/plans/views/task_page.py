"""The page of one task, and the answer to the report that waits on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinhso.directory.api import who
from tinhso.plans.forms.tasks import RECURRENCES
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Evidence
from tinhso.plans.permissions.tasks import MayTask
from tinhso.plans.queries.history import history_of, reminders_of
from tinhso.plans.queries.targets import standing
from tinhso.plans.queries.task_days import task_days
from tinhso.plans.queries.task_page import TaskPage, task_page
from tinhso.plans.queries.task_views import belongs, used_before
from tinhso.plans.services.answer_task_report import CannotAnswer, answer_task_report
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.task_words import bar_of
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import visible

_LONGEST: Final = 1_000
RETURNS_ALL: Final = "tra-ca"


@require_safe
@insiders_only
def task(request: HttpRequest, code: str) -> HttpResponse:
    """Show a task as far as the reader may see it."""
    page = task_page(who(request), code, clock.today())
    return render(request, "plans/task.html", _context(request, page))


@require_POST
@insiders_only
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm or return each piece of the report that waits, or return it whole."""
    by, now = who(request), clock.now()
    page = task_page(by, code, clock.today())
    report = page.waiting_report
    if report is not None and not page.may_answer_report:
        raise NotThere
    if report is None or request.POST.get("bao-cao") != str(report.pk):
        messages.warning(request, _("Báo cáo này đã có người trả lời. Xem kết quả bên dưới."))
        return redirect("plans:task", code=code)
    typed = {key: visible(str(value)).strip()[:_LONGEST] for key, value in request.POST.items()}
    wrong: dict[str, str] = {}
    text = typed.get("noi-them", "")
    is_whole = typed.get("viec") == RETURNS_ALL
    verdicts: dict[int, str] = {}
    if is_whole and not text:
        wrong["noi-them"] = _("Chưa có lý do trả lại cả báo cáo. Viết một, hai câu.")
    elif not is_whole:
        verdicts, wrong = _verdicts(list(report.evidence.all()), typed)
    if not wrong:
        try:
            answer_task_report(
                by=by,
                at=now,
                report=report.pk,
                verdicts=verdicts,
                returned=text if is_whole else "",
                text="" if is_whole else text,
            )
        except CannotAnswer as refused:
            wrong["noi-them"] = str(refused)
        else:
            messages.success(request, _said(verdicts, is_whole=is_whole))
            return redirect("plans:task", code=code)
    context = _context(request, page, typed, wrong)
    return render(request, "plans/task.html", context, status=422)


def _verdicts(pieces: list[Evidence], typed: Mapping[str, str]) -> tuple[dict[int, str], dict[str, str]]:
    """Return why each piece is returned (blank: confirmed), and what is wrong by box."""
    verdicts: dict[int, str] = {}
    wrong: dict[str, str] = {}
    for piece in pieces:
        chosen = typed.get(f"y-{piece.pk}", "")
        why = typed.get(f"ly-do-{piece.pk}", "")
        if chosen not in ("confirmed", "returned"):
            wrong[f"y-{piece.pk}"] = _("Chọn xác nhận hoặc trả lại “%(label)s”.") % {"label": piece.label}
        elif chosen == "returned" and not why:
            wrong[f"ly-do-{piece.pk}"] = _("Chưa có lý do trả lại “%(label)s”. Viết một câu.") % {
                "label": piece.label
            }
        verdicts[piece.pk] = why if chosen == "returned" else ""
    return verdicts, wrong


def _said(verdicts: Mapping[int, str], *, is_whole: bool) -> str:
    returned = sum(1 for why in verdicts.values() if why)
    confirmed = len(verdicts) - returned
    if is_whole:
        return _("Đã trả lại cả báo cáo. Cơ quan chủ trì được báo.")
    if returned:
        return _("Đã xác nhận %(yes)d bằng chứng, trả lại %(no)d.") % {"yes": confirmed, "no": returned}
    return _("Đã xác nhận %(yes)d bằng chứng.") % {"yes": confirmed} if confirmed else _("Đã xác nhận.")


def _context(
    request: HttpRequest,
    page: TaskPage,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    by, now, one = who(request), clock.now(), page.row.task
    pieces = list(page.waiting_report.evidence.all()) if page.waiting_report else []
    used = used_before(pieces) if page.may_answer_report else {}
    typed, wrong, belonging = typed or {}, wrong or {}, belongs(by, one)
    return {
        **frame(request, "tasks"),
        "page": page,
        "task": one,
        "row": page.row,
        "bar": bar_of(by, page),
        "belongs": belonging,
        "days": task_days(one, clock.today()),
        "history": history_of(one.about),
        "reminders": reminders_of(one.about),
        "figure": _figure(page),
        "pieces": [
            {
                "piece": piece,
                "used": used.get(piece.pk, ()),
                "chosen": typed.get(f"y-{piece.pk}", ""),
                "why": typed.get(f"ly-do-{piece.pk}", ""),
                "wrong": wrong.get(f"y-{piece.pk}", ""),
                "wrong_why": wrong.get(f"ly-do-{piece.pk}", ""),
            }
            for piece in pieces
        ],
        "counts_one_each": bool(one.unit) and all(piece.quantity == 1 for piece in pieces),
        "typed_text": typed.get("noi-them", ""),
        "wrong": wrong,
        "answered": [report for report in page.reports if report.answer],
        "last_report": page.reports[0] if page.reports else None,
        "part_total": sum(part.task.quantity or 0 for part in page.parts),
        "may_comment": MayTask.COMMENT in page.offered,
        "may_link": MayTask.LINK in page.offered,
        "target_words": standing(belonging.actual, belonging.target.unit)
        if belonging.target and belonging.actual
        else "",
        "recurs": RECURRENCES.get(one.recurrence, ""),
        "undo": one.state == TaskState.NOT_STARTED
        and "vua-giao" in request.GET
        and one.assigned_by_id == by.account_id
        and one.assigned_at.astimezone(VN).date() == now.astimezone(VN).date(),
    }


def _figure(page: TaskPage) -> dict[str, Any]:
    """Return how far the task has come: a percent with its denominator, and the addition that makes it."""
    row, one = page.row, page.row.task
    if not one.quantity:
        return {"percent": row.percent, "lines": (), "total": None}

    def pieces(n: int) -> str:
        return f"{n:,} {one.unit}".replace(",", ".")

    lines = [(_("Đã xác nhận"), pieces(row.confirmed))]
    if page.claimed:
        lines.append((_("Đã báo, chờ xác nhận"), pieces(page.claimed)))
    if page.in_parts:
        lines.append((_("Việc con đang làm"), pieces(page.in_parts)))
    lines.append((_("Chưa báo, chưa giao"), pieces(page.left)))
    return {
        "percent": f"{100 * row.confirmed / one.quantity:.1f}".replace(".", ","),
        "lines": lines,
        "total": (_("Phải đạt"), pieces(one.quantity)),
    }
