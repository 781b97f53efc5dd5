"""Read the CSV files of a province's folder, cell by cell; every fault is noted, none stops the reading."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from tinhso.config.province.tables import SHEETS, Column, Folder, Row, Sheet, Trouble, words
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import day_of

#: A cell that begins with one of these is reckoned out by a spreadsheet; an apostrophe before it keeps it a text.
UNSAFE: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_DELIMITERS: Final = ",;\t"
#: Signs of letters that were read in a wrong character set once and written again.
_BROKEN: Final = re.compile("\ufffd|á»|áº|Æ°|Ä‘|Ã[\u00a1-\u00bf]")
_AS_IN_EXCEL: Final = "Trong Excel, lưu lại kiểu “CSV UTF-8 (phân cách bằng dấu phẩy)”."
#: Kind of cell → how it must look, what is wrong otherwise, how it is written.
_SHAPES: Final[Mapping[str, tuple[str, str, str]]] = {
    "province_code": (r"H\d{2}", "không phải mã tỉnh.", "Viết như H40."),
    "office_code": (
        r"\d{3}\.\d{2,3}\.\d{2,3}\.[A-Z]\d{2}",
        "không phải mã cơ quan.",
        "Viết như 000.15.33.H40 (QCVN 102:2016/BTTTT).",
    ),
    "office_code_2020": (
        r"[A-Z]\d{2}(\.\d{1,3})*",
        "không phải mã cơ quan theo Quyết định 20/2020/QĐ-TTg.",
        "Viết như H40.15.",
    ),
    "digits": (r"[0-9]+", "không phải số.", "Chỉ viết chữ số, ví dụ 36."),
    "phone": (
        r"(?=(?:\D*\d){8,12}\D*$)(?:0|\+84|\(0|1[89])[0-9 .()-]+",
        "không phải số điện thoại.",
        "Viết như 0912345678. Excel hay làm mất số 0 ở đầu: định dạng cột là Văn bản (Text).",
    ),
    "office_phone": (
        r"(?=(?:\D*\d){8})(?:0|\+84|\(0|1[89]).*",
        "không phải số điện thoại.",
        "Viết như 0228 3849 225. Excel hay làm mất số 0 ở đầu: định dạng cột là Văn bản (Text).",
    ),
    "mail": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "không phải thư điện tử.", "Viết như ten@namdinh.gov.vn."),
    "account": (
        r"[a-z0-9][a-z0-9._-]{0,59}",
        "không dùng làm tài khoản được.",
        "Dùng chữ thường không dấu, chữ số, dấu chấm; dài nhất 60 ký tự.",
    ),
    "serial": (r"[0-9a-f]{1,40}", "không phải số hiệu chứng thư.", "Chép số hiệu, chữ thường, hệ 16."),
    "procedure": (
        r"\d\.\d{6}",
        "không phải mã thủ tục.",
        "Viết như 1.001193; định dạng cột là Văn bản (Text).",
    ),
    "pem": (r"[\w.-]+\.pem", "không phải tên tệp chứng thư.", "Để tệp .pem trong thư mục chung-thu."),
}


def read_folder(path: Path) -> Folder:
    """Return everything that could be read of a folder, with what could not."""
    folder = Folder(path)
    for sheet in SHEETS:
        file = path / sheet.file
        if file.is_file():
            _read(folder, sheet, file)
        elif sheet.required:
            folder.unread.add(sheet.file)
            _note(folder, sheet, 0, "", "Thiếu tệp này trong thư mục.", "Thêm tệp, ít nhất có dòng tên cột.")
    return folder


def _note(
    folder: Folder, sheet: Sheet, line: int, name: str, message: str, fix: str, value: str = ""
) -> None:
    folder.errors.append(Trouble(sheet.file, line, name, value, message, fix))


def _read(folder: Folder, sheet: Sheet, file: Path) -> None:
    text = _decoded(folder, sheet, file)
    if text is None:
        folder.unread.add(sheet.file)
        return
    head, *lines = re.split(r"\r\n|\r|\n", text)
    delimiter = max(_DELIMITERS, key=head.count)
    names = [visible(name).strip().lower() for name in _cells(head, delimiter) or []]
    if not any(names):
        folder.unread.add(sheet.file)
        _note(folder, sheet, 1, "", "Chưa có dòng tên cột.", "Ghi tên các cột ở dòng đầu của tệp.")
        return
    lacking = _check_head(folder, sheet, names)
    if not lacking.isdisjoint(sheet.key):
        folder.unread.add(sheet.file)
    rows = folder.rows.setdefault(sheet.file, [])
    blank: list[int] = []
    for line, said in enumerate(lines, 2):
        cells = _cells(said, delimiter)
        if cells is None:
            folder.loose.setdefault(sheet.file, set()).update(re.split(rf'[{delimiter}"]', said))
            fix = "Bỏ chỗ xuống dòng trong ô (Alt+Enter); dấu ngoặc kép trong ô thì gõ hai lần."
            _note(folder, sheet, line, "", "Dấu ngoặc kép trong dòng này không khép lại.", fix)
        elif not any(cell.strip() for cell in cells):
            blank.append(line)
        else:
            _row(folder, sheet, names, cells, line, rows, lacking)
    _warn_of_blank(folder, sheet, blank, rows)


def _cells(line: str, delimiter: str) -> list[str] | None:
    """Return the cells of one line; None where quotes are open, or stand inside a word."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _check_head(folder: Folder, sheet: Sheet, names: list[str]) -> frozenset[str]:
    """Note columns that lack, come twice or are not known; return those that lack and are required."""
    known = {column.name for column in sheet.columns}
    lacking = frozenset(
        column.name for column in sheet.columns if column.required and column.name not in names
    )
    for name in sorted(lacking):
        fix = f"Thêm cột {name} vào dòng đầu của tệp."
        _note(folder, sheet, 1, name, "Thiếu cột này.", fix)
    for name, times in Counter(names).items():
        if times > 1 and name:
            _note(folder, sheet, 1, name, f"Cột này có {times} lần.", "Chỉ để một cột.")
        if name and name not in known:
            said = Trouble(sheet.file, 1, name, "", "Cột lạ, không đọc.", "Bỏ cột này, hoặc sửa tên cột.")
            folder.warnings.append(said)
    return lacking


def _warn_of_blank(folder: Folder, sheet: Sheet, blank: list[int], rows: list[Row]) -> None:
    last = rows[-1].line if rows else 0
    for line in blank:
        if line < last:
            said = Trouble(sheet.file, line, "", "", "Dòng trống, bỏ qua.", "Xóa dòng này.")
            folder.warnings.append(said)


def _row(
    folder: Folder,
    sheet: Sheet,
    names: list[str],
    cells: list[str],
    line: int,
    rows: list[Row],
    lacking: frozenset[str],
) -> None:
    if len(cells) != len(names):
        folder.loose.setdefault(sheet.file, set()).update(cell.strip() for cell in cells)
        said = f"Dòng có {len(cells)} ô, dòng tên cột có {len(names)}."
        fix = "Ô nào có dấu phân cách thì đặt trong dấu ngoặc kép."
        _note(folder, sheet, line, "", said, fix)
        return
    if any(cell.strip() for name, cell in zip(names, cells, strict=True) if not name):
        _note(folder, sheet, line, "", "Có chữ ở cột không có tên.", "Ghi tên cột, hoặc xóa ô ấy.")
    typed = dict(zip(names, cells, strict=True))
    found: dict[str, Any] = {}
    bad = set(lacking)
    for column in sheet.columns:
        if column.name in lacking:
            continue
        text = tidy(visible(typed.get(column.name, "")))
        if text[:1] == "'" and text[1:].startswith(UNSAFE):
            text = text[1:]
        try:
            found[column.name] = _cell(column, text)
        except _Wrong as wrong:
            bad.add(column.name)
            _note(folder, sheet, line, column.name, wrong.message, wrong.fix, text[:80])
    rows.append(Row(line, found, frozenset(bad)))


class _Wrong(Exception):
    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message)
        self.message, self.fix = message, fix


def _cell(column: Column, text: str) -> Any:
    """Return a cell as a value, None where it is empty. Raises ``_Wrong``."""
    if not text:
        if column.required:
            raise _Wrong("Ô này trống.", "Điền vào; cột này bắt buộc.")
        return None
    if _BROKEN.search(text):
        raise _Wrong("có chữ bị hỏng vì sai bảng mã.", f"Gõ lại ô này. {_AS_IN_EXCEL}")
    if column.longest and len(text) > column.longest:
        raise _Wrong(f"dài {len(text)} chữ.", f"Viết gọn trong {column.longest} chữ.")
    if column.words:
        known = words(column.words)
        if text not in known:
            raise _Wrong("không có trong danh sách.", f"Dùng một trong: {', '.join(known)}.")
        return known[text]
    if column.kind in _SHAPES:
        shape, message, fix = _SHAPES[column.kind]
        if not re.fullmatch(shape, text, re.ASCII if column.kind != "mail" else 0):
            raise _Wrong(message, fix)
        return text
    return _PARSERS.get(column.kind, str)(text)


def _date(text: str) -> dt.date:
    day = day_of(text)
    if day is None:
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            raise _Wrong("không phải ngày.", "Viết như 01/07/2022 hoặc 2022-07-01.") from None
    if not dt.date(1900, 1, 1) <= day <= dt.date(2100, 1, 1):
        raise _Wrong("ở quá xa.", "Viết năm bằng 4 chữ số, từ 1900 đến 2100.")
    return day


def _moment(text: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise _Wrong("không phải ngày giờ.", "Viết như 2022-05-10T08:30:00+07:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=VN)


_PARSERS: Final[Mapping[str, Callable[[str], Any]]] = {"date": _date, "moment": _moment}


def _decoded(folder: Folder, sheet: Sheet, file: Path) -> str | None:
    """Return the text of a file, None where it is not UTF-8: then the first line that cannot be read is noted."""
    raw = file.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in raw:
        said = "Tệp ở bảng mã UTF-16 (“Unicode Text” của Excel)."
        _note(folder, sheet, 0, "", said, _AS_IN_EXCEL)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        said = "Tệp không phải bảng mã UTF-8; có lẽ là Windows-1258 hoặc TCVN3, chữ đầu tiên sai ở dòng này."
        _note(folder, sheet, line, "", said, _AS_IN_EXCEL)
        return None
