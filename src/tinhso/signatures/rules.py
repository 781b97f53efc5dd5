"""Decide what needs no table: where marks stand on the page, what level a signature reaches."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MM = 72 / 25.4
#: Real size of an office's round seal: the mark of a People's Committee of a commune is 36 mm wide.
SEAL_DIAMETER = 36 * MM


class Kind(StrEnum):
    """What a signature says: a person approves, or an office issues with its seal."""

    APPROVE = "approve"
    SEAL = "seal"


class Level(StrEnum):
    """How long a signature can be checked: the baseline levels of ETSI EN 319 142-1."""

    B = "B-B"
    T = "B-T"
    LT = "B-LT"
    LTA = "B-LTA"


class Field(StrEnum):
    """The form fields of a result, in the order in which they are filled."""

    SIGNATURE = "signature"
    NUMBER = "number"
    DATE = "date"
    SEAL = "seal"


class RevocationReason(StrEnum):
    """Why a certificate was revoked before its time: codes, so that the journal names no persons."""

    POST_LEFT = "post_left"
    KEY_LOST = "key_lost"
    OFFICE_CLOSED = "office_closed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in points from the page's lower left corner; pages are counted from 0."""

    page: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Width in points."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height in points."""
        return self.top - self.bottom


def seal_box(signature: Box) -> Box:
    """Return where the seal stands: over the left third of the leader's signature (NĐ 30/2020, Phụ lục I)."""
    right = signature.left + signature.width / 3
    middle = (signature.bottom + signature.top) / 2
    half = SEAL_DIAMETER / 2
    return Box(signature.page, right - SEAL_DIAMETER, middle - half, right, middle + half)


def level(*, stamped: bool, has_revocation_data: bool, archived: bool) -> Level:
    """Return the highest level whose every condition, and every lower level's, is met."""
    if not stamped:
        return Level.B
    if not has_revocation_data:
        return Level.T
    return Level.LTA if archived else Level.LT


@dataclass(frozen=True)
class Gap:
    """What the hole for a signature in a PDF holds: ``<``, hexadecimal digits of ``used`` bytes, zeros, ``>``."""

    content: bytes
    used: int

    def is_canonical(self) -> bool:
        """Say whether no byte of the hole could have been changed without being seen.

        Signatures do not cover the hole they stand in, and upper and lower case read alike: one case only,
        and nothing but zeros after the signature.
        """
        digits = self.content[1:-1]
        if self.content[:1] != b"<" or self.content[-1:] != b">":
            return False
        if digits != digits.lower() and digits != digits.upper():
            return False
        return not digits[self.used * 2 :].strip(b"0")


class Trouble(StrEnum):
    """Why a file, or one signature in it, does not prove what it should."""

    NOT_A_PDF = "not_a_pdf"
    LOCKED = "locked"
    BROKEN = "broken"
    UNSIGNED = "unsigned"
    TAMPERED = "tampered"
    CHANGED_AFTER = "changed_after"
    UNKNOWN_AUTHORITY = "unknown_authority"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REVOCATION_UNKNOWN = "revocation_unknown"
    STAMP_BROKEN = "stamp_broken"
    NOT_TRUSTED = "not_trusted"


def is_seal(subject: dict[str, object]) -> bool:
    """Say whether a certificate's name speaks for an office: ETSI EN 319 412-3, or its own name is the office's."""
    if "organization_identifier" in subject:
        return True
    named = subject.get("common_name")
    return named is not None and named == subject.get("organization_name")
