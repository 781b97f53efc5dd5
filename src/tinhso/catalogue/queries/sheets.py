"""Read a published version back as the sheet that it was published from."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Model

from tinhso.catalogue.models import (
    PAPER_PARTS,
    Case,
    ChannelTerm,
    ProcedureVersion,
    ProcessStep,
    RequiredPaper,
)
from tinhso.catalogue.queries.catalogue import version_of

_STEP = ("key", "name", "public_name", "desk", "role", "office", "signs")
_FORM = ("key", "statutory_name", "annex", "schema")
_RESULT = (
    *("name", "template_key", "number_pattern", "number_note", "validity_text", "validity_months"),
    *("signer_title", "sealed_by", "schema"),
)


def sheet_of(version: ProcedureVersion) -> dict[str, Any]:
    """Return the sheet of a version, of the shape of ``data/sheet.schema.json``, from its tables.

    Levels of service are decisions of their own and are left out: publishing the sheet again changes none.
    """
    found = version_of(version.pk)
    procedure = found.procedure
    texts = dict(found.texts)
    question = texts.pop("office_question")
    return {
        "code": procedure.code,
        "field": procedure.field.name,
        "everyday_name": procedure.everyday_name,
        "legal_name": procedure.legal_name,
        "synonyms": list(procedure.synonyms),
        "responsible": procedure.responsible,
        "code_note": procedure.code_note,
        "code_unverified": procedure.code_is_unverified,
        "effective_from": found.effective_from.isoformat(),
        "levels": list(found.levels),
        "handling": dict(found.handling),
        "can_file_online": found.can_file_online,
        "service_levels": [],
        "office_question": question,
        "texts": texts,
        "cases": [_case(case) for case in found.cases.all()],
        "papers": [_paper(paper) for paper in found.papers.all()],
        "form": {
            **_taken(found.form, _FORM),
            "effective_from": found.form.effective_from.isoformat(),
            "effective_to": found.form.effective_to and found.form.effective_to.isoformat(),
            "unverified": found.form.is_unverified,
        },
        "result": {**_taken(found.result, _RESULT), "unverified": found.result.is_unverified},
        "legal": [
            {
                **_taken(law, ("number", "name")),
                "effective_from": law.effective_from and law.effective_from.isoformat(),
                "effective_to": law.effective_to and law.effective_to.isoformat(),
                "later": law.is_later,
                "unverified": law.is_unverified,
            }
            for law in found.legal_bases.all()
        ],
        "defects": [
            {**_taken(defect, ("code", "text", "kind", "basis")), "unverified": defect.is_unverified}
            for defect in found.defects.all()
        ],
        "facts": {
            "executing_levels": list(procedure.executing_levels or found.levels),
            "audience": list(procedure.audience),
            "is_listed": procedure.is_listed,
            "is_project_06": procedure.is_project_06,
        },
    }


def _taken(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _case(case: Case) -> dict[str, Any]:
    return {
        **_taken(case, ("key", "name", "when_text", "when")),
        "chosen_by_officer": case.is_chosen_by_officer,
        "terms": [_term(term) for term in sorted(case.terms.all(), key=lambda term: term.pk)],
        "steps": [_step(step) for step in case.steps.all()],
    }


def _term(term: ChannelTerm) -> dict[str, Any]:
    return {
        "channel": term.channel,
        "limit": {
            "value": _number(term.limit_value),
            "unit": term.limit_unit,
            "basis": term.limit_basis,
        },
        "fee": {
            "vnd": term.fee_vnd,
            "text": term.fee_text,
            "basis": term.fee_basis,
            "rules": term.fee_rules,
        },
        "illustrative": term.is_illustrative,
        "unverified": term.is_unverified,
    }


def _step(step: ProcessStep) -> dict[str, Any]:
    return {
        **_taken(step, _STEP),
        "hours": _number(step.hours),
        "parallel": step.is_parallel,
        "illustrative": step.is_illustrative,
    }


def _paper(paper: RequiredPaper) -> dict[str, Any]:
    return {
        **_taken(paper, PAPER_PARTS),
        "required": paper.is_required,
        "upload": paper.is_upload,
        "why": paper.why,
        "unverified": paper.is_unverified,
    }
