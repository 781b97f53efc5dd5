"""Who may do what with targets of use and the figures of use. One table; the lists and the acts both read it."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from tinhso.directory.api import Actor, Role
from tinhso.measures.models import Declaration, DtiAssessment, DtiPeriod, Publication, UseTarget
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, any_of


class MayTarget(StrEnum):
    """Permissions on a target of use, alphabetical."""

    READ = "measures:target:read"
    REPLACE = "measures:target:replace"


#: Who promotes use: sets targets, and sees where people give up.
PROMOTERS = (Role.PROMOTER,)


def promotes(by: Actor) -> Q:
    """Every row, for whoever promotes use."""
    return EVERY_ROW if by.holds(*PROMOTERS) else NO_ROW


TARGETS: Policy[UseTarget, MayTarget, Actor] = Policy(
    UseTarget, {MayTarget.READ: promotes, MayTarget.REPLACE: promotes}
)


# The Digital Transformation Index


class MayScore(StrEnum):
    """Permissions on a period of the Digital Transformation Index and on the assessments in it, alphabetical."""

    APPRAISE = "measures:dti-assessment:appraise"
    ASK_TO_CLOSE = "measures:dti-period:ask-to-close"
    ASSESS = "measures:dti-period:assess"
    CLOSE = "measures:dti-period:close"
    HAND_BACK = "measures:dti-period:hand-back"
    READ = "measures:dti-period:read"


#: Who gives scores, and who appraises them: a person who holds both posts does not appraise an own score.
ASSESSORS, APPRAISERS = (Role.STATISTICIAN,), (Role.FIGURES_APPROVER,)
_OPEN = Q(closing_asked_at=None, closed_at=None)


def reads_scores(by: Actor) -> Q:
    """Every row, for whoever gives or appraises scores."""
    return EVERY_ROW if by.holds(*ASSESSORS, *APPRAISERS) else NO_ROW


def assesses(by: Actor) -> Q:
    """Periods that still take scores, for whoever gives them."""
    return _OPEN if by.holds(*ASSESSORS) else NO_ROW


def closes(by: Actor) -> Q:
    """Periods that another person asked to be closed, for whoever appraises."""
    asked = Q(closing_asked_at__isnull=False, closed_at=None) & ~Q(closing_asked_by__person=by.person_id)
    return asked if by.holds(*APPRAISERS) else NO_ROW


def appraises(by: Actor) -> Q:
    """Assessments of another person in a period that still takes scores, for whoever appraises."""
    others = Q(period__closing_asked_at=None, period__closed_at=None) & ~Q(assessed_by__person=by.person_id)
    return others if by.holds(*APPRAISERS) else NO_ROW


PERIODS: Policy[DtiPeriod, MayScore, Actor] = Policy(
    DtiPeriod,
    {
        MayScore.ASK_TO_CLOSE: assesses,
        MayScore.ASSESS: assesses,
        MayScore.CLOSE: closes,
        MayScore.HAND_BACK: closes,
        MayScore.READ: reads_scores,
    },
)
ASSESSMENTS: Policy[DtiAssessment, MayScore, Actor] = Policy(DtiAssessment, {MayScore.APPRAISE: appraises})


class MayPublish(StrEnum):
    """Permissions on a publication, alphabetical."""

    DISCARD = "measures:publication:discard"
    PUBLISH = "measures:publication:publish"
    READ = "measures:publication:read"
    READ_ROWS = "measures:publication:read_rows"


#: Who prepares publications and enters reported figures; who publishes; who may see the dossiers' numbers behind them.
STATISTICIANS, PUBLISHERS = (Role.STATISTICIAN,), (Role.FIGURES_APPROVER,)
ROW_READERS = (*STATISTICIANS, *PUBLISHERS, Role.INSPECTOR)
_PREPARED, _PUBLISHED = Q(published_at=None), Q(published_at__isnull=False)


def reads_publications(by: Actor) -> Q:
    """Rows that are published, for everybody; prepared ones too, for those who work on them."""
    return EVERY_ROW if by.holds(*STATISTICIANS, *PUBLISHERS) else _PUBLISHED


def reads_published_rows(by: Actor) -> Q:
    """Publications whose dossiers' numbers are shown, to those who keep figures and to inspectors."""
    return reads_publications(by) if by.holds(*ROW_READERS) else NO_ROW


def discards(by: Actor) -> Q:
    """Rows that are not published yet, for those who prepare."""
    return _PREPARED if by.holds(*STATISTICIANS) else NO_ROW


def publishes(by: Actor) -> Q:
    """Rows that another person prepared, for those who publish."""
    others = _PREPARED & ~Q(prepared_by__person=by.person_id)
    return others if by.holds(*PUBLISHERS) else NO_ROW


PUBLICATIONS: Policy[Publication, MayPublish, Actor] = Policy(
    Publication,
    {
        MayPublish.DISCARD: discards,
        MayPublish.PUBLISH: publishes,
        MayPublish.READ: reads_publications,
        MayPublish.READ_ROWS: reads_published_rows,
    },
)


# Coverage of the one-stop and of official signatures: what bodies declare


class MayDeclare(StrEnum):
    """Permissions on what a body declared, alphabetical."""

    ANSWER = "measures:declaration:answer"
    READ = "measures:declaration:read"
    REPLACE = "measures:declaration:replace"


#: Who enters what bodies declare, and who confirms it.
DECLARERS, ANSWERERS = (Role.STATISTICIAN,), (Role.FIGURES_APPROVER,)


def declares(by: Actor) -> Q:
    """Every row, for whoever enters declarations."""
    return EVERY_ROW if by.holds(*DECLARERS) else NO_ROW


def answers(by: Actor) -> Q:
    """Every row, for whoever confirms declarations."""
    return EVERY_ROW if by.holds(*ANSWERERS) else NO_ROW


def may_be_answered(by: Actor) -> Q:
    """Allow what somebody else entered and nobody answered or replaced yet, for whoever confirms declarations."""
    if not by.holds(*ANSWERERS):
        return NO_ROW
    return Q(answer=None, replaced_by=None) & ~Q(entered_by=by.account_id)


def is_confirmed(by: Actor) -> Q:
    """Allow what a second person confirmed: everybody may read it."""
    return Q(answer__outcome="confirmed")


DECLARATIONS: Policy[Declaration, MayDeclare, Actor] = Policy(
    Declaration,
    {
        MayDeclare.ANSWER: may_be_answered,
        MayDeclare.READ: any_of(declares, answers, is_confirmed),
        MayDeclare.REPLACE: declares,
    },
)


# Points of officers by Decree 61/2018

#: Who reads the points of the officers of any office.
OFFICER_POINTS_READERS = (Role.INSPECTOR,)


def offices_rated(by: Actor) -> frozenset[int] | None:
    """Return the offices whose officers' points the actor reads, None: of every office. One's own points are no secret."""
    return None if by.holds(*OFFICER_POINTS_READERS) else frozenset(by.offices(Role.LEADER))
