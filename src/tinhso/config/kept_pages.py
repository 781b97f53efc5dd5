"""Keep whole pages for strangers in the memory of each web process.

A page is kept for a minute, under its address, the business day and the reference stamp: a newly published procedure
shows within a second. Whoever carries a session cookie gets a page made for oneself.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse

from tinhso.directory.api import reference_stamp
from tinhso.toolkit import clock
from tinhso.toolkit.public_page import MARK

SECONDS: Final = 60
#: Longer addresses are nobody's habit, and would only fill the memory.
LONGEST: Final = 180
#: How long a process believes the stamp that it last read, in seconds of real time.
BELIEVED: Final = 1.0
#: Cookies of somebody who may see more than a stranger, or is to be told something.
_PERSONAL: Final = (settings.SESSION_COOKIE_NAME, "messages")


class KeptPagesMiddleware:
    """Stands first: a kept page costs neither session nor query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step."""
        self.get_response = get_response
        self._stamp: tuple[float, dt.datetime] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from memory, or make the page and keep it where the view says that it may be kept."""
        if request.method != "GET" or any(name in request.COOKIES for name in _PERSONAL):
            return self.get_response(request)
        if len(request.get_full_path()) > LONGEST:
            return self.get_response(request)
        pages = caches["pages"]
        key = f"{self._state()}|{request.get_full_path()}"
        kept: tuple[bytes, list[tuple[str, str]]] | None = pages.get(key)
        if kept is not None:
            return _again(*kept)
        response = self.get_response(request)
        if getattr(response, MARK, False) and response.status_code == 200 and not response.cookies:
            pages.set(key, (response.content, list(response.items())), SECONDS)
        return response

    def _state(self) -> str:
        now = time.monotonic()
        if self._stamp is None or now - self._stamp[0] > BELIEVED:
            self._stamp = (now, reference_stamp())
        return f"{self._stamp[1].timestamp()}|{clock.today()}"


def _again(content: bytes, headers: list[Any]) -> HttpResponse:
    response = HttpResponse(content)
    for name, value in headers:
        response[name] = value
    return response
