"""The sheet of ASVS: complete, with evidence that is there, and with what is missing counted."""

from __future__ import annotations

import csv
import re
from collections import Counter

import pytest

from tests.architecture.floors import ROOT

SHEET = ROOT / "docs/security/asvs.csv"
COLUMNS = ["id", "level", "chapter", "asks", "applies", "why", "evidence", "last_result"]
#: Requirements of levels 1 and 2 in each chapter of ASVS 5.0.0.
MANY = {"V6": 35, "V7": 18, "V8": 7, "V13": 13, "V14": 9, "V16": 16}
#: Applicable rows without evidence. It may only go down.
MISSING = 21
_TEST = re.compile(r"^(?P<file>[\w/.-]+\.py)::(?P<name>test_\w+)$")


def rows() -> list[dict[str, str]]:
    """Return the lines of the sheet."""
    with SHEET.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _is_there(evidence: str) -> bool:
    if found := _TEST.match(evidence):
        file = ROOT / found["file"]
        return file.exists() and re.search(rf"^def {found['name']}\(", file.read_text("utf-8"), re.MULTILINE) is not None
    path, _, heading = evidence.partition("#")
    page = ROOT / path
    if not page.exists():
        return False
    titles = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return not heading or heading in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_requirement_of_both_levels_stands_there_once() -> None:
    found = rows()
    assert list(found[0]) == COLUMNS
    assert Counter(row["chapter"] for row in found) == MANY
    assert len({row["id"] for row in found}) == len(found)
    for row in found:
        assert row["id"].split(".")[0] == row["chapter"]
        assert row["level"] in ("1", "2")
        assert row["asks"]
        assert row["applies"] in ("y", "n")


def test_a_row_that_does_not_apply_says_why() -> None:
    for row in rows():
        assert row["applies"] == "y" or row["why"], row["id"]


@pytest.mark.parametrize("row", [row for row in rows() if row["applies"] == "y"], ids=lambda row: row["id"])
def test_a_row_that_applies_has_evidence_that_is_there(row: dict[str, str]) -> None:
    assert row["evidence"], row["id"]
    assert row["last_result"] in ("green", "written", "missing")
    assert (row["evidence"] == "missing") == (row["last_result"] == "missing")
    if row["evidence"] == "missing":
        assert row["why"], "what is missing says what is there"
        return
    for one in row["evidence"].split(" ; "):
        assert _is_there(one), one


def test_what_is_missing_only_becomes_less() -> None:
    assert sum(row["evidence"] == "missing" for row in rows()) == MISSING


@pytest.mark.parametrize("evidence", ["tests/none.py::test_x", "tests/security/test_asvs.py::test_none", "docs/none.md", "docs/security/README.md#none"])
def test_evidence_that_is_not_there_is_noticed(evidence: str) -> None:
    assert not _is_there(evidence)
