"""Keep published sheets as they were read from a file: once for each different content, and account for every line."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from tinhso.catalogue.adapters.sheets.kept import READ_LABELS, as_json, from_json
from tinhso.catalogue.adapters.sheets.portal import LABELS
from tinhso.catalogue.adapters.sheets.records import WHERE, Record, read_record, records
from tinhso.catalogue.adapters.sheets.shape import Flag, ReadSheet
from tinhso.catalogue.events import SheetsImported
from tinhso.catalogue.models import SheetRecord
from tinhso.catalogue.queries.imports import ABOUT
from tinhso.journal.api import HasRef, announce

__all__ = ["Accounted", "ImportRunning", "Imported", "as_json", "import_records", "read_of"]

_BATCH: Final = 200
_MOST_BYTES: Final = 4 * 1024 * 1024
#: Two imports at once would each take the first content of a code.
_LOCK: Final = 0x5368_6565


class ImportRunning(Exception):
    """Say in a Vietnamese sentence that another import is under way."""


@dataclass(frozen=True, slots=True)
class Accounted:
    """A line of the file that a person should know of: a variant, one not taken, or one whose text was mended."""

    line: int
    code: str
    outcome: str
    reason: str = ""
    differs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Imported:
    """The account of a file: ``read == imported + variants + repeats + listed``.

    ``changed``: rows written. ``flags``: what of the new rows a person must look at, by part.
    """

    read: int = 0
    imported: int = 0
    variants: int = 0
    repeats: int = 0
    listed: int = 0
    changed: int = 0
    flags: Counter[str] = field(default_factory=Counter)
    records: list[Accounted] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Prints:
    """Short prints of the first content of a code, field by field: enough to name what differs."""

    shape: str
    raw: dict[str, bytes]
    read: dict[str, bytes]


def read_of(record: SheetRecord) -> ReadSheet:
    """Return the structure of a kept sheet. Only for those imported or variant: what was listed has none."""
    return from_json(record.read, record.flags)


def import_records(path: Path, *, by: HasRef, at: dt.datetime) -> Imported:
    """Read a file of either published shape and keep what is new; the second run changes nothing.

    A sheet is *imported* when its code is new, a *variant* when the code is known with other content, a *repeat* when
    the content is known, and *listed* with a reason when it cannot be taken. Rows are written a few hundred at a time:
    an import that was stopped is finished by the next one, and only a finished one is told to the journal. Raises
    ImportRunning, and OSError where the file cannot be opened.
    """
    with _alone():
        return _Import(path.name[:250], by, at).run(path)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of the import for as long as the file is read; no transaction stays open meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise ImportRunning("Đang có một lần nhập khác. Đợi xong rồi nhập lại.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


class _Import:
    def __init__(self, source: str, by: HasRef, at: dt.datetime) -> None:
        self.source = source
        self.by = by
        self.at = at
        self.account = Imported()
        self.known = set(SheetRecord.objects.values_list("content_hash", flat=True).iterator())
        self.codes = set(
            SheetRecord.objects.filter(outcome="imported").values_list("code", flat=True).iterator()
        )
        self.rows: list[SheetRecord] = []
        self.bytes = 0

    def run(self, path: Path) -> Imported:
        for record in records(path):
            self.account.read += 1
            if record.reason:
                self._listed(record)
            elif record.content_hash in self.known:
                self.account.repeats += 1
                self._told(record, "repeat")
            else:
                self._kept(record)
        with transaction.atomic():
            self._write()
            announce(self._run(), about=ABOUT, by=self.by, at=self.at)
        return self.account

    def _run(self) -> SheetsImported:
        n = self.account
        return SheetsImported(self.source, n.read, n.imported, n.variants, n.repeats, n.listed, n.changed)

    def _listed(self, record: Record) -> None:
        self.account.listed += 1
        self.account.records.append(Accounted(record.line, record.code, "listed", record.reason))
        if record.content_hash not in self.known:
            self._add(record, "listed", reason=record.reason)

    def _kept(self, record: Record) -> None:
        sheet = read_record(record)
        read = as_json(sheet)
        differs: list[str] = []
        if record.code in self.codes:
            outcome = "variant"
            self.account.variants += 1
            differs = _differing(self._first(record.code), _prints(record.shape, record.raw, read))
        else:
            outcome = "imported"
            self.account.imported += 1
            self.codes.add(record.code)
        self.account.flags.update(flag.part for flag in sheet.flags)
        self._told(record, outcome, differs)
        self._add(record, outcome, read=read, flags=sheet.flags, differs=differs)

    def _told(self, record: Record, outcome: str, differs: list[str] | None = None) -> None:
        if record.notes or outcome == "variant":
            notes = tuple(f"{note.why} ({note.text[:200]})" for note in record.notes)
            self.account.records.append(
                Accounted(record.line, record.code, outcome, differs=tuple(differs or ()), notes=notes)
            )

    def _first(self, code: str) -> _Prints:
        """Return the prints of the first content of a code; it may still wait to be written."""
        row = next((row for row in self.rows if row.code == code and row.outcome == "imported"), None)
        row = row or SheetRecord.objects.get(code=code, outcome="imported")
        return _prints(row.shape, row.raw, row.read)

    def _add(
        self,
        record: Record,
        outcome: str,
        *,
        reason: str = "",
        read: dict[str, Any] | None = None,
        flags: tuple[Flag, ...] = (),
        differs: list[str] | None = None,
    ) -> None:
        self.known.add(record.content_hash)
        self.account.changed += 1
        self.rows.append(
            SheetRecord(
                code=record.code,
                name=record.name[:1_000],
                field_name=str((read or {}).get("field_name", ""))[:200],
                shape=record.shape,
                source=self.source,
                line=record.line,
                outcome=outcome,
                reason=reason[:500],
                content_hash=record.content_hash,
                raw=record.raw,
                read=read or {},
                flags=[{"part": flag.part, "why": flag.why, "text": flag.text} for flag in flags],
                differs=differs or [],
                imported_at=self.at,
            )
        )
        self.bytes += record.size
        if len(self.rows) >= _BATCH or self.bytes > _MOST_BYTES:
            self._write()

    def _write(self) -> None:
        with transaction.atomic():
            _insert(self.rows)
        self.rows, self.bytes = [], 0


def _insert(rows: list[SheetRecord]) -> None:
    """Write rows with parameters bound by the server: long texts are then not escaped one sign at a time."""
    fields = [column for column in SheetRecord._meta.concrete_fields if not column.primary_key]
    columns, places = (
        ", ".join(words) for words in ((f'"{f.column}"' for f in fields), ("%s" for _ in fields))
    )
    with connection.cursor(), psycopg.Cursor(connection.connection) as cursor:
        cursor.executemany(
            f'insert into "{SheetRecord._meta.db_table}" ({columns}) values ({places})',  # noqa: S608 - our own names
            [[_bound(getattr(row, f.attname)) for f in fields] for row in rows],
        )


def _bound(value: Any) -> Any:
    return Jsonb(value, dumps=_as_text) if isinstance(value, dict | list) else value


def _as_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _print(value: Any) -> bytes:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=8).digest()


def _prints(shape: str, raw: dict[str, Any], read: dict[str, Any]) -> _Prints:
    return _Prints(
        shape,
        {key: _print(value) for key, value in raw.items() if key not in WHERE},
        {key: _print(value) for key, value in read.items()},
    )


def _differing(first: _Prints, other: _Prints) -> list[str]:
    """Name what differs, in the words of the sheet; sheets of two shapes are compared by what was read from them."""
    if first.shape == other.shape:
        keys = dict.fromkeys((*first.raw, *other.raw))
        return [LABELS.get(key, key)[:120] for key in keys if first.raw.get(key) != other.raw.get(key)]
    return [label for key, label in READ_LABELS.items() if first.read.get(key) != other.read.get(key)]
