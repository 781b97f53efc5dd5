"""How people get in: one-time codes by which an account is set up or repaired, sessions, the history of signing in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tinhso.directory.models.people import Account
from tinhso.directory.rules import Purpose, SignInOutcome

#: As long as a device's name may be.
_DEVICE = 200


class Invitation(models.Model):
    """A one-time code (mã dùng một lần) that lets a person set a password or a second factor; kept as a hash.

    ``code_hash``: SHA-256, hexadecimal. ``created_by`` NULL: on the console, or asked for by the person.
    A code that repairs a lost second factor (``Purpose.SECOND_FACTOR``) works only once another administrator has
    confirmed it. ``attempts`` counts wrong tries. Real time throughout. Personal data: none but the account.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    purpose = models.CharField(max_length=20, choices=[(p.value, p.value) for p in Purpose])
    code_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=500, blank=True)
    created_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """Guards."""

        indexes: ClassVar = [
            models.Index(fields=["account", "-created_at"], name="invitations_of_an_account")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(purpose__in=[p.value for p in Purpose]), name="an_invitation_has_a_known_purpose"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="an_invitation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="a_confirmation_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None)
                | (~Q(confirmed_by=F("created_by")) & ~Q(confirmed_by=F("account"))),
                name="another_person_confirms_an_invitation",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | ~Q(purpose=Purpose.SECOND_FACTOR) | Q(confirmed_by__isnull=False),
                name="a_lost_second_factor_needs_two_administrators",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(withdrawn_at=None), name="a_withdrawn_invitation_is_not_used"
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(used_at__lte=F("expires_at")),
                name="an_invitation_is_used_in_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class OpenSession(models.Model):
    """A session (phiên) as its owner sees it: since when, from where, on what, and whether it has ended.

    ``session_key``: the row of ``django_session``; blank once it has ended. ``post`` NULL: acts in all posts held.
    Personal data: address on the network, kind of device; kept 90 days after the end.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, blank=True)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=_DEVICE, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=60, blank=True)

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["account", "-seen_at"], name="sessions_of_an_account")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["session_key"], condition=~Q(session_key=""), name="a_session_is_listed_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) & ~Q(session_key="") | Q(ended_at__isnull=False, session_key=""),
                name="an_ended_session_has_no_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.began_at:%Y-%m-%d %H:%M}"


class SignInTried(models.Model):
    """One try to sign in (lịch sử đăng nhập) at an account that exists. Never edited (a trigger refuses it).

    Personal data: address on the network, kind of device; kept one year.
    """

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=[(o.value, o.value) for o in SignInOutcome])
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=_DEVICE, blank=True)

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["account", "-at"], name="sign_ins_of_an_account")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=[o.value for o in SignInOutcome]), name="a_try_has_a_known_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.outcome}"
