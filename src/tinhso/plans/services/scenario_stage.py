"""The stage of the demo's scenario: its acts, its people and offices, its moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tinhso.directory.api import Account, Actor, Office, OfficeKind, Post, Role, actor_of
from tinhso.toolkit.clock import VN

Scenario = dict[str, Any]
#: The windows of registration open on this day; the duties of each day are played from here.
FIRST_DAY: Final = dt.date(2022, 4, 18)


@dataclass(frozen=True, slots=True)
class Act:
    """One act: when, under which name it is kept, what is done."""

    at: dt.datetime
    key: str
    do: Callable[[], object]


class Stage:
    """The people and offices of the scenario, found once."""

    def __init__(self) -> None:
        """Look the offices up by their short names."""
        self._offices = {office.short_name: office for office in Office.objects.on(FIRST_DAY)}
        self._actors: dict[tuple[int, Role, str, dt.date], Actor] = {}

    def office(self, name: str) -> Office:
        """Return the office of a short name. Raises ``KeyError``."""
        return self._offices[name]

    def has(self, *names: str) -> bool:
        """Say whether every office is there: a province without them plays without them."""
        return all(name in self._offices for name in names)

    def agencies(self) -> list[Office]:
        """Return the departments and districts."""
        kinds = (OfficeKind.DEPARTMENT, OfficeKind.DISTRICT)
        return [office for office in self._offices.values() if office.kind in kinds]

    def actor(self, office: Office, role: Role, at: dt.datetime, *, title: str = "") -> Actor:
        """Return who holds the role at the office, the first where there are several; whose title begins so, where asked.

        Raises ``Post.DoesNotExist``.
        """
        key = (office.pk, role, title, at.date())
        if key not in self._actors:
            posts = Post.objects.filter(
                office=office, role=role, title__startswith=title, valid_from__lte=at.date()
            )
            post = posts.exclude(valid_to__lt=at.date()).order_by("pk")[:1].get()
            account = Account.objects.get(person_id=post.person_id)
            self._actors[key] = actor_of(account.pk, at.date())
        return self._actors[key]

    def of(self, name: str, role: Role, at: dt.datetime, *, title: str = "") -> Actor:
        """Return who holds the role at the office of that short name."""
        return self.actor(self.office(name), role, at, title=title)

    def holder(self, role: Role, at: dt.datetime) -> Actor:
        """Return the first who holds a role anywhere. Raises ``Post.DoesNotExist``."""
        return self.actor(Post.objects.filter(role=role).order_by("pk")[:1].get().office, role, at)

    def secretary(self, at: dt.datetime) -> Actor:
        """Return the committee's secretary."""
        return self.holder(Role.COMMITTEE_SECRETARY, at)

    def chair(self, at: dt.datetime) -> Actor:
        """Return the committee's chair."""
        return self.holder(Role.COMMITTEE_CHAIR, at)


def moment(text: str) -> dt.datetime:
    """Read a moment of the scenario, in Vietnam's time."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=VN)


def spread(start: dt.datetime, end: dt.datetime, n: int) -> Sequence[dt.datetime]:
    """Return so many moments from the first to the last, evenly."""
    step = (end - start) / max(1, n - 1)
    return [start + step * place for place in range(n)]
