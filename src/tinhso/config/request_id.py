"""Give each request an id, and count it. Stands first, so that whatever is logged afterwards can be found by the id."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from tinhso.config.logs import CURRENT
from tinhso.config.operations import ready
from tinhso.config.operations.counters import Counter

log = logging.getLogger("tinhso.requests")

HEADER: Final = "X-Request-ID"
#: What a proxy makes: 32 hexadecimal digits or a UUID. Anything else might be somebody's number and is not taken over.
_KNOWN: Final = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Answers that take longer are logged, in seconds.
SLOW: Final = 3.0
COUNTER: Final = Counter()
_CHECKS: Final = {ready.LIVES: ready.lives, ready.READY: ready.ready}


class RequestIdMiddleware:
    """Answer health checks at once; let every other request carry an id, in the log and in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on with the id set, and count the answer."""
        if (check := _CHECKS.get(request.path_info)) is not None:
            return check(request)
        given = request.headers.get(HEADER, "")
        request.request_id = given if _KNOWN.fullmatch(given) else secrets.token_hex(16)  # type: ignore[attr-defined]
        token = CURRENT.set(request)
        begun = time.monotonic()
        try:
            response = self.get_response(request)
            seconds = time.monotonic() - begun
            if seconds >= SLOW:
                log.warning("slow answer: status %s, %.1f seconds", response.status_code, seconds)
        finally:
            CURRENT.reset(token)
        COUNTER.note(response.status_code, seconds)
        response[HEADER] = request.request_id  # type: ignore[attr-defined]
        return response
