"""What the catalogue announces."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProcedurePublished:
    """A version of a procedure was published and can no longer be changed.

    ``effective_from`` is the first day on which it is the one to use; ``content_hash`` is the SHA-256 of its sheet.
    """

    code: str
    version: int
    effective_from: dt.date
    content_hash: str


@dataclass(frozen=True, slots=True)
class SheetDraftOpened:
    """Somebody began to write a sheet; ``based_on`` is the version it began from, ``copied_from`` another code."""

    code: str
    draft: int
    based_on: int | None
    copied_from: str | None


@dataclass(frozen=True, slots=True)
class SheetDraftSaved:
    """A part of a sheet was changed; ``revision`` counts the changes."""

    code: str
    draft: int
    revision: int
    part: str


@dataclass(frozen=True, slots=True)
class SheetDraftSentToReview:
    """A sheet was sent to a second person."""

    code: str
    draft: int
    revision: int


@dataclass(frozen=True, slots=True)
class SheetDraftReturned:
    """The second person sent a sheet back with a note."""

    code: str
    draft: int
    revision: int


@dataclass(frozen=True, slots=True)
class SheetDraftApproved:
    """The second person approved a sheet."""

    code: str
    draft: int
    revision: int


@dataclass(frozen=True, slots=True)
class SheetDraftReopened:
    """An editor took a sheet back from review or approval to change it."""

    code: str
    draft: int
    revision: int


@dataclass(frozen=True, slots=True)
class SheetDraftDropped:
    """A sheet was given up; nothing of it was published."""

    code: str
    draft: int
    revision: int


@dataclass(frozen=True, slots=True)
class SheetDraftPublished:
    """A sheet was published by a decision (quyết định công bố)."""

    code: str
    draft: int
    version: int
    decision_number: str
    decision_date: dt.date
    effective_from: dt.date


@dataclass(frozen=True, slots=True)
class ProcedureEnded:
    """A procedure ends after ``last_day``, by a decision (bãi bỏ); what was filed until then goes on."""

    code: str
    version: int
    last_day: dt.date
    decision_number: str
    decision_date: dt.date


@dataclass(frozen=True, slots=True)
class SearchWordChanged:
    """An everyday word of the search table was added (``before`` blank), changed, or removed (``after`` blank)."""

    said: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ServiceLevelDecided:
    """A service level was decided from a day on; ``before`` is the level that ends on the day before, if any.

    ``system`` 2011: 1 to 4; 2022: 2 information, 3 một phần, 4 toàn trình.
    """

    code: str
    system: int
    level: int
    before: int | None
    valid_from: dt.date
    decision_number: str
    decision_date: dt.date


@dataclass(frozen=True, slots=True)
class EligibilityDecided:
    """It was decided whether a procedure may be served on level 4, from a day on."""

    code: str
    is_eligible: bool
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class SheetsImported:
    """A file of published sheets was read: ``read == imported + variants + repeats + listed``; ``changed`` rows written."""

    source: str
    read: int
    imported: int
    variants: int
    repeats: int
    listed: int
    changed: int


@dataclass(frozen=True, slots=True)
class SheetRecordSeen:
    """A person looked at an imported sheet and wrote what became of it."""

    code: str
    record: int


@dataclass(frozen=True, slots=True)
class SheetRecordUnseen:
    """An imported sheet was put back on the list of those that a person must look at."""

    code: str
    record: int
