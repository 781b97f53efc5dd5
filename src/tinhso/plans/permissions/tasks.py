"""Who may do what with tasks, their reports and extensions, and the services of Project 06.

The lead office reads and reports its own; offices that co-ordinate read and comment; overseers read everything; the
committee's chair and secretary write. What the state of a task allows is the life-cycle's matter.
"""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from tinhso.directory.api import Actor, Role
from tinhso.plans.models import Task, TaskExtension, TaskPartner, TaskReport, TrackedService
from tinhso.plans.permissions import AGENCY, CHAIR, COMMITTEE, INSIDERS, OVERSEERS, own_offices
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, any_of


class MayTask(StrEnum):
    """Permissions on a task, alphabetical."""

    ASK_EXTENSION = "plans:task:ask-extension"
    COMMENT = "plans:task:comment"
    INSIST = "plans:task:insist"
    LINK = "plans:task:link"
    MERGE = "plans:task:merge"
    POSTPONE = "plans:task:postpone"
    PUBLISH = "plans:task:publish"
    READ = "plans:task:read"
    REASSIGN = "plans:task:reassign"
    REFUSE = "plans:task:refuse"
    REOPEN = "plans:task:reopen"
    REPORT = "plans:task:report"
    RESTORE = "plans:task:restore"
    RESUME = "plans:task:resume"
    SPLIT = "plans:task:split"
    START = "plans:task:start"
    TAG = "plans:task:tag"
    URGE = "plans:task:urge"
    WITHDRAW = "plans:task:withdraw"


class MayAnswerTask(StrEnum):
    """Permissions on a report or a request of extension that waits, alphabetical."""

    ANSWER_EXTENSION = "plans:task-extension:answer"
    ANSWER_REPORT = "plans:task-report:answer"


class MayTrack(StrEnum):
    """Permissions on a service of Project 06, alphabetical."""

    READ = "plans:tracked-service:read"
    UPDATE = "plans:tracked-service:update"


def leads(by: Actor) -> Q:
    """Tasks that an office leads for which the actor plans or signs."""
    return Q(lead_id__in=own_offices(by))


def heads(by: Actor) -> Q:
    """Tasks that an office leads for which the actor signs: only the head refuses."""
    return Q(lead_id__in=by.offices(Role.LEADER))


def leads_the_whole(by: Actor) -> Q:
    """Parts of a task that an own office leads."""
    own = own_offices(by)
    return Q(parent_id__in=Task.objects.filter(lead_id__in=own).values("pk")) if own else NO_ROW


def co_ordinates(by: Actor) -> Q:
    """Tasks in which an own office co-ordinates."""
    own = own_offices(by)
    return Q(pk__in=TaskPartner.objects.filter(office_id__in=own).values("task_id")) if own else NO_ROW


def oversees(by: Actor) -> Q:
    """Every row, for whoever reads everything of every office."""
    return EVERY_ROW if by.holds(*OVERSEERS) else NO_ROW


def steers(by: Actor) -> Q:
    """Every row, for the committee's chair and secretary."""
    return EVERY_ROW if by.holds(*COMMITTEE) else NO_ROW


def answers_reports(by: Actor) -> Q:
    """Allow reports of somebody else that wait, for the committee's chair and secretary."""
    return Q(answer="") & ~Q(reported_by__person=by.person_id) if by.holds(*COMMITTEE) else NO_ROW


def answers_extensions(by: Actor) -> Q:
    """Allow requests of somebody else that wait, for the chair alone."""
    return Q(answer="") & ~Q(asked_by__person=by.person_id) if by.holds(*CHAIR) else NO_ROW


def comes_in(by: Actor) -> Q:
    """Every row, for everybody who works at the desk or for an office."""
    return EVERY_ROW if by.holds(*INSIDERS) else NO_ROW


def leads_the_service(by: Actor) -> Q:
    """Services that an own office leads."""
    return Q(lead_id__in=by.offices(*AGENCY))


TASKS: Policy[Task, MayTask, Actor] = Policy(
    Task,
    {
        MayTask.ASK_EXTENSION: leads,
        MayTask.COMMENT: any_of(leads, leads_the_whole, co_ordinates, steers),
        MayTask.INSIST: steers,
        MayTask.LINK: steers,
        MayTask.MERGE: steers,
        MayTask.POSTPONE: steers,
        MayTask.PUBLISH: steers,
        MayTask.READ: any_of(leads, leads_the_whole, co_ordinates, oversees),
        MayTask.REASSIGN: steers,
        MayTask.REFUSE: heads,
        MayTask.REOPEN: steers,
        MayTask.REPORT: leads,
        MayTask.RESTORE: steers,
        MayTask.RESUME: steers,
        MayTask.SPLIT: any_of(leads, steers),
        MayTask.START: leads,
        MayTask.TAG: steers,
        MayTask.URGE: steers,
        MayTask.WITHDRAW: steers,
    },
)
REPORTS: Policy[TaskReport, MayAnswerTask, Actor] = Policy(
    TaskReport, {MayAnswerTask.ANSWER_REPORT: answers_reports}
)
EXTENSIONS: Policy[TaskExtension, MayAnswerTask, Actor] = Policy(
    TaskExtension, {MayAnswerTask.ANSWER_EXTENSION: answers_extensions}
)
TRACKED: Policy[TrackedService, MayTrack, Actor] = Policy(
    TrackedService, {MayTrack.READ: comes_in, MayTrack.UPDATE: any_of(leads_the_service, steers)}
)
