"""Targets: the list and its files, one target with everything behind it, adding, changing, solutions, the rule."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import Actor, who
from tinhso.plans.adapters.sheets import XLSX_TYPE, SheetColumn, write_rows
from tinhso.plans.forms.targets import ChangeForm, SolutionForm, TargetForm, filters_of, key_of
from tinhso.plans.models import History
from tinhso.plans.permissions import PLANNER, SECRETARY
from tinhso.plans.permissions.targets import TARGETS, MayTarget
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.history import history_of
from tinhso.plans.queries.target_parts import TargetPage, linkable, solutions_read, target_page
from tinhso.plans.queries.targets import (
    TargetRow,
    finding_of,
    light_words,
    offices_with_targets,
    parents_for,
    plans_for,
    readable_rows,
    rules,
    value_text,
)
from tinhso.plans.queries.task_views import places
from tinhso.plans.rules.lights import Light, rule_on
from tinhso.plans.services.add_solution import CannotAddSolution, add_solution
from tinhso.plans.services.add_target import CannotAddTarget, add_target
from tinhso.plans.services.change_target_period import CannotChangeTarget, change_target_period
from tinhso.plans.services.link_solution import CannotLinkSolution, link_solution
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.target_pages import page_context
from tinhso.plans.views.target_words import board_line, source_words
from tinhso.toolkit import clock, words
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.spreadsheet import guarded

_BOTH: Final = ["GET", "HEAD", "POST"]


# The list


@require_safe
@insiders_only
def targets(request: HttpRequest) -> HttpResponse:
    """List the targets that the filters let through, worst first."""
    by, today = who(request), clock.today()
    offices = offices_with_targets(by)
    filters, typed = filters_of(request.GET, {code: pk for code, (pk, _name) in offices.items()})
    rows = readable_rows(by, filters, today)
    query = urlencode({name: value for name, value in typed.items() if value})
    return render(
        request,
        "plans/targets.html",
        {
            **frame(request, "targets"),
            "heading": _heading(rows, is_narrowed=bool(query)),
            "lines": [board_line(row) for row in rows],
            "typed": {name.replace("-", "_"): value for name, value in typed.items()},
            "is_narrowed": bool(query),
            "query": f"?{query}" if query else "",
            "groups": labels("groups").items(),
            "lights": [(one.value, text) for one, text in light_words().items()],
            "sources": source_words().items(),
            "offices": [(code, name) for code, (_pk, name) in offices.items()],
            "may_add": _may_add(by),
        },
    )


def _heading(rows: Sequence[TargetRow], *, is_narrowed: bool) -> str:
    found = finding_of(rows)
    if not found.whole:
        return _("Không có chỉ tiêu nào như thế") if is_narrowed else _("Chưa có chỉ tiêu")
    parts = [
        _("%(good)s trên %(whole)s chỉ tiêu kịp tiến độ")
        % {"good": words.number(found.good), "whole": words.number(found.whole)}
    ]
    parts += [
        f"{words.number(n)} {light_words()[light].lower()}"
        for light in (Light.VERY_SLOW, Light.SLOW, Light.UNKNOWN)
        if (n := found.lights.get(light, 0))
    ]
    return ", ".join(parts)


def _may_add(by: Actor) -> bool:
    return by.holds(*SECRETARY) or (by.holds(*PLANNER) and bool(plans_for(by)))


COLUMNS: Final = (
    *(("ma", 10), ("chi_tieu", 50), ("nhom", 18), ("co_quan", 28), ("don_vi", 10), ("tu_so", 12)),
    *(("mau_so", 12), ("thuc_hien", 12), ("luc_nay_can", 12), ("ca_nam", 12), ("du_bao", 12)),
    *(("xep", 14), ("so_cua_ngay", 14), ("nguon_so", 18), ("van_ban", 40)),
)
_NUMBERS: Final = ("tu_so", "mau_so", "thuc_hien", "luc_nay_can", "ca_nam", "du_bao")


def _cells(row: TargetRow) -> list[str | Decimal | None]:
    target, actual = row.target, row.actual
    return [
        target.code,
        target.name,
        labels("groups").get(target.group, target.group),
        target.office.short_name if target.office else _("Toàn tỉnh"),
        "%" if target.unit == "percent" else target.unit,
        actual.numerator if actual else None,
        actual.denominator if actual else None,
        row.value,
        row.needed.value if row.needed else None,
        row.goal.value if row.goal else None,
        row.forecast,
        light_words()[row.light],
        (actual.details.get("as_of") or actual.on.isoformat()) if actual else "",
        source_words()[row.source],
        target.source,
    ]


def _listed(request: HttpRequest) -> list[TargetRow]:
    by = who(request)
    offices = offices_with_targets(by)
    filters, _typed = filters_of(request.GET, {code: pk for code, (pk, _name) in offices.items()})
    return readable_rows(by, filters, clock.today())


@require_safe
@insiders_only
def targets_csv(request: HttpRequest) -> HttpResponse:
    """Give the list as CSV: UTF-8 with a byte order mark, decimal points, every formula guarded."""
    page = io.StringIO(newline="")
    page.write("\ufeff")
    sheet = csv.writer(page, lineterminator="\r\n")
    sheet.writerow([name for name, _width in COLUMNS])
    for row in _listed(request):
        sheet.writerow(
            [f"{one.normalize():f}" if isinstance(one, Decimal) else guarded(one) for one in _cells(row)]
        )
    return _file(page.getvalue().encode(), "text/csv; charset=utf-8", "csv")


@require_safe
@insiders_only
def targets_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the list as an Excel sheet."""
    now = clock.now()
    heads = dict(zip((name for name, _width in COLUMNS), _heads(), strict=True))
    content = write_rows(
        [_("Chỉ tiêu chuyển đổi số, đến %(day)s") % {"day": words.date_text(now.date())}],
        [
            SheetColumn(heads[name], width, "number" if name in _NUMBERS else "text")
            for name, width in COLUMNS
        ],
        [_cells(row) for row in _listed(request)],
        name=_("Chỉ tiêu"),
        made_at=now,
    )
    return _file(content, XLSX_TYPE, "xlsx")


def _heads() -> tuple[str, ...]:
    return (
        *(_("Mã"), _("Chỉ tiêu"), _("Nhóm"), _("Cơ quan"), _("Đơn vị"), _("Tử số"), _("Mẫu số")),
        *(_("Thực hiện"), _("Lúc này cần"), _("Cả năm"), _("Dự báo cuối kỳ"), _("Xếp"), _("Số của ngày")),
        *(_("Nguồn số"), _("Văn bản")),
    )


def _file(content: bytes, kind: str, ending: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    name = f"chi-tieu-{clock.today():%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


# One target


@require_safe
@insiders_only
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one target with everything behind it."""
    page = target_page(who(request), pk, clock.now(), clock.today())
    return render(request, "plans/target.html", _page(request, page, SolutionForm()))


def _page(request: HttpRequest, page: TargetPage, form: SolutionForm) -> dict[str, Any]:
    by, row = who(request), page.row
    may_link = TARGETS.holds(by, MayTarget.LINK_SOLUTION, row.target)
    return {
        **frame(request, "targets"),
        **page_context(by, page),
        "history": _history(by, row),
        "may_change": TARGETS.holds(by, MayTarget.CHANGE, row.target),
        "may_report": TARGETS.holds(by, MayTarget.REPORT, row.target),
        "may_link": may_link,
        "may_add_part": may_link
        and row.source != "counter"
        and not page.reports
        and row.target.parent_id is None,
        "linkable": linkable(by, row.target) if may_link else (),
        "solution_form": form,
    }


def _history(by: Actor, row: TargetRow) -> list[History]:
    """Return the changes of a target: what offices reported and what was returned only to whoever reads reports."""
    found = history_of(row.target.about)
    if TARGETS.holds(by, MayTarget.READ_REPORTS, row.target):
        return found
    return [one for one in found if one.by_id is None]


@require_http_methods(_BOTH)
@insiders_only
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a value of a target with the reason."""
    found = TARGETS.look(who(request), MayTarget.CHANGE, pk=pk)
    marks = list(found.periods.order_by("last"))
    asked = next((one for one in marks if f"{one.last:%d/%m/%Y}" == request.GET.get("den")), None)
    starts = (
        {"last": words.date_text(asked.last), "value": value_text(asked.value, "").strip()} if asked else {}
    )
    form = ChangeForm(request.POST if request.method == "POST" else None, initial=starts)

    def press() -> str:
        cleaned = form.cleaned_data
        change_target_period(by=who(request), at=clock.now(), pk=pk, **cleaned)
        return _("Đã đổi. Màu của chỉ tiêu đã xếp lại, lý do nằm trong lịch sử.")

    return _take(
        request,
        form,
        press,
        CannotChangeTarget,
        reverse("plans:target", args=[pk]),
        "plans/target_change.html",
        {"target": found, "marks": [(one, value_text(one.value, found.unit)) for one in marks]},
    )


@require_http_methods(_BOTH)
@insiders_only
def add(request: HttpRequest) -> HttpResponse:
    """Set a target; the address may name the whole it is a part of, and the item of a document it comes from."""
    by = who(request)
    keeps, plans = by.holds(*SECRETARY), plans_for(by)
    if not keeps and not (by.holds(*PLANNER) and plans):
        raise NotThere
    known = places(clock.today())
    asked = {name: request.GET.get(name, "")[:20] for name in ("cha", "muc", "ke-hoach")}
    form = TargetForm(
        request.POST if request.method == "POST" else None,
        places=known,
        plans=[(str(plan.pk), f"{plan.title} ({plan.office.short_name})") for plan in plans],
        parents=[(str(one.pk), one.name) for one in parents_for(by)],
        keeps=keeps,
        initial={"parent": asked["cha"], "plan": asked["ke-hoach"]},
    )
    made: list[int] = []

    def press() -> str:
        wanted = form.wanted(key_of(asked["muc"]))
        made.append(add_target(by=by, at=clock.now(), wanted=wanted).pk)
        return _("Đã đặt chỉ tiêu.")

    return _take(
        request,
        form,
        press,
        CannotAddTarget,
        lambda: reverse("plans:target", args=made),
        "plans/target_add.html",
        {"places": known, "keeps": keeps},
    )


def _take(
    request: HttpRequest,
    form: Any,
    press: Callable[[], str],
    refused_as: type[ValueError],
    after: str | Callable[[], str],
    page: str,
    more: dict[str, Any],
) -> HttpResponse:
    """Do what was filled in and go on; else show the page again with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            said = press()
        except refused_as as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect(after() if callable(after) else after)
    context = {**frame(request, "targets"), "form": form, **more}
    return render(request, page, context, status=422 if request.method == "POST" else 200)


# Solutions


@require_POST
@insiders_only
def solution(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a solution of a target, or link or unlink one that is written down."""
    by, at, act = who(request), clock.now(), request.POST.get("viec", "")
    form = SolutionForm(request.POST)
    try:
        if act == "them":
            TARGETS.look(by, MayTarget.LINK_SOLUTION, pk=pk)
            if not form.is_valid():
                return _told(request, pk, form)
            add_solution(by=by, at=at, target=pk, text=form.cleaned_data["text"])
            said = _("Đã thêm giải pháp.")
        else:
            key = key_of(request.POST.get("giai-phap", "")) or 0
            link_solution(by=by, at=at, target=pk, solution=key, is_linked=act != "go")
            said = _("Đã gỡ giải pháp.") if act == "go" else _("Đã gắn giải pháp.")
    except CannotAddSolution as refused:
        form.add_error("text", str(refused))
        return _told(request, pk, form)
    except CannotLinkSolution as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("plans:target", pk=pk)


def _told(request: HttpRequest, pk: int, form: SolutionForm) -> HttpResponse:
    page = target_page(who(request), pk, clock.now(), clock.today())
    return render(request, "plans/target.html", _page(request, page, form), status=422)


@require_safe
@insiders_only
def solutions(request: HttpRequest) -> HttpResponse:
    """List the solutions with the targets that they serve."""
    rows = solutions_read(who(request))
    return render(request, "plans/solutions.html", {**frame(request, "targets"), "rows": rows})


@require_safe
@insiders_only
def rule(request: HttpRequest) -> HttpResponse:
    """Show the rule by which lights and forecasts are given, with its versions."""
    known = rules()
    return render(
        request,
        "plans/target_rule.html",
        {
            **frame(request, "targets"),
            "rule": rule_on(known, clock.today()),
            "versions": sorted(known.values(), key=lambda one: one.effective_from, reverse=True),
        },
    )
