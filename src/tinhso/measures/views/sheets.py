"""A table of figures once, for the page and for its files: CSV, JSON and Parquet hold what the page shows."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import HttpResponse, JsonResponse

from tinhso.design.charts import figure
from tinhso.measures.adapters.parquet import parquet
from tinhso.toolkit import words
from tinhso.toolkit.spreadsheet import guarded


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files, its head on the page, its kind (``parquet.TYPES``) and its unit."""

    key: str
    head: str
    kind: str = "number"
    unit: str = ""

    def named(self, key: str) -> Column:
        """Return it under another name in files."""
        return replace(self, key=key)

    @property
    def is_number(self) -> bool:
        """Say whether its cells stand on the right."""
        return self.kind in ("number", "rate")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its value, or None with the words that stand in its place; where it leads; ``shown`` as a page writes it."""

    value: str | float | dt.date | None
    lack: str = ""
    url: str = ""
    shown: str = ""
    is_code: bool = False

    @property
    def text(self) -> str:
        """Return what the page shows."""
        if self.value is None:
            return self.lack
        if self.shown:
            return self.shown
        if isinstance(self.value, dt.date):
            return words.date_text(self.value)
        return self.value if isinstance(self.value, str) else figure(self.value)


@dataclass(frozen=True, slots=True)
class Row:
    """A row, its first cell the head. ``is_here``: the one the page is about."""

    cells: tuple[Cell, ...]
    is_here: bool = False


@dataclass(slots=True)
class Sheet:
    """A table; ``foot`` is its last row, the whole. ``hides``: some cells stay away."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: list[Row]
    foot: Row | None = None
    hides: bool = False
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def every(self) -> list[Row]:
        """Return the rows and the whole."""
        return [*self.rows, self.foot] if self.foot else self.rows


#: What each kind of file is called and how a browser is told.
KINDS: Final = {
    "csv": ("CSV", "text/csv; charset=utf-8"),
    "json": ("JSON", "application/json"),
    "parquet": ("Parquet", "application/vnd.apache.parquet"),
}


def as_file(sheet: Sheet, kind: str, root: Mapping[str, Any]) -> HttpResponse:
    """Return a table as a file. ``root`` says what a reader needs to judge it; it stands in the JSON."""
    if kind == "json":
        response: HttpResponse = JsonResponse(
            {
                "title": sheet.title,
                **root,
                "columns": [{"key": one.key, "head": one.head, "unit": one.unit} for one in sheet.columns],
                "rows": [_object(sheet, row) for row in sheet.rows],
                "whole": _object(sheet, sheet.foot) if sheet.foot else None,
            },
            json_dumps_params={"ensure_ascii": False},
        )
    elif kind == "parquet":
        response = HttpResponse(
            parquet(
                [(one.key, one.kind) for one in sheet.columns],
                [[cell.value for cell in row.cells] for row in sheet.rows],
            ),
            content_type=KINDS[kind][1],
        )
    else:
        response = HttpResponse(content_type=KINDS["csv"][1])
        write = csv.writer(response)
        write.writerow([one.key for one in sheet.columns])
        for row in sheet.rows:
            write.writerow([_plain(cell) for cell in row.cells])
    response["Content-Disposition"] = f'attachment; filename="so-lieu-{sheet.key}.{kind}"'
    return response


def _plain(cell: Cell) -> str:
    """Write a cell of a CSV: numbers with a point, days as 2022-05-10, the words where there is no number."""
    if cell.value is None:
        return str(guarded(cell.lack))
    return cell.value.isoformat() if isinstance(cell.value, dt.date) else str(guarded(str(cell.value)))


def _object(sheet: Sheet, row: Row) -> dict[str, Any]:
    """Return a row of the JSON; a number that is not there is null, and why."""
    found: dict[str, Any] = {}
    for column, cell in zip(sheet.columns, row.cells, strict=True):
        found[column.key] = cell.value.isoformat() if isinstance(cell.value, dt.date) else cell.value
        if cell.value is None and cell.lack:
            found[f"{column.key}_vi_sao"] = cell.lack
    return found
