"""Lose nothing that was typed when the session ends in the middle of a form.

A form sent after the session has ended leads to the sign-in page. Its fields wait in the session that begins there;
whoever then signs in and may open the page on which the form stood is offered to send it again. Nobody else sees them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tinhso.directory.api import who
from tinhso.portal.views import problems

KEPT: Final = "kept_form"
#: Longer forms are not kept: the session is a row of the database.
MOST_LETTERS: Final = 200_000
SECONDS: Final = 30 * 60
#: Asks for the page itself while a form is kept.
SHOW: Final = "xem-trang"


class KeptFormsMiddleware:
    """Keep the form of somebody whose session has ended, and offer it after signing in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at what the page answered."""
        response = self.get_response(request)
        if not problems.wants_page(request):
            return response
        if request.method == "POST":
            if _leads_to_sign_in(request, response):
                _keep(request, response)
            elif _has_session(request) and _was_sent_again(request):
                del request.session[KEPT]
        elif response.status_code == 200 and _has_session(request):
            kept = _kept_for(request)
            if kept is not None:
                return problems.send_again(
                    request, fields=kept["fields"], action=kept["action"], has_files=kept["has_files"]
                )
        return response


def _has_session(request: HttpRequest) -> bool:
    """Say whether there may be a session; asking the session itself would make a public page a private one."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _was_sent_again(request: HttpRequest) -> bool:
    kept: dict[str, Any] = request.session.get(KEPT) or {}
    return who(request).is_signed_in and kept.get("action") == request.get_full_path()


def _leads_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    sign_in = reverse("account_login")
    there = urlsplit(response.headers.get("Location", "")).path
    return there == sign_in and request.path != sign_in and not who(request).is_signed_in


def _keep(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the fields, and lead back to the page on which the form stood."""
    fields = problems.fields_of(request)
    back = _page_before(request)
    (after,) = parse_qs(urlsplit(response.headers["Location"]).query).get("next", [""])
    if after in (request.path, request.get_full_path()):
        response.headers["Location"] = f"{reverse('account_login')}?{urlencode({'next': back}, safe='/')}"
    if fields and sum(len(key) + len(value) for key, value in fields) <= MOST_LETTERS:
        request.session[KEPT] = {
            "back": back,
            "action": request.get_full_path(),
            "fields": fields,
            "has_files": bool(request.FILES),
            "until": time.time() + SECONDS,
        }


def _page_before(request: HttpRequest) -> str:
    """Return the address of the page on which the form stood: ours, or else the form's own."""
    before = request.headers.get("Referer", "")
    if problems.is_ours(request, before):
        parts = urlsplit(before)
        if parts.path != reverse("account_login"):
            return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.path


def _kept_for(request: HttpRequest) -> dict[str, Any] | None:
    kept: dict[str, Any] | None = request.session.get(KEPT)
    if kept is None or not who(request).is_signed_in or SHOW in request.GET:
        return None
    if kept["until"] < time.time():
        del request.session[KEPT]
        return None
    return kept if kept["back"] == request.get_full_path() else None
