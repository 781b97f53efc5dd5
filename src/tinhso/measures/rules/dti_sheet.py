"""Read a province's own table of criteria from CSV: each line with what is wrong with it. Pure."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from tinhso.measures.rules.dti import Status, Version
from tinhso.toolkit.text import fold, tidy, visible
from tinhso.toolkit.words import day_of

COLUMNS: Final = (
    *("Mã", "Chỉ tiêu", "Nhóm", "Điểm tối đa", "Tự đánh giá", "Thẩm định", "Chênh lệch"),
    *("Trạng thái", "Phụ trách", "Hạn xử lý", "Minh chứng/Ghi chú"),
)
#: Columns without which nothing can be read.
NEEDED: Final = COLUMNS[:4]
STATUS_WORDS: Final[Mapping[str, Status]] = {
    "Chưa thực hiện": Status.NOT_STARTED,
    "Đang thực hiện": Status.IN_PROGRESS,
    "Cần bổ sung minh chứng": Status.NEEDS_EVIDENCE,
    "Hoàn thành": Status.DONE,
}
MOST_LINES: Final = 2_000
LONGEST_NAME, LONGEST_NOTE, LONGEST_NUMBER = 500, 500, 80
_BY_FOLD: Final = {fold(words): status for words, status in STATUS_WORDS.items()}
_NOTHING: Final = ("", "-", "–", "chua co", "chua co so lieu", "null", "n/a")
_EVIDENCE = re.compile(r"(.+?)\s*[–—-]\s*(\d{1,2})[/.](\d{1,2})[/.](\d{4})\s*:\s*(.+)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A paper: number, day, what it says."""

    number: str
    date: dt.date
    content: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it was read; ``problems`` empty: it can be taken. ``notes`` tell what is left out of a good line.

    ``score`` None: no score yet, which is not 0. ``appraised`` is only shown: another person appraises.
    """

    line: int
    code: str
    name: str
    group: str
    maximum: Decimal
    score: Decimal | None
    appraised: Decimal | None
    status: Status | None
    office: str
    deadline: dt.date | None
    evidence: tuple[Evidence, ...]
    note: str
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Say whether the line can be taken."""
        return not self.problems


@dataclass
class _Line:
    """The cells of one line by column, and what was found wrong so far."""

    number: int
    cells: Mapping[str, str]
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def said(self, column: str) -> str:
        return tidy(self.cells.get(column, ""))

    def points(self, column: str) -> Decimal | None:
        """Return a number of points, None where there is none yet."""
        text = self.said(column)
        if fold(text) in _NOTHING:
            return None
        found = points_of(text)
        if found is None:
            self.problems.append(
                f"{column}: “{text}” không phải số điểm, ghi như 12,5 và nhiều nhất hai số lẻ."
            )
        return found


class SheetUnreadable(ValueError):
    """The file as a whole cannot be read; the sentence says why."""


def points_of(text: str) -> Decimal | None:
    """Return points typed as 12,5 or 12.50; None for what is no such number."""
    found = re.fullmatch(r"\d{1,4}([.,]\d{1,2})?", text, re.ASCII)
    return Decimal(text.replace(",", ".")) if found else None


def evidence_of(text: str) -> Evidence | None:
    """Return a paper written as “số/ký hiệu – ngày: nội dung”; None for what is not written so."""
    found = _EVIDENCE.fullmatch(tidy(text))
    if found is None:
        return None
    number, day, month, year, content = found.groups()
    try:
        signed = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    if len(number) > LONGEST_NUMBER or len(content) > LONGEST_NOTE:
        return None
    return Evidence(number, signed, content)


def group_of(version: Version, text: str) -> str | None:
    """Return the main index that a text names, with or without marks, number or some of its words; None: no one."""
    wanted = re.sub(r"[^a-z0-9 ]+", " ", fold(text))
    wanted = re.sub(r"^\s*(nhom|chi so)?\s*(chinh)?\s*(?=\d)", "", wanted).strip()
    found = re.fullmatch(r"i?(\d{1,2})\s*(.*)", wanted)
    number, words = (found[1], found[2]) if found else ("", wanted)
    words = re.sub(r"^(nhom|chi so)( chinh)? ", "", tidy(words))
    names = {one.id: fold(one.name) for one in version.indices}
    if not words:
        return f"i{number}" if number and f"i{int(number)}" in names else None
    exact = [key for key, name in names.items() if name == words]
    near = [key for key, name in names.items() if f" {words} " in f" {name} " or f" {name} " in f" {words} "]
    fitting = exact or near
    return fitting[0] if len(fitting) == 1 else None


def _day(text: str) -> dt.date | None:
    """Return a day typed as 31/05/2022 or 2022-05-31; None for what is none."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
    return day_of(f"{found[3]}/{found[2]}/{found[1]}" if found else text)


def read_sheet(text: str, version: Version, offices: Mapping[str, object]) -> list[Row]:
    """Return every line of a table; ``offices`` knows the folded names of offices. Raises ``SheetUnreadable``."""
    lines = _table(text)
    heads = {fold(cell): place for place, cell in enumerate(lines[0][1])}
    where = {column: heads[fold(column)] for column in COLUMNS if fold(column) in heads}
    missing = [column for column in NEEDED if column not in where]
    if missing:
        raise SheetUnreadable(f"Dòng đầu thiếu cột: {', '.join(missing)}.")
    rows: list[Row] = []
    seen: dict[str, int] = {}
    for number, cells in lines[1:]:
        by_column = {column: cells[place] for column, place in where.items() if place < len(cells)}
        row = _row(_Line(number, by_column), version, offices, seen)
        seen.setdefault(row.code, number)
        rows.append(row)
    if not rows:
        raise SheetUnreadable("Bảng không có dòng nào dưới dòng đầu.")
    return rows


def _table(text: str) -> list[tuple[int, list[str]]]:
    """Return the lines that say something with their numbers; the separator is what the first line has most of."""
    text = visible(text).lstrip("\ufeff")
    first = text.lstrip("\r\n").partition("\n")[0]
    separator = max((";", ",", "\t"), key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise SheetUnreadable("Không đọc được bảng. Lưu lại thành CSV UTF-8 rồi chọn lại.") from None
    if not lines:
        raise SheetUnreadable("Bảng trống.")
    if len(lines) > MOST_LINES + 1:
        raise SheetUnreadable("Bảng dài quá 2.000 dòng. Chia thành nhiều tệp.")
    return lines


def _row(line: _Line, version: Version, offices: Mapping[str, object], seen: Mapping[str, int]) -> Row:
    code, name = line.said("Mã"), line.said("Chỉ tiêu")
    if not re.fullmatch(r"\d{1,2}(\.\d{1,3}){1,3}", code, re.ASCII):
        line.problems.append(f"Mã: “{code}” không viết như 4.22.1.")
    elif code in seen:
        line.problems.append(f"Mã: {code} đã có ở dòng {seen[code]}.")
    if not name or len(name) > LONGEST_NAME:
        line.problems.append("Chỉ tiêu: ghi tên, nhiều nhất 500 chữ.")
    group = group_of(version, line.said("Nhóm"))
    if group is None:
        line.problems.append(f"Nhóm: “{line.said('Nhóm')}” không khớp nhóm nào của {version.name}.")
    maximum, score, appraised = _scores(line)
    status, office, deadline = _duty(line, offices)
    evidence, note = _papers(line)
    if score and not evidence:
        line.notes.append("Có điểm mà chưa có minh chứng.")
    return Row(
        *(line.number, code, name, group or "", maximum or Decimal(0), score, appraised),
        *(status, office, deadline, evidence, note, tuple(line.problems), tuple(line.notes)),
    )


def _scores(line: _Line) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    maximum, score, appraised = (
        line.points(column) for column in ("Điểm tối đa", "Tự đánh giá", "Thẩm định")
    )
    if not maximum and not any(one.startswith("Điểm tối đa") for one in line.problems):
        line.problems.append("Điểm tối đa: ghi số lớn hơn 0.")
    for column, points in (("Tự đánh giá", score), ("Thẩm định", appraised)):
        if maximum and points is not None and points > maximum:
            line.problems.append(f"{column}: {_comma(points)} lớn hơn điểm tối đa {_comma(maximum)}.")
    told = line.said("Chênh lệch").replace("−", "-").lstrip("+")
    if score is not None and appraised is not None and fold(told) not in _NOTHING:
        given = points_of(told.lstrip("-"))
        signed = None if given is None else -given if told.startswith("-") else given
        if signed != score - appraised:
            difference = _comma(score - appraised)
            line.problems.append(f"Chênh lệch: ghi “{told}”, tự đánh giá trừ thẩm định là {difference}.")
    if appraised is not None:
        line.notes.append("Điểm thẩm định không nhập từ tệp: người thứ hai chấm trên trang.")
    return maximum, score, appraised


def _duty(line: _Line, offices: Mapping[str, object]) -> tuple[Status | None, str, dt.date | None]:
    status = None
    if said := line.said("Trạng thái"):
        status = _BY_FOLD.get(fold(said))
        if status is None:
            line.problems.append(f"Trạng thái: “{said}” không phải một trong: {', '.join(STATUS_WORDS)}.")
    office = fold(line.said("Phụ trách"))
    if office and office not in offices:
        line.problems.append(f"Phụ trách: không thấy cơ quan “{line.said('Phụ trách')}”.")
    deadline = None
    if (said := line.said("Hạn xử lý")) and fold(said) not in _NOTHING:
        deadline = _day(said)
        if deadline is None:
            line.problems.append(f"Hạn xử lý: “{said}” không phải ngày, ghi như 31/05/2022.")
    return status, office, deadline


def _papers(line: _Line) -> tuple[tuple[Evidence, ...], str]:
    """Return the papers of the last column and the rest as a note: only what is written as evidence is evidence."""
    told = [
        tidy(one) for one in re.split(r"[\r\n;]+", line.cells.get("Minh chứng/Ghi chú", "")) if one.strip()
    ]
    papers = [(one, evidence_of(one)) for one in told]
    note = "; ".join(one for one, paper in papers if paper is None)
    if len(note) > LONGEST_NOTE:
        line.problems.append("Minh chứng/Ghi chú: phần ghi chú dài quá 500 chữ.")
    return tuple(paper for _one, paper in papers if paper is not None), note[:LONGEST_NOTE]


def _comma(points: Decimal) -> str:
    whole, _dot, part = f"{points:.2f}".partition(".")
    return f"{whole},{part}".rstrip("0").rstrip(",")
