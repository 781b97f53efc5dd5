"""Rows of annexes for tests: nine tasks as a bureau writes them, and any rows that the tables can hold."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from hypothesis import strategies as st

from tinhso.plans.models import Plan, PlanItem
from tinhso.plans.queries.annex import shape
from tinhso.plans.rules.annex import neat
from tinhso.plans.rules.plans import MOST_AMOUNT, Row

NINE = (
    ("nhan-thuc", "Tập huấn kỹ năng số cho 1.150 cán bộ quản lý trường",
     "Phòng Tổ chức cán bộ", "các phòng giáo dục huyện", "06/06", "30/09", "46 lớp, bài kiểm tra cuối lớp", 180),
    ("the-che", "Ban hành quy chế quản lý cơ sở dữ liệu ngành", "Văn phòng Sở",
     "Sở Tư pháp", "16/05", "30/06", "Quyết định, quy chế", 0),
    ("ha-tang", "Nối mạng chuyên dùng cấp II cho Sở và 10 phòng giáo dục",
     "Văn phòng Sở", "Sở Thông tin và Truyền thông", "01/07", "30/09", "11 điểm nối, 100 Mbps", 420),
    ("nhan-luc", "Cử 1 lãnh đạo, 2 chuyên viên vào đội nòng cốt", "Phòng Tổ chức cán bộ",
     "Sở Nội vụ", "16/05", "31/05", "Quyết định cử 3 người", 0),
    ("an-toan", "Lập hồ sơ cấp độ an toàn cho cơ sở dữ liệu ngành", "Văn phòng Sở",
     "Công an tỉnh", "01/06", "31/10", "Hồ sơ được phê duyệt", 310),
    ("chinh-quyen", "Đưa 12 thủ tục đủ điều kiện lên mức độ 4", "Văn phòng Sở",
     "Văn phòng UBND tỉnh", "16/05", "31/08", "12 quyết định công bố", 260),
    ("chinh-quyen", "Làm thử học bạ số ở 20 trường", "Phòng Giáo dục trung học",
     "20 trường", "01/08", "31/12", "20 trường dùng thật", 950),
    ("kinh-te", "Thu học phí không dùng tiền mặt", "Phòng Kế hoạch - Tài chính",
     "các ngân hàng", "01/08", "31/12", "Mọi trường ở thành phố Nam Định", 0),
    ("xa-hoi", "Kho bài giảng dùng chung, 400 bài", "Phòng Giáo dục tiểu học",
     "Đài Phát thanh và Truyền hình", "01/06", "31/12", "Kho mở cho học sinh, không cần đăng nhập", 880),
)  # fmt: skip


def row(**fields: Any) -> Row:
    """Return a row that can stand in an annex."""
    return Row(
        **{
            "group": "nhan-thuc",
            "content": "Tập huấn kỹ năng số",
            "lead": "Văn phòng Sở",
            "starts": dt.date(2022, 6, 1),
            "ends": dt.date(2022, 6, 30),
            "product": "46 lớp",
            **fields,
        }
    )


def nine_rows() -> list[Row]:
    """Return the nine tasks of a bureau: 3,000 million VND of the province's budget."""
    return [
        Row(
            group=group,
            content=content,
            lead=lead,
            partners=partners,
            starts=_day(starts),
            ends=_day(ends),
            product=product,
            amount=millions * 1_000_000,
            source="tinh" if millions else "",
        )
        for group, content, lead, partners, starts, ends, product, millions in NINE
    ]


def many_rows(n: int) -> list[Row]:
    """Return so many different tasks."""
    nine = nine_rows()
    return [
        row(
            group=nine[k % 9].group,
            content=f"{nine[k % 9].content}, đợt {k + 1}",
            lead=nine[k % 9].lead,
            partners=nine[k % 9].partners,
            product=nine[k % 9].product,
            amount=k * 1_234_567,
            source="tinh" if k else "",
            sector="Giáo dục",
            note=f"Dòng {k + 1}",
        )
        for k in range(n)
    ]


def worked() -> float:
    """Return the seconds that this process and the children it waited for have worked: others' load does not count."""
    return sum(os.times()[:4])


def write(plan: Plan, rows: list[Row]) -> None:
    """Make the annex of a plan be these rows."""
    PlanItem.objects.bulk_create(
        PlanItem(
            plan=plan,
            ordinal=place,
            **{
                ("lead_office_id" if key == "lead_office" else key): getattr(one, key)
                for key in Row.__dataclass_fields__
            },
        )
        for place, one in enumerate(rows, 1)
    )


def _day(text: str) -> dt.date:
    day, month = text.split("/")
    return dt.date(2022, int(month), int(day))


#: Any text that the tables may hold, as a file gives it back: tidy, without signs that nobody sees.
def texts(longest: int, shortest: int = 0) -> st.SearchStrategy[str]:
    """Return any neat text of some length, some of it words, numbers, formulas and signs of XML."""
    tricky = st.sampled_from(
        [
            "=1+1",
            "+84",
            "-1",
            "@a",
            "_x0041_",
            "#1",
            "1",
            "30/06/2022",
            "<b>&amp;</b>",
            "Đợt\nhai",
            "'",
            "😀",
            "đúng",
        ]
    )
    any_text = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co")), max_size=longest)
    return (
        st.one_of(tricky, any_text)
        .map(lambda text: neat(text)[:longest].strip())
        .map(neat)
        .filter(lambda text: shortest <= len(text) <= longest)
    )


@st.composite
def any_row(draw: st.DrawFn) -> Row:
    """Draw a row that can stand in an annex."""
    starts = draw(st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31)))
    amount = draw(st.one_of(st.just(0), st.integers(0, MOST_AMOUNT)))
    source = draw(st.sampled_from(list(shape().sources)))
    return Row(
        group=draw(st.sampled_from(list(shape().groups))),
        content=draw(texts(40, 1)),
        lead=draw(texts(30, 1)),
        product=draw(texts(30, 1)),
        sector=draw(texts(60)),
        partners=draw(texts(30)),
        note=draw(texts(30)),
        starts=starts,
        ends=draw(st.dates(starts, dt.date(2100, 12, 31))),
        amount=amount,
        source=source if amount else draw(st.sampled_from(["", source])),
    )
