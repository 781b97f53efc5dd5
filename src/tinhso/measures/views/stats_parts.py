"""Figures of the parts of the province: all offices, procedures or fields, one of them, and chosen ones side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.measures.forms import day_of, said
from tinhso.measures.queries.figures import By, Tally, counting, tallies, tally
from tinhso.measures.queries.places import (
    Place,
    field_names,
    limits,
    now_on,
    place_of,
    places,
    procedure_names,
    same_code,
)
from tinhso.measures.views.asked import Asked, asked
from tinhso.measures.views.charts import bars, month_chart
from tinhso.measures.views.lines import CODE, FLOWS, PARTS, TIMES, WHOLE, Line, Told, columns
from tinhso.measures.views.statistics import (
    finding,
    is_ranked,
    not_over,
    office_address,
    office_lines,
    ranked,
    shown,
)
from tinhso.measures.views.stats_frame import figures, month_lines, months_of, page
from tinhso.measures.views.telling import may_see_cases
from tinhso.toolkit.public_page import public_page

#: How a table of parts may be sorted: by name, by rate, by denominator, by what was received.
SORTS: Final = {"ten": "", "ty-le": "rate", "mau-so": "den", "tiep-nhan": "received"}


def _list(request: HttpRequest, want: Asked, by: By, one_of: dict[str, str]) -> HttpResponse:
    """Show all parts of a kind in one table; the small ones apart, not ranked."""
    span = want.span
    if span is None:
        return page(
            request, "measures/stats_list.html", want, {**one_of, "finding": not_over()}, [], span=None
        )
    counts = tallies(*span, by, want.wanted())
    if by is By.OFFICE:
        if want.by_now:
            counts = now_on(want.today).restate(counts)
        lines = office_lines(counts, want)
        codes: dict[Any, str] = {line.key: places()[line.key].code for line in lines}
    else:
        lines = _named_lines(counts, by, want)
        codes = {line.key: str(line.key) for line in lines} if by is By.PROCEDURE else {}
    whole = tally(*span, want.wanted())
    told = Told(
        lines,
        want.formula,
        is_told_all=want.is_told_all,
        whole=whole,
        whole_is_public=not (want.field_id or want.channel),
        # A dossier of a procedure without a field is in no field.
        adds=() if by is By.FIELD else ("received", "num", "den", "bad"),
    )
    sort = said(request.GET, "xep")
    sort = sort if sort in SORTS else "ty-le"
    large = [line for line in told.lines if is_ranked(told, line.key)]
    small = [line for line in told.lines if not is_ranked(told, line.key)]
    named = columns(*((CODE,) if codes else ()), *PARTS, name=one_of["head"])
    sheets = [
        told.sheet(
            "bang", one_of["title"], named, shown=_sorted(told, large, sort), whole=_("Cả tỉnh"), codes=codes
        ),
        told.sheet("it-ho-so", one_of["small"], named, shown=small, codes=codes),
    ]
    context = {
        **one_of,
        "finding": one_of["title"],
        "chart": bars(told, ranked(told), _("cả tỉnh")),
        "sorts": [
            (label, f"?{want.query(xep=key)}", key == sort)
            for key, label in (
                ("ty-le", _("tỷ lệ trễ")),
                ("mau-so", _("số hồ sơ")),
                ("tiep-nhan", _("tiếp nhận")),
                ("ten", _("tên")),
            )
        ],
        "ranked_from": limits().ranked_from,
        "n_large": len(large),
        "n_small": len(small),
        "is_offices": by is By.OFFICE,
    }
    return page(
        request,
        "measures/stats_list.html",
        want,
        context,
        sheets,
        span=span,
        embed=reverse("measures:embed", args=["co-quan"]) if by is By.OFFICE else "",
    )


def _sorted(told: Told, lines: list[Line], sort: str) -> list[Line]:
    if sort == "ten":
        return lines
    if sort == "ty-le":
        return [line for line in ranked(told) if line in lines]
    return sorted(lines, key=lambda line: -(told.number(line.key, SORTS[sort]) or 0))


def _named_lines(counts: Mapping[Any, Tally], by: By, want: Asked) -> list[Line]:
    """Return a line for each procedure or field, by name."""
    query = want.query()
    if by is By.PROCEDURE:
        names: Mapping[Any, str] = procedure_names(counts)
        addresses = {code: reverse("measures:stats_procedure", args=[code]) for code in counts}
    else:
        names = field_names()
        addresses = {pk: reverse("measures:stats_field", args=[pk]) for pk in counts if pk in names}
    lines = [
        Line(key, names.get(key, str(key)), one, f"{addresses[key]}?{query}" if key in addresses else "")
        for key, one in counts.items()
        if key in names or by is By.PROCEDURE
    ]
    return sorted(lines, key=lambda line: (line.name, str(line.key)))


@require_safe
@public_page
def offices_page(request: HttpRequest) -> HttpResponse:
    """Show all offices."""
    words = {
        "title": _("Số liệu của từng cơ quan"),
        "head": _("Cơ quan"),
        "small": _("Cơ quan có ít hồ sơ, không xếp hạng"),
    }
    return _list(request, asked(request), By.OFFICE, words)


@require_safe
@public_page
def procedures_page(request: HttpRequest) -> HttpResponse:
    """Show all procedures that had a dossier."""
    words = {
        "title": _("Số liệu của từng thủ tục có hồ sơ"),
        "head": _("Thủ tục"),
        "small": _("Thủ tục có ít hồ sơ, không xếp hạng"),
    }
    return _list(request, asked(request), By.PROCEDURE, words)


@require_safe
@public_page
def fields_page(request: HttpRequest) -> HttpResponse:
    """Show all fields that had a dossier."""
    words = {
        "title": _("Số liệu của từng lĩnh vực"),
        "head": _("Lĩnh vực"),
        "small": _("Lĩnh vực có ít hồ sơ, không xếp hạng"),
    }
    return _list(request, asked(request), By.FIELD, words)


def _one(
    request: HttpRequest,
    want: Asked,
    name: str,
    part: dict[str, Any],
    by: By | None,
    context: dict[str, Any],
) -> HttpResponse:
    """Show one part: its figures, its months, and what it is made of by ``by``."""
    span = want.span
    context = {"name": name, **context}
    if span is None:
        return page(
            request, "measures/stats_part.html", want, {**context, "finding": not_over()}, [], span=None
        )
    whole = _tally(want, span, part)
    months = Told(
        month_lines(_months(want, span, part), *span, counting(*span), f"?{want.query(tu='', den='')}"),
        want.formula,
        is_told_all=want.is_told_all,
        whole=whole,
        adds=FLOWS,
    )
    sheets = [months.sheet("thang", _("Theo tháng"), columns(*TIMES, name=_("Tháng")), whole=_("Cả kỳ"))]
    chart = None
    if by is not None:
        inner = _parts(want, span, part, by)
        told = Told(inner, want.formula, is_told_all=want.is_told_all, whole=whole)
        head = _("Thủ tục") if by is By.PROCEDURE else _("Cơ quan")
        title = _("Theo thủ tục") if by is By.PROCEDURE else _("Theo cơ quan")
        sheets.append(
            told.sheet("phan", title, columns(*PARTS, name=head), shown=ranked(told), whole=_("Cả kỳ"))
        )
        chart = bars(told, ranked(told), _("tất cả"))
    context |= {
        "finding": finding(months, WHOLE),
        "figures": figures((whole.under(one), shown(months, whole, one, want)) for one in want.formulas),
        "running": (months.cell(WHOLE, "running_in_time"), months.cell(WHOLE, "running_late")),
        "received": months.cell(WHOLE, "received"),
        "month_chart": month_chart(months),
        "chart": chart,
        "backwards": [one for one in want.formulas if span[0] < one.effective_from],
    }
    return page(
        request,
        "measures/stats_part.html",
        want,
        context,
        sheets,
        span=span,
        embed=context.get("embed_path", ""),
        extra=context.get("extra", {}),
    )


def _pks(want: Asked, part: Mapping[str, Any]) -> list[int]:
    """Return the offices whose figures a page of one office holds: by the offices of today, also those before it."""
    return now_on(want.today).of(part["office_id"]) if want.by_now else [part["office_id"]]


def _every(part: Mapping[str, Any], want: Asked) -> list[dict[str, Any]]:
    return [{**part, "office_id": pk} for pk in _pks(want, part)] if "office_id" in part else [dict(part)]


def _tally(want: Asked, span: tuple[dt.date, dt.date], part: Mapping[str, Any]) -> Tally:
    whole = Tally()
    for one in _every(part, want):
        whole = whole.plus(tally(*span, want.wanted(**one)))
    return whole


def _merged(found: list[dict[Any, Tally]]) -> dict[Any, Tally]:
    whole: dict[Any, Tally] = {}
    for one in found:
        for key, counts in one.items():
            whole[key] = whole[key].plus(counts) if key in whole else counts
    return whole


def _months(want: Asked, span: tuple[dt.date, dt.date], part: Mapping[str, Any]) -> dict[Any, Tally]:
    return _merged([months_of(want, span, **one) for one in _every(part, want)])


def _parts(want: Asked, span: tuple[dt.date, dt.date], part: Mapping[str, Any], by: By) -> list[Line]:
    counts = _merged([tallies(*span, by, want.wanted(**one)) for one in _every(part, want)])
    if by is By.OFFICE:
        if want.by_now:
            counts = now_on(want.today).restate(counts)
        return office_lines(counts, want)
    return _named_lines(counts, by, want)


@require_safe
@public_page
def office_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one office, today's or one of then."""
    want = asked(request)
    opened = said(request.GET, "mo")
    place = place_of(code, day_of(opened))
    if place is None:
        raise Http404
    query = want.query(mo=opened)
    return _one(
        request,
        want,
        place.name,
        {"office_id": place.pk},
        By.PROCEDURE,
        {
            **_of_place(place, want),
            "kind": "co-quan",
            "extra": {"mo": opened},
            "days": f"{reverse('measures:stats_office_days', args=[code])}?{query}",
            "cases": _cases(request, want, "co-quan", code),
            "compare": f"{reverse('measures:stats_compare')}?{want.query(**{'co-quan': code})}",
            "embed_path": reverse("measures:embed_office", args=[code]),
        },
    )


def _of_place(place: Place, want: Asked) -> dict[str, Any]:
    """Return what to say of an office of then and now."""
    now = now_on(want.today)
    every = places()
    heir = now.heir.get(place.pk)
    return {
        "closed": place.valid_to,
        "heir": (every[heir].name, office_address(heir, want.query())) if heir else None,
        "is_split": place.pk in now.split,
        "before": [every[pk].name for pk in now.of(place.pk)[1:]],
        "others": [
            (one.name, one.valid_from, office_address(one.pk, want.query())) for one in same_code(place)
        ],
    }


def _cases(request: HttpRequest, want: Asked, kind: str, key: str) -> str:
    """Return the address of the dossiers behind the figures, for whoever may read some."""
    if not may_see_cases(request):
        return ""
    return f"{reverse('measures:stats_cases')}?{want.query(**{kind: key})}"


@require_safe
@public_page
def procedure_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show one procedure, by month and by office."""
    want = asked(request)
    names = procedure_names([code])
    if not names:
        raise Http404
    return _one(
        request,
        want,
        names[code],
        {"procedure_code": code},
        By.OFFICE,
        {
            "kind": "thu-tuc",
            "code": code,
            "days": f"{reverse('measures:stats_procedure_days', args=[code])}?{want.query()}",
            "cases": _cases(request, want, "thu-tuc", code),
        },
    )


@require_safe
@public_page
def field_page(request: HttpRequest, number: int) -> HttpResponse:
    """Show one field, by month and by procedure."""
    want = asked(request)
    name = field_names().get(number)
    if name is None:
        raise Http404
    return _one(request, want, name, {"field_id": number}, By.PROCEDURE, {"kind": "linh-vuc"})
