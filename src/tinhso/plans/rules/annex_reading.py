"""Read an annex out of a sheet's cells: every row, or every fault by its cell. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from tinhso.plans.rules.annex import MOST_ROWS, neat
from tinhso.plans.rules.annex_columns import Head, Shape, find_head, missing, plain
from tinhso.plans.rules.plans import MOST_AMOUNT, Row, millions
from tinhso.plans.rules.sheet_cells import Cell, address, has_failed, text_of
from tinhso.toolkit.text import fold
from tinhso.toolkit.words import date_text, number

#: A plan speaks of these years; another is a slip of the finger.
FIRST_YEAR, LAST_YEAR = 2000, 2100
#: A row with fewer filled cells beneath the total is no task: who signed, notes.
_FEWEST_CELLS: Final = 4
#: What may stand before the name of a group: "I.", "A.", "Nhóm 1".
_NUMBERING: Final = re.compile(r"^(?:[ivx]+|[a-h]|nhom|\d) ")
_SPAN: Final = re.compile(r"\s*(?:–|—|-|đến|->|→)\s*")
_VN_NUMBER: Final = re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?", re.ASCII)
_QUARTERS: Final[Mapping[str, int]] = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, as a sentence that begins with it; ``row`` and ``column`` from 0, column None: the row."""

    row: int
    column: int | None
    text: str

    @property
    def sentence(self) -> str:
        """Return the whole sentence: where, what, and how to mend it."""
        where = f"Dòng {self.row + 1}" if self.column is None else f"Ô {address(self.row, self.column)}"
        return f"{where}: {self.text}"


class NoTable(ValueError):
    """The sheet has no table of tasks; the sentence says what to do."""


@dataclass
class Reading:
    """The rows that were read, and the faults; with one fault nothing is taken."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_annex(cells: Sequence[Sequence[Cell]], shape: Shape, offices: Mapping[str, int]) -> Reading:
    """Return the rows of the table, in the order of the sheet, and every fault.

    ``offices``: folded name → id, of offices that a lead may mean. Rows that name a group ("I. Nhận thức số") set the
    group of those beneath. Numbers of the first column are not read: a row's place is its place. Raises ``NoTable``.
    """
    head = find_head(cells, shape)
    if head is None:
        raise NoTable(
            "Không thấy dòng đầu của bảng nhiệm vụ. Tải tệp mẫu, chép các dòng vào đó rồi chọn lại tệp."
        )
    if lacking := missing(head, shape):
        raise NoTable(f"Bảng thiếu cột: {', '.join(lacking)}. Thêm cột với đúng tên ấy rồi chọn lại tệp.")
    return _Reader(shape, offices, head).read(cells)


class _Reader:
    def __init__(self, shape: Shape, offices: Mapping[str, int], head: Head) -> None:
        self.shape, self.offices, self.head = shape, offices, head
        self.found = Reading()
        self.tasks = 0
        self.group = ""
        self.has_total = False
        self.summed = 0

    def read(self, cells: Sequence[Sequence[Cell]]) -> Reading:
        for n, row in enumerate(cells[self.head.row + 1 :], self.head.row + 1):
            filled = {place for place, cell in enumerate(row) if text_of(cell).strip()}
            if filled and not self._is_total(n, row) and not self._is_group(n, row, filled):
                self._task(n, row)
        self._check_size()
        return self.found

    def _check_size(self) -> None:
        if not self.tasks:
            raise NoTable("Bảng chưa có nhiệm vụ nào dưới dòng đầu. Ghi nhiệm vụ rồi chọn lại tệp.")
        if self.tasks > MOST_ROWS:
            raise NoTable(
                f"Bảng có {number(self.tasks)} nhiệm vụ, nhiều nhất {number(MOST_ROWS)}. Chia thành nhiều kế hoạch."
            )

    def _said(self, row: Sequence[Cell], key: str) -> Cell:
        place = self.head.where.get(key)
        return row[place] if place is not None and place < len(row) else None

    def _fault(self, n: int, key: str | None, text: str) -> None:
        self.found.faults.append(Fault(n, self.head.where.get(key) if key else None, text))

    def _is_group(self, n: int, row: Sequence[Cell], filled: set[int]) -> bool:
        """Take the row for the name of a group: nothing in it but that, its number, and maybe a sum.

        Beneath a total also for what is no task at all: who signed, notes.
        """
        ordinal = text_of(self._said(row, "ordinal")).strip()
        is_numbered = ordinal.rstrip(".").isdigit()
        is_sparse = len(filled & set(self.head.where.values())) < _FEWEST_CELLS
        aside = {self.head.where.get("amount"), self.head.where.get("ordinal")}
        texts = [text_of(row[place]) for place in sorted(filled - aside)]
        if len(texts) > 1 or (texts and is_numbered):
            return self.has_total and is_sparse and not is_numbered
        said = neat(texts[0] if texts else ordinal)
        key = self._group_of(said)
        if key is None and self.has_total:
            return True
        if key is None:
            self._fault(
                n,
                "content" if texts else "ordinal",
                f"“{_short(said)}” không khớp nhóm nào. Ghi một trong: {_listed(self.shape.groups)}; "
                "không phải tên nhóm thì xóa dòng này.",
            )
        self.group = key or ""
        return True

    def _group_of(self, text: str) -> str | None:
        words = plain(text)
        for _n in range(3):
            if words in self.shape.group_words:
                return self.shape.group_words[words]
            words = _NUMBERING.sub("", words, count=1)
        return None

    def _is_total(self, n: int, row: Sequence[Cell]) -> bool:
        """Take the row for a total: where it says a number, that is the sum of all rows above or of the last part."""
        texts = [text_of(cell) for cell in row if isinstance(cell, str)]
        if not any(plain(text) in self.shape.totals for text in texts[:2]):
            return False
        if text_of(self._said(row, "lead")).strip() and text_of(self._said(row, "product")).strip():
            return False
        said = self._said(row, "amount")
        self.has_total = bool(self.tasks)
        if said is not None and not has_failed(said) and self.has_total and not self.found.faults:
            total, sum_of_rows = self._amount(n, row), sum(one.amount for one in self.found.rows)
            of_part = sum(one.amount for one in self.found.rows[self.summed :])
            if total is not None and total not in (0, sum_of_rows, of_part):
                self._fault(
                    n,
                    "amount",
                    f"dòng cộng ghi {millions(total)} triệu đồng, cộng các nhiệm vụ ở trên được "
                    f"{millions(sum_of_rows)}. Sửa cho khớp.",
                )
        self.summed = len(self.found.rows)
        return True

    def _task(self, n: int, row: Sequence[Cell]) -> None:
        before = len(self.found.faults)
        texts = {
            key: self._text(n, row, key)
            for key in ("content", "lead", "partners", "product", "sector", "note")
        }
        said_group = self._said(row, "group")
        group = self.group
        if text_of(said_group).strip():
            group = self._chosen(n, "group", said_group, self._group_of, self.shape.groups)
        elif not group:
            self._fault(
                n,
                "group",
                "chưa biết thuộc nhóm nào. Ghi tên nhóm, ví dụ Nhận thức số, hoặc thêm dòng “I. Nhận thức số” ở trên.",
            )
        starts, ends = self._days(n, row)
        if starts and ends and ends < starts:
            self._fault(
                n,
                "ends" if "ends" in self.head.where else "span",
                f"hoàn thành {date_text(ends)} trước bắt đầu {date_text(starts)}. Đổi lại hai ngày.",
            )
        amount = self._amount(n, row)
        said_source = self._said(row, "source")
        source = self._chosen(
            n,
            "source",
            said_source,
            lambda text: self.shape.source_words.get(plain(text)),
            self.shape.sources,
        )
        if amount and not text_of(said_source).strip():
            self._fault(
                n,
                "source" if "source" in self.head.where else "amount",
                f"có {millions(amount)} triệu đồng mà chưa ghi nguồn. Ghi một trong: {_listed(self.shape.sources)}.",
            )
        self.tasks += 1
        if len(self.found.faults) > before or not (starts and ends) or amount is None:
            return
        self.found.rows.append(
            Row(
                **texts,
                group=group,
                lead_office=self.offices.get(fold(texts["lead"])),
                starts=starts,
                ends=ends,
                amount=amount,
                source=source,
            )
        )

    def _text(self, n: int, row: Sequence[Cell], key: str) -> str:
        cell = self._said(row, key)
        column = self.shape.column(key)
        if self._has_failed(n, key, cell):
            return ""
        text = neat(text_of(cell))
        if column.needed and not text:
            self._fault(
                n, key, f"trống. Ghi {_lower(column.label)}; nếu ô gộp với ô trên thì bỏ gộp và ghi lại."
            )
        elif len(text) > column.longest:
            self._fault(
                n,
                key,
                f"{_lower(column.label)} dài {number(len(text))} chữ cái, nhiều nhất {number(column.longest)}. Viết gọn lại.",
            )
        return text

    def _has_failed(self, n: int, key: str, cell: Cell) -> bool:
        if not has_failed(cell):
            return False
        self._fault(n, key, f"công thức báo lỗi {cell}. Sửa công thức hoặc ghi thẳng giá trị.")
        return True

    def _chosen(
        self, n: int, key: str, cell: Cell, find: Callable[[str], str | None], labels: Mapping[str, str]
    ) -> str:
        text = neat(text_of(cell))
        if not text or self._has_failed(n, key, cell):
            return ""
        found = find(text)
        if found is None:
            what = "nhóm nào" if key == "group" else "nguồn nào"
            self._fault(n, key, f"“{_short(text)}” không khớp {what}. Ghi một trong: {_listed(labels)}.")
        return found or ""

    def _days(self, n: int, row: Sequence[Cell]) -> tuple[dt.date | None, dt.date | None]:
        if "span" not in self.head.where:
            return self._day(n, row, "starts", is_last=False), self._day(n, row, "ends", is_last=True)
        cell = self._said(row, "span")
        if self._has_failed(n, "span", cell):
            return None, None
        parts = _SPAN.split(neat(text_of(cell))) if isinstance(cell, str) else [text_of(cell)]
        first, last = day_of(parts[0], is_last=False), day_of(parts[-1], is_last=True)
        if len(parts) > 2 or first is None or last is None:
            self._fault(
                n,
                "span",
                f"“{_short(text_of(cell))}” chưa rõ từ ngày nào đến ngày nào. Ghi như 01/06/2022 - 30/06/2022.",
            )
            return None, None
        return first, last

    def _day(self, n: int, row: Sequence[Cell], key: str, *, is_last: bool) -> dt.date | None:
        cell = self._said(row, key)
        what = "bắt đầu" if key == "starts" else "hoàn thành"
        if self._has_failed(n, key, cell):
            return None
        if not text_of(cell).strip():
            self._fault(n, key, f"trống. Ghi ngày {what}, ví dụ 30/06/2022.")
            return None
        day = cell if isinstance(cell, dt.date) else day_of(neat(text_of(cell)), is_last=is_last)
        if day is None:
            self._fault(n, key, _about_day(neat(text_of(cell)), what))
        elif not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._fault(n, key, f"năm {day.year} quá xa. Sửa ngày {what}, ví dụ 30/06/2022.")
            return None
        return day

    def _amount(self, n: int, row: Sequence[Cell]) -> int | None:
        """Return the amount in VND, 0 where nothing is said, None where it is wrong."""
        cell = self._said(row, "amount")
        if self._has_failed(n, "amount", cell):
            return None
        if isinstance(cell, dt.date):
            self._fault(n, "amount", f"ghi ngày {date_text(cell)} vào cột kinh phí. Ghi số tiền, ví dụ 180.")
            return None
        given = cell if isinstance(cell, Decimal) else _number_of(neat(cell or ""))
        if given is None:
            self._fault(n, "amount", f"“{_short(text_of(cell))}” không rõ là số tiền nào. Ghi như 1.250,5.")
            return None
        vnd = given * self.head.unit
        if vnd < 0:
            self._fault(n, "amount", "số tiền nhỏ hơn 0. Ghi số tiền từ 0 trở lên.")
        elif vnd > MOST_AMOUNT:
            self._fault(n, "amount", f"{text_of(given)} quá lớn. Xem lại đơn vị tính của cột.")
        elif vnd != vnd.to_integral_value():
            self._fault(n, "amount", f"{text_of(given)} lẻ dưới 1 đồng. Làm tròn đến đồng.")
        else:
            return int(vnd)
        return None


def day_of(text: str, *, is_last: bool) -> dt.date | None:
    """Return the day that a cell says: 30/06/2022, 2022-06-30; of 06/2022, quý II/2022 and năm 2022 the first or last."""
    said = re.sub(r"^(ngay|truoc ngay|truoc|het ngay|het|tu ngay|tu|den ngay|den) ", "", fold(text))
    try:
        if found := re.fullmatch(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})", said, re.ASCII):
            return dt.date(int(found[3]), int(found[2]), int(found[1]))
        if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ].*)?", said, re.ASCII):
            return dt.date(int(found[1]), int(found[2]), int(found[3]))
        if found := re.fullmatch(r"(?:thang\s*)?(\d{1,2})\s*[/.-]\s*(\d{4})", said, re.ASCII):
            return _edge(int(found[2]), int(found[1]), int(found[1]), is_last=is_last)
        if found := re.fullmatch(
            r"(?:quy|q)\s*(iv|i{1,3}|[1-4])\s*(?:[/.,-]|nam)?\s*(\d{4})", said, re.ASCII
        ):
            quarter = _QUARTERS[found[1]]
            return _edge(int(found[2]), quarter * 3 - 2, quarter * 3, is_last=is_last)
        if found := re.fullmatch(r"(?:nam\s*)?(\d{4})", said, re.ASCII):
            return _edge(int(found[1]), 1, 12, is_last=is_last)
    except (ValueError, calendar.IllegalMonthError):
        return None
    return None


def _edge(year: int, first: int, last: int, *, is_last: bool) -> dt.date:
    return dt.date(year, last, calendar.monthrange(year, last)[1]) if is_last else dt.date(year, first, 1)


def _about_day(text: str, what: str) -> str:
    """Say what is wrong with a day, and give the nearest one where there is one."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    if found:
        day, month, year = (int(one) for one in found.groups())
        near = "30/06/2022"
        if 1 <= month <= 12 and FIRST_YEAR <= year <= LAST_YEAR:
            near = date_text(dt.date(year, month, min(max(day, 1), calendar.monthrange(year, month)[1])))
        return f"ngày {text} không có trong lịch. Sửa thành ngày có thật, ví dụ {near}."
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}", text, re.ASCII):
        return f"“{text}” thiếu hai số của năm. Ghi đủ năm, ví dụ 30/06/2022."
    return f"“{_short(text)}” không rõ là ngày {what} nào. Ghi như 30/06/2022."


def _number_of(text: str) -> Decimal | None:
    """Return the number that a text says in the Vietnamese way: 1.250,5; a dash or nothing is 0."""
    bare = re.sub(r"\s*(triệu đồng|triệu|đồng|đ)$", "", text.lower()) if text else ""
    if bare in ("", "-", "–", "—", "không", "0đ"):
        return Decimal(0)
    is_negative = bare.startswith("-")
    bare = bare.removeprefix("-").strip()
    if not _VN_NUMBER.fullmatch(bare):
        return None
    try:
        found = Decimal(bare.replace(".", "").replace(",", "."))
    except InvalidOperation:
        return None
    return -found if is_negative else found


def _listed(labels: Mapping[str, str]) -> str:
    return ", ".join(labels.values())


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _short(text: str) -> str:
    flat = text.replace("\n", " ")
    return flat if len(flat) <= 60 else f"{flat[:57]}…"
