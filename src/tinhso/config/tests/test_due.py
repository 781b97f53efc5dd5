"""`tinhso due`: one answer a line, and a sentence for a line that cannot be answered."""

import json
from importlib.resources import files
from typing import Any

import pytest
from click.testing import CliRunner

from tinhso.config.commands.due import command

CASES = files("tinhso.dossiers").joinpath("tests/due_cases.jsonl").read_text(encoding="utf-8").splitlines()


def ask(*lines: str) -> tuple[int, list[dict[str, Any]]]:
    """Give the command these lines; return its exit code and its answers."""
    answered = CliRunner().invoke(command, ["--json"], input="\n".join(lines))
    return answered.exit_code, [json.loads(line) for line in answered.output.splitlines()]


GOOD = '{"id": 1, "received": "2022-05-10T08:00", "limit": {"value": 1, "unit": "wd"}}'


def test_every_case_has_its_answer() -> None:
    code, answers = ask(*CASES)
    asked = [json.loads(line) for line in CASES]
    assert code == 0
    assert [(a["id"], a["due"], a["rule"]) for a in answers] == [
        (c["id"], c["due"], c["rule"]) for c in asked
    ]
    assert all(a["reasons"] for a in answers)


@pytest.mark.parametrize(
    ("line", "identity", "sentence"),
    [
        ("không phải", None, "Dòng này không phải là JSON."),
        ('"một câu"', None, "Mỗi dòng phải là một đối tượng JSON."),
        ("[" * 100_000, None, "Dòng này không phải là JSON."),
        (GOOD.replace("1, ", '"\\ud800", ', 1), None, "Dòng này không phải là JSON."),
        (GOOD.replace('"value": 1', '"value": 1e99999999999999999999'), None, "Dòng này không phải là JSON."),
        ('{"id": "a"}', "a", "Thiếu thời hạn: cần “limit” có “value” và “unit”."),
        ('{"id": 2, "limit": {"unit": "wd"}}', 2, "Thiếu số của thời hạn."),
        ('{"id": 2, "limit": {"unit": "wd", "value": true}}', 2, "Thiếu số của thời hạn."),
        ('{"id": 2, "limit": {"unit": "wd", "value": "năm"}}', 2, "Thời hạn “năm” không phải là số."),
        (
            GOOD.replace("2022-05-10T08:00", "10/05"),
            1,
            "Không đọc được lúc tiếp nhận. Viết như 2022-05-10T07:30+07:00.",
        ),
        (GOOD.replace("2022-05-10T08:00", "9999-12-31T23:00-05:00"), 1, "Không đọc được lúc tiếp nhận."),
        (
            GOOD.replace("2022-05-10T08:00", "2050-01-01T08:00"),
            1,
            "Lịch làm việc chỉ có từ năm 2020 đến năm 2040.",
        ),
        (GOOD[:-1] + ', "pauses": 3}', 1, "“pauses” phải là danh sách các cặp [từ, đến]."),
        (GOOD[:-1] + ', "pauses": [["2022-05-11T08:00"]]}', 1, "Mỗi lần tạm dừng là một cặp [từ, đến]."),
        (GOOD[:-1] + ', "pauses": [[null, null]]}', 1, "Không đọc được lúc bắt đầu tạm dừng."),
    ],
)
def test_a_bad_line_gets_a_sentence_and_the_others_their_answer(
    line: str, identity: object, sentence: str
) -> None:
    code, answers = ask(line, "", GOOD)
    assert code == 1
    assert answers[0]["id"] == identity
    assert answers[0]["error"].startswith(sentence)
    assert answers[1]["due"] == "2022-05-11T17:00:00+07:00"


def test_without_json_the_command_speaks_to_a_person() -> None:
    answered = CliRunner().invoke(command, [], input=GOOD + '\n{"id": 2}\n')
    assert answered.exit_code == 1
    assert answered.output.splitlines()[0] == "1: 2022-05-11T17:00:00+07:00"
    assert answered.output.splitlines()[-1] == "2: Thiếu thời hạn: cần “limit” có “value” và “unit”."
