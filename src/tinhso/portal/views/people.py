"""A person's own pages, and tracking by code."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import signed_in, who
from tinhso.dossiers.api import drafts_of, journey, mine, own_papers, tracked
from tinhso.messages.api import inbox
from tinhso.toolkit import clock

#: What is typed beyond this is no tracking code.
LONGEST_CODE = 40


@require_safe
@signed_in
def my_page(request: HttpRequest) -> HttpResponse:
    """Show the person's dossiers, drafts and notices."""
    actor = who(request)
    now = clock.now()
    return render(
        request,
        "portal/my.html",
        {
            "journeys": [journey(d, now) for d in mine(actor)[:50]],
            "drafts": drafts_of(actor),
            "notices": inbox(actor.person_id).notices if actor.person_id else [],
        },
    )


@require_safe
@signed_in
def my_papers(request: HttpRequest) -> HttpResponse:
    """Show the papers that the person gave and the results that were issued: whence, how long they hold, where used."""
    found = own_papers(who(request), clock.today())
    return render(
        request,
        "portal/papers.html",
        {
            "results": [one for one in found if one.is_result],
            "papers": [one for one in found if not one.is_result],
            "section": "my",
        },
    )


@require_safe
def track(request: HttpRequest) -> HttpResponse:
    """Ask for a tracking code; whoever holds it sees the state, never the papers."""
    code = request.GET.get("ma", "").strip().upper()[:LONGEST_CODE]
    error = ""
    if code:
        found = tracked(code)
        if found is not None:
            return redirect("dossiers:tracked", code=found.tracking_code)
        error = _("Không thấy hồ sơ nào có mã %(code)s. Mã có 16 chữ và số, in trên giấy hẹn.") % {
            "code": code
        }
    return render(request, "portal/track.html", {"code": code, "error": error})
