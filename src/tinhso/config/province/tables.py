"""The files of a province's folder: their columns, and what may stand in them. Docs: reference/province-folder.md."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what it says, what its cells are, how long they may be.

    ``words`` names a list of ``words.json``; ``is_compared`` False: a cell that differs is no change by itself.
    """

    name: str
    says: str
    kind: str = "text"
    required: bool = False
    longest: int = 0
    words: str = ""
    is_compared: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file of the folder. ``key``: the columns that tell its rows apart."""

    file: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = True


PROVINCE: Final = Sheet(
    "tinh.csv",
    (
        Column("ma", "Mã tỉnh", "province_code", required=True),
        Column("ten", "Tên tỉnh", required=True, longest=100),
        Column("dien_thoai", "Điện thoại liên hệ", "office_phone", longest=30),
    ),
    ("ma",),
)
OFFICES: Final = Sheet(
    "co-quan.csv",
    (
        Column("ma", "Mã", "office_code", required=True),
        Column("ma_2020", "Mã theo Quyết định 20/2020", "office_code_2020", required=True, longest=35),
        Column("ten", "Tên", required=True, longest=200),
        Column("ten_ngan", "Tên ngắn", required=True, longest=120),
        Column("loai", "Loại", required=True, words="kinds"),
        Column("ma_cap_tren", "Cấp trên", "office_code"),
        Column("ma_dia_ban", "Mã địa bàn", "digits", longest=10),
        Column("dien_thoai", "Điện thoại", "office_phone", longest=30),
        Column("dia_chi", "Địa chỉ", longest=250),
        Column("dia_danh", "Địa danh", required=True, longest=100),
        Column("tu_ngay", "Từ ngày", "date", required=True),
        Column("den_ngay", "Đến ngày", "date"),
    ),
    ("ma", "tu_ngay"),
)
SUCCESSIONS: Final = Sheet(
    "ke-tuc.csv",
    (
        Column("ma_cu", "Cơ quan cũ", "office_code", required=True),
        Column("ma_moi", "Cơ quan kế tục", "office_code", required=True),
        Column("ngay", "Từ ngày", "date", required=True),
        Column("quyet_dinh", "Quyết định", required=True, longest=120),
    ),
    ("ma_cu", "ma_moi"),
    required=False,
)
#: Columns of ``can-bo.csv`` that tell of the person, alike in all rows of one account.
PERSON: Final = ("ho_ten", "ngay_sinh", "dien_thoai", "thu_dien_tu", "tinh_trang")
OFFICERS: Final = Sheet(
    "can-bo.csv",
    (
        Column("tai_khoan", "Tài khoản", "account", required=True, longest=60),
        Column("ho_ten", "Họ và tên", required=True, longest=150),
        Column("ngay_sinh", "Ngày sinh", "date"),
        Column("dien_thoai", "Điện thoại", "phone", longest=15),
        Column("thu_dien_tu", "Thư điện tử", "mail", longest=150),
        Column("tinh_trang", "Tình trạng tài khoản", words="states"),
        Column("ma_co_quan", "Cơ quan", "office_code", required=True),
        Column("vai_tro", "Vai trò", required=True, words="roles"),
        Column("chuc_danh", "Chức danh", required=True, longest=120),
        Column("tu_ngay", "Từ ngày", "date", required=True),
        Column("den_ngay", "Đến ngày", "date"),
    ),
    ("tai_khoan", "ma_co_quan", "vai_tro", "tu_ngay"),
)
CALENDAR: Final = Sheet(
    "lich.csv",
    (
        Column("ngay", "Ngày", "date", required=True),
        Column("loai", "Loại", required=True, words="days"),
        Column("nguon", "Nguồn", required=True, longest=200),
        Column("do_chac", "Độ chắc", required=True, words="sureness"),
    ),
    ("ngay",),
)
CERTIFICATES: Final = Sheet(
    "chung-thu.csv",
    (
        Column("so_hieu", "Số hiệu", "serial", required=True, longest=40),
        Column("loai", "Loại", required=True, words="certificates"),
        Column("tai_khoan", "Tài khoản", "account", longest=60),
        Column("ma_co_quan", "Cơ quan", "office_code", required=True),
        Column("chuc_danh", "Chức danh", longest=120),
        Column("tep", "Tệp", "pem", required=True, is_compared=False),
        Column("thu_hoi_luc", "Thu hồi lúc", "moment"),
        Column("ly_do_thu_hoi", "Lý do thu hồi", words="revocations"),
    ),
    ("so_hieu",),
    required=False,
)
PROCEDURES: Final = Sheet(
    "thu-tuc.csv",
    (
        Column("ma", "Mã thủ tục", "procedure", required=True),
        Column("ten", "Tên", longest=1000, is_compared=False),
        Column("tu_ngay", "Tờ có hiệu lực từ", "date", is_compared=False),
    ),
    ("ma",),
)
LEVELS: Final = Sheet(
    "muc-do.csv",
    (
        Column("ma", "Mã thủ tục", "procedure", required=True),
        Column("he_thong", "Hệ thống mức độ", required=True, words="systems"),
        Column("muc_do", "Mức độ", required=True, words="levels"),
        Column("tu_ngay", "Từ ngày", "date", required=True),
        Column("den_ngay", "Đến ngày", "date"),
        Column("can_cu", "Căn cứ", required=True, longest=250),
        Column("ly_do", "Lý do", longest=250),
        Column("so_quyet_dinh", "Số quyết định", longest=80),
        Column("ngay_quyet_dinh", "Ngày quyết định", "date"),
        Column("minh_hoa", "Minh họa", required=True, words="yes"),
    ),
    ("ma", "he_thong", "tu_ngay"),
    required=False,
)
SHEETS: Final = (
    PROVINCE,
    OFFICES,
    SUCCESSIONS,
    OFFICERS,
    CALENDAR,
    CERTIFICATES,
    PROCEDURES,
    LEVELS,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row that was read: its line in the file (the head is line 1) and its cells, parsed; blank cells are None.

    ``bad``: the columns whose cells could not be read; they are None too. Line 0: a row that only the system has.
    """

    line: int
    cells: Mapping[str, Any]
    bad: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        return self.cells.get(name)

    def has(self, *names: str) -> bool:
        """Say whether these cells could be read."""
        return self.bad.isdisjoint(names)

    def key(self, sheet: Sheet) -> tuple[Any, ...]:
        """Return what tells this row from the others of its sheet."""
        return tuple(self.cells.get(name) for name in sheet.key)

    @property
    def where(self) -> str:
        """Return where the row stands, in words."""
        return f"dòng {self.line}" if self.line else "một dòng chỉ có trong hệ thống"


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
        return f"{where}{what}:{shown} {self.message} {self.fix}"


@dataclass(slots=True)
class Folder:
    """A folder as it was read: rows by file, and the troubles found so far.

    ``unread``: files of which no row is known, so that nothing is said to be lacking there. ``loose``: by file, the
    words of lines that could not be parted into cells: whatever stands there is not lacking either.
    ``pems``: serial → text of the certificate's file, as it was checked.
    """

    path: Path
    rows: dict[str, list[Row]] = field(default_factory=dict)
    errors: list[Trouble] = field(default_factory=list)
    warnings: list[Trouble] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    loose: dict[str, set[str]] = field(default_factory=dict)
    pems: dict[str, str] = field(default_factory=dict)

    def of(self, sheet: Sheet) -> list[Row]:
        """Return the rows of a file."""
        return self.rows.get(sheet.file, [])

    def lacks(self, sheet: Sheet, word: str, known: Container[str]) -> bool:
        """Say whether a code stands nowhere in a file, as far as the file could be read."""
        return (
            word not in known and sheet.file not in self.unread and word not in self.loose.get(sheet.file, ())
        )

    def refuse(self, sheet: Sheet, row: Row, name: str, message: str, fix: str) -> None:
        """Note that a cell cannot stand."""
        self.errors.append(_trouble(sheet, row, name, message, fix))

    def warn(self, sheet: Sheet, row: Row, name: str, message: str, fix: str) -> None:
        """Note that a cell looks wrong; it is taken as it stands."""
        self.warnings.append(_trouble(sheet, row, name, message, fix))


def _trouble(sheet: Sheet, row: Row, name: str, message: str, fix: str) -> Trouble:
    column = next((one for one in sheet.columns if one.name == name), None)
    value = row[name] if name else None
    told = written(column.words).get(value, "") if column and column.words and value else shown(value)
    return Trouble(sheet.file, row.line, name, told, message, fix)


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
