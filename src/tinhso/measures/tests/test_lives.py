"""Awkward lives counted by hand equal every figure: from the cases, from day rows, by each formula."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

import pytest

from tinhso.directory.tests.factories import make_cast
from tinhso.dossiers.tests.factories import make_dossier
from tinhso.measures.queries.facts import cases_of, classes_of, period
from tinhso.measures.queries.figures import By, Wanted, tallies, tally
from tinhso.measures.queries.formulas import every_formula
from tinhso.measures.rules import each_day
from tinhso.measures.rules.formulas import GROUPS, Formula, figure
from tinhso.measures.services.count_day import count_day, count_months
from tinhso.measures.tests.lives import BEFORE_CORRECTIONS, LIVES, OUT, Life, live, moment
from tinhso.toolkit.clock import VN

NOW = dt.datetime(2022, 5, 10, 9, tzinfo=VN)
FIRST, LAST = dt.date(2022, 4, 1), dt.date(2022, 4, 30)
NAMES = ("strict", "national", "reported")


def formula(name: str) -> Formula:
    """Return the only version of a formula."""
    (one,) = every_formula().of(name)
    return one


@pytest.fixture(scope="module")
def lived(filled: Callable[[Callable[[], object]], None]) -> dict[str, Life]:
    """Write the lives down once."""
    told: dict[str, Life] = {}

    def load() -> None:
        cast = make_cast()
        told.update(live(make_dossier(cast, accepted=True, at=dt.datetime(2022, 5, 9, 9, tzinfo=VN)).pk))

    filled(load)
    return told


@pytest.mark.django_db
def test_every_life_is_what_was_counted_by_hand(lived: dict[str, Life]) -> None:
    found = {case.number: case for case in cases_of(period(FIRST, LAST, NOW)) if case.number in lived}
    assert len(lived) == len(LIVES) >= 40
    for number, one in lived.items():
        for place, name in enumerate(NAMES):
            told = (
                (formula(name).outcomes[found[number].cls], formula(name).groups[found[number].cls])
                if number in found
                else ("out", "out")
            )
            assert told == (one.outcomes[place], one.groups[place]), (one.what, name)


@pytest.mark.django_db
@pytest.mark.parametrize("place", range(3))
def test_each_figure_is_the_sum_of_the_hand_counted_table(lived: dict[str, Life], place: int) -> None:
    by_hand = Counter(one.outcomes[place] for one in lived.values() if one.outcomes != OUT)
    one = formula(NAMES[place])
    found = figure(one, classes_of(period(FIRST, LAST, NOW)))
    assert found.numerator == by_hand["on_time"]
    assert found.denominator == by_hand["on_time"] + by_hand["late"]
    assert dict(found.excluded) == {name: n for name, n in by_hand.items() if name not in ("on_time", "late")}
    assert found.whole == by_hand.total() == sum(found.groups[name] for name in GROUPS)


@pytest.mark.django_db
def test_before_the_corrections_the_figures_were_others(lived: dict[str, Life]) -> None:
    known = moment("05-02 08:00")
    found = {case.number: case for case in cases_of(period(FIRST, LAST, NOW, known=known))}
    for number, one in lived.items():
        if one.what in BEFORE_CORRECTIONS:
            told = tuple(formula(name).outcomes[found[number].cls] for name in NAMES)
            assert told == BEFORE_CORRECTIONS[one.what], one.what


@pytest.mark.django_db
def test_day_rows_add_up_to_the_cases_in_any_period(lived: dict[str, Life]) -> None:
    days = list(each_day(dt.date(2022, 3, 20), NOW.date()))
    for day in days:
        count_day(day, at=NOW)
    assert count_months(at=NOW) == 1, "April has all its days"
    for first, last in (
        (FIRST, LAST),
        (dt.date(2022, 4, 12), dt.date(2022, 4, 12)),
        (dt.date(2022, 3, 29), dt.date(2022, 5, 3)),
        (dt.date(2022, 3, 20), NOW.date()),
    ):
        direct = classes_of(period(first, last, NOW))
        found = tally(first, last)
        assert found.classes == direct, (first, last)
        (office,) = tallies(first, last, By.OFFICE)
        assert tally(first, last, Wanted(office_id=office)).classes == direct
        (code,) = tallies(first, last, By.PROCEDURE, Wanted(office_id=office))
        for wanted in (Wanted(procedure_code=code), Wanted(office_id=office, procedure_code=code)):
            assert tally(first, last, wanted).classes == direct, wanted
        months = tallies(first, last, By.MONTH)
        assert sum((one.ended for one in months.values()), Counter()) == found.ended
        before = (
            tally(dt.date(2022, 3, 20), first - dt.timedelta(days=1)).running.total()
            if first > days[0]
            else 0
        )
        assert found.carried == before, "what runs on is what ran"
        for name in NAMES:
            assert found.under(formula(name)).whole == found.received.total() + found.carried
