"""What stands on the counter's one page: people, the form's questions in sections, papers, costs."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.catalogue import api as catalogue
from tinhso.design.fields import mistakes
from tinhso.directory.api import Office
from tinhso.documents.api import Upload
from tinhso.dossiers.forms import SELF, PeopleForm
from tinhso.dossiers.models import Draft, DraftFile
from tinhso.toolkit import clock
from tinhso.toolkit.text import tidy

CHANNEL = "counter"
#: Where a draft keeps what was typed beside the procedure's own questions; no question is called so.
PEOPLE, PAPERS = "x-people", "x-papers"


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person at the desk: which procedure, at which counter, under which key; what was kept so far.

    ``is_sent``: the key has made its dossier.
    """

    version: catalogue.ProcedureVersion
    office: Office
    key: str
    draft: Draft | None
    is_sent: bool = False

    @property
    def typed(self) -> dict[str, Any]:
        """Return what was typed so far."""
        return dict(self.draft.typed) if self.draft else {}

    def address(self, name: str = "intake_page") -> str:
        """Return the address of one of this sitting's pages."""
        return reverse(f"dossiers:{name}", args=[self.version.procedure.code, self.office.pk, self.key])


@dataclass(slots=True)
class Box:
    """One paper on the page: how it was received, the files kept for it, what is wrong with it."""

    paper: catalogue.RequiredPaper
    how: str
    files: list[DraftFile]
    error: str = ""
    fresh: list[Upload] = field(default_factory=list)

    @property
    def is_asked(self) -> bool:
        """Say whether the clerk notes it: what the state has, or the machine prints itself, needs no note."""
        return self.paper.kind == "show" or self.paper.is_upload


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one page of the form, drawn as one section; shaped like the form, which draws it."""

    title: str
    hint: str
    show_if: str
    questions: list[Any]
    communes: Any
    html: str = ""


@dataclass(slots=True)
class Sheet:
    """Everything that stands on the page, checked or not."""

    people: PeopleForm
    answers: catalogue.AnswersForm
    boxes: list[Box]
    notice: str = ""

    def found(self) -> list[tuple[str, str]]:
        """Return every mistake in the order of the page, as (id to jump to, sentence)."""
        bound = self.people.is_bound
        said = [("", self.notice)] if self.notice else []
        said += mistakes(self.people) + mistakes(self.answers) if bound else []
        return said + [(f"giay-{box.paper.key}", box.error) for box in self.boxes if box.error]


def sheet_of(sitting: Sitting, data: Mapping[str, Any] | None) -> Sheet:
    """Build the page from what was posted, or from what was kept where nothing was."""
    typed, version = sitting.typed, sitting.version
    area = frozenset({sitting.office.territory_code}) if sitting.office.territory_code else None
    cases = [(c.key, c.name, c.when_text) for c in version.cases.all() if c.is_chosen_by_officer]
    people = PeopleForm(data, cases=cases, initial={"who": SELF} | typed.get(PEOPLE, {}))
    answers = catalogue.form_class(version.form)(data, answers=typed, today=clock.today(), area=area)
    held = typed.get(PAPERS, {})
    files = list(sitting.draft.files.select_related("file").order_by("id")) if sitting.draft else []
    boxes = [
        Box(
            paper,
            (data.get(f"nhan-{paper.key}", "") if data is not None else held.get(paper.key, "")),
            [f for f in files if f.paper_key == paper.key],
        )
        for paper in version.papers.all()
    ]
    notice = ""
    if data is not None and data.get("ban") not in {None, str(version.pk)}:
        notice = _("Mẫu tờ khai vừa đổi. Những gì đã gõ vẫn còn, xem lại rồi gửi.")
    return Sheet(people, answers, boxes, notice)


def with_files(sitting: Sitting, sheet: Sheet) -> Sheet:
    """Return the sheet with the files that are kept by now."""
    files = list(sitting.draft.files.select_related("file").order_by("id")) if sitting.draft else []
    for box in sheet.boxes:
        box.files, box.fresh = [f for f in files if f.paper_key == box.paper.key], []
    return sheet


def owner_as_answers(said: Mapping[str, str]) -> dict[str, Any]:
    """Return what was typed about the owner, in the shape of answers."""
    number = re.sub(r"[ .\-]", "", said.get("owner_identity", "")).upper()
    kind = {12: "cccd", 9: "cmnd"}.get(len(number), "ho-chieu")
    return {
        "name": tidy(said.get("owner_name", "")),
        "phone": said.get("owner_phone", ""),
        "identity": {"kind": kind, "number": number} if number else None,
    }


def parts_of(form: catalogue.AnswersForm) -> list[Part]:
    """Return the form's questions page by page, each part drawn by the form itself."""
    by_key = {question.key: question for question in form.questions}
    found, communes = [], form.communes
    for one in form.schema["x-pages"]:
        questions = [by_key[key] for key in one["fields"] if key in by_key]
        if not questions:
            continue
        show_if = json.dumps(one["showIf"]) if one.get("showIf") else ""
        part = Part(one["title"], one.get("hint", ""), show_if, questions, communes)
        communes = ()
        html = form.render(context={"form": part})
        found.append(Part(part.title, part.hint, part.show_if, questions, (), html))
    return found


def costs_of(sitting: Sitting) -> dict[str, Any] | None:
    """Return case, limit and fee of what was kept, once nothing is missing in it any more; None before."""
    today = clock.today()
    typed = {key: value for key, value in sitting.typed.items() if key not in {PEOPLE, PAPERS}}
    checked = catalogue.check_answers(sitting.version.form, typed, today)
    if not typed or any(not one.is_warning for one in checked):
        return None
    case = case_of(sitting, typed, sitting.typed.get(PEOPLE, {}).get("case", ""))
    limit = catalogue.term(case, CHANNEL)
    return {
        "case": case,
        "limit": catalogue.limit_text(limit.limit_value, limit.limit_unit),
        "fee": catalogue.fee(case, CHANNEL, typed, today),
    }


def case_of(sitting: Sitting, answers: Mapping[str, Any], chosen: str) -> catalogue.Case:
    """Return the case that the officer chose, or else the one that the answers make."""
    cases = sitting.version.cases.all()
    by_officer = next((c for c in cases if c.is_chosen_by_officer and c.key == chosen), None)
    return by_officer or catalogue.case_of(sitting.version, answers, clock.today())
