"""The statutory papers: drawn with names of any length, and with places for number, date and signature."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pikepdf
import pytest

from tinhso.catalogue import api
from tinhso.catalogue.models import ProcedureVersion
from tinhso.catalogue.tests.samples import CODES, TODAY, answers
from tinhso.directory.api import SYSTEM, Office
from tinhso.documents.api import draw_pdf
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)
DISTRICT = Office(name="Ủy ban nhân dân huyện Ví Dụ", place="Ví Dụ")
COMMUNE = Office(name="Ủy ban nhân dân xã Giả Định", place="Giả Định", parent=DISTRICT)
SIGNER = api.Signer("Hoàng Nguyễn Thị Thanh Tuyền Ví Dụ", "Phó Chủ tịch")
TYPED: dict[str, dict[str, Any]] = {
    "1.013225": {
        "density": 82.5,
        "land_use": 2.5,
        "red_line": "Trùng ranh giới thửa đất",
        "building_line": "Lùi 2 m",
        "land_papers": "Giấy chứng nhận số CH 00001 do Ủy ban nhân dân huyện Ví Dụ cấp ngày 01/02/2018",
    },
    "3.000333": {"prepared_by": "Lê Thị Mẫu"},
}

pytestmark = pytest.mark.django_db


def version(code: str) -> ProcedureVersion:
    api.import_sheets(by=SYSTEM, at=AT)
    return api.current(code, TODAY)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.DOTALL))


@pytest.mark.parametrize("code", CODES)
def test_a_declaration_is_one_or_two_pages(code: str) -> None:
    html = api.form_html(version(code), answers(code), office=COMMUNE, on=TODAY)
    pdf = pikepdf.open(io.BytesIO(draw_pdf(html)))
    assert 1 <= len(pdf.pages) <= 2
    assert "None" not in words(html)
    assert "{" not in words(html)


@pytest.mark.parametrize("code", CODES)
def test_a_result_marks_where_number_date_and_signature_go(code: str) -> None:
    one = version(code)
    fields = api.draft_result(one, answers(code)) | TYPED.get(code, {})
    html = api.result_html(one, fields, answers(code), office=COMMUNE, signer=SIGNER, on=TODAY)
    for place in ("number", "date", "signature"):
        assert html.count(f'id="anchor-{place}"') == 1
        assert html.count(f'href="tinhso:{place}"') == 1
    assert SIGNER.name in html
    assert "None" not in words(html)
    pdf = pikepdf.open(io.BytesIO(draw_pdf(html)))
    assert len(pdf.pages) <= 2
    links = [a for page in pdf.pages for a in page.obj.get("/Annots", [])]
    sizes = {str(a.A.URI): [float(n) for n in a.Rect] for a in links if "/A" in a}
    left, bottom, right, top = sizes["tinhso:signature"]
    assert right - left == pytest.approx(80 * 72 / 25.4, abs=1)
    assert abs(top - bottom) == pytest.approx(30 * 72 / 25.4, abs=1)


def test_a_ban_that_nobody_asked_about_leaves_no_trace_on_the_record() -> None:
    one = version("3.000333")
    for asked, present in ((False, False), (True, True)):
        said = answers("3.000333", ban_check=asked)
        html = api.result_html(
            one,
            api.draft_result(one, said) | TYPED["3.000333"],
            said,
            office=COMMUNE,
            signer=SIGNER,
            on=TODAY,
        )
        assert ("cấm đảm nhiệm" in html) is present


def test_a_child_of_unknown_father_has_a_blank_father_on_both_papers() -> None:
    one = version("1.001193")
    said = answers("1.001193", child_situation="chi-me")
    draft = api.draft_result(one, {k: v for k, v in said.items() if not k.startswith("father")})
    assert "Nguyễn Văn Mẫu" not in api.form_html(one, said, office=COMMUNE, on=TODAY)
    assert "Nguyễn Văn Mẫu" not in api.result_html(one, draft, said, office=COMMUNE, signer=SIGNER, on=TODAY)
