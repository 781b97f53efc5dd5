"""Pages for when something is not there, not allowed or broken: what became of it, and another way."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read, or is too large to be."""
    if isinstance(exception, RequestDataTooBig):
        return _said(
            request,
            413,
            _("Phần gửi lên dài quá"),
            _("Chữ trong một lần gửi tối đa 5 MB. Quay lại trang trước, viết gọn hơn rồi gửi lại."),
        )
    if isinstance(exception, (TooManyFieldsSent, TooManyFilesSent)):
        return _said(
            request,
            413,
            _("Phần gửi lên có quá nhiều ô"),
            _("Quay lại trang trước, bớt dòng hoặc bớt tệp rồi gửi lại."),
        )
    return render(request, "design/problems/400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a person who may not open the page."""
    return render(request, "design/problems/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere, or nowhere for this person: the two look the same."""
    return render(request, "design/problems/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we failed."""
    return render(request, "design/problems/500.html", status=500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old: nothing was done, and what had been saved is still there.

    A form that our own page sent can be sent again with one press, with what was typed in it; one that another site
    sent, or nobody knows who, is not taken over.
    """
    fields = fields_of(request)
    if fields and request.path != reverse("account_login") and _came_from_us(request):
        return send_again(
            request,
            fields=fields,
            action=request.get_full_path(),
            has_files=bool(request.FILES),
            status=403,
        )
    return render(request, "design/problems/stale.html", status=403)


def send_again(
    request: HttpRequest,
    *,
    fields: Sequence[Sequence[str]],
    action: str,
    has_files: bool,
    status: int = 200,
) -> HttpResponse:
    """Offer to send again a form that could not be taken; its fields are kept in the page."""
    context = {"fields": fields, "action": action, "has_files": has_files}
    page = render(request, "portal/send_again.html", context, status=status)
    page.headers["Cache-Control"] = "private, no-store"
    return page


def fields_of(request: HttpRequest) -> list[list[str]]:
    """Return what a form holds, as pairs of name and value, without its token and without passwords."""
    return [
        [key, value]
        for key, values in request.POST.lists()
        if key != "csrfmiddlewaretoken" and "password" not in key
        for value in values
    ]


def wants_page(request: HttpRequest) -> bool:
    """Say whether a person's browser asks for a page, and not a script for data."""
    return "text/html" in request.headers.get("Accept", "")


def is_ours(request: HttpRequest, address: str) -> bool:
    """Say whether a whole address leads to this site; "null", which a hidden sender writes, does not."""
    parts = urlsplit(address)
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _came_from_us(request: HttpRequest) -> bool:
    """Say whether one of our own pages sent the form; only a browser writes these headers, no page can."""
    for header in ("Origin", "Referer"):
        if header in request.headers:
            return is_ours(request, request.headers[header])
    return False


def _said(request: HttpRequest, status: int, title: str, lead: str) -> HttpResponse:
    return render(request, "portal/problem.html", {"title": title, "lead": lead}, status=status)


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer whoever tried too often."""
    return render(request, "design/problems/429.html", status=429)


def not_this_way(request: HttpRequest) -> HttpResponse:
    """Answer who opens an address that only takes what is sent, as after signing in again."""
    return render(request, "design/problems/405.html", status=405)
