"""Steering bodies: who has one, one with its people, plan and log, and their seats."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import Post, holders_only, who
from tinhso.plans.forms.bodies import EndBodyForm, FoundForm, LeaveForm, LogForm, SeatForm, WorkPlanForm
from tinhso.plans.forms.directives import typed
from tinhso.plans.models import Body
from tinhso.plans.permissions.directives import BODIES, BODY_WRITERS, MEMBERS, MayBody
from tinhso.plans.queries.bodies import (
    MOST_FOUND,
    BodyPage,
    Level,
    body_page,
    body_rows,
    coverage,
    duty_label,
    find_officers,
    levels,
    officers_for,
    offices_to_write_for,
    said_hours,
)
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.queries.history import history_of
from tinhso.plans.services.edit_work_plan import CannotPlan, edit_work_plan
from tinhso.plans.services.found_body import CannotFound, end_body, found_body
from tinhso.plans.services.log_activity import CannotLog, log_activity
from tinhso.plans.services.seat_member import CannotSeat, seat_member
from tinhso.plans.services.unseat_member import CannotUnseat, unseat_member
from tinhso.plans.views.directive_sheets import hours_of, members_sheet
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.words import date_text

PAGE: Final = 50


@require_safe
@insiders_only
def bodies(request: HttpRequest) -> HttpResponse:
    """Show how many offices of each level have their bodies, who has none, and the list; as a sheet where asked."""
    by, today = who(request), clock.today()
    asked = {"level": typed(request.GET, "cap"), "kind": typed(request.GET, "loai")}
    words, ended = typed(request.GET, "tim"), typed(request.GET, "tinh-trang") == "thoi"
    rows = body_rows(by, today, **asked, words=words, ended=ended)
    if request.GET.get("tai") == "csv":
        return members_sheet(rows, "bo-may")
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    covered = coverage(today)
    query = request.GET.copy()
    query.pop("trang", None)
    query.pop("tai", None)
    return render(
        request,
        "plans/bodies.html",
        {
            **frame(request, "bodies"),
            "title": _finding(covered),
            "coverage": covered,
            "rows": [(row, labels("bodies")[row.kind], duty_label(row.kind, "head")) for row in page],
            "page": page,
            "query": query.urlencode(),
            "words": words,
            "ended": ended,
            "asked": asked,
            "is_filtered": bool(words or ended or any(asked.values())),
            "levels": levels(),
            "kinds": labels("bodies").items(),
            "source": document("bodies"),
            "may_found": by.holds(*BODY_WRITERS),
        },
    )


@require_safe
@insiders_only
def body(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one body: members, work plan, log with its hours; as a sheet where asked."""
    if request.GET.get("tai") == "csv":
        page = body_page(who(request), pk, clock.today())
        return members_sheet(Body.objects.filter(pk=page.body.pk).select_related("office"), f"bo-may-{pk}")
    return _shown(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*BODY_WRITERS)
def new_body(request: HttpRequest) -> HttpResponse:
    """Set up a body of an office."""
    by, now = who(request), clock.now()
    known = offices_to_write_for(by, now.date())
    starts = {
        "kind": typed(request.GET, "loai"),
        "office": next(iter(known)) if len(known) == 1 else typed(request.GET, "co-quan"),
    }
    form = FoundForm(request.POST if request.method == "POST" else None, initial=starts, places=known)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            made = found_body(
                by=by, at=now, **(found | {"valid_from": found["valid_from"] or found["decision_date"]})
            )
        except CannotFound as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã lập %(name)s. Thêm thành viên tiếp.") % {"name": made.name})
            return redirect("plans:body", pk=made.pk)
    return render(
        request,
        "plans/body_new.html",
        {**frame(request, "bodies"), "form": form, "places": known},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*BODY_WRITERS)
def seat(request: HttpRequest, pk: int) -> HttpResponse:
    """Find an officer by name and seat the one who is chosen."""
    by, now = who(request), clock.now()
    row = BODIES.look(by, MayBody.WRITE, pk=pk)
    words = typed(request.POST if request.method == "POST" else request.GET, "ten")
    people = find_officers(row, words, now.date())
    form = SeatForm(
        request.POST if request.method == "POST" else None,
        kind=row.kind,
        people=_people(row, people, typed(request.POST, "post"), now.date()),
        initial={"valid_from": date_text(max(row.valid_from, now.date()))},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = seat_member(by=by, at=now, body=pk, **form.cleaned_data)
        except CannotSeat as refused:
            form.add_error(None, str(refused))
        else:
            said = {"name": made.person.name, "duty": duty_label(row.kind, made.duty).lower()}
            messages.success(request, _("Đã thêm %(name)s làm %(duty)s.") % said)
            return redirect("plans:body", pk=pk)
    return render(
        request,
        "plans/member_seat.html",
        {
            **frame(request, "bodies"),
            "row": row,
            "form": form,
            "words": words,
            "found": len(people),
            "is_cut": len(people) >= MOST_FOUND,
        },
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*BODY_WRITERS)
def unseat(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's seat, with the day and why."""
    by, now = who(request), clock.now()
    row = MEMBERS.look(by, MayBody.WRITE, pk=pk)
    form = LeaveForm(
        request.POST if request.method == "POST" else None, initial={"valid_to": date_text(now.date())}
    )
    if request.method == "POST" and form.is_valid():
        try:
            unseat_member(by=by, at=now, member=pk, **form.cleaned_data)
        except CannotUnseat as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã cho thôi. Tên vẫn còn ở phần đã thôi."))
            return redirect("plans:body", pk=row.body_id)
    return render(
        request,
        "plans/member_leave.html",
        {
            **frame(request, "bodies"),
            "member": row,
            "duty": duty_label(row.body.kind, row.duty),
            "form": form,
        },
        status=422 if form.is_bound else 200,
    )


@require_POST
@holders_only(*BODY_WRITERS)
def work_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down anew what the body means to do."""
    form = WorkPlanForm(request.POST)
    if form.is_valid():
        try:
            edit_work_plan(by=who(request), at=clock.now(), body=pk, **form.cleaned_data)
        except CannotPlan as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã ghi kế hoạch làm việc."))
            return redirect("plans:body", pk=pk)
    return _shown(request, pk, plan_form=form)


@require_POST
@holders_only(*BODY_WRITERS)
def log(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a line to the log."""
    row = BODIES.look(who(request), MayBody.WRITE, pk=pk)
    form = LogForm(request.POST, people=_seated(row))
    if form.is_valid():
        try:
            log_activity(by=who(request), at=clock.now(), body=pk, **form.cleaned_data)
        except CannotLog as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã ghi nhật ký."))
            return redirect("plans:body", pk=pk)
    return _shown(request, pk, log_form=form)


@require_POST
@holders_only(*BODY_WRITERS)
def end_of_body(request: HttpRequest, pk: int) -> HttpResponse:
    """End a body; its people leave with it."""
    form = EndBodyForm(request.POST)
    if form.is_valid():
        try:
            end_body(by=who(request), at=clock.now(), body=pk, **form.cleaned_data)
        except CannotFound as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã cho thôi hoạt động. Cả trang vẫn xem lại được."))
            return redirect("plans:body", pk=pk)
    return _shown(request, pk, end_form=form)


def _shown(
    request: HttpRequest,
    pk: int,
    *,
    plan_form: WorkPlanForm | None = None,
    log_form: LogForm | None = None,
    end_form: EndBodyForm | None = None,
) -> HttpResponse:
    by, today = who(request), clock.today()
    page = body_page(by, pk, today)
    row = page.body
    refused: BaseForm | None = plan_form or log_form or end_form
    may_write = BODIES.holds(by, MayBody.WRITE, row)
    if refused is not None and not may_write:
        # Who may not write it does not learn why the words were refused.
        BODIES.look(by, MayBody.WRITE, pk=pk)
    return render(
        request,
        "plans/body.html",
        {
            **frame(request, "bodies"),
            "page": page,
            "row": row,
            "title": _body_finding(page),
            "seats": [(seat, hours_of(seat.member)) for seat in page.seats],
            "former": [(seat, hours_of(seat.member)) for seat in page.former],
            "log": [(one, said_hours(one.hours) if one.hours is not None else "") for one in page.log],
            "promised": said_hours(page.promised),
            "logged": said_hours(page.logged),
            "logged_this_year": said_hours(page.logged_this_year),
            "plan_lines": row.work_plan.split("\n") if row.work_plan else [],
            "may_write": may_write,
            "plan_form": plan_form or WorkPlanForm(initial={"text": row.work_plan}),
            "log_form": log_form or LogForm(people=_seated(row), initial={"on": date_text(today)}),
            "end_form": end_form or EndBodyForm(initial={"valid_to": date_text(today)}),
            "refused": refused,
            "history": history_of(row.about),
            "today": today,
        },
        status=422 if refused is not None else 200,
    )


def _finding(covered: list[Level]) -> str:
    """Return the headline: which offices that should have their bodies lack one."""
    lacking = [
        _("%(n)d %(level)s chưa có %(kind)s")
        % {"n": len(one.missing), "level": level.label.lower(), "kind": one.label.lower()}
        for level in covered
        for one in level.kinds
        if one.is_expected and one.missing
    ]
    if not lacking:
        return _("Ba cấp đều đã có ban chỉ đạo và tổ công tác")
    words = ", ".join(lacking)
    return words[:1].upper() + words[1:]


def _body_finding(page: BodyPage) -> str:
    said = {"name": page.body.name, "n": len(page.seats)}
    if page.body.valid_to is not None:
        return _("%(name)s đã thôi hoạt động") % said
    if not page.seats:
        return _("%(name)s chưa có thành viên") % said
    return _("%(name)s có %(n)d thành viên") % said


def _seated(row: Body) -> list[tuple[str, str]]:
    seats = row.members.filter(valid_to=None).select_related("person").order_by("person__sort_key", "id")
    return [(str(one.pk), one.person.name) for one in seats]


def _people(row: Body, found: list[Post], chosen: str, on: Any) -> list[tuple[str, str]]:
    """Return the people that may be chosen, the one who was chosen among them."""
    shown = list(found)
    if chosen.isascii() and chosen.isdigit() and len(chosen) <= 15:
        shown += [post for post in officers_for(row, on).filter(pk=chosen) if post not in shown]
    return [(str(post.pk), f"{post.person.name}, {post.title}, {post.office.short_name}") for post in shown]
