"""Reads for the in-box and for whoever looks after the post."""

from collections.abc import Sequence
from dataclasses import dataclass

from tinhso.messages.models import Notice, Outgoing


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of notices, the newest first; ``older`` is what to ask for next, None at the end."""

    notices: Sequence[Notice]
    older: int | None


def inbox(
    recipient_id: int, *, before: int | None = None, limit: int = 20, unread_only: bool = False
) -> Inbox:
    """Return a person's notices, at most ``limit``, those written before the notice ``before``."""
    rows = Notice.objects.of(recipient_id)
    if unread_only:
        rows = rows.unread()
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: limit + 1])
    page = found[:limit]
    return Inbox(page, page[-1].pk if len(found) > limit else None)


def unread_count(recipient_id: int) -> int:
    """Return how many notices the person has not read."""
    return Notice.objects.filter(recipient_id=recipient_id).unread().count()


def given_up(limit: int = 50) -> Sequence[Outgoing]:
    """Return letters and SMS that never left, the oldest first."""
    return list(Outgoing.objects.given_up()[:limit])


def waiting_count() -> int:
    """Return how many letters and SMS have yet to leave and are still tried."""
    return Outgoing.objects.filter(sent_at=None).count() - Outgoing.objects.given_up().count()
