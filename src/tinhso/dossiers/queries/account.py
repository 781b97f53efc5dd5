"""What the account of whoever files says of that person: filled in beforehand, and said to come from there."""

from __future__ import annotations

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
    if person is None:
        return {}
    number = person.identity_number
    known = {
        "name": person.name,
        "birth_date": person.birth_date.isoformat() if person.birth_date else None,
        "sex": fold(person.sex) or None,
        "identity": {"kind": _CARD, "number": number} if len(number) == _CARD_DIGITS else None,
        "phone": person.phone,
        "email": person.email,
    }
    return prefilled(schema, known)


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
