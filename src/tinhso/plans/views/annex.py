"""Pages of annexes: a file in and out, two drafts beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import who
from tinhso.plans.adapters.annex_files import annex_sheet, plan_word
from tinhso.plans.adapters.sheets import XLSX_TYPE, SheetRefused
from tinhso.plans.adapters.word import DOCX_TYPE
from tinhso.plans.forms.annex import SealBroken, cells_of, draft_asked, page_asked, sealed, unsealed
from tinhso.plans.models import Plan
from tinhso.plans.permissions.plans import MayPlan
from tinhso.plans.queries.annex import (
    comparison,
    opinions_adrift,
    plan_for,
    rows_now,
    shape,
    sheet_reading,
)
from tinhso.plans.queries.plan_paper import plan_paper
from tinhso.plans.rules.annex import differences
from tinhso.plans.rules.annex_reading import NoTable
from tinhso.plans.rules.plans import Row, millions
from tinhso.plans.services.import_annex import AnnexMoved, CannotImport, import_annex
from tinhso.plans.views.annex_words import counted, lines_of
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.words import number

#: So many faults are listed; the number of all is said.
MOST_FAULTS: Final = 200
#: So many places that differ are listed on a page.
PAGE: Final = 100


@insiders_only
@require_safe
def annex_excel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the annex as a spreadsheet, which is also the form to fill in and bring back."""
    plan = plan_for(who(request), MayPlan.READ, pk)
    mark = "" if plan.number else _("Bản nháp %(n)d") % {"n": plan.draft_number}
    content = annex_sheet(plan.title, rows_now(plan), shape(), made_at=plan.saved_at, mark=mark)
    return _file(content, XLSX_TYPE, f"phu-luc-{plan.pk}.xlsx")


@insiders_only
@require_safe
def annex_word(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the plan with its annex as a Word file in the official layout."""
    plan = plan_for(who(request), MayPlan.READ, pk)
    return _file(
        plan_word(plan_paper(plan), shape(), made_at=plan.saved_at), DOCX_TYPE, f"ke-hoach-{plan.pk}.docx"
    )


@insiders_only
@require_safe
def annex_compare(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show what differs between a draft of an annex and a later one, by default the annex as it stands."""
    plan = plan_for(who(request), MayPlan.READ_MAKING, pk)
    found = comparison(plan, number, draft_asked(request.GET.get("den", "")))
    lines = lines_of(found.differences)
    pages = max(1, -(-len(lines) // PAGE))
    page = min(page_asked(request.GET.get("trang", "")), pages)
    return render(
        request,
        "plans/annex_compare.html",
        {
            **frame(request, "plans"),
            "plan": plan,
            "found": found,
            "lines": lines[(page - 1) * PAGE : page * PAGE],
            "counted": counted(found.differences),
            "page": page,
            "pages": pages,
        },
    )


@insiders_only
@require_http_methods(["GET", "HEAD", "POST"])
def annex_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a file, show what it would change or every cell that must be mended; at the second press take it."""
    by = who(request)
    plan = plan_for(by, MayPlan.WRITE, pk)
    context: dict[str, Any] = {**frame(request, "plans"), "plan": plan, "columns": shape().columns}
    if request.method != "POST":
        return render(request, "plans/annex_import.html", context)
    try:
        if "hang" in request.POST:
            return _take(request, plan, context)
        reading = sheet_reading(plan, cells_of(request.FILES.get("tep")), clock.today())
        if not reading.faults:
            context |= _previewed(plan, reading.rows, by.person_id)
            return render(request, "plans/annex_import.html", context)
        context |= {
            "faults": [fault.sentence for fault in reading.faults[:MOST_FAULTS]],
            "n_faults": len(reading.faults),
            "most_faults": MOST_FAULTS,
        }
    except (SheetRefused, NoTable, SealBroken, CannotImport) as refused:
        context["error"] = str(refused)
    return render(request, "plans/annex_import.html", context, status=422)


def _take(request: HttpRequest, plan: Plan, context: dict[str, Any]) -> HttpResponse:
    """Import the rows that were shown; where the annex moved on, show anew what they would change."""
    by = who(request)
    kept = unsealed(request.POST["hang"], plan.pk, by.person_id)
    try:
        done = import_annex(by=by, at=clock.now(), pk=plan.pk, rows=kept.rows, seen=kept.seen)
    except AnnexMoved as moved:
        context |= {**_previewed(plan, kept.rows, by.person_id), "moved": str(moved)}
        return render(request, "plans/annex_import.html", context, status=422)
    messages.success(
        request,
        _("Đã nhập %(n)s nhiệm vụ, nay là bản nháp %(draft)d. Bản trước vẫn giữ để so.")
        % {"n": number(len(kept.rows)), "draft": done.draft_number},
    )
    return redirect("plans:plan", pk=plan.pk)


def _previewed(plan: Plan, rows: Sequence[Row], person: int | None) -> dict[str, Any]:
    before = rows_now(plan)
    found = differences(before, rows)
    lines = lines_of(found)
    return {
        "rows": rows,
        "total": millions(sum(row.amount for row in rows)),
        "lines": lines[:PAGE],
        "n_lines": len(lines),
        "counted": counted(found),
        "is_same": not found and list(rows) == before,
        "is_first": not before,
        "adrift": opinions_adrift(plan, before, rows),
        "sealed": sealed(plan.pk, person, before, rows),
    }


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
