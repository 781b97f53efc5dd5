"""The data files that ship with the measures: every number, weight and threshold, with its dates and source."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def document(name: str) -> dict[str, Any]:
    """Return a data file of the measures. It is read once and shared: change nothing in it."""
    text = files("tinhso.measures").joinpath(f"data/{name}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
