"""Publish default sheets from imported records, so that every procedure of the province can be read and filed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from tinhso.catalogue.adapters.sheets.shape import ReadSheet
from tinhso.catalogue.models import Procedure, ProcedureVersion, SheetRecord
from tinhso.catalogue.services.default_sheet import OUR_LEVELS, Facts, default_sheet
from tinhso.catalogue.services.import_records import read_of
from tinhso.catalogue.services.load_catalogue import listed_facts
from tinhso.catalogue.services.publish import hash_of, problem_of, publish_all
from tinhso.directory.api import OfficeKind, offices
from tinhso.journal.api import HasRef
from tinhso.toolkit.text import fold

_BATCH: Final = 100
#: Who answers for a procedure of the province for which no department is known.
NOBODY_KNOWN: Final = "Văn phòng Ủy ban nhân dân tỉnh"


@dataclass(frozen=True, slots=True)
class Known:
    """What the province's list says: facts by code, and which department answers for a field."""

    by_code: dict[str, Facts]
    by_field: dict[str, str]


@dataclass(frozen=True, slots=True)
class Published:
    """How many default sheets were published, and which records could not be (code, where the sheet is wrong)."""

    published: int
    left: tuple[tuple[str, str], ...]


def publish_records(*, by: HasRef, at: dt.datetime) -> Published:
    """Publish a default sheet for each imported record whose procedure has none, or only a poorer default one.

    A procedure with a form of its own stays as officials made it. A second run publishes nothing. The version takes
    effect on the day of the import.
    """
    known, today = _known(), at.date()
    departments = {fold(office.name): office.name for office in offices(OfficeKind.DEPARTMENT, today)}
    own = set(Procedure.objects.filter(has_default_form=False).values_list("code", flat=True))
    latest: dict[str, tuple[dt.date, str]] = {}
    for code, starts, content in ProcedureVersion.objects.order_by("number").values_list(
        "procedure__code", "effective_from", "content_hash"
    ):
        latest[code] = (starts, content)
    published = 0
    sheets: list[dict[str, Any]] = []
    left = []
    for record in SheetRecord.objects.filter(outcome="imported").order_by("id").iterator(chunk_size=_BATCH):
        if record.code in own:
            continue
        starts, content = latest.get(record.code, (dt.date.min, ""))
        # As of the day on which the same text was published, if it was: then nothing is new.
        facts = facts_of_read(read_of(record), known, departments, starts=max(starts, dt.date(2021, 1, 1)))
        if hash_of(default_sheet(facts)) == content or starts >= today:
            continue
        sheet = default_sheet(facts_of_read(read_of(record), known, departments, starts=today))
        if problem := problem_of(sheet):
            left.append((record.code, problem))
            continue
        sheets.append(sheet)
        if len(sheets) == _BATCH:
            published += len(publish_all(sheets, by=by, at=at))
            sheets = []
    published += len(publish_all(sheets, by=by, at=at))
    return Published(published, tuple(left))


def _known() -> Known:
    by_code = {facts.code: facts for facts in listed_facts()}
    by_field: dict[str, Counter[str]] = {}
    for facts in by_code.values():
        by_field.setdefault(fold(facts.field), Counter())[facts.responsible] += 1
    return Known(by_code, {field: n.most_common(1)[0][0] for field, n in by_field.items()})


def facts_of_read(read: ReadSheet, known: Known, departments: dict[str, str], *, starts: dt.date) -> Facts:
    """Return the facts of a read sheet; of a listed procedure, level, offices and department stay those of the list."""
    listed = known.by_code.get(read.code)
    levels = listed.levels if listed else read.levels or ("other",)
    return Facts(
        code=read.code,
        name=read.name,
        field=read.field_name or (listed.field if listed else ""),
        responsible=listed.responsible if listed else _responsible(read, levels, known, departments),
        levels=levels,
        source="Bảng thủ tục đã nhập",
        effective_from=starts.isoformat(),
        is_illustrative=listed is not None,
        online_level=listed.online_level if listed else None,
        level_reason=listed.level_reason if listed else "",
        level_basis=listed.level_basis if listed else "",
        terms=read.terms,
        cases=read.cases,
        results=read.results,
        legal=read.legal,
        audience=read.audience,
        sequence=read.sequence,
        conditions=read.conditions,
        code_note=listed.code_note if listed else "",
        code_is_unverified=listed.code_is_unverified if listed else False,
        is_listed=listed is not None,
        is_project_06=listed.is_project_06 if listed else False,
    )


def _responsible(read: ReadSheet, levels: tuple[str, ...], known: Known, departments: dict[str, str]) -> str:
    """Return who answers: the named department, else that of the field, else the province's office."""
    if not set(levels) & set(OUR_LEVELS):
        return (read.executing_body or read.authority or "Cơ quan trung ương")[:200]
    named = fold(f"{read.executing_body} {read.authority}")
    for folded, name in departments.items():
        if folded in named:
            return name
    return known.by_field.get(fold(read.field_name), NOBODY_KNOWN)
