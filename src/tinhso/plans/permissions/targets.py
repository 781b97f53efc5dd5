"""Who may do what with targets, their reports and solutions.

Targets that the public sees, or that are of the whole province, are read by everybody who comes in; others by the office
they are of and by overseers. The office reports, the secretary confirms, never what one reported oneself.
"""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import PLAN_OPEN
from tinhso.plans.models import Plan, Solution, Target, TargetReport
from tinhso.plans.permissions import INSIDERS, OVERSEERS, PLANNER, SECRETARY, own_offices
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, all_of, any_of


class MayTarget(StrEnum):
    """Permissions on a target, alphabetical."""

    CHANGE = "plans:target:change"
    LINK_SOLUTION = "plans:target:link-solution"
    READ = "plans:target:read"
    READ_REPORTS = "plans:target:read-reports"
    REPORT = "plans:target:report"


class MayPlanTarget(StrEnum):
    """Permissions on a plan as far as its targets go, alphabetical."""

    ADD_TARGET = "plans:plan:add-target"


class MayReportTarget(StrEnum):
    """Permissions on a report of a target, alphabetical."""

    ANSWER = "plans:target-report:answer"
    READ = "plans:target-report:read"


class MaySolution(StrEnum):
    """Permissions on a solution, alphabetical."""

    READ = "plans:solution:read"


def keeps_targets(by: Actor) -> Q:
    """Every row, for the committee's secretary."""
    return EVERY_ROW if by.holds(*SECRETARY) else NO_ROW


def oversees(by: Actor) -> Q:
    """Every row, for whoever reads everything of every office."""
    return EVERY_ROW if by.holds(*OVERSEERS) else NO_ROW


def comes_in(by: Actor) -> Q:
    """Every row, for everybody who works at the desk or for an office."""
    return EVERY_ROW if by.holds(*INSIDERS) else NO_ROW


def is_told_inside(by: Actor) -> Q:
    """Targets that the public sees, and those of the whole province."""
    return Q(is_public=True) | Q(office=None, plan=None)


def is_of_own_office(by: Actor) -> Q:
    """Targets and solutions of an own office, or of its plan."""
    own = own_offices(by)
    return Q(office_id__in=own) | Q(plan__office_id__in=own)


def reports(by: Actor) -> Q:
    """Targets that an own office reports: no counter counts them and no children make them up."""
    return Q(counter="", children=None, office_id__in=by.offices(*PLANNER))


def links(by: Actor) -> Q:
    """Targets of an office for which the actor plans."""
    own = by.offices(*PLANNER)
    return Q(office_id__in=own) | Q(plan__office_id__in=own)


def plans_for(by: Actor) -> Q:
    """Plans that are still open, of an office for which the actor plans."""
    return Q(office_id__in=by.offices(*PLANNER), state__in=PLAN_OPEN)


def reported_for_own_office(by: Actor) -> Q:
    """Allow the reports of an own office."""
    return Q(office_id__in=own_offices(by))


def may_be_answered(by: Actor) -> Q:
    """Allow reports of somebody else that wait, for the committee's secretary."""
    return Q(answer="") & ~Q(reported_by__person=by.person_id) if by.holds(*SECRETARY) else NO_ROW


def is_of_nobody(by: Actor) -> Q:
    """Solutions of no single office."""
    return Q(office=None, plan=None) if by.holds(*INSIDERS) else NO_ROW


def serves_what_all_see(by: Actor) -> Q:
    """Solutions of a target that the public sees."""
    served = Solution.objects.filter(targets__is_public=True)
    return Q(pk__in=served.values("pk")) if by.holds(*INSIDERS) else NO_ROW


TARGETS: Policy[Target, MayTarget, Actor] = Policy(
    Target,
    {
        MayTarget.CHANGE: keeps_targets,
        MayTarget.LINK_SOLUTION: any_of(keeps_targets, links),
        MayTarget.READ: any_of(oversees, all_of(comes_in, any_of(is_told_inside, is_of_own_office))),
        MayTarget.READ_REPORTS: any_of(oversees, is_of_own_office),
        MayTarget.REPORT: reports,
    },
)
PLANS_WITH_TARGETS: Policy[Plan, MayPlanTarget, Actor] = Policy(Plan, {MayPlanTarget.ADD_TARGET: plans_for})
TARGET_REPORTS: Policy[TargetReport, MayReportTarget, Actor] = Policy(
    TargetReport,
    {
        MayReportTarget.ANSWER: may_be_answered,
        MayReportTarget.READ: any_of(oversees, reported_for_own_office),
    },
)
SOLUTIONS: Policy[Solution, MaySolution, Actor] = Policy(
    Solution, {MaySolution.READ: any_of(oversees, is_of_nobody, is_of_own_office, serves_what_all_see)}
)
