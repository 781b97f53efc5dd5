"""What the dossiers hold of a person, for that person: to read on a page, and to take away as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tinhso.catalogue.api import version_of
from tinhso.directory.api import Actor
from tinhso.documents.api import StoredFile
from tinhso.dossiers.lifecycle import State
from tinhso.dossiers.models import Dossier, Draft, Paper, Result, Slip
from tinhso.dossiers.permissions import DRAFTS, POLICY, May, MayDraft
from tinhso.dossiers.queries import STATE_WORDS, VERB_WORDS, shown_answers, tracked
from tinhso.toolkit.clock import VN


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A paper, a slip or a result with its content; ``path`` is where it lies in the file to take away."""

    name: str
    path: str
    file: StoredFile


@dataclass(frozen=True, slots=True)
class OwnDossier:
    """Everything that is held of one dossier of a person, in words; ``is_mine``: owned, not only sent for another."""

    code: str
    number: str
    procedure: str
    office: str
    state: str
    is_mine: bool
    submitted_at: dt.datetime
    ended_at: dt.datetime | None
    facts: tuple[tuple[str, str], ...]
    answers: tuple[tuple[str, str], ...]
    raw_answers: dict[str, Any] = field(default_factory=dict)
    #: Moment, what, office; which officer it was is told by the log of looks and the papers.
    steps: tuple[tuple[dt.datetime, str, str], ...] = ()
    files: tuple[OwnFile, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnDraft:
    """A draft that was not sent: what was typed so far."""

    procedure: str
    saved_at: dt.datetime
    answers: dict[str, Any]
    typed: dict[str, Any]
    files: tuple[OwnFile, ...]


def own_dossiers(by: Actor) -> list[OwnDossier]:
    """Return the dossiers that the actor owns or sent, newest first; papers and answers only of those one owns."""
    rows = (
        POLICY.rows(by, May.SUPPLY)
        .select_related("version__procedure", "receiving_office", "result__file")
        .prefetch_related("steps__by_office", "papers__file", "slips__file")
        .order_by("-submitted_at", "-id")
    )
    return [_dossier(one, one.owner_person_id == by.person_id) for one in rows]


def own_drafts(by: Actor) -> list[OwnDraft]:
    """Return the drafts that the actor has not sent."""
    rows = (
        DRAFTS.rows(by, MayDraft.WRITE).select_related("version__procedure").prefetch_related("files__file")
    )
    return [_draft(one, n) for n, one in enumerate(rows.order_by("-saved_at", "-id"), start=1)]


def own_numbers(by: Actor) -> dict[str, str]:
    """Return how the actor's dossiers are called, by ``dossier:<id>``: to name them in the log of looks."""
    return {one.about: str(one) for one in POLICY.rows(by, May.SUPPLY)}


def dossier_about(text: str) -> str:
    """Return how a hold names the dossier with a number or tracking code, or blank: there is none."""
    found = tracked(text) or Dossier.objects.filter(number=text.strip()).first()
    return found.about if found else ""


def dossiers_in_words(abouts: Iterable[str]) -> dict[str, str]:
    """Return the number, or else the code, of each ``dossier:<id>``; never a name."""
    numbers = [int(about.partition(":")[2]) for about in abouts if about.startswith("dossier:")]
    return {one.about: str(one) for one in Dossier.objects.filter(pk__in=numbers)}


def _dossier(dossier: Dossier, is_mine: bool) -> OwnDossier:
    version = version_of(dossier.version_id)
    day = dossier.submitted_at.astimezone(VN).date()
    names = {wanted.key: wanted.name for wanted in version.papers.all()}
    facts = [
        ("Chủ hồ sơ", dossier.owner_name),
        ("Số giấy tờ", dossier.owner_identity if is_mine else ""),
        ("Điện thoại", dossier.owner_phone if is_mine else ""),
        ("Nơi ở", dossier.owner_address if is_mine else ""),
        ("Người nộp", dossier.submitter_name),
        ("Nội dung", dossier.summary if is_mine else ""),
    ]
    return OwnDossier(
        code=dossier.tracking_code,
        number=str(dossier),
        procedure=version.procedure.everyday_name,
        office=dossier.receiving_office.name,
        state=STATE_WORDS[State(dossier.state)],
        is_mine=is_mine,
        submitted_at=dossier.submitted_at,
        ended_at=dossier.ended_at,
        facts=tuple((term, value) for term, value in facts if value),
        answers=tuple(shown_answers(version, dossier.answers, day)) if is_mine else (),
        raw_answers=dossier.answers if is_mine else {},
        steps=tuple(
            (step.at, VERB_WORDS[step.verb], step.by_office.name if step.by_office else "")
            for step in sorted(dossier.steps.all(), key=lambda one: one.pk)
        ),
        files=tuple(_files(dossier, names)) if is_mine else (),
    )


def _files(dossier: Dossier, names: dict[str, str]) -> Iterable[OwnFile]:
    folder = f"ho-so/{dossier.tracking_code}"
    papers: list[Paper] = sorted(dossier.papers.all(), key=lambda one: one.pk)
    for n, paper in enumerate(papers, start=1):
        yield OwnFile(names.get(paper.paper_key, paper.name), f"{folder}/giay-{n:02}.pdf", paper.file)
    slips: list[Slip] = sorted(dossier.slips.all(), key=lambda one: one.pk)
    for n, slip in enumerate(slips, start=1):
        if slip.file is not None:
            yield OwnFile(f"Phiếu mẫu {slip.form}", f"{folder}/phieu-{n:02}.pdf", slip.file)
    result: Result | None = getattr(dossier, "result", None)
    if result is not None and result.issued_at is not None and result.file is not None:
        yield OwnFile(f"Kết quả số {result.number}", f"{folder}/ket-qua.pdf", result.file)


def _draft(draft: Draft, number: int) -> OwnDraft:
    return OwnDraft(
        procedure=draft.version.procedure.everyday_name,
        saved_at=draft.saved_at,
        answers=draft.answers,
        typed=draft.typed,
        files=tuple(
            OwnFile(one.name, f"ban-nhap/{number}/tep-{n:02}.pdf", one.file)
            for n, one in enumerate(draft.files.all(), start=1)
        ),
    )
