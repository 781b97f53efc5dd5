"""The applicant reads what is missing, sends it, or withdraws."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.directory.tests.factories import Cast
from tinhso.dossiers import api
from tinhso.dossiers.lifecycle import State
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.queries import on_my_desks
from tinhso.dossiers.tests.desk import browser, picture, program
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.toolkit import clock


@pytest.fixture(autouse=True)
def _ten_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NINE + dt.timedelta(hours=1))


UNCLEAR = api.Defect("C-SCAN-UNCLEAR", "Ảnh mờ, hãy chụp lại đủ bốn góc.")


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def _asked_for_papers(cast: Cast) -> Dossier:
    dossier = make_dossier(cast, accepted=True)
    api.ask_for_papers(
        by=cast.son,
        at=NINE,
        tracking_code=dossier.tracking_code,
        defects=[UNCLEAR],
        explanation="Chụp lại trang 2, thấy đủ bốn góc giấy.",
    )
    return dossier


def mine(dossier: Dossier, name: str = "mine") -> str:
    return reverse(f"dossiers:{name}", args=[dossier.tracking_code])


def test_the_applicant_reads_what_is_missing_and_sends_it(cast: Cast) -> None:
    dossier = _asked_for_papers(cast)
    lan = browser(cast.lan)
    page = text(lan, mine(dossier))
    assert "Chụp lại trang 2" in page
    assert mine(dossier, "supply") in page
    sent = lan.post(mine(dossier, "supply"), {"file": picture(), "note": "Đã chụp lại."}, follow=True)
    assert "Đã gửi bổ sung" in sent.content.decode()
    dossier.refresh_from_db()
    assert dossier.state == State.IN_PROGRESS
    assert [(p.name, p.round) for p in dossier.papers.all()] == [("giay-to.pdf", 1)]
    assert dossier in on_my_desks(cast.son)
    late = lan.post(mine(dossier, "supply"), {"note": "Nữa."}, follow=True)
    assert "không còn chờ bổ sung" in late.content.decode()


@pytest.mark.parametrize(
    ("sends_a_file", "sentence"), [(False, "Chưa có gì để gửi"), (True, "chương trình máy tính")]
)
def test_a_supplement_that_cannot_be_taken_keeps_the_words(
    cast: Cast, *, sends_a_file: bool, sentence: str
) -> None:
    dossier = _asked_for_papers(cast)
    said: dict[str, Any] = {"note": ""}
    if sends_a_file:
        said = {"note": "Chữ còn nguyên", "file": program()}
    answer = browser(cast.lan).post(mine(dossier, "supply"), said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert said["note"] in answer.content.decode()
    dossier.refresh_from_db()
    assert dossier.state == State.PAUSED


@pytest.mark.parametrize("who", ["binh", "minh", "son", "tam", "an"])
def test_nobody_else_supplies_or_withdraws(cast: Cast, who: str) -> None:
    dossier = _asked_for_papers(cast)
    other = browser(getattr(cast, who))
    assert other.get(mine(dossier)).status_code == 404
    assert other.post(mine(dossier, "supply"), {"note": "Xong."}).status_code == 404
    assert other.post(mine(dossier, "withdraw")).status_code == 404
    dossier.refresh_from_db()
    assert dossier.state == State.PAUSED


def test_a_stranger_signs_in_before_supplying_or_withdrawing(cast: Cast) -> None:
    dossier = _asked_for_papers(cast)
    for name in ("supply", "withdraw"):
        assert browser(None).post(mine(dossier, name)).status_code == 302
        assert browser(cast.lan).get(mine(dossier, name)).status_code == 405
    dossier.refresh_from_db()
    assert dossier.state == State.PAUSED


def test_the_applicant_withdraws_with_a_reason_and_once(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    lan = browser(cast.lan)
    assert mine(dossier, "withdraw") in text(lan, mine(dossier))
    done = lan.post(mine(dossier, "withdraw"), {"reason": "Không cần nữa"}, follow=True)
    assert "Đã rút hồ sơ" in done.content.decode()
    assert mine(dossier, "withdraw") not in done.content.decode()
    dossier.refresh_from_db()
    assert dossier.state == State.WITHDRAWN
    assert dossier.steps.get(verb="withdraw").note == "Không cần nữa"
