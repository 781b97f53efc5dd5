"""The registry of certificates, and what was signed with them."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from tinhso.signatures.rules import Kind, Level, RevocationReason


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Certificates as of a moment."""

    def in_force(self, at: dt.datetime) -> CertificateQuerySet:
        """Keep those that count at ``at``: within their time, and not revoked by then."""
        return self.filter(Q(revoked_at=None) | Q(revoked_at__gt=at), valid_from__lte=at, valid_to__gt=at)

    def of_person(self, person_id: int, office_id: int, post: str) -> CertificateQuerySet:
        """Keep those of a person in a post at an office."""
        return self.filter(kind=Kind.APPROVE, holder_id=person_id, office_id=office_id, post=post)

    def of_seal(self, office_id: int) -> CertificateQuerySet:
        """Keep those of an office's seal."""
        return self.filter(kind=Kind.SEAL, office_id=office_id)


class Certificate(models.Model):
    """A certificate for official signatures (chứng thư chữ ký số chuyên dùng công vụ), as the registry knows it.

    Like an entry in the office's book of seals: who may sign as what, from when to when. A certificate outlives its
    office and its holder's post, because old results are still checked against it. ``holder`` NULL: the seal of an
    office. ``revoked_at`` NULL: not revoked. ``edition`` counts the certificates of one holder, from 0.

    Personal data: an officer's name in ``subject`` and ``pem``; kept as long as a result signed with it.
    """

    serial = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind])
    subject = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256")
    holder = models.ForeignKey("directory.Person", on_delete=models.PROTECT, null=True, related_name="+")
    office = models.ForeignKey("directory.Office", on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=120, blank=True)
    edition = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(
        max_length=20, blank=True, choices=[(r.value, r.value) for r in RevocationReason]
    )
    pem = models.TextField()

    objects = CertificateQuerySet.as_manager()

    class Meta:
        """Guards."""

        constraints = (
            models.CheckConstraint(
                name="a_certificate_ends_after_it_begins", condition=Q(valid_to__gt=F("valid_from"))
            ),
            models.CheckConstraint(
                name="a_person_approves_and_an_office_seals",
                condition=(
                    Q(kind=Kind.APPROVE, holder__isnull=False) & ~Q(post="")
                    | Q(kind=Kind.SEAL, holder__isnull=True, post="")
                ),
            ),
            models.CheckConstraint(
                name="a_revocation_has_a_known_reason",
                condition=(
                    Q(revoked_at=None, revocation_reason="")
                    | Q(revoked_at__isnull=False, revocation_reason__in=[r.value for r in RevocationReason])
                ),
            ),
            models.UniqueConstraint(
                name="a_post_has_one_certificate_that_is_not_revoked",
                fields=["holder", "office", "post"],
                condition=Q(kind=Kind.APPROVE, revoked_at=None),
            ),
            models.UniqueConstraint(
                name="a_seal_has_one_certificate_that_is_not_revoked",
                fields=["office"],
                condition=Q(kind=Kind.SEAL, revoked_at=None),
            ),
        )

    def __str__(self) -> str:
        """Return the serial number and the kind: a name is for whoever may read it."""
        return f"{self.serial} ({self.kind})"


class Signature(models.Model):
    """One signing: ``before`` is the file that was signed, ``file`` the file with the signature in it.

    Like a link of a chain: the file a person signed is what the seal is set on. ``signed_at`` is the moment the
    time-stamp authority gave. Holds no personal data of its own.
    """

    file = models.OneToOneField("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="signatures")
    kind = models.CharField(max_length=10, choices=[(k.value, k.value) for k in Kind])
    level = models.CharField(max_length=6, choices=[(one.value, one.value) for one in Level])
    signed_at = models.DateTimeField()

    class Meta:
        """Guards."""

        constraints = (
            models.CheckConstraint(name="signing_changes_the_file", condition=~Q(file=F("before"))),
            models.CheckConstraint(
                name="a_signature_is_of_a_known_kind", condition=Q(kind__in=[k.value for k in Kind])
            ),
            models.CheckConstraint(
                name="an_official_signature_can_be_checked_for_long",
                condition=Q(level__in=[Level.LT.value, Level.LTA.value]),
            ),
        )

    def __str__(self) -> str:
        """Return kind and moment."""
        return f"{self.kind} {self.signed_at:%Y-%m-%d %H:%M}"
