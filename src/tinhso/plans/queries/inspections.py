"""Rounds of inspection and what they found, as it stood on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office, Post, Role, calendar
from tinhso.plans.lifecycle import FindingState
from tinhso.plans.models import Finding, Inspection
from tinhso.plans.permissions.money import FINDINGS, INSPECTIONS, MayInspect
from tinhso.plans.rules.inspections import (
    CLOSED,
    LATE,
    WAITING,
    Standing,
    days_late,
    days_left,
    standing_of,
)
from tinhso.toolkit.working_time import WorkingCalendar

#: The kind of tag that tells where a finding stands.
TAG_KINDS: Final = {
    Standing.OVERDUE: "late",
    Standing.OPEN: "soon",
    Standing.REPORTED: "info",
    Standing.REPORTED_LATE: "late",
    Standing.CLOSED: "ok",
    Standing.CLOSED_LATE: "ended_late",
}
#: Worst first.
_ORDER: Final = {
    Standing.OVERDUE: 0,
    Standing.REPORTED_LATE: 1,
    Standing.REPORTED: 2,
    Standing.OPEN: 3,
    Standing.CLOSED_LATE: 4,
    Standing.CLOSED: 5,
}


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as it stands on a day: ``late`` and ``left`` in working days."""

    finding: Finding
    standing: Standing
    late: int
    left: int

    @property
    def words(self) -> str:
        """Return where it stands, in words."""
        n = {"n": self.late}
        if self.standing is Standing.OVERDUE:
            # past a due day on a day off, before the next working day
            return _("Quá %(n)d ngày làm việc") % n if self.late else _("Quá hạn")
        if self.standing is Standing.OPEN:
            left = {"n": self.left}
            return _("Còn %(n)d ngày làm việc") % left if self.left else _("Hạn hôm nay")
        return {
            Standing.REPORTED: _("Đã báo, chờ xét"),
            Standing.REPORTED_LATE: _("Báo trễ %(n)d ngày, chờ xét") % n,
            Standing.CLOSED: _("Đã khắc phục"),
            Standing.CLOSED_LATE: _("Khắc phục trễ %(n)d ngày") % n,
        }[self.standing]

    @property
    def kind(self) -> str:
        """Return the kind of tag."""
        return TAG_KINDS[self.standing]

    @property
    def what(self) -> str:
        """Return whether it is a finding or a violation."""
        return _("Vi phạm") if self.finding.is_violation else _("Kiến nghị")


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round on a day: is it done, under way, to come or late; and its findings counted."""

    inspection: Inspection
    on: dt.date
    findings: int
    closed: int
    overdue: int

    @property
    def is_done(self) -> bool:
        """Say whether it was concluded by the day."""
        done = self.inspection.concluded_on
        return done is not None and done <= self.on

    @property
    def words(self) -> str:
        """Return where the round stands, in words."""
        if self.is_done:
            return _("Đã kết luận")
        if self.inspection.ends < self.on:
            return _("Chờ kết luận")
        return _("Đang kiểm tra") if self.inspection.starts <= self.on else _("Chưa đến ngày")

    @property
    def kind(self) -> str:
        """Return the kind of tag."""
        if self.is_done:
            return "ok"
        if self.inspection.ends < self.on:
            return "soon"
        return "info" if self.inspection.starts <= self.on else "plain"


@dataclass(frozen=True, slots=True)
class Inspections:
    """The inspections of a year as they stood on a day.

    ``planned`` and ``done`` count the planned rounds, ``unplanned`` and ``unplanned_done`` the others. ``closed`` of
    ``findings`` are remedied and confirmed, ``overdue`` are not remedied in time, ``waiting`` are reported and wait.
    """

    year: int
    on: dt.date
    rounds: tuple[RoundRow, ...]
    rows: tuple[FindingRow, ...]
    planned: int
    done: int
    unplanned: int
    unplanned_done: int
    findings: int
    closed: int
    overdue: int
    waiting: int
    violations: int
    violations_closed: int


def inspections_of_year(
    year: int,
    on: dt.date,
    rounds: QuerySet[Inspection] | None = None,
    findings: QuerySet[Finding] | None = None,
) -> Inspections:
    """Return the rounds of a year and their findings as they stood on a day: all, or some. Two statements."""
    every = (Inspection.objects.all() if rounds is None else rounds).filter(year=year)
    kept = list(every.select_related("lead", "office").order_by("starts", "id"))
    found = (Finding.objects.all() if findings is None else findings).filter(inspection__in=kept)
    rows = finding_rows(found, on)
    of: dict[int, list[FindingRow]] = {}
    for row in rows:
        of.setdefault(row.finding.inspection_id, []).append(row)
    shown = tuple(_round(one, on, of.get(one.pk, [])) for one in kept)
    planned = [one for one in shown if one.inspection.is_planned]
    violations = [row for row in rows if row.finding.is_violation]
    return Inspections(
        year=year,
        on=on,
        rounds=shown,
        rows=tuple(rows),
        planned=len(planned),
        done=sum(one.is_done for one in planned),
        unplanned=len(shown) - len(planned),
        unplanned_done=sum(one.is_done for one in shown if not one.inspection.is_planned),
        findings=len(rows),
        closed=sum(row.standing in CLOSED for row in rows),
        overdue=sum(row.standing in LATE for row in rows),
        waiting=sum(row.standing in WAITING for row in rows),
        violations=len(violations),
        violations_closed=sum(row.standing in CLOSED for row in violations),
    )


def finding_rows(findings: QuerySet[Finding], on: dt.date) -> list[FindingRow]:
    """Return findings as they stand on a day: worst first, then by due day."""
    days_worked = calendar()
    rows = [
        row_of(one, on, days_worked)
        for one in findings.select_related(
            "inspection__office", "inspection__lead", "fixed_by__person", "file"
        )
    ]
    return sorted(rows, key=lambda row: (_ORDER[row.standing], row.finding.due, row.finding.pk))


def row_of(finding: Finding, on: dt.date, days_worked: WorkingCalendar) -> FindingRow:
    """Return a finding as it stands on a day."""
    standing = standing_of(
        finding.due,
        finding.fixed_on,
        finding.closed_on,
        on,
        is_reported=finding.state != FindingState.OPEN,
    )
    until = finding.fixed_on if standing in (*CLOSED, *WAITING) and finding.fixed_on else on
    return FindingRow(
        finding, standing, days_late(finding.due, until, days_worked), days_left(finding.due, on, days_worked)
    )


def _round(inspection: Inspection, on: dt.date, rows: Sequence[FindingRow]) -> RoundRow:
    return RoundRow(
        inspection,
        on,
        len(rows),
        sum(row.standing in CLOSED for row in rows),
        sum(row.standing in LATE for row in rows),
    )


@dataclass(frozen=True, slots=True)
class FindingsWanted:
    """Which findings are asked for; None or blank: whatever. ``year`` None: of every year.

    ``standing``: ``qua-han``, ``con-han``, ``cho-xet``, ``da-xong``, or ``chua-xong`` (all but what is closed).
    """

    year: int | None = None
    office_id: int | None = None
    standing: str = ""
    kind: str = ""


#: What each asked standing holds.
STANDINGS: Final[dict[str, tuple[Standing, ...]]] = {
    "chua-xong": (Standing.OVERDUE, Standing.REPORTED_LATE, Standing.REPORTED, Standing.OPEN),
    "qua-han": LATE,
    "con-han": (Standing.OPEN,),
    "cho-xet": WAITING,
    "da-xong": CLOSED,
}


def findings_of(by: Actor, wanted: FindingsWanted, on: dt.date) -> list[FindingRow]:
    """Return the findings that the actor may read and asks for, worst first; of every year they are followed to the end."""
    rows = FINDINGS.rows(by, MayInspect.READ_FINDING)
    if wanted.year is not None:
        rows = rows.filter(inspection__year=wanted.year)
    if wanted.office_id is not None:
        rows = rows.filter(inspection__office_id=wanted.office_id)
    if wanted.kind:
        rows = rows.filter(is_violation=wanted.kind == "vi-pham")
    found = finding_rows(rows, on)
    kept = STANDINGS.get(wanted.standing)
    return [row for row in found if kept is None or row.standing in kept]


def rounds_read(by: Actor) -> QuerySet[Inspection]:
    """Return the rounds that the actor may read."""
    return INSPECTIONS.rows(by, MayInspect.READ)


def inspected_offices(by: Actor) -> Iterable[Office]:
    """Return the offices of the rounds that the actor may read, by name."""
    return Office.objects.filter(pk__in=rounds_read(by).values("office_id")).order_by("sort_key", "id")


def years_inspected(by: Actor) -> Sequence[int]:
    """Return the years of the rounds that the actor may read, the latest first."""
    return list(rounds_read(by).order_by("-year").values_list("year", flat=True).distinct())


def people_of(office_ids: Collection[int], roles: Collection[Role], on: dt.date) -> list[int]:
    """Return who holds one of the roles at the offices on a day, each once."""
    held = Post.objects.filter(office_id__in=office_ids, role__in=roles, valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gte=on)
    )
    return list(held.order_by("person_id").values_list("person_id", flat=True).distinct())
