"""What the account of whoever files says of that person: filled in beforehand, and said to come from there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tinhso.catalogue.api import prefilled
from tinhso.directory.api import Actor, Person
from tinhso.toolkit.text import fold

#: How many digits the number of a citizen's card has, and what the form calls such a paper.
_CARD, _CARD_DIGITS = "cccd", 12


def from_account(schema: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """Return the answers of a form that the actor's account knows, by question."""
    person = Person.objects.filter(pk=by.person_id or 0).first()
    return prefilled(schema, _known(person)) if person else {}


def fullest_account() -> dict[str, Any]:
    """Return what an account fills in that lacks nothing, by source: to count boxes by, nobody's data."""
    whole = Person(
        name="X",
        birth_date=dt.date(2000, 1, 1),
        sex="nam",
        identity_number="0" * _CARD_DIGITS,
        phone="0",
        email="x",
        address="x",
    )
    return {source: value for source, value in _known(whole).items() if value}


def _known(person: Person) -> dict[str, Any]:
    number = person.identity_number
    return {
        "name": person.name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "sex": fold(person.sex) or None,
        "identity": {"kind": _CARD, "number": number} if len(number) == _CARD_DIGITS else None,
        "phone": person.phone,
        "email": person.email,
    }


def still_from_account(known: Mapping[str, Any], answers: Mapping[str, Any]) -> set[str]:
    """Return the questions whose answer is still what the account said; of an identity paper its number."""
    return {
        key
        for key, value in known.items()
        if answers.get(key) == value
        or (isinstance(value, dict) and _number(answers.get(key)) == value["number"])
    }


def _number(answer: Any) -> Any:
    return answer.get("number") if isinstance(answer, Mapping) else None
