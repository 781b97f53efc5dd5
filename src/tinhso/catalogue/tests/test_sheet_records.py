"""Files of published sheets: every damage has its line and a sentence, and the rest is read."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinhso.catalogue.adapters.sheets import portal, word
from tinhso.catalogue.adapters.sheets.kept import as_json
from tinhso.catalogue.adapters.sheets.portal import read_portal
from tinhso.catalogue.adapters.sheets.records import LONGEST_LINE, Record, read_record, records
from tinhso.catalogue.adapters.sheets.word import read_word


def sheet(code: str = "1.000001", name: str = "Đăng ký mẫu", **parts: Any) -> dict[str, Any]:
    return {"Mã thủ tục": code, "Tên thủ tục": name, **parts}


def file_of(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "bang.jsonl"
    path.write_bytes(b"\n".join(line if isinstance(line, bytes) else line.encode() for line in lines))
    return path


def read_line(folder: Path, line: str | bytes) -> Record:
    before, found, after = records(file_of(folder, json.dumps(sheet()), line, json.dumps(sheet("1.000002"))))
    assert (before.reason, after.reason, after.line) == ("", "", 3)
    assert found.line == 2
    return found


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (json.dumps(sheet("1.000009"))[:40], "Dòng bị cắt giữa chừng."),
        ('{"Mã thủ tục": x}', "Dòng không phải JSON, sai từ chữ thứ 16."),
        ("[1, 2]", "Dòng không phải một bản ghi có tên mục."),
        (json.dumps(sheet(code=5)), "Mục “Mã thủ tục” sai kiểu: phải là chữ."),  # type: ignore[arg-type]
        (json.dumps({"ma_thu_tuc": "1", "ten_thu_tuc": ["a"]}), "Mục “Tên thủ tục” sai kiểu: phải là chữ."),
        (
            json.dumps({**sheet(), "Thành phần hồ sơ": 5}),
            "Mục “Thành phần hồ sơ” sai kiểu: phải là bảng hoặc chữ.",
        ),
        (
            json.dumps(sheet(**{"Mô tả": "x" * 5_000_000})),
            "Mục “Mô tả” dài 5.000.000 chữ, quá mức 500.000 chữ.",
        ),
        (
            '{"Mã thủ tục": "1.1", "Tên thủ tục": "a", "Tên thủ tục": "b"}',
            "Mục “Tên thủ tục” ghi hai lần, nội dung khác nhau.",
        ),
        (json.dumps(sheet(name="Không có thông tin")), "Không có tên thủ tục."),
        (json.dumps(sheet(code=" ")), "Không có mã thủ tục."),
        (json.dumps({"khác": 1}), "Không có mã và tên thủ tục, không rõ là mẫu nào."),
        (json.dumps(sheet()).encode() + b"\xff", "Dòng không phải chữ UTF-8 (byte thứ 107)."),
        ("[" * 100_000, "Dòng lồng quá nhiều tầng."),
        ('{"Mã thủ tục": "1.1", "Tên thủ tục": "a", "x": NaN}', "Dòng có số không đọc được."),
        ('{"Mã thủ tục": "1.1", "Tên thủ tục": "a", "x": 1e999}', "Mục “x” có số không đọc được."),
    ],
    ids=range(15),
)
def test_a_damaged_line_says_what_is_wrong_and_the_rest_is_read(
    tmp_path: Path, line: str | bytes, says: str
) -> None:
    assert read_line(tmp_path, line).reason == says


def test_a_damaged_line_still_names_its_procedure_where_it_can(tmp_path: Path) -> None:
    cut = json.dumps(sheet("1.000009"), ensure_ascii=False)[:-3]
    assert read_line(tmp_path, cut).code == "1.000009"


def test_letters_with_parted_marks_are_put_together_and_it_is_said(tmp_path: Path) -> None:
    parted = unicodedata.normalize("NFD", json.dumps(sheet(), ensure_ascii=False))
    found = read_line(tmp_path, parted)
    (whole,) = records(file_of(tmp_path, json.dumps(sheet())))
    assert found.name == "Đăng ký mẫu"
    assert found.content_hash == whole.content_hash
    assert [note.why for note in found.notes] == ["Chữ viết tách dấu, đã ghép lại."]


def test_a_formula_in_a_name_stays_text_and_is_said(tmp_path: Path) -> None:
    found = read_line(tmp_path, json.dumps(sheet(name="=cmd|' /C calc'!A0")))
    assert found.name == "=cmd|' /C calc'!A0"
    assert [note.part for note in read_record(found).flags[:1]] == ["formula"]


def test_a_key_said_twice_alike_is_taken_and_it_is_said(tmp_path: Path) -> None:
    found = read_line(tmp_path, '{"Mã thủ tục": "1.1", "Tên thủ tục": "a", "Tên thủ tục": "a"}')
    assert [note.why for note in found.notes] == ["Một mục ghi hai lần, cùng nội dung."]


def test_unseen_letters_are_dropped_and_it_is_said(tmp_path: Path) -> None:
    found = read_line(tmp_path, json.dumps(sheet(name="Đăng\x00 ký\u200b \ud800mẫu")))
    assert found.name == "Đăng ký mẫu"
    assert [note.why for note in found.notes] == ["Có ký tự không nhìn thấy, đã bỏ."]


def test_blank_lines_are_no_records(tmp_path: Path) -> None:
    path = file_of(tmp_path, "", "  ", json.dumps(sheet()), "\r", "")
    assert [found.line for found in records(path)] == [3]


def test_where_a_sheet_was_found_is_no_content(tmp_path: Path) -> None:
    one, other = records(
        file_of(
            tmp_path,
            json.dumps(sheet(_file="a", _bo="b", _url="c")),
            json.dumps(sheet(_file="x", formality_id="y", detail_url="z")),
        )
    )
    assert one.content_hash == other.content_hash


def test_a_packed_file_is_read_and_a_cut_one_says_where(tmp_path: Path) -> None:
    lines = [json.dumps(sheet(f"1.{n:06}", "x" * 500 + str(n * 7919))) for n in range(400)]
    whole = tmp_path / "whole.jsonl.gz"
    whole.write_bytes(gzip.compress("\n".join(lines).encode()))
    assert sum(not found.reason for found in records(whole)) == 400
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(whole.read_bytes()[:-200])
    last = list(records(cut))[-1]
    assert "Tệp nén bị hỏng" in last.reason
    assert last.line > 1


def test_a_line_of_any_length_takes_no_more_memory_than_one_line(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as out:
        out.write(json.dumps(sheet()).encode() + b"\n" + b'{"x": "')
        for _ in range(100):
            out.write(b"y" * 1024 * 1024)
        out.write(b'"}\n' + json.dumps(sheet("1.000003")).encode())
    tracemalloc.start()
    first, long, last = records(path)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (first.reason, last.code) == ("", "1.000003")
    assert long.reason == "Dòng dài hơn 16 MB, không nhận."
    assert peak < 4 * LONGEST_LINE


WORDS = st.text(max_size=60) | st.sampled_from(
    [
        "Không có thông tin",
        "5 Ngày làm việc",
        "Phí : 1.000 Đồng (x)",
        "Bản chính: 1\nBản sao: 0",
        "Tên giấy tờMẫu đơn, tờ khaiSố lượngĐơn1 bản chính",
        "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến1Miễn phí(((",
        "Trực tiếp99,999 VNĐ(",
        "Mã: KQ.G1",
        "1/2020/NĐ-CP2/2020/QH13",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["rows", "header", "x"]), inner)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from([*word.TEXTS, *word.TABLES, *portal.TEXTS, "_bo"])


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(KEYS, JSON, max_size=10) | JSON)
def test_no_json_of_any_kind_stops_the_reading(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    path = file_of(tmp_path_factory.getbasetemp(), json.dumps(value))
    (found,) = records(path)
    if not found.reason:
        json.dumps(as_json(read_record(found)))


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=5).map("".join), st.sampled_from(portal.TEXTS))
def test_no_text_of_a_page_stops_the_reading(text: str, key: str) -> None:
    as_json(read_portal({portal.CODE: "1.1", portal.NAME: "a", key: text}))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=5), max_size=3), st.sampled_from(word.TABLES))
def test_no_table_of_words_stops_the_reading(rows: list[list[str]], key: str) -> None:
    as_json(read_word({word.CODE: "1.1", word.NAME: "a", key: ["x", {"header": [], "rows": rows}]}))
