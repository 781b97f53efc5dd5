"""Figures are written in one form, nothing is rounded up to the whole, and sentences follow from the facts alone."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.plans.rules.drafting import (
    NO_CAUSE,
    Facts,
    Limits,
    OfOffice,
    OfTarget,
    OfTask,
    OfWindow,
    draft,
)
from tinhso.plans.rules.reviews import (
    NewFigure,
    canonical,
    figure_text,
    hash_of,
    headline,
    moved,
    period_words,
    plain_text,
    share,
    short_period,
    usual_title,
)
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)
DAY = AT.date()
LIMITS = Limits(lines=8, named=3, fewest_cases=30, fewest_tasks=3, coming_days=30)
WHOLE = st.integers(min_value=1, max_value=10_000_000)


def new(key: str, part: int, whole: int) -> NewFigure:
    return NewFigure(
        key, "dich-vu", "Thử", "percent", "Sổ", AT, Decimal(part), Decimal(whole), share(part, whole)
    )


@pytest.mark.parametrize(
    ("first", "last", "words", "short", "title"),
    [
        ("2022-01-01", "2022-05-10", "bốn tháng đầu năm 2022", "Bốn tháng", "Sơ kết bốn tháng đầu năm 2022"),
        ("2022-01-01", "2022-04-30", "bốn tháng đầu năm 2022", "Bốn tháng", "Sơ kết bốn tháng đầu năm 2022"),
        ("2022-01-01", "2022-12-31", "năm 2022", "Năm 2022", "Tổng kết năm 2022"),
        (
            "2022-02-01",
            "2022-04-30",
            "từ 01/02/2022 đến 30/04/2022",
            "Từ 01/02/2022 đến 30/04/2022",
            "Sơ kết từ 01/02/2022 đến 30/04/2022",
        ),
        (
            "2022-01-01",
            "2022-01-09",
            "từ 01/01/2022 đến 09/01/2022",
            "Từ 01/01/2022 đến 09/01/2022",
            "Sơ kết từ 01/01/2022 đến 09/01/2022",
        ),
        (
            "2022-01-01",
            "2022-05-20",
            "từ 01/01/2022 đến 20/05/2022",
            "Từ 01/01/2022 đến 20/05/2022",
            "Sơ kết từ 01/01/2022 đến 20/05/2022",
        ),
    ],
)
def test_a_period_is_called_as_people_call_it(
    first: str, last: str, words: str, short: str, title: str
) -> None:
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    assert (period_words(*days), short_period(*days), usual_title(*days)) == (words, short, title)


def test_figures_are_written_as_the_article_writes_them() -> None:
    assert figure_text(share(1605, 1711), "percent") == "93,8 %"
    assert figure_text(share(179_930, 179_966), "percent", 2) == "99,98 %"
    assert figure_text(share(298, 298), "percent") == "100 %"
    assert figure_text(None, "percent") == "chưa có số"
    assert (plain_text(Decimal("1711.0000")), plain_text(None)) == ("1.711", "không ghi")
    assert share(1, 0) is None
    assert share(None, 5) is None


@given(st.integers(min_value=0, max_value=10_000_000), WHOLE, st.integers(min_value=0, max_value=2))
def test_what_is_not_the_whole_is_never_told_as_the_whole(part: int, whole: int, places: int) -> None:
    found = share(min(part, whole), whole)
    assert found is not None
    assert 0 <= found <= 100
    if part < whole and found < 100:
        assert figure_text(found, "percent", places) != "100 %"


@given(st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=6), st.data())
def test_the_hash_is_that_of_the_text_and_moves_with_any_number(
    pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    figures = [new(f"k{n}", min(pair), max(pair)) for n, pair in enumerate(pairs)]
    text = canonical(figures)
    assert sha256(text.encode()).hexdigest() == hash_of(figures)
    assert [one["key"] for one in json.loads(text)] == [one.key for one in figures]
    place = data.draw(st.integers(min_value=0, max_value=len(figures) - 1))
    other = list(figures)
    other[place] = replace(other[place], numerator=(other[place].numerator or Decimal(0)) + 1)
    assert hash_of(other) != hash_of(figures)
    assert [one.key for one in moved(figures, other)] == [f"k{place}"]
    assert moved(figures, figures) == ()


def test_a_figure_that_came_or_went_is_told_and_another_moment_is_not() -> None:
    one, two = new("a", 1, 2), new("b", 1, 2)
    later = replace(one, counted_at=AT + dt.timedelta(hours=3), note="Khác")
    assert moved([one], [later]) == ()
    gone, come = moved([one], [two])
    assert (gone.live, come.frozen) == (None, None)


def test_the_headline_comes_from_the_frozen_figures() -> None:
    first, last = dt.date(2022, 1, 1), DAY
    figures = {"targets_on_track": new("targets_on_track", 3, 6), "tasks_overdue": new("tasks_overdue", 4, 9)}
    assert headline(first, last, figures) == "Bốn tháng: 3 trên 6 chỉ tiêu kịp tiến độ, 4 nhiệm vụ trễ"
    figures["tasks_overdue"] = new("tasks_overdue", 0, 9)
    assert headline(first, last, figures).endswith("không nhiệm vụ nào trễ")
    assert headline(first, last, {}) == "Bốn tháng: chưa có chỉ tiêu và nhiệm vụ để xét"


def facts() -> Facts:
    return Facts(
        on=DAY,
        late=[
            OfTask(
                1, "Danh sách tổ công tác", 8, "Sở Nội vụ", dt.date(2022, 5, 6), 2, "2 huyện chưa cử người", 1
            ),
            OfTask(
                2, "Nối mạng 60 xã, đợt 1", 7, "Sở TT&TT", dt.date(2022, 4, 29), 5, "22 xã chưa bàn giao", 2
            ),
        ],
        coming=[OfTask(3, "Tập huấn", 9, "Sở GD&ĐT", dt.date(2022, 5, 31))],
        targets=[
            OfTarget(
                5,
                "Nối mạng xã",
                "very_slow",
                "target:CT-001",
                "percent",
                Decimal("38.9"),
                Decimal(62),
                Decimal(100),
                dt.date(2022, 12, 31),
                Decimal(138),
                Decimal(226),
                7,
                ("Huyện chưa bố trí phòng",),
            ),
            OfTarget(6, "Hồ sơ sức khỏe", "unknown", "target:CT-002", "percent", None, None, None, None),
        ],
        windows=[
            OfWindow("Kế hoạch 2022", "window:1", dt.date(2022, 5, 20), False, 32, tuple("abcd")),
            OfWindow("Kế hoạch 2021", "window:2", dt.date(2022, 4, 20), True, 32, ("Sở Y tế", "Sở Xây dựng")),
        ],
        late_cases=[OfOffice("Ý Yên", 52, 1000, 1), OfOffice("Mỹ Lộc", 0, 400, 2), OfOffice("Ít", 2, 3, 3)],
        postponed=4118,
        unused=700,
        counter_only=37,
        findings_overdue=2,
        security_share=Decimal("8.2"),
        security_norm=Decimal(10),
        ways_differ=Decimal("3.57"),
        unsigned=307,
        done_on_time=[
            OfOffice("Sở Tư pháp", 0, 4, 4),
            OfOffice("Sở TT&TT", 2, 9, 7),
            OfOffice("Nhỏ", 0, 1, 5),
        ],
        registered_early=["Sở Công Thương"],
    )


def test_limits_name_their_figures_and_their_causes_from_the_data() -> None:
    lines = {line.about: line for line in draft(facts(), LIMITS) if line.section == "limits"}
    slow = lines["target:5"]
    assert slow.text == "Nối mạng xã chậm nhiều: còn 138 trên 226, mới đạt 38,9 %, lúc này cần 62 %."
    assert (slow.cause, slow.figures) == ("Huyện chưa bố trí phòng.", ("target:CT-001",))
    cases = lines["rule:late-cases"]
    assert cases.text.startswith("Trả hồ sơ trễ: 54 trên 1.403 hồ sơ")
    assert "Ý Yên trễ 52 trên 1.000, cao nhất" in cases.text, "an office with three dossiers is not the worst"
    assert "4.118 hồ sơ hẹn lại ngày" in cases.cause
    assert "737 dịch vụ" in lines["rule:without-dossiers"].text
    assert "37 dịch vụ vẫn chỉ nộp tại quầy" in lines["rule:without-dossiers"].cause
    assert "lâu nhất 5 ngày làm việc ở Sở TT&TT" in lines["rule:late-tasks"].text
    assert "2 trên 32 cơ quan" in lines["window:2"].text
    assert "window:1" not in lines, "nobody is late before the deadline"
    assert lines["rule:late-findings"].cause == NO_CAUSE


def test_the_longest_late_stands_first_and_each_with_its_blocker() -> None:
    late = [line for line in draft(facts(), LIMITS) if line.section == "late"]
    assert [(line.about, line.cause) for line in late] == [
        ("task:2", "22 xã chưa bàn giao"),
        ("task:1", "2 huyện chưa cử người"),
    ]


def test_what_comes_next_has_lead_and_day() -> None:
    ahead = {line.about: line for line in draft(facts(), LIMITS) if line.section == "next"}
    assert ahead["window:1"].text == "4 cơ quan đăng ký “Kế hoạch 2022”, trước 20/05/2022."
    assert ahead["window:1"].lead_id is None, "many offices: nobody leads"
    assert (ahead["target:5"].lead_id, ahead["target:5"].due) == (7, dt.date(2022, 12, 31))
    assert "window:2" not in ahead, "a closed window is no task to come"
    assert ahead["task:3"].due == dt.date(2022, 5, 31)


def test_recommendations_and_praise_follow_from_figures() -> None:
    said = {line.about: line.text for line in draft(facts(), LIMITS)}
    assert "3,57 điểm phần trăm" in said["rule:three-ways"]
    assert "đủ 10 %: hiện 8,2 %" in said["rule:security"]
    assert "Hồ sơ sức khỏe" in said["rule:unknown-targets"]
    assert said["office:4"].startswith("Sở Tư pháp: xong 4 nhiệm vụ")
    assert not {"office:5", "office:7"} & set(said), "too few tasks, or some late: no praise"
    assert "Mỹ Lộc (400 hồ sơ)" in said["rule:none-late"]


def test_an_empty_province_has_nothing_to_say() -> None:
    assert draft(Facts(on=DAY), LIMITS) == []


def test_no_line_is_longer_than_its_column() -> None:
    long = replace(facts(), late=[OfTask(1, "x" * 2000, 1, "Sở", DAY, 1, "y" * 2000)])
    for line in draft(long, LIMITS):
        assert len(line.text) <= 1500
        assert len(line.cause) <= 1000
