"""A sample of a filled form passes the checks that people's answers pass, and is the same every time."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from tinhso.catalogue.queries.checking import check_answers
from tinhso.catalogue.queries.samples import _written, filled
from tinhso.catalogue.services.publish import SHEETS
from tinhso.catalogue.tests.samples import CODES, COMMUNES, Form, form_of

TODAY = dt.date(2022, 5, 10)


def default_form() -> Form:
    return Form(json.loads((SHEETS / "default.json").read_text("utf-8"))["form"]["schema"])


def wrong(form: Any, answers: dict[str, Any]) -> list[str]:
    found = check_answers(form, answers, TODAY, communes=COMMUNES)
    return [f"{one.path}: {one.text}" for one in found if not one.is_warning]


@pytest.mark.parametrize("code", CODES)
def test_what_somebody_wrote_for_a_procedure_passes_its_checks(code: str) -> None:
    known = _written()["answers"][code]
    answers = filled(form_of(code), known, TODAY, communes=COMMUNES)
    assert wrong(form_of(code), answers) == []
    assert {key: answers[key] for key in known if key in answers}.items() <= known.items()


#: The name of a household's business begins with words of the law, which only a person knows.
NEEDS_A_PERSON = "1.001612"


@pytest.mark.parametrize("code", [*(code for code in CODES if code != NEEDS_A_PERSON), "default"])
def test_a_form_without_written_answers_is_filled_in_by_the_kinds_of_its_questions(code: str) -> None:
    form = default_form() if code == "default" else form_of(code)
    answers = filled(form, {}, TODAY, communes=COMMUNES)
    assert wrong(form, answers) == []
    assert answers == filled(form, {}, TODAY, communes=COMMUNES)


def test_an_example_of_the_sheet_goes_before_one_that_was_made_up() -> None:
    form = default_form()
    form.schema["properties"]["request"]["examples"] = ["Đề nghị cấp giấy phép thử."]
    assert filled(form, {}, TODAY, communes=COMMUNES)["request"] == "Đề nghị cấp giấy phép thử."
