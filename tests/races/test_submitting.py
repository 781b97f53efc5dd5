"""Submitting through two servers at once: one key is one dossier, whatever the clicks."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.urls import reverse

from tests.races.conftest import Town
from tests.races.servers import Answer, Visitor, all_at_once, visitor
from tinhso.catalogue.tests.samples import answers
from tinhso.documents.api import PDF, Upload, store
from tinhso.dossiers.api import add_file, drop_draft, save_draft, start_draft
from tinhso.dossiers.models import Dossier, Draft, SentOnce
from tinhso.dossiers.views.filing import CHECK
from tinhso.toolkit.policy import NotThere

CLICKS = 50


def whole_draft(town: Town, **changes: Any) -> Draft:
    """Return Lan's draft of a birth registration with every answer given."""
    by, at = town.cast.lan, town.at
    draft = start_draft(by=by, at=at, version=town.birth, office=town.cast.commune)
    for paper in ("chung-sinh", "giay-tuy-than"):
        file = store(f"%PDF-1.7 {paper}".encode(), media_type=PDF, at=at)
        upload = Upload(file=file, name=f"{paper}.pdf", notice="", was_photo=False)
        add_file(by=by, at=at, token=draft.token, paper_key=paper, upload=upload, max_files=5)
    return save_draft(by=by, at=at, token=draft.token, typed={}, answers=answers("1.001193", **changes))


def click(town: Town, browser: Visitor, draft: Draft, key: str, server: int) -> Answer:
    """Press "Nộp hồ sơ"."""
    page = reverse("dossiers:draft_page", args=[draft.token, CHECK])
    return browser.post(town.servers[server % 2], page, key=key, declared="1")


def test_fifty_clicks_with_one_key_over_two_servers_make_one_dossier_and_get_one_answer(town: Town) -> None:
    draft, lan = whole_draft(town), visitor(town.cast.lan.account_id)
    before = Dossier.objects.count()
    given = all_at_once(lambda n: click(town, lan.again(), draft, "mot-khoa", n), CLICKS)
    assert {answer.status for answer in given} == {302}
    (address,) = {answer.leads_to for answer in given}
    assert Dossier.objects.count() == before + 1
    dossier = Dossier.objects.get(draft=draft)
    assert address == reverse("dossiers:done", args=[dossier.tracking_code])
    assert dossier.steps.count() == 1
    assert SentOnce.objects.filter(key="mot-khoa").count() == 1
    assert dossier.tracking_code in lan.get(town.servers[1], address).text


def test_two_drafts_racing_for_one_key_make_one_dossier_and_the_other_reads_how_to_go_on(town: Town) -> None:
    drafts = [whole_draft(town), whole_draft(town, child_name="Nguyễn Ví Dụ Bình")]
    lan = visitor(town.cast.lan.account_id)
    before = Dossier.objects.count()
    given = all_at_once(lambda n: click(town, lan.again(), drafts[n], "hai-ban", n), 2)
    assert sorted(answer.status for answer in given) == [302, 409]
    assert Dossier.objects.count() == before + 1
    refused = next(answer for answer in given if answer.status == 409)
    assert "Lần bấm này đã nộp một hồ sơ khác" in refused.text
    assert "Xem lại, rồi bấm Nộp hồ sơ lần nữa." in refused.text
    left = next(draft for draft, answer in zip(drafts, given, strict=True) if answer.status == 409)
    left.refresh_from_db()
    assert left.dossier is None
    assert b'value="hai-ban"' not in refused.body
    (key,) = {part.split(b'"')[0].decode() for part in refused.body.split(b'name="key" value="')[1:]}
    assert click(town, lan, left, key, 0).status == 302
    assert Dossier.objects.count() == before + 2


def test_a_changed_draft_under_a_key_that_was_used_is_refused_at_either_server(town: Town) -> None:
    lan = visitor(town.cast.lan.account_id)
    first, changed = whole_draft(town), whole_draft(town, child_name="Nguyễn Ví Dụ Khác")
    assert click(town, lan, first, "da-dung", 0).status == 302
    before = Dossier.objects.count()
    for server in range(2):
        answer = click(town, lan, changed, "da-dung", server)
        assert answer.status == 409
        assert "Lần bấm này đã nộp một hồ sơ khác" in answer.text
        assert "Nguyễn Ví Dụ Khác" in answer.text
    assert Dossier.objects.count() == before


def test_a_draft_thrown_away_while_it_is_submitted_is_either_sent_or_gone(town: Town) -> None:
    lan = visitor(town.cast.lan.account_id)
    for number in range(6):
        draft = whole_draft(town)

        def act(n: int, draft: Draft = draft, number: int = number) -> Answer | None:
            if n < 4:
                return click(town, lan.again(), draft, f"bo-{number}", n)
            try:
                drop_draft(by=town.cast.lan, token=draft.token)
            except NotThere:
                pass
            finally:
                connection.close()
            return None

        given = [answer for answer in all_at_once(act, 5) if answer is not None]
        sent = Dossier.objects.filter(draft__token=draft.token)
        if Draft.objects.filter(token=draft.token).exists():
            assert {answer.status for answer in given} == {302}
            (address,) = {answer.leads_to for answer in given}
            assert address == reverse("dossiers:done", args=[sent.get().tracking_code])
        else:
            # Gone before the click was read, or while it was: its files go with it, so they are missing.
            words = {404: "Không có trang này", 422: "Còn thiếu"}
            assert all(words[answer.status] in answer.text for answer in given)
            assert not SentOnce.objects.filter(key=f"bo-{number}").exists()
            assert not sent.exists()
