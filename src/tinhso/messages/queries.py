"""Reads for the in-box and for whoever looks after the post."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q

from tinhso.messages.models import Notice, Outgoing
from tinhso.messages.rules import MAX_ATTEMPTS


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


@dataclass(frozen=True, slots=True)
class Post:
    """How letters and SMS go: counts, and how long the oldest that is due has waited, in seconds of business time.

    ``sent`` and ``given_up_lately`` are of the stretch that was asked for. ``last_sent_at`` NULL: nothing ever left.
    """

    sent: int
    given_up_lately: int
    waiting: int
    waiting_seconds: float
    given_up: int
    last_sent_at: dt.datetime | None


def post(*, since: dt.datetime, at: dt.datetime) -> Post:
    """Count what left since a moment, and what waits at ``at``; both business time."""
    sent = Outgoing.objects.filter(sent_at__gte=since).count()
    last = Outgoing.objects.aggregate(last=Max("sent_at"))["last"]
    gave_up = Q(attempts__gte=MAX_ATTEMPTS)
    left = Outgoing.objects.filter(sent_at=None).aggregate(
        given_up=Count("pk", filter=gave_up),
        lately=Count("pk", filter=gave_up & Q(try_after__gte=since)),
        waiting=Count("pk", filter=~gave_up),
        oldest=Min("created_at", filter=~gave_up & Q(try_after__lte=at)),
    )
    oldest = left["oldest"]
    waited = max(0.0, (at - oldest).total_seconds()) if oldest else 0.0
    return Post(sent, left["lately"], left["waiting"], waited, left["given_up"], last)
