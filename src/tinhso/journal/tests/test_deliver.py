"""Delivering: each listener hears each entry once, whatever goes wrong."""

import threading
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tinhso.journal.api import announce, dead_deliveries, deliver_all, deliver_one, every, health, on
from tinhso.journal.models import Delivery
from tinhso.journal.rules import MOST_ATTEMPTS, Record
from tinhso.journal.tasks import REST, do_everything_once, work
from tinhso.journal.tests.conftest import AT, Doer
from tinhso.journal.tests.events import LanternLit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("registry")]


def light(number: int) -> int:
    with transaction.atomic():
        return announce(LanternLit(number), about=f"lantern:{number}", by=Doer(), at=AT)


def make_due() -> None:
    """Let the time pass that failed deliveries rest."""
    with connection.cursor() as cursor:
        cursor.execute("update journal_delivery set next_try_at = now() where next_try_at is not null")


def test_a_listener_hears_the_event_and_its_entry_and_hears_it_once() -> None:
    heard: list[tuple[LanternLit, Record]] = []
    on(LanternLit, name="a.hear")(lambda event, entry: heard.append((event, entry)))
    number = light(7)
    assert [deliver_one(), deliver_one()] == [True, False]
    [(event, entry)] = heard
    assert event == LanternLit(7)
    assert (entry.id, entry.about, entry.by, entry.at) == (number, "lantern:7", "account:1", AT)
    told = Delivery.objects.get()
    assert told.done_at is not None
    assert told.attempts == 1


def test_news_is_heard_in_the_order_in_which_it_was_written() -> None:
    heard: list[int] = []
    on(LanternLit, name="a.hear")(lambda event, _: heard.append(event.number))
    for number in (3, 1, 2):
        light(number)
    assert deliver_all() == 3
    assert heard == [3, 1, 2]


def test_a_listener_may_announce_and_that_is_delivered_too() -> None:
    def light_the_next(event: LanternLit, _: Record) -> None:
        if event.number < 3:
            light(event.number + 1)

    on(LanternLit, name="a.next")(light_the_next)
    light(1)
    assert deliver_all() == 3


def test_a_failing_listener_is_undone_counted_and_tried_again_later() -> None:
    def write_and_fail(event: LanternLit, _: Record) -> None:
        light(event.number + 1)
        raise LookupError("no lamp")

    on(LanternLit, name="a.fail")(write_and_fail)
    light(1)
    assert [deliver_one(), deliver_one()] == [True, False]
    told = Delivery.objects.get()
    assert (told.attempts, told.last_error, told.done_at) == (1, "LookupError: no lamp", None)
    with connection.cursor() as cursor:
        cursor.execute("select next_try_at - clock_timestamp() between '1 s' and '2 s' from journal_delivery")
        assert cursor.fetchone() == (True,)
    make_due()
    assert [deliver_one(), deliver_one()] == [True, False]
    assert (health().pending, health().failing) == (1, 1)


def test_one_that_fails_does_not_hold_up_the_others() -> None:
    heard: list[int] = []

    def fail_at_first(event: LanternLit, _: Record) -> None:
        if event.number == 1:
            raise LookupError("no lamp")
        heard.append(event.number)

    on(LanternLit, name="a.fail")(fail_at_first)
    on(LanternLit, name="b.hear")(lambda event, _: heard.append(-event.number))
    light(1)
    light(2)
    deliver_all()
    assert heard == [-1, 2, -2]


def test_a_listener_that_recovers_has_heard_it_once() -> None:
    tries: list[int] = []

    def fail_twice(event: LanternLit, _: Record) -> None:
        tries.append(event.number)
        if len(tries) < 3:
            raise LookupError("no lamp")

    on(LanternLit, name="a.hear")(fail_twice)
    light(1)
    for _ in range(4):
        deliver_all()
        make_due()
    assert len(tries) == 3
    assert Delivery.objects.get().attempts == 3


def test_after_the_eighth_failure_it_is_dead_and_stays_visible() -> None:
    def fail(event: LanternLit, _: Record) -> None:
        raise LookupError("no lamp")

    on(LanternLit, name="a.fail")(fail)
    number = light(1)
    for _ in range(MOST_ATTEMPTS + 2):
        deliver_all()
        make_due()
    [dead] = dead_deliveries()
    assert (dead.entry_id, dead.listener, dead.attempts) == (number, "a.fail", MOST_ATTEMPTS)
    assert (health().dead, health().pending) == (1, 0)


def test_news_for_a_listener_that_is_gone_is_dead_at_once_and_says_so() -> None:
    on(LanternLit, name="a.leaves")(lambda *_: None)
    light(1)
    with connection.cursor() as cursor:
        cursor.execute("update journal_delivery set listener = 'a.left'")
    assert deliver_all() == 1
    [dead] = dead_deliveries()
    assert "a.left" in dead.last_error
    assert "journal.LanternLit" in dead.last_error


def test_a_broken_constraint_is_told_without_the_row_that_broke_it() -> None:
    def write_twice(event: LanternLit, entry: Record) -> None:
        Delivery.objects.create(entry_id=entry.id, listener="a.twice")

    on(LanternLit, name="a.twice")(write_twice)
    light(1)
    deliver_all()
    error = Delivery.objects.get().last_error
    assert error.startswith(IntegrityError.__name__)
    assert "a.twice" not in error


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_meet_deliver_each_news_once() -> None:
    meeting = threading.Barrier(2, timeout=20)
    heard: list[int] = []

    def copy(event: LanternLit, entry: Record) -> None:
        heard.append(event.number)
        with connection.cursor() as cursor:
            cursor.execute("select pg_sleep(0.002)")
        Delivery.objects.create(entry_id=entry.id, listener="copied", last_error="heard", next_try_at=None)

    def deliver() -> None:
        meeting.wait()
        deliver_all()
        connection.close()

    on(LanternLit, name="a.copy")(copy)
    for number in range(20):
        light(number)
    workers = [threading.Thread(target=deliver) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert sorted(heard) == list(range(20))
    assert Delivery.objects.filter(listener="copied").count() == 20
    assert not Delivery.objects.filter(listener="a.copy", done_at=None).exists()
    assert set(Delivery.objects.filter(listener="a.copy").values_list("attempts", flat=True)) == {1}


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_is_refused_counts_as_a_failure(owner: psycopg.Connection[Any]) -> None:
    owner.execute(
        "create table lamp (n int primary key, next int references lamp deferrable initially deferred)"
    )

    def point_nowhere(event: LanternLit, _: Record) -> None:
        with connection.cursor() as cursor:
            cursor.execute("insert into lamp values (1, 7)")

    on(LanternLit, name="a.point")(point_nowhere)
    light(1)
    assert [deliver_one(), deliver_one()] == [True, False]
    assert Delivery.objects.get().last_error.startswith(IntegrityError.__name__)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_ended_under_the_listener_counts_as_a_failure(
    superuser: psycopg.Connection[Any],
) -> None:
    def be_cut_off(event: LanternLit, _: Record) -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            superuser.execute("select pg_terminate_backend(%s, 5000)", cursor.fetchone())
            cursor.execute("select 1")

    on(LanternLit, name="a.cut")(be_cut_off)
    light(1)
    assert [deliver_one(), deliver_one()] == [True, False]
    assert Delivery.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_delivers_does_what_is_due_and_stops_when_told() -> None:
    stop, done, failed = threading.Event(), threading.Event(), []

    def sweep() -> None:
        failed.append(1)
        raise LookupError("no broom")

    on(LanternLit, name="a.hear")(lambda *_: done.set())
    every(0.01, "a.sweep")(sweep)
    worker = threading.Thread(target=work, args=(stop,))
    worker.start()
    light(1)
    assert done.wait(10)
    stop.set()
    worker.join(REST + 10)
    assert not worker.is_alive()
    assert failed, "a task that fails comes round again and stops nobody"
    assert Delivery.objects.get().done_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_periodic_task_is_left_to_the_worker_that_is_at_it(superuser: psycopg.Connection[Any]) -> None:
    done: list[int] = []
    every(60, "a.sweep")(lambda: done.append(1))
    superuser.execute("select pg_advisory_lock(hashtextextended('tinhso.a.sweep', 0))")
    do_everything_once()
    assert done == []
    superuser.execute("select pg_advisory_unlock_all()")
    do_everything_once()
    do_everything_once()
    assert done == [1, 1]


def test_a_database_error_outside_any_listener_goes_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tinhso.journal.services.deliver._TAKE", "select 1 from nowhere")
    with pytest.raises(DatabaseError):
        deliver_one()
