"""What reviews, meetings and conclusions announce. Codes and numbers only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReviewDrafted:
    """The figures of a period were locked into the first draft of a review."""

    code: str
    first: dt.date
    last: dt.date
    figures_sha256: str
    figures: int


@dataclass(frozen=True, slots=True)
class ReviewLocked:
    """The figures of a draft were locked anew."""

    code: str
    draft_number: int
    figures_sha256: str
    figures: int


@dataclass(frozen=True, slots=True)
class ReviewLineWritten:
    """Somebody added, changed or removed a line of words. ``what``: ``added``, ``changed``, ``removed``."""

    code: str
    line_id: int
    section: str
    what: str


@dataclass(frozen=True, slots=True)
class ReviewSubmitted:
    """A review was laid before the chair; its figures move no more."""

    code: str
    figures_sha256: str


@dataclass(frozen=True, slots=True)
class ReviewReturned:
    """The chair returned a review."""

    code: str


@dataclass(frozen=True, slots=True)
class ReviewApproved:
    """The chair approved a review under a number."""

    code: str
    number: str
    figures_sha256: str


@dataclass(frozen=True, slots=True)
class MeetingCalled:
    """A meeting was called; the offices are invited."""

    meeting_id: int
    starts_at: dt.datetime
    office_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AgendaChanged:
    """The agenda of a meeting is another now."""

    meeting_id: int
    points: int


@dataclass(frozen=True, slots=True)
class AttendanceMarked:
    """It was marked who came to a meeting."""

    meeting_id: int
    came: int
    invited: int


@dataclass(frozen=True, slots=True)
class MinutesWritten:
    """The minutes of a meeting were written."""

    meeting_id: int


@dataclass(frozen=True, slots=True)
class ConclusionDrafted:
    """The conclusion of a meeting was begun from the review's next tasks."""

    conclusion_id: int
    meeting_id: int
    lines: int


@dataclass(frozen=True, slots=True)
class ConclusionLineWritten:
    """A line of a conclusion was added, changed or removed. ``what``: ``added``, ``changed``, ``removed``."""

    conclusion_id: int
    line_id: int
    what: str


@dataclass(frozen=True, slots=True)
class ConclusionOpened:
    """The opening words of a conclusion were written."""

    conclusion_id: int


@dataclass(frozen=True, slots=True)
class ConclusionIssued:
    """A conclusion was issued: it is a directive, and its lines with a lead are tasks."""

    conclusion_id: int
    number: str
    directive_id: int
    task_ids: tuple[int, ...]
