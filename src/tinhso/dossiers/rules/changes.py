"""What may be changed in the record of a dossier's time, and what was known of it at a moment (pure)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Final

from tinhso.toolkit import reckoning as say
from tinhso.toolkit.day_thread import Pause
from tinhso.toolkit.reckoning import Reason
from tinhso.toolkit.working_time import WorkingCalendar, in_vietnam

#: When it was decided, and the new due moment.
Extension = tuple[datetime, datetime]


class Fault(StrEnum):
    """Why a moment cannot stand where somebody wants to write it."""

    NOT_LATER = "not_later"
    OUTSIDE_OFFICE_HOURS = "outside_office_hours"
    BEFORE_ACCEPTANCE = "before_acceptance"
    BEFORE_A_PAUSE = "before_a_pause"
    IN_THE_FUTURE = "in_the_future"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """What the law says of extensions, between two days; ``confirmed`` is false where its text was not read."""

    effective_from: date
    effective_to: date | None
    form: str
    source: str
    confirmed: bool
    most_times: int
    working_days_ahead: int


def _rules() -> tuple[ExtensionRule, ...]:
    text = files("tinhso.dossiers").joinpath("data/extensions.json").read_text(encoding="utf-8")
    return tuple(
        ExtensionRule(
            date.fromisoformat(row["effective_from"]),
            date.fromisoformat(row["effective_to"]) if row["effective_to"] else None,
            row["form"],
            row["source"],
            row["confirmed"],
            row["most_times"],
            row["working_days_ahead"],
        )
        for row in json.loads(text)
    )


EXTENSION_RULES: Final = _rules()


def extension_rule_on(day: date, rules: Sequence[ExtensionRule] = EXTENSION_RULES) -> ExtensionRule | None:
    """Return the rule in force on the day, or None."""
    in_force = [
        rule
        for rule in rules
        if rule.effective_from <= day and (rule.effective_to is None or day <= rule.effective_to)
    ]
    return in_force[-1] if in_force else None


def due_known_at(
    original: datetime | None, moves: Iterable[tuple[datetime, datetime]], at: datetime
) -> datetime | None:
    """Return the due moment as it was known just before ``at``.

    ``moves`` are (when it moved, to where), in the order in which they were written.
    """
    known = original
    for moved, after in moves:
        if moved < at:
            known = after
    return known


def extension_fault(due_at: datetime, at: datetime, to: datetime, calendar: WorkingCalendar) -> Fault | None:
    """Return why a due moment cannot be moved to ``to``, or None: it is later, still to come, and in office hours."""
    if to <= max(due_at, at):
        return Fault.NOT_LATER
    return None if calendar.is_office_time(to) else Fault.OUTSIDE_OFFICE_HOURS


def is_announced_ahead(
    due_at: datetime, at: datetime, calendar: WorkingCalendar, rule: ExtensionRule
) -> bool:
    """Say whether an extension decided at ``at`` is told as many working days ahead as the rule wants."""
    wanted = rule.working_days_ahead * timedelta(minutes=calendar.minutes_per_day())
    return at < due_at and calendar.working_time_between(at, due_at) >= wanted


def end_fault(
    *, recorded: datetime, accepted: datetime, pauses: Iterable[Pause], at: datetime, to: datetime
) -> Fault | None:
    """Return why the end of the law's clock cannot have been at ``to``, or None.

    People write minutes: the minute that stands there already changes nothing.
    """
    if _minute(to) == _minute(recorded):
        return Fault.UNCHANGED
    if to > at:
        return Fault.IN_THE_FUTURE
    if to < accepted:
        return Fault.BEFORE_ACCEPTANCE
    if any(to < moment for began, ended in pauses for moment in (began, ended or began)):
        return Fault.BEFORE_A_PAUSE
    return None


def extended(decided: datetime, to: datetime) -> Reason:
    """Say that the office gave a new due moment."""
    note = f"Cơ quan hẹn lại lúc {say.moment(decided)}"
    return Reason("moved", f"{note}: ngày hẹn mới là {say.moment(to)}.", "Hẹn lại", say.moment(to), note)


def recounted(decided: datetime, to: datetime) -> Reason:
    """Say that a day off was decided after acceptance, and the due moment counted anew."""
    note = f"Lịch nghỉ đổi lúc {say.moment(decided)}"
    return Reason(
        "moved", f"{note}: ngày hẹn mới là {say.moment(to)}.", "Đếm lại theo lịch", say.moment(to), note
    )


def _minute(moment: datetime) -> datetime:
    return in_vietnam(moment).replace(second=0, microsecond=0)
