"""The figures of the province: the finding, formulas side by side, months, districts, offices, the map."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.measures.forms import FIRST_YEAR
from tinhso.measures.queries.editions import Known
from tinhso.measures.queries.figures import By, Tally, counting, tally
from tinhso.measures.queries.formulas import usual
from tinhso.measures.queries.places import limits, now_on, places
from tinhso.measures.rules import last_day_of, month_after
from tinhso.measures.rules.formulas import Figure, Formula, bridge
from tinhso.measures.views.asked import Asked, asked
from tinhso.measures.views.charts import bars, district_map, month_chart, tile_boards
from tinhso.measures.views.lines import FLOWS, WHOLE, Line, Told, columns
from tinhso.measures.views.public_counts import (
    Counts,
    away_of,
    columns_of_months,
    columns_of_parts,
    counts_of,
    districts_of_counts,
    is_rough,
    months_of,
    rough_words,
    whole_of,
)
from tinhso.measures.views.stats_frame import OUTCOME_WORDS, figures, month_lines, page
from tinhso.toolkit import clock, words
from tinhso.toolkit.public_page import public_page


@require_safe
@public_page
def statistics(request: HttpRequest) -> HttpResponse:
    """Show the province's figures of a period."""
    wanted = asked(request)
    return _province(request, wanted, "measures/stats_province.html", {})


@require_safe
@public_page
def month_page(request: HttpRequest, month: str) -> HttpResponse:
    """Show the province's figures of one month."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month, re.ASCII)
    if not found or int(found[1]) < FIRST_YEAR:
        raise Http404
    first = dt.date(int(found[1]), int(found[2]), 1)
    if first > clock.today():
        raise Http404
    last = min(last_day_of(first), clock.today())
    wanted = asked(request)
    wanted = replace(wanted, first=first, last=last)
    before = (first - dt.timedelta(days=1)).replace(day=1)
    after = month_after(first)
    query = wanted.query(tu="", den="")
    context = {
        "month": first,
        "before": reverse("measures:stats_month", args=[f"{before:%Y-%m}"]) + f"?{query}"
        if before.year >= FIRST_YEAR
        else "",
        "after": reverse("measures:stats_month", args=[f"{after:%Y-%m}"]) + f"?{query}"
        if after <= clock.today()
        else "",
    }
    return _province(request, wanted, "measures/stats_month.html", context)


def _province(request: HttpRequest, want: Asked, template: str, context: dict[str, Any]) -> HttpResponse:
    first, last = want.first, want.last
    is_part = bool(want.field_id or want.channel)
    span = want.span
    own = span if is_part else want.whole_span
    if own is None:
        return page(request, template, want, {**context, "finding": not_over()}, [], span=None)
    whole = whole_of(want, own) if is_part else tally(*own)
    months = months_of(want, own)
    told = Told(
        month_lines(months, *own, counting(*own), f"?{want.query(tu='', den='')}"),
        want.formula,
        is_told_all=want.is_told_all,
        whole=whole,
        is_province=not is_part,
        away=None if is_part else away_of(want),
        adds=FLOWS,
    )
    rough = is_rough(want)
    times = columns(*columns_of_months(want), name=_("Tháng"))
    sheets = [told.sheet("thang", _("Theo tháng"), times, whole=_("Cả kỳ"))]
    context |= {
        "own": own,
        "finding": rough_finding(told, WHOLE) if rough else finding(told, WHOLE),
        "rough_words": rough_words() if rough else "",
        "figures": figures(
            (as_told(whole.under(one), months, want), shown(told, whole, one, want, months))
            for one in want.formulas
        ),
        "running": None if rough else (told.cell(WHOLE, "running_in_time"), told.cell(WHOLE, "running_late")),
        "bridge": _bridge(whole, want)
        if isinstance(whole, Tally) and (want.is_told_all or may_bridge(months, own, want))
        else None,
        "backwards": [one for one in want.formulas if first < one.effective_from],
        "month_chart": None if rough else month_chart(told),
    }
    by_office = counts_of(want, span, By.OFFICE) if span is not None else None
    if span is not None and by_office is not None:
        of_all = whole_of(want, span)
        strict = usual("strict", last)
        offices = Told(
            office_lines(by_office, want),
            want.formula,
            is_told_all=want.is_told_all,
            whole=of_all,
        )
        districts = _districts(by_office, strict, want, of_all)
        shown_offices = ranked(offices)[: limits().longest_chart]
        sheets += [
            offices.sheet(
                "co-quan",
                _("Cơ quan trễ nhiều nhất"),
                columns(*columns_of_parts(want), name=_("Cơ quan")),
                shown=shown_offices,
                whole=_("Cả tỉnh"),
            ),
            districts.sheet(
                "huyen",
                _("Theo huyện, thành phố"),
                columns(*columns_of_parts(want), name=_("Nơi giải quyết")),
                whole=_("Cả tỉnh"),
            ),
        ]
        by_strict = (
            offices
            if want.formula == strict
            else Told(
                offices.lines,
                strict,
                is_told_all=want.is_told_all,
                whole=of_all,
            )
        )
        context |= {
            "chart": bars(offices, shown_offices, _("cả tỉnh")),
            "map": district_map(districts),
            "boards": tile_boards(by_strict),
            "strict": strict,
        }
    return page(
        request, template, want, context, sheets, span=own, embed=reverse("measures:embed", args=["tinh"])
    )


def not_over() -> str:
    """Say why nothing is told yet."""
    return _("Tháng này chưa hết, nên chưa nêu số của từng phần")


def shown(told: Told, whole: Tally | Known, formula: Formula, want: Asked, months: Mapping[Any, Any]) -> bool:
    """Say whether the figure of a whole by a formula is told.

    To strangers of a part by the first one only; of the whole province by others over whole months, where no month's
    difference to the first one is small.
    """
    if want.is_told_all:
        return True
    if told.number(WHOLE, "den") is None or told.number(WHOLE, "num") is None:
        return False
    if formula == told.formula:
        return True
    if isinstance(whole, Known) or not of_whole_months(want.whole_span, want.today):
        return False
    return all(
        is_large(one.under(formula).numerator - one.under(told.formula).numerator)
        and is_large(one.under(formula).denominator - one.under(told.formula).denominator)
        for one in months.values()
    )


def is_large(n: int) -> bool:
    """Say whether a number, or a difference, is nothing or not small."""
    return n == 0 or abs(n) >= limits().told_from


def of_whole_months(span: tuple[dt.date, dt.date] | None, today: dt.date) -> bool:
    """Say whether a period is made of months that are over, and at most the running one so far."""
    return span is not None and span[0].day == 1 and span[1] in (last_day_of(span[1]), today)


def may_bridge(months: Mapping[Any, Any], span: tuple[dt.date, dt.date], want: Asked) -> bool:
    """Say whether strangers are told from what the difference of two formulas is made: of nothing small in any month."""
    if len(want.formulas) < 2 or not of_whole_months(span, want.today):
        return False
    first, second = want.formulas[:2]
    moved = [bridge(first, second, one.classes).moved.values() for one in months.values()]
    return all(is_large(n) for every in moved for n, _waited in every)


def as_told(found: Figure, months: Mapping[Any, Any], want: Asked) -> Figure:
    """Return a figure without what was left out by reason, where a month has a small number of that."""
    if want.is_told_all or not found.excluded:
        return found
    small = any(
        not is_large(n) for one in months.values() for n in one.under(found.formula).excluded.values()
    )
    if small or not of_whole_months(want.whole_span, want.today):
        return replace(found, excluded={})
    return found


def finding(told: Told, key: Any) -> str:
    """Return the headline: how many of 1,000 are late by the first formula."""
    if not told.values[key]["den"] and told.number(key, "den") is not None:
        return _("Kỳ này chưa có hồ sơ đến hạn")
    rate = told.rate(key)
    if rate is None:
        return _("Kỳ này có quá ít hồ sơ để nêu tỷ lệ trễ")
    if told.is_of_editions:
        return _("Cứ 1.000 hồ sơ đã trả thì %(n)s hồ sơ trễ") % {"n": words.number(round(rate))}
    return _("Cứ 1.000 hồ sơ đến hạn thì %(n)s hồ sơ trễ") % {"n": words.number(round(rate))}


def rough_finding(told: Told, key: Any) -> str:
    """Return the headline of a part of which no lateness is told."""
    received, returned = told.number(key, "received"), told.number(key, "returned")
    if received is None or returned is None:
        return _("Kỳ này có tháng quá ít hồ sơ để nêu số")
    return _("%(a)s hồ sơ tiếp nhận, %(b)s đã trả kết quả") % {
        "a": words.number(received),
        "b": words.number(returned),
    }


def office_lines(counts: Counts, want: Asked) -> list[Line]:
    """Return a line for each office."""
    every = places()
    query = want.query()
    split = now_on(want.today).split if want.by_now else frozenset()
    return [
        Line(
            pk,
            every[pk].name + (_(" (đã tách, giữ theo cơ quan cũ)") if pk in split else ""),
            one,
            office_address(pk, query),
        )
        for pk, one in sorted(counts.items(), key=lambda item: every[item[0]].sort_key)
    ]


def office_address(pk: int, query: str) -> str:
    """Return the address of an office's page; one that shares its code with a later one is named by its first day."""
    every = places()
    place = every[pk]
    is_older = any(one.code == place.code and one.valid_from > place.valid_from for one in every.values())
    opened = f"&mo={words.date_text(place.valid_from)}" if is_older else ""
    return f"{reverse('measures:stats_office', args=[place.code])}?{query}{opened}"


def ranked(told: Told) -> list[Line]:
    """Return the lines that may be ranked, the highest rate first, then the rest by name."""

    def place(line: Line) -> tuple[bool, float]:
        rate = told.rate(line.key) if is_ranked(told, line.key) else None
        return rate is None, -(rate or 0)

    return sorted(told.lines, key=place)


def is_ranked(told: Told, key: Any, name: str = "den") -> bool:
    """Say whether a part has enough behind it to stand in a ranking."""
    return (told.number(key, name) or 0) >= limits().ranked_from


def _districts(counts: Counts, strict: Formula, want: Asked, whole: Tally | Known) -> Told:
    every = places()
    grouped = districts_of_counts(want, counts)
    lines = [
        Line(
            pk,
            every[pk].tile_name if pk else _("Sở, ban, ngành tỉnh"),
            one,
            office_address(pk, want.query()) if pk else "",
        )
        for pk, one in grouped.items()
    ]
    told = Told(lines, strict, is_told_all=want.is_told_all, whole=whole)
    told.lines = sorted(lines, key=lambda line: (-(told.rate(line.key) or 0), line.name))
    return told


def _bridge(whole: Tally, want: Asked) -> dict[str, Any] | None:
    """Return the difference between the first two formulas as additions, late and denominator apart."""
    if len(want.formulas) < 2:
        return None
    a, b = want.formulas[:2]
    found = bridge(a, b, whole.classes)
    late: list[tuple[str, str, str]] = []
    base: list[tuple[str, str, str]] = []
    for (was, now), (n, waited) in sorted(found.moved.items(), key=lambda item: (-item[1][0], item[0])):
        name = _("%(was)s (%(a)s), %(now)s (%(b)s)") % {
            "was": capfirst(OUTCOME_WORDS.get(was, was)),
            "now": OUTCOME_WORDS.get(now, now),
            "a": _way(a),
            "b": _way(b),
        }
        tells = waited and want.is_told_all
        note = _("%(n)s hồ sơ từng được yêu cầu bổ sung") % {"n": words.number(waited)} if tells else ""
        of_late = int(now in b.denominator - b.numerator) - int(was in a.denominator - a.numerator)
        of_base = int(now in b.denominator) - int(was in a.denominator)
        for step, into in ((of_late, late), (of_base, base)):
            if step:
                into.append((name, f"{'+' if step > 0 else '−'} {words.number(n)}", note))
    lates = [words.number(one.denominator - one.numerator) for one in (found.first, found.second)]
    bases = [words.number(one.denominator) for one in (found.first, found.second)]
    return {
        "title": _("Vì sao hai con số khác nhau"),
        "late": [(_("Trễ, %(name)s") % {"name": _way(a)}, lates[0]), *late],
        "late_total": (_("Trễ, %(name)s") % {"name": _way(b)}, lates[1]),
        "base": [(_("Mẫu số, %(name)s") % {"name": _way(a)}, bases[0]), *base],
        "base_total": (_("Mẫu số, %(name)s") % {"name": _way(b)}, bases[1]),
    }


def _way(formula: Formula) -> str:
    """Return how a formula counts, without what all of them count."""
    return formula.name.removeprefix("Đúng hạn").strip(", ")


def districts_of(want: Asked, span: tuple[dt.date, dt.date]) -> Told | None:
    """Return the districts as far as they are told, strictly counted; None: they are not told so finely."""
    counts = counts_of(want, span, By.OFFICE)
    return (
        None if counts is None else _districts(counts, usual("strict", want.last), want, whole_of(want, span))
    )
