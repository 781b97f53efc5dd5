"""Importing published sheets: every line is accounted for, and the second run changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tinhso.catalogue.adapters.sheets.records import Record, records
from tinhso.catalogue.models import SheetRecord
from tinhso.catalogue.services import import_records as module
from tinhso.catalogue.services.import_records import Imported, import_records, read_of
from tinhso.catalogue.tests.test_sheet_records import file_of, sheet
from tinhso.directory.api import SYSTEM
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)
#: Real sheets stand beside the project, never in it.
REAL = Path(__file__).parents[4].parent / "shared" / "data" / "procedures"

pytestmark = pytest.mark.django_db


def run(path: Path) -> Imported:
    done = import_records(path, by=SYSTEM, at=AT)
    assert done.read == done.imported + done.variants + done.repeats + done.listed
    return done


def lines(folder: Path, *sheets: dict[str, Any] | str) -> Path:
    return file_of(folder, *(one if isinstance(one, str) else json.dumps(one) for one in sheets))


def test_a_sheet_is_imported_a_repeat_a_variant_or_listed(tmp_path: Path) -> None:
    first = sheet(**{"Mô tả": "một"})
    path = lines(tmp_path, first, {**first, "_bo": "khác"}, {**first, "Mô tả": "hai"}, "{", sheet("1.000002"))
    done = run(path)
    assert (done.read, done.imported, done.repeats, done.variants, done.listed) == (5, 2, 1, 1, 1)
    variant = SheetRecord.objects.get(outcome="variant")
    assert (variant.code, variant.line, variant.differs) == ("1.000001", 3, ["Mô tả"])
    listed = SheetRecord.objects.get(outcome="listed")
    assert (listed.line, listed.reason) == (4, "Dòng bị cắt giữa chừng.")
    assert [(one.line, one.outcome) for one in done.records] == [(3, "variant"), (4, "listed")]


def test_the_second_run_changes_nothing(tmp_path: Path) -> None:
    path = lines(tmp_path, sheet(), sheet(name="Tên khác"), "[]", "[]")
    assert run(path).changed == 3
    before = list(SheetRecord.objects.order_by("pk").values())
    again = run(path)
    assert (again.changed, again.repeats, again.listed) == (0, 2, 2)
    assert list(SheetRecord.objects.order_by("pk").values()) == before


def test_a_later_file_finds_the_first_content_of_a_code(tmp_path: Path) -> None:
    run(lines(tmp_path, sheet(**{"Lĩnh vực": "Hộ tịch"})))
    run(lines(tmp_path, {"ma_thu_tuc": "1.000001", "ten_thu_tuc": "Đăng ký mẫu", "linh_vuc": "Đất đai"}))
    assert SheetRecord.objects.get(shape="portal").differs == ["Lĩnh vực"]


def test_a_kept_sheet_gives_back_what_was_read_and_what_a_person_must_look_at(tmp_path: Path) -> None:
    run(lines(tmp_path, sheet(**{"Cấp thực hiện": "Cấp Xã", "Đối tượng thực hiện": "Người lạ"})))
    read = read_of(SheetRecord.objects.get())
    assert (read.code, read.levels) == ("1.000001", ("commune",))
    assert "Không nhận ra đối tượng thực hiện." in [flag.why for flag in read.flags]


def test_two_imports_at_once_do_not_both_take_the_first(tmp_path: Path) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [module._LOCK])
        with pytest.raises(module.ImportRunning, match="lần nhập khác"):
            run(lines(tmp_path, sheet()))
        assert not SheetRecord.objects.exists()
    finally:
        # A closed connection gives its lock back only when its process has ended.
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [module._LOCK])
        other.close()


def test_rows_are_written_a_batch_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    insert = module._insert

    def told(rows: list[SheetRecord]) -> None:
        written.append(len(rows))
        insert(rows)

    monkeypatch.setattr(module, "_BATCH", 2)
    monkeypatch.setattr(module, "_insert", told)
    run(lines(tmp_path, *(sheet(f"1.{n:06}") for n in range(5))))
    assert written == [2, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_stays_open_while_the_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ones: list[bool] = []

    def watched(path: Path) -> Iterator[Record]:
        for record in records(path):
            open_ones.append(connection.in_atomic_block)
            yield record

    monkeypatch.setattr(module, "records", watched)
    run(lines(tmp_path, sheet(), sheet("1.000002")))
    assert open_ones == [False, False]


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    assert run(file_of(tmp_path, "")).read == 0


@pytest.fixture
def real() -> Path:
    if not REAL.is_dir():
        if os.environ.get("TINHSO_REQUIRE_DATA"):
            pytest.fail("the real sheets are not there")
        pytest.skip("the real sheets are not on this machine")
    return REAL


def test_the_real_sheets_are_all_accounted_for(real: Path) -> None:
    done = run(real / "sheets-2025-12.jsonl.gz")
    assert (done.read, done.imported, done.repeats, done.variants, done.listed) == (2_710, 2_292, 313, 105, 0)
    assert run(real / "sheets-2025-12.jsonl.gz").changed == 0
    sheets = [read_of(row) for row in SheetRecord.objects.all()]
    units = Counter(term.unit for read in sheets for term in read.terms)
    assert units["wd"] + units["d"] + units["h"] + units["m"] > 0.88 * units.total()
    for read in sheets:
        flagged = {flag.part for flag in read.flags}
        assert "terms" in flagged or all(term.unit for term in read.terms), read.code
        assert "fees" in flagged or all(f.vnd is not None for t in read.terms for f in t.fees), read.code


def test_the_pages_of_the_portal_are_all_accounted_for(real: Path) -> None:
    done = run(real / "portal-2026-sample.jsonl")
    assert (done.read, done.listed) == (33, 0)
    birth = read_of(SheetRecord.objects.get(code="1.001193"))
    assert (birth.results, birth.levels) == (("Giấy khai sinh",), ("commune",))
    assert {term.channel for term in birth.terms} == {"online", "counter", "post"}
    assert all(law.number for law in birth.legal)
