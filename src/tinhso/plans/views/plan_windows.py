"""Registration windows: which offices have registered, reminding them, opening another."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import Actor, OfficeKind, holders_only, who
from tinhso.plans.forms.plans import WindowForm
from tinhso.plans.models import Plan, Window
from tinhso.plans.permissions import SECRETARY
from tinhso.plans.permissions.plans import PLANS, WINDOWS, MayPlan, MayWindow, writes_for
from tinhso.plans.queries.registration import (
    RegisteredOffice,
    Registration,
    every_window,
    registrations,
    reminded_on,
)
from tinhso.plans.rules.plans import DEPUTY, HEAD, Registered
from tinhso.plans.services.draft_plan import CannotDraft, draft_plan
from tinhso.plans.services.open_window import CannotOpenWindow, open_window
from tinhso.plans.services.remind_registration import CannotRemind, remind_registration
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.plan_words import STATUS, left_words, state_words, strands, years
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import clock_text, date_text

PAGE_SIZE = 100
KINDS = {
    OfficeKind.PROVINCE: gettext_lazy("Tỉnh"),
    OfficeKind.DEPARTMENT: gettext_lazy("Sở, ngành"),
    OfficeKind.DISTRICT: gettext_lazy("Huyện, thành phố"),
    OfficeKind.COMMUNE: gettext_lazy("Xã, phường, thị trấn"),
}
OTHER_KIND = gettext_lazy("Cơ quan khác")
SIGNERS = {HEAD: gettext_lazy("Người đứng đầu"), DEPUTY: gettext_lazy("Cấp phó")}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list, ready to be shown; ``plan``: the latest version that the reader may open.

    ``others``: (years, words, plan to open) of the office's other plans.
    """

    row: RegisteredOffice
    tag: str
    words: str
    signer: str
    plan: Plan | None
    number: str
    others: list[tuple[str, str, Plan | None]]


@insiders_only
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Show the window that the address names ("?dot=2"), else the one that closes next, else the latest."""
    windows = every_window()
    named = [window for window in windows if str(window.pk) == request.GET.get("dot", "")]
    if named:
        return _page(request, named[0])
    today = clock.today()
    is_open = [window for window in windows if window.deadline >= today]
    return _page(request, min(is_open, key=lambda one: one.deadline, default=windows[0] if windows else None))


@insiders_only
@require_safe
def window(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how every office of a window stands."""
    return _page(request, WINDOWS.look(who(request), MayWindow.READ, pk=pk))


@insiders_only
@require_safe
def window_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the rows that the filters leave as CSV."""
    by = who(request)
    shown = WINDOWS.look(by, MayWindow.READ, pk=pk)
    found = _registrations(shown)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="dang-ky-ke-hoach-{pk}.csv"'
    response.write("\ufeff")
    sheet = csv.writer(response)
    sheet.writerow(
        ["Cơ quan", "Loại", "Ưu tiên", "Tình trạng", "Đăng ký lúc", "Số văn bản", "Người ký", "Hạn đăng ký"]
    )
    for line in _lines(by, found[0], found[1:], _filtered(request, found[0].rows)):
        at = line.row.registered_at
        sheet.writerow(
            [
                guarded(line.row.office.name),
                str(_kind(line.row)),
                "có" if line.row.is_priority else "",
                line.words,
                f"{at.astimezone(clock.VN):%d/%m/%Y %H:%M}" if at else "",
                guarded(line.number),
                line.signer,
                date_text(shown.deadline),
            ]
        )
    return response


@holders_only(*SECRETARY)
@require_http_methods(["GET", "HEAD", "POST"])
def window_open(request: HttpRequest) -> HttpResponse:
    """Open a window: its plan, its offices, its last day."""
    form = WindowForm(request.POST if request.method == "POST" else None, on=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_window(by=who(request), at=clock.now(), **form.window())
        except CannotOpenWindow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã mở đợt đăng ký và báo các cơ quan."))
            return redirect("plans:window", pk=opened.pk)
    return render(
        request,
        "plans/window_open.html",
        {**frame(request, "plans"), "form": form, "kinds": form.by_kind(KINDS)},
        status=422 if form.is_bound else 200,
    )


@holders_only(*SECRETARY)
@require_POST
def window_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind every office that has not registered."""
    try:
        n = remind_registration(by=who(request), at=clock.now(), pk=pk)
    except CannotRemind as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Đã nhắc %(n)d cơ quan chưa đăng ký.") % {"n": n})
    return redirect("plans:window", pk=pk)


@insiders_only
@require_POST
def plan_start(request: HttpRequest, pk: int, office: int) -> HttpResponse:
    """Begin the plan of an office in a window."""
    try:
        plan = draft_plan(by=who(request), at=clock.now(), window=pk, office=office)
    except NotThere:
        raise Http404 from None
    except CannotDraft as refused:
        messages.warning(request, str(refused))
        return redirect("plans:window", pk=pk)
    messages.success(request, _("Đã mở bản nháp. Thêm nhiệm vụ hoặc nhập phụ lục từ Excel."))
    return redirect("plans:plan", pk=plan.pk)


def _registrations(shown: Window) -> list[Registration]:
    """Return how the window stands, and after it the other windows of the same last day."""
    others = Window.objects.filter(deadline=shown.deadline).exclude(pk=shown.pk).order_by("last_year", "pk")
    return registrations([shown, *others], clock.now())


def _page(request: HttpRequest, shown: Window | None) -> HttpResponse:
    by, context = who(request), frame(request, "plans")
    if shown is None:
        return render(request, "plans/plans.html", {**context, "may_open": by.holds(*SECRETARY)})
    windows = every_window()
    at = context["now"]
    every = {one.window.pk: one for one in registrations(windows, at)}
    found = every[shown.pk]
    others = [one for one in every.values() if one.window.deadline == shown.deadline and one is not found]
    rows = _filtered(request, found.rows)
    pages = Paginator(rows, PAGE_SIZE)
    page = pages.get_page(request.GET.get("trang"))
    mine = shown.requirements.filter(writes_for(by)).select_related("office").order_by("office__sort_key")
    begun = {row.office.pk for row in found.rows if row.plan is not None}
    return render(
        request,
        "plans/plans.html",
        {
            **context,
            "shown": shown,
            "found": found,
            "counts": {status.value: n for status, n in found.counts.items()},
            "left": left_words(found.days_left),
            "closes": clock_text(found.closes_at),
            "mini": strands(found.days_left),
            "tabs": [(one, every[one.pk], one.pk == shown.pk) for one in windows],
            "lines": _lines(by, found, others, page.object_list),
            "others": [years(one.window.first_year, one.window.last_year) for one in others],
            "page": page,
            "query": _query(request),
            "total": len(rows),
            "chosen": [request.GET.get(name, "") for name in ("tinh-trang", "cap", "uu-tien")],
            "statuses": [(status.value, STATUS[status][1], n) for status, n in found.counts.items()],
            "kinds": _kinds(found.rows),
            "may_open": by.holds(*SECRETARY),
            "to_remind": len({row.office.pk for row in found.owing} - reminded_on(shown.about, at.date()))
            if by.holds(*SECRETARY)
            else 0,
            "to_start": [one.office for one in mine if one.office_id not in begun],
            "own": [
                row
                for row in found.rows
                if row.office.pk in {one.office_id for one in mine} and row.plan is not None
            ],
        },
    )


def _lines(
    by: Actor, found: Registration, others: list[Registration], rows: Iterable[RegisteredOffice]
) -> list[Line]:
    """Return the rows with words, and with links to what the reader may open."""
    today = clock.today()
    windows = [one.window.pk for one in (found, *others)]
    open_to_read: dict[tuple[int | None, int], Plan] = {}
    numbers: dict[int, str] = {}
    for plan in PLANS.rows(by, MayPlan.READ).filter(window__in=windows).order_by("version"):
        open_to_read[plan.window_id, plan.office_id] = plan
        if plan.registered_at is not None and plan.window_id == found.window.pk:
            numbers[plan.office_id] = plan.number
    beside: dict[int, list[tuple[str, str, Plan | None]]] = {}
    for one in others:
        name = years(one.window.first_year, one.window.last_year)
        for row in one.rows:
            other = open_to_read.get((one.window.pk, row.office.pk))
            words = state_words(other, today) if other else str(STATUS[row.status][1]).lower()
            beside.setdefault(row.office.pk, []).append((name, words, other))
    return [
        Line(
            row,
            STATUS[row.status][0],
            str(STATUS[row.status][1]),
            str(SIGNERS.get(row.signed_as, "")),
            open_to_read.get((found.window.pk, row.office.pk)),
            numbers.get(row.office.pk, ""),
            beside.get(row.office.pk, []),
        )
        for row in rows
    ]


def _filtered(request: HttpRequest, rows: Iterable[RegisteredOffice]) -> list[RegisteredOffice]:
    """Return the rows that the address asks for; a filter that nobody knows keeps everything."""
    status, kind = request.GET.get("tinh-trang", ""), request.GET.get("cap", "")
    is_priority = request.GET.get("uu-tien", "") == "1"
    return [
        row
        for row in rows
        if (status not in set(Registered) or row.status == status)
        and (kind not in set(OfficeKind) or row.office.kind == kind)
        and (not is_priority or row.is_priority)
    ]


def _kinds(rows: Iterable[RegisteredOffice]) -> list[tuple[str, Any]]:
    there = {row.office.kind for row in rows}
    return [(kind.value, KINDS.get(kind, OTHER_KIND)) for kind in OfficeKind if kind.value in there]


def _kind(row: RegisteredOffice) -> Any:
    return KINDS.get(OfficeKind(row.office.kind), OTHER_KIND)


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("trang", None)
    return asked.urlencode()
