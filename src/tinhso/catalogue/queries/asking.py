"""What every service online asks of people: pages, boxes and papers, as its form and its sheet declare them.

Forms that are equal word for word are read once: most services share the general form.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django import forms
from django.db import connection

from tinhso.catalogue.models import FormVersion, ProcedureVersion, RequiredPaper, ResultKind
from tinhso.catalogue.queries.boxes import boxes, scatter
from tinhso.catalogue.queries.online import OnlineService, online_services
from tinhso.catalogue.queries.reading import prefilled
from tinhso.catalogue.rules import DEFAULT_FORM, PAPERS_UNKNOWN, Data, columns, is_blank, ui
from tinhso.directory.api import reference_stamp

#: One row of a question with rows is counted: how many a person has, only the person knows.
_ROWS: Final = 1
_SAME_FORMS: Final = (
    "select version_id, key, md5(schema::text) from catalogue_formversion"
    " where version_id = any(%s) and effective_from <= %s and (effective_to is null or effective_to >= %s)"
)


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a form and its boxes: all, those that must be filled, those filled in from an account.

    ``source``: what of a person answers it, as the form declares (``x-ui.person``); blank: not declared.
    ``kinds``: its kind, of rows those of its columns. ``is_for_all``: no condition stands before it.
    """

    page: str
    key: str
    title: str
    source: str
    kinds: tuple[str, ...]
    pattern: str
    boxes: int
    required: int
    filled: int
    is_for_all: bool


@dataclass(frozen=True, slots=True)
class AskedForm:
    """The questions of a form and its pages: all of them, and those that everybody goes through."""

    is_general: bool
    questions: tuple[AskedQuestion, ...]
    pages: int
    pages_for_all: int


@dataclass(frozen=True, slots=True)
class AskedPaper:
    """A paper of a sheet. ``kind``: hand_in, show or state_has; ``why`` it is not to be handed in."""

    key: str
    name: str
    kind: str
    why: str
    is_upload: bool
    is_required: bool
    is_for_all: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """What one service online asks on a day. ``form`` None: no form is in force. ``result``: what it gives.

    ``papers`` None: no source names them.
    """

    service: OnlineService
    form: AskedForm | None
    papers: tuple[AskedPaper, ...] | None
    result: str
    result_is_general: bool


def asking_on(on: dt.date, known: Mapping[str, Any]) -> tuple[Asking, ...]:
    """Return what each service online on a day asks, by code. ``known``: a person's answers by source (``prefilled``)."""
    return _asking_on(reference_stamp(), on, json.dumps(known, sort_keys=True))


@lru_cache(maxsize=2)
def _asking_on(_stamp: dt.datetime, on: dt.date, known: str) -> tuple[Asking, ...]:
    services = {service.code: service for service in online_services(on)}
    versions = dict(
        ProcedureVersion.objects.on(on)
        .filter(procedure__code__in=services)
        .order_by("procedure__code")
        .values_list("pk", "procedure__code")
    )
    asked_forms = _forms(list(versions), on, json.loads(known))
    papers = _papers(list(versions))
    results = {
        pk: (name, template)
        for pk, name, template in ResultKind.objects.filter(version_id__in=versions).values_list(
            "version_id", "name", "template_key"
        )
    }
    return tuple(
        Asking(
            services[code],
            asked_forms.get(pk),
            _known(papers.get(pk, ())),
            results.get(pk, ("", ""))[0],
            results.get(pk, ("", DEFAULT_FORM))[1] == DEFAULT_FORM,
        )
        for pk, code in versions.items()
    )


def asked_form(schema: Data, known: Mapping[str, Any], *, is_general: bool = False) -> AskedForm:
    """Return what a form asks; a page without a question and a hidden question are left out."""
    filled = prefilled(schema, known)
    questions: list[AskedQuestion] = []
    for page in schema["x-pages"]:
        for key in page["fields"]:
            spec = schema["properties"][key]
            if not ui(spec).get("hidden"):
                is_for_all = not page.get("showIf") and not ui(spec).get("showIf")
                questions.append(_question(page["key"], key, spec, filled.get(key), is_for_all=is_for_all))
    pages = {one.page for one in questions}
    return AskedForm(
        is_general, tuple(questions), len(pages), len({one.page for one in questions if one.is_for_all})
    )


def _question(page: str, key: str, spec: Data, answer: Any, *, is_for_all: bool) -> AskedQuestion:
    names = {
        name
        for name, field in boxes(key, spec, needed=False, rows=_ROWS).items()
        if not isinstance(field.widget, forms.HiddenInput)
    }
    filled = {name for name, value in scatter(key, spec, answer).items() if not is_blank(value)} & names
    kind = ui(spec)["kind"]
    kinds = tuple(ui(one)["kind"] for one in columns(spec).values()) if kind == "rows" else (kind,)
    needed = ui(spec).get("need", "required") == "required"
    return AskedQuestion(
        page=page,
        key=key,
        title=spec["title"],
        source=ui(spec).get("person", ""),
        kinds=kinds,
        pattern=spec.get("pattern", ""),
        boxes=len(names),
        required=len(_required(key, spec) & names) if needed else 0,
        filled=len(filled),
        is_for_all=is_for_all,
    )


def _required(name: str, spec: Data) -> set[str]:
    """Return the boxes that must be filled once a question must be answered."""
    hints = ui(spec)
    kind = hints["kind"]
    if kind == "identity":
        parts = ("kind", "number", "issued_on", "issued_by")
        return {f"{name}__{part}" for part in parts if part not in hints.get("optionalParts", ())}
    if kind == "address":
        return {f"{name}__area"} | ({f"{name}__detail"} if hints.get("detail") == "required" else set())
    if kind == "rows":
        return {
            box
            for column, inner in columns(spec).items()
            if ui(inner).get("need", "required") == "required"
            for box in _required(f"{name}__0__{column}", inner)
        }
    return {name}


def _forms(versions: Sequence[int], on: dt.date, known: Mapping[str, Any]) -> dict[int, AskedForm]:
    with connection.cursor() as cursor:
        cursor.execute(_SAME_FORMS, [list(versions), on, on])
        rows: list[tuple[int, str, str]] = cursor.fetchall()
    one_of = {same: version for version, _key, same in rows}
    schemas = dict(
        FormVersion.objects.filter(version_id__in=one_of.values()).values_list("version_id", "schema")
    )
    read: dict[tuple[str, str], AskedForm] = {}
    for _version, key, same in rows:
        if (key, same) not in read:
            read[key, same] = asked_form(schemas[one_of[same]], known, is_general=key == DEFAULT_FORM)
    return {version: read[key, same] for version, key, same in rows}


def _known(papers: Sequence[AskedPaper]) -> tuple[AskedPaper, ...] | None:
    return None if [paper.key for paper in papers] == [PAPERS_UNKNOWN] else tuple(papers)


def _papers(versions: Sequence[int]) -> dict[int, list[AskedPaper]]:
    found: dict[int, list[AskedPaper]] = defaultdict(list)
    rows = (
        RequiredPaper.objects.filter(version_id__in=versions)
        .order_by("version_id", "order")
        .values_list("version_id", "key", "name", "kind", "why", "is_upload", "is_required", "when")
    )
    for version, key, name, kind, why, is_upload, is_required, when in rows:
        found[version].append(AskedPaper(key, name, kind, why, is_upload, is_required, not when))
    return found
