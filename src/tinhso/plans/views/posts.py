"""Posts for digital transformation: planned, filled and vacant, office by office."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import who
from tinhso.plans.forms.bodies import PostsForm
from tinhso.plans.forms.directives import typed
from tinhso.plans.permissions.directives import BODY_WRITERS
from tinhso.plans.queries.bodies import levels, offices_to_write_for, posts_rows
from tinhso.plans.services.count_posts import CannotCount, count_posts
from tinhso.plans.views.directive_sheets import posts_sheet
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text


@require_http_methods(["GET", "HEAD", "POST"])
@insiders_only
def posts(request: HttpRequest) -> HttpResponse:
    """Show posts planned, filled and vacant of every office; take a count from whoever may count."""
    by, now = who(request), clock.now()
    level, words = typed(request.GET, "cap"), typed(request.GET, "tim")
    rows, total = posts_rows(by, now.date(), level=level, words=words)
    if request.method != "POST" and request.GET.get("tai") == "csv":
        return posts_sheet(rows)
    known = offices_to_write_for(by, now.date()) if by.holds(*BODY_WRITERS) else {}
    if request.method == "POST" and not known:
        raise NotThere
    starts = {"on": date_text(now.date()), "office": next(iter(known)) if len(known) == 1 else ""}
    form = PostsForm(request.POST if request.method == "POST" else None, initial=starts, places=known)
    if request.method == "POST" and form.is_valid():
        try:
            made = count_posts(by=by, at=now, **form.cleaned_data)
        except CannotCount as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("Đã ghi biên chế của %(office)s.") % {"office": made.office.short_name}
            )
            return redirect("plans:posts")
    query = request.GET.copy()
    query.pop("tai", None)
    return render(
        request,
        "plans/bodies_posts.html",
        {
            **frame(request, "bodies"),
            "rows": rows,
            "total": total,
            "form": form if known else None,
            "places": known,
            "level": level,
            "words": words,
            "levels": levels(),
            "query": query.urlencode(),
        },
        status=422 if form.is_bound else 200,
    )
