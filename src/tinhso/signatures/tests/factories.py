"""Make the people and offices that sign."""

from __future__ import annotations

import datetime as dt

from tinhso.directory.api import Office, OfficeKind, Person
from tinhso.toolkit.text import fold, sort_key


def make_office(name: str, code: str) -> Office:
    """Make a commune."""
    return Office.objects.create(
        code=code,
        code_2020=code,
        name=name,
        short_name=name,
        folded=fold(name),
        sort_key=sort_key(name),
        kind=OfficeKind.COMMUNE,
        place="Giả Định",
        valid_from=dt.date(2020, 1, 1),
    )


def make_person(name: str) -> Person:
    """Make a person."""
    return Person.objects.create(name=name, folded=fold(name), sort_key=sort_key(name))
