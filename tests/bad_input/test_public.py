"""What anybody may type into the public pages."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.urls import reverse

from tests.bad_input.browser import Browser, file
from tests.bad_input.conftest import Story
from tinhso.directory.tests.factories import Cast
from tinhso.documents.models import StoredFile
from tinhso.documents.tests.corpus import HOSTILE, pdf
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.tests.factories import make_dossier

DAYS = {
    "31/02/2022": "Viết ngày như 01/03/2022.",
    "2022-03-01": "Viết ngày như 01/03/2022.",
    "hôm qua": "Viết ngày như 01/03/2022.",
    "'; drop table dossiers_dossier; --": "Viết ngày như 01/03/2022.",
    "01/01/9999": "Chọn từ ngày đứng trước đến ngày, không quá hôm nay.",
    "01/01/0001": "Chọn từ ngày đứng trước đến ngày, không quá hôm nay.",
}
JUNK = (
    "x" * 5_000,
    "'\"`;--",
    "100%",
    "%%%",
    "\\",
    "\x00",
    "khai\x00 sinh",
    "<script>alert(1)</script>",
    "\u202esinh",
    "🏠",
)


def mistyped(code: str) -> dict[str, str]:
    """Return the ways in which a code is copied wrongly by hand."""
    return {
        "small letters": code.lower(),
        "without dashes": code.replace("-", ""),
        "with spaces": f"  {code.replace('-', ' - ')} ",
        "O for 0": code.replace("0", "O"),
        "l for 1": code.replace("1", "l"),
        "long dashes": code.replace("-", "–"),
        "a full stop behind it": f"{code}.",
    }


def test_a_tracking_code_copied_by_hand_is_found(cast: Cast) -> None:
    dossier = make_dossier(cast)
    Dossier.objects.filter(pk=dossier.pk).update(tracking_code="70K2-1QXT-0HWB-1ZC8")
    for how, code in mistyped("70K2-1QXT-0HWB-1ZC8").items():
        answer = Browser().get(reverse("portal:track"), ma=code)
        assert answer.leads_to == "/tra-cuu/70K2-1QXT-0HWB-1ZC8/", how
        assert Browser().get(f"/tra-cuu/{quote(code)}/").status == 200, how


@pytest.mark.parametrize(
    "code", ["7K2M", "000.15.33.H40-220510-0001", "x" * 5_000, "' or 1=1 --", "\x00", "Ｋ"]
)
def test_a_code_that_leads_nowhere_says_what_a_code_looks_like_and_stays_in_the_box(
    cast: Cast, code: str
) -> None:
    make_dossier(cast)
    page = Browser().get(reverse("portal:track"), ma=code)
    if code.strip("\x00"):
        page.says("Không thấy hồ sơ nào có mã", "Mã có 16 chữ và số, in trên giấy hẹn.")
        assert page.boxes()["ma"] == code.upper()[:40]
    else:
        page.says("Gõ mã tra cứu in trên giấy hẹn")


@pytest.mark.parametrize("typed", DAYS)
def test_a_period_that_cannot_be_says_how_to_write_days_and_keeps_what_was_typed(
    db: None, typed: str
) -> None:
    page = Browser().get(reverse("measures:statistics"), tu=typed, den="10/05/2022")
    page.says(DAYS[typed])
    assert (page.boxes()["tu"], page.boxes()["den"]) == (typed[:20], "10/05/2022")


def test_a_period_that_ends_before_it_begins_is_told(db: None) -> None:
    page = Browser().get(reverse("measures:statistics"), tu="10/05/2022", den="01/05/2022")
    page.says("Chọn từ ngày đứng trước đến ngày, không quá hôm nay.")
    assert (page.boxes()["tu"], page.boxes()["den"]) == ("10/05/2022", "01/05/2022")


@pytest.mark.parametrize("typed", DAYS)
def test_a_table_of_a_period_that_cannot_be_leads_to_the_page_that_says_so(db: None, typed: str) -> None:
    browser = Browser()
    answer = browser.get(reverse("measures:day_rows"), tu=typed)
    assert answer.status == 302
    browser.follow(answer).says(DAYS[typed])


@pytest.mark.parametrize("term", JUNK)
def test_search_takes_anything(cast: Cast, term: str) -> None:
    make_dossier(cast)
    page = Browser().get(reverse("portal:search"), q=term)
    page.says("Tìm thủ tục")
    assert page.status == 200
    assert "<script>alert" not in page.html
    found = Browser(cast.minh).get(reverse("dossiers:find"), q=term)
    found.says("Tra cứu")
    assert (found.status, Dossier.objects.count()) == (200, 1)
    assert "<script>alert" not in found.html


VERIFIED = {
    "no file": (None, "Chưa có tệp nào. Chọn tệp PDF cần kiểm tra."),
    "an empty file": (b"", "Chưa có tệp nào. Chọn tệp PDF cần kiểm tra."),
    "a picture": (HOSTILE["kind/gif"][0](), "không phải"),
    "noise": (b"\x00\xff" * 500, "không phải"),
    "half a pdf": (pdf()[:300], "Tệp"),
    "a pdf that nobody signed": (pdf(), "chữ ký"),
    "a pdf with a script": (HOSTILE["script/at opening"][0](), "chữ ký"),
    "an oversized file": (b"%PDF-1.7\n" + bytes(21 * 1024 * 1024), "Tệp nặng 21,1 MB, tối đa 20 MB."),
}


@pytest.mark.parametrize("case", VERIFIED)
def test_a_paper_that_cannot_be_checked_says_why_and_is_not_kept(db: None, case: str) -> None:
    content, sentence = VERIFIED[case]
    fields = {} if content is None else {"file": file(content)}
    page = Browser().post(reverse("portal:verify"), fields)
    page.says("Kiểm tra văn bản", sentence)
    assert "Văn bản nguyên vẹn" not in page.text
    assert StoredFile.objects.count() == 0


NOWHERE = (
    "/khong-co-trang-nay/",
    "/thu-tuc/9.999999/",
    "/thu-tuc/%00/",
    "/tra-cuu/%00/",
    "/tra-cuu/KHONG-CO/",
    "/phieu/khong-co.pdf",
    "/phieu/%00.pdf",
    "/giay-to/khong-co/1.png",
    "/giay-to/khong-co/99999999999999999999.png",
    "/nop/9.999999/x/y/",
    "/admin/",
    "/.env",
    "/thu-tuc/..%2f..%2fetc%2fpasswd/",
    "/thu-tuc/%C3%28/",
)


@pytest.mark.parametrize("path", NOWHERE)
def test_an_address_that_leads_nowhere_offers_search_and_other_ways(cast: Cast, path: str) -> None:
    for browser in (Browser(), Browser(cast.lan), Browser(cast.minh)):
        page = browser.get(path)
        page.says("Không có trang này", "Cần làm việc gì? Gõ không cần dấu", "Về trang đầu")
        assert page.status == 404


@pytest.mark.parametrize("verb", ["khong-co", "nhan2", "%00", "NHAN"])
def test_an_act_that_nobody_knows_changes_nothing(cast: Cast, verb: str) -> None:
    dossier = make_dossier(cast)
    page = Browser(cast.minh).post(f"/mot-cua/ho-so/{dossier.tracking_code}/{verb}/")
    page.says("Không có trang này")
    dossier.refresh_from_db()
    assert (dossier.state, dossier.steps.count()) == ("submitted", 1)


def test_an_address_that_only_a_button_leads_to_says_so(story: Story, cast: Cast) -> None:
    dossier = make_dossier(cast)
    for browser, path in (
        (story.lan, reverse("dossiers:start", args=["1.001193"])),
        (story.lan, reverse("dossiers:withdraw", args=[dossier.tracking_code])),
        (Browser(cast.minh), reverse("dossiers:act", args=[dossier.tracking_code, "nhan"])),
    ):
        page = browser.get(path)
        page.says("Chỗ này không mở thẳng được", "Mở lại trang rồi bấm lần nữa.")
        assert page.status == 405


def test_a_reason_full_of_hidden_letters_is_stored_clean(cast: Cast) -> None:
    dossier = make_dossier(cast)
    words = "Chụp\x00 lại trang\u202e 2, thấy đủ bốn góc giấy."
    act = reverse("dossiers:act", args=[dossier.tracking_code, "bo-sung"])
    Browser(cast.minh).post(act, {"defect": "C-SCAN-UNCLEAR", "explanation": words})
    assert dossier.slips.get(form="02").reason == "Chụp lại trang 2, thấy đủ bốn góc giấy."


def test_another_host_name_gets_a_page_in_words(db: None) -> None:
    browser = Browser()
    answer = browser.client.get("/", headers={"Host": "ke-xau.vidu.vn"})
    browser._page(answer).says("Chưa nhận được điều vừa gửi")
    assert answer.status_code == 400


def test_a_database_that_is_away_gets_a_page_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    strangers, lan = Browser(), Browser(cast.lan)

    def away(*_args: object) -> None:
        raise OperationalError("connection refused")

    with monkeypatch.context() as broken:
        broken.setattr(BaseDatabaseWrapper, "cursor", away)
        pages = [
            browser.get(reverse("portal:track"), ma="7K2M-9QXT-4HWB-1ZC8") for browser in (strangers, lan)
        ]
    for page in pages:
        assert page.status == 500
        assert "Chưa làm được lúc này. Phần đã lưu vẫn còn" in page.text
        assert "</html>" in page.html
        assert "connection" not in page.text
