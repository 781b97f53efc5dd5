"""The ranking of agencies, the same as CSV, and the addition behind the points of one."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import who
from tinhso.plans.permissions.money import COMMENDING
from tinhso.plans.queries.ranking import Ranked, ranking, version_on
from tinhso.plans.rules.ranking import Scored, Version
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.spreadsheet import guarded
from tinhso.toolkit.words import number


@require_safe
@insiders_only
def ranking_page(request: HttpRequest) -> HttpResponse:
    """Show the agencies of each group, best first, with the part that cost each the most."""
    now = clock.now()
    version, rows = version_on(now.date()), ranking(now.date(), now)
    groups = [
        (label, [_shown(row) for row in rows if row.group == key], f"nhom-{key}")
        for key, label in version.groups.items()
    ]
    return render(
        request,
        "plans/ranking.html",
        {
            **frame(request, "inspections"),
            "version": version,
            "groups": groups,
            "title": _finding(version, rows),
            "may_commend": who(request).holds(*COMMENDING),
        },
    )


@require_safe
@insiders_only
def ranking_office(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how the points of one agency come about: an addition that anybody can redo."""
    now = clock.now()
    version, rows = version_on(now.date()), ranking(now.date(), now)
    row = next((row for row in rows if row.office.pk == pk), None)
    if row is None:
        raise Http404
    in_group = sum(one.group == row.group and one.rank is not None for one in rows)
    whole = sum(one.part.weight for one in row.score.parts)
    if row.rank is None:
        title = _("%(office)s chưa đủ số để xếp hạng") % {"office": row.office.short_name}
    else:
        title = _("%(office)s: %(points)s điểm, hạng %(rank)d trên %(n)d") % {
            "office": row.office.short_name,
            "points": points_text(row.score.total),
            "rank": row.rank,
            "n": in_group,
        }
    return render(
        request,
        "plans/ranking_office.html",
        {
            **frame(request, "inspections"),
            "version": version,
            "row": row,
            "title": title,
            "group": version.groups[row.group],
            "parts": [_part(one, whole) for one in row.score.parts],
            "whole": whole,
            "total": points_text(row.score.total),
        },
    )


@require_safe
@insiders_only
def ranking_csv(request: HttpRequest) -> HttpResponse:
    """Give the ranking as CSV: a line for each agency and part, with numerator, denominator, weight and points."""
    now = clock.now()
    version = version_on(now.date())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"xep-hang-{now:%Y-%m-%d}-{version.version}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response.write("\ufeff")
    sheet = csv.writer(response)
    sheet.writerow(
        [
            "nhom",
            "hang",
            "co_quan",
            "diem",
            "phan",
            "tu_so",
            "mau_so",
            "trong_so",
            "trong_so_tinh",
            "diem_phan",
        ]
    )
    for row in ranking(now.date(), now):
        agency = [row.group, row.rank or "", guarded(row.office.short_name), row.score.total]
        for one in row.score.parts:
            sheet.writerow(
                [
                    *agency,
                    one.part.key,
                    one.numerator,
                    one.denominator,
                    one.part.weight,
                    one.share,
                    one.points,
                ]
            )
        for part in row.score.missing:
            sheet.writerow([*agency, part.key, "", "", part.weight, "", ""])
    return response


def points_text(points: Decimal) -> str:
    """Return points as they are written: 87,50."""
    return f"{points:.2f}".replace(".", ",")


def _shown(row: Ranked) -> dict[str, Any]:
    worst = row.costliest
    return {
        "row": row,
        "points": points_text(row.score.total),
        "counted": len(row.score.parts),
        "of": len(row.score.parts) + len(row.score.missing),
        "worst": worst,
        "lost": points_text(worst.share - worst.points) if worst else "",
    }


def _part(one: Scored, whole: int) -> dict[str, Any]:
    return {
        "one": one,
        "share": points_text(one.share),
        "points": points_text(one.points),
        "lost": points_text(one.share - one.points),
        "formula": _("%(weight)d ÷ %(whole)d × 100 × %(a)s ÷ %(b)s")
        % {
            "weight": one.part.weight,
            "whole": whole,
            "a": number(one.numerator),
            "b": number(one.denominator),
        },
    }


def _finding(version: Version, rows: list[Ranked]) -> str:
    """Return who leads each group."""
    first: dict[str, list[str]] = {}
    for row in rows:
        if row.rank == 1:
            first.setdefault(row.group, []).append(row.office.short_name)
    told = [
        _("%(office)s đứng đầu %(group)s")
        % {
            "office": names[0] if len(names) == 1 else _("%(n)d nơi cùng") % {"n": len(names)},
            "group": _short(version, key),
        }
        for key, names in first.items()
    ]
    return ", ".join(told) if told else _("Chưa đủ số để xếp hạng cơ quan nào")


def _short(version: Version, key: str) -> str:
    label = version.groups[key]
    return label[0].lower() + label[1:]
