"""The pure part of the indices and reports: months wanted, the sheet of 766, classes of Decree 61, columns of reports."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.measures.queries.formulas import every_formula
from tinhso.measures.queries.index_inputs import index_sheet
from tinhso.measures.queries.indices import index766, nd61
from tinhso.measures.queries.nd61_inputs import said, total_marks
from tinhso.measures.queries.reports import cut, forms
from tinhso.measures.queries.services_used import use_rule
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.classes import Class, every_class, pack, unpack
from tinhso.measures.rules.formulas import Formula
from tinhso.measures.rules.index_sheet import Share, filled, whole_of
from tinhso.measures.rules.nd61 import Criteria
from tinhso.measures.rules.quality import OnlineLimits, Points, mean, online, open_points, published, standing
from tinhso.measures.rules.reports import COUNTS, counts_of
from tinhso.measures.rules.services_used import UseOutcome, wanted_months, whole_months

CLASSES = list(every_class())
DAYS = st.dates(dt.date(2021, 1, 1), dt.date(2023, 12, 31))


# --- services with dossiers ---


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(DAYS, DAYS)
def test_whole_months_lie_in_the_period_and_their_neighbours_do_not(one: dt.date, other: dt.date) -> None:
    first, last = sorted((one, other))
    months = whole_months(first, last)
    assert all(first <= month and last_day_of(month) <= last for month in months)
    after = (months[-1] if months else first - dt.timedelta(days=31)).replace(day=1)
    following = (last_day_of(after) + dt.timedelta(days=1)) if months else None
    if following:
        assert last_day_of(following) > last
    assert months == sorted(set(months))


def test_a_service_is_wanted_from_its_first_whole_month() -> None:
    months = whole_months(dt.date(2022, 1, 1), dt.date(2022, 4, 30))
    assert len(months) == 4
    assert wanted_months(months, dt.date(2022, 2, 1)) == tuple(months[1:])
    assert wanted_months(months, dt.date(2022, 2, 2)) == tuple(months[2:])
    assert wanted_months(months, dt.date(2022, 4, 2)) == ()


def test_one_month_without_a_dossier_is_enough_to_fail() -> None:
    rule, months = use_rule("every-month"), whole_months(dt.date(2022, 1, 1), dt.date(2022, 3, 31))
    full = dict.fromkeys(months, 1)
    assert rule.outcome(3, full, months) is UseOutcome.USED
    assert rule.outcome(99, {**full, months[1]: 0}, months) is UseOutcome.UNUSED
    assert rule.outcome(99, {}, ()) is UseOutcome.TOO_NEW
    assert use_rule("any").outcome(1, {}, ()) is UseOutcome.USED
    assert use_rule("any").outcome(0, {}, ()) is UseOutcome.UNUSED


# --- the sheet of the 766 index ---


def test_the_sheet_has_the_six_groups_of_a_hundred_points_and_its_metrics_fill_them() -> None:
    index = index766()
    assert index is not None
    assert len(index_sheet().groups) == 6
    assert sum(group.most for group in index_sheet().groups) == 100
    for group in index_sheet().groups:
        points = [index.metric(one.scored).most for one in group.metrics if one.scored]
        assert sum(points) == group.most, group.name
    for metric in index_sheet().metrics:
        assert bool(metric.input) != bool(metric.reason), metric.key


def test_what_has_no_input_or_nothing_to_divide_by_is_not_applicable_and_never_zero() -> None:
    index = index766()
    assert index is not None
    groups = filled(
        index_sheet(), index, {"on_time": Share(95, 100), "reused": Share(0, 0), "electronic": Share(0, 9)}
    )
    lines = {line.said.key: line for group in groups for line in group.metrics}
    assert lines["2.1"].points == Decimal("19.00")
    assert lines["4.3"].points is None
    assert lines["1.4"].points is None
    assert lines["3.6"].points is None
    assert lines["4.1"].points == 0, "nothing of nine is zero indeed"
    given_, gradable, whole = whole_of(groups)
    assert (given_, gradable, whole) == (Decimal(19), Decimal(26), Decimal(100))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 1000), st.integers(1, 1000))
def test_points_never_exceed_what_could_be_given(above: int, below: int) -> None:
    index = index766()
    assert index is not None
    shares = {
        name: Share(above, below) for name in ("on_time", "reused", "digitised", "full_online", "complete")
    }
    groups = filled(index_sheet(), index, shares)
    given_, gradable, whole = whole_of(groups)
    assert 0 <= given_ <= gradable <= whole


# --- Decree 61 ---


def criteria() -> Criteria:
    found = nd61()
    assert found is not None
    return found


def test_exactly_fifteen_sure_points_are_excellent_whatever_is_open() -> None:
    every = criteria()
    kind = every.kind("office")
    points = {key: Points(Fraction(2), Fraction(2), 1) for key in ("1", "2", "3", "4", "5", "6", "7")}
    points["8"] = Points(Fraction(1), Fraction(1), 1)
    found = standing(every, kind, points)
    assert found.low == 15
    assert found.high == 17
    assert found.classes == ("Xuất sắc",)
    less = standing(every, kind, {**points, "8": Points(Fraction(99, 100), Fraction(99, 100), 1)})
    assert less.classes == ("Xuất sắc", "Tốt")


def test_nothing_rated_leaves_every_class_open() -> None:
    every = criteria()
    found = standing(every, every.kind("office"), {})
    assert found.low == found.rated == 0
    assert found.high == 18
    assert found.classes == ("Xuất sắc", "Tốt", "Khá", "Trung bình", "Yếu")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from([str(n) for n in range(1, 10)]), st.fractions(0, 2)), st.randoms())
def test_rating_what_was_open_never_leaves_the_told_range(rated: dict[str, Fraction], random: Random) -> None:
    every = criteria()
    kind = every.kind("office")
    told = standing(every, kind, {key: Points(value, value, 1) for key, value in rated.items()})
    full = {key: rated.get(key, Fraction(random.randint(0, 4), 2)) for key in kind.criteria}
    final = every.rate(kind, full)
    assert final.points is not None
    assert told.low <= final.points <= told.high
    assert final.grade in told.classes
    assert told.sure <= told.rated <= told.most


def test_an_officer_has_no_class() -> None:
    every = criteria()
    found = standing(every, every.kind("officer"), {"1": Points(Fraction(2), Fraction(2), 1)})
    assert found.classes == ()
    assert found.most == 10


def test_means_of_dossiers() -> None:
    one = criteria().criteria["1"]
    assert mean(one, 3, 1, 0).low == Fraction(7, 4)
    assert mean(one, 0, 0, 0) == open_points(one)


LIMITS = OnlineLimits(**said()["online"])


@pytest.mark.parametrize(
    ("eligible_online", "eligible", "sent", "received", "late", "points"),
    [
        (20, 100, 30, 100, 0, 2),
        (19, 100, 30, 100, 0, 1),
        (20, 100, 29, 100, 0, 1),
        (20, 100, 15, 100, 0, 1),
        (20, 100, 14, 100, 0, 0),
        (20, 100, 90, 100, 1, 0),
        (0, 100, 90, 100, 0, 0),
        (0, 0, 90, 100, 0, 0),
    ],
)
def test_criterion_nine_at_its_boundaries(
    eligible_online: int, eligible: int, sent: int, received: int, late: int, points: int
) -> None:
    found = online(
        criteria().criteria["9"],
        LIMITS,
        eligible_online=eligible_online,
        eligible=eligible,
        received_online=sent,
        received=received,
        late_online=late,
    )
    assert found.low == found.high == points


def test_publication_is_open_above_where_posting_is_not_seen() -> None:
    six = criteria().criteria["6"]
    assert published(six, 7, 7).low == 1
    assert published(six, 7, 7).high == 2
    assert published(six, 6, 7).low == published(six, 6, 7).high == 0
    assert not published(six, 0, 0).is_rated


def test_an_extension_does_not_lengthen_what_the_law_gave() -> None:
    plain = Class("issued", "late", "earlier_day", "once", "no", "no")
    extended = Class("issued", "late", "earlier_day", "once", "no", "yes")
    withdrawn = Class("withdrawn", "in_time", "in_time", "never", "no", "no")
    endless = Class("issued", "none", "none", "never", "no", "no")
    found = total_marks({pack(plain): 3, pack(extended): 2, pack(withdrawn): 5, pack(endless): 7})
    assert (found.better, found.just, found.worse) == (3, 0, 2)


# --- the periodic reports ---


def test_a_report_runs_from_the_fifteenth_to_the_fourteenth() -> None:
    may = dt.date(2022, 5, 1)
    assert cut().span(may, last_day_of(may)) == (dt.date(2022, 4, 15), dt.date(2022, 5, 14))
    assert cut().span(dt.date(2022, 1, 1), dt.date(2022, 12, 31)) == (
        dt.date(2021, 12, 15),
        dt.date(2022, 12, 14),
    )
    march = dt.date(2022, 3, 1)
    assert cut().span(march, last_day_of(march))[0] == dt.date(2022, 2, 15)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 11), st.integers(2021, 2030))
def test_reports_of_following_months_touch_and_do_not_overlap(month: int, year: int) -> None:
    this = dt.date(year, month + 1, 1)
    then = last_day_of(this) + dt.timedelta(days=1)
    _first, last = cut().span(this, last_day_of(this))
    first, _last = cut().span(then, last_day_of(then))
    assert first == last + dt.timedelta(days=1)


def test_every_column_counts_something_known() -> None:
    for form in forms().values():
        if form.by != "catalogue":
            assert set(form.counts) <= set(COUNTS), form.key


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 50), max_size=30),
    st.integers(0, 20),
    st.integers(0, 20),
    st.sampled_from(every_formula().every),
)
def test_the_identities_of_both_forms_hold_by_every_formula(
    classes: dict[int, int], sent: int, counter: int, formula: Formula
) -> None:
    whole = sum(classes.values())
    received = {"online": min(sent, whole), "counter": min(counter, whole - min(sent, whole))}
    found = counts_of(received, classes, formula)
    assert found["whole"] == whole == found["received"] + found["carried"]
    assert found["received"] == found["received_online"] + found["received_other"]
    assert found["whole"] == found["settled"] + found["running"]
    assert found["whole"] == found["done"] + found["at_work"] + found["waiting"] + found["returned"]
    assert found["done"] == found["done_in_time"] + found["done_late"] + found["done_no_due"]
    assert found["at_work"] == found["at_work_in_time"] + found["at_work_late"]
    ended = sum(n for cls, n in classes.items() if not unpack(cls).is_running)
    assert ended == found["settled"] == found["done"] + found["returned"]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.dictionaries(st.sampled_from(CLASSES), st.integers(1, 9), max_size=9), min_size=1, max_size=5)
)
def test_the_parts_of_a_report_add_up_to_the_whole(parts: list[dict[int, int]]) -> None:
    formula = every_formula().usual("reported", dt.date(2022, 5, 1))
    together: Counter[int] = Counter()
    total: Counter[str] = Counter()
    for part in parts:
        together.update(part)
        total.update(counts_of({}, part, formula))
    assert counts_of({}, together, formula) == total
