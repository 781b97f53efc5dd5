"""The formulas that ship with the product."""

from __future__ import annotations

import datetime as dt
from functools import cache

from tinhso.measures.queries.documents import document
from tinhso.measures.rules.formulas import Formula, Formulas, formulas


@cache
def every_formula() -> Formulas:
    """Return all versions of all formulas."""
    return formulas(document("formulas"))


def usual(key: str, on: dt.date) -> Formula:
    """Return the version of a formula in force on a day; before the first the first, applied backwards."""
    return every_formula().usual(key, on)
