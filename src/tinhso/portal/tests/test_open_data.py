"""Open data: every procedure once, no cell that runs as a formula, and an entry that other portals can read."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, RequestFactory

from tinhso.catalogue.api import OpenRow, import_sheets, versions_on
from tinhso.directory.api import SYSTEM, load_demo, reference_stamp
from tinhso.measures.tests.factories import make_edition_row
from tinhso.portal.adapters.dcat import dcat_entry
from tinhso.portal.views.open_data import COLUMNS, csv_pieces, entry_of, json_pieces
from tinhso.toolkit import clock
from tinhso.toolkit.spreadsheet import guarded

TODAY = dt.date(2022, 5, 10)
AT = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)
SHAPES = Path(__file__).parents[4].parent / "shared" / "data" / "standards" / "dcat_ap" / "shacl"
BASE = "https://vi-du.test"


@pytest.fixture
def sheets(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    load_demo(key="thử")
    import_sheets(by=SYSTEM, at=AT)


def row(**changes: Any) -> OpenRow:
    """Return a row of an invented procedure."""
    facts: dict[str, Any] = {
        "code": "9.999001",
        "name": "Thử nghiệm",
        "legal_name": "Thủ tục thử nghiệm",
        "field": "Mẫu",
        "responsible": "Sở Ví Dụ",
        "executing_levels": ("commune", "province"),
        "level": None,
        "system": 2011,
        "limit": "3 ngày làm việc",
        "limit_value": "3",
        "limit_unit": "wd",
        "fee": "Miễn phí",
        "fee_vnd": 0,
        "can_file_online": False,
        "audience": ("citizen",),
        "effective_from": TODAY,
        "is_listed": True,
        "is_illustrative": True,
        "is_unverified": False,
    }
    return OpenRow(**{**facts, **changes})


def read_csv(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.usefixtures("sheets")
def test_csv_and_json_hold_every_procedure_once(client: Client) -> None:
    answer = client.get("/du-lieu-mo/thu-tuc.csv")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = read_csv(answer.getvalue())
    assert sorted(one["ma_thu_tuc"] for one in rows) == [
        version.procedure.code for version in versions_on(TODAY)
    ]
    assert list(rows[0]) == [name for name, _says in COLUMNS]
    document = json.loads(client.get("/du-lieu-mo/thu-tuc.json").getvalue())
    assert document["ngay"] == "2022-05-10"
    assert document["so_thu_tuc"] == len(document["thu_tuc"]) == 6
    birth = next(one for one in document["thu_tuc"] if one["ma_thu_tuc"] == "1.001193")
    assert birth["nop_qua_mang"] == "co"
    assert birth["trang"].endswith("/thu-tuc/1.001193/")
    assert client.get(birth["trang"]).status_code == 200


@pytest.mark.usefixtures("sheets")
def test_who_has_the_file_is_not_sent_it_again(client: Client) -> None:
    tag = client.get("/du-lieu-mo/thu-tuc.csv")["ETag"]
    again = client.get("/du-lieu-mo/thu-tuc.csv", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/du-lieu-mo/thu-tuc.json", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "cell", ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "＝1", "\n=1"]
)
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert str(guarded(cell)).startswith("'")
    content = b"".join(csv_pieces(iter([row(name=cell)]), BASE))
    assert not read_csv(content)[0]["ten_thu_tuc"].lstrip().startswith(("=", "+", "-", "@"))


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [guarded(cell) for cell in ("Đăng ký", 8_000, None, "3")] == ["Đăng ký", 8_000, "", "3"]


def test_thousands_of_rows_come_in_pieces() -> None:
    pieces = list(csv_pieces((row(code=f"9.{n:06d}") for n in range(4_500)), BASE))
    assert len(pieces) > 20
    assert len(read_csv(b"".join(pieces))) == 4_500
    document = json.loads(b"".join(json_pieces((row(code=f"9.{n:06d}") for n in range(450)), BASE, TODAY)))
    assert document["so_thu_tuc"] == 450
    assert json.loads(b"".join(json_pieces(iter([]), BASE, TODAY)))["thu_tuc"] == []


@pytest.mark.usefixtures("sheets")
def test_the_page_names_every_column(client: Client) -> None:
    page = client.get("/du-lieu-mo/").content.decode()
    assert all(name in page for name, _says in COLUMNS)
    assert "/du-lieu-mo/dcat.jsonld" in page


@pytest.mark.usefixtures("sheets")
def test_the_entry_is_json_ld_with_two_distributions(client: Client) -> None:
    answer = client.get("/du-lieu-mo/dcat.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    told = json.loads(answer.content)["dcat:dataset"][0]["dcat:distribution"]
    assert [one["dcat:downloadURL"]["@id"].rpartition(".")[2] for one in told] == ["csv", "json"]
    for one in told:
        assert client.get(one["dcat:downloadURL"]["@id"].partition("testserver")[2]).status_code == 200


def shapes() -> list[Path]:
    """Return the shapes of DCAT-AP 3, or skip where they or the checker are not there."""
    missing = not SHAPES.is_dir() or importlib.util.find_spec("pyshacl") is None
    if missing and os.environ.get("TINHSO_REQUIRE_DATA"):
        pytest.fail("the shapes of DCAT-AP or pyshacl are not there")
    if missing:
        pytest.skip("the shapes of DCAT-AP or pyshacl are not on this machine")
    return [SHAPES / "dcat-ap-SHACL.ttl", SHAPES / "ranges.ttl"]


def conforms(document: dict[str, Any]) -> tuple[bool, str]:
    """Return whether an entry fits every shape, and the report."""
    rules, pyshacl = shapes(), importlib.import_module("pyshacl")
    rdflib = importlib.import_module("rdflib")
    graph = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    shape, property_of, path = rdflib.Graph(), rdflib.SH.property, rdflib.SH.path
    for rule in rules:
        shape.parse(rule, format="turtle")
    # As published, a few properties are named and never defined: a checker stops at them.
    undefined = [
        triple for triple in shape.triples((None, property_of, None)) if (triple[2], path, None) not in shape
    ]
    assert len(undefined) < 6
    for triple in undefined:
        shape.remove(triple)
    fits, _graph, report = pyshacl.validate(graph, shacl_graph=shape, allow_warnings=False)
    return bool(fits), str(report)


@pytest.mark.usefixtures("sheets")
@pytest.mark.filterwarnings("ignore")
def test_the_entry_fits_the_shapes_of_dcat_ap_3() -> None:
    request = RequestFactory().get("/du-lieu-mo/dcat.jsonld")
    document = dcat_entry(entry_of(request, reference_stamp()))
    fits, report = conforms(document)
    assert fits, report
    del document["dcat:dataset"][0]["dct:description"]
    document["dct:publisher"].pop("foaf:name")
    fits, report = conforms(document)
    assert not fits


@pytest.mark.usefixtures("sheets")
@pytest.mark.filterwarnings("ignore")
def test_the_figures_are_datasets_of_the_same_entry_with_three_kinds_of_files(client: Client) -> None:
    procedure = versions_on(TODAY)[0].procedure.code
    make_edition_row(dt.date(2022, 4, 1), AT, "procedure", procedure, received=40)
    document = client.get("/du-lieu-mo/dcat.jsonld").json()
    fits, report = conforms(document)
    assert fits, report
    catalogue, *figures = document["dcat:dataset"]
    assert catalogue["dct:accrualPeriodicity"]["@id"].endswith("/DAILY")
    assert len(figures) == 7
    assert {one["dct:accrualPeriodicity"]["@id"].rpartition("/")[2] for one in figures} == {"MONTHLY"}
    addresses = [
        file["dcat:downloadURL"]["@id"].partition("testserver")[2]
        for one in figures
        for file in one["dcat:distribution"]
    ]
    assert len(addresses) == len(set(addresses)) == 21
    files = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in files.values()} == {200}
    mine = "/du-lieu-mo/so-lieu/thu-tuc/2022"
    (row,) = read_csv(files[f"{mine}.csv"].content)
    assert (row["thang"], row["ma"], row["tiep_nhan"], row["da_tra"]) == ("2022-04", procedure, "40", "")
    said = files[f"{mine}.json"].json()
    assert said["dong"][0]["tiep_nhan"] == 40
    assert said["dong"][0]["da_tra"] is None
    assert said["thang"][0]["so_o_khong_neu"] == 1
    assert [one["ten"] for one in said["cot"]] == list(row)
    assert files[f"{mine}.parquet"].content.startswith(b"PAR1")
    tag = files[f"{mine}.csv"]["ETag"]
    assert client.get(f"{mine}.csv", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/du-lieu-mo/so-lieu/thu-tuc/2022.xlsx").status_code == 404
    assert client.get("/du-lieu-mo/so-lieu/thu-tuc/2021.csv").status_code == 404
    for one in figures:
        page = client.get(one["dcat:landingPage"]["@id"].partition("testserver")[2])
        assert page.status_code == 200
