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
