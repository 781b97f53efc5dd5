"""Cases, fees and conditions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tinhso.catalogue.rules import (
    FeeLines,
    UnknownRule,
    copy_vnd,
    derive,
    fee_lines,
    first_case,
    holds,
    partial_text,
    span_of,
    years_between,
)
from tinhso.catalogue.tests.samples import TODAY, answers, sheet

TIERS = [{"pages": 2, "vnd": 2000}, {"vnd": 1000}]


def case(code: str, said: dict[str, Any], today: dt.date = TODAY) -> str:
    found = [(c["key"], c["when"]) for c in sheet(code)["cases"] if not c["chosen_by_officer"]]
    return first_case(found, said, today)


def fees(code: str, said: dict[str, Any], channel: str = "counter", today: dt.date = TODAY) -> FeeLines:
    key = case(code, said, today)
    terms = next(c["terms"] for c in sheet(code)["cases"] if c["key"] == key)
    return fee_lines(next(t for t in terms if t["channel"] == channel)["fee"]["rules"], said, today)


@pytest.mark.parametrize(
    ("birth", "today", "key"),
    [
        ("2022-03-11", dt.date(2022, 5, 10), "dung-han"),
        ("2022-03-11", dt.date(2022, 5, 11), "qua-han"),
        ("2022-03-10", dt.date(2022, 5, 10), "qua-han"),
        ("2020-02-29", dt.date(2020, 4, 29), "dung-han"),
        ("2020-02-29", dt.date(2020, 4, 30), "qua-han"),
    ],
)
def test_the_day_of_birth_is_not_counted_in_the_sixty(birth: str, today: dt.date, key: str) -> None:
    assert case("1.001193", answers("1.001193", child_birth=birth), today) == key


def test_an_abandoned_child_is_its_own_case() -> None:
    assert case("1.001193", answers("1.001193", child_situation="bo-roi")) == "bo-roi"


def test_birth_on_time_costs_only_the_copies() -> None:
    assert fees("1.001193", answers("1.001193", copies=2)).total == 16_000
    assert fees("1.001193", answers("1.001193", copies=None)).total == 0


@pytest.mark.parametrize(
    ("channel", "exempt", "total"),
    [
        ("counter", "khong", 24_000),
        ("post", "khong", 24_000),
        ("online", "khong", 20_000),
        ("online", "ho-ngheo", 16_000),
    ],
)
def test_birth_late_costs_a_fee_but_not_for_the_exempt(channel: str, exempt: str, total: int) -> None:
    said = answers("1.001193", child_birth="2022-01-02", fee_exemption=exempt, copies=2)
    found = fees("1.001193", said, channel)
    assert found.total == total
    assert found.is_illustrative is (exempt == "khong")


@pytest.mark.parametrize(
    ("pages", "vnd"),
    [
        (1, 2_000),
        (2, 4_000),
        (3, 5_000),
        (10, 12_000),
        (198, 200_000),
        (199, 200_000),
        (300, 200_000),
        (197, 199_000),
    ],
)
def test_a_certified_copy_costs_by_its_pages_up_to_a_cap(pages: int, vnd: int) -> None:
    assert copy_vnd(pages, TIERS, 200_000) == vnd


def test_certified_copies_add_up_over_papers_and_copies() -> None:
    assert fees("2.000815", answers("2.000815")).total == 3 * 2_000 + 3 * 12_000


@pytest.mark.parametrize(
    ("discount", "copies", "total"),
    [
        ("khong", 2, 200_000),
        ("khong", 3, 205_000),
        ("khong", 1, 200_000),
        ("sinh-vien", 2, 100_000),
        ("sinh-vien", 3, 105_000),
        ("ho-ngheo", 2, 0),
        ("ho-ngheo", 3, 5_000),
    ],
)
def test_a_criminal_record_costs_by_person_and_sheets(discount: str, copies: int, total: int) -> None:
    assert fees("3.000333", answers("3.000333", discount=discount, copies=copies)).total == total


def test_two_provinces_abroad_or_a_conviction_take_fifteen_days() -> None:
    said = answers("3.000333")
    assert case("3.000333", said) == "thuong"
    said["history"][0]["province"] = "Hà Nội"
    assert case("3.000333", said) == "nhieu-noi"
    assert case("3.000333", answers("3.000333", lived_abroad=True)) == "nhieu-noi"
    assert case("3.000333", answers("3.000333", criminal="Đã được xóa án tích năm 2015")) == "nhieu-noi"
    assert case("3.000333", answers("3.000333", person_nationality="Lào")) == "nhieu-noi"


def test_a_former_commune_must_be_asked_only_without_proof() -> None:
    assert case("1.004873", answers("1.004873")) == "thuong"
    assert case("1.004873", answers("1.004873", can_prove=False)) == "xac-minh"


def test_the_marital_fee_is_lower_online_and_nothing_for_the_exempt() -> None:
    assert fees("1.004873", answers("1.004873")).total == 10_000
    assert fees("1.004873", answers("1.004873"), "online").total == 8_000
    assert fees("1.004873", answers("1.004873", fee_exemption="co-cong")).total == 0


def test_limits_are_those_of_the_law() -> None:
    limits = {
        (code, c["key"]): (c["terms"][0]["limit"]["value"], c["terms"][0]["limit"]["unit"])
        for code in ("1.001193", "1.004873", "1.001612", "1.013225", "3.000333", "2.000815")
        for c in sheet(code)["cases"]
    }
    assert limits["1.001193", "dung-han"] == ("0", "sameday")
    assert limits["1.004873", "thuong"] == ("3", "wd")
    assert limits["1.004873", "xac-minh"] == ("23", "d")
    assert limits["1.001612", "thuong"] == ("3", "wd")
    assert limits["1.013225", "nha-o"] == ("15", "d")
    assert limits["1.013225", "xem-them"] == ("25", "d")
    assert limits["3.000333", "thuong"] == ("10", "d")
    assert limits["3.000333", "nhieu-noi"] == ("15", "d")
    assert limits["2.000815", "keo-dai"] == ("2", "wd")


def test_age_counts_full_years_and_29_february_waits_for_march() -> None:
    assert years_between(dt.date(2004, 5, 10), TODAY) == 18
    assert years_between(dt.date(2004, 5, 11), TODAY) == 17
    assert years_between(dt.date(2004, 2, 29), dt.date(2022, 2, 28)) == 17
    assert years_between(dt.date(2004, 2, 29), dt.date(2022, 3, 1)) == 18


def test_partly_known_days_span_what_they_can_mean() -> None:
    assert span_of("1990") == (dt.date(1990, 1, 1), dt.date(1990, 12, 31))
    assert span_of("1990-02") == (dt.date(1990, 2, 1), dt.date(1990, 2, 28))
    assert span_of("1990-02-31") is None
    assert partial_text("1990-02") == "02/1990"


def test_conditions_and_derivations_that_nobody_knows_are_told() -> None:
    with pytest.raises(UnknownRule):
        holds({"field": "x", "looks": "nice"}, {}, TODAY)
    with pytest.raises(UnknownRule):
        derive({"sing": "x"}, {})
    with pytest.raises(UnknownRule):
        first_case([("a", {"field": "x", "equals": 1})], {}, TODAY)
