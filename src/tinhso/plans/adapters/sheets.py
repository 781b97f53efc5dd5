"""Read an uploaded spreadsheet by a confined child process, and write one that no program runs anything of."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as later
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tinhso.plans.adapters.office_text import written
from tinhso.plans.rules.sheet_cells import Cell

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_UNPACKED: Final = 60 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 40
#: Seconds that a file may take to be read.
PATIENCE: Final = 15
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A spreadsheet keeps so many digits of a number; a longer one is written as text, so that none is lost.
_DIGITS: Final = 15
#: A list of choices stands in a sheet of its own from here on: a cell's own list holds 255 letters.
_LONGEST_LIST: Final = 255
_FONT: Final = "Times New Roman"
_SENTENCES: Final[Mapping[str, Promise]] = {
    "large": later("Tệp nặng quá 5 MB. Bỏ hình ảnh và các trang tính không dùng, lưu lại rồi chọn lại."),
    "unpacked": later("Tệp mở ra quá lớn. Chép riêng bảng nhiệm vụ sang tệp Excel mới rồi chọn lại."),
    "rows": later(
        "Bảng có %(n)s dòng, nhiều nhất 20.000. Xóa các dòng trống ở cuối hoặc chia thành nhiều tệp."
    ),
    "columns": later("Bảng có %(n)s cột, nhiều nhất 40. Xóa các cột trống ở bên phải rồi chọn lại."),
    "empty": later("Tệp trống. Chọn tệp Excel có bảng nhiệm vụ."),
    "other": later("Đây không phải tệp Excel. Lưu thành .xlsx rồi chọn lại."),
    "locked": later("Tệp có mật khẩu nên không mở được. Bỏ mật khẩu rồi chọn lại."),
    "broken": later("Không đọc được tệp. Mở bằng Excel, lưu lại thành .xlsx rồi chọn lại."),
}


class SheetRefused(ValueError):
    """The file is not read; the sentence says how to mend it."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column to write: its head, its width in letters, ``kind`` text, number, money or date, and what may be chosen.

    ``money``: shown with as many decimals as it has, up to six.
    """

    title: str
    width: float = 16
    kind: str = "text"
    choices: Sequence[str] = field(default_factory=tuple)


def read_rows(content: bytes, name: str) -> list[list[Cell]]:
    """Return the rows of the first sheet that says something, from A1: XLSX, XLS or ODS, whatever ``name`` says.

    At most 5 MB, 60 MB unpacked, 20,000 rows, 40 columns, 15 seconds. Raises ``SheetRefused``.
    """
    if not content:
        raise SheetRefused(str(_SENTENCES["empty"]))
    if len(content) > MAX_BYTES:
        raise SheetRefused(str(_SENTENCES["large"]))
    answer = _asked(content)
    if "refused" in answer:
        raise SheetRefused(str(_SENTENCES[answer["refused"]]) % {"n": answer["n"]})
    return [[_cell(value) for value in row] for row in answer["rows"]]


def _asked(content: bytes) -> dict[str, Any]:
    """Return the answer of a child process of its own, or that the file could not be read where it died of it."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program, named here
            [
                *(sys.executable, "-m", "tinhso.plans.adapters.sheet_reader"),
                *(str(limit) for limit in (MAX_UNPACKED, MAX_ROWS, MAX_COLUMNS)),
            ],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            check=True,
            cwd="/",
            env={
                "PYTHONPATH": os.pathsep.join(part for part in sys.path if part),
                "LC_ALL": "C.UTF-8",
                "PATH": os.defpath,
            },
        )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return {"refused": "broken", "n": 0}
    return answer


def _cell(value: Any) -> Cell:
    match value:
        case {"n": str(number)}:
            return Decimal(number)
        case {"d": str(day)}:
            return dt.date.fromisoformat(day)
        case {"e": str(word)}:
            return word
    return value if value is None else str(value)


def write_rows(
    title: Sequence[str],
    columns: Sequence[SheetColumn],
    rows: Sequence[Sequence[Cell]],
    *,
    name: str = "Bảng",
    made_at: dt.datetime,
    notes: Sequence[str] = (),
    spare: int = 0,
) -> bytes:
    """Return an XLSX: title rows, a head that stays in sight, the rows, notes on a sheet of their own. Equal in, equal out.

    Text is written as text, never as a formula; days as days; numbers as numbers up to 15 digits. ``spare``: so many
    rows below have the lists of choices too.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties(
        {"title": written(title[0]) if title else name, "created": made_at.replace(tzinfo=None)}
    )
    sheet = book.add_worksheet(name[:31])
    looks = _looks(book)
    for n, line in enumerate(title):
        sheet.write_string(n, 0, written(line), looks["title" if n == 0 else "line"])
    head = len(title) + (1 if title else 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(head, place, written(column.title), looks["head"])
    sheet.set_row(head, 32)
    sheet.freeze_panes(head + 1, 0)
    sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for n, row in enumerate(rows, head + 1):
        for place, (cell, column) in enumerate(zip(row, columns, strict=True)):
            has_parts = column.kind == "money" and isinstance(cell, Decimal) and cell % 1 != 0
            _write(sheet, n, place, cell, looks["parts" if has_parts else column.kind])
    _offer(book, sheet, columns, head + 1, head + len(rows) + spare)
    if notes:
        guide = book.add_worksheet("Cách ghi")
        guide.set_column(0, 0, 100)
        for n, note in enumerate(notes):
            guide.write_string(n, 0, written(note), looks["note"])
    book.close()
    return out.getvalue()


def _looks(book: xlsxwriter.Workbook) -> dict[str, Format]:
    plain: dict[str, Any] = {"font_name": _FONT, "font_size": 12, "valign": "top"}
    cell = {**plain, "border": 1, "text_wrap": True}
    return {
        "title": book.add_format({**plain, "bold": True, "font_size": 14}),
        "note": book.add_format({**plain, "text_wrap": True}),
        "line": book.add_format({**plain, "italic": True}),
        "head": book.add_format(
            {**cell, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EEF5"}
        ),
        "text": book.add_format({**cell, "num_format": "@"}),
        "number": book.add_format({**cell, "num_format": "0"}),
        "money": book.add_format({**cell, "num_format": "#,##0"}),
        "parts": book.add_format({**cell, "num_format": "#,##0.0#####"}),
        "date": book.add_format({**cell, "num_format": "dd/mm/yyyy", "align": "center"}),
    }


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, look: Format) -> None:
    if cell is None or cell == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(cell, Decimal):
        if len(cell.normalize().as_tuple().digits) > _DIGITS:
            sheet.write_string(row, column, format(cell, "f").replace(".", ","), look)
        else:
            sheet.write_number(row, column, float(cell), look)
    elif isinstance(cell, dt.date):
        sheet.write_datetime(row, column, dt.datetime(cell.year, cell.month, cell.day), look)  # noqa: DTZ001 - a day
    else:
        sheet.write_string(row, column, written(cell), look)


def _offer(
    book: xlsxwriter.Workbook, sheet: Worksheet, columns: Sequence[SheetColumn], first: int, last: int
) -> None:
    """Let a cell be chosen from its column's list."""
    lists: Worksheet | None = None
    for place, column in enumerate(columns):
        if not column.choices or last < first:
            continue
        source: list[str] | str = list(column.choices)
        if len(",".join(column.choices)) > _LONGEST_LIST or any("," in one for one in column.choices):
            if lists is None:
                lists = book.add_worksheet("Danh sách")
                lists.hide()
            for n, choice in enumerate(column.choices):
                lists.write_string(n, place, written(choice))
            letter = chr(ord("A") + place)
            source = f"='Danh sách'!${letter}$1:${letter}${len(column.choices)}"
        sheet.data_validation(
            first,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": source,
                "error_title": "Chọn trong danh sách",
                "error_message": "Chọn một mục trong danh sách của ô.",
                "ignore_blank": True,
            },
        )
