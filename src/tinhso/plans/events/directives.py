"""What happens to directives, steering bodies and their people: codes and days, never names or words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DirectiveEntered:
    """A document that directs was entered; it assigns ``items`` things."""

    directive: int
    kind: str
    issued_on: dt.date
    received_at: dt.datetime
    items: int


@dataclass(frozen=True, slots=True)
class DirectiveCorrected:
    """What was entered of a document was set right; ``fields`` names the columns."""

    directive: int
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DirectiveItemsAdded:
    """More things that a document assigns were entered."""

    directive: int
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DirectiveEnded:
    """A document holds no longer than a day; ``replaced_by`` None: nothing took its place."""

    directive: int
    valid_to: dt.date
    replaced_by: int | None


@dataclass(frozen=True, slots=True)
class SolutionRecorded:
    """A solution was written down for what a document assigns; ``office`` None: of the province."""

    directive: int
    item: int
    solution: int
    office: int | None


@dataclass(frozen=True, slots=True)
class BodyFounded:
    """A steering body, task force or core team of an office was set up."""

    body: int
    kind: str
    office: int
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class BodyEnded:
    """A body works no longer than a day."""

    body: int
    valid_to: dt.date


@dataclass(frozen=True, slots=True)
class MemberSeated:
    """A person was seated in a body."""

    body: int
    member: int
    duty: str


@dataclass(frozen=True, slots=True)
class MemberUnseated:
    """A person's seat in a body ends with a day."""

    body: int
    member: int
    valid_to: dt.date


@dataclass(frozen=True, slots=True)
class WorkPlanEdited:
    """A body wrote down anew what it means to do."""

    body: int


@dataclass(frozen=True, slots=True)
class ActivityLogged:
    """A body wrote down what it did on a day."""

    body: int
    activity: int
    on: dt.date


@dataclass(frozen=True, slots=True)
class PostsCounted:
    """An office's posts for digital transformation were counted, as of a day."""

    office: int
    on: dt.date
    planned: int
    filled: int
