"""What this module announces: a person decided about a letter or SMS that was given up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class OutgoingRetried:
    """A letter or SMS that was given up is sent again. ``reason`` is a code."""

    outgoing: int
    channel: str
    reason: str
