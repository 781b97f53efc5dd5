"""`tinhso index766`, `dti` and `nd61`: published figures, boundaries, what is not known, and bad lines."""

import csv
import json
from decimal import Decimal
from importlib.resources import files
from typing import Any

import click
import pytest
from click.testing import CliRunner

from tinhso.config.commands.dti import command as dti
from tinhso.config.commands.index766 import command as index766
from tinhso.config.commands.nd61 import command as nd61

PAYMENT = {
    "paid_online": 1,
    "with_obligation": 1,
    "integrated": 1,
    "integrated_of": 1,
    "transacted": 1,
    "transacted_of": 1,
}
PUBLISHED = list(
    csv.DictReader(
        files("tinhso.measures").joinpath("tests/dti_2022.csv").read_text(encoding="utf-8").splitlines()
    )
)


def ask(
    command: click.Command, *given: object, options: tuple[str, ...] = ()
) -> tuple[int, list[dict[str, Any]]]:
    """Give a command these lines; return its exit code and its answers."""
    text = "\n".join(one if isinstance(one, str) else json.dumps(one) for one in given)
    answered = CliRunner().invoke(command, ["--json", *options], input=text)
    return answered.exit_code, [json.loads(line) for line in answered.output.splitlines()]


def scored(metric: str, above: object, below: object, *options: str) -> Any:
    code, [answer] = ask(
        index766, {"metric": metric, "numerator": above, "denominator": below}, options=options
    )
    assert code == 0
    assert answer["metric"] == metric
    return answer["score"]


@pytest.mark.parametrize(
    ("metric", "above", "below", "points"),
    [
        ("PUBLISH_ON_TIME", 0, 10, 0),
        ("PUBLISH_ON_TIME", 10, 10, 6),
        ("(dvc-progress-tree)", 9502, 10_000, 19),
        ("2.1", 9502, 10_000, 19),
        ("REUSED_DIGITIZED_DATA", 80, 100, 2),
        ("REUSED_DIGITIZED_DATA", 799, 1000, 2),
        ("REUSED_DIGITIZED_DATA", 797, 1000, 1.99),
        ("REUSED_DIGITIZED_DATA", 100, 100, 2),
        ("DOSSIER_RECEIVING_SATISFACTION", 9, 10, 6),
        ("DOSSIER_RECEIVING_SATISFACTION", 89, 100, 5.93),
        ("DOSSIER_SYNC", 120, 100, 6),
        ("PUBLIC_CONTENT_FULL", 1, 400, 0.01),
        ("PUBLIC_CONTENT_FULL", 1, 401, 0),
        ("PUBLIC_CONTENT_FULL", 6, 800, 0.02),
        ("SO_HOA_GIAY_TO_GIAI_QUYET", 80, 100, 3.2),
    ],
)
def test_a_share_becomes_points_by_its_target(metric: str, above: int, below: int, points: float) -> None:
    assert scored(metric, above, below) == points


def test_versions_stand_side_by_side() -> None:
    assert scored("SO_HOA_GIAY_TO_GIAI_QUYET", 80, 100, "--set", "766-document-2026") == 4
    assert scored("PUBLISH_ON_TIME", 1, 2, "--set", "766-document-2026") == 3


@pytest.mark.parametrize("shown", [("PETITION_PROCESSING_ON_TIME", 6), ("5.4", 0), ("PUBLISH_ON_TIME", None)])
def test_a_share_over_nothing_is_not_applicable(shown: tuple[str, int | None]) -> None:
    _, [answer] = ask(index766, {"metric": shown[0], "numerator": 0, "denominator": 0})
    assert (answer["score"], answer["state"], answer.get("portal_shows")) == (None, "chưa áp dụng", shown[1])


def test_a_number_not_known_yet_is_not_zero() -> None:
    code, [answer] = ask(
        index766, {"metric": "PETITION_HANDLING_SATISFACTION", "numerator": None, "denominator": None}
    )
    assert (code, answer["score"], answer["max"]) == (0, None, 6)
    assert "portal_shows" not in answer


def test_payment_takes_six_numbers() -> None:
    group = {"metric": "(formality-online-payment-tree)"}
    part = {"paid_online": 741, "with_obligation": 1000, "integrated": 4, "integrated_of": 10}
    _, answers = ask(
        index766,
        group | PAYMENT,
        group | PAYMENT | part,
        group | PAYMENT | {"with_obligation": 0},
        group | dict.fromkeys(PAYMENT, 0),
    )
    assert [(answer["score"], answer["max"]) for answer in answers] == [
        (10, 10),
        (7.45, 10),
        (4, 10),
        (None, 10),
    ]
    assert answers[1]["parts"] == {"paid": 4.45, "integrated": 1, "transacted": 2}
    assert answers[2]["parts"]["paid"] is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("không phải", "Dòng này không phải là JSON."),
        ("[1]", "Mỗi dòng phải là một đối tượng JSON."),
        ('{"metric": "\\ud800"}', "Dòng này không phải là JSON."),
        ('{"metric": 1e99999999999999999999}', "Dòng này không phải là JSON."),
        ('{"id": 1e999999999, "metric": "LẠ"}', "Không có chỉ số “LẠ”"),
        ({"metric": "LẠ", "numerator": 1, "denominator": 2}, "Không có chỉ số “LẠ” trong bộ 766-observed-1."),
        ({"metric": [], "numerator": 1, "denominator": 2}, "Không có chỉ số"),
        ({"metric": "1.1", "denominator": 2}, "Thiếu “numerator”. Chưa có số liệu thì ghi null."),
        ({"metric": "1.1", "numerator": -1, "denominator": 2}, "“numerator” không được nhỏ hơn 0."),
        ({"metric": "1.1", "numerator": "1.000", "denominator": 2}, "“numerator” phải là số"),
        ({"metric": "1.1", "numerator": True, "denominator": 2}, "“numerator” phải là số"),
        ('{"metric": "1.1", "numerator": NaN, "denominator": 2}', "Dòng này không phải là JSON."),
        ('{"metric": "1.1", "numerator": 1e999999999, "denominator": 2}', "“numerator” dài quá 18 chữ số."),
        (
            {"metric": "(formality-online-payment-tree)", "numerator": 1, "denominator": 1},
            "Thiếu “paid_online”",
        ),
    ],
)
def test_a_bad_line_is_named_and_the_rest_scored(line: object, sentence: str) -> None:
    code, [bad, good] = ask(index766, line, {"metric": "1.1", "numerator": 1, "denominator": 2})
    assert code == 1
    assert bad["line"] == 1
    assert bad["error"].startswith(sentence)
    assert good["score"] == 3


@pytest.mark.parametrize("command", [index766, dti, nd61])
def test_an_unknown_version_is_refused(command: click.Command) -> None:
    answered = CliRunner().invoke(command, ["--set", "lạ"], input="")
    assert answered.exit_code == 1
    assert "“lạ”" in answered.output


def test_the_published_rows_of_2022_come_out() -> None:
    rows = [
        {key: float(value) for key, value in row.items() if key.startswith("i")}
        | {"province": row["province"]}
        for row in PUBLISHED
    ]
    code, answers = ask(dti, *reversed(rows))
    assert code == 0
    assert [answer["rank"] for answer in answers] == [5, 4, 3, 2, 1]
    for answer, row in zip(reversed(answers), PUBLISHED, strict=True):
        assert answer["province"] == row["province"]
        assert abs(Decimal(str(answer["dti"])) - Decimal(row["dti"])) <= Decimal("0.0001")


def _row(name: object, share: object, **other: object) -> dict[str, object]:
    return {"id": name} | {f"i{n}": share for n in (1, 2, 3, 4, 5, 7, 8, 9)} | other


def test_ties_share_a_rank_and_the_unknown_has_none() -> None:
    code, answers = ask(
        dti,
        _row("b", 0.5),
        _row("a", 0.9),
        _row("c", 0.50001),
        _row("d", 0.4),
        _row("e", 1, i9=None),
        _row("f", 1, i6=0),
        _row("g", 0),
    )
    assert code == 0
    assert [(one["dti"], one["rank"]) for one in answers] == [
        (0.5, 3),
        (0.9, 2),
        (0.5, 3),
        (0.4, 5),
        (None, None),
        (1, 1),
        (0, 6),
    ]
    assert answers[4]["state"] == "chưa áp dụng"


def test_the_index_rounds_half_up() -> None:
    _, answers = ask(dti, _row("a", 0, i1=0.0005), _row("b", 0, i1=0.00049))
    assert [one["dti"] for one in answers] == [0.0001, 0]


def test_a_bad_row_is_named_and_has_no_rank() -> None:
    short = _row("x", 0.5)
    del short["i7"]
    code, answers = ask(dti, "{", _row("y", 1.0001), short, _row("z", 0.3), _row("w", 0.2))
    assert code == 1
    assert [one.get("error") for one in answers] == [
        "Dòng này không phải là JSON.",
        "“i1” là tỷ lệ đạt được, từ 0 đến 1.",
        "Thiếu “i7”. Chưa có số liệu thì ghi null.",
        None,
        None,
    ]
    assert [(one["id"], one.get("line"), one.get("rank")) for one in answers[1:]] == [
        ("y", 2, None),
        ("x", 3, None),
        ("z", None, 1),
        ("w", None, 2),
    ]


def _ballot(whole: int, **other: object) -> list[dict[str, object]]:
    points = [min(2, max(0, whole - 2 * n)) for n in range(9)]
    return [{"id": "a", "criterion": n, "points": one} | other for n, one in enumerate(points, 1)]


@pytest.mark.parametrize(
    ("whole", "grade"),
    [
        (18, "Xuất sắc"),
        (15, "Xuất sắc"),
        (14, "Tốt"),
        (12, "Tốt"),
        (11, "Khá"),
        (9, "Khá"),
        (8, "Trung bình"),
        (6, "Trung bình"),
        (5, "Yếu"),
        (0, "Yếu"),
    ],
)
def test_exactly_fifteen_points_are_excellent(whole: int, grade: str) -> None:
    code, [answer] = ask(nd61, *_ballot(whole))
    assert code == 0
    assert (answer["points"], answer["max"], answer["class"]) == (whole, 18, grade)


def test_averages_between_classes_fall_below() -> None:
    lines = _ballot(15)
    lines[7]["points"] = 0.99
    assert ask(nd61, *lines)[1][0]["class"] == "Tốt"


def test_an_officer_is_rated_by_five_criteria_and_has_no_class() -> None:
    lines = [{"id": "o", "kind": "officer", "criterion": f"chiso{n}", "answer": "b"} for n in (1, 2, 3, 4, 7)]
    code, [answer] = ask(nd61, *lines)
    assert code == 0
    assert (answer["points"], answer["max"], answer["class"]) == (5, 10, None)
    assert answer["state"].startswith("Chưa kiểm chứng")


def test_a_class_is_told_once_nothing_missing_can_change_it() -> None:
    enough, short = _ballot(18)[:8], _ballot(18)[:6]
    assert [ask(nd61, *lines)[1][0]["class"] for lines in (enough, short)] == ["Xuất sắc", None]
    _, [answer] = ask(nd61, *short)
    assert (answer["points"], answer["missing"], answer["state"]) == (12, ["7", "8", "9"], "chưa đủ chỉ số")
    assert answer["criteria"]["9"] is None
    _, [nothing] = ask(nd61, {"id": "a", "criterion": "1", "points": None})
    assert (nothing["points"], nothing["class"], nothing["state"]) == (None, None, "chưa áp dụng")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "Dòng này không phải là JSON."),
        ({"criterion": 1, "points": 1}, "Thiếu “id” của cơ quan hoặc cán bộ."),
        ({"id": ["a"], "criterion": 1, "points": 1}, "Thiếu “id” của cơ quan hoặc cán bộ."),
        ({"id": "b", "criterion": 10, "points": 1}, "Không có chỉ số tính điểm “10”."),
        ({"id": "b", "criterion": 1, "points": 2.5}, "Chỉ số 1 có nhiều nhất 2 điểm."),
        ({"id": "b", "criterion": 1, "points": -1}, "“points” không được nhỏ hơn 0."),
        ({"id": "b", "criterion": 1}, "Thiếu “points” hoặc “answer”. Chưa chấm thì ghi null."),
        ({"id": "b", "criterion": 1, "answer": "d"}, "“answer” phải là một trong: a, b, c."),
        (
            {"id": "b", "kind": "tỉnh", "criterion": 1, "points": 1},
            "“kind” phải là một trong: office, officer.",
        ),
        (
            {"id": "b", "kind": "officer", "criterion": 5, "points": 1},
            "Chỉ số 5 không tính cho đối tượng này.",
        ),
        ({"id": "a", "criterion": "chiso9", "points": 1}, "Chỉ số 9 của “id” này đã có ở dòng trước."),
        (
            {"id": "a", "kind": "officer", "criterion": 1, "points": 1},
            "Dòng trước của “id” này ghi “kind” khác.",
        ),
    ],
)
def test_a_bad_criterion_is_named_and_the_rest_rated(line: object, sentence: str) -> None:
    code, [bad, good] = ask(nd61, *_ballot(15), line)
    assert code == 1
    assert (bad["line"], bad["error"]) == (10, sentence)
    assert (good["id"], good["points"], good["class"]) == ("a", 15, "Xuất sắc")


def test_a_person_reads_sentences() -> None:
    metric = json.dumps({"metric": "1.1", "numerator": 1, "denominator": 3})
    assert CliRunner().invoke(index766, [], input=metric).output == "1.1: 2,00 trên 6 điểm\n"
    assert CliRunner().invoke(dti, [], input=json.dumps(_row("a", 0.5))).output == "a: 0,5000, hạng 1\n"
    ballots = "\n".join(json.dumps(line) for line in _ballot(15))
    assert CliRunner().invoke(nd61, [], input=ballots).output == "a: 15 trên 18 điểm, Xuất sắc\n"
