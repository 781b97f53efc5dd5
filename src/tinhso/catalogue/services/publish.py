"""Publish a version of a procedure from its sheet."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from django.db import transaction

from tinhso.catalogue.events import ProcedurePublished
from tinhso.catalogue.models import (
    Case,
    ChannelTerm,
    Defect,
    Field,
    FormVersion,
    LegalBasis,
    Procedure,
    ProcedureVersion,
    ProcessStep,
    RequiredPaper,
    ResultKind,
    ServiceLevel,
)
from tinhso.catalogue.rules import ui
from tinhso.journal.api import HasRef, announce
from tinhso.toolkit.text import fold

SHEETS = Path(__file__).parents[1] / "data"

Sheet = Mapping[str, Any]


class SheetNotPublishable(ValueError):
    """The sheet does not have the shape of ``data/sheet.schema.json``; the message says where."""


class VersionNotLater(ValueError):
    """A published version already begins on that day or later."""


@lru_cache(maxsize=1)
def _shape() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        json.loads((SHEETS / "sheet.schema.json").read_text("utf-8")), validate_formats=True
    )


def hash_of(sheet: Sheet) -> str:
    """Return the SHA-256 of a sheet, whatever the order of its keys."""
    text = json.dumps(sheet, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def publish(sheet: Sheet, *, by: HasRef, at: dt.datetime) -> ProcedureVersion:
    """Write and publish the next version of a procedure; the version before ends on the day before it begins.

    The steps: 1. shape of the sheet, 2. identity, 3. end of the version before, 4. all parts, 5. seal by
    ``published_at`` (from here on the database refuses changes), 6. announce. Raises ``SheetNotPublishable`` and
    ``VersionNotLater``.
    """
    wrong = next(iter(_shape().iter_errors(dict(sheet))), None)
    if wrong is not None:
        where = "/".join(str(part) for part in wrong.instance_path)
        msg = f"{where}: {wrong.message}"
        raise SheetNotPublishable(msg)
    starts = dt.date.fromisoformat(sheet["effective_from"])
    procedure = _identity(sheet)
    before = (
        ProcedureVersion.objects.select_for_update().filter(procedure=procedure).order_by("-number").first()
    )
    if before is not None:
        if before.effective_from >= starts:
            raise VersionNotLater(sheet["code"])
        if before.effective_to is None:
            before.effective_to = starts - dt.timedelta(days=1)
            before.save(update_fields=["effective_to"])
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=before.number + 1 if before else 1,
        effective_from=starts,
        content_hash=hash_of(sheet),
        levels=sheet["levels"],
        handling=sheet["handling"],
        can_file_online=sheet["can_file_online"],
        texts={**sheet["texts"], "office_question": sheet["office_question"]},
    )
    _cases(version, sheet)
    _parts(version, sheet)
    version.published_at = at
    version.save(update_fields=["published_at"])
    announce(
        ProcedurePublished(procedure.code, version.number, starts, version.content_hash),
        about=f"procedure:{procedure.code}",
        by=by,
        at=at,
    )
    return version


def _identity(sheet: Sheet) -> Procedure:
    """Keep who the procedure is; names and synonyms may change without a new version."""
    field, _ = Field.objects.get_or_create(name=sheet["field"])
    names = [sheet["everyday_name"], *sheet["synonyms"], sheet["legal_name"], sheet["code"]]
    procedure, _ = Procedure.objects.update_or_create(
        code=sheet["code"],
        defaults={
            "field": field,
            "everyday_name": sheet["everyday_name"],
            "legal_name": sheet["legal_name"],
            "synonyms": sheet["synonyms"],
            "folded": " | ".join(fold(name) for name in names),
            "responsible": sheet["responsible"],
            "code_note": sheet["code_note"],
            "code_is_unverified": sheet["code_unverified"],
        },
    )
    for level in sheet["service_levels"]:
        ServiceLevel.objects.update_or_create(
            procedure=procedure,
            valid_from=dt.date.fromisoformat(level["from"]),
            defaults={
                "level": level["level"],
                "valid_to": level["to"] and dt.date.fromisoformat(level["to"]),
                "basis": level["basis"],
                "is_illustrative": level["illustrative"],
            },
        )
    return procedure


def _cases(version: ProcedureVersion, sheet: Sheet) -> None:
    for order, said in enumerate(sheet["cases"], 1):
        case = Case.objects.create(
            version=version,
            order=order,
            key=said["key"],
            name=said["name"],
            when_text=said["when_text"],
            when=said["when"],
            is_chosen_by_officer=said["chosen_by_officer"],
        )
        ChannelTerm.objects.bulk_create(_term(case, term) for term in said["terms"])
        ProcessStep.objects.bulk_create(
            ProcessStep(
                case=case,
                order=place,
                key=step["key"],
                name=step["name"],
                public_name=step["public_name"],
                desk=step["desk"],
                role=step["role"],
                office=step["office"],
                hours=Decimal(step["hours"]),
                is_parallel=step["parallel"],
                signs=step["signs"],
                is_illustrative=step["illustrative"],
            )
            for place, step in enumerate(said["steps"], 1)
        )


def _term(case: Case, term: Sheet) -> ChannelTerm:
    return ChannelTerm(
        case=case,
        channel=term["channel"],
        limit_value=Decimal(term["limit"]["value"]),
        limit_unit=term["limit"]["unit"],
        limit_basis=term["limit"]["basis"],
        fee_vnd=term["fee"]["vnd"],
        fee_text=term["fee"]["text"],
        fee_basis=term["fee"]["basis"],
        fee_rules=term["fee"]["rules"],
        is_illustrative=term["illustrative"],
        is_unverified=term["unverified"],
    )


def _parts(version: ProcedureVersion, sheet: Sheet) -> None:
    RequiredPaper.objects.bulk_create(
        RequiredPaper(
            version=version,
            order=order,
            is_required=said["required"],
            is_upload=said["upload"],
            is_unverified=said["unverified"],
            **{
                name: said[name]
                for name in (
                    "key",
                    "name",
                    "hint",
                    "kind",
                    "originals",
                    "copies",
                    "when",
                    "when_text",
                    "max_files",
                    "sample_form",
                    "why",
                )
            },
        )
        for order, said in enumerate(sheet["papers"], 1)
    )
    LegalBasis.objects.bulk_create(
        LegalBasis(
            version=version,
            order=order,
            number=said["number"],
            name=said["name"],
            effective_from=said["effective_from"],
            effective_to=said["effective_to"],
            is_later=said["later"],
            is_unverified=said["unverified"],
        )
        for order, said in enumerate(sheet["legal"], 1)
    )
    Defect.objects.bulk_create(
        Defect(
            version=version,
            order=order,
            code=said["code"],
            text=said["text"],
            kind=said["kind"],
            basis=said["basis"],
            is_unverified=said["unverified"],
        )
        for order, said in enumerate(sheet["defects"], 1)
    )
    form, result = dict(sheet["form"]), dict(sheet["result"])
    form["schema"], result["schema"] = _in_order(form["schema"]), _in_order(result["schema"])
    FormVersion.objects.create(version=version, is_unverified=form.pop("unverified"), **form)
    ResultKind.objects.create(version=version, is_unverified=result.pop("unverified"), **result)


def _in_order(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with the order of the questions inside rows written down: jsonb does not keep it."""
    ordered = copy.deepcopy(schema)
    for spec in ordered["properties"].values():
        if ui(spec)["kind"] == "rows":
            spec["items"]["x-order"] = list(spec["items"]["properties"])
    return ordered
