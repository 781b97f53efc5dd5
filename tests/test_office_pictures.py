"""A plan with its annex, opened by LibreOffice, looks as it was judged by eye; and the measure can tell a difference."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.office_pictures import distance, same_picture
from tinhso.plans.adapters.annex_files import plan_word
from tinhso.plans.queries.annex import shape
from tinhso.plans.queries.plan_paper import BULLET, GROUND, HEADING, PARAGRAPH, Part, PlanPaper, annex_parts
from tinhso.plans.tests.annex_world import nine_rows

AT = dt.datetime(2022, 5, 20, 9, 0, tzinfo=dt.UTC)
PAPER = PlanPaper(
    authority="UBND tỉnh Nam Định",
    issuer="Sở Giáo dục và Đào tạo",
    number="12/KH-SGDĐT",
    place="Nam Định",
    on=dt.date(2022, 5, 20),
    about="Chuyển đổi số năm 2022 của Sở Giáo dục và Đào tạo",
    parts=(
        Part(GROUND, "Căn cứ Kết luận số 01/KL-BCĐ ngày 18/04/2022 của Trưởng ban Ban Chỉ đạo về chuyển đổi số (minh họa);"),
        Part(HEADING, "I. MỤC TIÊU"),
        Part(PARAGRAPH, "Mọi cơ sở giáo dục quản lý học sinh trên một cơ sở dữ liệu của ngành. " * 4),
        Part(HEADING, "II. NHIỆM VỤ"),
        Part(PARAGRAPH, "Kế hoạch có 9 nhiệm vụ thuộc 8 nhóm, chi tiết tại Phụ lục kèm theo:"),
        *(Part(BULLET, f"{name}: nhiệm vụ và kinh phí như Phụ lục.") for name in shape().groups.values()),
        Part(HEADING, "III. KINH PHÍ"),
        Part(PARAGRAPH, "Tổng kinh phí: 3.000 triệu đồng. " * 12),
        Part(HEADING, "IV. TỔ CHỨC THỰC HIỆN"),
        Part(PARAGRAPH, "Giám đốc Nguyễn Thị Điển Hình chịu trách nhiệm trực tiếp về kết quả thực hiện kế hoạch. " * 6),
    ),
    signs_for="",
    title="Giám đốc",
    name="Nguyễn Thị Điển Hình",
    receivers=("Ban Chỉ đạo chuyển đổi số tỉnh", "Sở Thông tin và Truyền thông", "Lưu: VT"),
    mark="",
    annex_title="Nhiệm vụ chuyển đổi số năm 2022 của Sở Giáo dục và Đào tạo",
    annex_note="(Kèm theo Kế hoạch số 12/KH-SGDĐT ngày 20 tháng 5 năm 2022 của Sở Giáo dục và Đào tạo)",
    annex=annex_parts(nine_rows()),
    total=3_000_000_000,
)  # fmt: skip


def test_a_plan_with_its_annex_looks_as_it_was_judged() -> None:
    same_picture(plan_word(PAPER, shape(), made_at=AT), "plan")


def test_another_layout_is_told_with_a_place_to_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(PAPER, authority="", about="Chuyển đổi số", parts=PAPER.parts[2:])
    with pytest.raises(
        pytest.fail.Exception, match=r"page 1: .* in the worst block .* The new ones are in /tmp"
    ):
        same_picture(plan_word(wrong, shape(), made_at=AT), "plan")


def test_a_page_may_be_drawn_a_little_otherwise_and_not_much() -> None:
    page = Image.new("L", (330, 468), 255)
    draw = ImageDraw.Draw(page)
    for line in range(40, 440, 12):
        draw.rectangle((40, line, 300, line + 3), fill=90)
    softer = page.point(lambda grey: grey + 8 if grey < 255 else 255)
    assert distance(page, softer).is_near
    moved = Image.new("L", page.size, 255)
    moved.paste(page, (0, 6))
    assert not distance(page, moved).is_near
    without = page.copy()
    ImageDraw.Draw(without).rectangle((40, 196, 300, 200), fill=255)
    assert not distance(page, without).is_near
    assert distance(page, page.rotate(90, expand=True)).mean == 255
