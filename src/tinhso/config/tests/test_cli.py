"""A command that cannot be done says why in one Vietnamese sentence; with --json as one document."""

from __future__ import annotations

import json

import pytest

from tinhso.config import cli

WRONG = (
    (["verify-pdf", "khong-co.pdf"], "Không đọc được tệp khong-co.pdf."),
    (["stats", "on-time", "--from", "2022-13-01", "--to", "2022-05-10", "--formula", "strict"], "--from"),
    (["stats", "on-time", "--from", "2022-01-01", "--to", "2022-05-10", "--formula", "x"], "--formula"),
    (["stats", "on-time", "--from", "2022-01-01", "--formula", "strict"], "còn thiếu --to"),
    (["stats", "on-time", "--sao"], "không có --sao"),
    (
        ["stats", "on-time", "--from", "2022-06-01", "--to", "2022-05-10", "--formula", "strict"],
        "Ngày cuối đứng trước ngày đầu.",
    ),
    (["khong-co-lenh"], "Gõ tinhso --help"),
)


@pytest.mark.parametrize(
    ("words", "sentence"), WRONG, ids=lambda one: " ".join(one) if isinstance(one, list) else ""
)
@pytest.mark.parametrize("as_json", [True, False])
def test_a_wrong_command_line_gets_one_sentence_and_exit_code_1(
    words: list[str],
    sentence: str,
    *,
    as_json: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.argv", ["tinhso", *words, *(["--json"] if as_json else [])])
    assert cli.main() == 1
    said = capsys.readouterr()
    if as_json:
        assert sentence in json.loads(said.out)["error"]
        assert said.err == ""
    else:
        assert said.err.startswith("✗ ")
        assert sentence in said.err
    assert "rror:" not in said.out + said.err
    assert "Usage" not in said.err
