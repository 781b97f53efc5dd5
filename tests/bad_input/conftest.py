"""Lan, her draft of a birth registration, and the morning on which it is filled in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from tests.bad_input.browser import Browser
from tinhso.catalogue.api import ProcedureVersion, import_sheet
from tinhso.catalogue.services.publish import SHEETS
from tinhso.catalogue.tests.samples import answers
from tinhso.directory.api import SYSTEM
from tinhso.directory.tests.factories import Cast, make_cast
from tinhso.documents.api import PDF, Upload, store
from tinhso.documents.models import StoredFile
from tinhso.dossiers.api import add_file, save_draft, start_draft
from tinhso.dossiers.models import Dossier, Draft, SentOnce, StepTaken
from tinhso.dossiers.tests.factories import NINE
from tinhso.journal.models import Entry
from tinhso.toolkit import clock

NEEDED = ("chung-sinh", "giay-tuy-than")


@dataclass
class Story:
    """Lan at her computer with a draft."""

    cast: Cast
    birth: ProcedureVersion
    draft: Draft
    lan: Browser

    def page(self, key: str) -> str:
        """Return the address of a page of the draft."""
        return reverse("dossiers:draft_page", args=[self.draft.token, key])

    def typed(self) -> dict[str, Any]:
        """Return what is kept of what was typed, right or wrong."""
        self.draft.refresh_from_db()
        return {**self.draft.answers, **self.draft.typed}

    def rows(self) -> tuple[int, ...]:
        """Count what must not grow by a refused input."""
        tables = (Dossier, StepTaken, SentOnce, StoredFile, Entry)
        return (*(table._default_manager.count() for table in tables), self.draft.files.count())

    def add_papers(self, *papers: str) -> None:
        """Lay the needed papers into the draft."""
        for paper in papers or NEEDED:
            kept = store(f"%PDF-1.7 {paper}".encode(), media_type=PDF, at=NINE)
            upload = Upload(file=kept, name=f"{paper}.pdf", notice="", was_photo=False)
            add_file(
                by=self.cast.lan, at=NINE, token=self.draft.token, paper_key=paper, upload=upload, max_files=9
            )


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NINE + dt.timedelta(hours=1))


@pytest.fixture
def cast(db: None) -> Cast:
    """Make two communes and everybody."""
    return make_cast()


@pytest.fixture
def story(cast: Cast) -> Story:
    """Give Lan a draft in which every answer is right and nothing is attached yet."""
    birth = import_sheet(SHEETS / "1.001193.json", by=SYSTEM, at=NINE)
    draft = start_draft(by=cast.lan, at=NINE, version=birth, office=cast.commune)
    save_draft(by=cast.lan, at=NINE, token=draft.token, typed={}, answers=answers("1.001193"))
    draft.refresh_from_db()
    return Story(cast, birth, draft, Browser(cast.lan))
