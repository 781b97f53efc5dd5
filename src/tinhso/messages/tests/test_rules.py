"""What a message may say, and when it is tried again."""

import datetime as dt

import pytest

from tinhso.messages.rules import (
    MAX_SMS,
    has_link,
    is_own_path,
    mail_address,
    next_try,
    phone_number,
    sms_text,
)
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 16, 9, 0, tzinfo=VN)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.vn/x",
        "xem HTTP://A",
        "www.thu.example",
        "vào dichvucong.gov.vn nhé",
        "//a.b/c",
        "bit.ly/abc",
    ],
)
def test_a_link_is_known_in_any_dress(text: str) -> None:
    assert has_link(text)


@pytest.mark.parametrize("text", ["Hẹn 16/05/2022, 9 giờ.", "Phí 28.000 đ", "Mã H55.18-220516-0001", "a. Vn"])
def test_dates_money_and_codes_are_no_links(text: str) -> None:
    assert not has_link(text)


def test_an_sms_leaves_out_the_sentence_with_the_link() -> None:
    text = sms_text(
        "Hồ sơ đã có kết quả", "Mời đến quầy 3. Xem tại https://thu.example/ho-so. Mang theo CCCD."
    )
    assert text == "Hồ sơ đã có kết quả. Mời đến quầy 3. Mang theo CCCD."


def test_a_long_sms_ends_between_words() -> None:
    text = sms_text("Tin", "chữ " * 200)
    assert len(text) <= MAX_SMS
    assert text.endswith("chữ…")


@pytest.mark.parametrize("given", ["0912345678", "+84 912 345 678", "84912345678", "0912.345.678"])
def test_a_number_is_brought_into_one_form(given: str) -> None:
    assert phone_number(given) == "+84912345678"


@pytest.mark.parametrize("given", ["", "113", "09123456789", "0912 abc 678", "+1 212 555 0100"])
def test_what_is_no_number_is_none(given: str) -> None:
    assert phone_number(given) is None


def test_an_address_cannot_smuggle_a_second_one() -> None:
    assert mail_address(" lan@thu.example ") == "lan@thu.example"
    for given in ("lan", "lan@thu", "a@b.vn,c@d.vn", "a@b.vn\nBcc: c@d.vn", "<a@b.vn>", "a" * 300 + "@b.vn"):
        assert mail_address(given) is None


def test_each_pause_is_longer_and_the_last_is_kept() -> None:
    pauses = [next_try(n, AT) - AT for n in range(1, 7)]
    assert pauses == sorted(pauses)
    assert pauses[0] == dt.timedelta(minutes=1)
    assert pauses[3] == pauses[5]


@pytest.mark.parametrize(
    "link", ["//xa.example", "https://xa.example", "javascript:x", "/\\xa", "/a b", "ho-so"]
)
def test_a_link_that_leads_away_is_known(link: str) -> None:
    assert not is_own_path(link)


def test_a_path_of_this_site_is_known() -> None:
    assert is_own_path("/ho-so/H55.18-220516-0001/?moi=1#buoc")
