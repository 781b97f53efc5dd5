"""Figures of the parts of the province: all offices, procedures or fields, one of them, and chosen ones side by side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.measures.forms import said
from tinhso.measures.queries.figures import By, counting
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
from tinhso.measures.views.lines import CODE, FLOWS, ROUGHLY, WHOLE, Line, Told, columns
from tinhso.measures.views.public_counts import (
    Counts,
    columns_of_months,
    columns_of_parts,
    counts_of,
    is_rough,
    months_of,
    not_divided,
    rough_words,
    together,
    whole_of,
)
from tinhso.measures.views.statistics import (
    finding,
    is_ranked,
    not_over,
    office_address,
    office_lines,
    ranked,
    rough_finding,
    shown,
)
from tinhso.measures.views.stats_frame import figures, month_lines, page
from tinhso.measures.views.telling import may_see_cases
from tinhso.toolkit.public_page import public_page
from tinhso.toolkit.words import day_of

#: How a table of parts may be sorted: by name, by rate, by denominator, by what was received.
SORTS: Final = {"ten": "", "ty-le": "rate", "mau-so": "den", "tiep-nhan": "received"}


def _list(request: HttpRequest, want: Asked, by: By, one_of: dict[str, str]) -> HttpResponse:
    """Show all parts of a kind in one table; the small ones apart, not ranked."""
    span = want.span
    if span is None:
        return page(
            request, "measures/stats_list.html", want, {**one_of, "finding": not_over()}, [], span=None
        )
    counts = counts_of(want, span, by)
    if counts is None:
        said_so = {**one_of, "finding": not_divided(), "is_too_fine": True}
        return page(request, "measures/stats_list.html", want, said_so, [], span=None)
    if by is By.OFFICE:
        lines = office_lines(counts, want)
        codes: dict[Any, str] = {line.key: places()[line.key].code for line in lines}
    else:
        lines = _named_lines(counts, by, want)
        codes = {line.key: str(line.key) for line in lines} if by is By.PROCEDURE else {}
    whole = whole_of(want, span)
    told = Told(
        lines,
        want.formula,
        is_told_all=want.is_told_all,
        whole=whole,
        # A dossier of a procedure without a field is in no field.
        adds=() if by is By.FIELD else ("received", "num", "den", "bad"),
    )
    rough = by is not By.OFFICE and not want.is_told_all
    sorts = _sorts(is_rough=rough)
    sort = said(request.GET, "xep")
    sort = sort if sort in sorts else next(iter(sorts))
    base = "received" if rough else "den"
    large = [line for line in told.lines if is_ranked(told, line.key, base)]
    small = [line for line in told.lines if not is_ranked(told, line.key, base)]
    named = columns(
        *((CODE,) if codes else ()), *(ROUGHLY if rough else columns_of_parts(want)), name=one_of["head"]
    )
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
        "sorts": [(label, f"?{want.query(xep=key)}", key == sort) for key, label in sorts.items()],
        "rough_words": rough_words() if rough else "",
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


def _sorts(*, is_rough: bool) -> dict[str, str]:
    """Return how a table of parts may be sorted, the usual way first; of procedures no rate is told."""
    every = {"ty-le": _("tỷ lệ trễ"), "mau-so": _("số hồ sơ"), "tiep-nhan": _("tiếp nhận"), "ten": _("tên")}
    return {key: every[key] for key in (("tiep-nhan", "ten") if is_rough else every)}


def _sorted(told: Told, lines: list[Line], sort: str) -> list[Line]:
    if sort == "ten":
        return lines
    if sort == "ty-le":
        return [line for line in ranked(told) if line in lines]
    return sorted(lines, key=lambda line: -(told.number(line.key, SORTS[sort]) or 0))


def _named_lines(counts: Counts, by: By, want: Asked) -> list[Line]:
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
    whole = together([whole_of(want, span, **one) for one in _every(part, want)])
    by_month = _merged([months_of(want, span, **one) for one in _every(part, want)])
    months = Told(
        month_lines(by_month, *span, counting(*span), f"?{want.query(tu='', den='')}"),
        want.formula,
        is_told_all=want.is_told_all,
        whole=whole,
        adds=FLOWS,
    )
    rough = is_rough(want, **part)
    times = columns(*columns_of_months(want, **part), name=_("Tháng"))
    sheets = [months.sheet("thang", _("Theo tháng"), times, whole=_("Cả kỳ"))]
    chart = None
    inner = _parts(want, span, part, by) if by is not None else None
    if by is not None and inner is not None:
        told = Told(inner, want.formula, is_told_all=want.is_told_all, whole=whole)
        head = _("Thủ tục") if by is By.PROCEDURE else _("Cơ quan")
        title = _("Theo thủ tục") if by is By.PROCEDURE else _("Theo cơ quan")
        sheets.append(
            told.sheet(
                "phan",
                title,
                columns(*columns_of_parts(want, **part), name=head),
                shown=ranked(told),
                whole=_("Cả kỳ"),
            )
        )
        chart = bars(told, ranked(told), _("tất cả"))
    context |= {
        "finding": rough_finding(months, WHOLE) if rough else finding(months, WHOLE),
        "rough_words": rough_words() if rough else "",
        "figures": figures(
            (whole.under(one), shown(months, whole, one, want, by_month)) for one in want.formulas
        ),
        "not_divided": not_divided() if inner is None and by is not None else "",
        "running": None
        if rough
        else (months.cell(WHOLE, "running_in_time"), months.cell(WHOLE, "running_late")),
        "received": months.cell(WHOLE, "received"),
        "month_chart": None if rough else month_chart(months),
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


def _merged(found: list[Counts]) -> Counts:
    whole: Counts = {}
    for one in found:
        for key, counts in one.items():
            whole[key] = whole[key].plus(counts) if key in whole else counts
    return whole


def _parts(want: Asked, span: tuple[dt.date, dt.date], part: Mapping[str, Any], by: By) -> list[Line] | None:
    """Return a line for each part of a part; None: they are not told so finely."""
    found = [counts_of(want, span, by, **one) for one in _every(part, want)]
    counts = _merged([one for one in found if one is not None])
    if None in found:
        return None
    if by is By.OFFICE:
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
            "days": f"{reverse('measures:stats_office_days', args=[code])}?{query}"
            if want.is_told_all
            else "",
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
            "days": f"{reverse('measures:stats_procedure_days', args=[code])}?{want.query()}"
            if want.is_told_all
            else "",
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
