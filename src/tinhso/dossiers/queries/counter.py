"""What a counter receives, and what its clerk noted of the people and papers at the desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext_lazy

from tinhso.catalogue.api import ProcedureVersion
from tinhso.directory.api import Actor, Office, OfficeKind, Person, Role, office_of
from tinhso.dossiers.models import Dossier, SentOnce
from tinhso.dossiers.queries import NoSuchOffice, level_of, route
from tinhso.toolkit.prepared import first_row
from tinhso.toolkit.text import fold


def receives(version: ProcedureVersion, office: Office, on: dt.date) -> bool:
    """Say whether people file a procedure at an office; of the departments only the responsible one receives."""
    if level_of(office) not in version.levels:
        return False
    if office.kind == OfficeKind.DEPARTMENT and fold(office.name) != fold(version.procedure.responsible):
        return False
    try:
        route(version, office, on)
    except NoSuchOffice:
        return False
    return True


def counter_offices(by: Actor) -> list[Office]:
    """Return the offices at whose counter the actor receives today, in alphabetical order."""
    return sorted(
        (office_of(pk) for pk in by.offices(Role.COUNTER_CLERK)),
        key=lambda office: (office.sort_key, office.pk),
    )


def taken_in_at(office: Office, on: dt.date) -> list[ProcedureVersion]:
    """Return the procedures that a clerk takes in at the office's counter: most asked for there first, then by name."""
    rows = ProcedureVersion.objects.on(on).filter(
        levels__contains=[level_of(office)], form__isnull=False, cases__terms__channel="counter"
    )
    found = rows.select_related("procedure__field").defer("texts").distinct()
    asked = Dossier.objects.filter(receiving_office=office).values("procedure_code").annotate(n=Count("id"))
    times = dict(asked.values_list("procedure_code", "n"))
    kept = [version for version in found if receives(version, office, on)]
    return sorted(
        kept,
        key=lambda v: (-times.get(v.procedure.code, 0), fold(v.procedure.everyday_name), v.procedure.code),
    )


_KNOWN = """
select exists (select from dossiers_draft where token = %s::text),
       exists (select from dossiers_sentonce where account_id = %s::bigint and key = %s::text)
"""


def known_under(by: Actor, key: str) -> tuple[bool, bool]:
    """Say whether a draft is kept under a key, and whether the actor has sent a dossier under it."""
    row = first_row(_KNOWN, [key, by.account_id or 0, key])
    assert row is not None
    return row[0], row[1]


def sent_under(by: Actor, key: str) -> Dossier | None:
    """Return the dossier that the actor made under an idempotency key, or None."""
    rows = SentOnce.objects.filter(account_id=by.account_id or 0, key=key).select_related("dossier")
    first = rows.first()
    return first.dossier if first else None


def known_person(identity: str, name: str) -> int | None:
    """Return the person who has both this number and this name, with or without marks; None if nobody has.

    Nothing about a person is shown by it: a number alone finds nobody.
    """
    if not identity:
        return None
    rows = Person.objects.filter(identity_number=identity, folded=fold(name))
    return rows.values_list("pk", flat=True).first()


#: Where a dossier's answers hold what the clerk noted at the counter; no question is called so.
COUNTER_NOTES = "x-counter"
HOW_RECEIVED = {
    "original": gettext_lazy("Bản chính"),
    "certified": gettext_lazy("Bản sao chứng thực"),
    "copy": gettext_lazy("Bản chụp, đã so bản chính"),
    "seen": gettext_lazy("Chỉ xem bản chính, đã trả"),
}
RELATIONS = {
    "parent": gettext_lazy("Cha hoặc mẹ của chủ hồ sơ"),
    "spouse": gettext_lazy("Vợ hoặc chồng của chủ hồ sơ"),
    "child": gettext_lazy("Con của chủ hồ sơ"),
    "kin": gettext_lazy("Người thân khác của chủ hồ sơ"),
    "guardian": gettext_lazy("Người đại diện theo pháp luật"),
    "authorised": gettext_lazy("Người được ủy quyền"),
}


@dataclass(frozen=True, slots=True)
class CounterNotes:
    """What the clerk noted at the counter: the submitter's relation, the authorisation, each paper by name."""

    relation: str
    authorisation: str
    papers: tuple[tuple[str, str], ...]


def counter_notes(dossier: Dossier) -> CounterNotes | None:
    """Return what was noted when the dossier was taken in at the counter, in words; None if it came otherwise."""
    noted = dossier.answers.get(COUNTER_NOTES)
    if not isinstance(noted, dict):
        return None
    held = noted.get("papers", {})
    return CounterNotes(
        str(RELATIONS.get(noted.get("relation", ""), "")),
        noted.get("authorisation", ""),
        tuple(
            (paper.name, str(HOW_RECEIVED[held[paper.key]]))
            for paper in dossier.version.papers.all()
            if held.get(paper.key) in HOW_RECEIVED
        ),
    )
