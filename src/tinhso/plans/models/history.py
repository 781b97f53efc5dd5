"""What happened to any record of the plans, as people read it on the record; and reminders that were sent."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tinhso.directory.api import Actor


class HistoryManager(models.Manager["History"]):
    """Writes history."""

    def record(
        self,
        about: str,
        what: str,
        *,
        by: Actor,
        at: dt.datetime,
        before: str = "",
        after: str = "",
        reason: str = "",
    ) -> History:
        """Write one line: who changed what of which record, from what to what, and why."""
        return self.create(
            about=about,
            what=what,
            before=before,
            after=after,
            reason=reason,
            by_id=by.account_id,
            by_name=by.name if by.account_id else "",
            at=at,
        )


class History(models.Model):
    """One change of a record (lịch sử). Never edited and never deleted (a trigger refuses it).

    ``about``: ``task:<id>``, ``plan:<id>``, ``target:<id>``, ``directive:<id>``, ``body:<id>``, ``budget-line:<id>``,
    ``inspection:<id>``, ``finding:<id>``, ``review:<id>``, ``meeting:<id>``, ``window:<id>``. ``what``: what changed,
    in Vietnamese ("Báo tiến độ"). ``by`` NULL: automatic. Personal data: the officer's name, kept with the record.
    """

    about = models.CharField(max_length=60)
    what = models.CharField(max_length=120)
    before = models.CharField(max_length=400, blank=True)
    after = models.CharField(max_length=400, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[HistoryManager] = HistoryManager()

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["about", "-at"], name="history_of_a_record")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(what=""), name="a_change_says_what_changed"),
        ]


class Reminder(models.Model):
    """A reminder or an urging (nhắc, đôn đốc) to an office about a record. Never edited, never deleted.

    ``kind``: ``registration``, ``opinion``, ``task``, ``finding``, ``target``. ``level``: which step of the rule
    fired ("15" working days before …), blank when a person urged. ``by`` NULL: automatic.
    """

    about = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=600)
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["about", "-at"], name="reminders_of_a_record")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["about", "office", "level"],
                condition=~Q(level=""),
                name="a_rule_reminds_an_office_once",
            ),
        ]
