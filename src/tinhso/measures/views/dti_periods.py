"""Periods of scoring: open a year, ask for it to be closed, close it as a second person or hand it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import who
from tinhso.measures.forms import number_of, said
from tinhso.measures.models import DtiPeriod
from tinhso.measures.permissions import APPRAISERS, ASSESSORS, PERIODS, MayScore
from tinhso.measures.queries.dti import board_of, index_versions, may, undecided, version_on
from tinhso.measures.services.ask_to_close_dti_period import ask_to_close_dti_period
from tinhso.measures.services.assess_criterion import DtiRefused
from tinhso.measures.services.close_dti_period import close_dti_period
from tinhso.measures.services.hand_back_dti_period import hand_back_dti_period
from tinhso.measures.services.open_dti_period import open_dti_period
from tinhso.measures.views.dti_frame import scorers_only, standing_words
from tinhso.measures.views.keepers import keepers_frame
from tinhso.toolkit import clock
from tinhso.toolkit.text import tidy, visible


@require_http_methods(["GET", "HEAD", "POST"])
@scorers_only
def periods_page(request: HttpRequest) -> HttpResponse:
    """Show every period with what stands in the way of closing it; act at a press."""
    actor, error = who(request), ""
    typed = {name: said(request.POST, name) for name in ("year", "version", "reason", "of")}
    if request.method == "POST":
        act = ACTS.get(said(request.POST, "act"))
        if act is None:
            raise Http404
        try:
            act(request)
        except DtiRefused as refused:
            error = str(refused)
        else:
            messages.success(request, _("Đã ghi."))
            return redirect("measures:dti_periods")
    rows = PERIODS.rows(actor, MayScore.READ).order_by("-year")
    rows = rows.select_related("opened_by__person", "closing_asked_by__person", "closed_by__person")
    in_force, this_year = version_on(clock.today()), clock.today().year
    opened = {one.year for one in rows}
    offered = next((year for year in (this_year - 1, this_year) if year not in opened), this_year)
    return render(
        request,
        "measures/dti_periods.html",
        {
            **keepers_frame(request, "dti_periods"),
            "periods": [_period(request, one) for one in rows],
            "versions": [one for one in index_versions() if one.weights],
            "in_force": in_force,
            "is_assessor": actor.holds(*ASSESSORS),
            "is_appraiser": actor.holds(*APPRAISERS),
            "typed": typed,
            "error": error,
            "year": typed["year"] or str(offered),
        },
        status=422 if error else 200,
    )


def _period(request: HttpRequest, period: DtiPeriod) -> dict[str, Any]:
    actor, one = who(request), board_of(period)
    kind = "final" if period.closed_at else "appraised"
    big, of = standing_words(one.standing(kind))
    return {
        "period": period,
        "version": one.version,
        "big": big,
        "of": of,
        "n": len(one.lines),
        "unscored": sum(1 for line in one.lines if line.assessment is None),
        "undecided": undecided(one.lines),
        "is_illustrative": one.is_illustrative,
        "may_ask": may(actor, MayScore.ASK_TO_CLOSE, period),
        "may_close": may(actor, MayScore.CLOSE, period),
    }


def _open(request: HttpRequest) -> None:
    open_dti_period(
        by=who(request),
        at=clock.now(),
        year=number_of(said(request.POST, "year")) or 0,
        version=said(request.POST, "version"),
    )


def _year(request: HttpRequest) -> int:
    return number_of(said(request.POST, "of")) or 0


def _ask(request: HttpRequest) -> None:
    ask_to_close_dti_period(by=who(request), at=clock.now(), year=_year(request))


def _close(request: HttpRequest) -> None:
    close_dti_period(by=who(request), at=clock.now(), year=_year(request))


def _hand_back(request: HttpRequest) -> None:
    reason = tidy(visible(request.POST.get("reason", "")))
    hand_back_dti_period(by=who(request), at=clock.now(), year=_year(request), reason=reason)


#: What can be done to a period, by the word that its form sends.
ACTS: dict[str, Callable[[HttpRequest], None]] = {
    "mo": _open,
    "de-nghi": _ask,
    "chot": _close,
    "tra-lai": _hand_back,
}
