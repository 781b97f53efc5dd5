"""Publish a version of a procedure from its sheet."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from django.db import transaction

from tinhso.catalogue.events import ProcedurePublished
from tinhso.catalogue.models import (
    PAPER_PARTS,
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
from tinhso.catalogue.rules import DEFAULT_FORM, ui
from tinhso.journal.api import HasRef, announce
from tinhso.toolkit.text import fold

SHEETS = Path(__file__).parents[1] / "data"

Sheet = Mapping[str, Any]
Pairs = Sequence[tuple[ProcedureVersion, Sheet]]
_BATCH = 2_000


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


def problem_of(sheet: Sheet) -> str:
    """Return where a sheet does not have the shape of ``data/sheet.schema.json``; blank where it has."""
    wrong = next(iter(_shape().iter_errors(dict(sheet))), None)
    if wrong is None:
        return ""
    where = "/".join(str(part) for part in wrong.instance_path)
    return f"{sheet.get('code', '')} {where}: {wrong.message}"


def publish(sheet: Sheet, *, by: HasRef, at: dt.datetime) -> ProcedureVersion:
    """Write and publish the next version of a procedure; the version before ends on the day before it begins.

    Raises ``SheetNotPublishable`` and ``VersionNotLater``.
    """
    return publish_all([sheet], by=by, at=at)[0]


@transaction.atomic
def publish_all(sheets: Sequence[Sheet], *, by: HasRef, at: dt.datetime) -> list[ProcedureVersion]:
    """Write and publish the next version of many procedures, or of none.

    The steps: 1. shape of the sheets, 2. identities, 3. end of the versions before, 4. all parts, 5. seal by
    ``published_at`` (from here on the database refuses changes), 6. announce. Raises ``SheetNotPublishable`` and
    ``VersionNotLater``.
    """
    for sheet in sheets:
        if problem := problem_of(sheet):
            raise SheetNotPublishable(problem)
    procedures = [_identity(sheet) for sheet in sheets]
    before = _versions_before(procedures, sheets)
    versions = ProcedureVersion.objects.bulk_create(
        ProcedureVersion(
            procedure=procedure,
            number=before.get(procedure.pk, 0) + 1,
            effective_from=dt.date.fromisoformat(sheet["effective_from"]),
            content_hash=hash_of(sheet),
            levels=sheet["levels"],
            handling=sheet["handling"],
            can_file_online=sheet["can_file_online"],
            texts={**sheet["texts"], "office_question": sheet["office_question"]},
        )
        for procedure, sheet in zip(procedures, sheets, strict=True)
    )
    pairs = list(zip(versions, sheets, strict=True))
    _cases(pairs)
    _parts(pairs)
    ProcedureVersion.objects.filter(pk__in=[version.pk for version in versions]).update(published_at=at)
    for version in versions:
        version.published_at = at
        announce(
            ProcedurePublished(
                version.procedure.code, version.number, version.effective_from, version.content_hash
            ),
            about=f"procedure:{version.procedure.code}",
            by=by,
            at=at,
        )
    return versions


def _versions_before(procedures: list[Procedure], sheets: Sequence[Sheet]) -> dict[int, int]:
    """End the last version of each procedure; return its number by procedure."""
    last: dict[int, ProcedureVersion] = {}
    known = ProcedureVersion.objects.select_for_update().filter(procedure__in=procedures).order_by("number")
    for version in known:
        last[version.procedure_id] = version
    for procedure, sheet in zip(procedures, sheets, strict=True):
        starts = dt.date.fromisoformat(sheet["effective_from"])
        before = last.get(procedure.pk)
        if before is None:
            continue
        if before.effective_from >= starts:
            raise VersionNotLater(sheet["code"])
        if before.effective_to is None:
            before.effective_to = starts - dt.timedelta(days=1)
            before.save(update_fields=["effective_to"])
    return {pk: version.number for pk, version in last.items()}


def _identity(sheet: Sheet) -> Procedure:
    """Keep who the procedure is; names and synonyms may change without a new version."""
    field, _ = Field.objects.get_or_create(name=sheet["field"])
    names = [sheet["everyday_name"], *sheet["synonyms"], sheet["legal_name"], sheet["code"]]
    facts = sheet.get("facts")
    has_default_form = sheet["form"]["key"] == DEFAULT_FORM
    procedure, _ = Procedure.objects.update_or_create(
        code=sheet["code"],
        defaults={
            "field": field,
            "everyday_name": sheet["everyday_name"],
            "legal_name": sheet["legal_name"],
            "synonyms": sheet["synonyms"],
            "folded": " | ".join(dict.fromkeys(fold(name) for name in names)),
            "responsible": sheet["responsible"],
            "code_note": sheet["code_note"],
            "code_is_unverified": sheet["code_unverified"],
            "has_default_form": has_default_form,
            **(facts or {}),
        },
    )
    for level in sheet["service_levels"]:
        ServiceLevel.objects.update_or_create(
            procedure=procedure,
            system=2011,
            valid_from=dt.date.fromisoformat(level["from"]),
            defaults={
                "level": level["level"],
                "valid_to": level["to"] and dt.date.fromisoformat(level["to"]),
                "basis": level["basis"],
                "reason": level.get("reason", ""),
                "is_illustrative": level["illustrative"],
            },
        )
    return procedure


def _cases(pairs: Pairs) -> None:
    said_of = [
        (version, order, said) for version, sheet in pairs for order, said in enumerate(sheet["cases"], 1)
    ]
    cases = Case.objects.bulk_create(
        (
            Case(
                version=version,
                order=order,
                key=said["key"],
                name=said["name"],
                when_text=said["when_text"],
                when=said["when"],
                is_chosen_by_officer=said["chosen_by_officer"],
            )
            for version, order, said in said_of
        ),
        batch_size=_BATCH,
    )
    both = [(case, said) for case, (_version, _order, said) in zip(cases, said_of, strict=True)]
    ChannelTerm.objects.bulk_create(
        (_term(case, term) for case, said in both for term in said["terms"]), batch_size=_BATCH
    )
    ProcessStep.objects.bulk_create(
        (
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
            for case, said in both
            for place, step in enumerate(said["steps"], 1)
        ),
        batch_size=_BATCH,
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


def _parts(pairs: Pairs) -> None:
    RequiredPaper.objects.bulk_create(
        (
            RequiredPaper(
                version=version,
                order=order,
                is_required=said["required"],
                is_upload=said["upload"],
                is_unverified=said["unverified"],
                **{name: said[name] for name in PAPER_PARTS},
            )
            for version, sheet in pairs
            for order, said in enumerate(sheet["papers"], 1)
        ),
        batch_size=_BATCH,
    )
    LegalBasis.objects.bulk_create(
        (
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
            for version, sheet in pairs
            for order, said in enumerate(sheet["legal"], 1)
        ),
        batch_size=_BATCH,
    )
    Defect.objects.bulk_create(
        (
            Defect(
                version=version,
                order=order,
                code=said["code"],
                text=said["text"],
                kind=said["kind"],
                basis=said["basis"],
                is_unverified=said["unverified"],
            )
            for version, sheet in pairs
            for order, said in enumerate(sheet["defects"], 1)
        ),
        batch_size=_BATCH,
    )
    FormVersion.objects.bulk_create(
        (FormVersion(version=version, **_schema_part(sheet["form"])) for version, sheet in pairs),
        batch_size=_BATCH,
    )
    ResultKind.objects.bulk_create(
        (ResultKind(version=version, **_schema_part(sheet["result"])) for version, sheet in pairs),
        batch_size=_BATCH,
    )


def _schema_part(said: Sheet) -> dict[str, Any]:
    kept = {key: value for key, value in said.items() if key not in ("schema", "unverified")}
    return {**kept, "schema": _in_order(said["schema"]), "is_unverified": said["unverified"]}


def _in_order(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with the order of the questions inside rows written down: jsonb does not keep it."""
    ordered = copy.deepcopy(schema)
    for spec in ordered["properties"].values():
        if ui(spec)["kind"] == "rows":
            spec["items"]["x-order"] = list(spec["items"]["properties"])
    return ordered
