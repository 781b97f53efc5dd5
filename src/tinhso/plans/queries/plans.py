"""One plan as its page shows it: annex, opinions, what is missing, its course, its siblings and versions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Case, Count, Q, QuerySet, Value, When

from tinhso.directory.api import Actor, Post, calendar
from tinhso.plans.lifecycle import PlanState
from tinhso.plans.models import (
    History,
    Opinion,
    OpinionRequest,
    Plan,
    PlanItem,
    PlanSnapshot,
    Reminder,
    Requirement,
    Window,
)
from tinhso.plans.permissions.plans import OPINIONS, PLANS, REQUESTS, MayOpine, MayPlan
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.history import history_of
from tinhso.plans.queries.plan_musts import musts_for
from tinhso.plans.queries.registration import closes_at
from tinhso.plans.rules.money import Norm, is_enough, norm_on
from tinhso.plans.rules.plans import Found, Registered, registered_as, security_amounts
from tinhso.plans.rules.reminders import days_left
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.working_time import in_vietnam

#: What the history keeps and the course leaves out: the opinions stand on the page themselves.
_BY_THE_WAY: Final = ("Góp ý", "Trả lời góp ý")


@dataclass(frozen=True, slots=True)
class AnnexLine:
    """A row of the annex with the opinions on it that nobody answered yet."""

    item: PlanItem
    open_opinions: int


@dataclass(frozen=True, slots=True)
class Security:
    """The annex's money for information security, in VND, against the norm of the day; ``norm`` None: none in force."""

    amount: int
    whole: int
    norm: Norm | None
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a plan's course, newest first; ``who`` blank: by itself."""

    what: str
    who: str
    at: dt.datetime
    detail: str
    directive: int | None = None


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another plan that the same office must register; ``plan`` None: not begun, or not the reader's to see."""

    window: Window
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Due:
    """How the plan stands in its window. ``days_left``: working days after today, negative once it is over."""

    closes_at: dt.datetime
    days_left: int
    status: Registered


@dataclass(frozen=True)
class PlanPage:
    """Everything about a plan that the reader may see. ``sees_making`` False: only what was issued."""

    plan: Plan
    head: Post | None
    drafter: str
    lines: list[AnnexLine]
    requests: list[OpinionRequest]
    opinions: list[Opinion]
    musts: list[Found]
    security: Security
    course: list[Step]
    history: list[History]
    snapshots: list[PlanSnapshot]
    siblings: list[Sibling]
    versions: list[Plan]
    due: Due | None
    may: frozenset[MayPlan]
    may_answer: bool
    asked_as: list[OpinionRequest]
    sees_making: bool
    tasks: int
    on: dt.date

    @property
    def whole(self) -> int:
        """Return the sum of the annex in VND."""
        return sum(line.item.amount for line in self.lines)

    @property
    def answered(self) -> int:
        """Return how many asked offices answered."""
        return sum(request.answered_at is not None for request in self.requests)

    @property
    def open_opinions(self) -> int:
        """Return how many opinions nobody answered yet."""
        return sum(opinion.answer == "" for opinion in self.opinions)

    @property
    def answers(self) -> Counter[str]:
        """Return how many opinions were accepted, rejected, not answered."""
        return Counter(opinion.answer for opinion in self.opinions)

    @property
    def silent(self) -> list[OpinionRequest]:
        """Return the requests whose time is over without an answer: the office agrees by the rule."""
        return [one for one in self.requests if one.answered_at is None and one.due < self.on]

    @property
    def awaited(self) -> list[OpinionRequest]:
        """Return the requests that are not answered and still may be in time."""
        return [one for one in self.requests if one.answered_at is None and one.due >= self.on]


def plan_page(by: Actor, pk: int, at: dt.datetime) -> PlanPage:
    """Return the plan as the reader may see it. Raises ``NotThere``."""
    plan = _one(PLANS.rows(by, MayPlan.READ), pk)
    sees = PLANS.holds(by, MayPlan.READ_MAKING, plan)
    on = in_vietnam(at).date()
    requests = list(plan.requests.select_related("office").order_by("office__sort_key", "pk")) if sees else []
    opinions = _opinions(plan) if sees else []
    waiting = Counter(one.row for one in opinions if one.answer == "")
    items = list(
        plan.items.select_related("lead_office").annotate(task_count=Count("tasks")).order_by("ordinal")
    )
    amount, whole = security_amounts((item.group, item.amount) for item in items)
    norm = norm_on(in_vietnam(plan.registered_at).date() if plan.registered_at else on)
    history = history_of(plan.about) if sees else []
    return PlanPage(
        plan=plan,
        head=plan.head,
        drafter=plan.drafted_by.person.name if plan.drafted_by else "",
        lines=[AnnexLine(item, waiting[item.ordinal]) for item in items],
        requests=requests,
        opinions=opinions,
        musts=musts_for(plan, on) if plan.is_open and sees else [],
        security=Security(amount, whole, norm, norm is None or is_enough(amount, whole, norm.percent)),
        course=_course(plan, history) if sees else [],
        history=history,
        snapshots=list(plan.snapshots.order_by("-number")) if sees else [],
        siblings=_siblings(by, plan),
        versions=_versions(by, plan),
        due=_due(plan, at),
        may=_held(by, plan),
        may_answer=sees and OPINIONS.rows(by, MayOpine.ANSWER).filter(request__plan=plan).exists(),
        asked_as=list(
            REQUESTS.rows(by, MayOpine.GIVE).filter(plan=plan).select_related("office").order_by("pk")
        ),
        sees_making=sees,
        tasks=sum(item.task_count for item in items),
        on=on,
    )


def _held(by: Actor, plan: Plan) -> frozenset[MayPlan]:
    """Return what the actor may do with the plan, by one query."""
    asked = {
        may.name.lower(): Case(When(PLANS.rules[may](by), then=Value(value=True)), default=Value(value=False))
        for may in MayPlan
    }
    held = Plan.objects.filter(pk=plan.pk).annotate(**asked).values(*asked).get()
    return frozenset(may for may in MayPlan if held[may.name.lower()])


def opinion_of(by: Actor, pk: int) -> Opinion:
    """Return an opinion that the actor may answer, with its plan and office. Raises ``NotThere``."""
    found = (
        OPINIONS.rows(by, MayOpine.ANSWER)
        .select_related("request__plan__office", "request__office")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise NotThere
    return found


def plan_to_write(by: Actor, pk: int, may: MayPlan = MayPlan.WRITE) -> Plan:
    """Return a plan on which the actor holds the permission, to show a form for. Raises ``NotThere``."""
    return _one(PLANS.rows(by, may), pk)


def _one(rows: QuerySet[Plan], pk: int) -> Plan:
    found = (
        rows.filter(pk=pk)
        .select_related(
            *("office", "window__directive", "head__person", "drafted_by__person", "adjusts"),
            *("signed_by__person", "appraised_by__person"),
        )
        .first()
    )
    if found is None:
        raise NotThere
    return found


def _opinions(plan: Plan) -> list[Opinion]:
    """Return the opinions, open ones first, then rejected, then accepted; of each the newest first."""
    order = {"": 0, "rejected": 1, "accepted": 2}
    rows = Opinion.objects.filter(request__plan=plan).select_related("request__office")
    return sorted(rows.order_by("-given_at", "-pk"), key=lambda one: order[one.answer])


def _due(plan: Plan, at: dt.datetime) -> Due | None:
    """Return how the plan stands in its window; None for an adjustment: the first version was registered."""
    if plan.window is None or plan.version > 1:
        return None
    moment = closes_at(plan.window)
    left = days_left(in_vietnam(at).date(), plan.window.deadline, calendar().working_days_between)
    return Due(moment, left, registered_as(moment, plan.registered_at, at, has_plan=True))


def _course(plan: Plan, history: Sequence[History]) -> list[Step]:
    """Return what happened to the plan, its reminders and its window, newest first; opinions stand by themselves."""
    steps = [
        Step(one.what, one.by_name, one.at, ". ".join(part for part in (one.after, one.reason) if part))
        for one in history
        if one.what not in _BY_THE_WAY
    ]
    abouts = Q(about=plan.about)
    if plan.window is not None:
        abouts |= Q(about=plan.window.about, office_id=plan.office_id)
    reminders = Reminder.objects.filter(abouts).select_related("by__person", "office")
    steps += [_reminded(one, plan) for one in reminders]
    if plan.window is not None and plan.version == 1:
        window = plan.window
        opened = History.objects.filter(about=window.about).order_by("at", "pk").first()
        directive = window.directive
        steps.append(
            Step(
                "Mở đợt đăng ký",
                opened.by_name if opened else "",
                window.opened_at,
                directive.number if directive else "",
                directive.pk if directive else None,
            )
        )
    return sorted(steps, key=lambda step: step.at, reverse=True)


def _reminded(one: Reminder, plan: Plan) -> Step:
    what = "Ban Chỉ đạo nhắc" if one.kind == "registration" else f"Nhắc {one.office.short_name} góp ý"
    level = one.level.partition("/")[0]
    detail = ""
    if level:
        detail = f"quá hạn {level[1:]} ngày làm việc" if level[0] == "+" else f"khi còn {level} ngày làm việc"
    return Step(what, one.by.person.name if one.by else "", one.at, detail)


def _siblings(by: Actor, plan: Plan) -> list[Sibling]:
    """Return the plans of the windows of the same last day that ask this office, this one among them."""
    if plan.window is None:
        return []
    asked = Requirement.objects.filter(office_id=plan.office_id).values("window_id")
    windows = list(
        Window.objects.filter(pk__in=asked, deadline=plan.window.deadline).order_by("last_year", "pk")
    )
    rows = PLANS.rows(by, MayPlan.READ).filter(window__in=windows, office_id=plan.office_id)
    latest = {one.window_id: one for one in rows.order_by("version")}
    latest[plan.window_id] = plan
    return [Sibling(window, latest.get(window.pk)) for window in windows]


def _versions(by: Actor, plan: Plan) -> list[Plan]:
    """Return every version of the plan that the actor may read, the newest first."""
    rows = PLANS.rows(by, MayPlan.READ).filter(
        office_id=plan.office_id, first_year=plan.first_year, last_year=plan.last_year
    )
    return list(rows.order_by("-version"))


def appraisal_days() -> int:
    """Return how many working days the appraisal takes by the rule."""
    days: int = document("plan_musts")["appraisal_working_days"]
    return days


def is_waiting(state: str) -> bool:
    """Say whether the plan is past its drafter and not issued yet."""
    return state in (PlanState.APPRAISAL, PlanState.SIGNING, PlanState.SIGNED)
