"""The mark of the last page spares a second check, and never lets through what was not checked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bad_input.conftest import Story
from tinhso.catalogue import api as catalogue
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.services.keep_draft import save_draft
from tinhso.dossiers.tests.factories import NINE
from tinhso.dossiers.views.filing import CHECK


def _shown(story: Story) -> dict[str, str]:
    boxes = story.lan.get(story.page(CHECK)).boxes()
    return {"key": boxes["key"], "checked": boxes["checked"], "declared": "1"}


def _blank_the_name(story: Story) -> None:
    save_draft(by=story.cast.lan, at=NINE, token=story.draft.token, typed={}, answers={"child_name": None})


def test_a_press_on_what_was_shown_is_not_checked_twice(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.add_papers()
    sent = _shown(story)
    asked: list[Any] = []
    monkeypatch.setattr(catalogue, "check_answers", lambda *words: asked.append(words))
    assert "xong" in story.lan.post(story.page(CHECK), sent).leads_to
    assert asked == []


def test_an_answer_changed_after_the_page_was_shown_is_checked_again(story: Story) -> None:
    story.add_papers()
    sent = _shown(story)
    _blank_the_name(story)
    page = story.lan.post(story.page(CHECK), sent)
    assert (page.status, Dossier.objects.count()) == (422, 0)


@pytest.mark.parametrize("mark", ["", "x", "eyJhIjoxfQ:1abcde:forged"])
def test_a_mark_of_ones_own_making_spares_nothing(story: Story, mark: str) -> None:
    story.add_papers()
    _blank_the_name(story)
    page = story.lan.post(story.page(CHECK), {"key": "k", "declared": "1", "checked": mark})
    assert (page.status, Dossier.objects.count()) == (422, 0)


def test_the_mark_of_another_draft_spares_nothing(story: Story) -> None:
    story.add_papers()
    sent = _shown(story)
    _blank_the_name(story)
    story.draft.pk, story.draft.token = None, "mot-ban-khac"
    story.draft.answers = {**story.draft.answers, "child_name": None}
    story.draft.save(force_insert=True)
    story.add_papers()
    page = story.lan.post(story.page(CHECK), sent)
    assert (page.status, Dossier.objects.count()) == (422, 0)


def test_a_page_with_a_mistake_carries_no_mark(story: Story) -> None:
    _blank_the_name(story)
    assert story.lan.get(story.page(CHECK)).boxes()["checked"] == ""


def test_a_missing_paper_is_missed_in_spite_of_the_mark(story: Story) -> None:
    page = story.lan.post(story.page(CHECK), _shown(story))
    page.says("Chụp ảnh hoặc chọn tệp rồi gửi.")
    assert (page.status, Dossier.objects.count()) == (422, 0)
