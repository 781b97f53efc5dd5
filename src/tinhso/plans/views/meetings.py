"""Meetings: the list, one with agenda, offices and minutes, what lies on the table, its papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import holders_only, who
from tinhso.documents.api import (
    FileNotKept,
    SandboxNotStarted,
    Upload,
    UploadRefused,
    contents_of,
    read,
    take_upload,
)
from tinhso.plans.forms.reviews import MeetingForm, MinutesForm, marks_of, minutes_of
from tinhso.plans.models import AgendaItem
from tinhso.plans.permissions.reviews import AGENDA, CONCLUDERS, DRAFTERS, MEETINGS, MayMeet
from tinhso.plans.queries.meetings import (
    MeetingPage,
    chairs,
    meeting_page,
    meetings_of,
    offices_to_invite,
    printed_set,
)
from tinhso.plans.queries.reviews import reviews_of
from tinhso.plans.services.call_meeting import CannotCall, call_meeting
from tinhso.plans.services.edit_agenda import CannotWriteAgenda, Point, edit_agenda
from tinhso.plans.services.mark_attendance import CannotMark, mark_attendance
from tinhso.plans.services.write_minutes import CannotWriteMinutes, write_minutes
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.text import tidy, visible

PER_PAGE = 50
#: So many empty rows stand below an agenda, to write on.
EMPTY_ROWS = 3
MOST_ROWS = 40


@require_safe
@insiders_only
def meetings(request: HttpRequest) -> HttpResponse:
    """List the meetings, the latest first."""
    by = who(request)
    page = Paginator(meetings_of(by), PER_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "plans/meetings.html",
        {**frame(request, "reviews"), "page": page, "may_call": by.holds(*DRAFTERS), "tab": "meetings"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*DRAFTERS)
def call(request: HttpRequest) -> HttpResponse:
    """Call a meeting."""
    by, today = who(request), clock.today()
    reviews, offices, heads = reviews_of(by), offices_to_invite(today), chairs(today)
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        offices=offices,
        chairs=heads,
        reviews=reviews,
        initial={
            "clock": "8:00",
            "chair": str(heads[0].pk) if heads else "",
            "review": request.GET.get("bao-cao", ""),
            "offices": [str(one.pk) for one in offices],
        },
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            made = call_meeting(
                by=by,
                at=clock.now(),
                title=typed["title"],
                starts_at=form.starts_at,
                place=typed["place"],
                offices=[int(pk) for pk in typed["offices"]],
                chair=int(typed["chair"]) if typed["chair"] else None,
                review=typed["review"],
            )
        except CannotCall as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Đã triệu tập. Các cơ quan được mời nhận tin ngay."))
            return redirect("plans:meeting", pk=made.pk)
    context = {**frame(request, "reviews"), "form": form}
    return render(request, "plans/meeting_call.html", context, status=422 if form.errors else 200)


@require_safe
@insiders_only
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a meeting with everything in it."""
    return render(request, "plans/meeting.html", _context(request, meeting_page(who(request), pk)))


def _context(request: HttpRequest, page: MeetingPage) -> dict[str, Any]:
    by = who(request)
    return {
        **frame(request, "reviews"),
        "page": page,
        "one": page.meeting,
        "may_keep": MEETINGS.holds(by, MayMeet.KEEP, page.meeting),
        "may_conclude": page.conclusion is None and by.holds(*CONCLUDERS),
        "history": page.history,
        "has_begun": clock.now() >= page.meeting.starts_at,
    }


@require_safe
@insiders_only
def table_set(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what lies on the table, to be printed: agenda, review, late tasks, the sheet of those who came."""
    page, review = printed_set(who(request), pk)
    context = {**_context(request, page), "review": review}
    return render(request, "plans/meeting_set.html", context)


@require_safe
@insiders_only
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the paper of a point of an agenda."""
    point: AgendaItem = AGENDA.look(who(request), MayMeet.READ, pk=pk)
    if point.file is None:
        raise Http404
    response = HttpResponse(read(point.file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="muc-{point.ordinal}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@dataclass(slots=True)
class _Row:
    """A row of the agenda as it stands in its boxes. ``error``: what is wrong with it."""

    text: str = ""
    speaker: str = ""
    minutes: str = ""
    keeps: str = ""
    file_name: str = ""
    error: str = ""
    upload: Upload | None = field(default=None)

    @property
    def is_empty(self) -> bool:
        """Say whether nothing stands in it."""
        return not (self.text or self.speaker or self.minutes or self.upload)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*DRAFTERS)
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the agenda; a row without words is left out."""
    by = who(request)
    one = MEETINGS.look(by, MayMeet.KEEP, pk=pk)
    kept = list(one.agenda.order_by("ordinal"))
    rows = _typed_rows(request, kept) if request.method == "POST" else [_kept_row(item) for item in kept]
    refused = ""
    if request.method == "POST" and not any(row.error for row in rows):
        told = [row for row in rows if not row.is_empty]
        try:
            edit_agenda(by=by, at=clock.now(), meeting=pk, points=[_point(row) for row in told])
        except CannotWriteAgenda as wrong:
            refused = str(wrong)
            if 0 < wrong.place <= len(told):
                told[wrong.place - 1].error = refused
        else:
            messages.success(request, _("Đã ghi chương trình."))
            return redirect("plans:meeting", pk=pk)
    is_wrong = bool(refused) or any(row.error for row in rows)
    empty = [_Row() for _place in range(EMPTY_ROWS)] if request.method != "POST" else []
    context = {**frame(request, "reviews"), "one": one, "rows": [*rows, *empty], "refused": refused}
    return render(request, "plans/meeting_agenda.html", context, status=422 if is_wrong else 200)


def _kept_row(item: AgendaItem) -> _Row:
    return _Row(item.text, item.speaker, str(item.minutes or ""), str(item.pk), item.file_name)


def _typed_rows(request: HttpRequest, kept: Sequence[AgendaItem]) -> list[_Row]:
    names = {str(item.pk): item.file_name for item in kept}
    found = []
    for place in range(1, MOST_ROWS + 1):
        if f"viec-{place}" not in request.POST:
            break
        text, speaker, minutes, keeps = (
            tidy(visible(request.POST.get(f"{key}-{place}", ""))) for key in ("viec", "ai", "phut", "giu")
        )
        row = _Row(text, speaker, minutes, keeps, names.get(keeps, ""))
        _take_paper(request, row, place)
        found.append(row)
    return found


def _take_paper(request: HttpRequest, row: _Row, place: int) -> None:
    sent = request.FILES.get(f"giay-{place}")
    if sent is None:
        return
    try:
        row.upload = take_upload(contents_of(sent), name=sent.name or "", at=clock.now())
    except UploadRefused as refused:
        row.error = refused.sentence
    except (FileNotKept, SandboxNotStarted):
        row.error = _("Chưa nhận được tệp lúc này. Ghi chương trình trước, thêm giấy sau.")


def _point(row: _Row) -> Point:
    keeps = int(row.keeps) if row.keeps.isascii() and row.keeps.isdigit() else None
    return Point(row.text, row.speaker, minutes_of(row.minutes), keeps, row.upload)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*DRAFTERS)
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark who came."""
    by = who(request)
    one = MEETINGS.look(by, MayMeet.KEEP, pk=pk)
    invited = list(one.attendance.select_related("office").order_by("office__sort_key", "office_id"))
    refused = ""
    if request.method == "POST":
        marks = marks_of(request.POST, invited)
        try:
            mark_attendance(by=by, at=clock.now(), meeting=pk, marks=marks)
        except CannotMark as wrong:
            refused = str(wrong)
            typed = {mark.office: mark for mark in marks}
            for row in invited:
                if mark := typed.get(row.office_id):
                    row.came, row.name, row.is_head, row.note = mark.came, mark.name, mark.is_head, mark.note
        else:
            messages.success(request, _("Đã ghi điểm danh."))
            return redirect("plans:meeting", pk=pk)
    context = {**frame(request, "reviews"), "one": one, "invited": invited, "refused": refused}
    return render(request, "plans/meeting_attendance.html", context, status=422 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*DRAFTERS)
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the minutes."""
    by = who(request)
    one = MEETINGS.look(by, MayMeet.KEEP, pk=pk)
    form = MinutesForm(request.POST if request.method == "POST" else None, initial={"text": one.minutes})
    if request.method == "POST" and form.is_valid():
        try:
            write_minutes(by=by, at=clock.now(), meeting=pk, text=form.cleaned_data["text"])
        except CannotWriteMinutes as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(request, _("Đã ghi biên bản."))
            return redirect("plans:meeting", pk=pk)
    context = {**frame(request, "reviews"), "one": one, "form": form}
    return render(request, "plans/meeting_minutes.html", context, status=422 if form.errors else 200)
