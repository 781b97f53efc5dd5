"""Tell the owner of an account what happened to it, on every channel that is known."""

from __future__ import annotations

import datetime as dt

from tinhso.directory.models import Person
from tinhso.messages.api import tell


def tell_owner(
    person: Person, *, title: str, body: str, at: dt.datetime, kind: str, link: str = "", quiet: bool = False
) -> None:
    """Put a notice into the in-box, and write letter and SMS. ``quiet``: the in-box only."""
    tell(
        person.pk,
        title=title,
        body=body,
        at=at,
        kind=f"directory.{kind}",
        link=link,
        email=None if quiet else person.email or None,
        phone=None if quiet else person.phone or None,
    )
