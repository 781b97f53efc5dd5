"""Points by Decree 61/2018 for a quarter: offices for everybody, without names; officers for those who may read them."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import Office, holders_only, who
from tinhso.measures.forms import said
from tinhso.measures.permissions import offices_rated
from tinhso.measures.queries.editions import known, told_months
from tinhso.measures.queries.figures import EVERY_CASE, By
from tinhso.measures.queries.nd61_inputs import (
    OfficeStanding,
    OfficeStandings,
    office_standings,
    officer_standings,
)
from tinhso.measures.queries.nd61_inputs import said as told
from tinhso.measures.queries.places import limits
from tinhso.measures.queries.reports import level_of
from tinhso.measures.rules.quality import Points, Standing
from tinhso.measures.views.choosing import Choice, chosen, groups_of, quarter_choices
from tinhso.measures.views.indices import index_tabs
from tinhso.measures.views.sheets import Cell, Column, Row, Sheet, as_file
from tinhso.measures.views.telling import is_told_all, not_told, told_span
from tinhso.toolkit import clock
from tinhso.toolkit.public_page import public_page

#: Decimals of points: for everybody one, so that the number of late dossiers cannot be worked out from a mean.
PUBLIC_PLACES, PLACES = 1, 2
_COMPUTED: Final = ("1", "2", "3", "6", "9")
#: How the decree ends the name of a criterion, before its points.
_SCALE = re.compile(r" với (các )?mức điểm.*")


def _choice(request: HttpRequest) -> tuple[Choice, str, list[tuple[str, list[Choice]]]]:
    today = clock.today()
    quarters = quarter_choices(today)
    over = next((one for one in quarters if one.last < today), quarters[0])
    choice, error = chosen(request, quarters, over)
    return choice, error, groups_of((_("Quý"), quarters))


def _decimal(value: Fraction, places: int) -> str:
    text = f"{float(value):.{places}f}".replace(".", ",")
    return text.rstrip("0").rstrip(",") if "," in text else text


def _points(points: Points, places: int) -> str:
    """Write points: one number, a range, or that nobody rated them."""
    if not points.is_rated:
        return _("chưa chấm")
    if points.low == points.high:
        return _decimal(points.low, places)
    return _("%(a)s đến %(b)s") % {"a": _decimal(points.low, places), "b": _decimal(points.high, places)}


def _classes(standing: Standing) -> str:
    if len(standing.classes) == 1:
        return standing.classes[0]
    return _("%(a)s đến %(b)s") % {"a": standing.classes[-1], "b": standing.classes[0]}


def _standing(standing: Standing, places: int) -> dict[str, str]:
    return {
        "sure": _("%(a)s trên %(b)s")
        % {
            "a": _decimal(standing.sure, places),
            "b": _decimal(standing.rated, places),
        },
        "range": _("%(a)s đến %(b)s")
        % {
            "a": _decimal(standing.low, places),
            "b": _decimal(standing.high, places),
        },
        "classes": _classes(standing) if standing.classes else "",
    }


@require_safe
@public_page
def nd61_page(request: HttpRequest) -> HttpResponse:
    """Show the points of every office in a quarter, and the classes that are still possible."""
    choice, error, choices = _choice(request)
    found = _offices(request, choice)
    places = PLACES if is_told_all(request) else PUBLIC_PLACES
    context: dict[str, Any] = {
        "section": "statistics",
        "index_tabs": index_tabs(request),
        "choice": choice,
        "choices": choices,
        "error": error,
        "finding": _("Quý này chưa có tháng nào hết"),
        "found": found,
        "query": f"?ky={choice.key}",
        "said": told(),
        "is_officer": who(request).is_officer,
    }
    if found:
        told_to = _told_offices(request, found)
        rows = [_row(one, places, tells=one.office.pk in told_to) for one in found.every]
        context |= {
            "finding": _finding(found),
            "first": found.first,
            "last": found.last,
            "uncounted": found.counting.uncounted,
            "rows": rows,
            "levels": _levels(rows),
            "hides": any(not row["is_told"] for row in rows),
            "least": limits().ranked_from,
            "computed": _COMPUTED,
            "criteria": _criteria(found),
            "classes": found.criteria.kind("office").classes,
            "most": sum(found.criteria.criteria[key].most for key in found.criteria.kind("office").criteria),
        }
    return render(request, "measures/nd61.html", context)


def _offices(request: HttpRequest, choice: Choice) -> OfficeStandings | None:
    today = clock.today()
    span = told_span(choice.first, min(choice.last, today), today, is_told_all=is_told_all(request))
    return office_standings(*span, clock.now()) if span else None


def _finding(found: OfficeStandings) -> str:
    rated = [one for one in found.every if one.ended]
    if not rated:
        return _("Kỳ này chưa có cơ quan nào có hồ sơ xong")
    sure = sum(len(one.standing.classes) == 1 for one in rated)
    if not sure:
        return _("Chưa cơ quan nào đủ điểm để xếp loại")
    return _("%(a)s trên %(b)s cơ quan đã chắc loại") % {"a": sure, "b": len(rated)}


def _told_offices(request: HttpRequest, found: OfficeStandings) -> frozenset[int]:
    """Return the offices whose points the reader is told.

    Strangers are told those of which the editions tell what was early, in time and late, and not of a few: the points
    then say nothing of a small number that is not told itself.
    """
    if is_told_all(request):
        return frozenset(one.office.pk for one in found.every)
    every = known(told_months(found.first, found.last), By.OFFICE, EVERY_CASE) or {}
    return frozenset(
        office
        for office, one in every.items()
        if (one.number("returned") or 0) >= limits().ranked_from
        and all(one.number(name) is not None for name in ("early", "on_time", "late"))
    )


def _row(one: OfficeStanding, places: int, *, tells: bool) -> dict[str, Any]:
    return {
        "name": one.office.short_name,
        "level": level_of(one.office),
        "is_told": tells,
        "ended": one.ended,
        "points": [
            (key, _points(one.standing.points[key], places) if tells else not_told()) for key in _COMPUTED
        ],
        **(
            _standing(one.standing, places)
            if tells
            else dict.fromkeys(("sure", "range", "classes"), not_told())
        ),
    }


def _levels(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows under their levels, in the order in which they stand."""
    levels: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        levels.setdefault(row["level"], []).append(row)
    return [{"name": name, "rows": every} for name, every in levels.items()]


def _criteria(found: OfficeStandings) -> list[dict[str, Any]]:
    return [
        {
            "key": key,
            "title": _SCALE.sub("", found.criteria.criteria[key].title.split(": ", 1)[-1]),
            "computed": told()["computed"].get(key, ""),
            "people": told()["people"].get(key, ""),
        }
        for key in found.criteria.kind("office").criteria
    ]


@require_safe
@public_page
def nd61_csv(request: HttpRequest) -> HttpResponse:
    """Give the table of offices."""
    choice, _error, _choices = _choice(request)
    found = _offices(request, choice)
    places = PLACES if is_told_all(request) else PUBLIC_PLACES
    told_to = _told_offices(request, found) if found else frozenset()
    columns = (
        Column("co_quan", _("Cơ quan"), "text"),
        *(Column(f"chi_so_{key}", _("Chỉ số %(n)s") % {"n": key}, "text") for key in _COMPUTED),
        Column("diem_chac", _("Điểm đã chắc"), "text"),
        Column("diem_co_the", _("Điểm có thể"), "text"),
        Column("loai", _("Loại có thể"), "text"),
    )
    rows = [
        Row(
            (
                Cell(row["name"]),
                *(Cell(value) for _key, value in row["points"]),
                *(Cell(row[key]) for key in ("sure", "range", "classes")),
            )
        )
        for row in (
            _row(one, places, tells=one.office.pk in told_to) for one in (found.every if found else ())
        )
    ]
    return as_file(Sheet("nghi-dinh-61", _("Điểm theo Nghị định 61"), columns, rows), "csv", {})


@require_safe
@holders_only()
def nd61_officers_page(request: HttpRequest) -> HttpResponse:
    """Show an officer one's own points, a leader those of the office, an inspector those of a chosen office."""
    choice, error, choices = _choice(request)
    actor, today = who(request), clock.today()
    last = min(choice.last, today)
    rated = offices_rated(actor)
    boxes, chosen_office = [], None
    if rated is None:
        offices = _with_officers(choice.first, last)
        chosen_office = _office_asked(request, offices)
        options = [("", _("Chọn cơ quan")), *((str(pk), name) for pk, name in offices)]
        boxes.append(("co-quan", _("Cơ quan"), options, str(chosen_office or "")))
    every = []
    if rated is None:
        every = officer_standings(choice.first, last, clock.now(), [chosen_office]) if chosen_office else []
    else:
        if rated:
            every = officer_standings(choice.first, last, clock.now(), sorted(rated))
        own = [post.office_id for post in actor.posts if post.office_id not in rated]
        if own:
            every += officer_standings(choice.first, last, clock.now(), own, actor.account_id)
    names = dict(
        Office.objects.filter(pk__in={one.office_id for one in every}).values_list("pk", "short_name")
    )
    return render(
        request,
        "measures/nd61_officers.html",
        {
            "section": "statistics",
            "choice": choice,
            "choices": choices,
            "error": error,
            "boxes": boxes,
            "first": choice.first,
            "last": last,
            "is_choosing": rated is None and chosen_office is None,
            "now": clock.now(),
            "said": told(),
            "rows": [
                {
                    "name": one.name,
                    "office": names[one.office_id],
                    "n": one.marks.total.n,
                    "points": [(key, _points(one.standing.points[key], PLACES)) for key in ("1", "2", "3")],
                    **_standing(one.standing, PLACES),
                }
                for one in every
            ],
        },
    )


def _with_officers(first: dt.date, last: dt.date) -> list[tuple[int, str]]:
    found = office_standings(first, last, clock.now())
    return [(one.office.pk, one.office.short_name) for one in found.every]


def _office_asked(request: HttpRequest, offices: list[tuple[int, str]]) -> int | None:
    typed = said(request.GET, "co-quan")
    return next((pk for pk, _name in offices if str(pk) == typed), None)
