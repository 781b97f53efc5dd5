"""One review: read as it is printed, its words edited, its figures locked anew, submitted, returned, approved."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import holders_only, who
from tinhso.plans.forms.reviews import CauseForm, NextForm, NumberForm, ReturnForm, WordsForm
from tinhso.plans.models import ReviewLine
from tinhso.plans.permissions import CHAIR
from tinhso.plans.permissions.reviews import DRAFTERS, REVIEW_LINES, REVIEWS, MayReview
from tinhso.plans.queries.review_kinds import kind_of
from tinhso.plans.queries.reviews import SECTION_TITLES, ReviewPage, differences, review_page, state_words
from tinhso.plans.queries.task_views import place_of, places
from tinhso.plans.rules.drafting import LATE, NEXT
from tinhso.plans.rules.reviews import figure_text, plain_text
from tinhso.plans.services.add_review_line import add_review_line
from tinhso.plans.services.approve_review import CannotApprove, approve_review
from tinhso.plans.services.edit_review_line import CannotWriteLine, Words, edit_review_line
from tinhso.plans.services.lock_figures import lock_figures
from tinhso.plans.services.remove_review_line import remove_review_line
from tinhso.plans.services.return_review import CannotReturn, return_review
from tinhso.plans.services.submit_review import CannotSubmit, submit_review
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.words import date_text

#: A form of a line: of words, of a cause alone, of what is to be done.
LineForm = forms.Form


@require_safe
@insiders_only
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Show the review as it is printed, with what may be done to it."""
    return render(request, "plans/review.html", _context(request, review_page(who(request), code)))


def _context(request: HttpRequest, page: ReviewPage, form: NumberForm | None = None) -> dict[str, Any]:
    by = who(request)
    rights = {
        name: REVIEWS.holds(by, may, page.review)
        for name, may in (("may_edit", MayReview.EDIT), ("may_decide", MayReview.APPROVE))
    }
    return {
        **frame(request, "reviews"),
        **rights,
        "page": page,
        "one": page.review,
        "state": state_words(page.review.state),
        "form": form or NumberForm(),
        "refused": "",
    }


@require_safe
@insiders_only
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Show which figures would be others if they were locked now; a part of the page asks for the sentence alone."""
    page = review_page(who(request), code)
    moved = differences(page.review, page.figures, clock.now())
    context: dict[str, Any] = {"page": page, "one": page.review, "moved": [_moved(one) for one in moved]}
    if request.headers.get("HX-Request") == "true":
        return render(request, "plans/review_moved.html", context)
    return render(request, "plans/review_differences.html", {**frame(request, "reviews"), **context})


def _moved(one: Any) -> dict[str, str]:
    def words(figure: Any) -> str:
        if figure is None:
            return _("không có")
        value = figure_text(figure.value, figure.unit, kind_of(figure.key).places)
        if figure.denominator is None:
            return value
        parts = {"part": plain_text(figure.numerator), "whole": plain_text(figure.denominator)}
        return f"{value} ({_('%(part)s trên %(whole)s') % parts})"

    return {"label": one.label, "frozen": words(one.frozen), "live": words(one.live)}


@require_POST
@holders_only(*DRAFTERS)
def lock(request: HttpRequest, code: str) -> HttpResponse:
    """Lock the figures anew: a new number of the draft."""
    found = lock_figures(by=who(request), at=clock.now(), code=code)
    messages.success(
        request, _("Đã khóa lại số: bản thảo %(n)d. Chữ đã sửa vẫn giữ.") % {"n": found.draft_number}
    )
    return redirect("plans:review", code=code)


@require_POST
@holders_only(*DRAFTERS)
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """Lay the review before the chair."""
    try:
        submit_review(by=who(request), at=clock.now(), code=code)
    except CannotSubmit as refused:
        context = _context(request, review_page(who(request), code)) | {"refused": str(refused)}
        return render(request, "plans/review.html", context, status=422)
    messages.success(request, _("Đã trình Trưởng ban. Từ nay số không đổi nữa."))
    return redirect("plans:review", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*CHAIR)
def send_back(request: HttpRequest, code: str) -> HttpResponse:
    """Return the review with a reason."""
    by = who(request)
    one = REVIEWS.look(by, MayReview.RETURN, code=code)
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return_review(by=by, at=clock.now(), code=code, **form.cleaned_data)
        except CannotReturn as refused:
            form.add_error("reason", str(refused))
        else:
            messages.success(request, _("Đã trả lại. Người soạn được báo."))
            return redirect("plans:review", code=code)
    context = {**frame(request, "reviews"), "one": one, "form": form}
    return render(request, "plans/review_return.html", context, status=422 if form.errors else 200)


@require_POST
@holders_only(*CHAIR)
def approve(request: HttpRequest, code: str) -> HttpResponse:
    """Approve the review under a number."""
    by, form = who(request), NumberForm(request.POST)
    REVIEWS.look(by, MayReview.APPROVE, code=code)
    if form.is_valid():
        try:
            approve_review(by=by, at=clock.now(), code=code, **form.cleaned_data)
        except CannotApprove as refused:
            form.add_error("number", str(refused))
        else:
            messages.success(request, _("Đã duyệt báo cáo. Các cơ quan đọc được từ bây giờ."))
            return redirect("plans:review", code=code)
    context = _context(request, review_page(by, code), form)
    return render(request, "plans/review.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*DRAFTERS)
def add_line(request: HttpRequest, code: str, section: str) -> HttpResponse:
    """Add a line of words to a section."""
    by = who(request)
    one = REVIEWS.look(by, MayReview.EDIT, code=code)
    if section not in SECTION_TITLES:
        raise Http404
    form = _line_form(request, section)
    if request.method == "POST" and form.is_valid():
        try:
            add_review_line(by=by, at=clock.now(), code=code, section=section, words=_words(form))
        except CannotWriteLine as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Đã thêm dòng."))
            return redirect("plans:review", code=code)
    return _line_page(request, form, {"one": one, "section": section, "title": SECTION_TITLES[section]})


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*DRAFTERS)
def edit_line(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Write a line anew."""
    by = who(request)
    row = REVIEW_LINES.look(by, MayReview.EDIT, pk=pk, review__code=code)
    form = _line_form(request, row.section, row)
    if request.method == "POST" and form.is_valid():
        try:
            edit_review_line(by=by, at=clock.now(), code=code, line=pk, words=_words(form, row))
        except CannotWriteLine as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Đã ghi dòng. Bản máy soạn vẫn xem được ở Lịch sử."))
            return redirect("plans:review", code=code)
    title = SECTION_TITLES.get(row.section, _("Nhiệm vụ trễ"))
    return _line_page(request, form, {"one": row.review, "row": row, "section": row.section, "title": title})


@require_POST
@holders_only(*DRAFTERS)
def remove_line(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take a line out."""
    try:
        remove_review_line(by=who(request), at=clock.now(), code=code, line=pk)
    except CannotWriteLine as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Đã bỏ dòng."))
    return redirect("plans:review", code=code)


def _line_form(request: HttpRequest, section: str, row: ReviewLine | None = None) -> LineForm:
    data = request.POST if request.method == "POST" else None
    today = clock.today()
    at_first: dict[str, Any] = {}
    if row is not None:
        at_first = {
            "text": row.text,
            "cause": row.cause,
            "lead": place_of(row.lead, today) if row.lead else "",
            "due": date_text(row.due) if row.due else "",
            "product": row.product,
        }
    kind = {LATE: CauseForm, NEXT: NextForm}.get(section, WordsForm)
    return kind(data, initial=at_first, places=places(today))


def _words(form: LineForm, row: ReviewLine | None = None) -> Words:
    typed = form.cleaned_data
    lead = typed.get("lead")
    text = typed.get("text", row.text if row else "")
    return Words(
        text, typed.get("cause", ""), lead.pk if lead else None, typed.get("due"), typed.get("product", "")
    )


def _tell(form: LineForm, refused: CannotWriteLine) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _line_page(request: HttpRequest, form: LineForm, said: dict[str, Any]) -> HttpResponse:
    context = {**frame(request, "reviews"), **said, "form": form, "places": places(clock.today())}
    return render(request, "plans/review_line.html", context, status=422 if form.errors else 200)
