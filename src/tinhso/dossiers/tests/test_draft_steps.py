"""How far a draft came is kept when a page is passed, never taken back, and counted without a name."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.catalogue import api as catalogue
from tinhso.directory.api import SYSTEM, Account
from tinhso.directory.tests.factories import Cast
from tinhso.documents.api import PDF, Upload, draw_pdf, store
from tinhso.dossiers import api
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.permissions import AT_COUNTER
from tinhso.dossiers.queries.draft_steps import CHECK, OFFICE, PAPERS, Step, drafts_by_step, further
from tinhso.dossiers.tests.factories import NINE
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN

PROCEDURE = "1.001193"
YEAR = dt.datetime(2022, 1, 1, tzinfo=VN), dt.datetime(2022, 5, 11, tzinfo=VN)
LONG_AGO = NINE - dt.timedelta(days=7)


@pytest.mark.parametrize(
    ("seen", "page", "later"),
    [
        ("", OFFICE, ""),
        ("", "a", "a"),
        ("b", "a", "b"),
        (PAPERS, "a", PAPERS),
        (PAPERS, CHECK, CHECK),
        (CHECK, OFFICE, CHECK),
        ("of-an-older-version", OFFICE, "of-an-older-version"),
    ],
)
def test_the_later_page_of_the_way_is_the_further_one(seen: str, page: str, later: str) -> None:
    assert further(seen, page, ("a", "b")) == later


def whole_draft(cast: Cast, at: dt.datetime = NINE) -> Draft:
    """Begin a draft of Lan's that could go on to the check: its papers are there."""
    version = catalogue.current(PROCEDURE, at.date())
    draft = api.start_draft(by=cast.lan, at=at, version=version, office=cast.commune)
    api.save_draft(by=cast.lan, at=at, token=draft.token, typed={}, page=PAPERS)
    file = store(draw_pdf("<!DOCTYPE html><html lang='vi'><p>Giấy thử"), media_type=PDF, at=at, pages=1)
    for paper in catalogue.papers(version, draft.answers, at.date()):
        if paper.is_required and paper.is_upload:
            upload = Upload(file, "giay.pdf", "", was_photo=False)
            api.add_file(
                by=cast.lan, at=at, token=draft.token, paper_key=paper.key, upload=upload, max_files=3
            )
    draft.refresh_from_db()
    return draft


@pytest.fixture
def birth(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Cast:
    """Publish birth registration and stand at nine in the morning."""
    monkeypatch.setattr(clock, "now", lambda: NINE)
    catalogue.import_sheets(by=SYSTEM, at=NINE)
    return cast


def test_the_pages_keep_how_far_a_person_came_and_going_back_takes_nothing_away(birth: Cast) -> None:
    lan, draft = Client(), whole_draft(birth)
    lan.force_login(Account.objects.get(pk=birth.lan.account_id or 0))
    assert (draft.page, draft.furthest) == (PAPERS, PAPERS)
    answer = lan.post(reverse("dossiers:draft_page", args=[draft.token, PAPERS]))
    assert answer["Location"] == reverse("dossiers:draft_page", args=[draft.token, CHECK])
    draft.refresh_from_db()
    assert draft.furthest == CHECK
    lan.post(reverse("dossiers:draft_page", args=[draft.token, OFFICE]), {"office": birth.commune.pk})
    draft.refresh_from_db()
    assert draft.page not in (CHECK, PAPERS, OFFICE)
    assert draft.furthest == CHECK


def test_every_page_adds_up_and_what_was_sent_reached_everything(birth: Cast) -> None:
    version = catalogue.current(PROCEDURE, NINE.date())
    old = NINE - dt.timedelta(days=9)
    for at, page in ((old, ""), (NINE, ""), (old, PAPERS), (old, PAPERS), (NINE, CHECK)):
        draft = api.start_draft(by=birth.lan, at=at, version=version, office=birth.commune)
        if page:
            later = at + dt.timedelta(minutes=20)
            api.save_draft(by=birth.lan, at=later, token=draft.token, typed={}, page=page)
    api.start_intake(by=birth.minh, at=NINE, key="k" * 22, version=version, office=birth.commune)
    api.start_draft(by=birth.lan, at=NINE - dt.timedelta(days=200), version=version, office=None)
    sent = whole_draft(birth)
    dossier = Dossier.objects.create(**_dossier_of(sent))
    Draft.objects.filter(pk=sent.pk).update(dossier=dossier, furthest="")
    (found,) = drafts_by_step(*YEAR, untouched_since=LONG_AGO)
    assert {step: found.reached(step) for step in Step} == {
        Step.OFFICE: 6,
        Step.QUESTIONS: 4,
        Step.PAPERS: 4,
        Step.CHECK: 2,
        Step.SENT: 1,
    }
    assert [found.untouched(step) for step in Step] == [1, 0, 2, 0, 0]
    assert [found.lately(step) for step in Step] == [1, 0, 0, 1, 0]
    after = [*(page.reached for page in found.pages[1:]), found.sent]
    assert [page.reached - page.untouched - page.lately for page in found.pages] == after
    assert (found.begun, found.saved, found.median_minutes) == (6, 3, 20)
    assert Draft.objects.filter(page=AT_COUNTER).exists()
    assert drafts_by_step(*YEAR, untouched_since=LONG_AGO, code="9.000001") == []


def _dossier_of(draft: Draft) -> dict[str, object]:
    offices = dict.fromkeys(("receiving_office", "handling_office", "signing_office"), draft.office)
    return {
        **offices,
        "tracking_code": "AAAA-BBBB-CCCC-DDDD",
        "version": draft.version,
        "procedure_code": PROCEDURE,
        "case_key": "normal",
        "channel": "online",
        "owner_name": "Thử",
        "owner_folded": "thu",
        "submitter_name": "Thử",
        "summary": "Thử",
        "answers": {},
        "limit_unit": "wd",
        "submitted_at": NINE,
        "answer_due_at": NINE,
        "desk_since": NINE,
    }
