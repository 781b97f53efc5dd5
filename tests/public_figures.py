"""Gather everything that strangers are told of the parts of the province, as tables that `attack_cells` reads.

It fetches the open datasets and the CSV of every page of statistics as somebody who is not signed in, and writes
them in long form with one vocabulary of columns:
``thang``, ``huyen``, ``co_quan``, ``linh_vuc``, ``thu_tuc``, ``kenh``, ``chi_so``, ``so``.
A period of several months is a column of its own. What everybody knows besides stands in ``tu-dien.json``.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.test import Client
from django.urls import reverse

#: Words of rows in files and in the vocabulary; numbers of a last day do not add up over months.
HIDDEN: Final = "không nêu"
STOCKS: Final = ("dang_lam_qua_han", "dang_lam_trong_han", "mau_so", "tre")
FLOWS: Final = (
    *("tiep_nhan", "tiep_nhan_qua_mang", "da_tra", "tra_truoc_han", "tra_dung_han", "tra_tre"),
    "ket_thuc_khac",
)
IDENTITIES: Final = (
    ("da_tra", ("tra_truoc_han", "tra_dung_han", "tra_tre")),
    ("tiep_nhan", ("tiep_nhan_qua_mang", "tiep_nhan_khac")),
    ("mau_so", ("da_tra", "dang_lam_qua_han")),
    ("tre", ("tra_tre", "dang_lam_qua_han")),
)
Labels = dict[str, str]


@dataclass
class Gathered:
    """Tables by the columns that label them, and which labels lie within which."""

    tables: dict[tuple[str, ...], list[tuple[Labels, str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    parents: dict[str, dict[str, dict[str, str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(dict))
    )
    files: int = 0

    def take(self, labels: Labels, name: str, said: str) -> None:
        """Take one cell as it is told."""
        self.tables[tuple(sorted(labels))].append((labels, name, said))

    def write(self, folder: Path) -> None:
        """Write what `attack_cells` reads."""
        for columns, cells in self.tables.items():
            name = "-".join(columns) or "ca-tinh"
            with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as text:
                sheet = csv.writer(text)
                sheet.writerow([*columns, "chi_so", "so"])
                sheet.writerows([*(labels[one] for one in columns), *rest] for labels, *rest in cells)
        said = {
            "parents": self.parents,
            "identities": [
                {"column": "chi_so", "total": total, "parts": parts} for total, parts in IDENTITIES
            ],
        }
        (folder / "tu-dien.json").write_text(json.dumps(said, ensure_ascii=False))


class Stranger:
    """Somebody who reads all public files."""

    def __init__(self, months: list[dt.date], places: Mapping[str, Mapping[str, str]]) -> None:
        """``places``: what everybody knows: finer column → label → labels by coarser columns, as ``parents``."""
        self.client = Client()
        self.months = months
        self.found = Gathered()
        for key, labels in places.items():
            fine, coarse = key.split("<")
            self.found.parents[fine][coarse] |= labels

    def rows(self, address: str, **query: Any) -> Iterator[dict[str, str]]:
        """Read a file; what is no CSV has no rows."""
        answer = self.client.get(address, query)
        if answer.status_code != 200 or "csv" not in answer["Content-Type"]:
            return
        self.found.files += 1
        yield from csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))

    def numbers(self, labels: Labels, row: Mapping[str, str], names: Iterable[str]) -> None:
        """Take the numbers of a row; words in their place stay away, a day without a count is no number."""
        for name in names:
            said = row.get(name, "chưa có số liệu")
            if said in ("", HIDDEN):
                self.found.take(labels, name, "")
            elif said.isdecimal():
                self.found.take(labels, name, said)
        for total, parts in IDENTITIES:
            if total in row and total in names:
                for one in (one for one in parts if one not in row):
                    self.found.take(labels, one, "0" if row[total] == "0" else "")

    # What there is

    def read_everything(self) -> Gathered:
        """Read datasets and pages."""
        self.datasets()
        periods = [(one, one) for one in self.months]
        periods += [(self.months[0], one) for one in self.months[1:]] + [(self.months[1], self.months[-1])]
        for first, last in periods:
            self.lists(first, last)
        self.parts()
        self.province()
        return self.found

    def datasets(self) -> None:
        """Read the open datasets of every year."""
        columns: dict[str, tuple[str, ...]] = {
            "ca-tinh": (),
            "huyen": ("huyen",),
            "co-quan": ("co_quan",),
            "linh-vuc": ("linh_vuc",),
            "linh-vuc-kenh": ("linh_vuc", "kenh"),
            "kenh": ("kenh",),
            "thu-tuc": ("thu_tuc",),
        }
        for key, words in columns.items():
            for year in sorted({one.year for one in self.months}):
                for row in self.rows(reverse("measures:open_figures_file", args=[key, year, "csv"])):
                    labels = {"thang": row["thang"]}
                    for word in words:
                        labels[word] = row["kenh"] if word == "kenh" else _label(word, row)
                    self.numbers(labels, row, (*FLOWS, *STOCKS))

    def lists(self, first: dt.date, last: dt.date) -> None:
        """Read the lists of offices, procedures, fields and districts of a period."""
        when, names = self._when(first, last), self._names(first, last)
        ask = _period(first, last)
        for page, word in (
            ("measures:stats_offices", "co_quan"),
            ("measures:stats_procedures", "thu_tuc"),
            ("measures:stats_fields", "linh_vuc"),
        ):
            for sheet in ("bang", "it-ho-so"):
                for row in self.rows(reverse(page), **ask, tai="csv", bang=sheet):
                    self.numbers({**when, word: _label(word, row)}, row, names)
        for row in self.rows(reverse("measures:index766_csv"), ky=f"{first:%Y-%m}", bang="co-quan"):
            if first == last and "online_tu_so" in row:
                told = {"tiep_nhan_qua_mang": row["online_tu_so"], "tiep_nhan": row["online_mau_so"]}
                self.numbers({**when, "ten_co_quan": row["co_quan"]}, told, FLOWS)

    def parts(self) -> None:
        """Read the page of every office, procedure and field, by month, and the months of each channel and field."""
        ask = _period(self.months[0], self.months[-1])
        seen = {word: {labels[word] for cells in self.found.tables.values() for labels, *_rest in cells if word in labels}
                for word in ("co_quan", "thu_tuc", "linh_vuc")}  # fmt: skip
        for word, page in (("co_quan", "measures:stats_office"), ("thu_tuc", "measures:stats_procedure")):
            for label in sorted(seen[word]):
                address = reverse(page, args=[label.split(" ")[0]])
                self._months(self.rows(address, **ask, tai="csv", bang="thang"), {word: label})
        for channel in ("online", "counter", "post"):
            address = reverse("measures:statistics")
            self._months(self.rows(address, **ask, kenh=channel, tai="csv", bang="thang"), {"kenh": channel})

    def province(self) -> None:
        """Read the months and the stretches of the whole province."""
        ask = _period(self.months[0], self.months[-1])
        self._months(self.rows(reverse("measures:statistics"), **ask, tai="csv", bang="thang"), {})
        for row in self.rows(reverse("measures:day_rows"), **ask):
            stretch = f"{row['ngay']}_{row['den_ngay']}"
            self.found.parents["doan"]["thang"][stretch] = row["ngay"][:7]
            self.numbers({"doan": stretch}, row, FLOWS)
            self.numbers({"luc": row["den_ngay"]}, row, STOCKS)

    def _months(self, rows: Iterable[Mapping[str, str]], labels: Labels) -> None:
        for row in rows:
            month, _slash, year = row["ten"].partition("/")
            if year.isdecimal():
                self.numbers({**labels, "thang": f"{year}-{int(month):02}"}, row, (*FLOWS, *STOCKS))

    def _when(self, first: dt.date, last: dt.date) -> Labels:
        """Return what labels the cells of a period: a month, or a column of its own for several."""
        if first == last:
            return {"thang": f"{first:%Y-%m}"}
        column = f"ky_{first:%Y%m}_{last:%Y%m}"
        for month in self.months:
            if first <= month <= last:
                self.found.parents["thang"][column][f"{month:%Y-%m}"] = "cả kỳ"
        return {column: "cả kỳ"}

    def _names(self, first: dt.date, last: dt.date) -> tuple[str, ...]:
        return (*FLOWS, *STOCKS) if first == last else FLOWS


def _label(word: str, row: Mapping[str, str]) -> str:
    """Return a label: the code where there is one, and the name."""
    return " ".join(
        one for one in (row.get("ma", ""), row["ten"]) if one and (word != "thu_tuc" or one == row["ma"])
    )


def _period(first: dt.date, last: dt.date) -> dict[str, str]:
    end = (last.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    return {"tu": f"{first:%d/%m/%Y}", "den": f"{end:%d/%m/%Y}"}


def gather(folder: Path, months: list[dt.date], known: Mapping[str, Mapping[str, str]]) -> Gathered:
    """Write everything public of some months into a folder; ``known``: "finer<coarser" → label → label."""
    found = Stranger(months, known).read_everything()
    found.write(folder)
    return found


def known_to_all(month: dt.date) -> dict[str, dict[str, str]]:
    """Return what everybody knows: which office lies in which district, which procedure in which field."""
    from tinhso.catalogue.api import Procedure  # noqa: PLC0415 - the settings are not there when tests are gathered
    from tinhso.measures.queries.places import places  # noqa: PLC0415 - the same

    every = places()
    district = {
        f"{one.code} {one.name}": (
            f"{every[one.district_id].code} {every[one.district_id].name}"
            if one.district_id
            else "Sở, ban, ngành tỉnh"
        )
        for one in every.values()
        if one.valid_from <= month
    }
    fields = dict(Procedure.objects.values_list("code", "field__name"))
    names = {f"{one.code} {one.name}": one.name for one in every.values()}
    return {"co_quan<huyen": district, "thu_tuc<linh_vuc": fields, "co_quan<ten_co_quan": names}
