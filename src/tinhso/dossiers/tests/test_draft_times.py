"""How long filing took: minutes from the beginning of a draft to its submission."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.catalogue.api import import_sheets
from tinhso.directory.api import SYSTEM
from tinhso.directory.tests.factories import Cast
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.permissions import AT_COUNTER
from tinhso.dossiers.queries.account import fullest_account
from tinhso.dossiers.queries.draft_times import filing_times
from tinhso.dossiers.tests.factories import NINE, make_dossier, make_draft

BIRTH = "1.001193"
DAY = dt.timedelta(days=1)


@pytest.mark.django_db
def test_minutes_run_from_the_beginning_of_a_draft_to_its_submission(cast: Cast) -> None:
    import_sheets(by=SYSTEM, at=NINE)
    desks = make_dossier(cast)
    for minutes in (10, 20, 90):
        sent = make_dossier(cast, version=desks.version)
        began = NINE + dt.timedelta(minutes=minutes)
        Dossier.objects.filter(pk=sent.pk).update(submitted_at=began + dt.timedelta(minutes=minutes))
        draft = make_draft(BIRTH, "buoc.xem-lai", NINE)
        Draft.objects.filter(pk=draft.pk).update(created_at=began, dossier=sent)
    desk = make_draft(BIRTH, "", NINE)
    Draft.objects.filter(pk=desk.pk).update(page=AT_COUNTER, dossier=desks)
    make_draft(BIRTH, "", NINE)
    found = filing_times(NINE - DAY, NINE + DAY)
    assert (found[BIRTH].sent, found[BIRTH].median_minutes) == (3, 20)
    assert filing_times(NINE + DAY, NINE + 2 * DAY) == {}


def test_the_fullest_account_knows_what_an_account_can_know() -> None:
    assert set(fullest_account()) == {"name", "birth_date", "sex", "identity", "phone", "email"}
