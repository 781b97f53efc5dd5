"""Which offices have registered their plans in a window, when, and who signed."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tinhso.directory.api import Office, calendar
from tinhso.plans.models import Plan, Reminder, Requirement, Window
from tinhso.plans.rules.plans import DEPUTY, HEAD, Registered, registered_as
from tinhso.plans.rules.reminders import days_left
from tinhso.toolkit.clock import VN
from tinhso.toolkit.working_time import in_vietnam

DONE = (Registered.ON_TIME, Registered.LATE)


@dataclass(frozen=True, slots=True)
class RegisteredOffice:
    """One office that must register in a window. ``plan``: its latest version, None where nothing was begun.

    ``registered_at`` and ``signed_as`` are those of the first version: by it the window judges the office.
    """

    office: Office
    plan: Plan | None
    status: Registered
    registered_at: dt.datetime | None
    signed_as: str
    is_priority: bool

    @property
    def is_done(self) -> bool:
        """Say whether the office has registered, in time or not."""
        return self.status in DONE


@dataclass(frozen=True, slots=True)
class Registration:
    """How a window stands at a moment. Rows: offices named first by the committee, then by name.

    ``days_left``: working days after today, 0 on the last day, negative once it is over.
    """

    window: Window
    closes_at: dt.datetime
    days_left: int
    rows: tuple[RegisteredOffice, ...]

    @property
    def counts(self) -> dict[Registered, int]:
        """Return how many offices stand how; every status is named, and they add up to all rows."""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in Registered}

    @property
    def done(self) -> int:
        """Return how many offices have registered."""
        return sum(row.is_done for row in self.rows)

    @property
    def by_head(self) -> int:
        """Return how many registered plans the head signed."""
        return sum(row.is_done and row.signed_as == HEAD for row in self.rows)

    @property
    def by_deputy(self) -> int:
        """Return how many registered plans a deputy signed."""
        return sum(row.is_done and row.signed_as == DEPUTY for row in self.rows)

    @property
    def owing(self) -> tuple[RegisteredOffice, ...]:
        """Return the offices that have not registered."""
        return tuple(row for row in self.rows if not row.is_done)


def closes_at(window: Window) -> dt.datetime:
    """Return the end of working hours on the window's last day."""
    return dt.datetime.combine(window.deadline, calendar().halves[-1][1], VN)


def registration(window: Window, at: dt.datetime) -> Registration:
    """Return how every office of the window stands at the moment."""
    return registrations([window], at)[0]


def registrations(windows: Sequence[Window], at: dt.datetime) -> list[Registration]:
    """Return how every office of each window stands, by two queries whatever the number of windows.

    A plan issued after the moment counts as not issued: the past is shown as it was.
    """
    plans: dict[tuple[int, int], list[Plan]] = defaultdict(list)
    ids = [window.pk for window in windows]
    for plan in Plan.objects.filter(window__in=ids, drafted_at__lte=at).order_by("version"):
        plans[plan.window_id or 0, plan.office_id].append(plan)
    asked: dict[int, list[Requirement]] = defaultdict(list)
    rows = Requirement.objects.filter(window__in=ids).select_related("office")
    for one in rows.order_by("-is_priority", "office__sort_key", "office_id"):
        asked[one.window_id].append(one)
    on = in_vietnam(at).date()
    return [
        Registration(
            window,
            (deadline := closes_at(window)),
            days_left(on, window.deadline, calendar().working_days_between),
            tuple(_row(one, plans[window.pk, one.office_id], deadline, at) for one in asked[window.pk]),
        )
        for window in windows
    ]


def _row(one: Requirement, plans: list[Plan], deadline: dt.datetime, at: dt.datetime) -> RegisteredOffice:
    first = next((plan for plan in plans if plan.registered_at and plan.registered_at <= at), None)
    moment = first.registered_at if first else None
    return RegisteredOffice(
        office=one.office,
        plan=plans[-1] if plans else None,
        status=registered_as(deadline, moment, at, has_plan=bool(plans)),
        registered_at=moment,
        signed_as=first.signed_as if first else "",
        is_priority=one.is_priority,
    )


def windows_open(on: dt.date) -> list[Window]:
    """Return the windows whose last day has not passed, the next to close first."""
    rows = Window.objects.filter(opens_on__lte=on, deadline__gte=on)
    return list(rows.select_related("directive").order_by("deadline", "last_year", "id"))


def every_window() -> list[Window]:
    """Return all windows, the latest deadline first; of one deadline the shorter period first."""
    return list(Window.objects.select_related("directive").order_by("-deadline", "last_year", "id"))


def reminded_on(about: str, on: dt.date) -> set[int]:
    """Return the offices that a person reminded of the record on a day."""
    start = dt.datetime.combine(on, dt.time(), VN)
    rows = Reminder.objects.filter(about=about, level="", at__gte=start, at__lt=start + dt.timedelta(days=1))
    return set(rows.values_list("office_id", flat=True))


def worst_first(rows: Iterable[RegisteredOffice]) -> list[RegisteredOffice]:
    """Order rows by what has to be done about them: missing, nothing, drafting, late, on time."""
    order = [
        Registered.MISSING,
        Registered.NOTHING,
        Registered.DRAFTING,
        Registered.LATE,
        Registered.ON_TIME,
    ]
    return sorted(rows, key=lambda row: order.index(row.status))
