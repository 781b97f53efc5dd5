"""Pages of commendations: the list of a year with what the ranking suggests, and a new one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import Office, Person, holders_only, who
from tinhso.plans.forms.money import CommendForm, number_asked, year_asked
from tinhso.plans.permissions.money import COMMENDING
from tinhso.plans.queries.commendations import (
    commendations as commended,
)
from tinhso.plans.queries.commendations import (
    commended_years,
    form_words,
    people_at,
    suggested,
)
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.ranking import Ranked, ranking
from tinhso.plans.queries.task_views import places
from tinhso.plans.services.commend import CannotCommend, commend
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.ranking import points_text
from tinhso.toolkit import clock


@require_safe
@insiders_only
def commendations(request: HttpRequest) -> HttpResponse:
    """List the commendations of a year; whoever commends sees whom the ranking suggests."""
    by, now = who(request), clock.now()
    year = year_asked(request.GET, now.year)
    may_commend = by.holds(*COMMENDING)
    rows = commended(by, year, number_asked(request.GET, "co_quan"))
    near: list[Ranked] = suggested(ranking(now.date(), now), year) if may_commend and year == now.year else []
    people = sum(row.person_id is not None for row in rows)
    title = _("Năm %(year)d đã khen %(a)d tập thể, %(b)d cá nhân") % {
        "year": year,
        "a": len(rows) - people,
        "b": people,
    }
    return render(
        request,
        "plans/commendations.html",
        {
            **frame(request, "inspections"),
            "rows": [(row, form_words(row.form)) for row in rows],
            "title": title if rows else _("Năm %(year)d chưa khen ai") % {"year": year},
            "year": year,
            "years": sorted({*commended_years(by), now.year, year}, reverse=True),
            "may_commend": may_commend,
            "suggested": [(row, points_text(row.score.total)) for row in near],
            "rule": document("commendation_forms"),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*COMMENDING)
def commendation_new(request: HttpRequest) -> HttpResponse:
    """Write a commendation down."""
    now = clock.now()
    every = places(now.date())
    wanted = request.GET.get("co_quan", "")
    form = CommendForm(
        request.POST if request.method == "POST" else None,
        places=every,
        initial={"office": next((label for label, one in every.items() if str(one.pk) == wanted), "")},
    )
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        try:
            typed["person"] = _person(typed["office"], typed["person"], typed["on"])
            commend(by=who(request), at=now, **typed)
        except CannotCommend as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Đã ghi khen thưởng."))
            return redirect("plans:commendations")
    context: dict[str, Any] = {**frame(request, "inspections"), "form": form, "places": every}
    return render(request, "plans/commendation_new.html", context, status=422 if form.errors else 200)


def _person(office: Office, name: str, on: dt.date) -> Person | None:
    """Return the one person of the office with that name, None where none was typed. Raises ``CannotCommend``."""
    if not name:
        return None
    found = people_at(office.pk, on, name)
    if not found:
        raise CannotCommend(_("Cơ quan này không có ai tên như vậy. Ghi đủ họ tên."), "person")
    if len(found) > 1:
        raise CannotCommend(
            _("Cơ quan này có %(n)d người cùng tên. Khen tập thể, hoặc ghi sau khi phân biệt được.")
            % {"n": len(found)},
            "person",
        )
    return found[0]
