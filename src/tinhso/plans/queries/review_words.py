"""What a draft of a review is written from: who is late and why, what is slow, what comes next. The sentences are pure rules."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal

from tinhso.directory.api import calendar, office_of
from tinhso.measures.api import By, Tally, tallies, tally, uptake, usual
from tinhso.plans.models import Reminder, Task
from tinhso.plans.queries.inspections import inspections_of_year
from tinhso.plans.queries.money import money_of_year
from tinhso.plans.queries.registration import Registration
from tinhso.plans.queries.review_figures import (
    is_over,
    target_key,
    targets_of,
    tasks_of,
    window_key,
    windows_of,
)
from tinhso.plans.queries.review_kinds import Span, draft_limits
from tinhso.plans.queries.targets import TargetRow
from tinhso.plans.queries.task_counts import counts_by, standing
from tinhso.plans.queries.tasks import OPEN
from tinhso.plans.rules.deadlines import Deadline, days_late
from tinhso.plans.rules.drafting import (
    DraftLine,
    Facts,
    OfOffice,
    OfTarget,
    OfTask,
    OfWindow,
    draft,
)
from tinhso.plans.rules.plans import HEAD, Registered
from tinhso.plans.rules.reviews import PERCENT, NewFigure

_ONE = Decimal(1)


def drafted_lines(
    first: dt.date, last: dt.date, at: dt.datetime, figures: Sequence[NewFigure]
) -> list[DraftLine]:
    """Return the lines that a review of a period says by itself."""
    return draft(facts_of(Span(first, last, at), figures), draft_limits())


def facts_of(span: Span, figures: Sequence[NewFigure]) -> Facts:
    """Return everything that a draft is written from; ``figures`` are those of the period."""
    known = {one.key: one for one in figures}
    classes = tally(span.first, span.on)
    used = uptake(span.first, span.on)
    money = money_of_year(span.last.year, span.on)
    windows = windows_of(span)
    signed = known["signatures"]
    national, strict = known["on_time_national"].value, known["on_time_strict"].value
    return Facts(
        on=span.on,
        late=late_of(span),
        coming=_coming(span),
        targets=_targets(targets_of(span)),
        windows=[_window(one, span) for one in windows],
        late_cases=_late_cases(span),
        postponed=_postponed(classes, span.on),
        unused=len(used.unused),
        counter_only=len(used.counter_only),
        findings_overdue=inspections_of_year(span.last.year, span.on).overdue,
        security_share=known["security_share"].value,
        security_norm=None if money.norm_percent is None else Decimal(money.norm_percent),
        ways_differ=abs(national - strict) if national is not None and strict is not None else None,
        unsigned=int(signed.denominator - signed.numerator)
        if signed.value is not None and signed.denominator is not None and signed.numerator is not None
        else 0,
        done_on_time=_done_on_time(span),
        registered_early=_registered_early(windows),
    )


def late_of(span: Span) -> list[OfTask]:
    """Return the tasks that were overdue at the end of a period, the longest first, with how often each was reminded."""
    rows = list(
        tasks_of(span)
        .filter(standing(span.on)[Deadline.OVERDUE])
        .select_related("lead")
        .order_by("due", "pk")
    )
    reminded = reminders_of_tasks([one.pk for one in rows], span.seen)
    return [_task(one, span.on, reminded[one.about]) for one in rows]


def reminders_of_tasks(pks: Collection[int], until: dt.datetime) -> Counter[str]:
    """Count the reminders about each task (``task:12``) up to a moment."""
    names = [f"task:{pk}" for pk in pks]
    return Counter(Reminder.objects.filter(about__in=names, at__lte=until).values_list("about", flat=True))


def _task(one: Task, on: dt.date, reminded: int = 0) -> OfTask:
    assert one.due is not None
    return OfTask(
        one.pk,
        one.title,
        one.lead_id,
        one.lead.short_name,
        one.due,
        days_late(one.due, on, calendar()),
        one.blocker,
        reminded,
        one.product,
    )


def _coming(span: Span) -> list[OfTask]:
    limits = draft_limits()
    until = span.on + dt.timedelta(days=limits.coming_days)
    rows = tasks_of(span).filter(state__in=OPEN, due__gte=span.on, due__lte=until, parent=None)
    rows = rows.select_related("lead").order_by("-is_priority", "due", "pk")
    return [_task(one, span.on) for one in rows[: limits.lines]]


def _targets(rows: Sequence[TargetRow]) -> list[OfTarget]:
    blockers: Mapping[int, list[str]] = defaultdict(list)
    hanging = Task.objects.filter(target_id__in=[row.target.pk for row in rows], state__in=OPEN)
    for pk, blocker in hanging.exclude(blocker="").order_by("due", "pk").values_list("target_id", "blocker"):
        blockers[pk or 0].append(blocker)
    return [_of_target(row, tuple(blockers[row.target.pk])) for row in rows]


def _of_target(row: TargetRow, blockers: tuple[str, ...]) -> OfTarget:
    target, actual, goal = row.target, row.actual, row.goal
    left = whole = None
    if target.unit == PERCENT and target.direction == "up" and goal and actual and actual.denominator:
        whole = actual.denominator
        wanted = (whole * goal.value / 100).quantize(_ONE, ROUND_CEILING)
        left = wanted - (actual.numerator or Decimal(0))
    return OfTarget(
        target.pk,
        target.name,
        row.light,
        target_key(row),
        target.unit,
        row.value,
        row.needed.value if row.needed else None,
        goal.value if goal else None,
        goal.on if goal else None,
        left,
        whole,
        target.office_id,
        blockers,
    )


def _window(one: Registration, span: Span) -> OfWindow:
    is_one = len(one.rows) == 1
    return OfWindow(
        one.window.name,
        window_key(one),
        one.window.deadline,
        is_over(one, span),
        len(one.rows),
        tuple(row.office.short_name for row in one.owing),
        one.rows[0].office.pk if is_one else None,
        one.rows[0].office.short_name if is_one else "",
    )


def _late_cases(span: Span) -> list[OfOffice]:
    formula = usual("strict", span.on)
    found = []
    for pk, one in tallies(span.first, span.on, By.OFFICE).items():
        judged = one.under(formula)
        if judged.denominator:
            late = judged.denominator - judged.numerator
            found.append(OfOffice(office_of(pk).short_name, late, judged.denominator, pk))
    return sorted(found, key=lambda one: one.name)


def _postponed(counted: Tally, on: dt.date) -> int:
    """Return how many cases are late by the first appointment and in time by the latest one."""
    strict, national = usual("strict", on), usual("national", on)
    late = strict.denominator - strict.numerator
    return sum(
        n
        for cls, n in counted.classes.items()
        if strict.outcomes[cls] in late and national.outcomes[cls] in national.numerator
    )


def _done_on_time(span: Span) -> list[OfOffice]:
    return [
        OfOffice(one.label, one.counts.late + one.counts.overdue, one.counts.on_time, int(one.key or 0))
        for one in counts_by(tasks_of(span), "office", span.on)
        if one.counts.on_time
    ]


def _registered_early(windows: Sequence[Registration]) -> list[str]:
    """Return the offices that registered in time in every window that asks them, each plan signed by the head."""
    kept: dict[str, bool] = {}
    for window in windows:
        for row in window.rows:
            is_good = row.status is Registered.ON_TIME and row.signed_as == HEAD
            kept[row.office.short_name] = kept.get(row.office.short_name, True) and is_good
    return [name for name, is_good in kept.items() if is_good]
