"""The drafts of the demo's past: invented, the same each time, nobody's who can sign in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from tinhso.catalogue import api as catalogue
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.queries.draft_steps import Step, drafts_by_step
from tinhso.dossiers.services.load_abandoned import load_abandoned
from tinhso.dossiers.services.load_history import load_history
from tinhso.toolkit.clock import VN

UNTIL = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)
YEAR = dt.datetime(2022, 1, 1, tzinfo=VN), dt.datetime(2022, 5, 11, tzinfo=VN)


@pytest.fixture(scope="module")
def loaded(filled: Callable[[Callable[[], object]], None]) -> list[int]:
    """Load the province, a tenth of its history and all drafts, once; see how many drafts."""
    numbers: list[int] = []

    def load() -> None:
        load_demo(key="k")
        catalogue.import_sheets(by=SYSTEM, at=UNTIL)
        load_history(key="k", until=UNTIL, lives=2000)
        numbers.append(load_abandoned(until=UNTIL))

    filled(load)
    return numbers


@pytest.fixture
def past(loaded: list[int], db: None) -> int:
    """Look at the drafts and undo what a test changes."""
    return loaded[0]


def test_the_drafts_of_the_past_are_loaded_once_and_always_the_same(past: int) -> None:
    def told() -> list[tuple[object, ...]]:
        rows = Draft.objects.order_by("token")
        return list(rows.values_list("token", "page", "furthest", "office_id", "created_at", "saved_at"))

    before = told()
    assert len(before) == past > 420
    assert load_abandoned(until=UNTIL) == 0
    Draft.objects.all().delete()
    assert load_abandoned(until=UNTIL) == past
    assert told() == before


def test_the_drafts_of_the_past_belong_to_nobody_who_can_sign_in(past: int) -> None:
    assert not Draft.objects.filter(person__account__isnull=False).exists()
    names = set(Draft.objects.values_list("person__name", flat=True))
    assert {name.rsplit(" ", 1)[0] for name in names} <= {
        f"Người {word}" for word in ("Thử", "Mẫu", "Nháp", "Ví Dụ", "Giả Định", "Minh Họa")
    }


def test_each_online_dossier_of_the_past_was_sent_from_a_draft_and_the_rest_were_given_up(past: int) -> None:
    online = Dossier.objects.filter(channel="online", owner_person=None)
    assert set(online.values_list("pk", flat=True)) == set(
        Draft.objects.exclude(dossier=None).values_list("dossier_id", flat=True)
    )
    for draft in Draft.objects.exclude(dossier=None).select_related("dossier"):
        assert draft.dossier is not None
        assert draft.created_at < draft.saved_at < draft.dossier.submitted_at
    given_up = Draft.objects.filter(dossier=None)
    assert given_up.count() == 420
    assert all(draft.created_at <= draft.saved_at <= UNTIL for draft in given_up)
    assert {moment.astimezone(VN).month for moment in given_up.values_list("created_at", flat=True)} == {
        1,
        2,
        3,
        4,
        5,
    }


def test_the_past_has_people_giving_up_at_every_step_of_what_is_filed_on_line(past: int) -> None:
    found = drafts_by_step(*YEAR, untouched_since=UNTIL - dt.timedelta(days=7))
    filed = {"1.001193", "1.001612", "1.004873", "1.013225", "3.000333"}
    assert {one.code for one in found} == filed
    for one in found:
        assert all(one.untouched(step) for step in Step if step is not Step.SENT), one.code
