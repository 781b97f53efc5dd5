"""What moves or holds a due moment after acceptance, put in one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tinhso.dossiers.rules.changes import Extension
from tinhso.toolkit import reckoning as say
from tinhso.toolkit.day_thread import Pause
from tinhso.toolkit.limits import DeadlineNotCountable
from tinhso.toolkit.working_time import in_vietnam


@dataclass(frozen=True, slots=True)
class Move:
    """What moves or holds the due moment: a pause from `at` to `to` (None while it lasts), or an extension."""

    at: datetime
    to: datetime | None
    is_extension: bool = False
    is_recount: bool = False


def apart(pauses: Iterable[Pause], accepted: datetime) -> list[Pause]:
    """Put pauses in order, cut off what lies before acceptance, and join those that overlap."""
    clipped: list[Pause] = []
    for raw_since, raw_until in pauses:
        since, until = in_vietnam(raw_since), None if raw_until is None else in_vietnam(raw_until)
        if until is not None and until < since:
            raise DeadlineNotCountable(f"Lần tạm dừng từ {say.moment(since)} kết thúc trước khi bắt đầu.")
        if until is None or until > max(since, accepted):
            clipped.append((max(since, accepted), until))
    joined: list[Pause] = []
    for since, until in sorted(clipped, key=lambda pause: pause[0]):
        before = joined[-1] if joined else None
        if before is not None and (before[1] is None or since <= before[1]):
            ends = None if before[1] is None or until is None else max(before[1], until)
            joined[-1] = (before[0], ends)
        else:
            joined.append((since, until))
    return joined


def in_order(
    pauses: Sequence[Pause], extensions: Iterable[Extension], recounts: Iterable[Extension]
) -> list[Move]:
    """Put pauses, extensions and recounts in one order; nothing is extended or recounted while a pause lasts."""
    moves = [Move(begins, ends) for begins, ends in pauses]
    moves += [Move(in_vietnam(decided), in_vietnam(to), is_extension=True) for decided, to in extensions]
    moves += [Move(in_vietnam(decided), in_vietnam(to), is_recount=True) for decided, to in recounts]
    return sorted(moves, key=lambda move: move.at)
