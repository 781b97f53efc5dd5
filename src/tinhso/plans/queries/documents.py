"""The data files of this module, each read once."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def document(name: str) -> dict[str, Any]:
    """Return ``data/<name>.json``: whoever reads it does not change it."""
    found: dict[str, Any] = json.loads(
        files("tinhso.plans").joinpath(f"data/{name}.json").read_text(encoding="utf-8")
    )
    return found


def labels(name: str) -> dict[str, str]:
    """Return key → Vietnamese label of a list file (``groups``, ``sources``, ``tags``, ``skills``), in its order."""
    return {one["key"]: one["label"] for one in document(name)["items"]}
