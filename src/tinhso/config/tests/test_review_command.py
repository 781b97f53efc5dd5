"""``tinhso review`` gives every figure with its source: of the committee's province, and of one without anything."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner

from tinhso.config.commands import review
from tinhso.plans.queries.review_kinds import kinds
from tinhso.plans.tests.factories import MORNING
from tinhso.plans.tests.review_world import make_province
from tinhso.toolkit import clock

PERIOD = ("--from", "2022-01-01", "--to", "2022-05-10")


@pytest.fixture(autouse=True)
def morning(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand on the morning of the conference."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)

    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(review, "database", here)


def ran(*words: str) -> str:
    done = CliRunner().invoke(review.command, [*words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def told() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ran(*PERIOD, "--json"))
    return found


def test_every_figure_has_its_source() -> None:
    make_province()
    said = told()
    assert {one["key"].partition(":")[0] for one in said["figures"]} == set(kinds())
    for one in said["figures"]:
        assert one["source"], one["key"]
        assert one["counted_at"], one["key"]
        assert one["value"] is not None or one["note"], one["key"]
    assert [one["number"] for one in said["figures"]] == list(range(1, len(said["figures"]) + 1))
    assert len(said["figures_sha256"]) == 64


def test_plans_tasks_late_and_targets_stand_beside_the_figures() -> None:
    make_province()
    said = told()
    first = said["plans"][0]
    assert (first["required"], first["registered"], first["is_over"]) == (3, 0, False)
    assert sum(first["counts"].values()) == 3
    assert set(first["offices"]["drafting"]) == {"Sở Giáo dục và Đào tạo"}
    assert said["tasks"]["overdue"] == 1
    assert all(said["tasks"]["identities"].values())
    (late,) = said["late"]
    assert (late["working_days_late"], late["reminded"], late["blocker"]) == (
        5,
        2,
        "22 xã chưa bàn giao tủ mạng",
    )
    (target,) = said["targets"]
    assert (target["numerator"], target["denominator"], target["light"]) == (20, 226, "very_slow")
    assert said["headline"] == "Bốn tháng: 0 trên 1 chỉ tiêu kịp tiến độ, 1 nhiệm vụ trễ"
    assert said["lines"]["limits"]


def test_a_province_without_anything_has_no_numbers_and_says_so() -> None:
    said = told()
    assert (said["plans"], said["late"], said["targets"]) == ([], [], [])
    assert all(one["value"] is None and one["note"] for one in said["figures"])
    assert said["tasks"]["total"] == 0
    assert "Không có nhiệm vụ nào quá hạn." in ran(*PERIOD)


def test_the_summary_is_for_people_and_the_report_for_word(tmp_path: Path) -> None:
    make_province()
    summary = ran(*PERIOD)
    assert "Xã đã nối mạng chuyên dùng: 8,8 % (20 trên 226)" in summary
    assert "trễ 5 ngày làm việc, 22 xã chưa bàn giao tủ mạng" in summary
    file = tmp_path / "so-ket.docx"
    ran(*PERIOD, "--docx", str(file))
    words = "\n".join(one.text for one in docx.Document(io.BytesIO(file.read_bytes())).paragraphs)
    assert "I. KẾT QUẢ" in words
    assert "CHƯA DUYỆT" in words


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2022-05-10", "2022-01-01", "Ngày cuối đứng trước"),
        ("2022-01-01", "2022-05-11", "Ngày cuối chưa tới"),
    ],
)
def test_a_period_that_cannot_be_is_refused(first: str, last: str, sentence: str) -> None:
    done = CliRunner().invoke(review.command, ["--from", first, "--to", last, "--json"])
    assert done.exit_code == 1
    assert sentence in done.output
