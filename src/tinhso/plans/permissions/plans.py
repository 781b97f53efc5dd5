"""Who may do what with windows, plans, annexes and opinions. The lists and the acts both read these tables.

An office's planner and head write its plan; the province's own plan is written by the secretary and signed by the chair.
Offices that were asked read it and give opinions; overseers read every draft; everybody at the desk reads what is issued.
"""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from tinhso.directory.api import Actor, OfficeKind, Role
from tinhso.plans.lifecycle import PLAN_OPEN, PlanState
from tinhso.plans.models import Opinion, OpinionRequest, Plan, Requirement, Window
from tinhso.plans.permissions import AGENCY, APPRAISER, CHAIR, INSIDERS, OVERSEERS, SECRETARY, own_offices
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, any_of


class MayWindow(StrEnum):
    """Permissions on a registration window, alphabetical."""

    DRAFT = "plans:window:draft"
    READ = "plans:window:read"
    REMIND = "plans:window:remind"


class MayPlan(StrEnum):
    """Permissions on a plan, alphabetical. ``READ_MAKING``: its opinions, drafts and history too."""

    ADJUST = "plans:plan:adjust"
    APPRAISE = "plans:plan:appraise"
    ASK = "plans:plan:ask"
    ASSIGN = "plans:plan:assign"
    ISSUE = "plans:plan:issue"
    READ = "plans:plan:read"
    READ_MAKING = "plans:plan:read-making"
    RETURN = "plans:plan:return"
    SEND = "plans:plan:send"
    SIGN = "plans:plan:sign"
    WRITE = "plans:plan:write"


class MayOpine(StrEnum):
    """Permissions on an opinion or on the request for it, alphabetical."""

    ANSWER = "plans:opinion:answer"
    GIVE = "plans:opinion:give"


_PROVINCE = OfficeKind.PROVINCE


def _written_by(by: Actor, path: str = "") -> Q:
    """Rows whose office the actor writes plans for; ``path`` leads to the plan or requirement ("plan__")."""
    of_office = Q(**{f"{path}office_id__in": own_offices(by)}) & ~Q(**{f"{path}office__kind": _PROVINCE})
    of_province = Q(**{f"{path}office__kind": _PROVINCE}) if by.holds(*SECRETARY) else NO_ROW
    return of_office | of_province


def _in(*states: PlanState) -> Q:
    return Q(state__in=[state.value for state in states])


# Windows


def reads_windows(by: Actor) -> Q:
    """Every window, for whoever comes in."""
    return EVERY_ROW if by.holds(*INSIDERS) else NO_ROW


def keeps_windows(by: Actor) -> Q:
    """Every window, for the secretary."""
    return EVERY_ROW if by.holds(*SECRETARY) else NO_ROW


def drafts_in(by: Actor) -> Q:
    """Windows that ask the actor's office for a plan."""
    return Q(pk__in=Requirement.objects.filter(_written_by(by)).values("window_id"))


WINDOWS: Policy[Window, MayWindow, Actor] = Policy(
    Window,
    {MayWindow.DRAFT: drafts_in, MayWindow.READ: reads_windows, MayWindow.REMIND: keeps_windows},
)


# Plans


def oversees(by: Actor) -> Q:
    """Every plan, for overseers."""
    return EVERY_ROW if by.holds(*OVERSEERS) else NO_ROW


def writes_for(by: Actor) -> Q:
    """Plans of the actor's own offices; of the province, for the secretary."""
    return _written_by(by)


def signs_province(by: Actor) -> Q:
    """Allow the province's plan, for the chair."""
    return Q(office__kind=_PROVINCE) if by.holds(*CHAIR) else NO_ROW


def was_asked(by: Actor) -> Q:
    """Plans about which the actor's office was asked."""
    asked = OpinionRequest.objects.filter(office_id__in=own_offices(by)).values("plan_id")
    return Q(pk__in=asked)


def is_issued(by: Actor) -> Q:
    """Issued plans, for whoever comes in."""
    return _in(PlanState.ISSUED) if by.holds(*INSIDERS) else NO_ROW


def writes(by: Actor) -> Q:
    """Plans whose annex is open, of the actor's own offices."""
    return _written_by(by) & _in(*PLAN_OPEN)


def asks(by: Actor) -> Q:
    """Plans of the actor's own offices that are drafted or asked about."""
    return writes(by)


def sends(by: Actor) -> Q:
    """Plans that were asked about, of the actor's own offices."""
    return _written_by(by) & _in(PlanState.OPINIONS)


def appraises(by: Actor) -> Q:
    """Plans that wait for appraisal and that somebody else drafted, for the appraiser."""
    waiting = _in(PlanState.APPRAISAL) & ~Q(drafted_by__person=by.person_id)
    return waiting if by.holds(*APPRAISER) else NO_ROW


def signs(by: Actor) -> Q:
    """Plans that wait for the signature of the actor as leader of the office, and that somebody else drafted."""
    of_office = Q(office_id__in=by.offices(Role.LEADER)) & ~Q(office__kind=_PROVINCE)
    mine = of_office | signs_province(by)
    return mine & _in(PlanState.SIGNING) & ~Q(drafted_by__person=by.person_id)


def returns(by: Actor) -> Q:
    """Plans that the actor may send back to the drafter: who writes, takes it back; who signs or appraises, returns it."""
    taken_back = _written_by(by) & _in(PlanState.OPINIONS, PlanState.SIGNING)
    return taken_back | appraises(by) | signs(by)


def issues(by: Actor) -> Q:
    """Signed plans of the actor's own offices."""
    return _written_by(by) & _in(PlanState.SIGNED)


def adjusts(by: Actor) -> Q:
    """Issued plans of the actor's own offices that no later version adjusts."""
    return _written_by(by) & _in(PlanState.ISSUED) & Q(adjusted_by=None)


def assigns(by: Actor) -> Q:
    """Issued plans whose rows become tasks: of any office for the secretary, of the own one for its planner."""
    return (keeps_windows(by) | _written_by(by)) & _in(PlanState.ISSUED)


READS_MAKING = any_of(oversees, writes_for, signs_province, was_asked)
PLANS: Policy[Plan, MayPlan, Actor] = Policy(
    Plan,
    {
        MayPlan.ADJUST: adjusts,
        MayPlan.APPRAISE: appraises,
        MayPlan.ASK: asks,
        MayPlan.ASSIGN: assigns,
        MayPlan.ISSUE: issues,
        MayPlan.READ: any_of(READS_MAKING, is_issued),
        MayPlan.READ_MAKING: READS_MAKING,
        MayPlan.RETURN: returns,
        MayPlan.SEND: sends,
        MayPlan.SIGN: signs,
        MayPlan.WRITE: writes,
    },
)


# Opinions


def gives(by: Actor) -> Q:
    """Allow requests to the actor's own offices, while the plan is asked about."""
    return Q(office_id__in=by.offices(*AGENCY), plan__state=PlanState.OPINIONS.value)


def answers(by: Actor) -> Q:
    """Opinions on plans that the actor writes, while the annex is open."""
    is_open = Q(request__plan__state__in=[state.value for state in PLAN_OPEN])
    return _written_by(by, "request__plan__") & is_open


REQUESTS: Policy[OpinionRequest, MayOpine, Actor] = Policy(OpinionRequest, {MayOpine.GIVE: gives})
OPINIONS: Policy[Opinion, MayOpine, Actor] = Policy(Opinion, {MayOpine.ANSWER: answers})
