"""Tables of the directory: offices over time, people, accounts, posts, delegations, days off."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from tinhso.directory.rules import OfficeKind, Role


class OfficeQuerySet(models.QuerySet["Office"]):
    """Offices as of a day."""

    def on(self, day: dt.date) -> OfficeQuerySet:
        """Keep the offices that exist on the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Office(models.Model):
    """An office (cơ quan, đơn vị) as it stands between two days; a reform closes it and opens successors.

    ``valid_to`` NULL: still open. ``code`` follows QCVN 102:2016 (000.00.15.H40), ``code_2020`` follows
    QĐ 20/2020/QĐ-TTg (H40.15). The province's official list was not found: codes are illustrative.
    """

    code = models.CharField(max_length=17)
    code_2020 = models.CharField(max_length=35)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=120)
    folded = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=400)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in OfficeKind])
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    territory_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=250, blank=True)
    place = models.CharField(max_length=100, help_text="Địa danh ghi trên văn bản")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    successors = models.ManyToManyField(
        "self", through="Succession", symmetrical=False, related_name="predecessors"
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["kind", "sort_key"], name="office_by_kind")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_office_has_a_code_from_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="an_office_does_not_end_before_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in OfficeKind]), name="an_office_is_of_a_known_kind"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Succession(models.Model):
    """One office goes on in another, from a day, by a decision."""

    predecessor = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    effective_date = models.DateField()
    decision = models.CharField(max_length=120)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="an_office_succeeds_another_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="an_office_does_not_succeed_itself"
            ),
        ]


class Person(models.Model):
    """A person the province deals with, as owner of papers or as an officer.

    Personal data: name, birth, identity number, phone, e-mail, address; kept as long as a dossier needs it.
    """

    name = models.CharField(max_length=150)
    folded = models.CharField(max_length=150)
    sort_key = models.CharField(max_length=300)
    birth_date = models.DateField(null=True)
    sex = models.CharField(max_length=3, blank=True)
    identity_number = models.CharField(max_length=12, blank=True)
    phone = models.CharField(max_length=15, blank=True)
    email = models.CharField(max_length=150, blank=True)
    address = models.CharField(max_length=250, blank=True)
    commune = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["sort_key"], name="person_by_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["identity_number"],
                condition=~Q(identity_number=""),
                name="an_identity_number_is_one_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """Make an account for a person."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """How a person signs in. Disabling it takes effect at the next request."""

    username = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = []

    def __str__(self) -> str:
        return self.username


class Post(models.Model):
    """A person's post (chức danh) at an office with one role, between two days."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    title = models.CharField(max_length=120)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "office", "role", "valid_from"], name="a_person_holds_a_post_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="a_post_does_not_end_before_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in Role]), name="a_post_has_a_known_role"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Delegation(models.Model):
    """A holder lets another person use a post for a period (ủy quyền), by a paper."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="delegated_posts")
    valid_from = models.DateField()
    valid_to = models.DateField()
    decision = models.CharField(max_length=120)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="a_delegation_does_not_end_before_it_begins"
            ),
            models.CheckConstraint(condition=~Q(decision=""), name="a_delegation_names_its_paper"),
        ]


class SpecialDay(models.Model):
    """A weekday off or a working Saturday of State offices, with its source and how sure it is."""

    date = models.DateField(unique=True)
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=200)
    confirmed = models.CharField(max_length=20)


class ReferenceStamp(models.Model):
    """When reference data last changed: offices, days off, published procedures. One row, moved by triggers.

    Whatever was worked out from reference data may be kept as long as this stays the same.
    """

    moved_at = models.DateTimeField()
