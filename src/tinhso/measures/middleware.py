"""Count page views, without cookie, address or browser name. Stands before the kept pages, so that these count too."""

from __future__ import annotations

import atexit
import logging
from collections.abc import Callable, Mapping
from functools import lru_cache
from threading import Event, Thread
from typing import Any, Final

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from tinhso.measures.queries.monitoring import flush_seconds, kinds
from tinhso.measures.rules.visits import METER, NOWHERE, Outcome, Seen, Visits, comes_from_inside, outcome_of
from tinhso.measures.services.add_views import add_views
from tinhso.toolkit import clock

log = logging.getLogger("tinhso.measures")

#: What this process has counted and not yet written; lost when the process dies, a few seconds at most.
VISITS: Final = Visits()
_METER: Final = "HTTP_" + METER.upper().replace("-", "_")
#: Addresses of kept pages whose name a process remembers.
_REMEMBERED: Final = 4096


class PageViewsMiddleware:
    """Note each page in memory; a thread writes the sums (``write_views``)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next step."""
        self.get_response = get_response
        self._kinds = kinds()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then count what was a page opened by a person."""
        response = self.get_response(request)
        method, meta = request.method or "", request.META
        if _METER in meta or "HTTP_HX_REQUEST" in meta or method not in ("GET", "POST"):
            return response
        outcome = outcome_of(method, response.status_code, response.headers.get("Content-Type", ""))
        if outcome is not None:
            name, arguments = _named(request, outcome)
            VISITS.note(
                Seen(
                    clock.today(),
                    self._kinds.kind(name, arguments),
                    self._kinds.procedure(name, arguments) if outcome is Outcome.OK else "",
                    outcome,
                    comes_from_inside(meta.get("HTTP_REFERER", ""), meta.get("HTTP_HOST", "")),
                )
            )
        return response


def _named(request: HttpRequest, outcome: Outcome) -> tuple[str, Mapping[str, Any]]:
    """Return the name and arguments of the address; a kept page never came to the resolver."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or NOWHERE, match.kwargs
    return _looked_up(request.path_info) if outcome is Outcome.OK else (NOWHERE, {})


@lru_cache(maxsize=_REMEMBERED)
def _looked_up(path: str) -> tuple[str, Mapping[str, Any]]:
    try:
        match = resolve(path)
    except Resolver404:
        return NOWHERE, {}
    return match.view_name, match.kwargs


def write_views() -> int:
    """Write what was counted; give it back where the database is away. Returns the number of rows."""
    counts = VISITS.take()
    try:
        return add_views(counts)
    except DatabaseError as error:
        VISITS.give_back(counts)
        log.warning("page views were not written: %s", type(error).__name__)
        return 0
    finally:
        connection.close()


def keep_writing(stop: Event | None = None) -> Thread:
    """Write every few seconds in a thread of its own, and once more at the end of the process."""
    ended = stop or Event()

    def write() -> None:
        while not ended.wait(flush_seconds()):
            write_views()

    thread = Thread(target=write, name="page-views", daemon=True)
    thread.start()
    atexit.register(write_views)
    return thread
