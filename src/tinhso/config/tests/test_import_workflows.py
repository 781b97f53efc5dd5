"""``tinhso import-workflows`` prints one document, whatever lies in the directory."""

import json
from pathlib import Path

from click.testing import CliRunner

from tinhso.config.commands.import_workflows import command

SHEET = """QUY TRÌNH
Mã hiệu: QT 01
Cấp giấy thử
MỤC LỤC
b. Thời hạn giải quyết: 01 ngày làm việc
TT
Trình tự các bước
Trách nhiệm
Thời gian
1.
Nhận hồ sơ
Bộ phận tiếp nhận
½ ngày
2.
Ký
Lãnh đạo Sở
½ ngày
*Ghi chú: không.
"""


def test_an_empty_directory_reads_nothing(tmp_path: Path) -> None:
    told = CliRunner().invoke(command, [str(tmp_path), "--json"])
    document = json.loads(told.output)
    assert (told.exit_code, document["read"], document["sum_holds"]) == (0, 0, True)


def test_every_file_is_told_and_hours_are_plain_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SHEET, encoding="utf-8")
    (tmp_path / "b.txt").write_text(SHEET, encoding="utf-8")
    (tmp_path / "c.bin").write_bytes(bytes(range(256)))
    document = json.loads(CliRunner().invoke(command, [str(tmp_path), "--json"]).output)
    assert [document[key] for key in ("read", "imported", "repeats", "listed")] == [3, 1, 1, 1]
    (process,) = document["sheets"][0]["processes"]
    assert [(step["order"], step["role"], step["hours"]) for step in process["steps"]] == [
        (1, "counter_clerk", "4"),
        (2, "leader", "4"),
    ]
    assert process["columns"][0]["fit"] == "exact"
    assert document["not_imported"][0]["file"] == "c.bin"


def test_people_get_a_line_for_each_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SHEET, encoding="utf-8")
    assert "✓ a.txt: Cấp giấy thử" in CliRunner().invoke(command, [str(tmp_path)]).output
