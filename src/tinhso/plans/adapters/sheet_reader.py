"""The program that reads a stranger's spreadsheet: one file from the standard input, one answer of JSON, and it ends.

Run by ``adapters/sheets.py``. It has no network and may write no file, and dies at its limits of memory and time; it
knows neither Django nor any secret of the installation.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import io
import json
import re
import resource
import sys
import zipfile
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

_MEMORY: Final = 1024 * 1024 * 1024
_CPU_SECONDS: Final = 10
_NEW_USER_AND_NETWORK: Final = 0x10000000 | 0x40000000
_ZIP: Final = b"PK\x03\x04"
#: The start of an old Office file, and of a new one behind a password.
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PARTS: Final = 2_000


class Refused(Exception):
    """The file is not read: a reason of ``adapters/sheets.py``, with what was counted."""


def main() -> None:
    """Read the limits from the command line and the file from the standard input, and answer."""
    most_unpacked, most_rows, most_columns = (int(one) for one in sys.argv[1:4])
    confine()
    content = sys.stdin.buffer.read()
    try:
        answer: dict[str, Any] = {"rows": read(content, most_unpacked, most_rows, most_columns)}
    except Refused as refused:
        answer = {"refused": refused.args[0], "n": refused.args[1] if len(refused.args) > 1 else 0}
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, EOFError):
        answer = {"refused": "broken", "n": 0}
    sys.stdout.write(json.dumps(answer))


def confine() -> None:
    """Leave the network, where the machine lets an account do that, and take limits that cannot be raised again."""
    ctypes.CDLL(None).unshare(_NEW_USER_AND_NETWORK)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(content: bytes, most_unpacked: int, most_rows: int, most_columns: int) -> list[list[Any]]:
    """Return the rows of the first sheet that is shown and says something, from A1. Raises ``Refused``.

    A cell is null, a text, ``{"n": "12.5"}``, ``{"d": "2022-06-30"}``; ``{"e": "#REF!"}``: its formula failed.
    """
    if content.startswith(_ZIP):
        _check_parts(content, most_unpacked)
    elif not content.startswith(_COMPOUND):
        raise Refused("other")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        raise Refused("locked") from None
    for n, one in enumerate(book.sheets_metadata):
        if one.typ is not SheetTypeEnum.WorkSheet or one.visible is not SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_index(n)
        if sheet.end is not None:
            return _rows(sheet, _failed(content, one.name), most_rows, most_columns)
    raise Refused("empty")


def _check_parts(content: bytes, most_unpacked: int) -> None:
    """Refuse what would unpack into more than it may; sizes are counted while unpacking, whatever the file says."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        listed = parts.infolist()
        if len(listed) > _MOST_PARTS or sum(one.file_size for one in listed) > most_unpacked:
            raise Refused("unpacked")
        left = most_unpacked
        for one in listed:
            with parts.open(one) as part:
                while block := part.read(1024 * 1024):
                    left -= len(block)
                    if left < 0:
                        raise Refused("unpacked")


def _rows(
    sheet: CalamineSheet, failed: dict[tuple[int, int], str], most_rows: int, most_columns: int
) -> list[list[Any]]:
    last_row, last_column = sheet.end or (0, 0)
    if last_row >= most_rows:
        raise Refused("rows", last_row + 1)
    if last_column >= most_columns:
        raise Refused("columns", last_column + 1)
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), word in failed.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = {"e": word}
    return rows


def _cell(value: object) -> Any:
    if value == "" or value is None:
        return None
    if isinstance(value, bool):
        return "đúng" if value else "sai"
    if isinstance(value, int | float):
        return {"n": str(value) if isinstance(value, int) else f"{value:.15g}"}
    if isinstance(value, dt.datetime | dt.date):
        return {"d": f"{value:%Y-%m-%d}"}
    return str(value)


def _failed(content: bytes, name: str) -> dict[tuple[int, int], str]:
    """Return the cells of an XLSX whose formula failed: the reader of the cells gives them as empty."""
    if not content.startswith(_ZIP):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        path = _path_of(parts, name)
        text = parts.read(path).decode("utf-8", "replace") if path else ""
    found: dict[tuple[int, int], str] = {}
    for cell in re.finditer(r'<c\b([^>]*\bt="e"[^>]*)>(.*?)</c>', text):
        place = re.search(r'\br="([A-Z]{1,3})(\d{1,7})"', cell[1])
        word = re.search(r"<v>([^<]{1,20})</v>", cell[2])
        if place and word:
            column = 0
            for letter in place[1]:
                column = column * 26 + ord(letter) - ord("A") + 1
            found[int(place[2]) - 1, column - 1] = word[1]
    return found


def _path_of(parts: zipfile.ZipFile, name: str) -> str:
    """Return where the sheet of that place in the book lies in the file, blank where it is not said plainly."""
    held = set(parts.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= held:
        return ""
    book = parts.read("xl/workbook.xml").decode("utf-8", "replace")
    links = parts.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    for sheet in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        said, link = re.search(r'\bname="([^"]*)"', sheet), re.search(r':id="([^"]*)"', sheet)
        if said is None or link is None or _plain(said[1]) != name:
            continue
        for one in re.findall(r"<Relationship\b[^>]*>", links):
            if re.search(rf'\bId="{re.escape(link[1])}"', one):
                target = re.search(r'\bTarget="([^"]*)"', one)
                path = target[1] if target else ""
                path = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
                return path if path in held else ""
    return ""


def _plain(text: str) -> str:
    for word, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(word, sign)
    return text


if __name__ == "__main__":
    main()
