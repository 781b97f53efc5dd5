"""Show stored answers as people read them: on the page that checks them, and on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tinhso.catalogue.queries.boxes import IDENTITY_KINDS
from tinhso.catalogue.queries.fields import measure_text
from tinhso.catalogue.queries.forms import HasSchema
from tinhso.catalogue.rules import (
    Answers,
    Data,
    asked,
    columns,
    derive,
    derived,
    is_blank,
    partial_text,
    relevant,
    ui,
)
from tinhso.toolkit.words import money, number


def shown_text(spec: Data, answer: Any) -> str:
    """Return one answer as a line of text; rows as lines."""
    kind = ui(spec)["kind"]
    if is_blank(answer):
        return ""
    if kind in ("boolean", "consent"):
        return _("Có") if answer else _("Không")
    if kind == "choice":
        return next((str(o["label"]) for o in ui(spec)["options"] if o["value"] == answer), str(answer))
    if kind in ("date", "partial_date"):
        return partial_text(answer)
    if kind == "money" and isinstance(answer, int):
        return money(answer)
    if kind == "decimal" and isinstance(answer, (int, float)):
        return f"{measure_text(answer)} {ui(spec)['unit']}"
    if kind == "integer" and isinstance(answer, int):
        unit = ui(spec).get("unit", "")
        return f"{number(answer)} {unit}".strip()
    if kind == "identity" and isinstance(answer, Mapping):
        return _identity_text(answer)
    if kind == "address" and isinstance(answer, Mapping):
        return str(answer.get("text", ""))
    if kind == "rows":
        inner = columns(spec)
        return "\n".join(
            " · ".join(
                f"{part['title']}: {text}"
                for key, part in inner.items()
                if (text := shown_text(part, row.get(key)))
            )
            for row in answer
        )
    return str(answer)


def _identity_text(answer: Data) -> str:
    """Return ``Căn cước công dân số 036… do … cấp ngày 20/11/2021``."""
    kind = str(IDENTITY_KINDS.get(answer.get("kind", ""), _("Giấy tờ")))
    text = _("%(kind)s số %(number)s") % {"kind": kind, "number": answer.get("number", "")}
    if answer.get("issued_by"):
        text += _(" do %(office)s cấp") % {"office": answer["issued_by"]}
    if answer.get("issued_on"):
        text += _(" ngày %(day)s") % {"day": partial_text(answer["issued_on"])}
    return text


@dataclass(frozen=True, slots=True)
class Said:
    """One answer on the page that checks them: where it is changed, what was asked, what was answered."""

    page: str
    key: str
    title: str
    text: str
    is_blank: bool


def summary(form: HasSchema, answers: Answers, today: dt.date) -> list[Said]:
    """Return every question that is asked, with its answer, in the form's order; commitments are left out."""
    kept = relevant(form.schema, answers, today)
    shown = asked(form.schema, kept, today)
    page_of = {key: page["key"] for page in form.schema["x-pages"] for key in page["fields"]}
    return [
        Said(page_of[key], key, spec["title"], shown_text(spec, kept.get(key)), is_blank(kept.get(key)))
        for key, spec in shown.items()
        if ui(spec)["kind"] != "consent"
    ]


def readable(schema: Data, answers: Answers) -> dict[str, Any]:
    """Return answers and derived texts as a template prints them.

    Choices become their words, days dd/mm/yyyy; an identity paper an object with ``text``, ``kind``, ``number``,
    ``issued_on`` and ``issued_by``; an address its text; rows a list of such objects. Truths stay truths.
    """
    out: dict[str, Any] = {
        key: _printed(spec, answers.get(key)) for key, spec in schema["properties"].items()
    }
    return out | derived(schema, {**answers, "shown": out})


def _printed(spec: Data, answer: Any) -> Any:
    kind = ui(spec)["kind"]
    if kind in ("boolean", "consent"):
        return answer
    if kind == "rows":
        inner = columns(spec)
        return [{key: _printed(part, row.get(key)) for key, part in inner.items()} for row in answer or ()]
    if kind == "identity":
        if is_blank(answer):
            return {"text": ""}
        return {
            part: partial_text(value) if part.endswith("_on") else value for part, value in answer.items()
        } | {
            "text": _identity_text(answer),
            "kind": str(IDENTITY_KINDS.get(answer.get("kind", ""), "")),
        }
    return shown_text(spec, answer)


def prefilled(schema: Data, person: Answers) -> dict[str, Any]:
    """Return answers known from a person: fields whose ``x-ui.person`` names a key of ``person``.

    Keys: ``name``, ``birth_date`` (ISO), ``sex`` (nam, nu), ``identity``, ``address``, ``phone``, ``email``.
    """
    return {
        key: person[source]
        for key, spec in schema["properties"].items()
        if (source := ui(spec).get("person")) and not is_blank(person.get(source))
    }


def drafted(result_schema: Data, form_schema: Data, answers: Answers) -> dict[str, Any]:
    """Return the first draft of a result: each field from the answers, as its ``x-from`` says.

    ``shown.<key>`` in a recipe is the printed form of an answer (``readable``).
    """
    shown = readable(form_schema, answers)
    known = {**answers, **derived(form_schema, {**answers, "shown": shown}), "shown": shown}
    values = {
        key: derive(spec["x-from"], known)
        for key, spec in result_schema["properties"].items()
        if "x-from" in spec
    }
    return {key: value for key, value in values.items() if not is_blank(value)}
