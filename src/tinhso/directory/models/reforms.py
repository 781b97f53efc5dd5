"""What is decided about an office before it happens, and work that passes from one officer to another."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tinhso.directory.models.offices import Office
from tinhso.directory.models.people import Account, Post
from tinhso.directory.rules import Actor
from tinhso.toolkit.personal import Held, Personal

#: What may be decided about an office: a new name, another parent, its end.
REFORMS = ("rename", "move", "close")


class OfficeReform(models.Model):
    """A decision about an office (đổi tên, chuyển, đóng) that takes effect on a day; like a slip in a tray of days.

    ``applied_at`` NULL: it waits for its day; ``withdrawn_at``: it was taken back before that. A new name keeps the
    office's row and ``name_before`` says what it was called until then; another parent gives another code, so the
    office goes on in a new row (``successor``); an end names the successor that takes the work. ``plan`` holds the
    code of the new row, all successors and what becomes of each post (docs/decisions/0029). ``by`` NULL: on the console.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="reforms")
    kind = models.CharField(max_length=10)
    effective_date = models.DateField()
    decision = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    name_before = models.CharField(max_length=200)
    short_name_before = models.CharField(max_length=120)
    name_after = models.CharField(max_length=200, blank=True)
    short_name_after = models.CharField(max_length=120, blank=True)
    parent_after = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    successor = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    plan = models.JSONField(default=dict)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    PERSONAL = Personal(
        Held("plan by by_name", "officer", "duty", "record"),
        plain="kind decision reason name_before short_name_before name_after short_name_after",
    )

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["effective_date"], name="reforms_by_day")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=REFORMS), name="a_reform_is_of_a_known_kind"),
            models.CheckConstraint(
                condition=~Q(decision="") & ~Q(reason=""), name="a_reform_names_its_decision_and_reason"
            ),
            models.CheckConstraint(
                condition=Q(applied_at=None) | Q(withdrawn_at=None), name="a_withdrawn_reform_is_not_applied"
            ),
            models.UniqueConstraint(
                fields=["office"],
                condition=Q(applied_at=None, withdrawn_at=None),
                name="an_office_waits_for_one_reform_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.office_id} {self.effective_date:%Y-%m-%d}"

    @property
    def author(self) -> Actor:
        """Return who decided it, as the journal and the history name them; holds no post."""
        return Actor(self.by_id, None, self.by_name)


class HandOver(models.Model):
    """Work on a desk passed from one holder to another (bàn giao), with the list of what lay there.

    ``effective_date``: the first day of the receiver. ``done_at`` NULL: it waits for that day, and ``lines`` is empty;
    then a line is ``{work, number, title, state, due}``: the journal's name of the thing, its number as people know it,
    the procedure, the state in words, the due moment or "". No names of citizens.
    """

    from_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="handed_over")
    to_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="received")
    effective_date = models.DateField()
    decision = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    made_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    lines = models.JSONField(default=list)

    PERSONAL = Personal(
        Held("from_post to_post reason by by_name lines", "officer", "duty", "record"),
        plain="decision",
    )

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(from_post=models.F("to_post")), name="work_passes_to_another_post"
            ),
            models.CheckConstraint(condition=~Q(decision=""), name="a_hand_over_names_its_decision"),
            models.UniqueConstraint(
                fields=["from_post", "to_post", "effective_date"], name="a_desk_is_handed_over_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_post_id} → {self.to_post_id}"

    @property
    def author(self) -> Actor:
        """Return who decided it, as the journal and the history name them; holds no post."""
        return Actor(self.by_id, None, self.by_name)


def day_before(day: dt.date) -> dt.date:
    """Return the last day of what ends when something else begins on ``day``."""
    return day - dt.timedelta(days=1)
