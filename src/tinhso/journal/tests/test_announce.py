"""Announcing, and reading what was announced."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tinhso.journal.api import (
    EntryNotFound,
    NameTaken,
    NotAnEvent,
    OutsideTransaction,
    announce,
    entry_of,
    every,
    history,
    listeners_of,
    on,
    rows_for,
)
from tinhso.journal.models import Delivery, Entry
from tinhso.journal.tests.conftest import AT, Doer
from tinhso.journal.tests.events import LanternLit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registry")]


def hear_nothing(event: Any, entry: Any) -> None:
    """Listen and do nothing."""


def test_news_is_one_entry_and_one_delivery_for_each_listener_in_one_statement() -> None:
    on(LanternLit, name="a.first")(hear_nothing)
    on(LanternLit, name="b.second")(hear_nothing)
    with CaptureQueriesContext(connection) as asked:
        number = announce(LanternLit(1), about="lantern:1", by=Doer(), at=AT)
    assert len(asked) == 1
    entry = Entry.objects.get(pk=number)
    assert (entry.event, entry.about, entry.at_ms) == ("journal.LanternLit", "lantern:1", 1652146200000)
    told = (
        Delivery.objects.filter(entry=number)
        .order_by("listener")
        .values_list("listener", "attempts", "done_at")
    )
    assert list(told) == [("a.first", 0, None), ("b.second", 0, None)]


def test_news_that_nobody_hears_is_still_written() -> None:
    number = announce(LanternLit(1), about="lantern:1", by=Doer(), at=AT)
    assert not Delivery.objects.filter(entry=number).exists()
    assert entry_of(number).data == {"number": 1, "note": ""}


def test_what_is_no_event_cannot_be_announced() -> None:
    with pytest.raises(NotAnEvent):
        announce(Doer(), about="x", by=Doer(), at=AT)


def test_a_caller_may_write_both_himself() -> None:
    on(LanternLit, name="a.first")(hear_nothing)
    body, names = rows_for(LanternLit(2), about="lantern:2", by=Doer(), at=AT)
    with connection.cursor() as cursor:
        cursor.execute("insert into journal_entry (body) values (%s) returning id", [body])
        assert entry_of(cursor.fetchone()[0]).event == "journal.LanternLit"
    assert names == ["a.first"]


def test_the_history_of_a_thing_is_told_latest_first_page_by_page() -> None:
    numbers = [announce(LanternLit(n), about="lantern:1", by=Doer(), at=AT) for n in range(5)]
    announce(LanternLit(9), about="lantern:2", by=Doer(), at=AT)
    page = history("lantern:1", limit=3)
    assert [record.id for record in page] == numbers[:1:-1]
    assert [record.id for record in history("lantern:1", before=page[-1].id)] == numbers[1::-1]
    assert (page[0].by, page[0].at) == ("account:1", AT)


def test_an_entry_that_is_not_there_is_not_found() -> None:
    with pytest.raises(EntryNotFound):
        entry_of(0)


def test_two_listeners_of_one_event_cannot_carry_one_name() -> None:
    on(LanternLit, name="a.first")(hear_nothing)
    with pytest.raises(NameTaken):
        on(LanternLit, name="a.first")(hear_nothing)
    assert set(listeners_of(LanternLit)) == {"a.first"}


def test_two_periodic_tasks_cannot_carry_one_name() -> None:
    every(60, "a.sweep")(lambda: None)
    with pytest.raises(NameTaken):
        every(60, "a.sweep")(lambda: None)


@pytest.mark.django_db(transaction=True)
def test_news_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        announce(LanternLit(1), about="lantern:1", by=Doer(), at=AT)
    with transaction.atomic():
        announce(LanternLit(1), about="lantern:1", by=Doer(), at=AT)
        transaction.set_rollback(True)
    assert not Entry.objects.exists()
