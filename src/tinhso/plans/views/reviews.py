"""Reviews: the list, the drafting of one in one press, and its files."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import holders_only, who
from tinhso.plans.adapters.review_word import review_document
from tinhso.plans.adapters.word import DOCX_TYPE
from tinhso.plans.forms.reviews import PeriodForm
from tinhso.plans.permissions.reviews import DRAFTERS
from tinhso.plans.queries.reviews import heading_on, review_page, reviews_of, state_words
from tinhso.plans.rules.reviews import canonical
from tinhso.plans.services.draft_review import CannotDraft, draft_review
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import date_text

PER_PAGE = 50
_STATE_TAGS = {"draft": "warn", "submitted": "info", "approved": "ok"}


@require_safe
@insiders_only
def reviews(request: HttpRequest) -> HttpResponse:
    """List the reviews, the latest period first."""
    return render(request, "plans/reviews.html", _listed(request, _period_form(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*DRAFTERS)
def draft(request: HttpRequest) -> HttpResponse:
    """Draft the review of the period that is asked for."""
    form = _period_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_review(by=who(request), at=clock.now(), **form.cleaned_data)
        except CannotDraft as refused:
            form.add_error("last", str(refused))
        else:
            messages.success(request, _("Đã soạn bản thảo 1 và khóa số. Đọc lại, sửa chữ rồi trình."))
            return redirect("plans:review", code=made.code)
    return render(
        request,
        "plans/review_draft.html",
        {**frame(request, "reviews"), "form": form},
        status=422 if form.errors else 200,
    )


def _period_form(request: HttpRequest) -> PeriodForm:
    today = clock.today()
    usual = {"first": date_text(today.replace(month=1, day=1)), "last": date_text(today)}
    return PeriodForm(request.POST if request.method == "POST" else None, initial=usual)


def _listed(request: HttpRequest, form: PeriodForm) -> dict[str, Any]:
    by = who(request)
    rows = reviews_of(by)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    return {
        **frame(request, "reviews"),
        "form": form,
        "page": page,
        "rows": [(one, state_words(one.state), _STATE_TAGS[one.state]) for one in page],
        "may_draft": by.holds(*DRAFTERS),
        "tab": "reviews",
    }


@require_safe
@insiders_only
def word(request: HttpRequest, code: str) -> HttpResponse:
    """Give the review as Word, in the layout of official documents."""
    page = review_page(who(request), code)
    content = review_document(page, heading_on(clock.today()))
    return attached(content, f"{code}.docx", DOCX_TYPE)


@require_safe
@insiders_only
def figures_json(request: HttpRequest, code: str) -> HttpResponse:
    """Give the frozen figures in the very form whose SHA-256 was locked: the file proves the page."""
    page = review_page(who(request), code)
    return attached(canonical(page.figures).encode(), f"{code}.json", "application/json; charset=utf-8")


@require_safe
@insiders_only
def figures_csv(request: HttpRequest, code: str) -> HttpResponse:
    """Give the frozen figures as CSV."""
    page = review_page(who(request), code)
    response = attached(b"", f"{code}.csv", "text/csv; charset=utf-8")
    sheet = csv.writer(response)
    sheet.writerow(
        [
            "so",
            "khoa",
            "ten",
            "tu_so",
            "mau_so",
            "gia_tri",
            "don_vi",
            "ghi_chu",
            "nguon",
            "cong_thuc",
            "dem_luc",
        ]
    )
    for one in page.figures:
        numbers = (
            "" if value is None else f"{value:f}" for value in (one.numerator, one.denominator, one.value)
        )
        sheet.writerow(
            [
                one.ordinal,
                one.key,
                guarded(one.label),
                *numbers,
                one.unit,
                guarded(one.note),
                guarded(one.source),
                guarded(one.formula),
                one.counted_at.isoformat(),
            ]
        )
    return response


def attached(content: bytes, name: str, media_type: str) -> HttpResponse:
    """Answer with a file that the browser saves and nobody caches."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
