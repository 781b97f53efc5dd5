"""The legal states of a dossier (hồ sơ) and the verbs between them.

States are law and live here; the desk on which a dossier lies is data of the procedure's internal process.
Decree 61/2018/NĐ-CP, articles 17 to 20; Decree 107/2021/NĐ-CP.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tinhso.toolkit.lifecycle import Lifecycle, step


class State(StrEnum):
    """Where a dossier stands in law."""

    SUBMITTED = "submitted"
    INCOMPLETE = "incomplete"
    REFUSED = "refused"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    AWAITING_SIGNATURE = "awaiting_signature"
    SIGNED = "signed"
    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What can be done to a dossier."""

    SUBMIT = "submit"
    ACCEPT = "accept"
    ASK_FOR_PAPERS = "ask_for_papers"
    PAUSE = "pause"
    SUPPLY = "supply"
    RESUME = "resume"
    REFUSE = "refuse"
    REJECT = "reject"
    FORWARD = "forward"
    PROPOSE = "propose"
    RETURN = "return"
    SIGN = "sign"
    ISSUE = "issue"
    HAND_OVER = "hand_over"
    WITHDRAW = "withdraw"
    REBASE = "rebase"


S, V = State, Verb

LIFECYCLE: Lifecycle[State, Verb] = Lifecycle(
    S.SUBMITTED,
    step(V.ACCEPT, S.SUBMITTED, to=S.IN_PROGRESS),
    step(V.ASK_FOR_PAPERS, S.SUBMITTED, to=S.INCOMPLETE),
    step(V.SUPPLY, S.INCOMPLETE, to=S.SUBMITTED),
    step(V.REFUSE, S.SUBMITTED, to=S.REFUSED),
    step(V.PAUSE, S.IN_PROGRESS, to=S.PAUSED),
    step(V.RESUME, S.PAUSED, to=S.IN_PROGRESS),
    step(V.FORWARD, S.IN_PROGRESS, to=S.IN_PROGRESS),
    step(V.REJECT, S.IN_PROGRESS, to=S.REJECTED),
    step(V.PROPOSE, S.IN_PROGRESS, to=S.AWAITING_SIGNATURE),
    step(V.RETURN, S.AWAITING_SIGNATURE, to=S.IN_PROGRESS),
    step(V.SIGN, S.AWAITING_SIGNATURE, to=S.SIGNED),
    step(V.ISSUE, S.SIGNED, to=S.ISSUED),
    step(V.HAND_OVER, S.ISSUED, to=S.HANDED_OVER),
    step(V.REBASE, S.SUBMITTED, to=S.SUBMITTED),
    step(V.REBASE, S.INCOMPLETE, to=S.INCOMPLETE),
    step(V.REBASE, S.IN_PROGRESS, to=S.IN_PROGRESS),
    step(V.REBASE, S.PAUSED, to=S.PAUSED),
    step(V.WITHDRAW, S.SUBMITTED, S.INCOMPLETE, S.IN_PROGRESS, S.PAUSED, to=S.WITHDRAWN),
)
#: No step leads out of these: derived, so that nobody has to keep a list.
CLOSED = frozenset(s for s in State if not LIFECYCLE.verbs_from(s))
#: The clock of the law has stopped for good.
ENDED = CLOSED | {State.ISSUED}
#: Accepted, and the clock of the law runs or is paused.
RUNNING = frozenset({S.IN_PROGRESS, S.PAUSED, S.AWAITING_SIGNATURE, S.SIGNED})


@dataclass(frozen=True, slots=True)
class Author:
    """Who takes a step, as it is written into the history: account, name, post, office."""

    account_id: int | None
    name: str
    title: str = ""
    office_id: int | None = None
