"""``tinhso tasks`` tells the counts of a day with their identities, of the whole and of its parts."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import pytest
from click.testing import CliRunner

from tinhso.config.commands import tasks
from tinhso.plans.tests.factories import Committee, make_committee, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> Committee:
    monkeypatch.setattr(tasks, "database", nullcontext)
    return make_committee()


def said(*words: str) -> Any:
    result = CliRunner().invoke(tasks.command, [*words, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_counts_and_their_identities_are_told(who: Committee) -> None:
    make_task(who.bureau, tags=["cchc", "ntm"])
    make_task(who.other, "Tập huấn", due=None)
    told = said("--on", "2022-05-10", "--by", "office")
    assert (told["total"], told["not_done"], told["overdue"], told["no_due"]) == (2, 2, 1, 1)
    assert told["identities"]["total = done + not_done"] == "2 = 0 + 2"
    assert told["by_state"]["not_started"] == 2
    assert [(row["label"], row["total"], row["overdue"]) for row in told["rows"]] == [
        ("Sở Giáo dục và Đào tạo", 1, 1),
        ("Sở Thông tin và Truyền thông", 1, 0),
    ]
    assert {row["key"] for row in said("--on", "2022-05-10", "--by", "tag")["rows"]} == {"cchc", "ntm"}
    assert said("--on", "2022-04-29")["due_soon"] == 1


def test_one_office_and_an_office_that_is_not_there(who: Committee) -> None:
    make_task(who.bureau)
    make_task(who.other)
    assert said("--on", "2022-05-10", "--office", who.bureau.code)["total"] == 1
    result = CliRunner().invoke(tasks.command, ["--on", "2022-05-10", "--office", "la"])
    assert result.exit_code == 1
    assert "không có cơ quan mã la" in result.output


def test_people_read_a_sentence(who: Committee) -> None:
    make_task(who.bureau)
    result = CliRunner().invoke(tasks.command, ["--on", "2022-05-10", "--by", "group"])
    assert result.output.startswith("10/05/2022: 1 nhiệm vụ = 0 đã xong")
    assert "(không có): 1, xong 0, quá hạn 1" in result.output
