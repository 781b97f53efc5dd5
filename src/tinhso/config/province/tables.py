"""The files of a province's folder: their columns, and what may stand in them. Docs: reference/province-folder.md."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what its cells are, how long they may be. ``words`` names a list of ``words.json``."""

    name: str
    kind: str = "text"
    required: bool = False
    longest: int = 0
    words: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of the folder. ``key``: the columns that tell its rows apart."""

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = True


OFFICES: Final = Sheet(
    "co-quan.csv",
    (
        Column("ma", "office_code", required=True),
        Column("ma_2020", "office_code_2020", required=True, longest=35),
        Column("ten", required=True, longest=200),
        Column("ten_ngan", required=True, longest=120),
        Column("loai", required=True, words="kinds"),
        Column("ma_cap_tren", "office_code"),
        Column("ma_dia_ban", "digits", longest=10),
        Column("dien_thoai", "phone", longest=30),
        Column("dia_chi", longest=250),
        Column("dia_danh", required=True, longest=100),
        Column("tu_ngay", "date", required=True),
        Column("den_ngay", "date"),
    ),
    ("ma", "tu_ngay"),
)
SUCCESSIONS: Final = Sheet(
    "ke-tuc.csv",
    (
        Column("ma_cu", "office_code", required=True),
        Column("ma_moi", "office_code", required=True),
        Column("ngay", "date", required=True),
        Column("quyet_dinh", required=True, longest=120),
    ),
    ("ma_cu", "ma_moi"),
    required=False,
)
OFFICERS: Final = Sheet(
    "can-bo.csv",
    (
        Column("tai_khoan", "account", required=True, longest=60),
        Column("ho_ten", required=True, longest=150),
        Column("ngay_sinh", "date"),
        Column("dien_thoai", "phone", longest=15),
        Column("thu_dien_tu", "mail", longest=150),
        Column("ma_co_quan", "office_code", required=True),
        Column("vai_tro", required=True, words="roles"),
        Column("chuc_danh", required=True, longest=120),
        Column("tu_ngay", "date", required=True),
        Column("den_ngay", "date"),
    ),
    ("tai_khoan", "ma_co_quan", "vai_tro", "tu_ngay"),
)
CALENDAR: Final = Sheet(
    "lich.csv",
    (
        Column("ngay", "date", required=True),
        Column("loai", required=True, words="days"),
        Column("nguon", required=True, longest=200),
        Column("do_chac", required=True, words="sureness"),
    ),
    ("ngay",),
)
CERTIFICATES: Final = Sheet(
    "chung-thu.csv",
    (
        Column("so_hieu", "serial", required=True, longest=40),
        Column("loai", required=True, words="certificates"),
        Column("tai_khoan", "account", longest=60),
        Column("ma_co_quan", "office_code", required=True),
        Column("chuc_danh", longest=120),
        Column("tep", "pem", required=True),
        Column("thu_hoi_luc", "moment"),
        Column("ly_do_thu_hoi", words="revocations"),
    ),
    ("so_hieu",),
    required=False,
)
PROCEDURES: Final = Sheet(
    "thu-tuc.csv", (Column("ma", "procedure", required=True), Column("ten", longest=1000)), ("ma",)
)
SHEETS: Final = (OFFICES, SUCCESSIONS, OFFICERS, CALENDAR, CERTIFICATES, PROCEDURES)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was read: its line in the file (the head is line 1) and its cells, parsed; absent cells are None."""

    line: int
    cells: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.cells.get(name)

    def key(self, sheet: Sheet) -> tuple[Any, ...]:
        """Return what tells this row from the others of its sheet."""
        return tuple(self.cells.get(name) for name in sheet.key)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a cell, and what to do. ``line`` 0: the file as a whole."""

    file: str
    line: int
    field: str
    value: str
    message: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.file}, dòng {self.line}" if self.line else self.file
        what = f", cột {self.field}" if self.field else ""
        shown = f" “{self.value}”" if self.value else ""
        return f"{where}{what}:{shown} {self.message} {self.fix}".replace(":  ", ": ")


@dataclass(slots=True)
class Folder:
    """A folder as it was read: rows by file, and the troubles found so far."""

    path: Path
    rows: dict[str, list[Row]] = field(default_factory=dict)
    errors: list[Trouble] = field(default_factory=list)
    warnings: list[Trouble] = field(default_factory=list)

    def of(self, sheet: Sheet) -> list[Row]:
        """Return the rows of a file whose cells could all be read."""
        return self.rows.get(sheet.file, [])

    def refuse(self, sheet: Sheet, row: Row, name: str, message: str, fix: str) -> None:
        """Note that a cell cannot stand."""
        value = row.cells.get(name)
        self.errors.append(Trouble(sheet.file, row.line, name, shown(value), message, fix))

    def warn(self, sheet: Sheet, row: Row, name: str, message: str, fix: str) -> None:
        """Note that a cell looks wrong; it is taken as it stands."""
        value = row.cells.get(name)
        self.warnings.append(Trouble(sheet.file, row.line, name, shown(value), message, fix))


def shown(value: Any) -> str:
    """Return a parsed cell as people write it."""
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)


@cache
def words(name: str) -> dict[str, str]:
    """Return a list of words: as files write them → as the software does."""
    path = Path(__file__).with_name("words.json")
    found: dict[str, str] = json.loads(path.read_text("utf-8"))[name]
    return found


@cache
def written(name: str) -> dict[str, str]:
    """Return a list of words the other way round."""
    return {code: word for word, code in words(name).items()}
