"""Tell the people of a task's offices, or the committee, what concerns them. For the services of tasks alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.db.models import Q, QuerySet

from tinhso.directory.api import Actor, Post, Role
from tinhso.messages.api import tell
from tinhso.plans.models import Task
from tinhso.plans.permissions import CHAIR, COMMITTEE, SECRETARY
from tinhso.toolkit.working_time import in_vietnam

PLANNERS: Final = (Role.PLANNER,)
PLANNERS_AND_HEADS: Final = (Role.PLANNER, Role.LEADER)


def page_of(task: Task) -> str:
    """Return the path of a task's page."""
    return f"/ban-chi-dao/nhiem-vu/{task.code}/"


def tell_offices(
    task: Task,
    office_ids: Collection[int],
    *,
    title: str,
    body: str,
    by: Actor,
    at: dt.datetime,
    roles: tuple[Role, ...] = PLANNERS,
) -> int:
    """Tell whoever holds one of the roles at the offices today, but for whoever acts; return how many were told."""
    posts = _posts(at).filter(office_id__in=office_ids, role__in=roles)
    return _tell(task, set(posts.values_list("person_id", flat=True)), title=title, body=body, by=by, at=at)


def tell_committee(task: Task, *, title: str, body: str, by: Actor, at: dt.datetime) -> int:
    """Tell whoever assigned the task, while of the committee and not acting now; else its secretaries."""
    of_committee = _posts(at).filter(role__in=COMMITTEE)
    assigner = of_committee.filter(person__account__id=task.assigned_by_id or 0)
    people = set(assigner.values_list("person_id", flat=True))
    if not people - {by.person_id}:
        people = set(_posts(at).filter(role__in=SECRETARY).values_list("person_id", flat=True))
    if not people - {by.person_id}:
        people = set(of_committee.values_list("person_id", flat=True))
    return _tell(task, people, title=title, body=body, by=by, at=at)


def tell_chair(task: Task, *, title: str, body: str, by: Actor, at: dt.datetime) -> int:
    """Tell the chair."""
    people = set(_posts(at).filter(role__in=CHAIR).values_list("person_id", flat=True))
    return _tell(task, people, title=title, body=body, by=by, at=at)


def _posts(at: dt.datetime) -> QuerySet[Post]:
    today = in_vietnam(at).date()
    return Post.objects.filter(Q(valid_to=None) | Q(valid_to__gte=today), valid_from__lte=today)


def _tell(task: Task, people: set[int], *, title: str, body: str, by: Actor, at: dt.datetime) -> int:
    told = sorted(people - {by.person_id})
    for person_id in told:
        tell(person_id, title=title, body=body, link=page_of(task), kind="task", at=at)
    return len(told)
