"""The versions of the national indices, read from the data that ships with the product."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from tinhso.measures.rules.dti import IndexSet, index_sets
from tinhso.measures.rules.index766 import Index, indices
from tinhso.measures.rules.nd61 import Criteria, criteria
from tinhso.measures.rules.observatory import Observatory, observatories


def _document(name: str) -> dict[str, Any]:
    text = files("tinhso.measures").joinpath(f"data/{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@cache
def index766(version: str = "") -> Index | None:
    """Return a version of the 766 index; without a name the usual one."""
    document = _document("index766")
    return indices(document).get(version or document["usual"])


@cache
def dti(version: str = "") -> IndexSet | None:
    """Return a version of the Digital Transformation Index; without a name the usual one."""
    document = _document("dti")
    return index_sets(document).get(version or document["usual"])


@cache
def nd61(version: str = "") -> Criteria | None:
    """Return a version of the criteria of Decree 61/2018; without a name the usual one."""
    document = _document("nd61")
    return criteria(document).get(version or document["usual"])


@cache
def observatory(version: str = "") -> Observatory | None:
    """Return a version of the rules of the French observatory; without a name the usual one."""
    document = _document("observatory")
    return observatories(document).get(version or document["usual"])
