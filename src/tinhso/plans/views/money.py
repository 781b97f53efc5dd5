"""Pages of money: the province and its offices, one line with its ledger, new lines, entries, norms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import Actor, Office, holders_only, office_of, who
from tinhso.plans.forms.money import (
    ChangeForm,
    EntryForm,
    LineForm,
    chosen,
    number_asked,
    year_asked,
)
from tinhso.plans.models import BudgetLine
from tinhso.plans.permissions import BUDGET, OVERSEERS
from tinhso.plans.permissions.money import ENTRIES, LINES, PROPOSING, MayMoney
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.history import history_of
from tinhso.plans.queries.money import (
    Money,
    Sums,
    Wanted,
    balance_of,
    capital_labels,
    capital_words,
    ledger_of,
    line_rows,
    lines_of,
    money_of_year,
    offices_with_money,
    plans_to_take,
    years_with_money,
)
from tinhso.plans.queries.task_views import places
from tinhso.plans.rules.money import Norm, billions, cost_norms, millions, norm_on, said
from tinhso.plans.services.add_budget_line import CannotAddLine, add_budget_line
from tinhso.plans.services.change_budget_line import CannotChangeLine, LineTerms, change_budget_line
from tinhso.plans.services.enter_money import CannotEnter, enter_money
from tinhso.plans.services.lines_of_plan import lines_of_plan
from tinhso.plans.services.reverse_entry import CannotReverse, reverse_entry
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import day_of, percent
from tinhso.toolkit.words import money as vnd


@require_safe
@insiders_only
def money(request: HttpRequest) -> HttpResponse:
    """Show the money of a year by office, worst first, by source, with the share of information security."""
    by, today = who(request), clock.today()
    wanted = wanted_of(request, today)
    found = money_of_year(wanted.year, today, lines_of(by, wanted))
    years = sorted({*years_with_money(by), today.year, wanted.year}, reverse=True)
    is_filtered = bool(wanted.office_id or wanted.source or wanted.capital or wanted.security)
    plans = plans_to_take(by, wanted.year)
    return render(
        request,
        "plans/money.html",
        {
            **frame(request, "money"),
            "found": found,
            "wanted": wanted,
            "finding": _finding(found),
            "shown": shown(found.sums, found.norm),
            "rows": [(one.office, shown(one.sums, found.norm)) for one in found.offices],
            "sources": [(one, shown(one.sums, found.norm)) for one in (*found.sources, *found.capitals)],
            "years": years,
            "offices": offices_with_money(by, wanted.year),
            "source_choices": labels("sources").items(),
            "capital_choices": capital_labels().items(),
            "is_filtered": is_filtered,
            "is_secure_whole": not (wanted.security or wanted.source or wanted.capital),
            "query": request.GET.urlencode(),
            "may_add": by.holds(*BUDGET, *PROPOSING),
            "sees_all": by.holds(*OVERSEERS),
            "plans": [(plan, n, said(amount)) for plan, n, amount in plans],
        },
    )


@require_safe
@insiders_only
def money_office(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the lines of one office in a year, with its share of information security and what is missing."""
    by, today = who(request), clock.today()
    wanted = Wanted(year_asked(request.GET, today.year), office_id=pk)
    rows = lines_of(by, wanted)
    office = _office(by, pk)
    found = money_of_year(wanted.year, today, rows)
    every = [
        (row, millions(row.line.planned), millions(row.balance.allocated), millions(row.balance.spent))
        for row in line_rows(rows, today)
    ]
    years = LINES.rows(by, MayMoney.READ).filter(office_id=pk).order_by("-year")
    return render(
        request,
        "plans/money_office.html",
        {
            **frame(request, "money"),
            "office": office,
            "found": found,
            "shown": shown(found.sums, found.norm),
            "rows": every,
            "years": sorted({*years.values_list("year", flat=True), wanted.year}, reverse=True),
            "may_add": by.holds(*BUDGET) or pk in by.offices(*PROPOSING),
        },
    )


@require_safe
@insiders_only
def money_line(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one line: what is asked for, the ledger of what was allocated and spent, the history."""
    return render(request, "plans/money_line.html", _line_page(request, _line(who(request), pk)))


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*BUDGET, *PROPOSING)
def money_new(request: HttpRequest) -> HttpResponse:
    """Ask for money: a line of a year for an office; a planner asks for the own office."""
    by, today = who(request), clock.today()
    offered = _offered(by, today)
    first = request.GET.get("co_quan", "")
    start = next((label for label, one in offered.items() if str(one.pk) == first), "")
    form = LineForm(
        request.POST if request.method == "POST" else None,
        places=offered,
        initial={
            "year": str(year_asked(request.GET, today.year)),
            "source": "tinh",
            "office": start or (next(iter(offered)) if len(offered) == 1 else ""),
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            line = add_budget_line(by=by, at=clock.now(), **form.cleaned_data)
        except CannotAddLine as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã thêm khoản kinh phí. Giao và chi ghi ở trang này."))
            return redirect("plans:money_line", pk=line.pk)
    context = {**frame(request, "money"), "form": form, "places": offered}
    return render(request, "plans/money_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*BUDGET, *PROPOSING)
def money_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a line right, with the reason."""
    by = who(request)
    line = LINES.look(by, MayMoney.CHANGE, pk=pk)
    form = ChangeForm(
        request.POST if request.method == "POST" else None,
        initial={
            "name": line.name,
            "planned": f"{line.planned:,}".replace(",", "."),
            "source": line.source,
            "capital": line.capital,
            "is_security": line.is_security,
        },
    )
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        reason = typed.pop("reason")
        try:
            change_budget_line(by=by, at=clock.now(), line_id=pk, terms=LineTerms(**typed), reason=reason)
        except CannotChangeLine as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã sửa. Số cũ còn trong lịch sử."))
            return redirect("plans:money_line", pk=pk)
    context = {**frame(request, "money"), "form": form, "line": line}
    return render(request, "plans/money_change.html", context, status=422 if form.errors else 200)


@require_POST
@holders_only(*BUDGET)
def money_enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what was allocated or spent."""
    by = who(request)
    line, form = LINES.look(by, MayMoney.ENTER, pk=pk), EntryForm(request.POST)
    if form.is_valid():
        try:
            enter_money(by=by, at=clock.now(), line_id=pk, **form.cleaned_data)
        except CannotEnter as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Đã ghi. Ghi sai thì đảo bút toán, không sửa."))
            return redirect("plans:money_line", pk=pk)
    return render(request, "plans/money_line.html", _line_page(request, line, form), status=422)


@require_POST
@holders_only(*BUDGET)
def money_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrong entry back."""
    by = who(request)
    entry = ENTRIES.look(by, MayMoney.REVERSE, pk=pk)
    reason = request.POST.get("reason", "")[:400]
    try:
        reverse_entry(by=by, at=clock.now(), entry_id=pk, reason=reason)
    except CannotReverse as refused:
        context = _line_page(request, entry.line)
        context |= {"reverse_refused": str(refused), "reverse_of": pk, "reverse_typed": reason}
        return render(request, "plans/money_line.html", context, status=422)
    messages.success(request, _("Đã đảo bút toán. Cả hai dòng còn trong sổ."))
    return redirect("plans:money_line", pk=entry.line_id)


@require_POST
@holders_only(*BUDGET, *PROPOSING)
def money_of_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Make lines of the annex of an issued plan."""
    made = lines_of_plan(by=who(request), at=clock.now(), plan_id=pk)
    n = {"a": len(made.added), "b": len(made.changed), "c": made.same}
    messages.success(
        request,
        _("Đã lập %(a)d dòng mới, %(b)d dòng đổi theo bản điều chỉnh, %(c)d dòng đã có từ trước.") % n,
    )
    if made.too_small:
        messages.warning(
            request,
            _("%(n)d dòng đã giao nhiều hơn số của bản điều chỉnh nên giữ nguyên. Xem từng dòng.")
            % {"n": len(made.too_small)},
        )
    return redirect("plans:money")


@require_safe
@insiders_only
def money_norms(request: HttpRequest) -> HttpResponse:
    """Show which norms hold on a day: the share of information security, and the documents that set costs."""
    asked = request.GET.get("ngay", "")
    on = day_of(asked) or clock.today()
    wrong = bool(asked) and day_of(asked) is None
    return render(
        request,
        "plans/money_norms.html",
        {
            **frame(request, "money"),
            "on": on,
            "norm": norm_on(on),
            "costs": [(one, one.in_force(on), on < one.valid_from) for one in cost_norms()],
            "typed": asked or f"{on:%d/%m/%Y}",
            "wrong": wrong,
        },
        status=422 if wrong else 200,
    )


# shaping


def wanted_of(request: HttpRequest, today: dt.date) -> Wanted:
    """Return which lines the address asks for."""
    sent = request.GET
    return Wanted(
        year_asked(sent, today.year),
        number_asked(sent, "co_quan"),
        chosen(sent, "nguon", list(labels("sources"))),
        chosen(sent, "von", list(capital_labels())),
        chosen(sent, "an_toan", ("co", "khong")),
    )


def shown(sums: Sums, norm: Norm | None) -> dict[str, Any]:
    """Return sums as they are written: in million VND, with their shares."""
    return {
        "planned": millions(sums.planned),
        "allocated": millions(sums.allocated),
        "spent": millions(sums.spent),
        "security": millions(sums.security_planned),
        "planned_b": billions(sums.planned),
        "spent_b": billions(sums.spent),
        "allocated_b": billions(sums.allocated),
        "allocated_share": percent(sums.allocated, sums.planned, 1),
        "spent_share": percent(sums.spent, sums.planned, 1),
        "security_share": percent(sums.security_planned, sums.planned, 1),
        "is_enough": sums.is_secure_enough(norm),
        "missing": said(sums.missing(norm)),
        "missing_vnd": vnd(sums.missing(norm)),
        "missing_on_top": vnd(sums.missing_on_top(norm)),
        "lines": sums.lines,
    }


def _finding(found: Money) -> str:
    if not found.sums.lines:
        return _("Năm %(year)d chưa có khoản kinh phí nào") % {"year": found.year}
    numbers = {
        "year": found.year,
        "spent": billions(found.spent),
        "planned": billions(found.planned),
        "n": len(found.below_norm),
    }
    told = _("Năm %(year)d đã chi %(spent)s trên %(planned)s tỷ đồng đề nghị")
    if len(found.offices) > 1 and found.below_norm:
        told = _("Năm %(year)d đã chi %(spent)s trên %(planned)s tỷ đồng, %(n)d cơ quan thiếu tiền an toàn")
    return told % numbers


def _line(by: Actor, pk: int) -> BudgetLine:
    return LINES.look(by, MayMoney.READ, pk=pk)


def _line_page(request: HttpRequest, line: BudgetLine, form: EntryForm | None = None) -> dict[str, Any]:
    by, balance = who(request), balance_of(line)
    may_enter = LINES.holds(by, MayMoney.ENTER, line)
    return {
        **frame(request, "money"),
        "line": line,
        "source": labels("sources").get(line.source, line.source),
        "capital": capital_words(line.capital),
        "planned": vnd(line.planned),
        "allocated": vnd(balance.allocated),
        "spent": vnd(balance.spent),
        "left_to_spend": vnd(balance.left_to_spend),
        "left_to_allocate": vnd(balance.left_to_allocate),
        "spent_share": percent(balance.spent, balance.planned, 1),
        "ledger": [
            (one, millions(one.entry.amount), millions(one.balance.left_to_spend)) for one in ledger_of(line)
        ],
        "may_enter": may_enter,
        "may_change": LINES.holds(by, MayMoney.CHANGE, line),
        "form": (form or EntryForm(initial={"kind": "allocated"})) if may_enter else None,
        "history": history_of(line.about),
    }


def _office(by: Actor, pk: int) -> Office:
    """Return an office whose lines the actor may read, or may add. Raises ``NotThere``."""
    is_open = by.holds(*OVERSEERS) or LINES.rows(by, MayMoney.READ).filter(office_id=pk).exists()
    if not is_open and pk not in by.offices(*PROPOSING):
        raise NotThere
    try:
        return office_of(pk)
    except Office.DoesNotExist:
        raise NotThere from None


def _offered(by: Actor, on: dt.date) -> dict[str, Office]:
    """Return the offices for which the actor may ask, by the name that one picks."""
    every = places(on)
    if by.holds(*BUDGET):
        return dict(every)
    own = set(by.offices(*PROPOSING))
    return {label: one for label, one in every.items() if one.pk in own}
