"""The article's own four months as a page of a review and its conclusion: fixed figures, for pictures that are compared."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from tinhso.plans.models import Conclusion, ConclusionLine, Meeting, Review, ReviewFigure, ReviewLine
from tinhso.plans.queries.meetings import AssignedLine, ConclusionPage
from tinhso.plans.queries.review_kinds import kind_of
from tinhso.plans.queries.reviews import Heading, ReviewPage, figures_hash
from tinhso.plans.rules.reviews import share
from tinhso.plans.tests.factories import Committee
from tinhso.toolkit.clock import VN

COUNTED = dt.datetime(2022, 5, 10, 5, 0, tzinfo=VN)
FROZEN = dt.datetime(2022, 5, 10, 9, 15, tzinfo=VN)
HEADING = Heading("UBND tỉnh Nam Định", "Ban Chỉ đạo chuyển đổi số tỉnh", "Nam Định", "Trưởng Thịnh Minh Họa")
#: Key, what it is called where its kind does not say, numerator, denominator, value (None: of the two), note.
FIGURES: tuple[tuple[str, str, int | None, int | None, str | None, str], ...] = (
    ("service_levels", "", 1605, 1711, None, "1.125 ở mức độ 4, 480 ở mức độ 3."),
    ("services_with_dossiers", "", 868, 1605, None, ""),
    ("services_with_dossiers_every_month", "", 509, 1605, None, ""),
    ("online_share", "", 61_204, 179_966, None, ""),
    ("signatures", "", 2, 275, None, ""),
    ("signatures_declared", "", 298, 298, None, "Nơi nào cũng đã khai."),
    ("one_stop", "", 256, 256, None, ""),
    ("interlinked", "", 0, 0, None, "Chưa có số."),
    ("on_time_reported", "", None, None, "99.98", "Kỳ báo cáo 01/01/2022 đến 30/04/2022."),
    ("on_time_national", "", 179_930, 179_966, None, "Cách tính chưa kiểm chứng."),
    ("on_time_strict", "", 171_204, 177_580, None, ""),
    ("targets_on_track", "", 3, 6, None, ""),
    ("target:CT-001", "Xã đã nối mạng chuyên dùng", 88, 226, None, "Chậm nhiều. Lúc này cần 62 %."),
    ("tasks_done", "", 31, 58, None, ""),
    ("tasks_on_time", "", 27, 31, None, ""),
    ("tasks_overdue", "", 2, 27, None, ""),
    (
        "window:1",
        "Kế hoạch chuyển đổi số năm 2022",
        20,
        32,
        None,
        "Hạn 20/05/2022 chưa đến nên chưa tính là trễ.",
    ),
    ("money_planned", "", 41_200_000_000, None, "41200000000", ""),
    ("security_share", "", 3_400_000_000, 41_200_000_000, None, "Định mức ít nhất 10 %."),
)


def article_review(who: Committee) -> ReviewPage:
    """Return the review of the article's four months, approved, with two late tasks."""
    review = Review(
        code="sk-220101-220510-1",
        title="Sơ kết bốn tháng đầu năm 2022",
        first=dt.date(2022, 1, 1),
        last=dt.date(2022, 5, 10),
        state="approved",
        draft_number=2,
        number="15/BC-BCĐ",
        frozen_at=FROZEN,
        approved_at=FROZEN,
    )
    figures = tuple(_figure(review, place, *one) for place, one in enumerate(FIGURES, 1))
    review.figures_hash = figures_hash(figures)
    return ReviewPage(review, figures, _lines(review, who), (), (), {"task:1": 2, "task:2": 1}, {})


def _figure(
    review: Review,
    place: int,
    key: str,
    label: str,
    part: int | None,
    whole: int | None,
    value: str | None,
    note: str,
) -> ReviewFigure:
    kind = kind_of(key)
    return ReviewFigure(
        review=review,
        ordinal=place,
        key=key,
        group=kind.group,
        label=label or kind.label,
        numerator=None if part is None else Decimal(part),
        denominator=None if whole is None else Decimal(whole),
        value=Decimal(value) if value else share(part, whole),
        unit="VND" if key == "money_planned" else "percent",
        note=note,
        source=kind.source,
        formula="bản 1",
        counted_at=COUNTED,
    )


def _lines(review: Review, who: Committee) -> tuple[ReviewLine, ...]:
    late = (
        ("Nối mạng 60 xã, đợt 1", "22 xã chưa bàn giao tủ mạng", "task:1", who.other, dt.date(2022, 4, 29)),
        ("Kiến trúc chính quyền điện tử", "Chờ ý kiến 3 sở", "task:2", who.other, dt.date(2022, 5, 4)),
    )
    words: tuple[tuple[str, str, str, list[int]], ...] = (
        ("limits", "Nối mạng xã chậm nhiều: 138 xã chưa nối.", "Huyện chưa bố trí phòng và điện.", [13]),
        (
            "limits",
            "Trả hồ sơ trễ: 6.376 trên 177.580 hồ sơ.",
            "4.118 hồ sơ hẹn lại ngày rồi mới trả.",
            [10, 11],
        ),
        ("next", "12 cơ quan đăng ký “Kế hoạch chuyển đổi số năm 2022”, trước 20/05/2022.", "", [17]),
        ("next", "Trình kế hoạch mới của tỉnh, trước 01/06/2022, sau khi lấy ý kiến các sở.", "", []),
        ("recommendations", "Công bố cả ba cách tính hồ sơ đúng hạn trong mọi báo cáo.", "", [9, 10, 11]),
        ("praise", "Sở Giáo dục và Đào tạo: xong 4 nhiệm vụ, tất cả đúng hạn.", "", []),
    )
    return (
        *(
            ReviewLine(
                review=review,
                section="late",
                ordinal=n,
                text=text,
                cause=cause,
                about=about,
                lead=lead,
                due=due,
            )
            for n, (text, cause, about, lead, due) in enumerate(late, 1)
        ),
        *(
            ReviewLine(review=review, section=section, ordinal=n, text=text, cause=cause, figures=figures)
            for n, (section, text, cause, figures) in enumerate(words, 1)
        ),
    )


def article_conclusion(who: Committee) -> ConclusionPage:
    """Return the conclusion of the conference, issued: two assignments, and a sentence that assigns nothing."""
    meeting = Meeting(
        title="Hội nghị sơ kết bốn tháng đầu năm 2022",
        starts_at=dt.datetime(2022, 5, 10, 8, 0, tzinfo=VN),
        place="Hội trường UBND tỉnh",
    )
    one = Conclusion(
        meeting=meeting,
        opening="Ngày 10/05/2022, tại Hội trường UBND tỉnh, Trưởng ban Ban Chỉ đạo chuyển đổi số tỉnh chủ trì"
        " Hội nghị sơ kết bốn tháng đầu năm 2022. Sau khi nghe báo cáo sơ kết và ý kiến của các cơ quan, Trưởng"
        " ban kết luận như sau:",
        number="62/TB-BCĐ",
        issued_at=dt.datetime(2022, 5, 10, 11, 40, tzinfo=VN),
    )
    lines = (
        (
            "Bốn tháng qua các cơ quan đã cố gắng; nối mạng xã và đăng ký kế hoạch còn chậm.",
            None,
            (),
            None,
            "",
        ),
        (
            "Trình kế hoạch chuyển đổi số mới của tỉnh sau khi lấy ý kiến các sở.",
            who.other,
            (who.bureau,),
            dt.date(2022, 6, 1),
            "Tờ trình, dự thảo kế hoạch",
        ),
        ("Đăng ký kế hoạch năm 2022 và 2022–2025.", who.bureau, (), dt.date(2022, 5, 20), "Kế hoạch đã ký"),
    )
    return ConclusionPage(
        one,
        meeting,
        tuple(
            AssignedLine(
                ConclusionLine(conclusion=one, ordinal=n, text=text, lead=lead, due=due, product=product),
                partners,
                "",
                "",
            )
            for n, (text, lead, partners, due, product) in enumerate(lines, 1)
        ),
        "",
        (),
    )
