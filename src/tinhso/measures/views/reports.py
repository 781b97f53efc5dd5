"""The periodic reports for whoever holds a post: choose a form and a period, read it, print it, take it along.

Exact numbers of days that are not whole months: with what everybody is told they would give small numbers away.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import holders_only
from tinhso.documents.api import PDF, draw_pdf
from tinhso.measures.forms import said
from tinhso.measures.queries.reports import Report, cut, forms, receiving_offices, report_of, source
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.reports import Form
from tinhso.measures.views.choosing import (
    Choice,
    chosen,
    groups_of,
    month_choices,
    quarter_choices,
    year_choices,
)
from tinhso.measures.views.indices import index_tabs
from tinhso.measures.views.sheets import Cell, Column, Row, Sheet, as_file
from tinhso.toolkit import clock, words

_HALF: Final = 6


@dataclass(frozen=True, slots=True)
class _Asked:
    form: Form
    choice: Choice
    choices: list[tuple[str, list[Choice]]]
    error: str
    first: dt.date
    last: dt.date
    until: dt.date
    offices: list[tuple[int, str]]
    office_id: int | None

    @property
    def office(self) -> str:
        """Return the name of the office asked for, blank: the province."""
        return next((name for pk, name in self.offices if pk == self.office_id), "")

    @property
    def query(self) -> str:
        """Return the address of this report."""
        return urlencode(
            {"bieu": self.form.key, "ky": self.choice.key}
            | ({"co-quan": str(self.office_id)} if self.office_id else {})
        )


def _half_choices(today: dt.date) -> list[Choice]:
    found = []
    for year in year_choices(today):
        second = Choice(
            f"{year.key}-h2",
            _("6 tháng cuối năm %(year)s") % {"year": year.key},
            year.first.replace(month=_HALF + 1),
            year.last,
        )
        first = Choice(
            f"{year.key}-h1",
            _("6 tháng đầu năm %(year)s") % {"year": year.key},
            year.first,
            last_day_of(year.first.replace(month=_HALF)),
        )
        found += [second, first]
    return found


def _begun(choices: list[Choice], today: dt.date) -> list[Choice]:
    """Keep the periods whose reports have begun, with the days of the report in place of the months."""
    found = []
    for one in choices:
        first, last = cut().span(one.first, one.last)
        if first <= today:
            found.append(Choice(one.key, one.label, first, last))
    return found


def _asked(request: HttpRequest) -> _Asked:
    today = clock.today()
    months = _begun(month_choices(_next_month(today)), today)
    quarters, halves, years = (
        _begun(every, today) for every in (quarter_choices(today), _half_choices(today), year_choices(today))
    )
    over = next((one for one in months if one.last < today), months[0])
    choice, error = chosen(request, [*months, *quarters, *halves, *years], over)
    asked = said(request.GET, "bieu")
    form = forms().get(asked) or next(iter(forms().values()))
    if asked and asked not in forms():
        error = error or _("Chọn một biểu trong danh sách.")
    until = min(choice.last, today)
    offices = receiving_offices(choice.first, until) if form.is_of_office else []
    typed = said(request.GET, "co-quan")
    office_id = int(typed) if typed.isdecimal() and any(str(pk) == typed for pk, _name in offices) else None
    if typed and office_id is None and form.is_of_office:
        error = error or _("Chọn một cơ quan trong danh sách, hoặc cả tỉnh.")
    groups = groups_of(
        (_("Tháng"), months), (_("Quý"), quarters), (_("Sáu tháng"), halves), (_("Năm"), years)
    )
    return _Asked(form, choice, groups, error, choice.first, choice.last, until, offices, office_id)


def _next_month(today: dt.date) -> dt.date:
    """Return the month after this one: from the 15th on, its report has begun."""
    return last_day_of(today.replace(day=1)) + dt.timedelta(days=1)


def _context(asked: _Asked, report: Report) -> dict[str, Any]:
    cells = asked.form.counts
    return {
        "asked": asked,
        "report": report,
        "form": asked.form,
        "rows": _rows(report, cells),
        "whole": _row(_("Tổng cộng"), report.whole, cells),
        "columns": len(cells),
        "numbers": range(1, len(cells) + 3),
        "is_over": asked.last < clock.today(),
        "cut": cut(),
        "source": source(),
        "now": clock.now(),
    }


def _rows(report: Report, cells: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows, each with its number in the list; sums have none."""
    rows, n = [], 0
    for row in report.rows:
        n += not row.is_sum
        number = "" if row.is_sum else words.number(n)
        rows.append({**_row(row.name, row.counts, cells, is_sum=row.is_sum), "n": number})
    return rows


def _row(name: str, counts: Counter[str], cells: tuple[str, ...], *, is_sum: bool = False) -> dict[str, Any]:
    return {"name": name, "is_sum": is_sum, "cells": [words.number(counts[key]) for key in cells]}


@require_safe
@holders_only()
def reports_page(request: HttpRequest) -> HttpResponse:
    """Show a form of a period."""
    asked = _asked(request)
    report = report_of(asked.form, asked.first, asked.until, asked.office_id)
    return render(
        request,
        "measures/reports.html",
        {
            **_context(asked, report),
            "section": "statistics",
            "index_tabs": index_tabs(request),
            "choice": asked.choice,
            "choices": asked.choices,
            "error": asked.error,
            "uncounted": report.counting.uncounted if report.counting else (),
            "boxes": _boxes(asked),
            "finding": _finding(report),
        },
    )


def _boxes(asked: _Asked) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    boxes = [("bieu", _("Biểu"), [(key, form.name) for key, form in forms().items()], asked.form.key)]
    if asked.form.is_of_office:
        offices = [("", _("Cả tỉnh")), *((str(pk), name) for pk, name in asked.offices)]
        boxes.append(("co-quan", _("Cơ quan"), offices, str(asked.office_id or "")))
    return boxes


def _finding(report: Report) -> str:
    if report.form.by == "catalogue":
        return _("%(n)s thủ tục trong danh mục của tỉnh") % {"n": words.number(report.whole["listed"])}
    if not report.whole["whole"]:
        return _("Kỳ này chưa có hồ sơ nào")
    return _("%(n)s hồ sơ nhận giải quyết trong kỳ") % {"n": words.number(report.whole["whole"])}


@require_safe
@holders_only()
def report_csv(request: HttpRequest) -> HttpResponse:
    """Give a form of a period as a table."""
    asked = _asked(request)
    report = report_of(asked.form, asked.first, asked.until, asked.office_id)
    heads = [
        Column(count, f"{head.name}: {name}") for head in asked.form.heads for name, count in head.columns
    ]
    sheet = Sheet(
        f"bieu-{asked.form.key}",
        asked.form.name,
        (Column("cap", _("Cấp"), "text"), Column("ten", _("Tên"), "text"), *heads),
        [
            Row((Cell(row.level), Cell(row.name), *(Cell(row.counts[key]) for key in asked.form.counts)))
            for row in report.rows
            if not row.is_sum
        ],
    )
    return as_file(sheet, "csv", {})


@require_safe
@holders_only()
def report_pdf(request: HttpRequest) -> HttpResponse:
    """Draw a form of a period as it is printed: A4, lying, in the type of State papers."""
    asked = _asked(request)
    report = report_of(asked.form, asked.first, asked.until, asked.office_id)
    content = draw_pdf(render_to_string("measures/pdf/report.html", _context(asked, report)))
    response = HttpResponse(content, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="bieu-{asked.form.key}-{asked.choice.key}.pdf"'
    return response
