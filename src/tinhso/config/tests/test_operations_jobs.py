"""Deliveries that kill or hold up their worker are found, counted and freed; failed ones are tried again or let go."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tinhso.config.commands.jobs import command as jobs_command
from tinhso.directory.api import SYSTEM
from tinhso.journal.api import (
    AtWork,
    DeliveryNotWaiting,
    announce,
    at_work,
    drop_delivery,
    jobs,
    rescue,
    retry_delivery,
)
from tinhso.journal.events import DeliveryRetried
from tinhso.journal.models import Delivery, Entry
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
PATIENCE = 60.0
#: A real worker with one listener more, which does what is asked of it to its own process.
WORKER = """
import os, signal, time, django
django.setup()
from tinhso.journal.api import on
from tinhso.journal.events import DeliveryRetried
@on(DeliveryRetried, name="test.listener")
def listen(event, entry):
    {does}
import sys
sys.argv = ["tinhso", "worker"]
from tinhso.config.commands.worker import command
command.main(args=[], standalone_mode=False)
"""
KILLS_ITSELF = "os.kill(os.getpid(), signal.SIGKILL)"
HANGS = "time.sleep(600)"
HEARS = "pass"
Starts = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def worker() -> Iterator[Starts]:
    """Start real workers with the test's database; end those that are left."""
    running: list[subprocess.Popen[bytes]] = []

    def start(does: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tinhso.config.settings_for_tests"}
        process = subprocess.Popen(
            [sys.executable, "-c", WORKER.format(does=does)], env=environment, stderr=subprocess.DEVNULL
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.wait()
    for file in marks().glob("*"):
        file.unlink()


def marks() -> Path:
    return Path(settings.TINHSO_DATA) / "ops/at"


def told(*listeners: str) -> list[Delivery]:
    """Announce one thing and let the listeners be told of it."""
    with transaction.atomic():
        entry = announce(DeliveryRetried(1, 1, "x", "try"), about="delivery:1", by=SYSTEM, at=AT)
    return [Delivery.objects.create(entry_id=entry, listener=name) for name in listeners]


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_a_delivery_that_kills_its_worker_is_counted_and_does_not_hold_up_the_next(worker: Starts) -> None:
    (delivery,) = told("test.listener")
    process = worker(KILLS_ITSELF)
    assert process.wait(PATIENCE) == -signal.SIGKILL
    delivery.refresh_from_db()
    assert delivery.attempts == 0, "seen red: the database alone knows nothing of a worker that died"
    assert at_work(marks()) == []
    (freed,) = rescue(marks())
    assert (freed.delivery_id, freed.was_stuck) == (delivery.pk, False)
    delivery.refresh_from_db()
    assert delivery.attempts == 1
    assert delivery.next_try_at is not None
    assert "chết giữa chừng" in delivery.last_error
    assert rescue(marks()) == [], "counted once"


@pytest.mark.django_db(transaction=True)
def test_the_next_worker_counts_what_the_last_one_left_before_it_begins(worker: Starts) -> None:
    (delivery,) = told("test.listener")
    worker(KILLS_ITSELF).wait(PATIENCE)
    worker(HEARS)
    until(lambda: Delivery.objects.get(pk=delivery.pk).done_at is not None)
    assert Delivery.objects.get(pk=delivery.pk).attempts == 2


@pytest.mark.django_db(transaction=True)
def test_after_eight_deaths_it_is_dead_and_waits_for_a_person(worker: Starts) -> None:
    (delivery,) = told("test.listener")
    Delivery.objects.filter(pk=delivery.pk).update(attempts=7)
    worker(KILLS_ITSELF).wait(PATIENCE)
    rescue(marks())
    delivery.refresh_from_db()
    assert (delivery.attempts, delivery.next_try_at) == (8, None)
    assert jobs(today=AT).dead == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_stuck_is_ended_and_its_delivery_counted(worker: Starts) -> None:
    (delivery,) = told("test.listener")
    process = worker(HANGS)
    until(lambda: [one.delivery_id for one in at_work(marks())] == [delivery.pk])
    assert rescue(marks()) == []
    assert rescue(marks(), stalled_after=300.0) == []
    assert process.poll() is None, "a worker that is at it for less than that is left alone"
    (freed,) = rescue(marks(), stalled_after=0.0)
    assert freed.was_stuck
    assert process.wait(PATIENCE) == -signal.SIGKILL
    delivery.refresh_from_db()
    assert "đứng mãi" in delivery.last_error


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_ends_as_it_should_leaves_no_mark(worker: Starts) -> None:
    process = worker(HEARS)
    until(lambda: [one.delivery_id for one in at_work(marks())] == [None])
    assert isinstance(at_work(marks())[0], AtWork)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert list(marks().glob("*")) == []


def dead(name: str = "test.listener") -> Delivery:
    (delivery,) = told(name)
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=8, next_try_at=None, last_error="ValueError: Nguyễn Bí Mật"
    )
    delivery.refresh_from_db()
    return delivery


def ask(*words: str) -> tuple[int, Any]:
    answer = CliRunner().invoke(jobs_command, [*words, "--json"])
    return answer.exit_code, json.loads(answer.output) if answer.output.startswith("{") else answer.output


def test_the_command_tells_of_failed_ones_without_the_words_of_the_error(db: None) -> None:
    delivery = dead()
    code, told_ = ask("list")
    assert code == 0
    (row,) = told_["failed"]
    assert (row["id"], row["kind"], row["is_dead"], row["about"]) == (
        delivery.pk,
        "ValueError",
        True,
        "delivery:1",
    )
    assert "Bí Mật" not in json.dumps(told_, ensure_ascii=False)
    assert told_["dead"] == 1


def test_the_command_has_a_dead_one_tried_again_and_the_journal_knows(db: None) -> None:
    delivery = dead()
    assert ask("retry", str(delivery.pk)) == (0, {"retried": [delivery.pk]})
    delivery.refresh_from_db()
    assert delivery.attempts == 0
    assert delivery.next_try_at is not None
    entry = Entry.objects.filter(event="journal.DeliveryRetried", about=f"delivery:{delivery.pk}").get()
    assert '"reason":"console"' in entry.body
    assert "Bí Mật" not in entry.body
    dead("test.other")
    dead("test.third")
    _, told_ = ask("retry", "--all")
    assert len(told_["retried"]) == 2


@pytest.mark.parametrize("words", [("retry",), ("retry", "--all", "5"), ("retry", "999999999")])
def test_a_retry_that_cannot_be_is_refused(words: tuple[str, ...], db: None) -> None:
    assert ask(*words)[0] == 1


def test_only_what_failed_is_tried_again_and_only_what_is_dead_is_let_go(db: None) -> None:
    (fresh,) = told("test.listener")
    for verb in (retry_delivery, drop_delivery):
        with pytest.raises(DeliveryNotWaiting):
            verb(fresh.pk, by=SYSTEM, at=AT, now=AT, reason="try")
    Delivery.objects.filter(pk=fresh.pk).update(last_error="ValueError: x", attempts=1)
    with pytest.raises(DeliveryNotWaiting):
        drop_delivery(fresh.pk, by=SYSTEM, at=AT, now=AT, reason="no_need")
    gone = drop_delivery(dead("test.other").pk, by=SYSTEM, at=AT, now=AT, reason="no_need")
    assert gone.done_at == AT
    assert Entry.objects.filter(event="journal.DeliveryDropped").count() == 1
    with pytest.raises(DeliveryNotWaiting):
        retry_delivery(gone.pk, by=SYSTEM, at=AT, now=AT, reason="try")
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=fresh.pk).update(next_try_at=None, last_error="")
    assert connection.in_atomic_block
