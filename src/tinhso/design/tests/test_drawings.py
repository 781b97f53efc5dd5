"""The drawings of the design system say what they count, and never more."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tinhso.design import bullets, charts, cloth, icons, thread, weave
from tinhso.design.thread import Day

SHA = "da9570a2a77104e59f0185cff795f508d23173949032cf0b90de9dfffaefaad3"
MONDAY = date(2022, 5, 9)


def _days(kinds: str) -> list[Day]:
    names = {"p": "passed", "t": "today", "l": "left", "o": "over", "h": "paused", "r": "rest"}
    days, count, late = [], 0, 0
    for place, letter in enumerate(kinds):
        number = None
        if letter in "ptl":
            count += 1
            number = count
        elif letter == "o":
            late += 1
            number = late
        days.append(Day(MONDAY + timedelta(days=place), names[letter], number))  # type: ignore[arg-type]
    return days


def test_a_weave_is_the_same_mirrored_both_ways() -> None:
    rows = weave.cells(SHA)
    assert len(rows) == weave.SIZE
    assert rows == rows[::-1]
    assert all(row == row[::-1] for row in rows)


def test_the_first_bits_of_the_hash_fill_the_first_row_of_the_weave() -> None:
    assert [int(cell) for cell in weave.cells(SHA)[0][:7]] == [1, 1, 0, 1, 1, 0, 1]


def test_every_crossing_of_a_weave_is_drawn_once() -> None:
    assert str(weave.svg(SHA)).count("z") == weave.SIZE**2


def test_a_text_that_is_no_sha256_has_no_weave() -> None:
    with pytest.raises(ValueError, match="64"):
        weave.svg("abc")


def test_a_thread_at_row_height_leaves_out_days_of_rest() -> None:
    small = thread.mini(_days("pprrtll"))
    assert small.strands == ("d", "d", "t", "", "")
    assert small.title == "Đã dùng 3 trên 5 ngày"


def test_days_late_stick_out_of_a_thread() -> None:
    small = thread.mini(_days("pppoo"))
    assert small.strands == ("d", "d", "d", "o", "o")
    assert small.title == "Đã dùng 3 trên 3 ngày, quá 2 ngày"


def test_a_thread_that_ends_in_a_pause_says_so() -> None:
    assert thread.mini(_days("pph")).title.endswith("đang tạm dừng")
    assert "tạm dừng" not in thread.mini(_days("phtl")).title


def test_a_pause_followed_by_days_to_come_is_still_a_pause_now() -> None:
    assert thread.mini(_days("pphll")).title.endswith("đang tạm dừng")


def test_a_day_is_read_out_with_its_weekday_its_number_and_whether_it_is_due() -> None:
    assert Day(MONDAY, "left", 4, is_due=True).spoken == "thứ Hai, ngày thứ 4, ngày hẹn"
    assert Day(MONDAY, "rest", label="bù").spoken == "thứ Hai, nghỉ bù, không tính"
    assert Day(MONDAY, "over", 2).spoken == "thứ Hai, quá hạn 2 ngày"


def test_only_the_strands_present_are_explained() -> None:
    assert [word for _, word in thread.keys(_days("prt"))] == ["đã qua", "hôm nay", "ngày nghỉ"]


def test_bars_are_sorted_and_start_from_zero() -> None:
    drawing = str(charts.hbars([("Ít", 1), ("Nhiều", 9)], "Nhiều hơn Ít"))
    assert drawing.index("Nhiều</text>") < drawing.index("Ít</text>")
    assert 'aria-label="Nhiều hơn Ít"' in drawing


def test_a_bar_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="zero"):
        charts.hbars([("Lỗi", -1)], "")


def test_a_chart_of_four_lines_is_refused() -> None:
    with pytest.raises(ValueError, match="three"):
        charts.lines([charts.Series("a", [("1", 1)])] * 4, "")


def test_a_label_cannot_bring_markup_into_a_chart() -> None:
    assert "<b>" not in str(charts.hbars([("<b>", 1)], "<b>"))


@pytest.mark.parametrize(("highest", "last"), [(52, 60), (0, 1), (100, 100), (3.2, 4)])
def test_the_axis_ends_at_a_round_number(highest: float, last: float) -> None:
    ticks = charts.scale(highest)
    assert ticks[0] == 0
    assert ticks[-1] == last


def test_the_cloth_says_on_how_many_days_something_was_late() -> None:
    drawing = str(
        cloth.svg([(date(2022, 1, 4), 5, 0), (date(2022, 1, 5), 9, 2), (date(2022, 12, 1), None, None)])
    )
    assert "1 ngày có hồ sơ trễ" in drawing
    assert len(re.findall('class="lt"', drawing)) == 1
    assert "Tháng 12" in drawing


def test_no_days_make_no_cloth() -> None:
    assert cloth.svg([]) == ""


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in icons.svg("search")


def test_an_unknown_icon_is_an_error_at_once() -> None:
    with pytest.raises(KeyError):
        icons.svg("no-such-icon")


def test_a_bullet_draws_what_is_known_and_stays_on_its_track() -> None:
    drawn = str(bullets.bullet(38.9, 62, 100, whole=100))
    assert 'width="116.7" height="10" class="fill"' in drawn
    assert 'class="exp"' in drawn
    assert 'class="knot"' in drawn
    assert "fill" not in str(bullets.bullet(None, None, None)).split('class="track"/>')[1]
    beyond = str(bullets.bullet(250, 100, 200, whole=100))
    assert 'width="300.0" height="10" class="fill"' in beyond
