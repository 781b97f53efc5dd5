"""The public page of progress, and its figures as open data."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.progress import Progress, progress, public_tasks
from tinhso.plans.queries.tasks import shaped, with_sums
from tinhso.plans.views.board import months_words
from tinhso.plans.views.target_words import board_line
from tinhso.toolkit import clock
from tinhso.toolkit.public_page import public_page


@public_page
@require_safe
def progress_page(request: HttpRequest) -> HttpResponse:
    """Show everybody how far the province has come."""
    on = clock.today()
    found = progress(on)
    return render(
        request,
        "plans/progress.html",
        {
            "section": "statistics",
            "heading": _heading(found, months_words(on)),
            "found": found,
            "targets": [board_line(row) for row in found.targets],
            "on": on,
        },
    )


def _heading(found: Progress, months: str) -> str:
    if not found.finding.whole:
        return _("Chuyển đổi số của tỉnh")
    whole = {"months": months, "good": found.finding.good, "whole": found.finding.whole}
    return _("%(months)s: %(good)d trên %(whole)d chỉ tiêu chuyển đổi số kịp tiến độ") % whole


@require_safe
def progress_json(request: HttpRequest) -> HttpResponse:
    """Give the public targets and tasks as JSON."""
    on = clock.today()
    found = progress(on)
    groups = labels("groups")
    return JsonResponse(
        {
            "on": on.isoformat(),
            "targets": [_target(row, groups) for row in found.targets],
            "tasks": [
                {
                    "code": row.task.code,
                    "title": row.task.title,
                    "lead": row.task.lead.name,
                    "due": row.task.due.isoformat() if row.task.due else None,
                    "state": row.task.state,
                    "deadline": row.deadline.value if row.deadline else None,
                    "percent": row.percent,
                }
                for row in shaped(with_sums(public_tasks()).order_by("due", "id"), on)
            ],
            "plans": [
                {
                    "office": plan.office.name,
                    "first_year": plan.first_year,
                    "last_year": plan.last_year,
                    "number": plan.number,
                    "registered_at": plan.registered_at.isoformat() if plan.registered_at else None,
                }
                for plan in found.plans
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )


def _target(row: Any, groups: dict[str, str]) -> dict[str, Any]:
    actual = row.actual
    return {
        "code": row.target.code,
        "name": row.target.name,
        "group": groups.get(row.target.group, row.target.group),
        "unit": row.target.unit,
        "value": float(row.value) if row.value is not None else None,
        "numerator": float(actual.numerator) if actual and actual.numerator is not None else None,
        "denominator": float(actual.denominator) if actual and actual.denominator is not None else None,
        "on": actual.on.isoformat() if actual else None,
        "needed": float(row.needed.value) if row.needed else None,
        "goal": float(row.goal.value) if row.goal else None,
        "light": row.light.value,
        "source": row.source,
        "is_verified": row.target.is_verified,
    }
