"""Words that an input method left undone."""

from __future__ import annotations

import pytest

from tinhso.toolkit.telex import spelling, undone


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ddaawng", "đăng"),
        ("kys", "ký"),
        ("giaasy", "giấy"),
        ("chuwngs", "chứng"),
        ("nguwowif", "người"),
        ("dduwowcj", "được"),
        ("quyeets", "quyết"),
        ("tooi", "tôi"),
        ("lafm", "làm"),
        ("d9a8ng", "đăng"),
        ("ky1", "ký"),
        ("nguoi72", "người"),
        ("d9o3", "đỏ"),
        ("ca61p", "cấp"),
    ],
)
def test_keys_left_by_telex_and_vni_are_read(typed: str, meant: str) -> None:
    assert meant in undone(typed)


@pytest.mark.parametrize("whole", ["nha", "đất", "ct07", "2022", "", "n"])
def test_a_word_without_keys_is_left_alone(whole: str) -> None:
    assert undone(whole) == []


def test_the_place_of_the_tone_and_y_for_i_do_not_matter() -> None:
    assert spelling("hòa") == spelling("hoà") == ("hoa", "hoa1")
    assert spelling("ký") == spelling("KÍ") == ("ki", "ki4")
    assert spelling("quý") != spelling("quí")
    assert spelling("thủy") == ("thuy", "thuy2")
    assert spelling("Đất") == ("dat", "đât4")
