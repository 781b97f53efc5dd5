"""The 766 index for everybody: groups, metrics, their two numbers and points; what is not applicable, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import Office, who
from tinhso.measures.models import Edition
from tinhso.measures.queries.editions import Known, known, told_months
from tinhso.measures.queries.figures import EVERY_CASE, By
from tinhso.measures.queries.index_inputs import (
    Index766,
    LevelTargets,
    index_of,
    index_sheet,
    level_targets,
    office_index,
)
from tinhso.measures.queries.reports import in_order
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.index_sheet import MetricLine, Share
from tinhso.measures.views.choosing import Choice, chosen, groups_of, month_choices, year_choices
from tinhso.measures.views.frame import plain
from tinhso.measures.views.sheets import Cell, Column, Row, Sheet, as_file
from tinhso.measures.views.telling import explained, is_told_all, not_told, told_span
from tinhso.toolkit import clock, words
from tinhso.toolkit.public_page import public_page


def index_tabs(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """Return the pages of indices: name, address, whether it is this one."""
    named = (
        ("index766", _("Chỉ số 766")),
        ("services_used", _("Dịch vụ có hồ sơ")),
        ("effort", _("Công nộp hồ sơ")),
        ("nd61", _("Điểm theo Nghị định 61")),
        *((("reports", _("Báo cáo định kỳ")),) if who(request).is_officer else ()),
    )
    addresses = [(label, reverse(f"measures:{name}")) for name, label in named]
    return [(label, address, request.path == address) for label, address in addresses]


def not_applicable() -> str:
    """Return what stands where there is nothing to divide by, or no input yet."""
    return _("chưa áp dụng")


@dataclass(frozen=True, slots=True)
class _Asked:
    choice: Choice
    error: str
    choices: list[tuple[str, list[Choice]]]
    first: dt.date
    last: dt.date


def _asked(request: HttpRequest) -> _Asked:
    today = clock.today()
    years, months = year_choices(today), month_choices(today)
    choice, error = chosen(request, [*years, *months])
    groups = groups_of((_("Cả năm"), years), (_("Từng tháng"), months))
    return _Asked(choice, error, groups, choice.first, min(choice.last, today))


@require_safe
@public_page
def index766_page(request: HttpRequest) -> HttpResponse:
    """Show the index of a year or month, by metric, by office, and the share online beside its targets."""
    asked = _asked(request)
    found = index_of(asked.first, asked.last, clock.now())
    given, gradable, whole = found.whole
    offices, span = _offices(request, asked)
    return render(
        request,
        "measures/index766.html",
        {
            "section": "statistics",
            "index_tabs": index_tabs(request),
            "choice": asked.choice,
            "choices": asked.choices,
            "error": asked.error,
            "uncounted": found.counting.uncounted,
            "found": found,
            "first": asked.first,
            "last": asked.last,
            "given": plain(given),
            "gradable": plain(gradable),
            "whole": plain(whole),
            "rest": plain(whole - gradable),
            "groups": [
                {
                    "name": group.said.name,
                    "most": plain(group.said.most),
                    "points": plain(group.points) if group.scored else not_applicable(),
                    "gradable": plain(group.gradable),
                    "rows": [_metric(line) for line in group.metrics],
                }
                for group in found.groups
            ],
            "chart": _chart(found),
            "finding": _finding(given, gradable),
            "targets": _targets(_level_targets(request, asked)),
            "offices": offices,
            "office_span": span,
            "hidden_words": explained() if offices and offices.hides else "",
            "query": f"?ky={asked.choice.key}",
            "is_backwards": asked.first < found.formula.effective_from,
        },
    )


def _finding(given: Decimal, gradable: Decimal) -> str:
    if not gradable:
        return _("Kỳ này chưa chấm được chỉ số 766 nào")
    return _("Chỉ số 766: %(a)s trên %(b)s điểm chấm được") % {"a": plain(given), "b": plain(gradable)}


def _percent(share: Fraction | None) -> str:
    if share is None:
        return not_applicable()
    return words.percent(share.numerator, share.denominator)


def _metric(line: MetricLine) -> dict[str, Any]:
    said = line.said
    return {
        "said": said,
        "share": line.share if line.is_applicable else None,
        "percent": _percent(line.share.exact if line.share else None),
        "target": _percent(line.target) if line.target else "",
        "points": ""
        if not said.scored
        else plain(line.points)
        if line.points is not None
        else not_applicable(),
        "most": plain(line.most) if line.most is not None else "",
        "why": said.reason or ("" if line.is_applicable else _("Kỳ này chưa có gì để chia.")),
        "unverified": line.unverified,
    }


def _chart(found: Index766) -> dict[str, Any] | None:
    bars = [
        (line.said.name, round(float(100 * line.share.exact), 1))
        for group in found.groups
        for line in group.metrics
        if line.share is not None and line.share.exact is not None
    ]
    if not bars:
        return None
    low = min(bars, key=lambda bar: bar[1])
    said_of = {"name": low[0].lower(), "n": plain(low[1])}
    return {"bars": bars, "finding": _("Thấp nhất: %(name)s, %(n)s phần trăm") % said_of}


def _level_targets(request: HttpRequest, asked: _Asked) -> LevelTargets:
    """Return the shares by level; to strangers those of the closed months, as far as they are told."""
    return level_targets(asked.first, asked.last, None if is_told_all(request) else _public(asked))


def _public(asked: _Asked) -> list[Edition]:
    """Return the editions of the closed months asked for."""
    days = told_span(asked.first, asked.last, clock.today(), is_told_all=False)
    return told_months(*days) if days else []


def _targets(found: LevelTargets) -> dict[str, Any]:
    rows = []
    for level in found.levels:
        exact = level.share.exact if level.share else None
        rows.append(
            {
                "name": level.name,
                "targets": _(" hoặc ").join(f"{plain(target)} %" for target in level.targets),
                "share": level.share,
                "percent": _percent(exact) if level.share else not_told(),
                "standing": [_standing(exact, target) for target in level.targets]
                if exact is not None
                else [],
            }
        )
    return {"said": found, "rows": rows}


def _standing(exact: Fraction, target: Decimal) -> str:
    short = Fraction(target) - 100 * exact
    if short <= 0:
        return _("đạt %(target)s %%") % {"target": plain(target)}
    return _("còn thiếu %(n)s điểm phần trăm so với %(target)s %%") % {
        "n": plain(float(short)),
        "target": plain(target),
    }


def _offices(request: HttpRequest, asked: _Asked) -> tuple[Sheet | None, tuple[dt.date, dt.date] | None]:
    """Return the table of offices, of days that the reader is told, and these days.

    Strangers are told the share online, as far as the editions tell it; the other counts are for officers.
    """
    if is_told_all(request):
        span = asked.first, asked.last
        found, metrics = office_index(*span, clock.now())
        told: Mapping[int, Mapping[str, Share | None]] = found
    else:
        months = _public(asked)
        if not months:
            return None, None
        span = months[0].month, last_day_of(months[-1].month)
        metrics = tuple(said for said in index_sheet().metrics if said.is_by_office)
        told = {
            office: {said.input: _told_share(one, said.input) for said in metrics}
            for office, one in (known(months, By.OFFICE, EVERY_CASE) or {}).items()
        }
    names = {office.pk: office for office in Office.objects.filter(pk__in=told)}
    order = sorted(told, key=lambda pk: in_order(names[pk]))
    columns = [Column("co_quan", _("Cơ quan"), "text")]
    for said in metrics:
        columns += [
            Column(f"{said.input}_tu_so", _("%(name)s: tử số") % {"name": said.name}, unit=said.unit),
            Column(f"{said.input}_mau_so", _("%(name)s: mẫu số") % {"name": said.name}, unit=said.unit),
        ]
    rows = []
    for office in order:
        cells = [Cell(names[office].short_name)]
        for said in metrics:
            cells += _pair(told[office][said.input])
        rows.append(Row(tuple(cells)))
    hides = any(share is None for shares in told.values() for share in shares.values())
    sheet = Sheet("chi-so-766-co-quan", _("Chỉ số 766 theo cơ quan"), tuple(columns), rows, hides=hides)
    return sheet, span


def _told_share(one: Known, name: str) -> Share | None:
    """Return a share of an office as far as the editions tell it."""
    online, received = one.number("online"), one.number("received")
    return (
        Share(online, received) if name == "online" and online is not None and received is not None else None
    )


def _pair(share: Share | None) -> list[Cell]:
    if share is None:
        return [Cell(None, not_told()), Cell(None, not_told())]
    if not share.below:
        return [Cell(None, not_applicable()), Cell(share.below)]
    shown = f"{words.number(share.above)} · {words.percent(share.above, share.below)}"
    return [Cell(share.above, shown=shown), Cell(share.below)]


# --- files ---


@require_safe
def index766_csv(request: HttpRequest) -> HttpResponse:
    """Give the metrics as a table, or with ``bang=co-quan`` the offices."""
    return _file(request, "csv")


@require_safe
def index766_json(request: HttpRequest) -> HttpResponse:
    """Give the same as data, with the root of the figures."""
    return _file(request, "json")


def _file(request: HttpRequest, kind: str) -> HttpResponse:
    asked = _asked(request)
    found = index_of(asked.first, asked.last, clock.now())
    if request.GET.get("bang") == "co-quan":
        sheet, _span = _offices(request, asked)
        if sheet is not None:
            return as_file(sheet, kind, _root(asked, found))
    return as_file(_sheet(found), kind, _root(asked, found))


def _sheet(found: Index766) -> Sheet:
    columns = (
        Column("nhom", _("Nhóm"), "text"),
        Column("ma", _("Mã"), "text"),
        Column("ten", _("Chỉ số"), "text"),
        Column("tu_so", _("Tử số")),
        Column("mau_so", _("Mẫu số")),
        Column("nguong", _("Ngưỡng"), "rate", "%"),
        Column("diem", _("Điểm"), "rate", _("điểm")),
        Column("toi_da", _("Tối đa"), "rate", _("điểm")),
    )
    rows = [
        Row(
            (
                Cell(group.said.name),
                Cell(line.said.key),
                Cell(line.said.name),
                Cell(line.share.above if line.share else None, line.said.reason),
                Cell(line.share.below if line.share else None, line.said.reason),
                Cell(float(100 * line.target) if line.target else None, ""),
                Cell(
                    float(line.points) if line.points is not None else None,
                    not_applicable() if line.said.scored else _("không có điểm riêng"),
                ),
                Cell(float(line.most) if line.most is not None else None, ""),
            )
        )
        for group in found.groups
        for line in group.metrics
    ]
    return Sheet("chi-so-766", _("Chỉ số 766"), columns, rows)


def _root(asked: _Asked, found: Index766) -> Mapping[str, Any]:
    given, gradable, whole = found.whole
    return {
        "from": asked.first.isoformat(),
        "to": asked.last.isoformat(),
        "points": float(given),
        "gradable": float(gradable),
        "max": float(whole),
        "version": found.index.version,
        "inputs_version": found.sheet.version,
        "formula_2_1": found.formula.version,
        "verified": found.sheet.is_verified,
        "source": found.sheet.source,
        "counted_at": found.counting.counted_at.isoformat() if found.counting.counted_at else None,
        "uncounted": [day.isoformat() for day in found.counting.uncounted],
    }
