"""Check a whole set of answers before it is submitted."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs
from django.http import QueryDict
from django.utils.translation import gettext as _

from tinhso.catalogue.queries.boxes import Commune, scatter
from tinhso.catalogue.queries.forms import HasSchema, form_class
from tinhso.catalogue.rules import Answers, Data, asked, at_path, is_blank, is_needed, relevant


@dataclass(frozen=True, slots=True)
class Found:
    """A problem with the whole set of answers, and the page on which it is put right."""

    page: str
    path: str
    text: str
    is_warning: bool


def check_answers(
    form: HasSchema,
    answers: Answers,
    today: dt.date,
    *,
    communes: Sequence[Commune] | None = None,
    area: frozenset[str] | None = None,
) -> list[Found]:
    """Return everything that is wrong with a whole set of answers, in the form's order; warnings let it through.

    Every box is read again as if just typed, then the cross-checks, then JSON Schema as the last gate.
    """
    said = relevant(form.schema, answers, today)
    whole = form_class(form)
    data = {
        n: v
        for key, value in said.items()
        for n, v in scatter(key, form.schema["properties"][key], value).items()
    }
    checked = whole(as_posted(data), answers=said, today=today, communes=communes, area=area)
    page_of = {key: page["key"] for page in form.schema["x-pages"] for key in page["fields"]}

    def found(name: str, text: str, *, is_warning: bool = False) -> Found:
        key = name.split("__")[0].split(".")[0]
        return Found(page_of.get(key, ""), name.replace("__", "."), text, is_warning)

    problems = [found(name, str(text)) for name, texts in checked.errors.items() for text in texts]
    if not problems:
        problems = [found(path, text) for path, text in _schema_problems(form.schema, said, today)]
    return problems + [found(w.path, w.text, is_warning=True) for w in checked.warnings]


def as_posted(values: Mapping[str, Any]) -> QueryDict:
    """Return stored answers as a browser would post them."""
    posted = QueryDict(mutable=True)
    for name, value in values.items():
        if value is True:
            posted[name] = "co"
        elif value is False:
            posted[name] = "khong"
        elif isinstance(value, float):
            posted[name] = repr(value).replace(".", ",")
        elif value is not None:
            posted[name] = str(value)
    return posted


def _schema_problems(schema: Data, answers: Answers, today: dt.date) -> list[tuple[str, str]]:
    """Return where the answers break the JSON Schema of the questions that are asked of them."""
    fields = asked(schema, answers, today)
    needed = tuple(key for key, spec in fields.items() if is_needed(spec, answers, today))
    gate = _gate(json.dumps({key: fields[key] for key in fields}), needed)
    found = []
    for error in gate.iter_errors(dict(answers)):
        path = ".".join(str(part) for part in error.instance_path)
        key = path.split(".")[0] or next((k for k in needed if is_blank(at_path(answers, k))), "")
        title = fields[key]["title"] if key in fields else ""
        found.append((path or key, _("Hãy xem lại mục “%(title)s”.") % {"title": title}))
    return found


@lru_cache(maxsize=256)
def _gate(fields: str, needed: tuple[str, ...]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": json.loads(fields),
            "required": list(needed),
            "additionalProperties": False,
        },
        validate_formats=True,
    )
