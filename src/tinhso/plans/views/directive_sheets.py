"""Directives, members of bodies and posts as sheets, each cell a text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tinhso.plans.models import Body, Directive, Member
from tinhso.plans.queries.bodies import PostsRow, member_lines, said_hours
from tinhso.plans.queries.directives import entries_of
from tinhso.plans.queries.documents import labels
from tinhso.toolkit import clock
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import date_text, moment_text


def directives_sheet(rows: QuerySet[Directive]) -> HttpResponse:
    """Return the list as CSV, each cell a text."""
    heads = "so_ky_hieu loai ngay_ky noi_ban_hanh trich_yeu nhan_luc han_nhap nhap_luc nhap_tre"
    more = "hieu_luc_tu hieu_luc_den so_muc muc_chua_giao da_kiem_chung"
    response, sheet = _csv("chi-dao", [*heads.split(), *more.split()])
    every: list[Any] = list(rows)
    entries = entries_of(every)
    for row in every:
        entry = entries[row.pk]
        cells = [
            *(row.number, labels("directive_kinds").get(row.kind, row.kind), date_text(row.issued_on)),
            *(row.issuer, row.summary, moment_text(entry.received_at), moment_text(entry.due_at)),
            *(moment_text(entry.entered_at), _("có") if entry.is_late else _("không")),
            *(date_text(row.valid_from), date_text(row.valid_to) if row.valid_to else ""),
            *(row.items_n, row.open_n, _("có") if row.is_verified else _("chưa")),
        ]
        sheet.writerow([guarded(cell) for cell in cells])
    return response


def _csv(name: str, heads: Sequence[str]) -> tuple[HttpResponse, Any]:
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    sheet = csv.writer(response)
    sheet.writerow(heads)
    return response, sheet


def members_sheet(rows: QuerySet[Body], name: str) -> HttpResponse:
    """Return every seat of the bodies as CSV."""
    heads = "co_quan loai ten quyet_dinh ho_ten chuc_vu chuc_danh tu_ngay den_ngay gio_moi_tuan ky_nang"
    response, sheet = _csv(name, heads.split())
    for one, seat in member_lines(rows, clock.today()):
        member = seat.member
        cells = [
            *(one.office.short_name, labels("bodies")[one.kind], one.name),
            *(member.decision_number or one.decision_number, member.person.name, member.post_title),
            *(seat.duty, date_text(member.valid_from), date_text(member.valid_to) if member.valid_to else ""),
            *(hours_of(member).split(" ")[0], "; ".join(seat.skills)),
        ]
        sheet.writerow([guarded(cell) for cell in cells])
    return response


def posts_sheet(rows: Iterable[PostsRow]) -> HttpResponse:
    """Return the posts of every office as CSV; an office that was never counted has empty cells."""
    response, sheet = _csv(
        "bien-che", ["co_quan", "bien_che", "co_mat", "con_thieu", "den_ngay", "theo_van_ban"]
    )
    for row in rows:
        one = row.count
        cells = [one.planned, one.filled, row.vacant, date_text(one.on), one.source] if one else [""] * 5
        sheet.writerow([guarded(cell) for cell in (row.office.short_name, *cells)])
    return response


def hours_of(member: Member) -> str:
    """Return the hours a week that a member promised, blank where none are known."""
    return said_hours(member.hours_per_week) if member.hours_per_week is not None else ""
