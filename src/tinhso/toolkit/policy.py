"""A permission is a set of rows.

One expression lists what an actor may see and opens what the actor may open, so the two cannot disagree.
A rule turns an actor into a ``Q``. Trap: an empty ``Q()`` vanishes in ``|``, so "everybody" and "nobody"
are written out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
P = TypeVar("P", bound=StrEnum)
A = TypeVar("A")

Rule = Callable[[A], Q]

EVERY_ROW = ~Q(pk__in=())
NO_ROW = Q(pk__in=())


class NotThere(Exception):
    """No such row, or none that this actor may touch: the two look the same."""


def any_of(*rules: Rule[A]) -> Rule[A]:
    """Allow the rows that one of the rules allows."""
    if not rules:
        msg = "any_of() needs a rule"
        raise ValueError(msg)

    def rule(actor: A) -> Q:
        rows = NO_ROW
        for one in rules:
            rows |= one(actor)
        return rows

    return rule


def all_of(*rules: Rule[A]) -> Rule[A]:
    """Allow the rows that every rule allows."""
    if not rules:
        msg = "all_of() needs a rule"
        raise ValueError(msg)

    def rule(actor: A) -> Q:
        rows = rules[0](actor)
        for one in rules[1:]:
            rows &= one(actor)
        return rows

    return rule


class Policy(Generic[M, P, A]):
    """The table of who may do what to which rows of one model."""

    def __init__(self, model: type[M], rules: Mapping[P, Rule[A]]) -> None:
        self.model = model
        self.rules: dict[P, Rule[A]] = dict(rules)

    def rows(self, actor: A, may: P) -> QuerySet[M]:
        """Return the rows on which ``actor`` holds the permission: for lists, searches, counts, exports."""
        return self.model._default_manager.filter(self.rules[may](actor))

    def one(self, actor: A, may: P, **lookup: Any) -> M:
        """Return one row, locked until the transaction ends. Raises ``NotThere``."""
        rows = self.rows(actor, may).select_for_update(of=("self",))
        return _only(rows.filter(**lookup))

    def look(self, actor: A, may: P, **lookup: Any) -> M:
        """Return one row to read, not locked. Raises ``NotThere``."""
        return _only(self.rows(actor, may).filter(**lookup))

    def holds(self, actor: A, may: P, row: M) -> bool:
        """Say whether ``actor`` holds the permission on this row."""
        return self.rows(actor, may).filter(pk=row.pk).exists()


def _only(rows: QuerySet[M]) -> M:
    found = list(rows[:2])
    if len(found) != 1:
        raise NotThere
    return found[0]
