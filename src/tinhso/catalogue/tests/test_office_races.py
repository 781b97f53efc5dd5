"""Two people of the office at the same moment, on connections of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tinhso.catalogue import api
from tinhso.catalogue.models import ProcedureVersion, SheetDraft
from tinhso.catalogue.services.publish_draft import AlreadyPublished, Decision, publish_draft
from tinhso.catalogue.services.write_draft import open_draft
from tinhso.catalogue.tests.office import AT, DAY, Keepers, approved, make_keepers
from tinhso.directory.api import SYSTEM, Actor

CODE = "1.004873"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def keepers() -> Keepers:
    api.import_sheets(by=SYSTEM, at=AT)
    return make_keepers()


def at_once(act: Callable[[Actor], object], *actors: Actor) -> list[object]:
    """Let everybody act at the same moment; return what each got, or the error."""
    barrier = Barrier(len(actors))

    def one(actor: Actor) -> object:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            return act(actor)
        except AlreadyPublished as first:
            return first
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actors)) as pool:
        return list(pool.map(one, actors))


def test_of_two_who_publish_at_once_one_wins_and_the_other_reads_who(keepers: Keepers) -> None:
    draft = approved(keepers, CODE)
    decision = Decision("915/QĐ-UBND", AT.date(), AT.date() + 20 * DAY)
    got = at_once(
        lambda by: publish_draft(by=by, at=AT, draft=draft.pk, decision=decision), keepers.vy, keepers.khoa
    )
    (won,) = [one for one in got if isinstance(one, ProcedureVersion)]
    (lost,) = [one for one in got if isinstance(one, AlreadyPublished)]
    winner = keepers.vy if got[0] is won else keepers.khoa
    assert str(lost).startswith(f"{winner.name} đã công bố bản này trước, lúc 8 giờ 30")
    assert ProcedureVersion.objects.filter(procedure__code=CODE).count() == 2


def test_two_who_open_at_once_get_the_same_sheet(keepers: Keepers) -> None:
    got = at_once(lambda by: open_draft(by=by, at=AT, code=CODE).pk, keepers.vy, keepers.yen)
    assert got == [SheetDraft.objects.get().pk] * 2
