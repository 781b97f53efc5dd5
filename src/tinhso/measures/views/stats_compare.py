"""Chosen offices side by side, with their denominators, against all offices together."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import OfficeKind
from tinhso.measures.queries.editions import nothing
from tinhso.measures.queries.figures import By, Tally
from tinhso.measures.queries.places import Place, limits, place_of, places
from tinhso.measures.rules.editions import OFFICE
from tinhso.measures.views.asked import Asked, asked
from tinhso.measures.views.charts import bars
from tinhso.measures.views.lines import Told, columns
from tinhso.measures.views.public_counts import columns_of_parts, counts_of, not_divided, whole_of
from tinhso.measures.views.statistics import is_ranked, not_over, office_lines, ranked
from tinhso.measures.views.stats_frame import page
from tinhso.toolkit.public_page import public_page

#: The kinds of offices that receive dossiers, and so have figures.
RECEIVING: Final = (OfficeKind.DEPARTMENT, OfficeKind.DISTRICT, OfficeKind.COMMUNE)


@require_safe
@public_page
def compare_page(request: HttpRequest) -> HttpResponse:
    """Show a few offices side by side, against all offices together."""
    want = asked(request)
    typed = list(dict.fromkeys(said_code(one) for one in request.GET.getlist("co-quan") if one))
    chosen = [place for code in typed if (place := place_of(code)) is not None]
    most = limits().most_compared
    error = want.error
    if len(chosen) < len(typed):
        error = error or _("Không có cơ quan này. Chọn cơ quan trong danh sách.")
    elif len(chosen) > most:
        error = error or _("So sánh nhiều nhất %(n)d cơ quan. Bỏ bớt.") % {"n": most}
        chosen = chosen[:most]
    every = sorted(places().values(), key=lambda one: one.sort_key)
    span = want.span
    context: dict[str, Any] = {
        "finding": _("So sánh cơ quan"),
        "error": error,
        "choices": [one for one in every if one.valid_to is None and one.kind in RECEIVING],
        "chosen": [one.code for one in chosen],
        "chosen_names": [(one.name, f"?{_codes(want, chosen, one)}") for one in chosen],
        "slots": [one.code for one in chosen] + [""] * (1 if len(chosen) < most else 0),
        "most": most,
        "ranked_from": limits().ranked_from,
    }
    if span is None or not chosen:
        context["finding"] = not_over() if span is None else context["finding"]
        return page(request, "measures/stats_compare.html", want, context, [], span=span)
    counts = counts_of(want, span, By.OFFICE)
    if counts is None:
        context |= {"finding": not_divided(), "is_too_fine": True}
        return page(request, "measures/stats_compare.html", want, context, [], span=None)
    none = Tally() if want.is_told_all else nothing(OFFICE)
    told = Told(
        office_lines({**{one.pk: none for one in chosen}, **counts}, want),
        want.formula,
        is_told_all=want.is_told_all,
        whole=whole_of(want, span),
        adds=("received", "num", "den", "bad"),
    )
    few = {one.pk for one in chosen}
    picked = [line for line in ranked(told) if line.key in few]
    sheet = told.sheet(
        "so-sanh",
        _("Cơ quan đã chọn, so với cả tỉnh"),
        columns(*columns_of_parts(want), name=_("Cơ quan")),
        shown=picked,
        whole=_("Cả tỉnh"),
    )
    context |= {
        "chart": bars(told, picked, _("cả tỉnh")),
        "small": [p.name for p in picked if not is_ranked(told, p.key)],
    }
    extra = {"co-quan": [one.code for one in chosen]}
    return page(request, "measures/stats_compare.html", want, context, [sheet], span=span, extra=extra)


def said_code(text: str) -> str:
    """Return a code as typed, of bearable length."""
    return text.strip()[:20]


def _codes(want: Asked, chosen: list[Place], without: Place) -> str:
    return want.query(**{"co-quan": [one.code for one in chosen if one != without]})
