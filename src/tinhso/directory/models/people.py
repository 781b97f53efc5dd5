"""People, accounts, posts and delegations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from tinhso.directory.models.offices import Office
from tinhso.directory.rules import Role


class Person(models.Model):
    """A person the province deals with, as owner of papers or as an officer.

    ``died_on``: the day of death, where it is known; ``died_source`` says by which paper.
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
    died_on = models.DateField(null=True)
    died_source = models.CharField(max_length=200, blank=True)

    class Meta:
        """Guards."""

        indexes: ClassVar = [models.Index(fields=["sort_key"], name="person_by_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["identity_number"],
                condition=~Q(identity_number=""),
                name="an_identity_number_is_one_person",
            ),
            models.CheckConstraint(
                condition=Q(died_on=None) | ~Q(died_source=""), name="a_death_is_known_from_a_paper"
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
    """How a person signs in. Disabling it takes effect at the next request.

    ``closed_at``: when the person or an administrator closed it for good; a closed account is not active.
    """

    username = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    closed_at = models.DateTimeField(null=True)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = []

    class Meta:
        """Guards."""

        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(is_active=False), name="a_closed_account_is_not_active"
            ),
        ]

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
