"""``tinhso search``: one text, many lines, and lines that cannot be read."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner

from tinhso.catalogue.api import import_sheets
from tinhso.config.commands import search
from tinhso.directory.api import SYSTEM
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "database", nullcontext)
    import_sheets(by=SYSTEM, at=clock.now())


def test_one_text_gives_one_document() -> None:
    ran = CliRunner().invoke(search.command, ["lam giay khai sinh", "--json"])
    said = json.loads(ran.output)
    assert set(said) == {"ms", "results"}
    assert set(said["results"][0]) == {"code", "name", "level", "score"}
    assert said["results"][0]["code"] == "1.001193"
    assert said["results"][0]["level"] == 4


def test_many_queries_give_a_line_each_and_say_which_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(
        '{"id": "a", "query": "gpxd"}\n{"id": "b"}\nnot json\n{"id": 3, "query": "sao y"}\n', "utf-8"
    )
    ran = CliRunner().invoke(search.command, ["--queries", str(file)])
    lines = [json.loads(line) for line in ran.output.splitlines()]
    assert ran.exit_code == 1
    assert lines[0] == {"id": "a", "codes": lines[0]["codes"]}
    assert lines[0]["codes"][0] == "1.013225"
    assert [line["line"] for line in lines if "error" in line] == [2, 3]
    assert lines[3]["codes"][0] == "2.000815"


def test_a_damaged_file_is_named_line_by_line_and_the_rest_is_answered(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    spoilt = (
        b'{"id": 2, "query": "\xff"}',
        b'{"id": "\\ud800", "query": "sao y"}',
        b'{"id": 4, "query": null}',
    )
    file.write_bytes(b"\xef\xbb\xbf" + b'{"id": 1, "query": "gpxd"}\n' + b"\n".join(spoilt) + b"\n")
    ran = CliRunner().invoke(search.command, ["--queries", str(file)])
    lines = [json.loads(line) for line in ran.output.splitlines()]
    assert ran.exit_code == 1
    assert lines[0]["codes"][0] == "1.013225"
    assert [(line["id"], line["line"]) for line in lines[1:]] == [(None, 2), (None, 3), (4, 4)]


def test_a_text_or_a_file_is_needed() -> None:
    assert CliRunner().invoke(search.command, []).exit_code == 1
    assert CliRunner().invoke(search.command, ["  "]).exit_code == 1
