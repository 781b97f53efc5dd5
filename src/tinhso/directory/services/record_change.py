"""Keep a change of the house: the line of history with its words, and the journal's entry without them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from tinhso.directory.models import Change
from tinhso.directory.rules import Actor
from tinhso.journal.api import announce


def record_change(
    about: str,
    what: str,
    event: Callable[[int], Any],
    *,
    by: Actor,
    at: dt.datetime,
    before: str = "",
    after: str = "",
    reason: str = "",
    also: tuple[str, ...] = (),
) -> Change:
    """Write the history of ``about`` (and the same line on ``also``), and announce ``event(number of the line)``."""
    for_name = next((post.for_name for post in by.posts if post.for_name), None) if _only_lent(by) else None
    lines = [
        Change.objects.record(
            thing,
            what,
            by=by,
            at=at,
            before=before[:600],
            after=after[:600],
            reason=reason[:1000],
            for_name=for_name or "",
        )
        for thing in (about, *also)
    ]
    announce(event(lines[0].pk), about=about, by=by, at=at)
    return lines[0]


def _only_lent(by: Actor) -> bool:
    """Say whether the actor holds no post of one's own: whatever is done is done for the holder."""
    return bool(by.posts) and all(post.for_name for post in by.posts)
