"""Spreadsheets: what is written is read again, and what may not be read is refused in plain words."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from tinhso.plans.adapters import sheets
from tinhso.plans.adapters.sheets import SheetColumn, SheetRefused, read_rows, write_rows
from tinhso.plans.rules.sheet_cells import address, text_of

AT = dt.datetime(2022, 5, 10, 9, 15, tzinfo=dt.UTC)
COLUMNS = (
    SheetColumn("STT", 6, "number"),
    SheetColumn("Việc", 40),
    SheetColumn("Tiền", 12, "money"),
    SheetColumn("Ngày", 12, "date"),
    SheetColumn("Nguồn", 20, "text", ("Ngân sách tỉnh", "Xã hội hóa")),
)
ROWS = (
    (Decimal(1), "=HYPERLINK(1)", Decimal("180.000001"), dt.date(2022, 6, 30), "Ngân sách tỉnh"),
    (Decimal(2), "_x0041_\nhai dòng", Decimal("12345678901234.567891"), None, ""),
)


def written() -> bytes:
    return write_rows(["Phụ lục", "Kèm theo"], COLUMNS, ROWS, made_at=AT, notes=["Cách ghi"], spare=3)


def book(fill: object, **options: object) -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, **options})
    fill(made)  # type: ignore[operator]
    made.close()
    return out.getvalue()


def test_what_is_written_is_read_again() -> None:
    rows = read_rows(written(), "phu-luc.xlsx")
    assert rows[0][0] == "Phụ lục"
    assert rows[3] == ["STT", "Việc", "Tiền", "Ngày", "Nguồn"]
    assert rows[4] == [
        Decimal(1),
        "=HYPERLINK(1)",
        Decimal("180.000001"),
        dt.date(2022, 6, 30),
        "Ngân sách tỉnh",
    ]
    assert rows[5] == [Decimal(2), "_x0041_\nhai dòng", "12345678901234,567891", None, None]


def test_equal_contents_make_equal_bytes() -> None:
    assert written() == written()


def test_no_text_becomes_a_formula_and_there_is_no_macro() -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as parts:
        assert not [name for name in parts.namelist() if "vba" in name.lower()]
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 'sqref="E5:E9"' in sheet
    assert '"Ngân sách tỉnh,Xã hội hóa"' in sheet.replace("&quot;", '"')
    assert 'topLeftCell="A5"' in sheet


def test_a_long_list_of_choices_stands_on_a_hidden_sheet() -> None:
    columns = (SheetColumn("Nhóm", 20, "text", tuple(f"Nhóm số {n}, có dấu phẩy" for n in range(40))),)
    content = write_rows([], columns, [["Nhóm số 1, có dấu phẩy"]], made_at=AT)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert "'Danh sách'!$A$1:$A$40" in parts.read("xl/worksheets/sheet1.xml").decode().replace(
            "&apos;", "'"
        )
    assert read_rows(content, "x.xlsx") == [["Nhóm"], ["Nhóm số 1, có dấu phẩy"]]


def test_a_failed_formula_is_an_error_and_not_nothing() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet("Bảng & một")
        sheet.write_string(0, 0, "Tiền")
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")

    assert read_rows(book(fill), "x.xlsx") == [["Tiền", None], [None, "#DIV/0!"]]


def test_the_first_sheet_that_is_shown_and_says_something_is_read() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        made.add_worksheet("Trống")
        hidden = made.add_worksheet("Ẩn")
        hidden.write_string(0, 0, "ẩn")
        hidden.hide()
        made.add_worksheet("Bảng").write_string(2, 1, "có")

    assert read_rows(book(fill), "x.xlsx") == [[None, None], [None, None], [None, "có"]]


def test_numbers_are_what_the_program_shows() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        for place, number in enumerate((0.1 + 0.2, 1e9, 12.50, True)):
            sheet.write(0, place, number)

    assert read_rows(book(fill), "x.xlsx") == [
        [Decimal("0.3"), Decimal(1_000_000_000), Decimal("12.5"), "đúng"]
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp trống"),
        (b"STT;Vi\xe1\xbb\x87c", "không phải tệp Excel"),
        (b"PK\x03\x04 and then nothing", "Không đọc được tệp"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "Không đọc được tệp"),
        (b"x" * (sheets.MAX_BYTES + 1), "5 MB"),
    ],
)
def test_what_is_no_sheet_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(SheetRefused, match=words):
        read_rows(content, "phu-luc.xlsx")


def test_an_empty_book_is_refused() -> None:
    with pytest.raises(SheetRefused, match="Tệp trống"):
        read_rows(book(lambda made: made.add_worksheet()), "x.xlsx")


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [(sheets.MAX_ROWS, 0, "nhiều nhất 20.000"), (0, sheets.MAX_COLUMNS, "nhiều nhất 40")],
)
def test_too_many_rows_or_columns_are_refused(row: int, column: int, words: str) -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        sheet.write_string(0, 0, "đầu")
        sheet.write_string(row, column, "xa")

    with pytest.raises(SheetRefused, match=words):
        read_rows(book(fill), "x.xlsx")


def test_a_far_corner_does_not_take_the_memory_of_the_server() -> None:
    def fill(made: xlsxwriter.Workbook) -> None:
        sheet = made.add_worksheet()
        sheet.write_string(0, 0, "đầu")
        sheet.write_string(1_048_575, 16_383, "xa")

    with pytest.raises(SheetRefused):
        read_rows(book(fill), "x.xlsx")


def test_what_unpacks_into_too_much_is_refused() -> None:
    content = io.BytesIO(written())
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/bomb.bin", bytes(sheets.MAX_UNPACKED + 1))
    assert len(content.getvalue()) < 200_000
    with pytest.raises(SheetRefused, match="quá lớn"):
        read_rows(content.getvalue(), "x.xlsx")


def test_a_reader_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "PATIENCE", 0.001)
    with pytest.raises(SheetRefused, match="Không đọc được tệp"):
        read_rows(written(), "x.xlsx")


def test_the_reader_can_write_into_no_file(tmp_path: Path) -> None:
    tried = (
        "from tinhso.plans.adapters.sheet_reader import confine; confine()\n"
        f"with open({str(tmp_path / 'x')!r}, 'w') as file: file.write('x' * 10)"
    )
    done = subprocess.run([sys.executable, "-c", tried], capture_output=True, check=False)
    assert done.returncode != 0
    assert (tmp_path / "x").read_text("utf-8") == ""


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A1"), (11, 5, "F12"), (0, 26, "AA1"), (9, 701, "ZZ10")]
)
def test_cells_have_their_names(row: int, column: int, name: str) -> None:
    assert address(row, column) == name


def test_cells_are_said_as_people_write_them() -> None:
    told = [text_of(cell) for cell in (None, "a", Decimal("1250.50"), Decimal("1E+3"), dt.date(2022, 6, 30))]
    assert told == ["", "a", "1250,5", "1000", "30/06/2022"]
