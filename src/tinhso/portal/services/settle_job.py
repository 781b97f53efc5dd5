"""Decide about work that failed, as an administrator of the province."""

from __future__ import annotations

import datetime as dt

from tinhso.directory.api import Actor, administers_province
from tinhso.journal.api import DeliveryNotWaiting, drop_delivery, retry_delivery
from tinhso.messages.api import OutgoingNotGivenUp, retry_outgoing
from tinhso.toolkit.policy import NotThere


def may_operate(by: Actor) -> bool:
    """Say whether the actor keeps the house: an administrator of the whole province."""
    return administers_province(by)


def retry_job(delivery_id: int, *, by: Actor, at: dt.datetime, now: dt.datetime, reason: str) -> None:
    """Have a failed delivery tried again. Raises ``NotThere`` for others, and where nothing failed."""
    _refuse(by)
    try:
        retry_delivery(delivery_id, by=by, at=at, now=now, reason=reason)
    except DeliveryNotWaiting:
        raise NotThere from None


def drop_job(delivery_id: int, *, by: Actor, at: dt.datetime, now: dt.datetime, reason: str) -> None:
    """Let a dead delivery go. Raises ``NotThere`` for others, and where it is not dead."""
    _refuse(by)
    try:
        drop_delivery(delivery_id, by=by, at=at, now=now, reason=reason)
    except DeliveryNotWaiting:
        raise NotThere from None


def send_again(outgoing_id: int, *, by: Actor, at: dt.datetime, reason: str) -> None:
    """Have a letter or SMS that was given up sent again.

    Raises ``NotThere`` for others and where it was not given up, ``AddressReachesNobody`` where that cannot help.
    """
    _refuse(by)
    try:
        retry_outgoing(outgoing_id, by=by, at=at, reason=reason)
    except OutgoingNotGivenUp:
        raise NotThere from None


def _refuse(by: Actor) -> None:
    if not may_operate(by):
        raise NotThere
