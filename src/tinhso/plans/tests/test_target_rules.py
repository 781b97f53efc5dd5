"""The rule of lights and forecasts, and sums of parts: by hand, and for every number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinhso.plans.queries.targets import rules, value_text
from tinhso.plans.rules.lights import (
    WORST_FIRST,
    Course,
    Light,
    Point,
    RuleUnknown,
    course,
    forecast,
    light,
    needed,
    rule_of,
    rule_on,
)
from tinhso.plans.rules.sums import Amount, total

RULE = rules()["lights-1"]
NEW_YEAR, MARCH, JUNE, END = (
    dt.date(2021, 12, 31),
    *(dt.date(2022, m, d) for m, d in ((3, 31), (6, 30), (12, 31))),
)
DAY = dt.date(2022, 5, 10)
COMMUNES = course(
    ((MARCH, Decimal(50)), (JUNE, Decimal(77)), (END, Decimal(100))),
    baseline=Decimal(20),
    baseline_on=NEW_YEAR,
)
ALL_YEAR = course(((END, Decimal(98)),))

percents = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)
days = st.dates(dt.date(2022, 1, 1), dt.date(2022, 12, 31))


def a_course(marks: dict[dt.date, Decimal], baseline: Decimal | None) -> Course:
    return course(marks.items(), baseline=baseline, baseline_on=NEW_YEAR if baseline is not None else None)


def courses(baselines: st.SearchStrategy[Decimal | None]) -> st.SearchStrategy[Course]:
    return st.builds(a_course, st.dictionaries(days, percents, min_size=1, max_size=4), baselines)


ANY, BEGUN = courses(st.none() | percents), courses(percents)


def test_between_two_marks_it_goes_evenly_by_days() -> None:
    need = needed(COMMUNES, DAY)
    assert need is not None
    assert (need.since, need.gone, need.days) == (COMMUNES.marks[0], 40, 91)
    assert need.value == (50 + Decimal(27) * 40 / 91).quantize(Decimal("0.0001")) == Decimal("61.8681")


@pytest.mark.parametrize(
    ("on", "value"),
    [
        (NEW_YEAR, "20"),
        (dt.date(2021, 11, 1), "20"),
        (MARCH, "50"),
        (JUNE, "77"),
        (END, "100"),
        (dt.date(2023, 3, 1), "100"),
    ],
)
def test_at_a_mark_its_value_is_needed_and_before_the_first_day_the_baseline(on: dt.date, value: str) -> None:
    need = needed(COMMUNES, on)
    assert need is not None
    assert need.value == Decimal(value)


def test_without_a_baseline_the_value_of_the_first_period_is_needed_all_the_time() -> None:
    need = needed(ALL_YEAR, DAY)
    assert need is not None
    assert (need.value, need.since) == (Decimal(98), None)
    assert needed(course(()), DAY) is None


def test_the_goal_is_the_last_mark_of_the_year_or_the_next_one() -> None:
    long = course(
        ((dt.date(2022, 6, 30), Decimal(20)), (END, Decimal(30)), (dt.date(2025, 12, 31), Decimal(80)))
    )
    goals = [long.goal(dt.date(year, 5, 1)) for year in (2022, 2023, 2025, 2026)]
    assert [one and one.value for one in goals] == [30, 80, 80, 80]
    assert course(()).goal(DAY) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("100", Light.MET),
        ("61.8681", Light.ON_TRACK),
        ("61.8680", Light.SLOW),
        ("57.6813", Light.SLOW),
        ("57.6811", Light.VERY_SLOW),
        ("38.94", Light.VERY_SLOW),
    ],
)
def test_what_is_missing_may_be_a_tenth_of_the_way_from_the_baseline(value: str, expected: Light) -> None:
    assert light(COMMUNES, Decimal(value), DAY, RULE) is expected


def test_without_a_baseline_the_way_begins_at_nothing() -> None:
    assert [light(ALL_YEAR, Decimal(v), DAY, RULE) for v in ("98", "88.2", "88.1")] == [
        Light.MET,
        Light.SLOW,
        Light.VERY_SLOW,
    ]


def test_a_target_that_goes_down_is_judged_from_the_other_side() -> None:
    papers = course(
        ((END, Decimal(0)),), is_up=False, is_percent=False, baseline=Decimal(40), baseline_on=NEW_YEAR
    )
    need = needed(papers, dt.date(2022, 7, 1))
    assert need is not None
    assert need.value == (40 - Decimal(40) * 182 / 365).quantize(Decimal("0.0001"))
    lights = [light(papers, Decimal(v), dt.date(2022, 7, 1), RULE) for v in (0, 20, 22, 23)]
    assert lights == [Light.MET, Light.ON_TRACK, Light.SLOW, Light.VERY_SLOW]


def test_nothing_known_is_unknown() -> None:
    assert light(COMMUNES, None, DAY, RULE) is Light.UNKNOWN
    assert light(course(()), Decimal(1), DAY, RULE) is Light.UNKNOWN


@given(ANY, percents, percents, days)
def test_more_is_never_worse(one: Course, this: Decimal, that: Decimal, on: dt.date) -> None:
    less, more = sorted((this, that))
    assert WORST_FIRST_OF[light(one, less, on, RULE)] <= WORST_FIRST_OF[light(one, more, on, RULE)]


WORST_FIRST_OF = {one: place for place, one in enumerate(WORST_FIRST)}


@given(BEGUN, percents, days)
def test_down_is_the_mirror_of_up_around_a_baseline(one: Course, value: Decimal, on: dt.date) -> None:
    mirrored = course(
        ((mark.on, 100 - mark.value) for mark in one.marks),
        is_up=False,
        baseline=100 - one.baseline.value if one.baseline else None,
        baseline_on=NEW_YEAR,
    )
    assert light(mirrored, 100 - value, on, RULE) is light(one, value, on, RULE)


@given(ANY, days)
def test_what_is_needed_lies_between_its_marks(one: Course, on: dt.date) -> None:
    need = needed(one, on)
    assert need is not None
    ends = [need.until.value, need.since.value if need.since else need.until.value]
    assert min(ends) - Decimal("0.0001") <= need.value <= max(ends) + Decimal("0.0001")


def points(*said: tuple[int, int, str]) -> list[Point]:
    return [Point(dt.date(2022, month, day), Decimal(value)) for month, day, value in said]


def test_a_forecast_joins_the_first_and_the_last_point_of_ninety_days() -> None:
    found = forecast(COMMUNES, points((1, 31, "5"), (2, 28, "27"), (3, 15, "90"), (4, 29, "39")), DAY, RULE)
    assert found is not None
    assert (found.first.on, found.last.on, found.until) == (dt.date(2022, 2, 28), dt.date(2022, 4, 29), JUNE)
    assert found.a_day == Decimal("0.2")
    assert found.value == Decimal("51.4")
    assert not found.is_clamped


@pytest.mark.parametrize(
    "known",
    [
        (),
        ((5, 10, "1"),),
        ((4, 27, "1"), (5, 10, "2")),
        ((1, 1, "1"), (5, 10, "2")),
        ((4, 1, "1"), (5, 11, "2")),
    ],
)
def test_too_few_points_give_no_forecast(known: tuple[tuple[int, int, str], ...]) -> None:
    assert forecast(COMMUNES, points(*known), DAY, RULE) is None


def test_after_the_last_mark_and_without_marks_there_is_no_forecast() -> None:
    assert forecast(course(()), points((4, 1, "1"), (5, 10, "2")), DAY, RULE) is None
    late = [Point(dt.date(2023, 1, 2), Decimal(1)), Point(dt.date(2023, 2, 1), Decimal(2))]
    assert forecast(COMMUNES, late, dt.date(2023, 2, 1), RULE) is None


def test_fourteen_days_apart_are_enough() -> None:
    assert forecast(COMMUNES, points((4, 26, "1"), (5, 10, "2")), DAY, RULE) is not None


@given(st.lists(st.tuples(days, percents), min_size=2, max_size=6), days)
def test_a_forecast_of_a_share_stays_on_the_scale(known: list[tuple[dt.date, Decimal]], on: dt.date) -> None:
    found = forecast(COMMUNES, [Point(day, value) for day, value in known], on, RULE)
    assert found is None or 0 <= found.value <= 100


def test_a_number_is_held_at_nothing_only() -> None:
    papers = course(((END, Decimal(0)),), is_up=False, is_percent=False)
    up = forecast(papers, points((4, 1, "100"), (5, 1, "200")), DAY, RULE)
    down = forecast(papers, points((4, 1, "200"), (5, 1, "100")), DAY, RULE)
    assert up is not None
    assert down is not None
    assert up.value > 900
    assert (down.value, down.is_clamped) == (Decimal(0), True)


def test_a_rule_is_found_by_its_version_or_its_day() -> None:
    assert rule_of(rules(), "lights-1") == RULE
    assert rule_on(rules(), DAY) == rule_on(rules(), dt.date(2020, 1, 1)) == RULE
    with pytest.raises(RuleUnknown):
        rule_of(rules(), "lights-0")


amounts = st.builds(
    lambda below, part: Amount(Decimal(below * part // 100), Decimal(below)),
    st.integers(1, 9_999),
    st.integers(0, 100),
)


@given(st.lists(st.none() | amounts, max_size=12))
def test_a_parent_adds_numerators_and_denominators_of_what_is_known(children: list[Amount | None]) -> None:
    found = total(children)
    known = [one for one in children if one is not None]
    assert (found.parts, found.unknown) == (len(children), len(children) - len(known))
    if not known:
        assert found.amount is None
        return
    assert found.amount is not None
    assert found.amount.numerator == sum(one.numerator for one in known)
    assert found.amount.denominator == sum(one.denominator or 0 for one in known)
    shares = [one.value(is_percent=True) or Decimal(0) for one in known]
    whole = found.amount.value(is_percent=True)
    assert whole is not None
    assert min(shares) - Decimal("0.0001") <= whole <= max(shares) + Decimal("0.0001")


@given(st.lists(amounts, min_size=2, max_size=8), st.integers(1, 7))
def test_a_sum_of_sums_is_the_sum(children: list[Amount], cut: int) -> None:
    left, right = total(children[:cut]), total(children[cut:])
    assert total([left.amount, right.amount]).amount == total(children).amount


def test_without_a_denominator_the_numerator_is_the_value() -> None:
    assert Amount(Decimal(7)).value(is_percent=False) == 7
    assert Amount(Decimal(7)).value(is_percent=True) is None
    assert Amount(Decimal(0), Decimal(0)).value(is_percent=True) is None
    mixed = total([Amount(Decimal(1), Decimal(2)), Amount(Decimal(3))])
    assert mixed.amount == Amount(Decimal(4), None)


def test_what_is_short_of_everything_never_reads_as_everything() -> None:
    said = [value_text(Decimal(v), "percent") for v in ("99.9999", "100", "96.41", "62", "0.5")]
    assert said == ["99,99 %", "100 %", "96,41 %", "62 %", "0,5 %"]
    assert value_text(Decimal("1605"), "xã") == "1.605 xã"
    assert value_text(None, "xã") == "–"
