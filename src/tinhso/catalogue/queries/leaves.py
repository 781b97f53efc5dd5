"""Write statutory papers as HTML to be drawn as PDF: the declaration, and the draft of the result.

The result marks with links what is filled in later (``signatures.prepare``): ``tinhso:number``, ``tinhso:date`` and
``tinhso:signature``; they also carry the ids ``anchor-number``, ``anchor-date`` and ``anchor-signature``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.template.loader import render_to_string

from tinhso.catalogue.models import FormVersion, ProcedureVersion, ResultKind
from tinhso.catalogue.queries.catalogue import papers
from tinhso.catalogue.queries.reading import readable
from tinhso.catalogue.rules import DEFAULT_FORM, Answers, relevant
from tinhso.directory.api import Office


@dataclass(frozen=True, slots=True)
class Signer:
    """Who will sign: the name and the post as they stand below and above the signature."""

    name: str
    title: str

    @property
    def acts_for(self) -> str:
        """Return KT. where a deputy signs in place of the head (NĐ 30/2020/NĐ-CP, Phụ lục I)."""
        return "KT. " if self.title.startswith("Phó ") else ""


def form_html(
    version: ProcedureVersion,
    answers: Answers,
    *,
    office: Office,
    on: dt.date,
    is_demo: bool = False,
    stamp: str = "",
) -> str:
    """Return the statutory declaration filled in from the answers; an intake record where the law has no form.

    ``stamp`` stands on top of each page.
    """
    form = FormVersion.objects.get(version=version)
    kept = relevant(form.schema, answers, on)
    context = {
        "answers": readable(form.schema, kept),
        "office": office,
        "parent_office": office.parent,
        "procedure": version.procedure,
        "version": version,
        "form": form,
        "papers": [paper for paper in papers(version, kept, on) if paper.kind == "hand_in"],
        "today": on,
        "is_demo": is_demo,
        "stamp": stamp,
    }
    own = "default" if form.key == DEFAULT_FORM else version.procedure.code
    return render_to_string(f"catalogue/forms/{own}.html", context)


def result_html(
    version: ProcedureVersion,
    fields: Answers,
    answers: Answers,
    *,
    office: Office,
    signer: Signer,
    on: dt.date,
    is_demo: bool = False,
) -> str:
    """Return the draft of the result. ``fields`` are the officer's (``result_fields``), ``office`` is the one that signs."""
    kind = ResultKind.objects.get(version=version)
    form = FormVersion.objects.get(version=version)
    context = {
        "result": readable(kind.schema, relevant(kind.schema, fields, on)),
        "answers": readable(form.schema, relevant(form.schema, answers, on)),
        "office": office,
        "parent_office": office.parent,
        "signer": signer,
        "procedure": version.procedure,
        "version": version,
        "kind": kind,
        "today": on,
        "is_demo": is_demo,
    }
    return render_to_string(f"catalogue/results/{kind.template_key}.html", context)
