"""The public pages of figures: parts add up, files hold what pages show, small numbers stay away, rights."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
from typing import Any

import duckdb
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from tinhso.catalogue.api import Procedure
from tinhso.catalogue.tests.factories import make_online
from tinhso.directory.api import Office, OfficeKind, Succession
from tinhso.directory.tests.factories import make_office
from tinhso.dossiers.tests.factories import make_dossier
from tinhso.measures.tests.conftest import NOW, Promoting
from tinhso.measures.tests.counted import (
    EARLY,
    LATE,
    MOVED,
    ON_TIME,
    OVERDUE,
    RUNNING,
    WITHDRAWN,
    Book,
)
from tinhso.measures.tests.test_targets import client_of
from tinhso.toolkit import clock

ONE, TWO = "9.700001", "9.700002"
MARCH, APRIL, MAY = dt.date(2022, 3, 15), dt.date(2022, 4, 12), dt.date(2022, 5, 4)
WHOLE_MONTHS: dict[str, Any] = {"tu": "01/03/2022", "den": "30/04/2022"}


@pytest.fixture
def told(promoting: Promoting) -> Promoting:
    """Count three months: a large office, one with small numbers, one tiny."""
    for code in (ONE, TWO):
        make_online(code)
    field = Procedure.objects.get(code=ONE).field_id
    Procedure.objects.update(field=field)
    here, there = promoting.cast.commune, promoting.cast.elsewhere
    tiny = make_office("UBND xã Hải Tí Hon", OfficeKind.COMMUNE, "000.18.33.H40", here.parent)
    book = Book(field)
    for day in (MARCH, APRIL):
        book.write(day, here.pk, ONE, {EARLY: 40, ON_TIME: 30, LATE: 12, MOVED: 6, WITHDRAWN: 5})
        book.write(day, here.pk, TWO, {ON_TIME: 50, LATE: 8}, channel="counter")
        book.write(day, there.pk, ONE, {ON_TIME: 60, EARLY: 20, LATE: 2})
    book.write(APRIL, tiny.pk, ONE, {ON_TIME: 7})
    book.write(dt.date(2022, 4, 30), here.pk, ONE, {RUNNING: 9, OVERDUE: 6})
    book.write(MAY, here.pk, ONE, {ON_TIME: 11, LATE: 5})
    book.keep(but=(dt.date(2022, 5, 2),))
    return promoting


def page(name: str, *args: str, client: Client | None = None, **query: Any) -> Any:
    """Return a page as a tree."""
    answer = (client or Client()).get(reverse(f"measures:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return html.document_fromstring(answer.content)


def table(root: Any, title: str) -> dict[str, list[str]]:
    """Return the cells of a table by the name of the row."""
    (found,) = [one for one in root.iter("table") if words(one.find("caption")) == title]
    rows = [[words(cell) for cell in row] for row in found.iterfind(".//tr")]
    return {row[0]: row[1:] for row in rows[1:]}


def words(element: Any) -> str:
    """Return the text of an element, tidy."""
    return " ".join(element.text_content().split())


def says(root: Any, *sentences: str) -> None:
    """Check that the page says these sentences."""
    text = words(root)
    for one in sentences:
        assert one in text, one


def numbers(cells: list[str]) -> list[float]:
    """Return cells as numbers."""
    return [float(cell.replace(".", "").replace(",", ".").removesuffix(" %")) for cell in cells]


def test_the_province_says_its_finding_and_both_formulas_with_their_roots(told: Promoting) -> None:
    root = page("statistics", **WHOLE_MONTHS)
    # Strict: late 12 + 6 + 8 + 2 twice, and 6 overdue; ended with a due date 228 twice, and 7, and 6 overdue.
    says(root, "Cứ 1.000 hồ sơ đến hạn thì 132 hồ sơ trễ")
    says(root, "407 đúng hạn trên 469 hồ sơ", "438 đúng hạn trên 488 hồ sơ")
    says(
        root,
        "Trễ, tính chặt62",
        "Trễ (tính chặt), đúng hạn (cách tính quốc gia)− 12",
        "Trễ, cách tính quốc gia50",
    )
    says(root, "Đếm từ hồ sơ của hệ thống", "chưa kiểm chứng", "national-766-1", "Đếm lúc")
    assert root.xpath("//a[contains(@href, '/so-lieu/cong-thuc/#ct-strict-1')]")


def test_months_and_districts_add_up_to_the_whole(told: Promoting) -> None:
    root = page("statistics", **WHOLE_MONTHS)
    months = table(root, "Theo tháng")
    for column in range(5):
        rows = [numbers(cells)[column] for name, cells in months.items() if name != "Cả kỳ"]
        assert sum(rows) == numbers(months["Cả kỳ"])[column]
    places = table(root, "Theo huyện, thành phố")
    assert set(places) == {"Hải Hậu", "Cả tỉnh"}
    assert places["Hải Hậu"] == places["Cả tỉnh"]


@pytest.mark.parametrize(
    ("name", "title"), [("stats_offices", "Số liệu của từng cơ quan"), ("statistics", "Theo tháng")]
)
def test_every_file_holds_what_the_page_shows(told: Promoting, name: str, title: str) -> None:
    address = reverse(f"measures:{name}")
    shown = table(page(name, **WHOLE_MONTHS), title)
    sheet = "bang" if name == "stats_offices" else "thang"
    ask = {**WHOLE_MONTHS, "bang": sheet}
    rows = list(csv.DictReader(io.StringIO(Client().get(address, {**ask, "tai": "csv"}).content.decode())))
    document = json.loads(Client().get(address, {**ask, "tai": "json"}).content)
    parquet = Client().get(address, {**ask, "tai": "parquet"})
    assert parquet["Content-Type"] == "application/vnd.apache.parquet"
    assert [row["ten"] for row in rows] == [row["ten"] for row in document["rows"]]
    assert [row["ten"] for row in rows] == [name for name in shown if name not in ("Cả tỉnh", "Cả kỳ")]
    for row, same in zip(rows, document["rows"], strict=True):
        cells = shown[row["ten"]]
        assert "không nêu" in cells or float(row["tiep_nhan"]) in numbers(cells)
        for key, value in same.items():
            if not key.endswith("_vi_sao"):
                assert row[key] == (str(value) if value is not None else same[f"{key}_vi_sao"])
    assert document["formula"] == "strict-1"
    assert document["source"] == "đếm từ hồ sơ của hệ thống"
    assert document["counted_at"]
    assert [one["verified"] for one in document["formulas"]] == [True, False]
    kept = from_parquet(parquet.content)
    assert [row["ten"] for row in kept] == [row["ten"] for row in rows]
    assert [row["tiep_nhan"] for row in kept] == [row["tiep_nhan"] for row in document["rows"]]


def from_parquet(content: bytes) -> list[dict[str, Any]]:
    """Read a Parquet file as anybody would."""
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(content)
        file.flush()
        found = duckdb.read_parquet(file.name)
        return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_small_numbers_of_an_office_stay_away_from_strangers_and_officers_see_them(told: Promoting) -> None:
    there = told.cast.elsewhere.code
    stranger = table(page("stats_office", there, **WHOLE_MONTHS), "Theo tháng")
    assert stranger["3/2022"][0] == "82"
    assert "không nêu" in stranger["3/2022"]
    assert "2" not in stranger["3/2022"]
    assert stranger["3/2022"][1] == "82", "what was given back is told"
    figures = page("stats_office", told.cast.commune.code, **WHOLE_MONTHS).xpath("//div[@class='fig']")
    assert ["trong số đã trả kết quả" in words(one) for one in figures] == [True, False]
    assert "không nêu" in words(figures[1]), "another formula is told of the whole province only"
    officer = table(
        page("stats_office", there, client=client_of(told.cast.minh), **WHOLE_MONTHS), "Theo tháng"
    )
    assert numbers(officer["3/2022"]) == [82, 20, 60, 2, 0, 82, 2, 24.4]
    citizen = table(
        page("stats_office", there, client=client_of(told.cast.lan), **WHOLE_MONTHS), "Theo tháng"
    )
    assert citizen == stranger


def test_strangers_are_told_whole_months_that_are_over_and_officers_any_days(told: Promoting) -> None:
    here = told.cast.commune.code
    days: dict[str, Any] = {"tu": "10/04/2022", "den": "05/05/2022"}
    says(page("stats_office", here, **days), "Từ 01/04/2022 đến 30/04/2022.", "tháng trọn")
    says(
        page("stats_office", here, client=client_of(told.cast.minh), **days), "Từ 10/04/2022 đến 05/05/2022."
    )
    running = page("stats_office", here, tu="01/05/2022", den="10/05/2022")
    says(running, "Tháng này chưa hết")
    assert not running.findall(".//table")
    says(page("statistics", tu="01/05/2022", den="10/05/2022"), "Cứ 1.000 hồ sơ đến hạn thì 312 hồ sơ trễ")
    answer = Client().get(reverse("measures:stats_office", args=[here]), {"tu": "01/05/2022", "tai": "csv"})
    assert answer.status_code == 302


def test_a_field_or_channel_of_the_province_is_told_like_a_part(told: Promoting) -> None:
    root = page("statistics", kenh="counter", tu="10/04/2022", den="12/04/2022")
    says(root, "Cả tỉnh, từ 01/04/2022 đến 30/04/2022.", "50 đúng hạn trên 58 hồ sơ")
    field = Procedure.objects.get(code=ONE).field_id
    of_field = page("stats_field", str(field), **WHOLE_MONTHS)
    says(of_field, "488 hồ sơ tiếp nhận, 463 đã trả kết quả", "hầu hết là số nhỏ nên không nêu")
    assert table(of_field, "Theo tháng")["Cả kỳ"] == ["488", "463"]
    says(page("statistics", **{**WHOLE_MONTHS, "linh-vuc": field}), "488 hồ sơ tiếp nhận")
    officer = page("stats_field", str(field), client=client_of(told.cast.an), **WHOLE_MONTHS)
    says(officer, "407 đúng hạn trên 469 hồ sơ")


def test_a_day_that_was_not_counted_is_named_and_is_no_zero(told: Promoting) -> None:
    says(page("statistics"), "Chưa có số liệu", "02/05/2022", "5/2022, thiếu 1 ngày")
    months = table(page("statistics"), "Theo tháng")
    assert months["1/2022"] == ["chưa có số liệu"] * 8
    days = Client().get(reverse("measures:day_rows"), {"tu": "01/05/2022"}).content.decode()
    rows = {row["ngay"]: row for row in csv.DictReader(io.StringIO(days))}
    assert rows["2022-05-02"]["tiep_nhan"] == "chưa có số liệu"
    assert rows["2022-05-04"]["tiep_nhan"] == "16"
    assert rows["2022-05-03"]["tiep_nhan"] == "0"


def test_formulas_are_chosen_by_the_address(told: Promoting) -> None:
    root = page("statistics", **WHOLE_MONTHS, ct=["06a-1", "strict-1", "national-766-1"])
    says(root, "419 đúng hạn trên 463 hồ sơ", "407 đúng hạn trên 469 hồ sơ", "Trễ, theo biểu II.06a")
    assert root.xpath("//input[@id='duong-dan']/@value")[0].count("ct=") == 3
    says(page("statistics", ct="khong-co"), "Chọn từ một đến 3 công thức trong danh sách.")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"tu": "hôm qua"}, "Viết ngày như 01/03/2022."),
        ({"tu": "01/01/9999"}, "Chọn từ ngày đứng trước đến ngày"),
        ({"linh-vuc": "999999"}, "Không có lĩnh vực này."),
        ({"linh-vuc": "²"}, "Không có lĩnh vực này."),
        ({"kenh": "bồ câu"}, "Không có kênh nộp này."),
    ],
)
def test_what_cannot_be_is_told_and_files_lead_back_to_the_sentence(
    told: Promoting, typed: dict[str, Any], sentence: str
) -> None:
    says(page("statistics", **typed), sentence)
    answer = Client().get(reverse("measures:statistics"), {**typed, "tai": "json"}, follow=True)
    assert sentence in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("stats_office", "999.99.99.H99"),
        ("stats_procedure", "9.999999"),
        ("stats_field", "999999"),
        ("stats_month", "2022-13"),
        ("stats_month", "2022-06"),
        ("stats_month", "2020-12"),
        ("embed", "khong-co"),
        ("embed_office", "999.99.99.H99"),
    ],
)
def test_what_is_not_there_is_not_there(told: Promoting, name: str, key: str) -> None:
    assert Client().get(reverse(f"measures:{name}", args=[key])).status_code == 404


def test_the_tiny_stand_apart_and_are_not_ranked(told: Promoting) -> None:
    root = page("stats_offices", **WHOLE_MONTHS)
    large = table(root, "Số liệu của từng cơ quan")
    small = table(root, "Cơ quan có ít hồ sơ, không xếp hạng")
    assert set(large) == {"UBND xã Hải Hưng", "UBND xã Hải Bắc", "Cả tỉnh"}
    an = client_of(told.cast.an)
    ranked = table(page("stats_offices", client=an, **WHOLE_MONTHS), "Số liệu của từng cơ quan")
    assert list(ranked) == ["UBND xã Hải Hưng", "UBND xã Hải Bắc", "Cả tỉnh"]
    assert list(small) == ["UBND xã Hải Tí Hon"]
    assert small["UBND xã Hải Tí Hon"][1:3] == ["7", "7"]
    by_name = table(page("stats_offices", **WHOLE_MONTHS, xep="ten"), "Số liệu của từng cơ quan")
    assert list(by_name)[:2] == ["UBND xã Hải Bắc", "UBND xã Hải Hưng"]


def test_chosen_offices_stand_beside_the_average_with_their_denominators(told: Promoting) -> None:
    codes = [told.cast.commune.code, told.cast.elsewhere.code]
    ask: dict[str, Any] = {**WHOLE_MONTHS, "co-quan": codes}
    title = "Cơ quan đã chọn, so với cả tỉnh"
    exact = table(page("stats_compare", client=client_of(told.cast.an), **ask), title)
    assert numbers(exact["UBND xã Hải Hưng"]) == [317, 298, 58, 194.6, 80.54]
    assert numbers(exact["UBND xã Hải Bắc"]) == [164, 164, 4, 24.4, 97.56]
    shown = table(page("stats_compare", **ask), title)
    assert shown["UBND xã Hải Bắc"] == ["164", "164", "không nêu", "0", "không nêu", "không nêu"]
    assert shown["UBND xã Hải Hưng"][:2] == ["317", "292"]
    assert numbers(shown["Cả tỉnh"])[1:4] == [463, 56, 6], "given back, late, overdue"
    says(page("stats_compare", **{**WHOLE_MONTHS, "co-quan": "999.99.99.H99"}), "Không có cơ quan này.")


def _succeed(told: Promoting, *heirs: Office) -> None:
    """Close Hải Bắc at the end of April; its work goes on in the offices named."""
    there, end = told.cast.elsewhere, dt.date(2022, 4, 30)
    Office.objects.filter(pk=there.pk).update(valid_to=end)
    for heir in heirs:
        Succession.objects.create(
            predecessor=there, successor=heir, effective_date=end + dt.timedelta(days=1), decision="minh họa"
        )


def test_an_office_of_then_is_found_in_the_one_of_now(told: Promoting) -> None:
    heir = make_office("UBND xã Hải Mới", OfficeKind.COMMUNE, "000.19.33.H40", told.cast.commune.parent)
    _succeed(told, heir)
    then = table(page("stats_offices", **WHOLE_MONTHS), "Số liệu của từng cơ quan")
    now = table(page("stats_offices", **WHOLE_MONTHS, nay="1"), "Số liệu của từng cơ quan")
    assert then["UBND xã Hải Bắc"][1:] == now["UBND xã Hải Mới"][1:]
    assert "UBND xã Hải Bắc" not in now
    assert then["Cả tỉnh"] == now["Cả tỉnh"]
    says(page("stats_office", heir.code, **WHOLE_MONTHS, nay="1"), "Tính cả hồ sơ của UBND xã Hải Bắc")


def test_an_office_that_was_split_keeps_its_figures_and_says_why(told: Promoting) -> None:
    heir = make_office("UBND xã Hải Mới", OfficeKind.COMMUNE, "000.19.33.H40", told.cast.commune.parent)
    _succeed(told, heir, told.cast.commune)
    split = page("stats_offices", **WHOLE_MONTHS, nay="1")
    says(split, "UBND xã Hải Bắc (đã tách, giữ theo cơ quan cũ)")
    there = page("stats_office", told.cast.elsewhere.code, **WHOLE_MONTHS)
    says(there, "không tính lại được theo cơ quan hiện nay")


def test_a_month_has_its_page_and_its_neighbours(told: Promoting) -> None:
    root = page("stats_month", "2022-04")
    says(root, "Tháng 4/2022", "Cả tỉnh, từ 01/04/2022 đến 30/04/2022.")
    assert root.xpath("//a[@rel='prev' and contains(@href, '2022-03')]")
    assert root.xpath("//a[@rel='next' and contains(@href, '2022-05')]")
    assert not page("stats_month", "2022-05").xpath("//a[@rel='next']")


def test_every_formula_says_its_rules_source_and_how_sure_it_is(told: Promoting) -> None:
    root = page("formulas")
    says(root, "Đúng hạn, tính chặt", "Quá hẹn đầu", "Mọi hồ sơ còn lại", "Mã băm", "chưa kiểm chứng")
    for version in ("strict-1", "national-766-1", "06a-1"):
        assert root.xpath(f"//section[@id='ct-{version}']")


def test_procedures_and_their_offices_add_up(told: Promoting) -> None:
    root = page("stats_procedure", ONE, **WHOLE_MONTHS, client=client_of(told.cast.an))
    offices = table(root, "Theo cơ quan")
    for column in range(3):
        parts = [numbers(cells)[column] for name, cells in offices.items() if name != "Cả kỳ"]
        assert sum(parts) == numbers(offices["Cả kỳ"])[column]
    whole = table(page("stats_procedures", **WHOLE_MONTHS), "Số liệu của từng thủ tục có hồ sơ")
    # Received, and given back with a day it was due on: overdue ones still run.
    assert numbers(whole["Cả tỉnh"][1:3]) == [488, 463]
    fields = table(page("stats_fields", **WHOLE_MONTHS), "Số liệu của từng lĩnh vực")
    assert numbers(fields["Cả tỉnh"]) == [488, 463]


def test_day_rows_of_an_office_add_up_to_its_figures_for_an_officer(told: Promoting) -> None:
    root = page("stats_office_days", told.cast.commune.code, **WHOLE_MONTHS, client=client_of(told.cast.an))
    days = table(root, "Từng ngày")
    assert len(days) == 62
    for column in range(5):
        parts = [numbers(cells)[column] for name, cells in days.items() if name != "Cả kỳ"]
        assert sum(parts) == numbers(days["Cả kỳ"])[column]
    assert numbers(days["30/04/2022"]) == [15, 0, 0, 0, 0, 9, 6]


FRAMED = ("tinh", "thang", "huyen", "co-quan")


@pytest.mark.parametrize("kind", FRAMED)
def test_what_may_be_framed_is_bare_and_the_same_for_everybody(told: Promoting, kind: str) -> None:
    address = reverse("measures:embed", args=[kind])
    answer = Client().get(address, WHOLE_MONTHS)
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer
    root = html.document_fromstring(answer.content)
    assert not root.findall(".//nav")
    assert not root.findall(".//form")
    assert client_of(told.cast.minh).get(address, WHOLE_MONTHS).content == answer.content


def test_no_other_page_may_be_framed(told: Promoting) -> None:
    answer = Client().get(reverse("measures:statistics"))
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    snippet = page("statistics", **WHOLE_MONTHS).xpath("//code[@id='nhung']")[0].text
    assert "/so-lieu/nhung/tinh/?tu=01%2F03%2F2022" in snippet


@pytest.mark.parametrize(
    ("name", "args", "most"),
    [
        ("statistics", (), 25),
        ("stats_offices", (), 14),
        ("stats_office", ("000.15.33.H40",), 22),
        ("stats_procedure", (ONE,), 22),
        ("stats_compare", (), 14),
        ("formulas", (), 6),
    ],
)
def test_a_page_asks_a_fixed_number_of_queries(
    told: Promoting, name: str, args: tuple[str, ...], most: int
) -> None:
    address = reverse(f"measures:{name}", args=args)
    Client().get(address, WHOLE_MONTHS)
    with CaptureQueriesContext(connection) as asked:
        Client().get(address, {**WHOLE_MONTHS, "den": "29/04/2022"})
    assert len(asked) <= most, [one["sql"][:90] for one in asked]


@pytest.fixture
def accepted(told: Promoting, monkeypatch: pytest.MonkeyPatch) -> tuple[Promoting, Any]:
    """Accept one dossier at Hải Hưng."""
    dossier = make_dossier(told.cast, accepted=True)
    monkeypatch.setattr(clock, "now", lambda: NOW + dt.timedelta(hours=2))
    return told, dossier


def test_the_dossiers_behind_a_figure_are_for_whoever_may_read_them(accepted: tuple[Promoting, Any]) -> None:
    told, number = accepted[0], str(accepted[1].number)
    cast, address = told.cast, reverse("measures:stats_cases")
    ask = {"co-quan": cast.commune.code, "tu": "01/05/2022"}
    for reader in (cast.an, cast.minh, cast.son, cast.hoa):
        root = page("stats_cases", client=client_of(reader), **ask)
        says(root, "1 hồ sơ đằng sau con số", number, "chưa đến hạn")
        assert root.xpath("//a[contains(@href, '/mot-cua/ho-so/')]")
    elsewhere = page("stats_cases", client=client_of(cast.tam), **ask)
    says(elsewhere, "0 hồ sơ đằng sau con số")
    assert number not in words(elsewhere)
    for other in (cast.lan, cast.quan, told.oanh):
        assert client_of(other).get(address, ask).status_code == 404
    assert Client().get(address, ask).status_code == 302


def test_the_file_of_dossiers_holds_those_of_the_page_and_no_name(accepted: tuple[Promoting, Any]) -> None:
    told, dossier = accepted
    number = str(dossier.number)
    ask = {"thu-tuc": dossier.procedure_code, "tu": "01/05/2022", "tai": "csv"}
    answer = client_of(told.cast.an).get(reverse("measures:stats_cases"), ask)
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert row["so_ho_so"] == number
    assert row["theo_strict-1"] == "chưa đến hạn"
    assert row["theo_national-766-1"] == "đúng hạn"
    assert "Lan" not in answer.content.decode()


def test_only_whoever_may_read_dossiers_is_led_to_them(told: Promoting) -> None:
    code = told.cast.commune.code
    link = f"//a[contains(@href, '{reverse('measures:stats_cases')}')]"
    assert page("stats_office", code, client=client_of(told.cast.minh), **WHOLE_MONTHS).xpath(link)
    for other in (Client(), client_of(told.oanh), client_of(told.cast.lan)):
        assert not page("stats_office", code, client=other, **WHOLE_MONTHS).xpath(link)


def test_all_dossiers_of_the_province_are_listed_for_a_month_at_most(accepted: tuple[Promoting, Any]) -> None:
    told, number = accepted[0], str(accepted[1].number)
    an = client_of(told.cast.an)
    says(page("stats_cases", client=an, tu="01/03/2022"), "hoặc kỳ không quá 31 ngày")
    says(page("stats_cases", client=an, tu="01/05/2022"), number)
