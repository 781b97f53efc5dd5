"""Every figure of a review, reckoned at a moment with where it came from: what is measured, and what the committee keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.plans.models import Task, Window
from tinhso.plans.queries.inspections import inspections_of_year
from tinhso.plans.queries.money import money_of_year
from tinhso.plans.queries.registration import Registration, registrations
from tinhso.plans.queries.review_kinds import (
    Span,
    figure,
    kind_of,
    kinds,
    light_words,
    sentences,
    window_words,
)
from tinhso.plans.queries.review_measures import measured
from tinhso.plans.queries.targets import TargetRow, target_rows
from tinhso.plans.queries.task_counts import counts
from tinhso.plans.rules.lights import GOOD, Light
from tinhso.plans.rules.reviews import NewFigure, figure_text
from tinhso.toolkit.words import date_text, number

VND: Final = "VND"
#: As long as its column.
_LONGEST_LABEL: Final = 250


def figures_of(first: dt.date, last: dt.date, at: dt.datetime) -> list[NewFigure]:
    """Return every figure of a period in the order of the report; its place there is its bracketed number."""
    span = Span(first, last, at)
    order = list(kinds())
    found = [
        *measured(span),
        *_targets(span),
        *_tasks(span),
        *_windows(span),
        *_money(span),
        *_inspections(span),
    ]
    return sorted(found, key=lambda one: order.index(kind_of(one.key).key))


def tasks_of(span: Span) -> QuerySet[Task]:
    """Return the tasks that had been assigned by the end of a period."""
    return Task.objects.filter(assigned_at__lt=span.end)


def windows_of(span: Span) -> list[Registration]:
    """Return how the windows stand that had opened by the end of a period and were not over before it."""
    rows = Window.objects.filter(opens_on__lte=span.on, deadline__gte=span.first)
    return registrations(list(rows.order_by("deadline", "last_year", "pk")), span.seen)


def targets_of(span: Span) -> list[TargetRow]:
    """Return the targets of the province, and those that everybody may read, as they stand at the end of a period.

    An approved review is read by every office: an office's own targets are no matter of it.
    """
    rows = target_rows(span.on)
    return [
        row
        for row in rows
        if row.target.is_public or (row.target.office_id is None and row.target.plan_id is None)
    ]


def _targets(span: Span) -> Iterator[NewFigure]:
    rows = targets_of(span)
    good = sum(row.light in GOOD for row in rows)
    unknown = sum(row.light is Light.UNKNOWN for row in rows)
    yield figure(
        "targets_on_track",
        good if rows else None,
        len(rows) if rows else None,
        span.at,
        note=_("%(n)s chỉ tiêu chưa có số.") % {"n": number(unknown)} if unknown else "",
        url=reverse("plans:targets"),
        formula=", ".join(sorted({row.target.rule for row in rows})),
    )
    for row in rows:
        yield _target(row, span)


def target_key(row: TargetRow) -> str:
    """Return the key of a target's figure."""
    return f"target:{row.target.code}"


def _target(row: TargetRow, span: Span) -> NewFigure:
    target, actual = row.target, row.actual
    said = [_("%(light)s.") % {"light": light_words()[row.light]}]
    if row.goal:
        said.append(
            _("Cần %(value)s trước %(day)s.")
            % {"value": figure_text(row.goal.value, target.unit), "day": date_text(row.goal.on)}
        )
    if row.needed and row.needed.value != (row.goal.value if row.goal else None):
        said.append(_("Lúc này cần %(value)s.") % {"value": figure_text(row.needed.value, target.unit)})
    return NewFigure(
        key=target_key(row),
        group=kind_of("target").group,
        label=target.name[:_LONGEST_LABEL],
        unit=target.unit,
        source=f"{target.code}: {target.source}"[:300],
        counted_at=actual.reckoned_at if actual else span.at,
        numerator=actual.numerator if actual else None,
        denominator=actual.denominator if actual else None,
        value=row.value,
        note=" ".join(said),
        url=reverse("plans:target", args=[target.pk]),
        formula=_reckoned_by(row),
    )


def _reckoned_by(row: TargetRow) -> str:
    words = {
        "counter": _("đếm từ hồ sơ và danh mục"),
        "children": _("cộng các phần"),
        "report": _("báo cáo đã xác nhận"),
    }
    version = (row.actual.details or {}).get("version", "") if row.actual else ""
    return f"{words[row.source]} {version}".strip()[:80]


def _tasks(span: Span) -> Iterator[NewFigure]:
    found = counts(tasks_of(span), span.on)
    url, when = reverse("plans:tasks"), _("tới %(day)s") % {"day": date_text(span.on)}
    no_due = (
        _("%(n)s việc xong không có hạn.") % {"n": number(found.done_no_due)} if found.done_no_due else ""
    )
    yield figure("tasks_done", found.done, found.total, span.at, url=url, formula=when)
    yield figure("tasks_on_time", found.on_time, found.done, span.at, note=no_due, url=url, formula=when)
    yield figure(
        "tasks_overdue",
        found.overdue,
        found.not_done,
        span.at,
        note=_("%(n)s việc sắp đến hạn.") % {"n": number(found.due_soon)} if found.due_soon else "",
        url=f"{url}?han=overdue",
        formula=when,
    )


def window_key(one: Registration) -> str:
    """Return the key of a window's figure."""
    return f"window:{one.window.pk}"


def is_over(one: Registration, span: Span) -> bool:
    """Say whether a window was over at the end of a period."""
    return span.seen > one.closes_at


def _windows(span: Span) -> Iterator[NewFigure]:
    words = window_words()
    for one in windows_of(span):
        stands = ", ".join(f"{number(n)} {words[status]}" for status, n in one.counts.items() if n)
        due = date_text(one.window.deadline)
        until = (
            _("Đã quá hạn %(day)s.")
            if is_over(one, span)
            else _("Hạn %(day)s chưa đến nên chưa tính là trễ.")
        ) % {"day": due}
        yield figure(
            window_key(one),
            one.done,
            len(one.rows),
            span.seen,
            label=one.window.name[:_LONGEST_LABEL],
            note=sentences(stands, until),
            url=reverse("plans:window", args=[one.window.pk]),
            formula=_("người đứng đầu ký %(head)d, cấp phó ký %(deputy)d")
            % {"head": one.by_head, "deputy": one.by_deputy},
        )


def _money(span: Span) -> Iterator[NewFigure]:
    found = money_of_year(span.last.year, span.on)
    url, year = reverse("plans:money"), _("năm %(year)d") % {"year": span.last.year}
    yield figure(
        "money_planned",
        found.planned or None,
        None,
        span.at,
        value=Decimal(found.planned) if found.planned else None,
        unit=VND,
        url=url,
        formula=year,
    )
    yield figure("money_allocated", found.allocated, found.planned, span.at, url=url, formula=year)
    yield figure("money_spent", found.spent, found.allocated, span.at, url=url, formula=year)
    norm = (
        _("Định mức ít nhất %(n)s %%, theo %(source)s.")
        % {"n": found.norm_percent, "source": found.norm_source}
        if found.norm_percent is not None
        else ""
    )
    yield figure(
        "security_share",
        found.security_planned,
        found.planned,
        span.at,
        note=norm,
        url=url,
        formula=year,
    )


def _inspections(span: Span) -> Iterator[NewFigure]:
    found = inspections_of_year(span.last.year, span.on)
    url, year = reverse("plans:inspections"), _("năm %(year)d") % {"year": span.last.year}
    yield figure("inspections_done", found.done, found.planned, span.at, url=url, formula=year)
    overdue = _("%(n)s kiến nghị quá hạn.") % {"n": number(found.overdue)} if found.overdue else ""
    violations = _("%(n)s vi phạm.") % {"n": number(found.violations)} if found.violations else ""
    yield figure(
        "findings_closed",
        found.closed,
        found.findings,
        span.at,
        note=sentences(overdue, violations),
        url=url,
        formula=year,
    )
