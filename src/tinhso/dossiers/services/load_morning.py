"""Play the last days before the demo's first morning through the services themselves, for the cast.

What the history cannot hold, since nobody acted in it, is here: papers, opinions, drafts before leaders, signed and
sealed results, journal entries. Each act is done by the officer who holds the role, at its own moment. People, papers
and words stand in ``data/morning.json`` and are invented.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string

from tinhso.catalogue import api as catalogue
from tinhso.catalogue.api import ProcedureVersion
from tinhso.directory.api import Actor, Office, Role, actor_of, holder
from tinhso.documents.api import PDF, StoredFile, draw_pdf, page_png, store, take_upload
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.queries.opinions import answer_by
from tinhso.dossiers.services.accept import accept
from tinhso.dossiers.services.ask_for_papers import Defect, ask_for_papers
from tinhso.dossiers.services.ask_opinion import answer_opinion, ask_opinion
from tinhso.dossiers.services.forward import forward
from tinhso.dossiers.services.hand_over import fetch_result, hand_over
from tinhso.dossiers.services.invent_applicant import Applicant, invent_applicant, written
from tinhso.dossiers.services.keep_draft import save_draft, start_draft
from tinhso.dossiers.services.propose import mark_read, propose
from tinhso.dossiers.services.refuse import refuse
from tinhso.dossiers.services.sign_result import issue, sign
from tinhso.dossiers.services.submit import Filing, submit
from tinhso.dossiers.services.supply import SentFile
from tinhso.dossiers.services.withdraw import withdraw
from tinhso.signatures.api import prepare
from tinhso.toolkit.clock import VN

OPINION_MINUTES = 5 * 8 * 60
_READING = dt.timedelta(minutes=3)
_PROPOSAL = "Hồ sơ đủ điều kiện, kính trình lãnh đạo ký."
#: Papers that come as a photo, so that one sees what becomes of photos.
_PHOTOS = frozenset({"giay-tuy-than", "giay-phap-ly"})


@dataclass(slots=True)
class _Story:
    """One dossier of the morning: what is planned, and the code it got when it was sent."""

    plan: Mapping[str, Any]
    nth: int
    code: str = ""

    def dossier(self) -> Dossier:
        """Return the dossier as it stands now."""
        return Dossier.objects.select_related("version__procedure", "signing_office").get(
            tracking_code=self.code
        )

    def says(self, verb: str) -> str:
        """Return the words that go with an act."""
        return str(self.plan.get("says", {}).get(verb, ""))


@dataclass(frozen=True, slots=True, order=True)
class _Act:
    at: dt.datetime
    nth: int
    verb: str


def first_acceptances(on: dt.date) -> dict[tuple[int, dt.date], dt.datetime]:
    """Return when the morning first accepts, by office and day: the history leaves what comes after to it."""
    found: dict[tuple[int, dt.date], dt.datetime] = {}
    plan = _plan()
    ids = {office.name: office.pk for office in Office.objects.on(on)}
    for act in _acts(plan):
        office_id = ids.get(plan["stories"][act.nth]["office"])
        if act.verb == "accept" and office_id is not None:
            found.setdefault((office_id, act.at.date()), act.at)
    return found


@transaction.atomic
def load_morning(*, until: dt.datetime, is_demo: bool, stamp_at: Callable[[dt.datetime], object]) -> int:
    """Do every act of the plan up to a moment, in the order of time; return the number of dossiers.

    ``stamp_at`` tells the demo's time-stamp authority what time it is before each signature. Raises what the services
    raise: a plan that they refuse is a fault.
    """
    plan = _plan()
    stories = [_Story(story, nth) for nth, story in enumerate(plan["stories"])]
    people = {key: invent_applicant(row, plan, until.date()) for key, row in plan["people"].items()}
    drawn: dict[tuple[str, str], SentFile] = {}
    for act in _acts(plan):
        if act.at <= until:
            story = stories[act.nth]
            if act.verb in ("sign", "issue"):
                stamp_at(act.at)
            _DO[act.verb](_Turn(plan, story, people[story.plan["of"]], act.at, is_demo, drawn))
    _keep_draft(plan, people, until)
    return sum(1 for story in stories if story.code)


@lru_cache(maxsize=1)
def _plan() -> Mapping[str, Any]:
    text = files("tinhso.dossiers").joinpath("data/morning.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def _acts(plan: Mapping[str, Any]) -> list[_Act]:
    found = []
    for nth, story in enumerate(plan["stories"]):
        for words in story["acts"]:
            day, clock, verb = words.split()
            found.append(_Act(_moment(f"{day} {clock}", plan["year"]), nth, verb))
    return sorted(found)


def _moment(words: str, year: int) -> dt.datetime:
    return dt.datetime.strptime(f"{year} {words}", "%Y %d/%m %H:%M").replace(tzinfo=VN)


# -- who ---------------------------------------------------------------------------------------------


def _officer(office_id: int, role: Role, at: dt.datetime) -> Actor:
    post = holder(office_id, role, at.date())
    if post is None:
        msg = f"nobody is {role} of office {office_id}"
        raise LookupError(msg)
    return actor_of(post.person.account.pk, at.date())


# -- what --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Turn:
    """One act about to be done."""

    plan: Mapping[str, Any]
    story: _Story
    applicant: Applicant
    at: dt.datetime
    is_demo: bool
    #: Papers drawn so far, by key and name.
    drawn: dict[tuple[str, str], SentFile]

    def applicants(self) -> Actor:
        """Return the actor of the applicant; the counter clerk acts for those without an account."""
        if self.applicant.actor is not None:
            return self.applicant.actor
        return _officer(self.office().pk, Role.COUNTER_CLERK, self.at)

    def office(self) -> Office:
        """Return the office that the dossier is sent to."""
        return Office.objects.on(self.at.date()).get(name=self.story.plan["office"])

    def asked(self) -> Office:
        """Return the office whose opinion is asked."""
        return Office.objects.on(self.at.date()).get(name=self.story.plan["asks"])

    def common(self, office_id: int, role: Role) -> dict[str, Any]:
        """Return what every service is told: who, when, which dossier."""
        return {"by": _officer(office_id, role, self.at), "at": self.at, "tracking_code": self.story.code}

    def own(self) -> dict[str, Any]:
        """Return the same where the applicant acts."""
        return {"by": self.applicants(), "at": self.at, "tracking_code": self.story.code}


def _answers(plan: Mapping[str, Any], story: Mapping[str, Any], applicant: Applicant) -> dict[str, Any]:
    whole = {**plan["answers"][story["code"]], **story.get("answers", {})}
    said: dict[str, Any] = written(whole, applicant.words, plan)
    return said


def _submit(turn: _Turn) -> None:
    plan, day = turn.story.plan, turn.at.date()
    version = catalogue.current(plan["code"], day)
    answers = _answers(turn.plan, plan, turn.applicant)
    case = catalogue.case_of(version, answers, day)
    filing = Filing(
        version=version,
        case_key=case.key,
        channel=plan["channel"],
        office=turn.office(),
        owner=turn.applicant.party,
        submitter=turn.applicant.party,
        helper_person_id=None,
        answers=catalogue.relevant(version.form.schema, answers, day),
        files=_papers(version, answers, turn),
        fee_vnd=catalogue.fee(case, plan["channel"], answers, day).total,
        summary=version.procedure.everyday_name,
    )
    key = f"trinh-dien-{turn.story.nth}"
    turn.story.code = submit(by=turn.applicants(), at=turn.at, key=key, filing=filing).tracking_code


def _papers(version: ProcedureVersion, answers: Mapping[str, Any], turn: _Turn) -> list[SentFile]:
    """Return what has to be sent, or else the first that may be.

    One paper of a kind serves all dossiers, for drawing one takes a tenth of a second.
    """
    possible = [paper for paper in catalogue.papers(version, answers, turn.at.date()) if paper.is_upload]
    found = []
    for paper in [paper for paper in possible if paper.is_required] or possible[:1]:
        kind = paper.key, paper.name
        if kind not in turn.drawn:
            turn.drawn[kind] = _paper(*kind, turn.at)
        found.append(turn.drawn[kind])
    return found


def _paper(key: str, name: str, at: dt.datetime) -> SentFile:
    html = render_to_string("dossiers/slips/demo_paper.html", {"name": name})
    file = store(draw_pdf(html), media_type=PDF, at=at, pages=1)
    if key not in _PHOTOS:
        return SentFile(key, file, f"{key}.pdf")
    upload = take_upload(page_png(file, 1, 700), name=f"{key}.png", at=at)
    return SentFile(key, upload.file, upload.name)


def _accept(turn: _Turn) -> None:
    accept(**turn.common(turn.office().pk, Role.COUNTER_CLERK))


def _defects(turn: _Turn) -> list[Defect]:
    known = {d.code: d.text for d in turn.story.dossier().version.defects.all()}
    return [Defect(code, known[code]) for code in turn.story.plan["defects"]]


def _ask_for_papers(turn: _Turn) -> None:
    dossier = turn.story.dossier()
    at_counter = dossier.accepted_at is None
    office_id = dossier.receiving_office_id if at_counter else dossier.handling_office_id
    ask_for_papers(
        **turn.common(office_id, Role.COUNTER_CLERK if at_counter else Role.SPECIALIST),
        defects=_defects(turn),
        explanation=turn.story.says("ask_for_papers"),
    )


def _refuse(turn: _Turn) -> None:
    (ground,) = _defects(turn)
    refuse(
        **turn.common(turn.office().pk, Role.COUNTER_CLERK),
        ground=ground,
        explanation=turn.story.says("refuse"),
    )


def _withdraw(turn: _Turn) -> None:
    withdraw(**turn.own(), reason=turn.story.says("withdraw"))


def _forward(turn: _Turn) -> None:
    forward(**turn.common(turn.story.dossier().handling_office_id, Role.SPECIALIST))


def _ask_opinion(turn: _Turn) -> None:
    ask_opinion(
        **turn.common(turn.story.dossier().handling_office_id, Role.SPECIALIST),
        office=turn.asked(),
        question=turn.story.says("ask_opinion"),
        due_at=answer_by(turn.story.dossier(), OPINION_MINUTES, turn.at),
    )


def _answer_opinion(turn: _Turn) -> None:
    answer_opinion(
        **turn.common(turn.asked().pk, Role.SPECIALIST),
        opinion_id=turn.story.dossier().opinions.get(answered_at=None).pk,
        agrees=True,
        answer=turn.story.says("answer_opinion"),
    )


def _propose(turn: _Turn) -> None:
    dossier = turn.story.dossier()
    version = dossier.version
    fields = {
        **catalogue.draft_result(version, dossier.answers),
        **turn.plan["results"][dossier.procedure_code],
    }
    propose(
        **turn.common(dossier.handling_office_id, Role.SPECIALIST),
        fields=fields,
        proposal=_PROPOSAL,
        draft=_draft(dossier, fields, turn),
    )


def _draft(dossier: Dossier, fields: Mapping[str, Any], turn: _Turn) -> StoredFile:
    leader = holder(dossier.signing_office_id, Role.LEADER, turn.at.date())
    if leader is None:
        msg = f"nobody leads office {dossier.signing_office_id}"
        raise LookupError(msg)
    html = catalogue.result_html(
        dossier.version,
        fields,
        dossier.answers,
        office=dossier.signing_office,
        signer=catalogue.Signer(leader.person.name, leader.title),
        on=turn.at.date(),
        is_demo=turn.is_demo,
    )
    return store(prepare(draw_pdf(html)), media_type=PDF, at=turn.at)


def _sign(turn: _Turn) -> None:
    leader = turn.common(turn.story.dossier().signing_office_id, Role.LEADER)
    mark_read(**{**leader, "at": turn.at - _READING})
    sign(**leader)


def _issue(turn: _Turn) -> None:
    issue(**turn.common(turn.story.dossier().signing_office_id, Role.SEAL_CLERK))


def _hand_over(turn: _Turn) -> None:
    hand_over(**turn.common(turn.office().pk, Role.COUNTER_CLERK), to=turn.applicant.party.name)


def _fetch(turn: _Turn) -> None:
    fetch_result(**turn.own())


_DO: Mapping[str, Callable[[_Turn], None]] = {
    "submit": _submit,
    "accept": _accept,
    "ask_for_papers": _ask_for_papers,
    "refuse": _refuse,
    "withdraw": _withdraw,
    "forward": _forward,
    "ask_opinion": _ask_opinion,
    "answer_opinion": _answer_opinion,
    "propose": _propose,
    "sign": _sign,
    "issue": _issue,
    "hand_over": _hand_over,
    "fetch": _fetch,
}


def _keep_draft(plan: Mapping[str, Any], people: Mapping[str, Applicant], until: dt.datetime) -> None:
    """Leave one form half filled in, as somebody left it the evening before."""
    told = plan["draft"]
    applicant = people[told["of"]]
    began, saved = (_moment(told[key], plan["year"]) for key in ("began", "saved"))
    if applicant.actor is None or saved > until:
        return
    version = catalogue.current(told["code"], began.date())
    office = Office.objects.on(began.date()).get(name=told["office"])
    pages = version.form.schema["x-pages"]
    done = itertools.takewhile(lambda page: page["key"] != told["page"], pages)
    known = _answers(plan, told, applicant)
    answers = {key: known[key] for page in done for key in page["fields"] if key in known}
    draft = start_draft(by=applicant.actor, at=began, version=version, office=office)
    save_draft(
        by=applicant.actor,
        at=saved,
        token=draft.token,
        typed=told["typed"],
        answers=answers,
        page=told["page"],
    )
