"""The states of a plan, a task, an inspection's finding and a review, and the verbs between them.

Tasks: the states that provinces' own task systems keep (QĐ 42/2014/QĐ-TTg and its provincial rules); whether a task is
in time or overdue is never stored: ``rules.deadlines`` derives it from the due day.
"""

from __future__ import annotations

from enum import StrEnum

from tinhso.toolkit.lifecycle import Lifecycle, step


class PlanState(StrEnum):
    """Where a plan (kế hoạch) stands."""

    DRAFT = "draft"
    OPINIONS = "opinions"
    APPRAISAL = "appraisal"
    SIGNING = "signing"
    SIGNED = "signed"
    ISSUED = "issued"


class PlanVerb(StrEnum):
    """What can be done to a plan."""

    ASK_OPINIONS = "ask_opinions"
    SEND_TO_APPRAISAL = "send_to_appraisal"
    PASS = "pass"  # noqa: S105 - a verb
    RETURN = "return"
    SIGN = "sign"
    ISSUE = "issue"


_P, _PV = PlanState, PlanVerb

PLAN: Lifecycle[PlanState, PlanVerb] = Lifecycle(
    _P.DRAFT,
    step(_PV.ASK_OPINIONS, _P.DRAFT, to=_P.OPINIONS),
    step(_PV.SEND_TO_APPRAISAL, _P.OPINIONS, to=_P.APPRAISAL),
    step(_PV.PASS, _P.APPRAISAL, to=_P.SIGNING),
    step(_PV.RETURN, _P.OPINIONS, _P.APPRAISAL, _P.SIGNING, to=_P.DRAFT),
    step(_PV.SIGN, _P.SIGNING, to=_P.SIGNED),
    step(_PV.ISSUE, _P.SIGNED, to=_P.ISSUED),
)
#: The annex may be written in these.
PLAN_OPEN = (_P.DRAFT, _P.OPINIONS)


class TaskState(StrEnum):
    """Where a task (nhiệm vụ) stands."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    POSTPONED = "postponed"
    REFUSED = "refused"
    REDO = "redo"
    WITHDRAWN = "withdrawn"


class TaskVerb(StrEnum):
    """What can be done to a task."""

    START = "start"
    REPORT_DONE = "report_done"
    CONFIRM = "confirm"
    RETURN = "return"
    POSTPONE = "postpone"
    RESUME = "resume"
    REFUSE = "refuse"
    INSIST = "insist"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"
    RESTORE = "restore"


_T, _TV = TaskState, TaskVerb

TASK: Lifecycle[TaskState, TaskVerb] = Lifecycle(
    _T.NOT_STARTED,
    step(_TV.START, _T.NOT_STARTED, to=_T.RUNNING),
    step(_TV.REPORT_DONE, _T.RUNNING, _T.REDO, to=_T.WAITING),
    step(_TV.CONFIRM, _T.WAITING, to=_T.DONE),
    step(_TV.RETURN, _T.WAITING, to=_T.REDO),
    step(_TV.POSTPONE, _T.NOT_STARTED, _T.RUNNING, _T.REDO, to=_T.POSTPONED),
    step(_TV.RESUME, _T.POSTPONED, to=_T.RUNNING),
    step(_TV.REFUSE, _T.NOT_STARTED, to=_T.REFUSED),
    step(_TV.INSIST, _T.REFUSED, to=_T.NOT_STARTED),
    step(_TV.REOPEN, _T.DONE, to=_T.REDO),
    step(
        _TV.WITHDRAW,
        *(_T.NOT_STARTED, _T.RUNNING, _T.WAITING, _T.POSTPONED, _T.REFUSED, _T.REDO),
        to=_T.WITHDRAWN,
    ),
    step(_TV.RESTORE, _T.WITHDRAWN, to=_T.NOT_STARTED),
)
#: A withdrawn or merged task is no task any more: it is in no count.
TASK_COUNTED = tuple(state for state in _T if state is not _T.WITHDRAWN)


class FindingState(StrEnum):
    """Where a finding of an inspection (kiến nghị, vi phạm) stands."""

    OPEN = "open"
    REPORTED = "reported"
    CLOSED = "closed"


class FindingVerb(StrEnum):
    """What can be done to a finding."""

    REPORT_FIXED = "report_fixed"
    RETURN = "return"
    CLOSE = "close"


_F, _FV = FindingState, FindingVerb

FINDING: Lifecycle[FindingState, FindingVerb] = Lifecycle(
    _F.OPEN,
    step(_FV.REPORT_FIXED, _F.OPEN, to=_F.REPORTED),
    step(_FV.RETURN, _F.REPORTED, to=_F.OPEN),
    step(_FV.CLOSE, _F.REPORTED, to=_F.CLOSED),
)


class ReviewState(StrEnum):
    """Where a review (sơ kết) stands. Its figures are locked with each draft and stay as they are once submitted."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"


class ReviewVerb(StrEnum):
    """What can be done to a review."""

    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"


_R, _RV = ReviewState, ReviewVerb

REVIEW: Lifecycle[ReviewState, ReviewVerb] = Lifecycle(
    _R.DRAFT,
    step(_RV.SUBMIT, _R.DRAFT, to=_R.SUBMITTED),
    step(_RV.RETURN, _R.SUBMITTED, to=_R.DRAFT),
    step(_RV.APPROVE, _R.SUBMITTED, to=_R.APPROVED),
)
