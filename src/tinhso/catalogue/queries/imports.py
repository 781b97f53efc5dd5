"""What the office reads of imported sheets: what is kept, by which runs, and what a person must look at."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tinhso.catalogue.models import Procedure, SheetRecord
from tinhso.catalogue.permissions import RECORDS, MayRecord
from tinhso.catalogue.queries.level_worklist import used
from tinhso.catalogue.queries.office import names_of
from tinhso.directory.api import Actor
from tinhso.journal.api import history

#: What the journal's entries of imports are about.
ABOUT: Final = "sheet-import"
_RUNS: Final = 10
OUTCOME_WORDS: Final = {"imported": "Nhập mới", "variant": "Bản khác", "listed": "Không nhận được"}
#: What a flag is about, as officials call it.
PART_WORDS: Final = {
    "fees": "Phí, lệ phí",
    "papers": "Giấy tờ",
    "terms": "Thời hạn",
    "channels": "Cách nộp",
    "cases": "Trường hợp",
    "legal": "Căn cứ pháp lý",
    "levels": "Cấp thực hiện",
    "audience": "Đối tượng",
    "results": "Kết quả",
    "name": "Tên thủ tục",
    "formula": "Tên giống công thức",
    "text": "Chữ viết",
}
NEEDS_A_PERSON: Final = ~Q(flags=[]) | Q(outcome__in=("variant", "listed"))


@dataclass(frozen=True, slots=True)
class Kept:
    """What the catalogue keeps of all imports: sheets by outcome, and how many a person must look at or has seen.

    ``parts``: (key, words, sheets not seen yet) for each kind of flag.
    """

    whole: int
    outcomes: tuple[tuple[str, int], ...]
    waiting: int
    seen: int
    clean: int
    parts: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Run:
    """One finished import: ``read == imported + variants + repeats + listed``; ``changed`` sheets were written."""

    at: dt.datetime
    name: str
    source: str
    read: int
    imported: int
    variants: int
    repeats: int
    listed: int
    changed: int


@dataclass(frozen=True, slots=True)
class WantedRecords:
    """The filters of the list; blank is all. ``seen`` "roi": those already seen, else those still to look at."""

    part: str = ""
    outcome: str = ""
    field: str = ""
    seen: str = ""


def kept(by: Actor) -> Kept:
    """Count the kept sheets."""
    rows = RECORDS.rows(by, MayRecord.READ)
    outcomes = Counter(rows.values_list("outcome", flat=True))
    needing = rows.filter(NEEDS_A_PERSON)
    needed, seen = needing.count(), needing.filter(seen_at__isnull=False).count()
    parts = _parts()
    return Kept(
        outcomes.total(),
        tuple((words, outcomes[key]) for key, words in OUTCOME_WORDS.items()),
        needed - seen,
        seen,
        outcomes.total() - needed,
        tuple((key, words, parts[key]) for key, words in PART_WORDS.items() if parts[key]),
    )


def _parts() -> Counter[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select flag->>'part', count(distinct r.id) from catalogue_sheetrecord r,"
            " jsonb_array_elements(r.flags) flag where r.seen_at is null group by 1"
        )
        return Counter(dict(cursor.fetchall()))


def runs() -> list[Run]:
    """Return the last imports by the journal, the latest first."""
    records = history(ABOUT, limit=_RUNS)
    names = names_of({record.by for record in records})
    return [
        Run(at=record.at, name=names.get(record.by, _("Người quản trị máy chủ")), **record.data)
        for record in records
    ]


def _filtered(by: Actor, wanted: WantedRecords) -> QuerySet[SheetRecord]:
    rows = RECORDS.rows(by, MayRecord.READ).filter(NEEDS_A_PERSON, seen_at__isnull=wanted.seen != "roi")
    if wanted.part in PART_WORDS:
        rows = rows.filter(flags__contains=[{"part": wanted.part}])
    if wanted.outcome in OUTCOME_WORDS:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.field:
        rows = rows.filter(field_name=wanted.field)
    return rows


def to_look_at(by: Actor, wanted: WantedRecords, on: dt.date) -> list[tuple[int, int]]:
    """Return the numbers of the sheets that the filters leave, each with its dossiers of the year, the most used first."""
    filed = used(on)
    rows = sorted((-filed[code], code, pk) for pk, code in _filtered(by, wanted).values_list("pk", "code"))
    return [(pk, -n) for n, _code, pk in rows]


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One line of the list. ``whys``: what a person must look at, in words, each once."""

    record: SheetRecord
    outcome: str
    whys: tuple[str, ...]
    used: int


def lines_of(by: Actor, wanted: list[tuple[int, int]]) -> list[RecordLine]:
    """Return the lines of a page, in the order given."""
    rows = RECORDS.rows(by, MayRecord.READ).defer("raw", "read").in_bulk([pk for pk, _n in wanted])
    return [
        RecordLine(rows[pk], OUTCOME_WORDS[rows[pk].outcome], _whys(rows[pk]), n)
        for pk, n in wanted
        if pk in rows
    ]


def _whys(record: SheetRecord) -> tuple[str, ...]:
    order = {key: place for place, key in enumerate(PART_WORDS)}
    found = sorted(record.flags, key=lambda flag: order.get(flag["part"], len(order)))
    flags = dict.fromkeys(f"{PART_WORDS.get(flag['part'], _('Khác'))}: {flag['why']}" for flag in found)
    differs = _("Khác bản đầu ở: %(where)s") % {"where": ", ".join(record.differs)} if record.differs else ""
    return tuple(filter(None, (record.reason, differs, *flags)))


def field_names(by: Actor, wanted: WantedRecords) -> list[str]:
    """Return the fields of all sheets that a person must look at, by name."""
    rows = RECORDS.rows(by, MayRecord.READ).filter(NEEDS_A_PERSON).exclude(field_name="")
    return sorted(set(rows.values_list("field_name", flat=True)) | ({wanted.field} - {""}))


@dataclass(frozen=True, slots=True)
class OneRecord:
    """A kept sheet, the first content of its code where this is a variant, and whether the catalogue has the code."""

    record: SheetRecord
    outcome: str
    first: SheetRecord | None
    has_procedure: bool
    used: int
    following: int | None
    history: tuple[tuple[str, str, dt.datetime], ...]


def record_of(by: Actor, number: int, on: dt.date) -> OneRecord:
    """Return a kept sheet with what stands around it. Raises ``NotThere``."""
    record = RECORDS.look(by, MayRecord.READ, pk=number)
    same = RECORDS.rows(by, MayRecord.READ).filter(code=record.code, outcome="imported")
    first = same.first() if record.outcome == "variant" else None
    waiting = [pk for pk, _n in to_look_at(by, WantedRecords(), on)]
    place = waiting.index(number) + 1 if number in waiting else 0
    return OneRecord(
        record,
        OUTCOME_WORDS[record.outcome],
        first,
        Procedure.objects.filter(code=record.code).exists(),
        used(on)[record.code],
        waiting[place] if place < len(waiting) else None,
        _told(number),
    )


def _told(number: int) -> tuple[tuple[str, str, dt.datetime], ...]:
    words = {
        "catalogue.SheetRecordSeen": _("Đã xem"),
        "catalogue.SheetRecordUnseen": _("Đưa lại vào danh sách"),
    }
    records = history(f"sheet-record:{number}", limit=20)
    names = names_of({one.by for one in records})
    return tuple((words.get(one.event, ""), names.get(one.by, _("Hệ thống")), one.at) for one in records)
