"""Enter days off and days worked instead, or withdraw wrong ones, by a decision; what was known before stays known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import CalendarChanged
from tinhso.directory.models import Change, SpecialDay
from tinhso.directory.permissions import CALENDAR, MayCalendar, may_change_calendar
from tinhso.directory.rules import Actor
from tinhso.journal.api import announce
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import WORKING_SATURDAY, WorkingCalendar, calendar_from_rows

#: How sure a day entered from its decision is.
_SEEN = "seen"
ABOUT = "calendar"


@dataclass(frozen=True, slots=True)
class NewDay:
    """A day to enter: ``kind`` is "lễ", "Tết", "bù", "đổi" (offices rest) or "làm bù" (a weekend day worked instead)."""

    date: dt.date
    kind: str


class NothingChanges(Exception):
    """Neither a day to enter nor one to withdraw."""


class DecisionMissing(Exception):
    """No number of the decision, or no reason."""


class DayNotKnown(Exception):
    """A day to withdraw stands in no row that holds; ``day`` is that day."""

    def __init__(self, day: dt.date) -> None:
        """Keep the day."""
        super().__init__(day)
        self.day = day


def calendar_with(enter: Sequence[NewDay], withdraw: Collection[dt.date], source: str) -> WorkingCalendar:
    """Return the calendar as it would be. Raises ``CalendarContradiction``, ``DayNotKnown``."""
    rows = [
        {"date": day, "kind": kind, "source": whence, "confirmed": sure}
        for day, kind, whence, sure in SpecialDay.objects.filter(withdrawn_at=None)
        .order_by("date")
        .values_list("date", "kind", "source", "confirmed")
    ]
    known = {row["date"] for row in rows}
    for day in sorted(withdraw):
        if day not in known:
            raise DayNotKnown(day)
    kept = [row for row in rows if row["date"] not in withdraw]
    kept += [{"date": one.date, "kind": one.kind, "source": source, "confirmed": _SEEN} for one in enter]
    return calendar_from_rows(kept)


@transaction.atomic
def change_calendar(
    *,
    by: Actor,
    at: dt.datetime,
    enter: Sequence[NewDay],
    withdraw: Collection[dt.date],
    decision: str,
    reason: str,
) -> Change:
    """Change the calendar from ``at`` on, and keep who, why and by which decision.

    No due moment of a running dossier moves by this: whoever wants that counts them anew. Raises ``NotThere``,
    ``NothingChanges``, ``DecisionMissing``, ``DayNotKnown``, ``CalendarContradiction``.
    """
    if not may_change_calendar(by):
        raise NotThere
    if not enter and not withdraw:
        raise NothingChanges
    if not decision.strip() or not reason.strip():
        raise DecisionMissing
    calendar_with(enter, withdraw, decision)
    rows = CALENDAR.rows(by, MayCalendar.CHANGE).filter(withdrawn_at=None)
    wrong = list(rows.select_for_update().filter(date__in=withdraw).order_by("date"))
    for row in wrong:
        row.withdrawn_at = at
        row.save(update_fields=["withdrawn_at"])
    SpecialDay.objects.bulk_create(
        SpecialDay(date=one.date, kind=one.kind, source=decision, confirmed=_SEEN, known_from=at)
        for one in enter
    )
    change = Change.objects.record(
        ABOUT,
        _("Lịch làm việc"),
        by=by,
        at=at,
        before="; ".join(day_words(row.date, row.kind) for row in wrong),
        after="; ".join(day_words(one.date, one.kind) for one in enter),
        reason=f"{reason.strip()} ({decision.strip()})",
    )
    announce(
        CalendarChanged(
            " ".join(one.date.isoformat() for one in enter),
            " ".join(row.date.isoformat() for row in wrong),
            decision.strip(),
            change.pk,
        ),
        about=ABOUT,
        by=by,
        at=at,
    )
    return change


def day_words(day: dt.date, kind: str) -> str:
    """Return a day in words: "làm bù 07/05/2022", "nghỉ lễ 13/05/2022"."""
    word = kind if kind == WORKING_SATURDAY else _("nghỉ %(kind)s") % {"kind": kind}
    return f"{word} {date_text(day)}"
