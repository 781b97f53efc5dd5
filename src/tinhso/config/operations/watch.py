"""Look again and again: write down what was seen, free what dead workers left, tell the keepers, serve the metrics."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from threading import Event
from typing import Final

from django.db import DatabaseError, connection

from tinhso.config.operations import alerts, folder, metrics
from tinhso.config.operations.health import look_and_keep
from tinhso.config.operations.looking import Look
from tinhso.journal.api import rescue
from tinhso.messages.adapters.mail import Mail

log = logging.getLogger("tinhso.operations")

#: Seconds between two looks.
EVERY: Final = 15.0


def watch(
    stop: Event, *, post: Mail | None, to: Sequence[str], page: str, port: int, every: float = EVERY
) -> None:
    """Look until ``stop`` is set. Whatever cannot be done in one look is tried in the next; nothing ends the watch."""
    with metrics.served(port) as board:
        while not stop.is_set():
            begun = time.monotonic()
            try:
                once(post=post, to=to, page=page, board=board)
            except Exception as error:  # noqa: BLE001 - the watch goes on, whatever part of it failed
                log.error("this look failed: %s", type(error).__name__)
            finally:
                connection.close()
            stop.wait(max(1.0, every - (time.monotonic() - begun)))


def once(*, post: Mail | None, to: Sequence[str], page: str, board: metrics.Board | None = None) -> None:
    """Look once and do what follows from it."""
    seen, parts, totals, document = look_and_keep()
    if board is not None:
        board.text = metrics.exposition(document, totals)
    sent = alerts.run(parts, seen.at, post=post, to=to, page=page)
    for letter in sent:
        log.warning("alert %s: %s", letter.rule.key, letter.kind.value)
    _rescue(seen)


def _rescue(seen: Look) -> None:
    try:
        freed = rescue(folder.folder() / folder.AT, stalled_after=seen.limit("delivery_stalled_seconds").bad)
    except DatabaseError:
        connection.close()
        return
    for one in freed:
        log.warning(
            "delivery %s was left by a worker that %s", one.delivery_id, "stuck" if one.was_stuck else "died"
        )
