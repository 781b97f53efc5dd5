"""Targets of use by month: the list with results, one target with its history, setting one, copying a month."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import Office, OfficeKind, offices, who
from tinhso.measures.forms import aim_of, decision_of, month_of, numbers_of, said, whole_number
from tinhso.measures.models import UseTarget
from tinhso.measures.permissions import TARGETS, MayTarget
from tinhso.measures.queries.targets import (
    MonthOfTargets,
    Result,
    copy_plan,
    holding,
    months_with_targets,
    names_of,
    target_of,
    targets_of,
)
from tinhso.measures.rules import Reached, month_after
from tinhso.measures.services.copy_targets import copy_targets
from tinhso.measures.services.set_target import TargetChanged, TargetRefused, set_target
from tinhso.measures.views.frame import frame, plain, promoters_only, signed
from tinhso.toolkit import clock, words
from tinhso.toolkit.policy import NotThere

#: The chart shows this many targets at most.
LONGEST_CHART = 12
#: Bodies that take in dossiers.
KINDS = (OfficeKind.DEPARTMENT, OfficeKind.DISTRICT, OfficeKind.COMMUNE)
#: What a spreadsheet would run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Shown:
    """One number of a target as it is shown: all words, with the unit in ``short`` and ``done``."""

    target: str
    done: str
    short: str
    percent: str
    is_reached: bool


def _shown(one: Reached | None, unit: str, difference: str) -> Shown | None:
    if one is None:
        return None
    return Shown(
        f"{plain(one.target)} {unit}",
        f"{plain(one.done)} {unit}" if one.done is not None else _("chưa có hồ sơ"),
        f"{signed(one.short)} {difference}" if one.short is not None else "–",
        f"{plain(round(one.percent, 1))} %" if one.percent is not None else "–",
        one.is_reached,
    )


def _where(target: UseTarget) -> str:
    return _name(target.office) if target.office else _("Cả tỉnh")


def _name(office: Office) -> str:
    """Return the name of an office as a list shows it; short names of departments are not for everybody."""
    return office.name if office.kind == OfficeKind.DEPARTMENT else office.short_name


def _cut(text: str, most: int = 34) -> str:
    """Return as many whole words as fit."""
    if len(text) <= most:
        return text
    return f"{text[:most].rpartition(' ')[0].rstrip(' ,:')}…"


def _row(result: Result) -> dict[str, Any]:
    return {
        "result": result,
        "target": result.target,
        "where": _where(result.target),
        "procedure": result.procedure or _("Mọi thủ tục"),
        "count": _shown(result.count, _("hồ sơ"), _("hồ sơ")),
        "share": _shown(result.share, "%", _("điểm phần trăm")),
    }


def _month(request: HttpRequest) -> dt.date:
    """Return the month asked for; what is no month is this month."""
    return month_of(said(request.GET, "thang")) or clock.today().replace(day=1)


def _month_text(month: dt.date) -> str:
    return f"{month:%m/%Y}"


@require_safe
@promoters_only
def targets_page(request: HttpRequest) -> HttpResponse:
    """List the targets of a month beside what became of them."""
    month = _month(request)
    found = targets_of(who(request), month, clock.today())
    rows = [_row(result) for result in found.results]
    months = sorted({*months_with_targets(who(request)), clock.today().replace(day=1), month}, reverse=True)
    return render(
        request,
        "measures/targets.html",
        {
            **frame(request, "targets"),
            "month": _month_text(month),
            "following": _month_text(month_after(month)),
            "months": [_month_text(one) for one in months],
            "found": found,
            "rows": rows,
            "finding": _finding(found),
            "chart": _bars(found),
            "chart_finding": _("Đã được bao nhiêu phần trăm chỉ tiêu số hồ sơ trực tuyến"),
            "is_illustrative": any(one.target.is_illustrative for one in found.results),
        },
    )


def _finding(found: MonthOfTargets) -> str:
    if not found.results:
        return _("Tháng %(month)s chưa đặt chỉ tiêu") % {"month": _month_text(found.month)}
    said_of = {
        "n": words.number(sum(one.is_reached for one in found.results)),
        "whole": words.number(len(found.results)),
        "month": _month_text(found.month),
    }
    return _("%(n)s trên %(whole)s chỉ tiêu tháng %(month)s đã đạt") % said_of


def _bars(found: MonthOfTargets) -> list[tuple[str, float]]:
    """Return the bars of the chart: percent of the target number of dossiers, the whole province's or offices'."""
    bars = [
        (_where(one.target) if not one.procedure else f"{_where(one.target)}: {one.procedure}", percent)
        for one in found.results
        if one.count is not None and (percent := one.count.percent) is not None
    ]
    return [(_cut(name), round(n, 1)) for name, n in bars][:LONGEST_CHART]


@require_safe
@promoters_only
def target_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the target that holds for a month, office and procedure, with all that it replaced."""
    result, every = target_of(who(request), pk, clock.today())
    return render(
        request,
        "measures/target.html",
        {
            **frame(request, "targets"),
            **_row(result),
            "month": _month_text(result.target.month),
            "history": [
                {
                    "target": one,
                    "by": one.set_by.person.name if one.set_by else _("Hệ thống"),
                    "count": words.number(one.online_count) if one.online_count else "–",
                    "share": f"{plain(one.online_share)} %" if one.online_share else "–",
                }
                for one in every
            ],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@promoters_only
def set_page(request: HttpRequest) -> HttpResponse:
    """Set one target; where one holds already it is shown first, and replaced at the second press."""
    actor, today = who(request), clock.today()
    places = [(str(one.pk), _name(one)) for kind in KINDS for one in offices(kind, today)]
    typed = {
        name: said(request.POST, name)
        for name in ("month", "office", "code", "count", "share", "number", "date")
    }
    wrong: dict[str, str] = {}
    error, held, seen = "", None, said(request.POST, "replaces")
    if request.method == "POST":
        aim, wrong = aim_of(request.POST, frozenset(pk for pk, _name in places))
        decision, more = decision_of(request.POST)
        wrong |= more
        if aim is not None and decision is not None and not wrong:
            try:
                target = set_target(
                    by=actor,
                    at=clock.now(),
                    aim=aim,
                    decision=decision,
                    replaces=whole_number(seen),
                )
            except TargetRefused as refused:
                error = str(refused)
            except (TargetChanged, NotThere):
                held = holding(aim.month, aim.office_id, aim.procedure_code)
            else:
                messages.success(request, _("Đã đặt chỉ tiêu. Kết quả tự đếm mỗi ngày."))
                return redirect("measures:target", pk=target.pk)
            seen = seen if error else str(held.pk) if held else ""
    else:
        typed |= _offered(request)
        seen = typed.pop("replaces", "")
    is_refused = request.method == "POST"
    return render(
        request,
        "measures/set_target.html",
        {
            **frame(request, "targets"),
            "typed": typed,
            "wrong": wrong,
            "error": error,
            "held": held,
            "replaces": seen,
            "is_moved": is_refused and not wrong and not error and held is None,
            "places": places,
        },
        status=422 if is_refused else 200,
    )


def _offered(request: HttpRequest) -> dict[str, str]:
    """Return what the form holds at first: the target to be replaced, or the procedure and month that a link names."""
    asked = said(request.GET, "thay")
    if asked:
        if (pk := whole_number(asked)) is None:
            raise Http404
        one = TARGETS.look(who(request), MayTarget.READ, pk=pk)
        held = holding(one.month, one.office_id, one.procedure_code) or one
        return {
            "month": _month_text(held.month),
            "office": str(held.office_id or ""),
            "code": held.procedure_code,
            "count": words.number(held.online_count) if held.online_count else "",
            "share": plain(held.online_share) if held.online_share else "",
            "replaces": str(held.pk),
        }
    return {"month": _month_text(_month(request)), "code": said(request.GET, "thu-tuc")[:20]}


@require_http_methods(["GET", "HEAD", "POST"])
@promoters_only
def copy_page(request: HttpRequest) -> HttpResponse:
    """Show what copying a month's targets to the next would do; do it at the press."""
    actor, month = who(request), _month(request)
    typed = {name: said(request.POST, name) for name in ("number", "date")}
    wrong: dict[str, str] = {}
    error = ""
    if request.method == "POST":
        decision, wrong = decision_of(request.POST)
        if decision is not None:
            try:
                made = copy_targets(
                    by=actor,
                    at=clock.now(),
                    month=month,
                    decision=decision,
                    seen=numbers_of(request.POST.get("seen", "")),
                )
            except TargetRefused as refused:
                error = str(refused)
            except TargetChanged:
                error = _("Chỉ tiêu vừa được người khác đổi. Xem lại danh sách bên dưới rồi bấm lần nữa.")
            else:
                following = _month_text(month_after(month))
                messages.success(
                    request,
                    _("Đã chép %(n)s chỉ tiêu sang tháng %(month)s.")
                    % {"n": words.number(len(made)), "month": following},
                )
                return redirect(f"{reverse('measures:targets')}?thang={following}")
    plan = copy_plan(actor, month)
    names = names_of(one.procedure_code for one in (*plan.new, *plan.kept))
    return render(
        request,
        "measures/copy_targets.html",
        {
            **frame(request, "targets"),
            "month": _month_text(month),
            "following": _month_text(plan.month),
            "new": [_planned(one, names) for one in plan.new],
            "kept": [_planned(one, names) for one in plan.kept],
            "seen": ".".join(str(one.pk) for one in plan.new),
            "typed": typed,
            "wrong": wrong,
            "error": error,
        },
        status=422 if wrong or error else 200,
    )


def _planned(one: UseTarget, names: dict[str, str]) -> dict[str, str]:
    return {
        "where": _where(one),
        "procedure": names.get(one.procedure_code, one.procedure_code) or _("Mọi thủ tục"),
        "count": words.number(one.online_count) if one.online_count else "–",
        "share": f"{plain(one.online_share)} %" if one.online_share else "–",
    }


COLUMNS = (
    *("thang", "co_quan", "ma_co_quan", "ma_thu_tuc", "thu_tuc", "chi_tieu_so_ho_so", "chi_tieu_ty_le"),
    *("truc_tuyen", "tai_quay", "buu_chinh", "chenh_lech_so_ho_so", "ty_le_truc_tuyen", "chenh_lech_ty_le"),
    *("so_van_ban", "ngay_ky", "nguoi_dat", "dat_luc", "tinh_den", "la_minh_hoa"),
)


@require_safe
@promoters_only
def targets_csv(request: HttpRequest) -> HttpResponse:
    """Give the targets of a month with their results as CSV: UTF-8 with a byte order mark, every formula guarded."""
    month = _month(request)
    found = targets_of(who(request), month, clock.today())
    page = io.StringIO(newline="")
    sheet = csv.writer(page, lineterminator="\r\n")
    page.write("\ufeff")
    sheet.writerow(COLUMNS)
    for one in found.results:
        sheet.writerow(_cells(one, found.until))
    response = HttpResponse(page.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="chi-tieu-{month:%Y-%m}.csv"'
    return response


def _cells(result: Result, until: dt.date) -> list[object]:
    one, count, share = result.target, result.count, result.share
    return [
        f"{one.month:%Y-%m}",
        _text(one.office.name if one.office else "Cả tỉnh"),
        one.office.code if one.office else "",
        _text(one.procedure_code),
        _text(result.procedure),
        one.online_count or "",
        _number(one.online_share),
        result.received.online,
        result.received.counter,
        result.received.post,
        _number(count.short if count else None),
        _number(share.done if share else None),
        _number(share.short if share else None),
        _text(one.decision_number),
        one.decision_date.isoformat(),
        _text(one.set_by.person.name if one.set_by else "Hệ thống"),
        one.set_at.astimezone(clock.VN).isoformat(timespec="minutes"),
        until.isoformat(),
        "co" if one.is_illustrative else "khong",
    ]


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{round(value, 2).normalize():f}"


def _text(text: str) -> str:
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) else text
