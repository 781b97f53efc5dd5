"""Write what the system holds as a province's folder, which goes in again unchanged."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tinhso.config.province.holding import Cells, held_rows
from tinhso.config.province.reading import UNSAFE
from tinhso.config.province.tables import CERTIFICATES, SHEETS, Column, Sheet, written


class FolderNotEmpty(Exception):
    """Files that stand there would be overwritten."""


def export_province(path: Path) -> dict[str, int]:
    """Write every file, and the certificates in ``chung-thu``; return rows by file.

    The files hold personal data: only this account may read them. Raises ``FolderNotEmpty``, OSError.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(path.iterdir()):
        raise FolderNotEmpty(str(path))
    counts = {}
    there = held_rows()
    for sheet in SHEETS:
        rows = list(there[sheet.file].values())
        _write(path / sheet.file, csv_of(sheet, rows).encode("utf-8-sig"))
        counts[sheet.file] = len(rows)
    if certificates := there[CERTIFICATES.file]:
        (path / "chung-thu").mkdir(mode=0o700)
        for row in certificates.values():
            _write(path / "chung-thu" / row["tep"], row["pem"].encode("ascii"))
    return counts


def csv_of(sheet: Sheet, rows: list[Cells] | list[Mapping[str, Any]]) -> str:
    """Return the text of a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(column.name for column in sheet.columns)
    writer.writerows([_cell(column, row.get(column.name)) for column in sheet.columns] for row in rows)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _cell(column: Column, value: Any) -> str:
    """Return a cell; one that a spreadsheet would reckon out gets an apostrophe, which reading takes off again."""
    if value is None or value == "":
        return ""
    if column.words:
        return written(column.words)[str(value)]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    text = f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)
    return f"'{text}" if text.startswith(UNSAFE) else text
