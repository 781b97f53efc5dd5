"""An annex out and in again is the same annex, also by way of LibreOffice; a big one is quick."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.plans.adapters import sheet_reader, sheets
from tinhso.plans.adapters.annex_files import annex_sheet
from tinhso.plans.adapters.sheets import read_rows
from tinhso.plans.queries.annex import shape
from tinhso.plans.rules.annex import neat
from tinhso.plans.rules.annex_reading import read_annex
from tinhso.plans.rules.plans import MOST_AMOUNT, Row
from tinhso.plans.tests.annex_world import any_row, many_rows, nine_rows, row, worked

AT = dt.datetime(2022, 5, 10, 9, 15, tzinfo=dt.UTC)
#: What LibreOffice Calc 7.4 saved of ``odd_rows`` as XLSX: the tests' machine has only its Writer.
BY_LIBREOFFICE = Path(__file__).parent / "annex_by_libreoffice.xlsx"
#: The last is the most that a row may cost: fifteen digits, which is what a cell of a spreadsheet keeps.
AMOUNTS = (
    1,
    999_999,
    1_000_000,
    180_500_000,
    333_333_333,
    12_345_678_901_234,
    99_999_999_999_999,
    MOST_AMOUNT,
)


def odd_rows() -> list[Row]:
    """Return rows with everything that another program could change."""
    odd = (
        "=1+1",
        "+84 228",
        "-5",
        "@ten",
        "1",
        "0012",
        "30/06/2022",
        "<b>&amp;</b>",
        "dòng một\ndòng hai",
        "'nháy",
        "đúng",
    )
    return [
        *nine_rows(),
        *(row(content=text, product=text, note=text, partners=text) for text in odd),
        *(row(content=f"Số tiền {n}", amount=n, source="xa-hoi-hoa") for n in AMOUNTS),
        row(
            content="Ngày xa",
            starts=dt.date(2000, 2, 29),
            ends=dt.date(2100, 12, 31),
            sector="Ngành",
            group="xa-hoi",
        ),
    ]


def out(rows: list[Row]) -> bytes:
    return annex_sheet("Kế hoạch năm 2022", rows, shape(), made_at=AT, mark="Bản nháp 3")


def into(content: bytes) -> list[Row]:
    reading = read_annex(read_rows(content, "phu-luc.xlsx"), shape(), {})
    assert [fault.sentence for fault in reading.faults] == []
    return reading.rows


def test_odd_rows_come_in_again_unchanged() -> None:
    assert into(out(odd_rows())) == odd_rows()


def test_what_libreoffice_saved_comes_in_unchanged() -> None:
    assert into(BY_LIBREOFFICE.read_bytes()) == odd_rows()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(any_row(), min_size=1, max_size=6))
def test_any_rows_come_in_again_unchanged(rows: list[Row]) -> None:
    # Read here and not by a child of its own: a hundred processes would take a minute.
    limits = sheets.MAX_UNPACKED, sheets.MAX_ROWS, sheets.MAX_COLUMNS
    cells = [[sheets._cell(value) for value in line] for line in sheet_reader.read(out(rows), *limits)]
    reading = read_annex(cells, shape(), {})
    assert [fault.sentence for fault in reading.faults] == []
    assert reading.rows == rows


def test_text_that_was_not_neat_comes_in_neat() -> None:
    untidy = row(content="  Hai   dấu cách\r\n\r\nvà dòng trống ", note="\u200bkhông thấy")
    assert into(out([untidy])) == [
        replace(untidy, content=neat(untidy.content), note="không thấy"),
    ]
    assert neat(untidy.content) == "Hai dấu cách\nvà dòng trống"


def test_two_thousand_rows_are_read_within_three_seconds() -> None:
    rows = many_rows(2_000)
    content = out(rows)
    began = worked()
    assert into(content) == rows
    assert worked() - began < 3
