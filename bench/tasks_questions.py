"""What is asked of the tasks, and how they are written: imported once Django is set up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from bench import stock
from tinhso.directory.api import Account, Actor, Office, Role, actor_of
from tinhso.plans.models import Task
from tinhso.plans.queries.task_counts import counts, counts_by
from tinhso.plans.queries.task_duplicates import likely_duplicates
from tinhso.plans.queries.tasks import TaskFilters, late_tasks, owed, shaped, task_rows
from tinhso.plans.rules.deadlines import Deadline
from tinhso.plans.services.load_tasks_at_scale import load_tasks_at_scale
from tinhso.toolkit import clock


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked, each saying whether it was answered well, over how many tasks and offices."""

    asked: dict[str, Callable[[], bool]]
    total: int
    offices: int
    counts: dict[str, Any]


def write_tasks(number: int, shares: Mapping[str, float]) -> int:
    """Write so many tasks over all offices of the day; what the shares leave has no due day."""
    numbers = {Deadline(key): int(number * share) for key, share in shares.items()}
    numbers[Deadline.NO_DUE] = number - sum(numbers.values())
    return load_tasks_at_scale(at=clock.now(), numbers=numbers)


def questions() -> Questions:
    """Return the questions: of the services' level, and the pages as chair, secretary and planner see them."""
    on = clock.now().date()
    chair, secretary, planner = (
        _holder(role) for role in (Role.COMMITTEE_CHAIR, Role.COMMITTEE_SECRETARY, Role.PLANNER)
    )
    every = Task.objects.all()
    found = counts(every, on)
    listed = TaskFilters(deadline="not_done")
    asked: dict[str, Callable[[], bool]] = {
        "floor": _floor,
        "counts": lambda: counts(every, on).total == found.total,
        "counts by office": lambda: (
            sum(one.counts.total for one in counts_by(every, "office", on)) == found.total
        ),
        "counts by group": lambda: (
            sum(one.counts.total for one in counts_by(every, "group", on)) == found.total
        ),
        "counts by tag": lambda: len(counts_by(every, "tag", on)) > 0,
        "late tasks, 20": lambda: len(late_tasks(on, 20)) == 20,
        "list of 50, secretary": lambda: len(shaped(task_rows(secretary, listed, on)[:50], on)) == 50,
        "list of 50 by words": lambda: bool(
            shaped(task_rows(secretary, TaskFilters(words="so hoa ho so dat dai"), on)[:50], on)
        ),
        "owed, one office": lambda: bool(owed(planner.offices(Role.PLANNER), on)),
        "likely duplicates": lambda: likely_duplicates(secretary) is not None,
    }
    pages = {
        "board": ("board", chair, ""),
        "page of tasks": ("tasks", secretary, ""),
        "page of tasks, overdue": ("tasks", secretary, "?han=overdue"),
        "desk of an office": ("desk", planner, ""),
    }
    for name, (view, by, asked_for) in pages.items():
        try:
            address = reverse(f"plans:{view}")
        except NoReverseMatch:
            continue
        asked[name] = _page(address + asked_for, by)
    told = asdict(found) | {"by_state": dict(found.by_state)}
    return Questions(asked, found.total, Office.objects.on(on).count(), told)


def _floor() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return bool(cursor.fetchone() == (1,))


def _page(address: str, by: Actor) -> Callable[[], bool]:
    """Return a request of a page by a signed-in person; no two have the same address, so that none is remembered."""
    client, turns = Client(SERVER_NAME="localhost"), count()
    visitor = stock.sign_in(Account.objects.get(pk=by.account_id or 0))
    client.cookies.load(visitor.cookies)
    joint = "&" if "?" in address else "?"

    def read() -> bool:
        return client.get(f"{address}{joint}lan={next(turns)}").status_code == 200

    return read


def _holder(role: Role) -> Actor:
    """Return the first of the demo's cast with the role, with an account."""
    today = clock.now().date()
    for account in Account.objects.filter(person__posts__role=role).order_by("pk"):
        actor = actor_of(account.pk, today)
        if actor.holds(role):
            return actor
    msg = f"nobody holds {role} in this demo"
    raise LookupError(msg)
