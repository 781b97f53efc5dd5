"""Events that only the tests announce."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Channel(StrEnum):
    """How it came."""

    ONLINE = "online"
    COUNTER = "counter"


@dataclass(frozen=True)
class Paper:
    """A thing within an event."""

    code: str
    pages: int = 1


@dataclass(frozen=True)
class LanternLit:
    """The plainest event."""

    number: int
    note: str = ""


@dataclass(frozen=True)
class LanternCarried:
    """An event with everything that has a written form."""

    code: str
    on: dt.date
    at: dt.datetime
    until: dt.time
    fee: Decimal
    key: UUID
    channel: Channel
    papers: tuple[Paper, ...]
    pair: tuple[str, int]
    names: list[str]
    by_channel: dict[Channel, int]
    is_late: bool = False
    reason: str | None = None


@dataclass
class NotFrozen:
    """Something that could change after it was announced."""

    number: int


@dataclass(frozen=True)
class Weighed:
    """An event with a number that has no single written form."""

    weight: float
