"""The attack finds planted leaks, and nothing in what was protected."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path

import pytest

from tests.attack_cells import attack
from tinhso.measures.rules.cells import Line, Table, lines_of, nested, protect

DIMS = ("thang", "co_quan", "thu_tuc", "chi_so")
PARTS = ["som", "dung", "tre"]
IDENTITY = {"identities": [{"column": "chi_so", "total": "tiep_nhan", "parts": PARTS}]}
Rows = Iterable[tuple[Hashable, ...]]


def write(folder: Path, name: str, words: Iterable[str], rows: Rows) -> None:
    """Write one published table; the last of each row is the figure, None stays away."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as text:
        sheet = csv.writer(text)
        sheet.writerow([*words, "so"])
        sheet.writerows(["" if one is None else one for one in row] for row in rows)


def found_in(folder: Path) -> set[tuple[str, int, int]]:
    return {(one["cell"], one["lowest"], one["highest"]) for one in attack(folder)["found"]}


def test_a_small_cell_told_openly(tmp_path: Path) -> None:
    write(tmp_path, "a", ["co_quan"], [("Sở", 3), ("xã", 50)])
    assert found_in(tmp_path) == {("co_quan Sở", 3, 3)}


def test_a_hidden_cell_alone_in_its_sum(tmp_path: Path) -> None:
    write(tmp_path, "a", ["co_quan"], [("Sở", None), ("xã", 50), ("tất cả", 53)])
    assert ("co_quan Sở", 3, 3) in found_in(tmp_path)


def test_the_year_less_eleven_months(tmp_path: Path) -> None:
    months = [(f"2022-{m:02}", "Sở", 10) for m in range(1, 12)]
    write(tmp_path, "thang", ["thang", "co_quan"], [*months, ("2022-12", "Sở", None)])
    write(tmp_path, "nam", ["nam", "co_quan"], [("2022", "Sở", 112)])
    assert ("co_quan Sở, thang 2022-12", 2, 2) in found_in(tmp_path)


def test_a_month_less_its_days(tmp_path: Path) -> None:
    write(tmp_path, "ngay", ["ngay"], [("2022-03-01", 10), ("2022-03-02", None)])
    write(tmp_path, "thang", ["thang"], [("2022-03", 14)])
    assert ("ngay 2022-03-02", 4, 4) in found_in(tmp_path)


def test_an_office_less_its_other_procedures(tmp_path: Path) -> None:
    write(tmp_path, "hai", ["co_quan", "thu_tuc"], [("Sở", "p1", 20), ("Sở", "p2", None), ("xã", "p3", 50)])
    write(tmp_path, "mot", ["co_quan"], [("Sở", 21), ("xã", 50)])
    assert ("co_quan Sở, thu_tuc p2", 1, 1) in found_in(tmp_path)


def test_late_is_all_less_early_and_on_time(tmp_path: Path) -> None:
    rows = [("Sở", "tiep_nhan", 42), ("Sở", "som", 20), ("Sở", "dung", 20), ("Sở", "tre", None)]
    write(tmp_path, "a", ["co_quan", "chi_so"], rows)
    assert found_in(tmp_path) == set()
    (tmp_path / "tu-dien.json").write_text(json.dumps(IDENTITY))
    assert ("chi_so tre, co_quan Sở", 2, 2) in found_in(tmp_path)


def test_two_tables_at_different_grain_by_a_departments_own_procedures(tmp_path: Path) -> None:
    """The month of a department less the months of its procedures: no table has both, a third one says whose they are."""
    write(tmp_path, "a", ["thang", "co_quan"], [("2022-01", "Sở", 23), ("2022-01", "xã", 60)])
    months = [("2022-01", "p1", 20), ("2022-01", "p2", None), ("2022-01", "p3", 60)]
    write(tmp_path, "b", ["thang", "thu_tuc"], months)
    write(tmp_path, "c", ["co_quan", "thu_tuc"], [("Sở", "p1", 90), ("Sở", "p2", 30), ("xã", "p3", 600)])
    assert ("thang 2022-01, thu_tuc p2", 3, 3) in found_in(tmp_path)


def test_the_difference_of_two_sums_that_share_hidden_cells(tmp_path: Path) -> None:
    """Rows of two hidden blocks less their columns: no sum alone gives the joining cell."""
    hidden = {
        ("1", "a"),
        ("1", "b"),
        ("2", "a"),
        ("2", "b"),
        ("2", "c"),
        ("3", "c"),
        ("3", "d"),
        ("4", "c"),
        ("4", "d"),
    }
    cells = {(row, column): 8 for row in "1234" for column in "abcd"} | {("2", "c"): 3}
    rows = [(*key, None if key in hidden else n) for key, n in cells.items()]
    write(tmp_path, "hai", ["co_quan", "thu_tuc"], rows)
    for at, word, labels in ((0, "co_quan", "1234"), (1, "thu_tuc", "abcd")):
        sums = [(one, sum(n for key, n in cells.items() if key[at] == one)) for one in labels]
        write(tmp_path, word, [word], sums)
    assert ("co_quan 2, thu_tuc c", 3, 3) in found_in(tmp_path)


def test_hidden_cells_that_come_to_a_small_number_together(tmp_path: Path) -> None:
    write(tmp_path, "a", ["co_quan"], [("Sở", None), ("huyện", None), ("xã", 50), ("tất cả", 53)])
    assert any(one["how"] == "tổng các ô che" for one in attack(tmp_path)["found"])


def test_a_range_within_one_to_four(tmp_path: Path) -> None:
    write(tmp_path, "a", ["co_quan"], [("Sở", None), ("tất cả", None)])
    write(tmp_path, "b", ["co_quan", "thu_tuc"], [("Sở", "p1", 2), ("Sở", "p2", None)])
    assert ("co_quan Sở, thu_tuc p1", 2, 2) in found_in(tmp_path)


def test_a_large_hidden_cell_that_is_worked_out_is_no_find(tmp_path: Path) -> None:
    write(tmp_path, "a", ["co_quan"], [("Sở", None), ("xã", 50), ("tất cả", 90)])
    assert found_in(tmp_path) == set()


def a_year(seed: int, dossiers: int) -> Counter[tuple[str, ...]]:
    """Make up dossiers: three departments with procedures of their own, communes that share theirs."""
    draw = random.Random(seed)  # noqa: S311 - test data
    facts: Counter[tuple[str, ...]] = Counter()
    for _ in range(dossiers):
        rank = int(draw.paretovariate(0.9))
        if draw.random() < 0.3:
            office = f"so{draw.randrange(3)}"
            procedure = f"{office}.{rank % 12}"
        else:
            office, procedure = f"xa{int(draw.paretovariate(1)) % 20}", f"chung.{rank % 15}"
        outcome = draw.choices(PARTS, [60, 38, 2])[0]
        facts[f"2022-{draw.randrange(1, 13):02}", office, procedure, outcome] += 1
    return facts


def tables_of(facts: Mapping[tuple[str, ...], int]) -> list[Table]:
    shapes = [
        ("thang", "co_quan", "chi_so"), ("thang", "thu_tuc"), ("co_quan", "thu_tuc"), ("thang", "co_quan"),
        ("co_quan", "chi_so"), ("thang", "chi_so"), ("thang",), ("co_quan",), ("thu_tuc",), ("chi_so",), (),
    ]  # fmt: skip
    found = []
    for by in shapes:
        cells: Counter[tuple[Hashable, ...]] = Counter()
        for labels, n in facts.items():
            cells[tuple(labels[DIMS.index(word)] for word in by)] += n
        found.append(Table("-".join(by), by, cells))
    return found


def publish(folder: Path, tables: list[Table], hidden: frozenset[Hashable]) -> None:
    """Write the tables as they are published: the whole of an outcome is its own value of that column."""
    by_name = {table.name: table for table in tables}
    for table in tables:
        words = table.by
        rows = [(*labels, None if (table.name, labels) in hidden else n) for labels, n in table.cells.items()]
        if "chi_so" in words:
            whole = by_name["-".join(word for word in words if word != "chi_so")]
            rows += [
                (*labels, "tiep_nhan", None if (whole.name, labels) in hidden else n)
                for labels, n in whole.cells.items()
            ]
        write(folder, table.name or "toan-tinh", words, rows)
    (folder / "tu-dien.json").write_text(json.dumps(IDENTITY))


@pytest.mark.parametrize(("seed", "dossiers"), [(1, 20_000), (2, 3_000)])
def test_nothing_is_found_in_protected_tables_and_much_without(
    tmp_path: Path, seed: int, dossiers: int
) -> None:
    tables = tables_of(a_year(seed, dossiers))
    own = nested(tables[2], "thu_tuc", "co_quan")
    assert own
    lines: list[Line] = lines_of(tables, {("thu_tuc", "co_quan"): own})
    cells: dict[Hashable, int] = {(t.name, labels): n for t in tables for labels, n in t.cells.items()}
    found = protect(lines, cells, 5)
    assert not found.unproven

    publish(tmp_path, tables, found.hidden)
    report = attack(tmp_path)
    assert report["found"] == []
    assert report["contradictions"] == []
    assert report["hidden"] < 0.7 * report["cells"]

    publish(tmp_path, tables, frozenset(key for key, n in cells.items() if n < 5))
    assert attack(tmp_path)["found"], "hiding small cells alone protects nothing"
