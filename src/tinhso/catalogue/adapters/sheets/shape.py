"""What a published sheet says, as structure: the same for both shapes. Nothing here is guessed.

Where the text allows no structure, the text stays and a ``Flag`` tells a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

#: commune, district, province, ministry, other
LEVELS = ("commune", "district", "province", "ministry", "other")


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that a person must look at: the part (``terms``, ``fees``, ``papers`` …), why, and the text itself."""

    part: str
    why: str
    text: str


@dataclass(frozen=True, slots=True)
class FeeRead:
    """One line of a fee: ``vnd`` None where no amount stands; ``kind`` phi, le_phi, khac or blank."""

    vnd: int | None
    text: str
    kind: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class TermRead:
    """How one files: channel (online, counter, post), limit (``unit`` h, wd, d, m, sameday, none or blank), fees.

    ``value`` None where the text gives no length; ``limit_text`` is the text as published.
    """

    channel: str
    value: Decimal | None
    unit: str
    limit_text: str
    fees: tuple[FeeRead, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class PaperRead:
    """One paper with its numbers of originals and copies and the file of its blank form, if any.

    ``group`` holds the words above its table where they say that it is only shown ("Giấy tờ phải xuất trình").
    """

    name: str
    originals: int
    copies: int
    sample_form: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case of the paper list: the words before its table, blank where there is only one."""

    name: str
    papers: tuple[PaperRead, ...]


@dataclass(frozen=True, slots=True)
class LegalRead:
    """A legal text: number, name, day of issue (ISO, blank where unknown), issuer."""

    number: str
    name: str
    issued_on: str = ""
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """Everything read from one record."""

    code: str
    name: str
    field_name: str
    decision: str
    kind: str
    levels: tuple[str, ...]
    audience: tuple[str, ...]
    sequence: str
    terms: tuple[TermRead, ...]
    cases: tuple[CaseRead, ...]
    executing_body: str
    authority: str
    address: str
    delegated: str
    coordinating: str
    results: tuple[str, ...]
    legal: tuple[LegalRead, ...]
    conditions: str
    keywords: tuple[str, ...]
    note: str
    flags: tuple[Flag, ...] = field(default=())
