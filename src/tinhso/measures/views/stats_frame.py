"""What every public page of figures shares: filters, the root of its figures, files, the address to share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.measures.queries.editions import SILENCE, Known
from tinhso.measures.queries.figures import Counting, Tally, counting
from tinhso.measures.queries.formulas import every_formula
from tinhso.measures.queries.places import field_names, limits
from tinhso.measures.rules import each_day, last_day_of, month_after
from tinhso.measures.rules.formulas import Figure
from tinhso.measures.views.asked import FORMATS, Asked, channel_words
from tinhso.measures.views.lines import Line
from tinhso.measures.views.public_counts import parts_words
from tinhso.measures.views.sheets import Sheet, as_file
from tinhso.measures.views.telling import explained
from tinhso.toolkit import words

OUTCOME_WORDS = {
    "on_time": "đúng hạn",
    "late": "trễ",
    "withdrawn": "đã rút",
    "no_due_date": "không có hạn",
    "not_yet_due": "chưa đến hạn",
    "waiting": "đang chờ người dân",
    "running_late": "đang giải quyết, quá hạn",
    "running_in_time": "đang giải quyết, còn hạn",
}
#: Days of these kinds are named one by one up to this many.
NAMED_DAYS = 6


def source() -> str:
    """Return where every figure of these pages comes from."""
    return _("đếm từ hồ sơ của hệ thống")


def days_text(days: Sequence[dt.date]) -> str:
    """Name days: 01/05, 02/05 … or how many there are."""
    if len(days) > NAMED_DAYS:
        return _("%(n)s ngày, từ %(a)s đến %(b)s") % {
            "n": words.number(len(days)),
            "a": words.date_text(days[0]),
            "b": words.date_text(days[-1]),
        }
    return ", ".join(words.date_text(day) for day in days)


def root(asked: Asked, first: dt.date, last: dt.date) -> dict[str, Any]:
    """Return what a figure is rooted in: unit, period, source, formulas, when counted and what was not."""
    found = counting(first, last)
    public = [] if asked.is_told_all else asked.months
    return {
        "first": first,
        "last": last,
        "source": source(),
        "formulas": [
            {"version": one.version, "name": one.name, "is_verified": one.is_verified}
            for one in asked.formulas
        ],
        "counted_at": found.counted_at,
        "uncounted": days_text(found.uncounted),
        "uncounted_days": found.uncounted,
        "waiting": days_text(found.waiting),
        "n_public": len(public),
        "public_since": max((one.made_at for one in public), default=None),
    }


def page(
    request: HttpRequest,
    template: str,
    asked: Asked,
    context: dict[str, Any],
    sheets: Sequence[Sheet],
    *,
    span: tuple[dt.date, dt.date] | None,
    embed: str = "",
    extra: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show a page of figures, or give one of its tables as a file.

    ``span``: the days told, None: none are. ``extra``: what else the address says.
    """
    more = dict(extra or {})
    if asked.kind:
        if asked.error or asked.kind not in FORMATS or span is None or not sheets:
            return redirect(f"{request.path}?{_without(request, 'tai', 'bang')}")
        sheet = next((one for one in sheets if one.key == asked.sheet), sheets[0])
        return as_file(sheet, asked.kind, files_root(asked, span))
    every = every_formula()
    here = f"{request.path}?{asked.query(**more)}"
    return render(
        request,
        template,
        {
            "asked": asked,
            "error": asked.error,
            "typed_first": asked.typed[0],
            "typed_last": asked.typed[1],
            "fields": field_names().items(),
            "channels": channel_words().items(),
            "formula_choices": [
                (one.version, one.name, one in asked.formulas)
                for one in every.every
                if _is_offered(one, asked)
            ],
            "most_formulas": limits().most_formulas,
            "root": root(asked, *span) if span else None,
            "span": span,
            "is_wider": span is not None and span != (asked.first, asked.last),
            "sheets": {one.key.replace("-", "_"): one for one in sheets},
            "files": {
                one.key.replace("-", "_"): [
                    (label, f"?{asked.query(**more, bang=one.key, tai=kind)}")
                    for kind, label in (("csv", "CSV"), ("json", "JSON"), ("parquet", "Parquet"))
                ]
                for one in sheets
            },
            "parts_words": parts_words(asked),
            "hidden_words": explained() if any(one.hides for one in sheets) else "",
            "share_address": settings.TINHSO_PUBLIC_ADDRESS + here,
            "embed_code": _embed(embed, asked) if embed else "",
            "section": "statistics",
            "tabs": tabs(request, asked),
            "query": "",
            "extra": [(key, one) for key, one in more.items() if isinstance(one, str) and one],
            "now_query": asked.query(**more, nay="" if asked.by_now else "1"),
            **context,
        },
    )


def _is_offered(one: Any, asked: Asked) -> bool:
    """Say whether a version is offered: what was in force in the period, and the newest, applied backwards."""
    versions = every_formula().of(one.key)
    return one == versions[-1] or (
        one.effective_from <= asked.last and (one.effective_to is None or one.effective_to >= asked.first)
    )


def files_root(asked: Asked, span: tuple[dt.date, dt.date]) -> dict[str, Any]:
    """Return what a file says of the root of its figures."""
    found = root(asked, *span)
    return {
        "unit": _("hồ sơ"),
        "from": span[0].isoformat(),
        "to": span[1].isoformat(),
        "source": found["source"],
        "field": asked.field_id,
        "channel": asked.channel or None,
        "formula": asked.formula.version,
        "formulas": [
            {
                "version": one.version,
                "source": one.source,
                "sha256": one.source_hash,
                "verified": one.is_verified,
            }
            for one in asked.formulas
        ],
        "counted_at": found["counted_at"].isoformat() if found["counted_at"] else None,
        "uncounted": [day.isoformat() for day in found["uncounted_days"]],
    }


def _without(request: HttpRequest, *names: str) -> str:
    kept = [(key, one) for key, every in request.GET.lists() if key not in names for one in every]
    return urlencode(kept)


def _embed(path: str, asked: Asked) -> str:
    address = f"{settings.TINHSO_PUBLIC_ADDRESS}{path}?{asked.query()}"
    title = _("Số liệu giải quyết hồ sơ, tỉnh Nam Định")
    return f'<iframe src="{address}" title="{title}" width="100%" height="520" loading="lazy"></iframe>'


def tabs(request: HttpRequest, asked: Asked) -> list[tuple[str, str, bool]]:
    """Return the pages of figures: name, address, whether it is this one."""
    named = (
        ("statistics", _("Cả tỉnh")),
        ("stats_offices", _("Cơ quan")),
        ("stats_procedures", _("Thủ tục")),
        ("stats_fields", _("Lĩnh vực")),
        ("stats_compare", _("So sánh")),
        ("formulas", _("Công thức")),
    )
    found = []
    for name, label in named:
        address = reverse(f"measures:{name}")
        is_here = request.path.startswith(address) if name != "statistics" else request.path == address
        found.append((label, f"{address}?{asked.query()}", is_here))
    return found


def figures(found: Iterable[tuple[Figure, bool]]) -> list[dict[str, Any]]:
    """Return figures as a page shows them; a figure whose numbers are not told says so."""
    return [
        {
            "formula": one.formula,
            "is_told": is_told,
            "share": words.percent(one.numerator, one.denominator) if one.denominator else _("chưa áp dụng"),
            "num": one.numerator,
            "den": one.denominator,
            "late": one.denominator - one.numerator,
            "excluded": [(OUTCOME_WORDS.get(key, key), n) for key, n in sorted(one.excluded.items())],
        }
        for one, is_told in found
    ]


def month_lines(
    months: Mapping[dt.date, Tally | Known], first: dt.date, last: dt.date, found: Counting, link: str = ""
) -> list[Line]:
    """Return a line for each month of a period; one without a counted day has no number."""
    uncounted = frozenset(found.uncounted)
    none: Tally | Known = SILENCE if any(isinstance(one, Known) for one in months.values()) else Tally()
    lines = []
    month = first.replace(day=1)
    while month <= last:
        span = list(each_day(max(first, month), min(last, last_day_of(month))))
        missing = sum(day in uncounted for day in span)
        name = f"{month.month}/{month.year}"
        if 0 < missing < len(span):
            name = _("%(month)s, thiếu %(n)d ngày") % {"month": name, "n": missing}
        url = reverse("measures:stats_month", args=[f"{month:%Y-%m}"]) + link if missing < len(span) else ""
        lack = _("chưa có số liệu") if missing == len(span) else ""
        lines.append(Line(month, name, months.get(month, none), url, lack))
        month = month_after(month)
    return lines
