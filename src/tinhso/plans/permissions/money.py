"""Who may do what with money, inspections, findings and commendations. One table; lists and acts both read it.

The budget officer keeps the money of every office; a planner proposes lines of the own office as long as nothing was
allocated. Inspectors and the committee's secretary keep inspections; nobody judges a remedy that they reported.
"""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import FindingState, PlanState
from tinhso.plans.models import BudgetEntry, BudgetLine, Commendation, Finding, Inspection, Plan
from tinhso.plans.permissions import (
    BUDGET,
    COMMITTEE,
    INSIDERS,
    INSPECTOR,
    OVERSEERS,
    PLANNER,
    SECRETARY,
    own_offices,
)
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, any_of


class MayMoney(StrEnum):
    """Permissions on a line of money and on an entry of it, alphabetical."""

    CHANGE = "plans:budget-line:change"
    ENTER = "plans:budget-line:enter"
    READ = "plans:budget-line:read"
    REVERSE = "plans:budget-entry:reverse"
    TAKE_LINES = "plans:plan:take-budget-lines"


class MayInspect(StrEnum):
    """Permissions on an inspection and its findings, alphabetical."""

    ADD_FINDING = "plans:inspection:add-finding"
    ANSWER = "plans:finding:answer"
    CHANGE = "plans:inspection:change"
    CONCLUDE = "plans:inspection:conclude"
    READ = "plans:inspection:read"
    READ_FINDING = "plans:finding:read"
    REPORT = "plans:finding:report"


class MayCommend(StrEnum):
    """Permissions on a commendation, alphabetical."""

    READ = "plans:commendation:read"


#: Who enters inspections, concludes them and judges remedies; who enters commendations.
INSPECTING = (*INSPECTOR, *SECRETARY)
COMMENDING = COMMITTEE
#: Who proposes lines of money for the own office.
PROPOSING = PLANNER


def keeps_money(by: Actor) -> Q:
    """Every row, for the budget officer."""
    return EVERY_ROW if by.holds(*BUDGET) else NO_ROW


def oversees(by: Actor) -> Q:
    """Every row, for whoever reads everything of every office."""
    return EVERY_ROW if by.holds(*OVERSEERS) else NO_ROW


def is_of_own_office(by: Actor) -> Q:
    """Allow the lines of the offices for which the actor plans or signs."""
    return Q(office_id__in=own_offices(by))


def may_still_be_proposed(by: Actor) -> Q:
    """Allow the lines of the own office on which nothing was entered yet, for whoever plans there."""
    touched = BudgetEntry.objects.values("line_id")
    return Q(office_id__in=by.offices(*PROPOSING)) & ~Q(pk__in=touched)


def may_be_reversed(by: Actor) -> Q:
    """Allow entries that reverse nothing and were not reversed, for the budget officer."""
    return Q(reverses=None, reversed_by=None) if by.holds(*BUDGET) else NO_ROW


def issued_plans(by: Actor) -> Q:
    """Allow issued plans that no later issued version adjusts: all for the budget officer, own ones for planners."""
    latest = Q(state=PlanState.ISSUED) & ~Q(adjusted_by__state=PlanState.ISSUED)
    if by.holds(*BUDGET):
        return latest
    return latest & Q(office_id__in=by.offices(*PROPOSING))


LINES: Policy[BudgetLine, MayMoney, Actor] = Policy(
    BudgetLine,
    {
        MayMoney.CHANGE: any_of(keeps_money, may_still_be_proposed),
        MayMoney.ENTER: keeps_money,
        MayMoney.READ: any_of(oversees, is_of_own_office),
    },
)
ENTRIES: Policy[BudgetEntry, MayMoney, Actor] = Policy(BudgetEntry, {MayMoney.REVERSE: may_be_reversed})
PLANS_WITH_MONEY: Policy[Plan, MayMoney, Actor] = Policy(Plan, {MayMoney.TAKE_LINES: issued_plans})


def inspects(by: Actor) -> Q:
    """Allow rounds that are not concluded, for whoever inspects."""
    return Q(concluded_on=None) if by.holds(*INSPECTING) else NO_ROW


def is_inspected_or_inspects(by: Actor) -> Q:
    """Allow the rounds in which an own office is inspected or leads."""
    own = own_offices(by)
    return Q(office_id__in=own) | Q(lead_id__in=own)


def has_a_finding_read(by: Actor) -> Q:
    """Allow the findings of rounds in which an own office is inspected or leads."""
    own = own_offices(by)
    return Q(inspection__office_id__in=own) | Q(inspection__lead_id__in=own)


def remedies(by: Actor) -> Q:
    """Allow the open findings of the own office, for whoever plans or signs there."""
    return Q(inspection__office_id__in=own_offices(by), state=FindingState.OPEN)


def judges(by: Actor) -> Q:
    """Allow remedies that somebody else reported and that wait, for whoever inspects."""
    others = Q(state=FindingState.REPORTED) & ~Q(fixed_by__person=by.person_id)
    return others if by.holds(*INSPECTING) else NO_ROW


INSPECTIONS: Policy[Inspection, MayInspect, Actor] = Policy(
    Inspection,
    {
        MayInspect.ADD_FINDING: inspects,
        MayInspect.CHANGE: inspects,
        MayInspect.CONCLUDE: inspects,
        MayInspect.READ: any_of(oversees, is_inspected_or_inspects),
    },
)
FINDINGS: Policy[Finding, MayInspect, Actor] = Policy(
    Finding,
    {
        MayInspect.ANSWER: judges,
        MayInspect.READ_FINDING: any_of(oversees, has_a_finding_read),
        MayInspect.REPORT: remedies,
    },
)


def comes_in(by: Actor) -> Q:
    """Every row, for everybody who works at the desk or for an office: decisions of commendation are public."""
    return EVERY_ROW if by.holds(*INSIDERS) else NO_ROW


COMMENDATIONS: Policy[Commendation, MayCommend, Actor] = Policy(Commendation, {MayCommend.READ: comes_in})
