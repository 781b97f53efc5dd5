"""The pages of levels: who reads and who decides, the worklist with its filters and its file, what stays on a mistake."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from tinhso.catalogue import api
from tinhso.catalogue.models import Eligibility, Procedure, ServiceLevel
from tinhso.catalogue.tests.office import AT, Keepers, make_keepers
from tinhso.catalogue.tests.test_office_pages import client_of
from tinhso.directory.api import SYSTEM
from tinhso.directory.tests.factories import make_cast
from tinhso.toolkit import clock, counting

CODE, USED = "1.004873", "3.000333"
SAID = {
    "viec": "muc-do",
    "level": "2011-3",
    "number": "1215/QĐ-UBND",
    "date": "10/05/2022",
    "day": "01/06/2022",
    "reason": "Còn trả kết quả tại quầy",
}
FOUND = {"viec": "dieu-kien", "eligible": "co", "why": "Đủ bước", "basis": "12/BB-VP", "from": "10/05/2022"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def keepers(monkeypatch: pytest.MonkeyPatch) -> Keepers:
    api.import_sheets(by=SYSTEM, at=AT)
    monkeypatch.setattr(clock, "now", lambda: AT)
    return make_keepers()


@pytest.fixture
def waiting(keepers: Keepers, monkeypatch: pytest.MonkeyPatch) -> Keepers:
    """Let two procedures be eligible on level 3; the second in code is the more used one."""
    for code in (CODE, USED):
        procedure = Procedure.objects.get(code=code)
        procedure.is_listed, procedure.is_project_06 = True, code == USED
        procedure.responsible = "Sở Tư pháp" if code == CODE else "Sở Xây dựng"
        procedure.executing_levels = ["commune"] if code == CODE else ["province"]
        procedure.save()
        ServiceLevel.objects.filter(procedure=procedure).update(level=3)
        Eligibility.objects.create(
            procedure=procedure,
            is_eligible=True,
            reason="=Đủ bước",
            basis="12/BB-VP",
            valid_from=dt.date(2022, 1, 1),
            is_illustrative=False,
        )
    monkeypatch.setitem(counting._uses, "test", lambda start, end: {CODE: 3, USED: 1_200})
    return keepers


def page(client: Any, name: str, *args: Any, query: str = "") -> str:
    answer = client.get(reverse(f"catalogue:{name}", args=args) + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def names(text: str) -> list[str]:
    rows = html.fromstring(text).xpath("//section[@aria-labelledby='chua-len']//tbody/tr")
    return [row.xpath(".//span[@class='code']")[0].text for row in rows]


def test_the_most_used_stands_first_and_filters_leave_what_they_say(waiting: Keepers) -> None:
    vy = client_of(waiting.vy)
    assert names(page(vy, "levels")) == [USED, CODE]
    assert "1.200" in page(vy, "levels")
    assert names(page(vy, "levels", query="?de-an=1")) == [USED]
    assert names(page(vy, "levels", query="?cap=commune")) == [CODE]
    field = Procedure.objects.get(code=CODE).field.name
    assert names(page(vy, "levels", query=f"?linh-vuc={field}")) == [CODE]
    assert names(page(vy, "levels", query="?co-quan=Sở+Tư+pháp")) == [CODE]
    assert names(page(vy, "levels", query="?linh-vuc=khac")) == []
    assert names(page(vy, "levels", query="?ngay=31/12/2021")) == []
    wrong = page(vy, "levels", query="?ngay=mai&trang=x&cap=%00")
    assert "Ghi đủ ngày, tháng, năm" in wrong
    assert 'value="mai"' in wrong
    assert "Áp dụng từ 15/08/2022" in page(vy, "levels", query="?ngay=14/08/2022")
    assert "Không còn áp dụng từ 15/08/2022" in page(vy, "levels", query="?ngay=15/08/2022")


def test_the_file_has_the_filtered_lines_and_no_formula(waiting: Keepers) -> None:
    answer = client_of(waiting.khoa).get(reverse("catalogue:levels_csv") + "?cap=province")
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert (row["ma_thu_tuc"], row["so_ho_so_mot_nam"], row["de_an_06"]) == (USED, "1200", "co")
    assert row["ly_do_du_dieu_kien"] == "'=Đủ bước"


def test_an_editor_reads_and_a_reviewer_decides(waiting: Keepers) -> None:
    address = reverse("catalogue:level", args=[CODE])
    vy, khoa = client_of(waiting.vy), client_of(waiting.khoa)
    assert "Ghi quyết định" not in page(vy, "level", CODE)
    assert [vy.post(address, said).status_code for said in (SAID, {}, FOUND)] == [404, 404, 404]
    assert "Ghi quyết định" in page(khoa, "level", CODE)
    assert address in page(khoa, "procedure", CODE)
    stranger = client_of(make_cast().minh)
    for name, args in (("levels", []), ("levels_csv", []), ("level", [CODE])):
        assert stranger.get(reverse(f"catalogue:{name}", args=args)).status_code == 404
    assert khoa.get(reverse("catalogue:level", args=["9.999999"])).status_code == 404


def sent(text: str, what: str) -> dict[str, str]:
    """Return what the form of a kind would send as it is shown."""
    forms = html.fromstring(text).forms
    form = next(one for one in forms if dict(one.form_values()).get("viec") == what)
    return {name: str(value) for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def test_a_mistake_keeps_what_was_typed_and_the_next_try_is_written(waiting: Keepers) -> None:
    khoa, address = client_of(waiting.khoa), reverse("catalogue:level", args=[CODE])
    shown = page(khoa, "level", CODE)
    typed = sent(shown, "muc-do") | SAID | {"day": "mai", "reason": ""}
    wrong = khoa.post(address, typed)
    assert wrong.status_code == 422
    assert "Còn 2 chỗ cần sửa" in wrong.content.decode()
    assert sent(wrong.content.decode(), "muc-do") == typed
    late = khoa.post(address, typed | {"day": "01/01/2021", "date": "01/01/2021", "reason": "Lý do"})
    assert late.status_code == 422
    assert "Đã có quyết định áp dụng từ 01/01/2021" in late.content.decode()
    assert sent(late.content.decode(), "muc-do")["reason"] == "Lý do"
    assert khoa.post(address, sent(shown, "muc-do") | SAID).status_code == 302
    stale = khoa.post(address, sent(shown, "muc-do") | SAID | {"day": "02/06/2022"})
    assert stale.status_code == 422
    assert "Tô Khoa Giả Định vừa quyết định trước" in stale.content.decode()
    again = sent(stale.content.decode(), "muc-do")
    assert again["day"] == "02/06/2022"
    assert khoa.post(address, again).status_code == 302
    assert ServiceLevel.objects.filter(procedure__code=CODE).count() == 3


def test_eligibility_is_decided_on_the_same_page(waiting: Keepers) -> None:
    khoa, address = client_of(waiting.khoa), reverse("catalogue:level", args=[CODE])
    typed = sent(page(khoa, "level", CODE), "dieu-kien") | FOUND
    wrong = khoa.post(address, typed | {"eligible": "", "why": ""})
    assert wrong.status_code == 422
    assert sent(wrong.content.decode(), "dieu-kien")["basis"] == "12/BB-VP"
    assert khoa.post(address, typed | {"eligible": "khong", "why": "Còn bản giấy"}).status_code == 302
    text = page(khoa, "level", CODE)
    assert "Còn bản giấy" in text
    assert "Chưa đủ điều kiện" in text
    assert names(page(khoa, "levels")) == [USED]


@pytest.mark.parametrize("wild", ["\x00", "x" * 5_000, "９", "-1", "31/02/2022", "2011-９", ""])
def test_no_box_brings_the_page_down(waiting: Keepers, wild: str) -> None:
    khoa, address = client_of(waiting.khoa), reverse("catalogue:level", args=[CODE])
    for said in (SAID, FOUND):
        for name in (*said, "seen"):
            assert khoa.post(address, {**said, name: wild}).status_code in (302, 422)
