"""Every field that may hold something about a person is decided about: declared, or looked at and found to hold none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import models

from tests.architecture.floors import ROOT
from tinhso.config.protection.document import DAY as DOCUMENT_DAY
from tinhso.config.protection.document import as_markdown
from tinhso.directory.queries.processing import (
    LIBRARIES,
    kinds_of,
    models_declared,
    processing,
    register,
    retention,
)
from tinhso.toolkit.personal import WHOSE, Held, Personal, undecided

DAY = dt.date(2022, 5, 10)


class Visitor(models.Model):
    """A model that nobody wrote a declaration for; it has no table."""

    name = models.CharField(max_length=50)
    born = models.IntegerField()
    birth_date = models.DateField()
    note = models.JSONField()

    class Meta:
        """Not one of the product's."""

        app_label = "directory"
        managed = False

    def __str__(self) -> str:
        return "visitor"


def _known() -> Iterator[tuple[type[models.Model], Personal | None]]:
    return ((model, personal) for model, personal in models_declared() if model is not Visitor)


def test_every_model_says_which_personal_data_it_holds() -> None:
    silent = [model._meta.label for model, personal in _known() if personal is None]
    assert silent == []
    wrong = [line for model, personal in _known() if personal for line in undecided(model, personal)]
    assert wrong == [], "\n".join(wrong)


def test_the_libraries_tables_are_those_that_are_there() -> None:
    assert set(LIBRARIES) <= {model._meta.label for model, _ in models_declared()}


@pytest.mark.parametrize(
    ("personal", "expected"),
    [
        (Personal(), {"name", "birth_date", "note"}),
        (Personal(Held("name birth_date", "applicant", "account", "person")), {"note"}),
        (Personal(Held("name", "applicant", "account", "person"), plain="birth_date note"), set()),
        (Personal(Held("name name", "king", "account", "person"), plain="birth_date note born gone"), None),
    ],
    ids=["silent", "one left out", "whole", "wrong in four ways"],
)
def test_a_field_that_nobody_decided_about_is_found(personal: Personal, expected: set[str] | None) -> None:
    found = list(undecided(Visitor, personal))
    if expected is None:
        assert len(found) == 4
    else:
        assert {line.split(".")[2 if line.count(".") > 1 else 1].split(" ")[0] for line in found} == expected


def test_what_is_declared_has_words_law_and_a_rule_of_how_long() -> None:
    said, rules = processing(DAY), retention(DAY)["rules"]
    assert set(said["whose"]) == set(WHOSE)
    for model, personal in _known():
        for part in personal.held if personal else ():
            assert part.use in said["uses"], (model._meta.label, part.use)
            assert part.keep in rules, (model._meta.label, part.keep)
            assert kinds_of(model._meta.label, part.names, DAY), model._meta.label
    assert {law for use in said["uses"].values() for law in use["laws"]} <= set(said["laws"])
    assert {one["keep"] for one in said["outside"]} <= set(rules)


def test_the_law_of_the_register_is_the_law_of_the_day() -> None:
    keys = [
        {law.key for law in register(day).laws}
        for day in (DAY, dt.date(2023, 7, 1), dt.date(2025, 12, 31), dt.date(2026, 1, 1))
    ]
    assert [{"nd13", "lbv", "llt2011", "llt2024"} & one for one in keys] == [
        {"llt2011"},
        {"nd13", "llt2011"},
        {"nd13", "llt2024"},
        {"lbv", "llt2024"},
    ]
    assert all(use.laws for use in register(DAY).uses)


def test_the_register_in_the_repository_is_the_one_that_the_models_make() -> None:
    kept = (ROOT / "docs/security/processing.md").read_text(encoding="utf-8")
    assert kept == as_markdown(register(DOCUMENT_DAY)), (
        "write it anew: tinhso personal-data register --to docs/security/processing.md"
    )
