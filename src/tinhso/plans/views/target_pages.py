"""What the page of one target shows, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Role
from tinhso.measures.api import Case
from tinhso.plans.models import TargetReport
from tinhso.plans.queries.counters import PartCount, counter_of, span_of
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.target_parts import Late, TargetPage
from tinhso.plans.queries.targets import value_text
from tinhso.plans.services.report_target import reported_text
from tinhso.plans.views.target_words import (
    board_line,
    chart_of,
    chart_title,
    finding,
    plain,
    why_forecast,
    why_light,
    why_needed,
)
from tinhso.toolkit import words

#: So many parts are shown; the page of figures has all.
MOST_PARTS: Final = 12
#: Who is led to the dossiers behind a figure (as the pages of figures do).
_READ_CASES: Final = (
    *(Role.COUNTER_CLERK, Role.SPECIALIST, Role.LEADER, Role.SEAL_CLERK),
    Role.INSPECTOR,
)


def page_context(by: Actor, page: TargetPage) -> dict[str, Any]:
    """Return what ``plans/target.html`` shows of a target."""
    row, target = page.row, page.row.target
    counter = counter_of(target.counter)
    may_see_cases = by.holds(*_READ_CASES)
    on = row.actual.on if row.actual else None
    return {
        "page": page,
        "row": row,
        "target": target,
        "heading": finding(row),
        "line": board_line(row),
        "counter": counter,
        "group": labels("groups").get(target.group, target.group),
        "as_of": dt.date.fromisoformat(row.actual.details.get("as_of") or f"{on}") if row.actual else None,
        "url": row.actual.details.get("url", "") if row.actual else "",
        "unknown_parts": row.actual.details.get("unknown", 0) if row.actual else 0,
        "is_illustrative": bool(row.actual and row.actual.details.get("is_illustrative")),
        "beside": _beside(page),
        "ledgers": _ledgers(page),
        "chart": chart_of(page.line) if len(page.line) > 1 else (),
        "chart_title": chart_title(page),
        "points": [
            {
                "on": one.on,
                "value": value_text(one.value, target.unit),
                "of": _fraction(one.numerator, one.denominator),
                "needed": value_text(one.needed, target.unit),
            }
            for one in reversed(page.line)
        ],
        "periods": [
            {
                "last": mark.on,
                "value": value_text(mark.value, target.unit),
                "is_passed": bool(on and mark.on < on),
            }
            for mark in row.course.marks
        ],
        "baseline": value_text(target.baseline, target.unit) if target.baseline is not None else "",
        "parts": _parts(page.parts, on, may_see_cases=may_see_cases and bool(counter and counter.formula)),
        "more_parts": max(0, len(_telling(page.parts)) - MOST_PARTS),
        "whole_parts": len(page.parts),
        "children": [board_line(child) for child in page.children],
        "late": _late(page.late, may_see_cases=may_see_cases),
        "reports": [report_line(one) for one in page.reports],
        "tasks": page.tasks,
        "solutions": page.solutions,
    }


def _fraction(numerator: Any, denominator: Any) -> str:
    return (
        f"{plain(numerator)}/{plain(denominator)}"
        if numerator is not None and denominator is not None
        else ""
    )


def _beside(page: TargetPage) -> list[tuple[str, str, str]]:
    """Return the other formulas of an on-time figure: name, share, fraction."""
    names = {"strict": _("Tính chặt"), "national": _("Cách tính quốc gia")}
    said = page.row.actual.details.get("beside", {}) if page.row.actual else {}
    return [
        (
            names.get(key, key),
            words.percent(one["numerator"], one["denominator"]),
            f"{words.number(one['numerator'])}/{words.number(one['denominator'])}",
        )
        for key, one in said.items()
    ]


def _ledgers(page: TargetPage) -> list[dict[str, Any]]:
    found = [
        (_("Lúc này cần bao nhiêu"), why_needed(page.row)),
        (_("Vì sao xếp như vậy"), why_light(page)),
        (_("Dự báo cuối kỳ"), why_forecast(page)),
    ]
    return [
        {"title": title, "rows": one[0] if one else (), "total": one[1] if one else None}
        for title, one in found
    ]


def _telling(parts: Sequence[PartCount]) -> list[PartCount]:
    """Return the parts worth showing: of single bodies only those that lack it."""
    single = bool(parts) and all(part.denominator == 1 for part in parts)
    return [part for part in parts if part.missing] if single else list(parts)


def _parts(parts: Sequence[PartCount], on: dt.date | None, *, may_see_cases: bool) -> list[dict[str, Any]]:
    first, last = span_of(on) if on else (None, None)
    return [
        {
            "part": part,
            "share": words.percent(part.numerator, part.denominator) if part.denominator > 1 else "",
            "url": _cases_url(first, last, **{"co-quan": part.code})
            if may_see_cases and part.code and part.missing and first and last
            else "",
        }
        for part in _telling(parts)[:MOST_PARTS]
    ]


def _cases_url(first: dt.date, last: dt.date, **more: str) -> str:
    query = {"tu": words.date_text(first), "den": words.date_text(last), "nhom": "late", **more}
    return f"{reverse('measures:stats_cases')}?{urlencode(query)}"


def _late(late: Late | None, *, may_see_cases: bool) -> dict[str, Any] | None:
    if late is None:
        return None
    found = late.found
    return {
        "whole": late.whole,
        "more": late.whole - len(late.shown),
        "first": found.first,
        "last": found.last,
        "formula": found.formula.name,
        "rows": [_case(case, code) for case, code in late.shown],
        "may_see": may_see_cases,
        "url": _cases_url(found.first, found.last, ct=found.formula.version) if may_see_cases else "",
    }


def _case(case: Case, code: str) -> dict[str, Any]:
    return {
        "number": case.number,
        "url": reverse("dossiers:desk", args=[code]),
        "due": case.due or case.original_due,
        "original_due": case.original_due,
        "ended": case.ended,
    }


def report_line(one: TargetReport) -> dict[str, Any]:
    """Return a report as lists show it: what it says, its state, who reported and who answered."""
    tags = {
        "": ("plain", _("Chờ xác nhận")),
        "confirmed": ("ok", _("Đã xác nhận")),
        "returned": ("warn", _("Trả lại")),
    }
    kind, state = tags[one.answer]
    return {
        "report": one,
        "said": reported_text(one),
        "kind": kind,
        "state": state,
        "by": one.reported_by.person.name if one.reported_by else _("Hệ thống"),
        "answered_by": one.answered_by.person.name if one.answered_by else "",
        "url": reverse("plans:target_report", args=[one.pk]),
        "file_url": reverse("plans:target_evidence", args=[one.pk]) if one.file_id else "",
    }
