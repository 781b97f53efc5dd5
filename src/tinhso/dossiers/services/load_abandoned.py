"""Load the drafts of the demo's past: those behind the online dossiers of the history, and those given up on the way.

All belong to invented people without an account, so no page of the cast changes. Loaded by COPY, from a fixed seed.
Answers are left out, as in the history: only how far a draft came and when it was saved. A procedure that is not
filed on line has no draft.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from random import Random
from typing import Any, Final

from django.db import transaction

from tinhso.catalogue.api import ProcedureVersion, can_file_online
from tinhso.directory.api import Person
from tinhso.dossiers.models import Dossier, Draft
from tinhso.dossiers.queries.draft_steps import CHECK, PAPERS, question_pages
from tinhso.toolkit.clock import VN
from tinhso.toolkit.copy_rows import copy_models, next_ids
from tinhso.toolkit.text import fold, sort_key

SEED: Final = 20220102
#: Words before the number in a token, so that anybody sees where the draft comes from.
TOKEN: Final = "trinh-dien-"  # noqa: S105 - opens nothing: a draft is its owner's alone
_OPEN_HOURS: Final = (6, 23)


@transaction.atomic
def load_abandoned(*, until: dt.datetime) -> int:
    """Load the drafts up to a moment, once, after the history; return how many, 0 where there are some already."""
    if Draft.objects.filter(token__startswith=TOKEN).exists():
        return 0
    plan = json.loads(files("tinhso.dossiers").joinpath("data/abandoned.json").read_text(encoding="utf-8"))
    rng = Random(SEED)  # noqa: S311 - repeatable on purpose, guards nothing
    versions = {
        version.procedure.code: version
        for version in ProcedureVersion.objects.on(until.date())
        .filter(procedure__code__in=plan["procedures"])
        .select_related("procedure", "form")
        .order_by("pk")
        if can_file_online(version, until.date())
    }
    if not versions:
        return 0
    drafts = [*_sent(rng, plan, versions), *_given_up(rng, plan, versions, until)]
    people = _people(rng, plan, len(drafts))
    for n, (draft, person) in enumerate(zip(drafts, people, strict=True), 1):
        draft.token, draft.person_id = f"{TOKEN}{n:011}", person
    copy_models(drafts)
    return len(drafts)


def _sent(rng: Random, plan: Mapping[str, Any], versions: Mapping[str, ProcedureVersion]) -> Iterator[Draft]:
    """Yield the draft that each online dossier of an invented person was sent from."""
    rows = Dossier.objects.filter(
        channel="online", draft=None, procedure_code__in=versions, owner_person=None, submitter_person=None
    )
    for dossier in rows.only("submitted_at", "version_id", "receiving_office_id").order_by("pk"):
        saved = dossier.submitted_at - dt.timedelta(seconds=rng.randint(20, 240))
        yield Draft(
            version_id=dossier.version_id,
            office_id=dossier.receiving_office_id,
            page=CHECK,
            furthest=CHECK,
            revision=rng.randint(6, 20),
            created_at=saved - dt.timedelta(minutes=rng.randint(*plan["minutes"]["check"])),
            saved_at=saved,
            dossier_id=dossier.pk,
        )


def _given_up(
    rng: Random, plan: Mapping[str, Any], versions: Mapping[str, ProcedureVersion], until: dt.datetime
) -> Iterator[Draft]:
    """Yield drafts that nobody sent, spread over the procedures, their steps and the days of the past."""
    told = {code: said for code, said in plan["procedures"].items() if code in versions}
    places = {
        code: list(
            Dossier.objects.filter(procedure_code=code)
            .order_by("receiving_office_id")
            .values_list("receiving_office_id", flat=True)
            .distinct()
        )
        for code in told
    }
    first = dt.datetime.combine(dt.date.fromisoformat(plan["first_day"]), dt.time(), VN)
    days = max(1, (until - first).days)
    for code in rng.choices(list(told), [said["share"] for said in told.values()], k=plan["drafts"]):
        stops = told[code]["stops"]
        step = rng.choices(list(stops), list(stops.values()))[0]
        began = first + dt.timedelta(
            days=rng.randrange(days), hours=rng.randint(*_OPEN_HOURS), minutes=rng.randrange(60)
        )
        spent = rng.randint(*plan["minutes"][step])
        draft = _stopped(rng, step, question_pages(versions[code]))
        draft.version, draft.created_at = versions[code], min(began, until - dt.timedelta(hours=2))
        draft.saved_at = draft.created_at + (
            dt.timedelta(minutes=spent) if draft.revision > 1 else dt.timedelta()
        )
        if draft.furthest and places[code]:
            draft.office_id = rng.choice(places[code])
        yield draft


def _stopped(rng: Random, step: str, questions: tuple[str, ...]) -> Draft:
    """Return a draft that came to a step and no further; one in eight had gone back to an earlier page."""
    if step == "office":
        return Draft(page="", furthest="", revision=1)
    furthest = {"papers": PAPERS, "check": CHECK}.get(step) or rng.choice(questions)
    went_back = step != "questions" and rng.random() < 1 / 8
    return Draft(
        page=rng.choice(questions) if went_back else furthest, furthest=furthest, revision=rng.randint(2, 14)
    )


def _people(rng: Random, plan: Mapping[str, Any], n: int) -> list[int]:
    """Make an invented person for each draft and return their numbers."""
    people = []
    taken = next_ids("directory_person", n)
    for place, pk in enumerate(taken, 1):
        name = f"{rng.choice(plan['people'])} {place}"
        people.append(Person(pk=pk, name=name, folded=fold(name), sort_key=sort_key(name)))
    Person.objects.bulk_create(people)
    return taken
