"""The formulas that ship with the product."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from importlib.resources import files

from tinhso.measures.rules.formulas import Formula, Formulas, formulas


@cache
def every_formula() -> Formulas:
    """Return all versions of all formulas."""
    text = files("tinhso.measures").joinpath("data/formulas.json").read_text(encoding="utf-8")
    return formulas(json.loads(text))


def usual(key: str, on: dt.date) -> Formula:
    """Return the version of a formula in force on a day; before the first the first, applied backwards."""
    return every_formula().usual(key, on)
