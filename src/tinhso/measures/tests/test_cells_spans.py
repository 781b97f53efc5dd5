"""Free periods: the difference of two told periods is never small."""

from __future__ import annotations

import datetime as dt
from itertools import combinations_with_replacement

from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.measures.rules.spans import Span, months, nearest, stretches

FIRST, LAST = dt.date(2022, 1, 17), dt.date(2022, 3, 31)
DAYS = [FIRST + dt.timedelta(days=i) for i in range((LAST - FIRST).days + 1)]
WHOLE = Span(FIRST, LAST)


def jan(day: int) -> dt.date:
    return dt.date(2022, 1, day)


def test_a_small_day_joins_the_days_after_it_until_they_are_large() -> None:
    days = {
        jan(1): {"received": 9},
        jan(2): {"received": 2},
        jan(3): {"received": 4},
        jan(4): {"received": 7},
    }
    assert stretches(days, Span(jan(1), jan(4)), 5) == [
        Span(jan(1), jan(1)),
        Span(jan(2), jan(3)),
        Span(jan(4), jan(4)),
    ]


def test_a_small_rest_of_a_month_joins_the_days_before_it() -> None:
    days = {jan(30): {"received": 9}, jan(31): {"received": 2}}
    assert stretches(days, Span(jan(30), jan(31)), 5) == [Span(jan(30), jan(31))]


def test_every_measure_of_a_stretch_is_zero_or_large() -> None:
    days = {jan(1): {"received": 9, "late": 1}, jan(2): {"received": 9, "late": 4}}
    assert stretches(days, Span(jan(1), jan(2)), 5) == [Span(jan(1), jan(2))]


def test_a_period_is_told_only_between_ends_of_stretches() -> None:
    pieces = [Span(jan(1), jan(1)), Span(jan(2), jan(3)), Span(jan(4), jan(4))]
    assert nearest(pieces, Span(jan(1), jan(3))) == Span(jan(1), jan(3))
    assert nearest(pieces, Span(jan(2), jan(5))) == Span(jan(2), jan(4))
    assert nearest(pieces, Span(jan(3), jan(4))) == Span(jan(4), jan(4))
    assert nearest(pieces, Span(jan(1), jan(2))) == Span(jan(1), jan(1))
    assert nearest(pieces, Span(jan(3), jan(3))) is None


def test_the_months_of_a_period_are_cut_at_its_ends() -> None:
    assert months(WHOLE)[0].first == FIRST
    assert [one.last for one in months(WHOLE)] == [jan(31), dt.date(2022, 2, 28), LAST]


COUNTS = st.fixed_dictionaries({"received": st.integers(0, 9), "late": st.integers(0, 2)})


@settings(max_examples=60, deadline=None)
@given(st.lists(COUNTS, min_size=len(DAYS), max_size=len(DAYS)))
def test_no_difference_of_two_told_periods_is_small_unless_a_month_is(counts: list[dict[str, int]]) -> None:
    days = dict(zip(DAYS, counts, strict=True))
    pieces = stretches(days, WHOLE, 5)
    starts = [piece.first for piece in pieces]
    assert [piece.last + dt.timedelta(days=1) for piece in pieces] == [
        *starts[1:],
        LAST + dt.timedelta(days=1),
    ]
    small_months = {
        name
        for month in months(WHOLE)
        for name in ("received", "late")
        if 0 < sum(n[name] for day, n in days.items() if month.first <= day <= month.last) < 5
    }
    for one, two in combinations_with_replacement(range(len(starts)), 2):
        first, last = starts[one], pieces[two].last
        for name in {"received", "late"} - small_months:
            n = sum(count[name] for day, count in days.items() if first <= day <= last)
            assert n == 0 or n >= 5
