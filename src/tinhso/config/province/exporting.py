"""Write what the system holds as a province's folder, which goes in again unchanged."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

from tinhso.config.province.comparing import held
from tinhso.config.province.tables import CERTIFICATES, SHEETS, Column, written

_UNSAFE = ("=", "+", "-", "@", "\t", "\r")


class FolderNotEmpty(Exception):
    """Files that stand there would be overwritten."""


def export_province(path: Path) -> dict[str, int]:
    """Write every file, and the certificates in ``chung-thu``; return rows by file. Raises ``FolderNotEmpty``, OSError."""
    path.mkdir(parents=True, exist_ok=True)
    if any(path.iterdir()):
        raise FolderNotEmpty(str(path))
    counts = {}
    for sheet in SHEETS:
        rows = list(held(sheet).values())
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(column.name for column in sheet.columns)
        writer.writerows([_cell(column, row.get(column.name)) for column in sheet.columns] for row in rows)
        (path / sheet.file).write_text(out.getvalue(), encoding="utf-8-sig", newline="")
        counts[sheet.file] = len(rows)
        if sheet is CERTIFICATES and rows:
            (path / "chung-thu").mkdir()
            for row in rows:
                (path / "chung-thu" / row["tep"]).write_text(row["pem"], encoding="ascii", newline="")
    return counts


def _cell(column: Column, value: Any) -> str:
    """Return a cell; one that a spreadsheet would reckon out gets an apostrophe, which reading takes off again."""
    if value is None or value == "":
        return ""
    if column.words:
        return written(column.words)[str(value)]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    text = f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value)
    return f"'{text}" if text.startswith(_UNSAFE) else text
