"""The ranking: parts, weights that are shared out again, ranks with ties, and what the database counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.plans.models import TargetActual, TaskReport
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.ranking import NoRanking, ranking, version_on
from tinhso.plans.rules.ranking import costliest, ranks, score, versions_of
from tinhso.plans.tests.factories import (
    DAY,
    MORNING,
    Committee,
    make_committee,
    make_target,
    make_task,
    make_window,
)
from tinhso.plans.tests.money_world import make_finding

#: Two slow cores are shared.
CALM = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
(VERSION,) = versions_of(document("ranking"))
KEYS = [part.key for part in VERSION.parts]
COUNTS = st.dictionaries(
    st.sampled_from(KEYS),
    st.integers(0, 300).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))),
)


def test_the_weights_are_a_hundred_and_say_what_they_count() -> None:
    assert sum(part.weight for part in VERSION.parts) == 100
    assert len(set(KEYS)) == len(KEYS)
    assert all(part.above and part.below and part.missing for part in VERSION.parts)
    assert not VERSION.is_verified
    with pytest.raises(NoRanking):
        version_on(dt.date(2021, 12, 31))


@CALM
@given(COUNTS)
def test_points_are_between_nothing_and_a_hundred_and_add_up(counts: dict[str, tuple[int, int]]) -> None:
    found = score(VERSION, counts)
    assert sum((one.points for one in found.parts), Decimal(0)) == found.total
    assert 0 <= found.total <= Decimal("100.05"), "each part is rounded by itself"
    assert len(found.parts) + len(found.missing) == len(KEYS)
    whole = sum(one.part.weight for one in found.parts)
    for one in found.parts:
        exact = Fraction(100 * one.part.weight * one.numerator, whole * one.denominator)
        assert abs(Fraction(one.points) - exact) <= Fraction(1, 200)
        assert 0 <= one.points <= one.share
    if all(n == whole_ for n, whole_ in counts.values() if whole_) and found.parts:
        assert abs(found.total - 100) <= Decimal("0.05")


def test_a_missing_part_gives_its_weight_to_the_others() -> None:
    found = score(VERSION, {"plans": (1, 1), "findings": (1, 2), "dossiers": (0, 0)})
    assert [(one.part.key, one.share, one.points) for one in found.parts] == [
        ("plans", Decimal("66.67"), Decimal("66.67")),
        ("findings", Decimal("33.33"), Decimal("16.67")),
    ]
    assert found.total == Decimal("83.34")
    assert "dossiers" in {part.key for part in found.missing}
    worst = costliest(found.parts)
    assert worst is not None
    assert worst.part.key == "findings"
    assert costliest(score(VERSION, {"plans": (2, 2)}).parts) is None


def test_too_few_parts_give_no_rank() -> None:
    assert not score(VERSION, {"plans": (1, 1)}).is_enough
    assert score(VERSION, {"plans": (1, 1), "reports": (0, 1)}).is_enough


def test_equal_scores_share_a_rank_and_the_next_skips() -> None:
    assert ranks([Decimal(n) for n in (90, 90, 80, 70, 70, 70, 1)]) == [1, 1, 3, 4, 4, 4, 7]
    assert ranks([]) == []


@pytest.fixture
def house(db: None) -> Committee:
    return make_committee()


def of(house: Committee, office_name: str) -> dict[str, tuple[int, int]]:
    row = next(row for row in ranking(DAY, MORNING) if row.office.short_name == office_name)
    return {one.part.key: (one.numerator, one.denominator) for one in row.score.parts}


def test_every_part_counts_what_it_says(house: Committee) -> None:
    bureau = house.bureau
    make_task(bureau, state="done", done_on=dt.date(2022, 4, 29))
    make_task(bureau, state="done", done_on=dt.date(2022, 5, 4))
    make_task(bureau)
    running = make_task(bureau, due=dt.date(2022, 5, 31))
    make_task(bureau, due=None)
    make_window(bureau, deadline=dt.date(2022, 5, 6))
    make_window(bureau, deadline=dt.date(2022, 5, 20))
    target = make_target(office=bureau)
    target.periods.create(first=dt.date(2022, 1, 1), last=dt.date(2022, 12, 31), value=50)
    TargetActual.objects.create(
        target=target, on=DAY, source="report", value=60, light="met", reckoned_at=MORNING
    )
    make_finding(house)
    for n, answer in enumerate(("confirmed", "returned", "")):
        TaskReport.objects.create(
            task=running,
            is_final=True,
            progress=100,
            text="Xong",
            reported_at=MORNING,
            answer=answer,
            answer_text="Thiếu" if n == 1 else "",
            answered_at=MORNING if answer else None,
        )
    assert of(house, "Sở Giáo dục và Đào tạo") == {
        "plans": (0, 1),
        "tasks_on_time": (1, 2),
        "tasks_not_overdue": (1, 2),
        "targets": (1, 1),
        "findings": (0, 1),
        "reports": (1, 2),
    }
    assert of(house, "Thanh tra tỉnh") == {}


def test_groups_stand_apart_best_first_and_ties_by_name(house: Committee) -> None:
    for office in (house.bureau, house.other, house.district):
        make_task(office, state="done", done_on=dt.date(2022, 4, 29))
        make_task(office, due=dt.date(2022, 5, 31))
    make_task(house.bureau)
    rows = ranking(DAY, MORNING)
    shown = [(row.group, row.office.short_name, row.rank) for row in rows]
    assert shown == [
        ("department", "Sở Thông tin và Truyền thông", 1),
        ("department", "Sở Giáo dục và Đào tạo", 2),
        ("department", "Thanh tra tỉnh", None),
        ("district", "UBND huyện Ý Yên", 1),
    ]
    make_task(house.other)
    tied = [(row.office.short_name, row.rank) for row in ranking(DAY, MORNING)][:2]
    assert tied == [("Sở Giáo dục và Đào tạo", 1), ("Sở Thông tin và Truyền thông", 1)]


def test_the_ranking_asks_few_questions_however_many_agencies(
    house: Committee, django_assert_max_num_queries: object
) -> None:
    for office in (house.bureau, house.other, house.district):
        make_task(office)
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        ranking(DAY, MORNING)
