"""What importing a table of criteria would do, line by line, before it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from tinhso.directory.api import Office
from tinhso.measures.models import DtiCriterion, DtiPeriod
from tinhso.measures.queries.dti import Line, board_of
from tinhso.measures.rules.dti_sheet import Row, read_sheet
from tinhso.toolkit.text import fold


@dataclass(frozen=True, slots=True)
class Planned:
    """One line and what would be done: the criterion is new or mended, its score or its assignment is replaced.

    ``line`` None: the criterion is not there yet. ``office_id`` None: nobody, or a problem.
    """

    row: Row
    line: Line | None
    office_id: int | None
    is_new: bool
    is_mended: bool
    is_scored: bool
    is_assigned: bool

    @property
    def is_unchanged(self) -> bool:
        """Say whether nothing would be done for a good line."""
        return self.row.is_good and not (self.is_new or self.is_mended or self.is_scored or self.is_assigned)


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """Every line of the table. ``seen`` is a hash of the table and of all that it would replace."""

    lines: tuple[Planned, ...]
    seen: str

    @property
    def good(self) -> tuple[Planned, ...]:
        """Return the lines that change something."""
        return tuple(one for one in self.lines if one.row.is_good and not one.is_unchanged)

    @property
    def bad(self) -> tuple[Planned, ...]:
        """Return the lines that cannot be taken."""
        return tuple(one for one in self.lines if not one.row.is_good)


def import_plan(period: DtiPeriod, text: str, on: dt.date) -> ImportPlan:
    """Return what importing a table into a period would do. Raises ``SheetUnreadable``."""
    board = board_of(period)
    offices = _offices(on)
    held = {line.criterion.code: line for line in board.lines}
    scored = set(
        DtiCriterion.objects.filter(version=period.version, assessments__isnull=False).values_list(
            "code", flat=True
        )
    )
    lines = tuple(
        _planned(row, held.get(row.code), offices, is_kept=row.code in scored)
        for row in read_sheet(text, board.version, offices)
    )
    return ImportPlan(lines, _hash(text, board.lines))


def _planned(row: Row, line: Line | None, offices: dict[str, int], *, is_kept: bool) -> Planned:
    office = offices.get(row.office)
    if line is None:
        is_assigned = bool(row.office or row.deadline or row.status or row.note)
        return Planned(row, None, office, True, False, row.score is not None, is_assigned)
    one = line.criterion
    is_mended = (one.name, one.group, one.max_score) != (row.name, row.group, row.maximum)
    if is_mended and is_kept and row.is_good:
        words = (
            f"Mã: {one.code} đã có điểm, tên, nhóm và điểm tối đa giữ nguyên “{one.name}”, {one.max_score:f}."
        )
        row = replace(row, problems=(*row.problems, words))
    papers = tuple((paper.number, paper.date, paper.content) for paper in line.evidence)
    said = tuple((paper.number, paper.date, paper.content) for paper in row.evidence)
    is_scored = row.score is not None and (row.score != line.self_score or (bool(said) and said != papers))
    was = line.assignment
    held = (was.office_id, was.deadline, was.status, was.note) if was else (None, None, line.status.value, "")
    wanted = (
        office or held[0],
        row.deadline or held[1],
        row.status.value if row.status else held[2],
        row.note or held[3],
    )
    return Planned(row, line, wanted[0], False, is_mended, is_scored, wanted != held)


def _offices(on: dt.date) -> dict[str, int]:
    """Return the offices of a day by the folded forms of their names; what two share names nobody."""
    found: dict[str, set[int]] = {}
    for pk, name, short in Office.objects.on(on).values_list("pk", "name", "short_name"):
        for form in {fold(name), fold(short)}:
            found.setdefault(form, set()).add(pk)
    return {form: next(iter(keys)) for form, keys in found.items() if len(keys) == 1}


def _hash(text: str, lines: Sequence[Line]) -> str:
    held = (
        f"{one.criterion.pk}:{one.assessment.pk if one.assessment else 0}:"
        f"{one.assignment.pk if one.assignment else 0}"
        for one in lines
    )
    return sha256("\n".join((text, *held)).encode()).hexdigest()
