"""Take the words about people out of the directory when nothing needs them any more; rows that others count stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from django.db import transaction

from tinhso.directory.models import Account, Change, Look, Person

#: What stands where a name stood.
ERASED: Final = "(đã xóa)"
#: The one row that drafts point at once their writer was forgotten.
_NOBODY: Final = "~"


def nobody() -> int:
    """Return the number of the person who stands for everybody that was forgotten; made when first asked for."""
    found, _made = Person.objects.get_or_create(
        name=ERASED, sort_key=_NOBODY, defaults={"folded": ""}, identity_number="", phone=""
    )
    return found.pk


@transaction.atomic
def forget_people(numbers: Collection[int], *, at: dt.datetime) -> list[int]:
    """Empty people and their accounts; return those that were not empty yet.

    Names, birth, identity number, contacts, home, user name and password go; the row stays where acts point at it. The
    words about them in histories go too; sessions, tries and codes are taken by their own rules.
    """
    rows = Person.objects.select_for_update().filter(pk__in=numbers).exclude(name=ERASED)
    found = list(rows.values_list("pk", flat=True))
    accounts = list(Account.objects.filter(person__in=found).values_list("pk", flat=True))
    Person.objects.filter(pk__in=found).update(
        name=ERASED,
        folded="",
        sort_key="",
        birth_date=None,
        sex="",
        identity_number="",
        phone="",
        email="",
        address="",
        commune=None,
        died_on=None,
        died_source="",
    )
    for pk in accounts:
        Account.objects.filter(pk=pk).update(username=f"da-xoa-{pk}", password="!", last_login=None)  # noqa: S106 - opens nothing
    abouts = [*(f"person:{pk}" for pk in found), *(f"account:{pk}" for pk in accounts)]
    Change.objects.filter(about__in=abouts, erased_at=None).update(
        before="", after="", reason="", erased_at=at
    )
    Look.objects.filter(person__in=found).update(person=None)
    return found


def forget_who_was_looked_at(abouts: Sequence[str]) -> int:
    """Take the owner out of the log of looks at things that were forgotten; return how many rows."""
    return Look.objects.filter(about__in=abouts).exclude(person=None).update(person=None)
