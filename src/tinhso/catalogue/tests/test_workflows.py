"""Real internal process sheets, and damaged ones, read into steps."""

from __future__ import annotations

import os
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest

from tinhso.catalogue.adapters.process_sheets.times import cell_time, lengths_in, looks_like_time
from tinhso.catalogue.adapters.process_sheets.who import role_of
from tinhso.catalogue.adapters.workflows import read_sheet, read_workflows

#: Real sheets stand beside the project, never in it.
REAL = Path(__file__).parents[4].parent / "shared" / "data" / "workflows"

HEAD = """SỞ VÍ DỤ
QUY TRÌNH
Mã hiệu: QT 07/VD
Cấp giấy thử nghiệm
Lần ban hành: 01
Ngày ban hành: 07/7/2025
MỤC LỤC
1. MỤC ĐÍCH
5. NỘI DUNG
a. Thành phần, số lượng hồ sơ:
- Đơn theo mẫu.
- Bản sao giấy tờ.
Số lượng hồ sơ: 01 bộ
b. Thời hạn giải quyết: {limit}
e. Phí, lệ phí: 50.000 đồng
k. Quy trình xử lý công việc:
TT
Trình tự các bước công việc*
Trách nhiệm
Thời gian
"""
TAIL = """
*Ghi chú: đơn vị tính thời gian là ngày làm việc.
6. BIỂU MẪU
7. HỒ SƠ LƯU
TT
Tên hồ sơ
Nơi lưu
Thời gian lưu
1.
Bộ hồ sơ
Phòng chuyên môn
05 năm
2.
Sổ theo dõi
Văn thư
Vĩnh viễn
"""
STEPS = (
    ("Nhận hồ sơ, kiểm tra.\n- Thiếu thì hướng dẫn.", "Bộ phận tiếp nhận và trả kết quả", "½ ngày"),
    ("Thẩm định hồ sơ", "Chuyên viên phòng chuyên môn", "02 ngày"),
    ("Ký giấy", "Lãnh đạo\nSở", "01 ngày"),
    ("- Đóng dấu.", "Văn thư Sở", "½ ngày"),
)


def sheet(limit: str = "04 ngày làm việc", steps: tuple[tuple[str, str, str], ...] = STEPS) -> str:
    """Return a sheet in the style of the real ones."""
    rows = "".join(f"    {n}. \n{what}\n{who}\n{time}\n" for n, (what, who, time) in enumerate(steps, 1))
    return HEAD.format(limit=limit) + rows + TAIL


def test_a_sheet_is_read_into_steps_with_role_and_hours() -> None:
    read = read_sheet("a.txt", sheet())
    (process,) = read.processes
    assert [(s.order, s.role, s.hours) for s in process.steps] == [
        (1, "counter_clerk", Decimal(4)),
        (2, "specialist", Decimal(16)),
        (3, "leader", Decimal(8)),
        (4, "seal_clerk", Decimal(4)),
    ]
    assert process.steps[2].responsible == "Lãnh đạo Sở"
    assert process.steps[0].what == "Nhận hồ sơ, kiểm tra.\n- Thiếu thì hướng dẫn."
    assert (process.columns[0].fit, process.columns[0].hours) == ("exact", Decimal(32))
    assert (read.name, read.number, read.issued_on) == ("Cấp giấy thử nghiệm", "QT 07/VD", "2025-07-07")
    assert [paper.text for paper in read.papers] == ["- Đơn theo mẫu.", "- Bản sao giấy tờ."]
    assert (read.sets, read.fees[0].vnd) == (1, 50_000)
    assert [(k.name, k.years, k.is_forever) for k in read.records] == [
        ("Bộ hồ sơ", Decimal(5), False),
        ("Sổ theo dõi", None, True),
    ]
    assert not read.flags


@pytest.mark.parametrize(
    ("limit", "fit"),
    [("03 ngày làm việc", "too_long"), ("05 ngày làm việc", "shorter"), ("theo thỏa thuận", "unknown")],
)
def test_the_sum_of_the_steps_is_held_against_the_limit(limit: str, fit: str) -> None:
    read = read_sheet("a.txt", sheet(limit))
    assert read.processes[0].columns[0].fit == fit
    assert (fit == "shorter") != any(flag.part == "sum" for flag in read.flags)


def test_a_time_that_stands_on_the_first_step_alone_is_told_to_cover_the_others() -> None:
    steps = tuple((what, who, "01 ngày" if n == 0 else "") for n, (what, who, _t) in enumerate(STEPS))
    read = read_sheet("a.txt", sheet("Ngay trong ngày tiếp nhận", steps))
    first, *others = read.processes[0].steps
    assert (first.hours, first.covers) == (Decimal(8), (2, 3, 4))
    assert all(step.hours is None for step in others)
    assert any(flag.part == "times" and "chung cho nhiều bước" in flag.why for flag in read.flags)


def test_a_step_without_a_time_leaves_the_fit_unknown() -> None:
    steps = tuple((what, who, "" if n == 1 else time) for n, (what, who, time) in enumerate(STEPS))
    column = read_sheet("a.txt", sheet(steps=steps)).processes[0].columns[0]
    assert (column.fit, column.hours) == ("unknown", Decimal(16))


def test_a_lost_order_number_is_noticed() -> None:
    read = read_sheet("a.txt", sheet().replace("    3. \n", ""))
    assert any("Số bước không liền" in flag.why for flag in read.flags)
    undotted = sheet(steps=(*STEPS[:2], ("Thẩm định lại", STEPS[1][1], ""), *STEPS[2:]))
    read = read_sheet(
        "a.txt", undotted.replace("    3. \n", "").replace("    4. ", "    3. ").replace("    5. ", "    4. ")
    )
    assert any("giống ô người làm" in flag.why or "nhánh riêng" in flag.why for flag in read.flags)


def test_a_time_in_words_stays_as_text_and_is_flagged() -> None:
    steps = (*STEPS[:1], ("Thẩm định", "Phòng chuyên môn", "Giờ hành chính"), *STEPS[2:])
    read = read_sheet("a.txt", sheet(steps=steps))
    assert any("Giờ hành chính" in flag.text for flag in read.flags)


def test_the_style_of_other_agencies_is_read() -> None:
    text = """UBND HUYỆN VÍ DỤ
QUY TRÌNH CẤP GIẤY PHÉP MẪU
Mã hiệu: QT-02
MỤC LỤC
5. NỘI DUNG
5.1
Điều kiện thực hiện
Không
5.2 Thành phần hồ sơ
- Đơn đề nghị
5.3 Số lượng hồ sơ
01 bộ
5.4 Thời gian xử lý
10 ngày làm việc
5.6 Lệ phí
Không
5.7 Quy trình xử lý công việc
TT
Trình tự
Trách nhiệm
Thời gian
Biểu mẫu/Kết quả
B1
Nộp hồ sơ
Tổ chức/cá nhân
Giờ hành chính
Theo mục 5.2
B2
Tiếp nhận hồ sơ
Bộ phận Một cửa
4 giờ
Giấy biên nhận
B3
Thẩm định
Công chức phòng Kinh tế
9 ngày
Tờ trình
B4
Phê duyệt
Chủ tịch UBND huyện
30 phút
Giấy phép
6. BIỂU MẪU
"""
    read = read_sheet("b.txt", text)
    steps = read.processes[0].steps
    assert [(s.order, s.role, s.hours) for s in steps[1:]] == [
        (2, "counter_clerk", Decimal(4)),
        (3, "specialist", Decimal(72)),
        (4, "leader", Decimal("0.5")),
    ]
    assert steps[1].output == "Giấy biên nhận"
    assert (read.name, read.sets, read.fees[0].vnd) == ("CẤP GIẤY PHÉP MẪU", 1, 0)
    assert read.limit is not None
    assert read.limit.hours == 80


def test_damaged_files_are_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    whole = sheet()
    (tmp_path / "a.txt").write_text(whole, encoding="utf-8")
    (tmp_path / "b-nfd.txt").write_text(unicodedata.normalize("NFD", whole), encoding="utf-8")
    (tmp_path / "c-crlf.txt").write_bytes(
        b"\xef\xbb\xbf" + whole.replace("07/VD", "08/VD").replace("\n", "\r\n").encode()
    )
    (tmp_path / "d-utf16.txt").write_text(whole.replace("07/VD", "09/VD"), encoding="utf-16")
    (tmp_path / "e-empty.txt").write_bytes(b" \n\n")
    (tmp_path / "f-binary.bin").write_bytes(b"PK\x03\x04\x00\x00" * 40)
    (tmp_path / "g-latin.txt").write_bytes("Quy trình".encode("cp1258", "replace") + b"\xff\xd0")
    (tmp_path / "h-form.txt").write_text("TỜ KHAI\nKính gửi: Ủy ban\n", encoding="utf-8")
    (tmp_path / "i-cut.txt").write_text(whole[: whole.index("Thẩm định") + 5], encoding="utf-8")
    (tmp_path / "j-large.txt").write_bytes(b"a" * 2_000_001)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "k.txt").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "l-pipe.txt")
    (tmp_path / "m-header.txt").write_text(HEAD.format(limit="1 ngày"), encoding="utf-8")
    report = read_workflows(tmp_path)
    assert report.read == 13 == len(report.imported) + len(report.repeats) + len(report.listed)
    assert [s.file for s in report.imported] == ["a.txt", "c-crlf.txt", "d-utf16.txt", "i-cut.txt"]
    assert [(r.file, r.same_as) for r in report.repeats] == [("b-nfd.txt", "a.txt")]
    assert all(one.reason for one in report.listed)
    cut = report.imported[-1]
    assert any("bị cắt" in flag.why for flag in cut.flags)
    assert cut.processes[0].columns[0].fit == "unknown"


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("½ ngày", 4),
        ("½  ngày", 4),
        ("1/2", None),
        ("01 ngày", 8),
        ("2.5 ngày", 20),
        ("1,5 ngày làm việc", 12),
        ("01 ½ ngày", 12),
        ("30 phút", Decimal("0.5")),
        ("Không quá 02 (hai) ngày", 16),
        ("Trong ngày", 8),
        ("1-2 ngày", None),
        ("Giờ hành chính", None),
        ("1/0 ngày", None),
        ("0 ngày", None),
    ],
)
def test_a_cell_of_time_is_read_or_left(text: str, hours: Decimal | int | None) -> None:
    assert cell_time(text).hours == hours


def test_a_bare_number_counts_what_the_sheet_says() -> None:
    assert looks_like_time("01")
    assert cell_time("01", unit_of_bare="ngay").hours == 8


def test_the_hour_of_the_clock_is_no_limit() -> None:
    found = lengths_in("Ngay trong ngày; nhận hồ sơ sau 15 giờ thì trả trong ngày làm việc tiếp theo.")
    assert [length.unit for length in found] == ["sameday"]


@pytest.mark.parametrize(
    ("who", "role"),
    [
        ("Văn thư UBND", "seal_clerk"),
        ("Lãnh đạo Sở", "leader"),
        ("Trưởng phòng chuyên môn", "leader"),
        ("Công chức tiếp nhận tại Trung tâm hành chính công cấp xã", "counter_clerk"),
        ("Công chức Tư pháp - Hộ tịch", "specialist"),
        ("Sở Tư pháp", ""),
        ("Chuyên viên; Văn thư", ""),
    ],
)
def test_the_words_name_a_role_or_none(who: str, role: str) -> None:
    assert role_of(who)[0] == role


def test_the_real_sheets_are_all_accounted_for() -> None:
    if not REAL.is_dir():
        if os.environ.get("TINHSO_REQUIRE_DATA"):
            pytest.fail("the real sheets are not there")
        pytest.skip("the real sheets are not on this machine")
    report = read_workflows(REAL)
    assert (report.read, len(report.imported), len(report.repeats)) == (41, 40, 0)
    assert [one.file for one in report.listed] == ["ho-tich-001-form.txt"]
    columns = [c for sheet in report.imported for process in sheet.processes for c in process.columns]
    assert (len(columns), sum(c.fit == "exact" for c in columns)) == (61, 57)
    steps = [step for sheet in report.imported for process in sheet.processes for step in process.steps]
    assert (len(steps), sum(bool(step.role) for step in steps)) == (204, 188)
    assert all(step.what and step.responsible for step in steps)
    assert all(sheet.name and sheet.records and sheet.papers for sheet in report.imported)
