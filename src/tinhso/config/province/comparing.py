"""Compare a province's folder with what the system holds: what is new, what differs, what only the system has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tinhso.config.province.holding import Cells, Held
from tinhso.config.province.tables import (
    OFFICERS,
    PERSON,
    PROVINCE,
    SHEETS,
    Folder,
    Row,
    Sheet,
    shown,
    written,
)

#: States of an account, from open to closed: a folder may only go on in this order.
STATES: tuple[str | None, ...] = (None, "locked", "closed")


@dataclass(frozen=True, slots=True)
class Difference:
    """A row of the folder that the system has not, or has with other words.

    ``before`` None: the row is new. ``changed``: the columns that differ; of a new post of a known officer those that
    tell of the person.
    """

    sheet: Sheet
    row: Row
    before: Mapping[str, Any] | None
    changed: Mapping[str, tuple[str, str]]

    @property
    def key(self) -> str:
        """Return what tells the row from the others, in words."""
        return key_text(self.sheet, self.row.key(self.sheet))

    def told(self) -> dict[str, Any]:
        """Return the difference as the commands print it."""
        return {
            "file": self.sheet.file,
            "line": self.row.line,
            "key": self.key,
            "what": "add" if self.before is None else "change",
            "fields": {name: {"from": old, "to": new} for name, (old, new) in self.changed.items()},
        }


@dataclass(slots=True)
class Comparison:
    """All differences, and by file the keys that only the system has: those stay."""

    differences: list[Difference] = field(default_factory=list)
    only_here: dict[str, list[str]] = field(default_factory=dict)

    def of(self, sheet: Sheet) -> list[Difference]:
        """Return the differences of a file."""
        return [one for one in self.differences if one.sheet is sheet]

    def told(self) -> list[dict[str, Any]]:
        """Return the differences as the commands print them."""
        return [one.told() for one in self.differences]


def compare(folder: Folder, there: Held) -> Comparison:
    """Return what taking the folder in would change; the folder has no errors.

    A sheet that does not lie in the folder is left out: nothing is said about it.
    """
    found = Comparison()
    for sheet in SHEETS:
        if sheet is PROVINCE or sheet.file not in folder.rows:
            continue
        here = there[sheet.file]
        known = _people(here) if sheet is OFFICERS else {}
        rows = {row.key(sheet): row for row in folder.of(sheet)}
        for key, row in rows.items():
            before = here.get(key)
            changed = dict(_changed(sheet, row, before or known.get(row["tai_khoan"])))
            if before is None or changed:
                found.differences.append(Difference(sheet, row, before, changed))
        lacking = [key_text(sheet, key) for key in here if key not in rows]
        if lacking:
            found.only_here[sheet.file] = lacking
    return found


def key_text(sheet: Sheet, key: tuple[Any, ...]) -> str:
    """Return a key as people read it."""
    kinds = {column.name: column.words for column in sheet.columns}
    return " ".join(_said(kinds[name], value) for name, value in zip(sheet.key, key, strict=True))


def _people(here: Mapping[Any, Cells]) -> dict[str, Cells]:
    return {row["tai_khoan"]: {name: row[name] for name in PERSON} for row in here.values()}


def _changed(
    sheet: Sheet, row: Row, before: Mapping[str, Any] | None
) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the columns that differ, each with how it was and how it becomes."""
    for column in sheet.columns:
        name = column.name
        if before is None or name not in before or not column.is_compared or row[name] == before[name]:
            continue
        if sheet is OFFICERS and name == "tinh_trang" and not _goes_on(before[name], row[name]):
            continue
        yield name, (_said(column.words, before[name]), _said(column.words, row[name]))


def _goes_on(before: str | None, after: str | None) -> bool:
    return STATES.index(after) > STATES.index(before)


def _said(words: str, value: Any) -> str:
    return written(words).get(value, "") if words and value else shown(value)
