"""Maps and stacked bars say what they count, hatch what says little, and bring no markup."""

from __future__ import annotations

import pytest

from tinhso.design import charts, maps
from tinhso.design.maps import Area, Shape

BORDERS = (25.0, 50.0, 75.0)
SHAPES = [Shape("a", "0,0 10,0 10,10", 5, 5, 14), Shape("b", "10,0 20,0 20,10", 15, 5, 14)]


@pytest.mark.parametrize(
    ("value", "ground"), [(None, 0), (0, 1), (24.9, 1), (25, 2), (49.9, 2), (50, 3), (75, 4), (900, 4)]
)
def test_a_rate_lies_in_one_of_four_classes(value: float | None, ground: int) -> None:
    assert maps.class_of(value, BORDERS) == ground


def test_the_key_says_the_borders_and_the_hatching() -> None:
    assert maps.key_words(BORDERS, "ít hồ sơ") == [
        ("m1k", "dưới 25"),
        ("m2k", "25 đến dưới 50"),
        ("m3k", "50 đến dưới 75"),
        ("m4k", "từ 75"),
        ("m0k", "ít hồ sơ"),
    ]


def test_a_schematic_prints_its_numbers_and_hatches_what_has_too_little() -> None:
    drawing = str(
        maps.schematic(
            [Area("a", "Ý Yên", 80), Area("b", "Mỹ Lộc", None, "–")],
            SHAPES,
            BORDERS,
            "Đậm nhất Ý Yên",
            (0, 0, 20, 10),
        )
    )
    assert 'class="m4"' in drawing
    assert ">80</tspan>" in drawing
    assert 'class="m0" fill="url(#soc-so-do)"' in drawing
    assert 'aria-label="Đậm nhất Ý Yên"' in drawing
    assert "style=" not in drawing


def test_a_shape_without_an_area_is_left_out() -> None:
    drawing = str(maps.schematic([Area("a", "Ý Yên", 10)], SHAPES, BORDERS, "", (0, 0, 20, 10)))
    assert drawing.count("<polygon") == 1


def test_every_area_of_a_board_has_a_tile_in_its_order() -> None:
    areas = [Area(str(n), f"Xã {n}", float(n)) for n in range(15)]
    drawing = str(maps.board(areas, BORDERS, "Mười lăm xã", "h1"))
    assert drawing.count('rx="2"') == 15
    assert drawing.index("Xã 3<") < drawing.index("Xã 14<")
    assert 'id="soc-h1"' in drawing


def test_a_name_cannot_bring_markup_into_a_map() -> None:
    assert "<b>" not in str(maps.board([Area("1", "<b>", None, "<b>")], BORDERS, "<b>", "h1"))


def test_stacked_bars_end_at_their_sum_and_a_row_with_a_gap_has_no_bar() -> None:
    drawing = str(charts.stacked([("1/22", [30, 10, 5]), ("2/22", [30, None, 5])], "Đã trả"))
    wide = drawing.split("only-phone")[0]
    assert ">45</text>" in wide
    assert [wide.count(f'class="s{part}"') for part in (1, 2, 3)] == [1, 1, 1]
    assert ">2/22</text>" in wide


def test_nothing_known_draws_no_stack_and_four_parts_are_refused() -> None:
    assert charts.stacked([("1/22", [None, 1, 2])], "") == ""
    with pytest.raises(ValueError, match="three"):
        charts.stacked([("a", [1, 2, 3, 4])], "")


def test_a_point_between_two_gaps_is_drawn() -> None:
    points = [("1", 5.0), ("2", None), ("3", 6.0), ("4", 7.0)]
    drawing = str(charts.lines([charts.Series("Trễ", points)], "")).split("only-phone")[0]
    assert drawing.count('class="dot ln1"') == 2
