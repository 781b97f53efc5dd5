"""The six sheets: complete, of one shape, in plain words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from tinhso.catalogue.queries.checks import CHECKS
from tinhso.catalogue.rules import at_path, ui
from tinhso.catalogue.services.publish import SHEETS
from tinhso.catalogue.tests.samples import CODES, sheet

SHAPE = jsonschema_rs.Draft202012Validator(json.loads((SHEETS / "sheet.schema.json").read_text("utf-8")))


def conditions(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if "field" in node and not {"check", "title"} & node.keys():
            yield node
        for value in node.values():
            yield from conditions(value)
    elif isinstance(node, list):
        for value in node:
            yield from conditions(value)


@pytest.mark.parametrize("code", CODES)
def test_a_sheet_has_the_shape_that_is_published(code: str) -> None:
    assert [e.message for e in SHAPE.iter_errors(sheet(code))] == []


@pytest.mark.parametrize("code", CODES)
def test_every_condition_and_check_names_a_question_of_the_form(code: str) -> None:
    said = sheet(code)
    schema = said["form"]["schema"]
    for condition in (*conditions(said["cases"]), *conditions(said["papers"]), *conditions(schema)):
        if isinstance(condition["field"], str):
            assert condition["field"].split(".")[0] in schema["properties"], condition
    for rule in schema["x-rules"]:
        assert rule["check"] in CHECKS
        assert rule["at"].split(".")[0] in schema["properties"]


@pytest.mark.parametrize("code", CODES)
def test_what_decides_a_question_was_asked_on_an_earlier_page(code: str) -> None:
    schema = sheet(code)["form"]["schema"]
    page_of = {key: place for place, page in enumerate(schema["x-pages"]) for key in page["fields"]}
    for key, spec in schema["properties"].items():
        for condition in conditions(ui(spec).get("showIf") or {}):
            assert page_of[condition["field"]] < page_of[key], key
    for place, page in enumerate(schema["x-pages"]):
        for condition in conditions(page.get("showIf") or {}):
            assert page_of[condition["field"]] < place


@pytest.mark.parametrize("code", CODES)
def test_a_page_asks_one_thing(code: str) -> None:
    for page in sheet(code)["form"]["schema"]["x-pages"]:
        shown = [
            k for k in page["fields"] if not ui(sheet(code)["form"]["schema"]["properties"][k]).get("hidden")
        ]
        assert len(shown) <= 12
        assert len(page["title"]) <= 60


@pytest.mark.parametrize("code", CODES)
def test_every_case_has_a_process_from_counter_to_counter_and_one_signer(code: str) -> None:
    for case in sheet(code)["cases"]:
        desks = [step["desk"] for step in case["steps"]]
        assert desks[0] == desks[-1] == "counter"
        assert [step["key"] for step in case["steps"] if step["signs"]] == ["ky"]
        assert desks.index("leader") < desks.index("seal")


def sentences(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in (
                "hint",
                "text",
                "more",
                "short",
                "answer",
                "question",
                "missing",
                "why",
                "when_text",
            ) and isinstance(value, str):
                for part in re.split(r"(?<=[.?!;:])\s+", value):
                    yield f"{path}/{key}", part
            elif key not in ("legal", "x-derived", "result"):
                yield from sentences(value, f"{path}/{key}")
    elif isinstance(node, list):
        for place, value in enumerate(node):
            if isinstance(value, str) and path.endswith(("/how", "/mistakes")):
                for part in re.split(r"(?<=[.?!])\s+", value):
                    yield path, part
            else:
                yield from sentences(value, f"{path}/{place}")


@pytest.mark.parametrize("code", CODES)
def test_sentences_for_people_are_short(code: str) -> None:
    long = [
        (path, text)
        for path, text in sentences(sheet(code))
        if len(text.split()) > 15 and "/fee/" not in path
    ]
    assert long == []


@pytest.mark.parametrize("code", CODES)
def test_local_fees_are_marked_illustrative(code: str) -> None:
    for case in sheet(code)["cases"]:
        for term in case["terms"]:
            for rule in term["fee"]["rules"]:
                if rule["basis"].startswith("TT 85/2019") and rule.get("vnd"):
                    assert rule["illustrative"] is True
                    assert term["illustrative"] is True


def test_six_sheets_come_with_the_software() -> None:
    assert sorted(path.stem for path in SHEETS.glob("[0-9]*.json")) == sorted(CODES)


def test_hidden_questions_say_since_when_they_exist() -> None:
    for code in CODES:
        for key, spec in sheet(code)["form"]["schema"]["properties"].items():
            if ui(spec).get("hidden") and key != "done_at":
                assert ui(spec)["since"].startswith("TT "), key


def test_a_marriage_certificate_is_asked_once_only() -> None:
    assert at_path(sheet("1.004873"), "result.validity_months") == 6
