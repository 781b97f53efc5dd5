"""The simulated year goes over the whole catalogue and keeps every identity that the services keep."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import cast

import pytest
from django.db.models import Count, F

from tinhso.catalogue.api import ChannelTerm, import_sheets, load_catalogue
from tinhso.directory.api import SYSTEM, OfficeKind, Role, calendar, load_demo
from tinhso.dossiers.lifecycle import CLOSED, LIFECYCLE, State, Verb
from tinhso.dossiers.models import DayNumber, Dossier, DueMoved, Pause, Result, Slip
from tinhso.dossiers.rules import Limit, Unit, due
from tinhso.dossiers.rules.changes import EXTENSION_RULES, due_known_at
from tinhso.dossiers.services.gather_sheets import Sheet
from tinhso.dossiers.services.imagine_life import Deadlines
from tinhso.dossiers.services.imagine_year import NothingPublished, Year, imagine_year, usual_year, year_said
from tinhso.dossiers.services.load_year import DossiersAlreadyThere, load_year
from tinhso.dossiers.services.plan_year import YearPlan
from tinhso.dossiers.services.write_lives import Told
from tinhso.toolkit import counting
from tinhso.toolkit.clock import VN

FIRST, LAST = dt.date(2021, 5, 11), dt.date(2022, 5, 10)
YEAR = Year(FIRST, LAST, 2000, 7)
UNTIL = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)


@dataclass
class Loaded:
    """What the loading said."""

    written: Mapping[str, int] = field(default_factory=dict)
    so_far: list[int] = field(default_factory=list)
    stale: list[dt.date] = field(default_factory=list)


@pytest.fixture(scope="module")
def loaded(filled: Callable[[Callable[[], object]], None]) -> Loaded:
    """Load the province, the catalogue and a small year in several pieces, once for all tests here."""
    loaded = Loaded()

    def load() -> None:
        load_demo(key="k")
        import_sheets(by=SYSTEM, at=UNTIL)
        load_catalogue(by=SYSTEM, at=UNTIL)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(counting, "_told", [loaded.stale.append])
            loaded.written = load_year(key="k", year=YEAR, say=loaded.so_far.append, chunk=300)

    filled(load)
    return loaded


@pytest.fixture
def year(loaded: Loaded, db: None) -> Loaded:
    """Look at the year and undo what a test changes."""
    return loaded


def told(year: Year) -> list[Told]:
    """Imagine a year without writing it."""
    return [one for day in imagine_year(year, Counter()) for one in day]


def facts(lives: list[Told]) -> list[tuple[object, ...]]:
    """Return what must come out the same by the same seed."""
    return [
        (
            one.number,
            one.sheet.code,
            one.where.receiving.pk,
            one.owner,
            one.life.terms,
            tuple(one.life.events),
        )
        for one in lives
    ]


def test_the_usual_year_is_the_one_of_the_data() -> None:
    assert usual_year() == Year(FIRST, LAST, 770_000, 20220510)
    assert usual_year().until == UNTIL


def test_it_says_what_it_wrote_and_marks_every_day_once(year: Loaded) -> None:
    assert 1900 < Dossier.objects.count() <= 2000
    assert year.written["dossiers_dossier"] == Dossier.objects.count()
    assert year.written["dossiers_slip"] == Slip.objects.count()
    assert year.written["dossiers_duemoved"] == DueMoved.objects.count()
    assert year.written["extensions"] == DueMoved.objects.filter(cause="extension").count() > 0
    assert len(year.so_far) > 4
    assert year.so_far == sorted(year.so_far)
    assert year.stale == [FIRST + dt.timedelta(days=n) for n in range(365)]
    assert not Result.objects.exists()


def test_it_is_loaded_beside_no_other_dossier(year: Loaded) -> None:
    before = Dossier.objects.count()
    with pytest.raises(DossiersAlreadyThere):
        load_year(key="k", year=YEAR)
    assert Dossier.objects.count() == before


def test_before_anything_is_in_force_there_is_nothing_to_file(year: Loaded) -> None:
    with pytest.raises(NothingPublished):
        told(Year(dt.date(2020, 5, 1), dt.date(2020, 5, 3), 10, 1))


def test_the_same_seed_gives_the_same_year_and_another_seed_another(year: Loaded) -> None:
    lives = told(YEAR)
    rows = Dossier.objects.order_by("id").values_list(
        "number", "procedure_code", "receiving_office_id", "owner_identity", "due_at", "state", "ended_at"
    )
    assert list(rows) == [
        (
            *(one.number, one.sheet.code, one.where.receiving.pk, one.owner.identity, one.life.due_at),
            *(one.life.states[-1], one.life.ended_at),
        )
        for one in lives
    ]
    assert facts(lives) == facts(told(YEAR))
    other = facts(told(Year(FIRST, LAST, 2000, 8)))
    assert len(set(other) & set(facts(lives))) == 0


def test_numbers_of_an_office_and_day_have_no_gap_and_follow_acceptance(year: Loaded) -> None:
    by_day: dict[tuple[int, dt.date], list[str]] = defaultdict(list)
    for dossier in Dossier.objects.exclude(number=None).order_by("accepted_at", "id"):
        assert dossier.accepted_at is not None
        day = dossier.accepted_at.astimezone(VN).date()
        by_day[dossier.receiving_office_id, day].append(str(dossier.number))
    for (_, day), numbers in by_day.items():
        assert [n[-11:] for n in numbers] == [f"{day:%y%m%d}-{i:04}" for i in range(1, len(numbers) + 1)]
    counters = {(row.office_id, row.day): row.n for row in DayNumber.objects.all()}
    assert counters == {key: len(numbers) for key, numbers in by_day.items()}


def test_steps_follow_the_life_cycle_to_the_state_of_the_dossier(year: Loaded) -> None:
    for dossier in Dossier.objects.prefetch_related("steps"):
        steps = sorted(dossier.steps.all(), key=lambda step: step.pk)
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert all(step.at <= UNTIL for step in steps)
        state = State.SUBMITTED
        for step in steps[1:]:
            state = LIFECYCLE.after(state, Verb(step.verb))
            assert step.after == state
        assert dossier.state == state
        is_nobodys = state in CLOSED | {State.INCOMPLETE, State.PAUSED}
        assert (dossier.desk_office_id is None) is is_nobodys
    states = set(Dossier.objects.values_list("state", flat=True))
    assert states >= {State.HANDED_OVER, State.IN_PROGRESS, State.REFUSED, State.REJECTED, State.WITHDRAWN}


def test_due_moments_are_those_of_the_rules(year: Loaded) -> None:
    days_off = calendar()
    for dossier in Dossier.objects.exclude(accepted_at=None).prefetch_related("pauses", "due_moves"):
        assert dossier.accepted_at is not None
        assert days_off.is_office_time(dossier.accepted_at)
        pauses = sorted(
            (p.began_at, p.ended_at)
            for p in dossier.pauses.all()
            if p.ended_at and (dossier.state != State.WITHDRAWN or p.ended_at != dossier.ended_at)
        )
        extensions = [(m.at, m.after) for m in dossier.due_moves.all() if m.cause == "extension"]
        found = due(dossier.accepted_at, dossier.limit, days_off, pauses, extensions=extensions)
        assert (dossier.original_due_at, dossier.due_at) == (found.original, found.last_known)


def test_the_ledger_tells_the_due_moment_of_any_time(year: Loaded) -> None:
    days_off = calendar()
    moved = Dossier.objects.filter(due_moves__isnull=False).distinct()
    for dossier in moved.prefetch_related("pauses", "due_moves"):
        assert dossier.accepted_at is not None
        moves = sorted(dossier.due_moves.all(), key=lambda move: move.pk)
        assert [move.before for move in moves] == [dossier.original_due_at, *(m.after for m in moves[:-1])]
        assert moves[-1].after == dossier.due_at
        assert all(move.after > move.before for move in moves)
        pauses = sorted((p.began_at, p.ended_at) for p in dossier.pauses.all() if p.ended_at)
        for n, (_began, ended) in enumerate(pauses, 1):
            just_after = ended + dt.timedelta(seconds=1)
            known = due_known_at(dossier.original_due_at, [(m.at, m.after) for m in moves], just_after)
            assert known == due(dossier.accepted_at, dossier.limit, days_off, pauses[:n]).last_known


def test_an_extension_gives_its_reason_and_a_slip_of_apology_by_the_leader(year: Loaded) -> None:
    days_off = calendar()
    for move in DueMoved.objects.filter(cause="extension").select_related("dossier__signing_office"):
        assert move.account_id is not None
        assert len(move.reason) > 20
        assert move.at < move.before
        assert days_off.is_office_time(move.at)
        assert days_off.is_office_time(move.after)
        slip = Slip.objects.get(dossier=move.dossier, form="04")
        assert (slip.by_name, slip.issued_at) == (move.by_name, move.at)
        assert slip.content == {"move": move.pk, "office": move.dossier.signing_office.name}
        posts = move.dossier.signing_office.posts.filter(person__account__pk=move.account_id)
        assert Role.LEADER in set(posts.values_list("role", flat=True))
    often = Counter(DueMoved.objects.filter(cause="extension").values_list("dossier_id", flat=True))
    assert max(often.values()) <= min(rule.most_times for rule in EXTENSION_RULES)
    assert not DueMoved.objects.filter(cause="pause").exclude(account_id=None, by_name="").exists()


def test_some_are_asked_for_papers_twice_before_and_after_acceptance(year: Loaded) -> None:
    asked = Dossier.objects.filter(slips__form="02").annotate(n=Count("slips"))
    assert asked.filter(n__gt=1, steps__verb=Verb.ASK_FOR_PAPERS).exists()
    paused = Dossier.objects.annotate(n=Count("pauses")).filter(n=2)
    assert paused.exists()
    assert Pause.objects.filter(dossier__state=State.WITHDRAWN, ended_at=F("dossier__ended_at")).exists()
    for pause in Pause.objects.select_related("slip"):
        assert (pause.slip.form, pause.slip.issued_at) == ("02", pause.began_at)
        assert pause.slip.defects.count() == 1


def test_every_kind_of_office_takes_part_where_the_catalogue_says(year: Loaded) -> None:
    kinds = set(Dossier.objects.values_list("receiving_office__kind", flat=True))
    assert kinds == {OfficeKind.COMMUNE, OfficeKind.DISTRICT, OfficeKind.DEPARTMENT}
    assert Dossier.objects.values("receiving_office").distinct().count() > 150
    pairs = set(Dossier.objects.values_list("procedure_code", "handling_office__kind"))
    assert ("1.001612", OfficeKind.DIVISION) in pairs


def test_a_few_procedures_carry_most_and_the_others_a_little(year: Loaded) -> None:
    by_code = Counter(Dossier.objects.values_list("procedure_code", flat=True))
    common = sum(n for _, n in by_code.most_common(63))
    assert 0.84 < common / by_code.total() < 0.95
    assert len(by_code) > 150
    assert max(n for _, n in by_code.most_common()[63:]) < 10


def test_more_and_more_is_filed_online_and_nothing_where_it_may_not_be(year: Loaded) -> None:
    def online(first: dt.date, last: dt.date) -> float:
        channels = Dossier.objects.filter(submitted_at__date__range=(first, last)).values_list(
            "channel", flat=True
        )
        return Counter(channels)["online"] / len(channels)

    begins, ends = online(FIRST, dt.date(2021, 8, 10)), online(dt.date(2022, 2, 10), LAST)
    assert 0.3 < begins < 0.52
    assert 0.65 < ends < 0.9
    allowed = set(
        ChannelTerm.objects.values_list(
            "case__version_id", "case__key", "channel", "limit_value", "limit_unit"
        )
    )
    rows = Dossier.objects.values_list("version_id", "case_key", "channel", "limit_value", "limit_unit")
    assert set(rows) <= allowed


def test_a_season_and_the_feast_are_seen_in_the_plan(year: Loaded) -> None:
    plan = plan_of(60_000)
    before = plan.begins[dt.date(2022, 1, 24)]
    after = plan.begins[dt.date(2022, 2, 14)]
    assert plan.begins[dt.date(2022, 2, 1)] < before / 4 < before < after
    codes = {month: Counter[str]() for month in (6, 12)}
    for month in codes:
        day = next(d for d in plan.begins if d.month == month and d.weekday() == 0)
        for sheet, _office, _terms in plan.filings(plan.random("test"), day):
            codes[month][sheet.code] += 1
    assert codes[6]["3.000181"] > 0 == codes[12]["3.000181"]


def plan_of(dossiers: int) -> YearPlan:
    """Draw a bigger year's plan from the sheets of a few lives."""
    sheets: dict[int, Sheet] = {one.sheet.id: one.sheet for one in told(YEAR)}
    return YearPlan(
        year_said(), list(sheets.values()), calendar(), first=FIRST, last=LAST, dossiers=dossiers, seed=7
    )


def test_a_remembered_due_moment_is_the_one_the_rules_give(year: Loaded) -> None:
    rng, days_off = Random(3), calendar()  # noqa: S311 - any moments will do
    deadlines = Deadlines(days_off)
    limits = {
        Limit(value, cast(Unit, unit))
        for value, unit in ChannelTerm.objects.values_list("limit_value", "limit_unit")
    }
    assert {limit.unit for limit in limits} >= {"h", "wd", "d", "m", "sameday", "none"}
    for _ in range(3000):
        limit = rng.choice(sorted(limits, key=lambda one: (one.unit, one.value)))
        accepted = dt.datetime(2021, 5, 11, 7, tzinfo=VN) + dt.timedelta(minutes=rng.randrange(60 * 24 * 60))
        assert deadlines.original(accepted, limit) == due(accepted, limit, days_off).at
