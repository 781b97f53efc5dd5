"""Publish a version of a procedure from its sheet."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
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
from tinhso.toolkit.copy_rows import copy_models
from tinhso.toolkit.text import fold

SHEETS = Path(__file__).parents[1] / "data"

Sheet = Mapping[str, Any]
_IDENTITY = (
    *("field", "everyday_name", "legal_name", "synonyms", "folded", "responsible", "code_note"),
    *("code_is_unverified", "executing_levels", "audience", "is_listed", "is_project_06", "has_default_form"),
)
Pairs = Sequence[tuple[ProcedureVersion, Sheet]]


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
    procedures = _identities(sheets)
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


def _identities(sheets: Sequence[Sheet]) -> list[Procedure]:
    """Keep who the procedures are, in the order of the sheets; names and synonyms may change without a new version."""
    fields = {field.name: field for field in Field.objects.all()}
    for sheet in sheets:
        if sheet["field"] not in fields:
            fields[sheet["field"]] = Field.objects.create(name=sheet["field"])
    known = Procedure.objects.in_bulk([sheet["code"] for sheet in sheets], field_name="code")
    rows = [
        _named(known.get(sheet["code"]) or Procedure(code=sheet["code"]), sheet, fields) for sheet in sheets
    ]
    Procedure.objects.bulk_create([row for row in rows if row.pk is None])
    old = [row for row in rows if row.code in known]
    Procedure.objects.bulk_update(old, _IDENTITY, batch_size=100)
    _levels(zip(rows, sheets, strict=True))
    return rows


def _named(procedure: Procedure, sheet: Sheet, fields: Mapping[str, Field]) -> Procedure:
    names = [sheet["everyday_name"], *sheet["synonyms"], sheet["legal_name"], sheet["code"]]
    procedure.field = fields[sheet["field"]]
    procedure.folded = " | ".join(dict.fromkeys(fold(name) for name in names))
    procedure.code_is_unverified = sheet["code_unverified"]
    procedure.has_default_form = sheet["form"]["key"] == DEFAULT_FORM
    for name in ("everyday_name", "legal_name", "synonyms", "responsible", "code_note"):
        setattr(procedure, name, sheet[name])
    for name, value in sheet.get("facts", {}).items():
        setattr(procedure, name, value)
    return procedure


def _levels(pairs: Iterable[tuple[Procedure, Sheet]]) -> None:
    """Keep the levels that the sheets name, each by the day from which it holds; a decision of the office stays."""
    pairs = list(pairs)
    decided = set(
        ServiceLevel.objects.filter(
            procedure__in=[procedure for procedure, _sheet in pairs], decision_date__isnull=False
        ).values_list("procedure_id", flat=True)
    )
    said = [
        (procedure, level)
        for procedure, sheet in pairs
        if procedure.pk not in decided
        for level in sheet["service_levels"]
    ]
    known = {
        (level.procedure_id, level.valid_from): level
        for level in ServiceLevel.objects.filter(system=2011, procedure__in=[p for p, _level in said])
    }
    fresh = []
    for procedure, level in said:
        starts = dt.date.fromisoformat(level["from"])
        there = known.get((procedure.pk, starts))
        row = there or ServiceLevel(procedure=procedure, valid_from=starts)
        row.level = level["level"]
        row.valid_to = dt.date.fromisoformat(level["to"]) if level["to"] else None
        row.basis = level["basis"]
        row.reason = level.get("reason", "")
        row.is_illustrative = level["illustrative"]
        if there is None:
            fresh.append(row)
        else:
            row.save()
    ServiceLevel.objects.bulk_create(fresh)


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
        )
    )
    both = [(case, said) for case, (_version, _order, said) in zip(cases, said_of, strict=True)]
    copy_models((_term(case, term) for case, said in both for term in said["terms"]))
    copy_models(
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
        )
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
    copy_models(
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
        )
    )
    copy_models(
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
        )
    )
    copy_models(
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
        )
    )
    copy_models((FormVersion(version=version, **_schema_part(sheet["form"])) for version, sheet in pairs))
    copy_models((ResultKind(version=version, **_schema_part(sheet["result"])) for version, sheet in pairs))


def _schema_part(said: Sheet) -> dict[str, Any]:
    kept = {key: value for key, value in said.items() if key not in ("schema", "unverified")}
    return {**kept, "schema": _in_order(said["schema"]), "is_unverified": said["unverified"]}


def _in_order(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema with the order of the questions inside rows written down: jsonb does not keep it."""
    if not any(ui(spec)["kind"] == "rows" for spec in schema["properties"].values()):
        return schema
    ordered = copy.deepcopy(schema)
    for spec in ordered["properties"].values():
        if ui(spec)["kind"] == "rows":
            spec["items"]["x-order"] = list(spec["items"]["properties"])
    return ordered
