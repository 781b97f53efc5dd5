"""The demo's history keeps every identity that the services keep."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from tinhso.catalogue.api import import_sheets
from tinhso.directory.api import SYSTEM, Account, OfficeKind, calendar, load_demo
from tinhso.dossiers.lifecycle import CLOSED, LIFECYCLE, State, Verb
from tinhso.dossiers.models import DayNumber, Dossier, DueMoved, Pause, Result, Slip
from tinhso.dossiers.rules import due
from tinhso.dossiers.services.load_history import load_history
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN

UNTIL = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)


@pytest.fixture(scope="module")
def loaded(filled: Callable[[Callable[[], object]], None]) -> list[int]:
    """Load the province and a tenth of its history, once for all tests here; see how many dossiers."""
    numbers: list[int] = []

    def load() -> None:
        load_demo(key="k")
        import_sheets(by=SYSTEM, at=UNTIL)
        numbers.append(load_history(key="k", until=UNTIL, lives=2000))

    filled(load)
    return numbers


@pytest.fixture
def history(loaded: list[int], db: None) -> int:
    """Look at the history and undo what a test changes."""
    return loaded[0]


def test_it_is_loaded_once(history: int) -> None:
    assert 1900 < history <= 2000
    assert Dossier.objects.count() == history
    assert load_history(key="k", until=UNTIL, lives=10) == 0
    assert Dossier.objects.count() == history


def test_numbers_of_an_office_and_day_have_no_gap_and_follow_acceptance(history: int) -> None:
    by_day: dict[tuple[int, dt.date], list[str]] = defaultdict(list)
    for dossier in Dossier.objects.exclude(number=None).order_by("accepted_at", "id"):
        assert dossier.accepted_at is not None
        by_day[dossier.receiving_office_id, dossier.accepted_at.astimezone(VN).date()].append(
            str(dossier.number)
        )
    for (_, day), numbers in by_day.items():
        assert [n[-11:] for n in numbers] == [f"{day:%y%m%d}-{i:04}" for i in range(1, len(numbers) + 1)]
    counters = {(row.office_id, row.day): row.n for row in DayNumber.objects.all()}
    assert counters == {key: len(numbers) for key, numbers in by_day.items()}


def test_due_moments_are_those_of_the_rules_and_acceptance_lies_in_office_hours(history: int) -> None:
    days_off = calendar()
    for dossier in Dossier.objects.exclude(accepted_at=None).prefetch_related("pauses"):
        assert dossier.accepted_at is not None
        assert days_off.is_office_time(dossier.accepted_at)
        pauses = [(p.began_at, p.ended_at) for p in dossier.pauses.all() if p.ended_at]
        found = due(dossier.accepted_at, dossier.limit, days_off, pauses)
        assert (dossier.original_due_at, dossier.due_at) == (found.original, found.last_known)


def test_the_ledger_of_moved_due_moments_holds_each_ended_pause_that_moved_one(history: int) -> None:
    moved = Dossier.objects.exclude(due_at=F("original_due_at")).exclude(due_at=None)
    assert moved.count() == DueMoved.objects.count() > 50
    for move in DueMoved.objects.select_related("dossier"):
        (pause,) = move.dossier.pauses.all()
        assert (move.cause, move.at, move.account_id) == ("pause", pause.ended_at, None)
        assert (move.before, move.after) == (move.dossier.original_due_at, move.dossier.due_at)


def test_steps_follow_the_life_cycle_to_the_state_of_the_dossier(history: int) -> None:
    for dossier in Dossier.objects.prefetch_related("steps"):
        steps = sorted(dossier.steps.all(), key=lambda step: step.pk)
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        assert all(step.at <= UNTIL for step in steps)
        state = State.SUBMITTED
        for step in steps[1:]:
            state = LIFECYCLE.after(state, Verb(step.verb))
            assert step.after == state
        assert dossier.state == state


def test_a_running_dossier_lies_on_a_desk_and_a_closed_one_on_none(history: int) -> None:
    waits = {State.INCOMPLETE, State.PAUSED}
    for dossier in Dossier.objects.all():
        is_nobodys = dossier.state in CLOSED | waits
        assert (dossier.desk_office_id is None) is is_nobodys
    assert Dossier.objects.filter(desk_role="specialist", state=State.IN_PROGRESS).exists()


def test_every_acceptance_gave_a_receipt_and_every_pause_has_its_paper(history: int) -> None:
    accepted = Dossier.objects.exclude(accepted_at=None).count()
    assert Slip.objects.filter(form="01").count() == accepted
    assert Pause.objects.exclude(slip__form="02").count() == 0
    assert Dossier.objects.filter(state=State.PAUSED).count() == Pause.objects.filter(ended_at=None).count()
    assert not Result.objects.exists()


def test_each_office_of_the_history_is_of_the_right_kind(history: int) -> None:
    kinds = set(
        Dossier.objects.values_list("procedure_code", "receiving_office__kind", "handling_office__kind")
    )
    assert ("1.001612", OfficeKind.DISTRICT, OfficeKind.DIVISION) in kinds
    assert {k for k in kinds if k[0] == "1.001193"} == {("1.001193", OfficeKind.COMMUNE, OfficeKind.COMMUNE)}


def test_a_finished_and_a_running_dossier_open_on_every_page(
    history: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: UNTIL)
    inspector = Client()
    inspector.force_login(Account.objects.get(username="an"))
    for state in {str(s) for s in Dossier.objects.values_list("state", flat=True)}:
        code = Dossier.objects.filter(state=state).values_list("tracking_code", flat=True)[0]
        page = inspector.get(reverse("dossiers:desk", args=[code]))
        assert page.status_code == 200, state
