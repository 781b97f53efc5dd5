"""What happened to an office, an officer, a calendar, a certificate …, as people read it on the thing itself."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tinhso.directory.rules import Actor


class ChangeManager(models.Manager["Change"]):
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
        for_name: str = "",
    ) -> Change:
        """Write one line: who changed what of which thing, from what to what, and why."""
        return self.create(
            about=about,
            what=what,
            before=before,
            after=after,
            reason=reason,
            by_id=by.account_id,
            by_name=by.name if by.account_id else "",
            for_name=for_name,
            at=at,
        )


class Change(models.Model):
    """One change of a thing that is administered (lịch sử): never edited, never deleted, but its words may be erased.

    ``about``: ``office:<id>``, ``person:<id>``, ``account:<id>``, ``post:<id>``, ``delegation:<id>``, ``calendar``,
    ``certificate:<id>`` … ``what``: what changed, in Vietnamese. ``by`` NULL: automatic, or on the console.
    ``for_name``: the holder for whom a delegate acted. ``erased_at``: when before, after and reason were taken out
    (a trigger refuses every other edit). The journal's entry of the same change names codes only.

    Personal data: names and contacts in before and after, the officer's name; erased with the person's data.
    """

    about = models.CharField(max_length=60)
    what = models.CharField(max_length=120)
    before = models.CharField(max_length=600, blank=True)
    after = models.CharField(max_length=600, blank=True)
    reason = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey("directory.Account", on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    for_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[ChangeManager] = ChangeManager()

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["about", "-at"], name="changes_of_a_thing")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(what=""), name="a_change_of_the_directory_says_what"),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(before="", after="", reason=""),
                name="an_erased_change_holds_no_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.what}"
