"""Ask another office for its opinion; the law's clock runs on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor, Office, Role
from tinhso.dossiers.events import OpinionAsked, OpinionGiven
from tinhso.dossiers.lifecycle import LIFECYCLE, State, Verb
from tinhso.dossiers.models import Opinion
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.services.keep_step import author_of
from tinhso.journal.api import announce
from tinhso.toolkit.policy import NotThere


class AlreadyAsked(Exception):
    """The office has not answered the question before."""


class AskedOneself(Exception):
    """The handling office has no need to ask itself."""


class WordsMissing(Exception):
    """A question and an answer need words."""


class NoLongerNeeded(Exception):
    """The dossier ended before the opinion came."""


@transaction.atomic
def ask_opinion(
    *,
    by: Actor,
    at: dt.datetime,
    tracking_code: str,
    office: Office,
    question: str,
    due_at: dt.datetime | None,
) -> Opinion:
    """Ask one office one question, before a result is proposed.

    Raises ``NotThere``, ``StepNotAllowed``, ``WordsMissing``, ``AskedOneself``, ``AlreadyAsked``.
    """
    dossier = POLICY.one(by, May.HANDLE, tracking_code=tracking_code)
    LIFECYCLE.after(State(dossier.state), Verb.PROPOSE)
    if not question.strip():
        raise WordsMissing
    if office.pk == dossier.handling_office_id:
        raise AskedOneself
    if dossier.opinions.filter(office=office, answered_at=None).exists():
        raise AlreadyAsked
    opinion = Opinion.objects.create(
        dossier=dossier,
        office=office,
        question=question.strip(),
        asked_by_name=author_of(by, dossier.handling_office_id, Role.SPECIALIST).name,
        asked_at=at,
        due_at=due_at,
    )
    event = OpinionAsked(dossier.pk, dossier.procedure_code, dossier.receiving_office_id, office.pk)
    announce(event, about=dossier.about, by=by, at=at)
    return opinion


@transaction.atomic
def answer_opinion(
    *, by: Actor, at: dt.datetime, tracking_code: str, opinion_id: int, agrees: bool, answer: str
) -> Opinion:
    """Answer for one's own office.

    Raises ``NotThere`` (also where it was answered before), ``WordsMissing``, ``NoLongerNeeded``.
    """
    dossier = POLICY.one(by, May.ANSWER_OPINION, tracking_code=tracking_code)
    offices = by.offices(Role.SPECIALIST, Role.LEADER)
    opinion = dossier.opinions.filter(pk=opinion_id, office__in=offices, answered_at=None).first()
    if opinion is None:
        raise NotThere
    if dossier.ended_at is not None:
        raise NoLongerNeeded
    if not answer.strip():
        raise WordsMissing
    opinion.agrees, opinion.answer = agrees, answer.strip()
    opinion.answered_by_name, opinion.answered_at = by.name, at
    opinion.save()
    event = OpinionGiven(dossier.pk, dossier.procedure_code, dossier.receiving_office_id, opinion.office_id)
    announce(event, about=dossier.about, by=by, at=at)
    return opinion
