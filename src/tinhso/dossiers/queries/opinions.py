"""What other offices were asked about a dossier, what the internal process demands, and the history of both."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from tinhso.catalogue.api import ProcessStep
from tinhso.directory.api import Office, OfficeKind, calendar
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.queries import VERB_WORDS, find_unit
from tinhso.dossiers.queries.changes import HistoryLine, record_lines


def opinion_step(dossier: Dossier) -> ProcessStep | None:
    """Return the step of the internal process in which another office is asked, or None."""
    steps = ProcessStep.objects.filter(case__version=dossier.version_id, case__key=dossier.case_key)
    return steps.filter(desk="opinion").order_by("order").first()


def answer_by(dossier: Dossier, minutes: int, now: dt.datetime) -> dt.datetime:
    """Return when an opinion asked now is due: after so many working minutes, and before the dossier itself is."""
    usual = calendar().add_working_minutes(now, minutes)
    return min(usual, dossier.due_at) if dossier.due_at and dossier.due_at > now else usual


def office_to_ask(dossier: Dossier, step: ProcessStep, on: dt.date) -> Office | None:
    """Return the office that a step asks; None where the officer has to name it.

    A division is looked for under the receiving office, a department beside it.
    """
    if step.office.partition(":")[0] not in {OfficeKind.DIVISION, OfficeKind.DEPARTMENT}:
        return None
    here = dossier.receiving_office
    return find_unit(step.office, here, on) or find_unit(step.office, here.parent, on)


def offices_to_ask(on: dt.date) -> dict[str, Office]:
    """Return the State offices that may be asked, by the name that one picks; namesakes with their parent."""
    kinds = (
        OfficeKind.PROVINCE,
        OfficeKind.DEPARTMENT,
        OfficeKind.DISTRICT,
        OfficeKind.DIVISION,
        OfficeKind.COMMUNE,
    )
    rows = Office.objects.on(on).filter(kind__in=kinds).select_related("parent").order_by("sort_key", "id")
    found: dict[str, Office] = {}
    for office in rows:
        label = office.name
        if office.kind == OfficeKind.COMMUNE and office.parent is not None:
            label = f"{office.name}, {office.parent.name.removeprefix('Ủy ban nhân dân ')}"
        found[label] = office
    return found


def open_opinions(dossier: Dossier, on: dt.date) -> list[str]:
    """Return, before a result is proposed, a sentence for every opinion that is still missing."""
    step = opinion_step(dossier)
    expected = office_to_ask(dossier, step, on) if step else None
    asked = list(dossier.opinions.select_related("office").order_by("id"))
    said = []
    if step is not None and not asked:
        said.append(_("Quy trình có bước “%(step)s”, mà chưa hỏi cơ quan nào.") % {"step": step.name})
    for opinion in asked:
        if opinion.answered_at is not None:
            continue
        said.append(_("%(office)s chưa trả lời.") % {"office": opinion.office.name})
        if step is None or (expected is not None and expected.pk != opinion.office_id):
            said.append(_("Quy trình không đòi ý kiến của cơ quan này."))
    if step is not None and said:
        said.append(
            _("Quy trình cho hỏi song song, không bắt chờ mới được trình.")
            if step.is_parallel
            else _("Quy trình đòi có ý kiến này trước khi trình.")
        )
        if step.is_illustrative:
            said.append(_("Quy trình nội bộ này là minh họa, chưa kiểm chứng."))
    return said


def history(dossier: Dossier) -> list[HistoryLine]:
    """Return the steps of a dossier, the opinions beside them and the changes of its record, newest first."""
    lines = record_lines(dossier)
    lines += [
        HistoryLine(VERB_WORDS[s.verb], ", ".join(filter(None, (s.by_name, s.by_title))), s.at, s.note)
        for s in dossier.steps.order_by("id")
    ]
    for one in dossier.opinions.select_related("office").order_by("id"):
        name = {"office": one.office.name}
        asked = _("Hỏi ý kiến %(office)s") % name
        lines.append(HistoryLine(asked, one.asked_by_name, one.asked_at, one.question))
        if one.answered_at is not None:
            word = _("%(office)s đồng ý") if one.agrees else _("%(office)s không đồng ý")
            lines.append(HistoryLine(word % name, one.answered_by_name, one.answered_at, one.answer))
    return sorted(lines, key=lambda line: line.at)[::-1]
