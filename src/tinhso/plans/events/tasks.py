"""What is announced of tasks: codes, days and counts, never a name or a word that somebody typed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskAssigned:
    """A task was given to an office to lead; ``parent`` names the task it is a part of."""

    code: str
    lead: int
    due: dt.date | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class TaskStateChanged:
    """A task went to another state by a verb of the life-cycle."""

    code: str
    verb: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TaskReassigned:
    """A task was given to another office to lead."""

    code: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class TaskProgressNoted:
    """The lead office noted progress, in percent, without a claim that somebody must judge."""

    code: str
    report: int
    progress: int


@dataclass(frozen=True, slots=True)
class TaskReported:
    """The lead office claims pieces, or that the task is done; somebody else answers."""

    code: str
    report: int
    is_final: bool
    pieces: int


@dataclass(frozen=True, slots=True)
class TaskReportAnswered:
    """A report was answered: how many pieces were confirmed and returned; ``done_on`` where the task is done now."""

    code: str
    report: int
    answer: str
    confirmed: int
    returned: int
    done_on: dt.date | None


@dataclass(frozen=True, slots=True)
class TaskExtensionAsked:
    """The lead office asked to move the due day."""

    code: str
    extension: int
    due_before: dt.date
    due_after: dt.date


@dataclass(frozen=True, slots=True)
class TaskExtensionAnswered:
    """The chair granted or refused a later due day."""

    code: str
    extension: int
    answer: str


@dataclass(frozen=True, slots=True)
class TaskMerged:
    """A task said the same as another and is counted in that one from now on."""

    code: str
    into: str


@dataclass(frozen=True, slots=True)
class TaskUrged:
    """Somebody urged the offices of a task, or the rule reminded its lead (``level``)."""

    code: str
    offices: tuple[int, ...]
    level: str


@dataclass(frozen=True, slots=True)
class TaskCommented:
    """Somebody wrote a comment on a task."""

    code: str
    comment: int


@dataclass(frozen=True, slots=True)
class TaskLinked:
    """A task cannot be finished before another any more, or can again (``is_needed`` False)."""

    code: str
    needed: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class TaskTagged:
    """The tags of a task changed."""

    code: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskShown:
    """A task is named on the page of progress from now on, or no longer."""

    code: str
    is_public: bool


@dataclass(frozen=True, slots=True)
class TaskRecurred:
    """The next of a task that recurs was made."""

    code: str
    next_code: str
    due: dt.date


@dataclass(frozen=True, slots=True)
class TrackedServiceUpdated:
    """What is known of a service of Project 06 was brought up to date."""

    ordinal: int
    has_blocker: bool
