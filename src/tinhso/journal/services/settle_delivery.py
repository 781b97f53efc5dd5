"""Decide about a delivery that nobody tries any more: try it again, or let it go."""

import datetime as dt

from django.db import transaction

from tinhso.journal.events import DeliveryDropped, DeliveryRetried
from tinhso.journal.models import Delivery
from tinhso.journal.rules import HasRef
from tinhso.journal.services.announce import announce


class DeliveryNotWaiting(LookupError):
    """No such delivery, or it has been heard, or is tried by itself."""


@transaction.atomic
def retry_delivery(
    delivery_id: int, *, by: HasRef, at: dt.datetime, now: dt.datetime, reason: str
) -> Delivery:
    """Let a dead or failing delivery be tried at once, with all its tries before it; why it failed stays until then.

    ``at`` is business time for the journal, ``now`` the database's real time, ``reason`` a code. Whoever calls has
    asked whether ``by`` may. Raises ``DeliveryNotWaiting``.
    """
    delivery = _failed(delivery_id)
    delivery.attempts, delivery.next_try_at = 0, now
    delivery.save(update_fields=["attempts", "next_try_at"])
    event = DeliveryRetried(delivery.pk, delivery.entry_id, delivery.listener, reason)
    announce(event, about=f"delivery:{delivery.pk}", by=by, at=at)
    return delivery


@transaction.atomic
def drop_delivery(
    delivery_id: int, *, by: HasRef, at: dt.datetime, now: dt.datetime, reason: str
) -> Delivery:
    """Let a dead delivery go: its listener will not hear of it. Raises ``DeliveryNotWaiting``."""
    delivery = _failed(delivery_id)
    if delivery.next_try_at is not None:
        raise DeliveryNotWaiting(delivery_id)
    delivery.done_at = now
    delivery.save(update_fields=["done_at"])
    event = DeliveryDropped(delivery.pk, delivery.entry_id, delivery.listener, reason)
    announce(event, about=f"delivery:{delivery.pk}", by=by, at=at)
    return delivery


def _failed(delivery_id: int) -> Delivery:
    rows = Delivery.objects.select_for_update().filter(pk=delivery_id, done_at=None)
    delivery = rows.exclude(last_error="").first()
    if delivery is None:
        raise DeliveryNotWaiting(delivery_id)
    return delivery
