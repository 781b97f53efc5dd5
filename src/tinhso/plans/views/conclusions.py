"""The conclusion of a meeting: drafted from the review, written in the meeting, issued, and as Word."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import holders_only, who
from tinhso.plans.adapters.review_word import conclusion_document
from tinhso.plans.adapters.word import DOCX_TYPE
from tinhso.plans.forms.reviews import AssignmentForm, NumberForm, OpeningForm
from tinhso.plans.models import Conclusion, ConclusionLine
from tinhso.plans.permissions import CHAIR
from tinhso.plans.permissions.reviews import CONCLUDERS, CONCLUSION_LINES, CONCLUSIONS, MayConclude
from tinhso.plans.queries.meetings import ConclusionPage, conclusion_page
from tinhso.plans.queries.reviews import heading_on
from tinhso.plans.queries.task_views import place_of, places
from tinhso.plans.services.draft_conclusion import CannotDraftConclusion, draft_conclusion
from tinhso.plans.services.issue_conclusion import CannotIssue, issue_conclusion
from tinhso.plans.services.remove_conclusion_line import remove_conclusion_line
from tinhso.plans.services.save_conclusion_line import CannotSaveLine, save_conclusion_line
from tinhso.plans.services.write_opening import CannotOpen, write_opening
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.reviews import attached
from tinhso.toolkit import clock
from tinhso.toolkit.words import date_text


@require_safe
@insiders_only
def conclusion(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the conclusion of a meeting; while it is a draft, with the boxes to write in."""
    return _shown(request, conclusion_page(who(request), pk))


def _shown(request: HttpRequest, page: ConclusionPage, **forms: Any) -> HttpResponse:
    by = who(request)
    one = page.conclusion
    context = {
        **frame(request, "reviews"),
        "page": page,
        "one": one,
        "meeting": page.meeting,
        "may_write": CONCLUSIONS.holds(by, MayConclude.WRITE, one),
        "may_issue": CONCLUSIONS.holds(by, MayConclude.ISSUE, one),
        "line_form": AssignmentForm(places=places(clock.today())),
        "opening_form": OpeningForm(initial={"text": one.opening}),
        "number_form": NumberForm(),
        "places": places(clock.today()),
        "history": page.history,
        **forms,
    }
    is_wrong = any(form.errors for form in forms.values())
    return render(request, "plans/conclusion.html", context, status=422 if is_wrong else 200)


@require_POST
@holders_only(*CONCLUDERS)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the conclusion from what the review says is to be done next."""
    try:
        draft_conclusion(by=who(request), at=clock.now(), meeting=pk)
    except CannotDraftConclusion as refused:
        messages.warning(request, str(refused))
    return redirect("plans:conclusion", pk=pk)


@require_POST
@holders_only(*CONCLUDERS)
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an assignment, as it is said in the meeting."""
    one = _written(request, pk)
    form = AssignmentForm(request.POST, places=places(clock.today()))
    if form.is_valid():
        try:
            save_conclusion_line(by=who(request), at=clock.now(), conclusion=one.pk, said=form.said)
        except CannotSaveLine as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Đã thêm việc. Gõ tiếp việc sau được ngay."))
            return redirect(f"{request.path.removesuffix('viec/')}#them")
    return _shown(request, conclusion_page(who(request), pk), line_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*CONCLUDERS)
def edit_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Write an assignment anew."""
    by, today = who(request), clock.today()
    row = CONCLUSION_LINES.look(by, MayConclude.WRITE, pk=line, conclusion__meeting_id=pk)
    form = AssignmentForm(
        request.POST if request.method == "POST" else None, initial=_typed(row), places=places(today)
    )
    if request.method == "POST" and form.is_valid():
        try:
            save_conclusion_line(
                by=by, at=clock.now(), conclusion=row.conclusion_id, said=form.said, line=line
            )
        except CannotSaveLine as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Đã ghi việc."))
            return redirect("plans:conclusion", pk=pk)
    context = {**frame(request, "reviews"), "row": row, "pk": pk, "form": form, "places": places(today)}
    return render(request, "plans/conclusion_line.html", context, status=422 if form.errors else 200)


def _typed(row: ConclusionLine) -> dict[str, Any]:
    today = clock.today()
    labels = {one.pk: label for label, one in places(today).items()}
    return {
        "text": row.text,
        "lead": place_of(row.lead, today) if row.lead else "",
        "due": date_text(row.due) if row.due else "",
        "partners": "\n".join(labels[pk] for pk in row.partners if pk in labels),
        "product": row.product,
    }


@require_POST
@holders_only(*CONCLUDERS)
def remove_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Take an assignment out."""
    one = _written(request, pk)
    remove_conclusion_line(by=who(request), at=clock.now(), conclusion=one.pk, line=line)
    messages.success(request, _("Đã bỏ việc khỏi kết luận."))
    return redirect("plans:conclusion", pk=pk)


@require_POST
@holders_only(*CONCLUDERS)
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the opening words."""
    one, form = _written(request, pk), OpeningForm(request.POST)
    if form.is_valid():
        try:
            write_opening(by=who(request), at=clock.now(), conclusion=one.pk, text=form.cleaned_data["text"])
        except CannotOpen as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("Đã ghi lời mở đầu."))
            return redirect("plans:conclusion", pk=pk)
    return _shown(request, conclusion_page(who(request), pk), opening_form=form)


@require_POST
@holders_only(*CHAIR)
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the conclusion under a number: its lines are tasks at once."""
    by, form = who(request), NumberForm(request.POST)
    one = CONCLUSIONS.look(by, MayConclude.ISSUE, meeting_id=pk)
    if form.is_valid():
        try:
            issued = issue_conclusion(
                by=by, at=clock.now(), conclusion=one.pk, number=form.cleaned_data["number"]
            )
        except CannotIssue as refused:
            form.add_error("number", str(refused))
        else:
            n = issued.lines.filter(task__isnull=False).count()
            messages.success(request, _("Đã ban hành. %(n)d việc thành nhiệm vụ.") % {"n": n})
            return redirect("plans:conclusion", pk=pk)
    return _shown(request, conclusion_page(by, pk), number_form=form)


@require_safe
@insiders_only
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the conclusion notice as Word, in the layout of official documents."""
    page = conclusion_page(who(request), pk)
    content = conclusion_document(page, heading_on(clock.today()))
    return attached(content, f"ket-luan-{pk}.docx", DOCX_TYPE)


def _written(request: HttpRequest, meeting: int) -> Conclusion:
    return CONCLUSIONS.look(who(request), MayConclude.WRITE, meeting_id=meeting)


def _tell(form: AssignmentForm, refused: CannotSaveLine) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
