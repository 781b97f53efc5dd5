"""Pages for when something is not there, not allowed or broken: what became of it, and another way."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.portal.rules import PHONE, PROVINCE, SERVICE_NAME

log = logging.getLogger("tinhso.portal")

#: What the database says by code: its disk is full, or it is being stopped, started or has no room for one more.
_NO_SPACE: Final = "53100"
_AWAY: Final = ("08", "57P01", "57P02", "57P03", "53300", "58030", "58P01")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
#: After how many seconds whoever met a closed door may try again.
_SOON: Final = 10
_LATER: Final = 60
#: A longer form is not written into a page.
_MOST_LETTERS: Final = 1_000_000


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
    """Answer when we failed; the code is what the log knows the request by.

    Where the database is away or a disk is full, nothing is broken for good: the page says so (503) and keeps what
    was typed.
    """
    error = sys.exc_info()[1]
    if is_full(error):
        return _away(request, _LATER, is_full=True)
    if is_away(error):
        return _away(request, _SOON, is_full=False)
    context = {"problem_code": getattr(request, "request_id", "")}
    return render(request, "design/problems/500.html", context, status=500)


def is_full(error: BaseException | None) -> bool:
    """Say whether an error, or what caused it, is that a disk has no room left."""
    return any(
        getattr(one, "sqlstate", None) == _NO_SPACE or (isinstance(one, OSError) and one.errno in _FULL)
        for one in _causes(error)
    )


def is_away(error: BaseException | None) -> bool:
    """Say whether an error is that the database cannot be reached now, and not that a statement was wrong."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    states = [state for one in _causes(error) if (state := getattr(one, "sqlstate", None))]
    return not states or any(state.startswith(_AWAY) for state in states)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _away(request: HttpRequest, seconds: int, *, is_full: bool) -> HttpResponse:
    """Answer 503 without asking the database anything; a form that our own page sent waits in the answer."""
    log.warning("answered 503: %s", "no space left" if is_full else "the database is away")
    fields = _typed(request)
    context = {
        "is_full": is_full,
        "fields": fields,
        "action": request.get_full_path(),
        "has_files": request.content_type == "multipart/form-data",
        "seconds": seconds,
        "problem_code": getattr(request, "request_id", ""),
        "csrf_token": get_token(request) if fields else "",
        # The usual frame asks the database who is there; this one knows only what needs no asking.
        "request": request,
        "links": {"home": reverse("portal:home")},
        "site": {"province": PROVINCE, "service_name": SERVICE_NAME, "phone": PHONE},
    }
    answer = HttpResponse(render_to_string("portal/away.html", context), status=503)
    answer["Retry-After"] = str(seconds)
    answer["Cache-Control"] = "no-store"
    return answer


def _typed(request: HttpRequest) -> list[list[str]]:
    """Return the fields of a form that came from one of our pages, however far its reading got."""
    try:
        if request.method != "POST" or not _came_from_us(request) or request.path == reverse("account_login"):
            return []
        fields = fields_of(request)
    except Exception:  # noqa: BLE001 - a form that cannot be read must not hide what went wrong before it
        return []
    return fields if sum(len(key) + len(value) for key, value in fields) <= _MOST_LETTERS else []


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
