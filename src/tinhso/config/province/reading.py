"""Read the CSV files of a province's folder, cell by cell; every fault is noted, none stops the reading."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from tinhso.config.province.tables import SHEETS, Column, Folder, Row, Sheet, Trouble, words
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import day_of

_UNSAFE: Final = "=+-@\t\r"
#: Kind of cell → how it must look, what is wrong otherwise, how it is written.
_SHAPES: Final[Mapping[str, tuple[str, str, str]]] = {
    "office_code": (
        r"\d{3}\.\d{2}\.\d{2}\.H\d{2}",
        "không phải mã cơ quan.",
        "Viết như 000.15.33.H40 (QCVN 102:2016/BTTTT).",
    ),
    "office_code_2020": (
        r"H\d{2}(\.\d{1,3})*",
        "không phải mã cơ quan theo Quyết định 20/2020/QĐ-TTg.",
        "Viết như H40.15.",
    ),
    "digits": (r"\d+", "không phải số.", "Chỉ viết chữ số, ví dụ 36."),
    "phone": (r"0\d{9,10}", "không phải số điện thoại.", "Viết liền 10 hoặc 11 chữ số, bắt đầu bằng 0."),
    "mail": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "không phải thư điện tử.", "Viết như ten@namdinh.gov.vn."),
    "account": (
        r"[a-z0-9][a-z0-9._-]{1,59}",
        "không dùng làm tài khoản được.",
        "Dùng chữ thường không dấu, chữ số, dấu chấm; từ 2 đến 60 ký tự.",
    ),
    "serial": (r"[0-9a-f]{2,40}", "không phải số hiệu chứng thư.", "Chép số hiệu, chữ thường, hệ 16."),
    "procedure": (r"\d\.\d{6}", "không phải mã thủ tục.", "Viết như 1.001193."),
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
            folder.errors.append(
                Trouble(
                    sheet.file,
                    0,
                    "",
                    "",
                    "Thiếu tệp này trong thư mục.",
                    "Thêm tệp, ít nhất có dòng tên cột.",
                )
            )
    return folder


def _read(folder: Folder, sheet: Sheet, file: Path) -> None:
    text = _decoded(folder, sheet, file)
    if text is None:
        return
    head, *_rest = text.splitlines() or [""]
    lines = csv.reader(io.StringIO(text), delimiter=";" if head.count(";") > head.count(",") else ",")
    names = [visible(name).strip().lower() for name in next(lines, [])]
    known = {column.name for column in sheet.columns}
    lacking = [column.name for column in sheet.columns if column.required and column.name not in names]
    for name in lacking:
        folder.errors.append(
            Trouble(sheet.file, 1, name, "", "Thiếu cột này.", f"Thêm cột {name} vào dòng đầu của tệp.")
        )
    folder.warnings += [
        Trouble(sheet.file, 1, name, "", "Cột lạ, không đọc.", "Bỏ cột này, hoặc sửa tên cột.")
        for name in names
        if name not in known
    ]
    if lacking:
        return
    rows = folder.rows.setdefault(sheet.file, [])
    for cells in lines:
        if any(cell.strip() for cell in cells):
            _row(folder, sheet, names, cells, lines.line_num, rows)


def _row(
    folder: Folder, sheet: Sheet, names: list[str], cells: list[str], line: int, rows: list[Row]
) -> None:
    if len(cells) != len(names):
        folder.errors.append(
            Trouble(
                sheet.file,
                line,
                "",
                "",
                f"Dòng có {len(cells)} ô, dòng tên cột có {len(names)}.",
                "Ô nào có dấu phẩy thì đặt trong dấu ngoặc kép.",
            )
        )
        return
    typed = dict(zip(names, cells, strict=True))
    found, is_whole = {}, True
    for column in sheet.columns:
        text = tidy(visible(typed.get(column.name, "")))
        if text[:1] == "'" and text[1:2] in _UNSAFE:
            text = text[1:]
        try:
            found[column.name] = _cell(column, text)
        except _Wrong as wrong:
            is_whole = False
            folder.errors.append(Trouble(sheet.file, line, column.name, text[:80], wrong.message, wrong.fix))
    if is_whole:
        rows.append(Row(line, found))


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
    if column.longest and len(text) > column.longest:
        raise _Wrong(f"dài {len(text)} chữ.", f"Viết gọn trong {column.longest} chữ.")
    if column.words:
        known = words(column.words)
        if text not in known:
            raise _Wrong("không có trong danh sách.", f"Dùng một trong: {', '.join(known)}.")
        return known[text]
    if column.kind in _SHAPES:
        shape, message, fix = _SHAPES[column.kind]
        if not re.fullmatch(shape, text):
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
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        folder.errors.append(
            Trouble(
                sheet.file,
                0,
                "",
                "",
                "Tệp không phải bảng mã UTF-8.",
                "Trong Excel, lưu lại kiểu “CSV UTF-8 (phân cách bằng dấu phẩy)”.",
            )
        )
        return None
