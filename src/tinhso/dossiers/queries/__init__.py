"""Reads of dossiers, shaped for pages and callers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet

from tinhso.catalogue.api import ProcedureVersion, ProcessStep, case_named, form_for, summary, version_of
from tinhso.design.thread import Day
from tinhso.directory.api import (
    Actor,
    Office,
    OfficeKind,
    Role,
    calendar,
    office_of,
    offices,
    reference_stamp,
)
from tinhso.dossiers.lifecycle import LIFECYCLE, State, Verb
from tinhso.dossiers.models import Dossier, Draft, Opinion, StepTaken
from tinhso.dossiers.permissions import DRAFTS, POLICY, May, MayDraft
from tinhso.dossiers.queries.changes import acts_on_record, deadline_of
from tinhso.dossiers.rules import Due, TimeLeft, ledger, thread_of_days, time_left
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import fold
from tinhso.toolkit.time_left import time_left_until
from tinhso.toolkit.working_time import WorkingCalendar


class NoSuchOffice(Exception):
    """The procedure's sheet names a unit that the chosen office does not have on that day."""


@dataclass(frozen=True, slots=True)
class Route:
    """The three offices of a dossier: where it is received, prepared, signed."""

    receiving: Office
    handling: Office
    signing: Office


def route(version: ProcedureVersion, office: Office, on: dt.date) -> Route:
    """Return who receives, prepares and signs at the level of the office. Raises ``NoSuchOffice``."""
    return _route(reference_stamp(), version, office, on)


@lru_cache(maxsize=4_000)
def _route(_stamp: dt.datetime, version: ProcedureVersion, office: Office, on: dt.date) -> Route:
    level = level_of(office)
    rule = version.handling.get(level)
    if rule is None:
        raise NoSuchOffice(level)
    handling = _unit(rule["handles"], office, on)
    return Route(office, handling, _unit(rule["signs"], office, on))


def level_of(office: Office) -> str:
    """Return the level at which an office serves people, as the sheets name it."""
    return "province" if office.kind == OfficeKind.DEPARTMENT else office.kind


def _unit(rule: str, office: Office, on: dt.date) -> Office:
    """Return the office itself ("same"), or the unit below it that the rule means. Raises ``NoSuchOffice``."""
    if rule == "same":
        return office
    found = find_unit(rule, office, on)
    if found is None:
        raise NoSuchOffice(rule)
    return found


def find_unit(rule: str, parent: Office | None, on: dt.date) -> Office | None:
    """Return the unit of a kind below an office whose name holds "kind:words|words", or None."""
    kind, _colon, names = rule.partition(":")
    units = Office.objects.on(on).filter(kind=kind, parent=parent).order_by("id")
    for name in names.replace("-", " ").split("|"):
        found = units.filter(folded__contains=fold(name)).first()
        if found is not None:
            return found
    return None


_LOOK_ALIKE = str.maketrans("OIL", "011")


def places_for(version: ProcedureVersion, on: dt.date) -> list[Office]:
    """Return the offices at which a procedure may be filed on a day; a department only where it is responsible."""
    kinds = {
        "commune": OfficeKind.COMMUNE,
        "district": OfficeKind.DISTRICT,
        "province": OfficeKind.DEPARTMENT,
    }
    found = [office for level in version.levels for office in offices(kinds[level], on)]
    responsible = fold(version.procedure.responsible)
    return [o for o in found if o.kind != OfficeKind.DEPARTMENT or fold(o.name) == responsible]


def whole_draft(draft: Draft) -> Draft:
    """Give a draft its procedure's version and its office from memory, without asking the database again."""
    draft.version = version_of(draft.version_id)
    draft.office = office_of(draft.office_id) if draft.office_id else None
    return draft


def tracked(code: str) -> Dossier | None:
    """Return the dossier behind a tracking code: whoever holds the code may see its state.

    A code copied by hand is understood: small letters, spaces, no dashes, O for 0, I or L for 1.
    """
    letters = "".join(c for c in code.upper().translate(_LOOK_ALIKE) if c.isalnum())
    tidy = "-".join(letters[i : i + 4] for i in range(0, len(letters), 4))
    return (
        Dossier.objects.filter(tracking_code=tidy)
        .select_related("receiving_office", "desk_office", "version__procedure")
        .first()
    )


def mine(by: Actor) -> QuerySet[Dossier]:
    """Return a person's own dossiers, newest first."""
    return (
        POLICY.rows(by, May.READ)
        .filter(Q(owner_person_id=by.person_id) | Q(submitter_person_id=by.person_id))
        .select_related("version__procedure", "receiving_office", "desk_office")
        .order_by("-submitted_at", "-id")
    )


def on_my_desks(by: Actor) -> QuerySet[Dossier]:
    """Return what lies on the actor's desks, first what is due first; no due date comes last."""
    desks = Q(pk__in=())
    for role in Role:
        offices = by.offices(role)
        if offices:
            desks |= Q(desk_office__in=offices, desk_role=role)
    return (
        POLICY.rows(by, May.READ_AS_OFFICER)
        .filter(desks)
        .select_related("version__procedure", "receiving_office", "desk_office")
        .order_by(F("due_at").asc(nulls_last=True), "answer_due_at", "id")
    )


def find(by: Actor, words: str, limit: int = 50) -> list[Dossier]:
    """Find by number, tracking code, name (with or without marks), identity number or phone."""
    rows = POLICY.rows(by, May.READ_AS_OFFICER).select_related("version__procedure", "desk_office")
    term = words.strip()
    digits = term.replace(" ", "")
    match = Q(number__iendswith=digits) | Q(tracking_code=digits.upper())
    if digits.isdigit():
        match |= Q(owner_identity=digits) | Q(owner_phone=digits)
    names = Q()
    for word in fold(term).split():
        names &= Q(owner_folded__contains=word)
    return list(rows.filter(match | names).order_by("-submitted_at", "-id")[:limit]) if term else []


def asked_of(by: Actor) -> QuerySet[Opinion]:
    """Return what the actor's offices were asked and have not answered, first what is due first."""
    return (
        Opinion.objects.filter(
            dossier__in=POLICY.rows(by, May.ANSWER_OPINION),
            office__in=by.offices(Role.SPECIALIST, Role.LEADER),
            answered_at=None,
            dossier__ended_at=None,
        )
        .select_related("office", "dossier__version__procedure", "dossier__handling_office")
        .order_by(F("due_at").asc(nulls_last=True), "id")
    )


def counts(by: Actor) -> dict[str, int]:
    """Return the badges of the officer's menu; each equals the list behind it."""
    rows = on_my_desks(by)
    return {
        "desk": rows.count(),
        "new": rows.filter(state=State.SUBMITTED).count(),
        "opinions": asked_of(by).count(),
    }


STATE_WORDS = {
    State.SUBMITTED: "Chờ tiếp nhận",
    State.INCOMPLETE: "Chờ bổ sung giấy tờ",
    State.REFUSED: "Không được tiếp nhận",
    State.IN_PROGRESS: "Đang xử lý",
    State.PAUSED: "Tạm dừng, chờ bổ sung giấy tờ",
    State.AWAITING_SIGNATURE: "Chờ lãnh đạo ký",
    State.SIGNED: "Đã ký, chờ đóng dấu",
    State.ISSUED: "Đã có kết quả",
    State.HANDED_OVER: "Đã trả kết quả",
    State.REJECTED: "Không được giải quyết",
    State.WITHDRAWN: "Đã rút hồ sơ",
}
VERB_WORDS = {
    "submit": "Nộp hồ sơ",
    "accept": "Tiếp nhận, cấp giấy hẹn",
    "ask_for_papers": "Yêu cầu bổ sung",
    "pause": "Tạm dừng, yêu cầu bổ sung",
    "supply": "Đã gửi bổ sung",
    "resume": "Đã gửi bổ sung, đếm tiếp",
    "refuse": "Từ chối tiếp nhận",
    "reject": "Từ chối giải quyết",
    "forward": "Chuyển bước",
    "propose": "Trình lãnh đạo",
    "return": "Lãnh đạo trả lại",
    "sign": "Lãnh đạo đã ký",
    "issue": "Đóng dấu, phát hành",
    "hand_over": "Trả kết quả",
    "withdraw": "Rút hồ sơ",
    "rebase": "Chuyển sang bản mới của thủ tục",
}


#: What the rules call a day, where the drawing has another word for it.
_STRANDS: dict[str, Any] = {"late": "over"}


@dataclass(frozen=True, slots=True)
class Journey:
    """Where a dossier stands, why it is due when it is, and what it went through; newest step first."""

    dossier: Dossier
    state: str
    deadline: Due | None
    days: tuple[Any, ...]
    rows: tuple[tuple[str, str, str], ...]
    total: tuple[str, str, str] | None
    left: TimeLeft | None
    steps: tuple[tuple[str, StepTaken], ...]
    #: How long the counter still has to answer; None once it has.
    answer_left: TimeLeft | None = None


def _thread(
    deadline: Due, days_off: WorkingCalendar, today: dt.date, ended: dt.date | None
) -> tuple[Day, ...]:
    days = thread_of_days(deadline, days_off, today, ended)
    return tuple(Day(d.date, _STRANDS.get(d.kind, d.kind), d.number, d.label, d.is_due) for d in days)


def journey(dossier: Dossier, now: dt.datetime) -> Journey:
    """Return everything that the tracking page, the receipt and the officer's page say about a dossier's time."""
    steps = tuple((VERB_WORDS[s.verb], s) for s in dossier.steps.select_related("by_office").order_by("-id"))
    state = STATE_WORDS[State(dossier.state)]
    days_off = calendar()
    if dossier.accepted_at is None:
        waits = dossier.state == State.SUBMITTED
        answer = time_left_until(now, dossier.answer_due_at, days_off) if waits else None
        return Journey(dossier, state, None, (), (), None, None, steps, answer)
    pauses = list(dossier.pauses.order_by("began_at").values_list("began_at", "ended_at"))
    deadline, days_off = deadline_of(dossier, pauses)
    addition = ledger(deadline, days_off)
    ended = dossier.ended_at.astimezone(VN) if dossier.ended_at else None
    seen = min(now, ended) if ended else now
    return Journey(
        dossier,
        state,
        deadline,
        _thread(deadline, days_off, seen.date(), ended.date() if ended else None),
        tuple((row.term, row.value, row.note) for row in addition if not row.is_total),
        next(((row.term, row.value, row.note) for row in addition if row.is_total), None),
        time_left(deadline, now, days_off, ended),
        steps,
    )


#: Which permission opens which act, and from which states the life-cycle allows it.
_ACTS = (
    ("nhan", May.ACCEPT, Verb.ACCEPT),
    ("bo-sung", May.ACCEPT, Verb.ASK_FOR_PAPERS),
    ("bo-sung", May.HANDLE, Verb.PAUSE),
    ("tu-choi", May.ACCEPT, Verb.REFUSE),
    ("tu-choi", May.HANDLE, Verb.REJECT),
    ("chuyen", May.HANDLE, Verb.FORWARD),
    ("soan", May.HANDLE, Verb.PROPOSE),
    ("y-kien", May.HANDLE, Verb.PROPOSE),
    ("ky", May.SIGN, Verb.SIGN),
    ("tra-lai", May.SIGN, Verb.RETURN),
    ("dong-dau", May.ISSUE, Verb.ISSUE),
    ("tra-ket-qua", May.HAND_OVER, Verb.HAND_OVER),
)


def acts_on(by: Actor, dossier: Dossier) -> frozenset[str]:
    """Return the acts that the actor may do to the dossier now; the page shows no others."""
    verbs = LIFECYCLE.verbs_from(State(dossier.state))
    possible = [(act, may) for act, may, verb in _ACTS if verb in verbs]
    held = {may for may in {may for _, may in possible} if POLICY.holds(by, may, dossier)}
    acts = {act for act, may in possible if may in held} | acts_on_record(by, dossier)
    return frozenset(acts if has_next_step(dossier) else acts - {"chuyen"})


def steps_of(dossier: Dossier) -> list[ProcessStep]:
    """Return the steps that move the dossier from desk to desk; opinions run beside them."""
    steps = case_named(version_of(dossier.version_id), dossier.case_key).steps.all()
    return [step for step in steps if not step.is_parallel and step.desk != "opinion"]


def has_next_step(dossier: Dossier) -> bool:
    """Say whether the unit has another step after the one on which the dossier lies."""
    later = [step for step in steps_of(dossier) if step.order > dossier.desk_step]
    return bool(later) and later[0].desk == "unit"


def drafts_of(by: Actor) -> list[Draft]:
    """Return the drafts that a person has not sent yet, last saved first."""
    rows = DRAFTS.rows(by, MayDraft.WRITE).select_related("version__procedure")
    return list(rows.order_by("-saved_at", "-id"))


def sent_from(by: Actor, token: str) -> Dossier | None:
    """Return the dossier that a person's draft became, or None: not sent, or not theirs."""
    return Dossier.objects.filter(draft__token=token, draft__person_id=by.person_id or 0).first()


def shown_answers(version: ProcedureVersion, answers: dict[str, Any], on: dt.date) -> list[tuple[str, str]]:
    """Return label and words of every answer that was given, in the order of the form."""
    form = form_for(version, on)
    if form is None:
        return []
    return [(said.title, said.text) for said in summary(form, answers, on) if not said.is_blank]
