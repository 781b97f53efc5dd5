"""Data protection: who looked at whose data, what may not be deleted, what was deleted, what people asked to correct."""

from __future__ import annotations

from enum import IntFlag
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tinhso.directory.models.offices import Office
from tinhso.directory.models.people import Account, Person
from tinhso.toolkit.personal import Held, Personal

#: What was done to the rows of a rule: taken out whole, emptied of words about people, taken off the disk.
ERASED_HOW = ("deleted", "anonymised", "off_disk")
#: What a person may ask to have corrected; phone and mail a person changes alone.
CORRECTABLE = ("name", "birth_date", "sex", "identity_number", "address")


class LookKind(IntFlag):
    """What of a dossier was opened; a row of the log holds a sum."""

    PAGE = 1
    PAPER = 2
    RESULT = 4
    SLIP = 8
    #: The name stood in a list that was searched for.
    LISTED = 16


class Look(models.Model):
    """An officer looked at the data of a person (lượt xem): one row an officer, dossier and day, as the person is told.

    Like the visitors' book of an archive. ``about``: ``dossier:<id>``. ``person`` NULL: the owner has no account or was
    forgotten. ``office`` and ``role``: the post for which it was opened. ``kinds``: a sum of ``LookKind``.
    ``times`` counts pages, pictures and files. Nobody's own look, and none by the software, stands here.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    about = models.CharField(max_length=60)
    day = models.DateField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    kinds = models.PositiveSmallIntegerField()

    PERSONAL = Personal(
        Held("account office role", "officer", "looks", "look"),
        Held("person about", "applicant", "looks", "look"),
    )

    class Meta:
        """Guards."""

        indexes: ClassVar = [
            models.Index(fields=["person", "-day"], name="looks_at_a_person"),
            models.Index(fields=["about"], name="looks_at_a_thing"),
            models.Index(fields=["day"], name="looks_of_a_day"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "about", "day"], name="an_officer_looks_at_a_thing_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="a_look_does_not_end_before_it_begins"
            ),
            models.CheckConstraint(condition=Q(times__gt=0), name="a_look_happened"),
            models.CheckConstraint(condition=Q(kinds__gt=0), name="a_look_is_at_something"),
        ]


class LegalHold(models.Model):
    """Data that may not be deleted while a complaint, an inspection or a trial needs it (tạm giữ), by a decision.

    ``about``: ``dossier:<id>``, ``person:<id>``, ``account:<id>`` or ``office:<id>`` (everything handed in there).
    ``lifted_at`` NULL: it holds. Never deleted, and edited only by lifting it (a trigger).
    """

    about = models.CharField(max_length=60)
    decision = models.CharField(max_length=120)
    reason = models.CharField(max_length=500)
    set_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lift_decision = models.CharField(max_length=120, blank=True)

    PERSONAL = Personal(
        Held("about reason", "applicant", "protection", "proof"),
        Held("set_by lifted_by", "officer", "duty", "proof"),
        plain="decision lift_decision",
    )

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(decision="") & ~Q(reason=""), name="a_hold_names_its_decision_and_reason"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_decision="")
                | (Q(lifted_at__isnull=False) & ~Q(lift_decision="")),
                name="a_hold_is_lifted_by_a_decision",
            ),
            models.UniqueConstraint(
                fields=["about", "decision"],
                condition=Q(lifted_at=None),
                name="a_thing_is_held_once_by_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.about}: {self.decision}"


class Erasure(models.Model):
    """What one run took out of one table by one rule: proof without the data (chứng tích xóa). Kept as written.

    ``keys_hash``: SHA-256 of the rows' keys, one a line in their order: whoever has a list of what was due can show that
    exactly this went. ``how``: one of ``ERASED_HOW``. ``by`` NULL: the worker.
    """

    run = models.CharField(max_length=32)
    rule = models.CharField(max_length=40)
    table = models.CharField(max_length=63)
    how = models.CharField(max_length=10)
    n = models.PositiveIntegerField()
    keys_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    PERSONAL = Personal(Held("by", "officer", "duty", "proof"), plain="run rule table how keys_hash")

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["-at"], name="erasures_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(how__in=ERASED_HOW), name="an_erasure_is_of_a_known_kind"),
            models.CheckConstraint(condition=Q(n__gt=0), name="an_erasure_took_something"),
            models.CheckConstraint(
                condition=Q(keys_hash__regex="^[0-9a-f]{64}$"), name="an_erasure_proves_its_keys"
            ),
            models.UniqueConstraint(fields=["run", "rule", "table", "how"], name="a_run_proves_a_table_once"),
        ]


class DataRequest(models.Model):
    """A person asks to have one's data corrected (yêu cầu sửa dữ liệu), and what an officer of the commune answered.

    Luật An toàn thông tin mạng 2015, article 18. ``answer``: blank while it waits, ``done``, ``refused``, ``withdrawn``.
    ``before``: what stood there when it was answered.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    field = models.CharField(max_length=20)
    wanted = models.CharField(max_length=250)
    said = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    answer_text = models.CharField(max_length=500, blank=True)
    before = models.CharField(max_length=250, blank=True)
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    PERSONAL = Personal(
        Held("person wanted said answer_text before", "applicant", "rights", "request"),
        Held("answered_by", "officer", "duty", "request"),
        plain="field answer",
    )

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["office", "answer"], name="requests_at_an_office")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(field__in=CORRECTABLE), name="a_correction_is_asked_of_a_known_field"
            ),
            models.CheckConstraint(
                condition=~Q(wanted="") & ~Q(said=""), name="a_correction_asked_says_what_and_why"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | Q(answer="withdrawn", answered_at__isnull=False, answered_by=None)
                | Q(answer="done", answered_at__isnull=False, answered_by__isnull=False)
                | (
                    Q(answer="refused", answered_at__isnull=False, answered_by__isnull=False)
                    & ~Q(answer_text="")
                ),
                name="a_correction_is_answered_by_somebody_and_refused_with_reason",
            ),
            models.UniqueConstraint(
                fields=["person", "field"],
                condition=Q(answer=""),
                name="a_person_waits_for_one_correction_of_a_field",
            ),
        ]
