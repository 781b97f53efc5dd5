"""Money as files: the lines that a page shows, as CSV and as Excel."""

from __future__ import annotations

import csv
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import who
from tinhso.plans.adapters.sheets import XLSX_TYPE, SheetColumn, write_rows
from tinhso.plans.queries.money import LineRow, line_rows, lines_of
from tinhso.plans.views.frame import insiders_only
from tinhso.plans.views.money import wanted_of
from tinhso.toolkit import clock
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import date_text


@require_safe
@insiders_only
def money_csv(request: HttpRequest) -> HttpResponse:
    """Give the lines of the page as CSV, amounts in VND."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="kinh-phi-{_year(request)}.csv"'
    response.write("\ufeff")
    sheet = csv.writer(response)
    sheet.writerow(
        ["nam", "co_quan", "khoan", "nguon", "von", "an_toan", "de_nghi_vnd", "da_giao_vnd", "da_chi_vnd"]
    )
    for row in _rows(request):
        line, balance = row.line, row.balance
        words = [guarded(text) for text in (line.office.short_name, line.name, row.source, row.capital)]
        sheet.writerow(
            [
                line.year,
                *words,
                "1" if line.is_security else "0",
                balance.planned,
                balance.allocated,
                balance.spent,
            ]
        )
    return response


@require_safe
@insiders_only
def money_xlsx(request: HttpRequest) -> HttpResponse:
    """Give the lines of the page as Excel, amounts in VND."""
    now, rows = clock.now(), _rows(request)
    content = write_rows(
        [
            _("Kinh phí chuyển đổi số năm %(year)d") % {"year": _year(request)},
            _("Đến ngày %(day)s, đơn vị tính: đồng") % {"day": date_text(now.date())},
        ],
        [
            SheetColumn(_("Cơ quan"), 30),
            SheetColumn(_("Khoản kinh phí"), 52),
            SheetColumn(_("Nguồn"), 20),
            SheetColumn(_("Loại vốn"), 18),
            SheetColumn(_("An toàn thông tin"), 12),
            SheetColumn(_("Đề nghị"), 18, "money"),
            SheetColumn(_("Đã giao"), 18, "money"),
            SheetColumn(_("Đã chi"), 18, "money"),
        ],
        [
            [
                row.line.office.short_name,
                row.line.name,
                row.source,
                row.capital,
                _("có") if row.line.is_security else "",
                Decimal(row.balance.planned),
                Decimal(row.balance.allocated),
                Decimal(row.balance.spent),
            ]
            for row in rows
        ],
        name=_("Kinh phí"),
        made_at=now,
    )
    response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="kinh-phi-{_year(request)}.xlsx"'
    return response


def _year(request: HttpRequest) -> int:
    return wanted_of(request, clock.today()).year


def _rows(request: HttpRequest) -> list[LineRow]:
    today = clock.today()
    return line_rows(lines_of(who(request), wanted_of(request, today)), today)
