"""Tables of the one-stop dossiers, and the one line that sets a state."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import ClassVar, cast

from django.contrib.postgres.indexes import BrinIndex, GinIndex, GistIndex
from django.db import models
from django.db.models import F, Func, Q, Value

from tinhso.dossiers.lifecycle import LIFECYCLE, RUNNING, Author, State, Verb
from tinhso.dossiers.rules import Limit, Unit

CHANNELS = ("online", "counter", "post")
SLIP_FORMS = ("01", "02", "03", "04")


def _one_of(field: str, values: object, name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{field}__in": list(values)}), name=name)  # type: ignore[call-overload]


class Draft(models.Model):
    """What a person has typed so far; kept as typed, sent by nobody yet.

    ``dossier`` NULL: not submitted. ``furthest`` is the last page of the way that it ever came to, ``page`` where it
    goes on; blank: the first. Personal data; deleted by its owner or with the account.
    """

    token = models.CharField(max_length=22, unique=True)
    person = models.ForeignKey("directory.Person", on_delete=models.CASCADE, related_name="+")
    version = models.ForeignKey("catalogue.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    typed = models.JSONField(default=dict, help_text="Chữ đã gõ, kể cả chữ chưa đúng mẫu")
    page = models.CharField(max_length=60, blank=True)
    furthest = models.CharField(max_length=60, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    dossier = models.OneToOneField("Dossier", on_delete=models.PROTECT, null=True, related_name="draft")

    class Meta:
        """Order."""

        indexes: ClassVar = [
            models.Index(fields=["person", "-saved_at"], name="draft_by_person"),
            BrinIndex(fields=["created_at"], name="draft_by_beginning", autosummarize=True),
        ]


class DraftFile(models.Model):
    """A file under the paper it answers. ``taken_from``: the earlier dossier it comes from; NULL: uploaded."""

    token = models.CharField(max_length=22, unique=True)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    paper_key = models.CharField(max_length=60)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    notice = models.CharField(max_length=250, blank=True)
    uploaded_at = models.DateTimeField()
    taken_from = models.ForeignKey(
        "Dossier", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )


class Dossier(models.Model):
    """A one-stop dossier (hồ sơ): what a person asked of the State, and how far it has come.

    ``number`` NULL: not accepted yet; ``fee_vnd`` NULL: the counter says it.
    ``original_due_at`` never changes once set; ``due_at`` is where pauses
    have moved it; both NULL: the procedure has no due date. ``ended_at`` is the end of the law's clock.
    Owner, submitter and helper are different roles. Personal data: names, identity, phone, answers; kept as
    long as the procedure's archive rule says.
    """

    tracking_code = models.CharField(max_length=19, unique=True)
    number = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001 - unique, and absent until acceptance
    version = models.ForeignKey("catalogue.ProcedureVersion", on_delete=models.PROTECT, related_name="+")
    procedure_code = models.CharField(max_length=20)
    case_key = models.CharField(max_length=60)
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=20, default=State.SUBMITTED)
    receiving_office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    handling_office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    signing_office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    owner_name = models.CharField(max_length=150)
    owner_folded = models.CharField(max_length=150)
    owner_identity = models.CharField(max_length=12, blank=True)
    owner_phone = models.CharField(max_length=15, blank=True)
    owner_address = models.CharField(max_length=250, blank=True)
    owner_person = models.ForeignKey(
        "directory.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitter_name = models.CharField(max_length=150)
    submitter_person = models.ForeignKey(
        "directory.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    helper_person = models.ForeignKey(
        "directory.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    summary = models.CharField(max_length=250)
    answers = models.JSONField()
    fee_vnd = models.PositiveIntegerField(null=True, default=0)
    result_by = models.CharField(max_length=10, default="online")
    limit_value = models.DecimalField(max_digits=7, decimal_places=2, default=Decimal(0))
    limit_unit = models.CharField(max_length=10)
    submitted_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    original_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    desk_office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    desk_role = models.CharField(max_length=20, blank=True)
    desk_step = models.PositiveSmallIntegerField(default=0)
    desk_since = models.DateTimeField()
    desk_due_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        indexes: ClassVar = [
            models.Index(fields=["desk_office", "desk_role", "due_at", "id"], name="dossier_on_desk"),
            models.Index(fields=["owner_person"], name="dossier_of_owner"),
            models.Index(fields=["submitter_person"], name="dossier_of_submitter"),
            models.Index(fields=["receiving_office", "-submitted_at"], name="dossier_at_counter"),
            models.Index(fields=["accepted_at"], name="dossier_by_acceptance"),
            models.Index(fields=["ended_at"], name="dossier_by_end"),
            models.Index(
                fields=["original_due_at"], condition=Q(ended_at=None), name="dossier_still_running"
            ),
            GistIndex(
                Func(F("accepted_at"), F("ended_at"), Value("[]"), function="tstzrange"),
                name="dossier_by_its_time",
                condition=Q(accepted_at__isnull=False),
            ),
            GinIndex(fields=["owner_folded"], name="dossier_by_name", opclasses=["gin_trgm_ops"]),
        ]
        constraints: ClassVar = [
            _one_of("state", [s.value for s in State], "a_dossier_is_in_a_known_state"),
            _one_of("channel", CHANNELS, "a_dossier_comes_by_a_known_channel"),
            models.CheckConstraint(
                condition=Q(number=None, accepted_at=None)
                | Q(number__isnull=False, accepted_at__isnull=False),
                name="acceptance_gives_the_number",
                violation_error_message="Số hồ sơ chỉ có khi đã tiếp nhận.",
            ),
            models.CheckConstraint(
                condition=Q(original_due_at=None, due_at=None)
                | Q(
                    accepted_at__isnull=False,
                    original_due_at__isnull=False,
                    due_at__isnull=False,
                    due_at__gte=F("original_due_at"),
                ),
                name="a_due_date_comes_with_acceptance_and_never_moves_earlier",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(s.value for s in RUNNING))
                | Q(accepted_at__isnull=False, ended_at=None),
                name="a_running_dossier_was_accepted_and_has_not_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["issued", "handed_over", "rejected", "refused", "withdrawn"])
                | Q(ended_at__isnull=False),
                name="an_ended_dossier_says_when_it_ended",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("submitted_at")),
                name="a_dossier_does_not_end_before_it_came",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(accepted_at=None) | Q(ended_at__gte=F("accepted_at")),
                name="a_dossier_does_not_end_before_it_was_accepted",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.tracking_code

    @property
    def limit(self) -> Limit:
        """Return the time limit that the law gives this dossier."""
        return Limit(self.limit_value, cast(Unit, self.limit_unit))

    @property
    def about(self) -> str:
        """Return the name of this dossier in the journal."""
        return f"dossier:{self.pk}"

    def take(self, verb: Verb, *, by: Author, at: dt.datetime, note: str = "", step: int = 0) -> StepTaken:
        """Go one step of the life-cycle and keep it as history: the only line that sets a state.

        Raises ``StepNotAllowed``.
        """
        before = State(self.state)
        self.state = LIFECYCLE.after(before, verb)
        return StepTaken(
            dossier=self,
            verb=verb,
            before=before,
            after=self.state,
            account_id=by.account_id,
            by_name=by.name,
            by_title=by.title,
            by_office_id=by.office_id,
            at=at,
            desk_step=step,
            note=note,
        )


class StepTaken(models.Model):
    """One step of one dossier: the legal history, from which every duration is computed.

    ``account_id`` NULL: the software itself.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=20)
    after = models.CharField(max_length=20)
    account_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=150)
    by_title = models.CharField(max_length=120, blank=True)
    by_office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    desk_step = models.PositiveSmallIntegerField(default=0)
    note = models.TextField(blank=True)

    class Meta:
        """Order."""

        indexes: ClassVar = [models.Index(fields=["dossier", "id"], name="step_of_dossier")]


class Pause(models.Model):
    """The law's clock stood still between two moments, by a paper. ``ended_at`` NULL: it still stands."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="pauses")
    slip = models.OneToOneField("Slip", on_delete=models.PROTECT, related_name="pause")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(ended_at=None), name="a_dossier_is_paused_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("began_at")),
                name="a_pause_does_not_end_before_it_begins",
            ),
        ]


class Paper(models.Model):
    """A file that lies in a dossier under one of its papers. ``round`` 0: with the submission; then supplements.

    ``taken_from``: the owner's earlier dossier whose paper or result it is; NULL: sent with this one.
    """

    token = models.CharField(max_length=22, unique=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="papers")
    paper_key = models.CharField(max_length=60)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=0)
    taken_from = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )


class Slip(models.Model):
    """A slip handed to the applicant: form 01 (receipt), 02 (supplement), 03 (refusal) or 04 (apology).

    Circular 01/2018/TT-VPCP.

    ``file`` NULL: nobody has opened it yet; the PDF is drawn when first opened.
    """

    token = models.CharField(max_length=22, unique=True)
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="slips")
    form = models.CharField(max_length=2)
    issued_at = models.DateTimeField()
    by_name = models.CharField(max_length=150)
    by_title = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    content = models.JSONField(default=dict)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            _one_of("form", SLIP_FORMS, "a_slip_is_a_known_form"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(form="01"), name="a_dossier_has_one_receipt"
            ),
            models.CheckConstraint(
                condition=Q(form="01") | ~Q(reason=""), name="a_supplement_or_refusal_gives_its_reason"
            ),
        ]


class DefectFound(models.Model):
    """One thing that is wrong or missing, with what to do about it; all of them stand on one slip."""

    slip = models.ForeignKey(Slip, on_delete=models.PROTECT, related_name="defects")
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    paper_key = models.CharField(max_length=60, blank=True)
    detail = models.CharField(max_length=400, blank=True)


class Opinion(models.Model):
    """What another office was asked and answered. ``answered_at`` NULL: not answered yet."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="opinions")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    asked_by_name = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    agrees = models.BooleanField(null=True)
    answered_by_name = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier", "office"],
                condition=Q(answered_at=None),
                name="an_office_is_asked_one_thing_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="an_answered_opinion_has_words",
            ),
        ]


class Result(models.Model):
    """The result (kết quả) of a dossier, from draft to sealed paper.

    ``number`` is given by the clerk of seals before the seal. ``draft`` is what the leader reads,
    ``signed`` what the leader signed, ``file`` what the applicant holds.
    """

    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="result")
    token = models.CharField(max_length=22, unique=True)
    fields = models.JSONField(default=dict)
    proposal = models.TextField()
    drafted_by_name = models.CharField(max_length=150)
    drafted_account_id = models.BigIntegerField(null=True)
    drafted_at = models.DateTimeField()
    draft = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)
    read_by_name = models.CharField(max_length=150, blank=True)
    signed = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    signer_name = models.CharField(max_length=150, blank=True)
    signed_at = models.DateTimeField(null=True)
    number = models.CharField(max_length=60, blank=True)
    issued_at = models.DateTimeField(null=True)
    issuer_name = models.CharField(max_length=150, blank=True)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True)
    handed_over_how = models.CharField(max_length=10, blank=True)
    handed_over_to = models.CharField(max_length=150, blank=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(issued_at=None) | (Q(signed__isnull=False, file__isnull=False) & ~Q(number="")),
                name="an_issued_result_is_signed_numbered_and_sealed",
            ),
        ]


from tinhso.dossiers.models.changes import Correction, DueMoved  # noqa: E402 - they point at the dossier above
from tinhso.dossiers.models.numbers import BookNumber, DayNumber, SentOnce  # noqa: E402 - they point at the dossier above

__all__ = [
    "CHANNELS",
    "BookNumber",
    "Correction",
    "DayNumber",
    "DefectFound",
    "Dossier",
    "Draft",
    "DraftFile",
    "DueMoved",
    "Opinion",
    "Paper",
    "Pause",
    "Result",
    "SentOnce",
    "Slip",
    "StepTaken",
]
