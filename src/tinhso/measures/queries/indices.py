"""The versions of the national indices, read from the data that ships with the product."""

from __future__ import annotations

from functools import cache

from tinhso.measures.queries.documents import document
from tinhso.measures.rules.dti import IndexSet, index_sets
from tinhso.measures.rules.index766 import Index, indices
from tinhso.measures.rules.nd61 import Criteria, criteria
from tinhso.measures.rules.observatory import Observatory, observatories


@cache
def index766(version: str = "") -> Index | None:
    """Return a version of the 766 index; without a name the usual one."""
    said = document("index766")
    return indices(said).get(version or said["usual"])


@cache
def dti(version: str = "") -> IndexSet | None:
    """Return a version of the Digital Transformation Index; without a name the usual one."""
    said = document("dti")
    return index_sets(said).get(version or said["usual"])


@cache
def nd61(version: str = "") -> Criteria | None:
    """Return a version of the criteria of Decree 61/2018; without a name the usual one."""
    said = document("nd61")
    return criteria(said).get(version or said["usual"])


@cache
def observatory(version: str = "") -> Observatory | None:
    """Return a version of the rules of the French observatory; without a name the usual one."""
    said = document("observatory")
    return observatories(said).get(version or said["usual"])
