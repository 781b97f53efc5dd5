"""How a model says which personal data it holds: whose, why, how long. Beside ``Meta``: ``PERSONAL = Personal(...)``.

Every field that may hold something about a person (``may_be_personal``) is named once: in a ``Held``, or in ``plain``,
which says that somebody looked and found none. A test goes over all models, so a new field must be decided about. The
words and the law stand as data with effective dates (``directory/data/processing_2022.json``), and how long in
``directory/data/retention_2022.json``; here are keys only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import models

#: Whose data it is: somebody who files, somebody named in a dossier, an officer, somebody at a meeting.
WHOSE: Final = ("applicant", "named", "officer", "anybody")
_TEXT: Final = (models.CharField, models.TextField, models.JSONField, models.GenericIPAddressField)
_PEOPLE: Final = ("directory.Person", "directory.Account", "directory.Post")
_FILE: Final = "documents.StoredFile"
_NUMBERS_OF_PEOPLE: Final = ("account_id", "person_id", "recipient_id")
_DAYS_OF_PEOPLE: Final = ("birth", "died")


@dataclass(frozen=True, slots=True)
class Held:
    """Fields that hold personal data of one kind.

    ``fields``: names, with spaces between. ``whose``: one of ``WHOSE``. ``use``: the key of the purpose, which says why,
    by which law and who sees it. ``keep``: the key of the rule that says how long.
    """

    fields: str
    whose: str
    use: str
    keep: str

    @property
    def names(self) -> tuple[str, ...]:
        """Return the fields' names."""
        return tuple(self.fields.split())


class Personal:
    """What one model holds: parts with personal data, and the text fields that were looked at and hold none."""

    def __init__(self, *held: Held, plain: str = "") -> None:
        """Keep both; a model without any part holds no personal data."""
        self.held = held
        self.plain = tuple(plain.split())

    @property
    def names(self) -> tuple[str, ...]:
        """Return every field that was decided about, each as often as it is named."""
        return (*(name for part in self.held for name in part.names), *self.plain)


def declared_by(model: type[models.Model]) -> Personal | None:
    """Return what a model itself declares; None: nothing. What a parent says does not count for a child."""
    found = vars(model).get("PERSONAL")
    return found if isinstance(found, Personal) else None


def may_be_personal(field: models.Field[Any, Any]) -> bool:
    """Say whether a field is of a kind that may hold something about a person, so that its model must decide.

    Free text, JSON, lists of text, addresses on the network, files; keys of people and accounts; days of birth and death.
    A text with a list of choices, a generated column and a key of anything else hold none of their own.
    """
    if getattr(field, "choices", None) or isinstance(field, models.GeneratedField):
        return False
    if isinstance(field, models.ForeignKey):
        return field.related_model._meta.label in (*_PEOPLE, _FILE)
    base = getattr(field, "base_field", field)
    if isinstance(base, _TEXT) or isinstance(field, models.BinaryField):
        return True
    if isinstance(field, models.DateField):
        return field.name.startswith(_DAYS_OF_PEOPLE)
    return isinstance(field, models.IntegerField) and field.name.endswith(_NUMBERS_OF_PEOPLE)


def undecided(model: type[models.Model], personal: Personal) -> Iterator[str]:
    """Yield what is wrong with a declaration, one sentence each: left out, named twice, named but not there."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    wanted = {name for name, field in fields.items() if may_be_personal(field)}
    label = model._meta.label
    for name in sorted(wanted - set(personal.names)):
        yield f"{label}.{name} is not declared"
    for name in sorted({one for one in personal.names if personal.names.count(one) > 1}):
        yield f"{label}.{name} is declared twice"
    for name in sorted(set(personal.names) - set(fields)):
        yield f"{label}.{name} is declared but does not exist"
    for name in sorted(set(personal.plain) & set(fields) - wanted):
        yield f"{label}.{name} cannot hold personal data and need not be named"
    for part in personal.held:
        if part.whose not in WHOSE:
            yield f"{label}: nobody is called {part.whose}"
