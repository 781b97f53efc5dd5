"""What this module announces: a person decided about news that nobody tried any more."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DeliveryRetried:
    """News that had failed is delivered again. ``reason`` is a code, ``entry`` the number of the entry it tells of."""

    delivery: int
    entry: int
    listener: str
    reason: str


@dataclass(frozen=True)
class DeliveryDropped:
    """News that had failed will not be delivered. ``reason`` is a code."""

    delivery: int
    entry: int
    listener: str
    reason: str
