"""An annex out of cells: heads in any order and wording, groups, totals, and every fault by its cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import pytest

from tinhso.plans.queries.annex import shape
from tinhso.plans.rules.annex_reading import NoTable, Reading, day_of, read_annex
from tinhso.plans.rules.sheet_cells import Cell

HEAD: list[Cell] = [
    *("STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Bắt đầu", "Hoàn thành", "Sản phẩm"),
    *("Kinh phí (triệu đồng)", "Nguồn kinh phí", "Nhóm", "Ngành, lĩnh vực", "Ghi chú"),
]
JUNE = dt.date(2022, 6, 1), dt.date(2022, 6, 30)


def line(**cells: Cell) -> list[Cell]:
    usual: dict[str, Cell] = {
        "stt": Decimal(1),
        "content": "Tập huấn",
        "lead": "Văn phòng Sở",
        "partners": None,
        "starts": JUNE[0],
        "ends": JUNE[1],
        "product": "46 lớp",
        "amount": Decimal("180.5"),
        "source": "Ngân sách tỉnh",
        "group": "Nhận thức số",
        "sector": None,
        "note": None,
    }
    return list({**usual, **cells}.values())


def read(*rows: Sequence[Cell], head: list[Cell] | None = None, **offices: int) -> Reading:
    return read_annex([head or HEAD, *rows], shape(), offices)


def said(*rows: Sequence[Cell]) -> list[str]:
    return [fault.sentence for fault in read(*rows).faults]


def test_a_row_is_read_with_its_office_and_vnd() -> None:
    reading = read_annex([HEAD, line(lead="Sở Nội vụ")], shape(), {"so noi vu": 7})
    (row,) = reading.rows
    assert (row.group, row.content, row.lead, row.lead_office) == ("nhan-thuc", "Tập huấn", "Sở Nội vụ", 7)
    assert (row.starts, row.ends, row.amount, row.source) == (*JUNE, 180_500_000, "tinh")


def test_the_order_and_the_wording_of_columns_may_differ_and_titles_stand_above() -> None:
    rows: list[list[Cell]] = [
        ["ỦY BAN NHÂN DÂN", None, None, None, None, None],
        ["PHỤ LỤC NHIỆM VỤ NĂM 2022"],
        [None, None, None, None, None, "Đơn vị tính: nghìn đồng"],
        [
            "SAN PHAM",
            "Don vi chu tri",
            "NHIỆM VỤ",
            "Nhóm",
            "Dự toán",
            "Nguồn vốn",
            "Từ ngày",
            "Đến ngày",
            "TT",
        ],
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)"],
        ["46 lớp", "Văn phòng", "Tập huấn", "chinh quyen so", Decimal(180), "NS tỉnh", *JUNE, Decimal(1)],
    ]
    (row,) = read_annex(rows, shape(), {}).rows
    assert (row.product, row.group, row.amount, row.source) == ("46 lớp", "chinh-quyen", 180_000, "tinh")


def test_a_head_of_two_rows_is_read() -> None:
    head: list[Cell] = ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian thực hiện", None, "Sản phẩm", "Nhóm"]
    below: list[Cell] = [None, None, None, "Bắt đầu", "Kết thúc", None, None]
    row: list[Cell] = [Decimal(1), "Tập huấn", "Văn phòng", "5/2022", "Quý II/2022", "46 lớp", "Thể chế số"]
    reading = read_annex([head, below, row], shape(), {})
    assert reading.faults == []
    assert (reading.rows[0].starts, reading.rows[0].ends) == (dt.date(2022, 5, 1), JUNE[1])


def test_one_column_may_say_both_days() -> None:
    head: list[Cell] = ["STT", "Nhiệm vụ", "Chủ trì", "Thời gian thực hiện", "Sản phẩm", "Nhóm"]
    row: list[Cell] = [None, "Tập huấn", "Văn phòng", "01/06/2022 – 30/06/2022", "46 lớp", "Kinh tế số"]
    good = read_annex(
        [head, row, [None, "Hai", "Văn phòng", "Năm 2022", "46 lớp", "Kinh tế số"]], shape(), {}
    )
    assert [(one.starts, one.ends) for one in good.rows] == [
        JUNE,
        (dt.date(2022, 1, 1), dt.date(2022, 12, 31)),
    ]
    row[3] = "khi có kinh phí"
    bad = read_annex([head, row], shape(), {})
    assert bad.faults[0].sentence.startswith("Ô D2: “khi có kinh phí” chưa rõ từ ngày nào đến ngày nào.")


def test_group_rows_set_the_group_of_those_beneath() -> None:
    reading = read(
        ["I. Nhận thức số"],
        line(group=None),
        ["II", "Thể chế số", None, None, None, None, None, Decimal(300)],
        line(group=None),
        line(group="Hạ tầng số"),
        [None, "NHÓM 4: Nhân lực số"],
        line(group=None),
    )
    assert reading.faults == []
    assert [row.group for row in reading.rows] == ["nhan-thuc", "the-che", "ha-tang", "nhan-luc"]


def test_totals_are_checked_and_what_stands_beneath_is_left() -> None:
    total: list[Cell] = [None, "Tổng cộng", None, None, None, None, None, Decimal(361)]
    below: list[list[Cell]] = [
        [],
        [None, "NGƯỜI LẬP BIỂU", None, None, None, "GIÁM ĐỐC"],
        ["Ghi chú: minh họa"],
    ]
    good = read(line(), line(), total, *below)
    assert good.faults == []
    assert len(good.rows) == 2
    total[7] = Decimal(360)
    assert said(line(), line(), total, *below) == [
        "Ô H4: dòng cộng ghi 360 triệu đồng, cộng các nhiệm vụ ở trên được 361. Sửa cho khớp."
    ]


def test_parts_have_their_own_sums_and_groups_go_on_beneath_them() -> None:
    reading = read(
        *(
            ["I. Nhận thức số"],
            line(group=None),
            [None, "Cộng", None, None, None, None, None, Decimal("180.5")],
        ),
        *(["II. Thể chế số"], line(group=None), line(group=None)),
        *([None, "Cộng", None, None, None, None, None, Decimal(361)],),
        *([None, "Tổng cộng", None, None, None, None, None, Decimal("541.5")],),
    )
    assert reading.faults == []
    assert [row.group for row in reading.rows] == ["nhan-thuc", "the-che", "the-che"]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            {"ends": "31/06/2022"},
            "Ô F2: ngày 31/06/2022 không có trong lịch. Sửa thành ngày có thật, ví dụ 30/06/2022.",
        ),
        ({"starts": "1/6/22"}, "Ô E2: “1/6/22” thiếu hai số của năm. Ghi đủ năm, ví dụ 30/06/2022."),
        ({"starts": "sớm"}, "Ô E2: “sớm” không rõ là ngày bắt đầu nào. Ghi như 30/06/2022."),
        ({"starts": None}, "Ô E2: trống. Ghi ngày bắt đầu, ví dụ 30/06/2022."),
        ({"ends": dt.date(2202, 6, 30)}, "Ô F2: năm 2202 quá xa. Sửa ngày hoàn thành, ví dụ 30/06/2022."),
        (
            {"ends": dt.date(2022, 5, 30)},
            "Ô F2: hoàn thành 30/05/2022 trước bắt đầu 01/06/2022. Đổi lại hai ngày.",
        ),
        ({"content": " "}, "Ô B2: trống. Ghi nội dung nhiệm vụ; nếu ô gộp với ô trên thì bỏ gộp và ghi lại."),
        ({"lead": None}, "Ô C2: trống. Ghi cơ quan chủ trì; nếu ô gộp với ô trên thì bỏ gộp và ghi lại."),
        ({"product": None}, "Ô G2: trống. Ghi sản phẩm; nếu ô gộp với ô trên thì bỏ gộp và ghi lại."),
        ({"lead": "x" * 201}, "Ô C2: cơ quan chủ trì dài 201 chữ cái, nhiều nhất 200. Viết gọn lại."),
        ({"amount": "12.5"}, "Ô H2: “12.5” không rõ là số tiền nào. Ghi như 1.250,5."),
        ({"amount": Decimal(-1)}, "Ô H2: số tiền nhỏ hơn 0. Ghi số tiền từ 0 trở lên."),
        ({"amount": Decimal("0.0000001")}, "Ô H2: 0,0000001 lẻ dưới 1 đồng. Làm tròn đến đồng."),
        ({"amount": Decimal(10) ** 12}, "Ô H2: 1000000000000 quá lớn. Xem lại đơn vị tính của cột."),
        ({"amount": JUNE[0]}, "Ô H2: ghi ngày 01/06/2022 vào cột kinh phí. Ghi số tiền, ví dụ 180."),
        ({"amount": "#REF!"}, "Ô H2: công thức báo lỗi #REF!. Sửa công thức hoặc ghi thẳng giá trị."),
        ({"content": "#N/A"}, "Ô B2: công thức báo lỗi #N/A. Sửa công thức hoặc ghi thẳng giá trị."),
    ],
)
def test_every_fault_names_its_cell_and_how_to_mend_it(cells: dict[str, Cell], sentence: str) -> None:
    assert said(line(**cells)) == [sentence]


def test_sources_and_groups_are_chosen_from_the_lists() -> None:
    listed = "Ngân sách trung ương, Ngân sách tỉnh, Ngân sách huyện, Ngân sách xã, Xã hội hóa, Nguồn khác"
    assert said(line(source="Vay")) == [f"Ô I2: “Vay” không khớp nguồn nào. Ghi một trong: {listed}."]
    assert said(line(source=None)) == [
        f"Ô I2: có 180,5 triệu đồng mà chưa ghi nguồn. Ghi một trong: {listed}."
    ]
    assert said(line(group="Nông nghiệp số"))[0].startswith("Ô J2: “Nông nghiệp số” không khớp nhóm nào.")
    assert said(line(group=None))[0].startswith("Ô J2: chưa biết thuộc nhóm nào.")
    assert said(["IX. Nông nghiệp số"], line())[0].startswith(
        "Ô A2: “IX. Nông nghiệp số” không khớp nhóm nào."
    )
    assert said(line(source=None, amount=None)) == []


def test_all_faults_are_found_at_once_and_nothing_is_half_taken() -> None:
    reading = read(line(), line(ends="31/06/2022", amount="x"), line(content=None))
    assert [fault.sentence[:5] for fault in reading.faults] == ["Ô F3:", "Ô H3:", "Ô B4:"]


def test_without_a_column_of_groups_the_row_is_named() -> None:
    head: list[Cell] = HEAD[:9]
    (fault,) = read(line()[:9], head=head).faults
    assert fault.sentence.startswith("Dòng 2: chưa biết thuộc nhóm nào.")


@pytest.mark.parametrize(
    ("text", "vnd"),
    [
        ("1.250,5", 1_250_500_000),
        ("180", 180_000_000),
        ("1.250", 1_250_000_000),
        ("0,000001", 1),
        ("180 triệu đồng", 180_000_000),
        ("-", 0),
        ("Không", 0),
        (Decimal("0.3"), 300_000),
    ],
)
def test_money_is_read_as_people_write_it(text: Cell, vnd: int) -> None:
    reading = read(line(amount=text))
    assert [row.amount for row in reading.rows] == [vnd]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("5/6/2022", dt.date(2022, 6, 5), dt.date(2022, 6, 5)),
        ("05.06.2022", dt.date(2022, 6, 5), dt.date(2022, 6, 5)),
        ("2022-06-05", dt.date(2022, 6, 5), dt.date(2022, 6, 5)),
        ("Trước ngày 30/6/2022", dt.date(2022, 6, 30), dt.date(2022, 6, 30)),
        ("Tháng 2/2024", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("Quý IV/2022", dt.date(2022, 10, 1), dt.date(2022, 12, 31)),
        ("Q1 2023", dt.date(2023, 1, 1), dt.date(2023, 3, 31)),
        ("2025", dt.date(2025, 1, 1), dt.date(2025, 12, 31)),
        ("30/02/2022", None, None),
        ("13/2022", None, None),
        ("thường xuyên", None, None),
    ],
)
def test_days_are_read_as_people_write_them(text: str, first: dt.date | None, last: dt.date | None) -> None:
    assert (day_of(text, is_last=False), day_of(text, is_last=True)) == (first, last)


def test_a_sheet_without_a_table_is_told_so() -> None:
    with pytest.raises(NoTable, match="Không thấy dòng đầu"):
        read_annex([["Chào"], [Decimal(1)]], shape(), {})
    with pytest.raises(NoTable, match="Bảng thiếu cột: Cơ quan chủ trì, Sản phẩm"):
        read_annex([["STT", "Nhiệm vụ", "Bắt đầu", "Hoàn thành", "Ghi chú"], []], shape(), {})
    with pytest.raises(NoTable, match="chưa có nhiệm vụ nào"):
        read_annex([HEAD, []], shape(), {})


def test_an_annex_has_an_end() -> None:
    with pytest.raises(NoTable, match=r"nhiều nhất 5\.000"):
        read(*[line()] * 5_001)
