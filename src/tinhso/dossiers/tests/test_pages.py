"""Pages of the one-stop: who sees what, which acts are offered, what an act answers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from tinhso.directory.tests.factories import Cast
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.tests.desk import browser
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.toolkit import clock


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NINE + dt.timedelta(hours=1))


def test_the_in_box_shows_what_lies_on_ones_desk_and_nothing_else(cast: Cast) -> None:
    dossier = make_dossier(cast)
    address = reverse("dossiers:inbox")
    assert dossier.tracking_code in browser(cast.minh).get(address).content.decode()
    for other in (cast.tam, cast.son, cast.hoa):
        assert dossier.tracking_code not in browser(other).get(address).content.decode()
    assert browser(cast.lan).get(address).status_code == 404
    assert browser(None).get(address).status_code == 302


def test_the_in_box_tells_the_time_left_to_answer_and_who_let_it_pass(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = make_dossier(cast)
    address = reverse("dossiers:inbox")
    assert "Còn 7 giờ làm việc" in browser(cast.minh).get(address).content.decode()
    monkeypatch.setattr(clock, "now", lambda: NINE + dt.timedelta(days=2))
    page = browser(cast.minh).get(address).content.decode()
    assert "Quá hạn" in page
    assert "Quá 1 ngày làm việc" in page
    own = browser(cast.lan).get(reverse("dossiers:mine", args=[dossier.tracking_code])).content.decode()
    assert "Quá hạn" not in own, "nothing was promised yet"


def test_a_result_given_late_is_not_called_overdue(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    ended = NINE + dt.timedelta(days=10)
    Dossier.objects.filter(pk=dossier.pk).update(state="handed_over", ended_at=ended)
    page = browser(cast.lan).get(reverse("portal:my")).content.decode()
    assert "Trả trễ" in page
    assert "Quá hạn" not in page


def test_a_clerk_accepts_from_the_page_and_the_receipt_is_an_a5_pdf(cast: Cast) -> None:
    dossier = make_dossier(cast)
    desk = reverse("dossiers:desk", args=[dossier.tracking_code])
    page = browser(cast.minh).get(desk).content.decode()
    assert "Nhận và cấp giấy hẹn" in page
    done = browser(cast.minh).post(reverse("dossiers:act", args=[dossier.tracking_code, "nhan"]), follow=True)
    assert "số hồ sơ 000.15.33.H40-220510-0001" in done.content.decode()
    slip = Dossier.objects.get(pk=dossier.pk).slips.get()
    receipt = browser(cast.lan).get(reverse("dossiers:slip", args=[slip.token]))
    assert receipt.content.startswith(b"%PDF")
    assert browser(cast.binh).get(reverse("dossiers:slip", args=[slip.token])).status_code == 404


def test_a_second_clerk_reads_who_was_first_on_the_page(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    answer = browser(cast.minh).post(
        reverse("dossiers:act", args=[dossier.tracking_code, "nhan"]), follow=True
    )
    assert "Đỗ Minh Họa đã làm việc này trước" in answer.content.decode()


def test_a_supplement_without_reason_says_what_is_missing(cast: Cast) -> None:
    dossier = make_dossier(cast)
    answer = browser(cast.minh).post(
        reverse("dossiers:act", args=[dossier.tracking_code, "bo-sung"]),
        {"explanation": "Thiếu"},
        follow=True,
    )
    assert "từ 20 chữ cái trở lên" in answer.content.decode()


def test_whoever_holds_the_code_sees_where_the_dossier_is_and_why_it_is_due(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    page = browser(None).get(reverse("dossiers:tracked", args=[dossier.tracking_code])).content.decode()
    assert "thứ Sáu, 13/05/2022" in page
    assert "UBND xã Hải Hưng" in page
    assert dossier.owner_name not in page


@pytest.mark.parametrize(
    "name",
    [
        "portal:home",
        "portal:track",
        "measures:statistics",
        "portal:verify",
        "portal:help",
        "portal:privacy",
        "portal:accessibility",
        "measures:day_rows",
    ],
)
def test_public_pages_open_without_signing_in(db: None, name: str) -> None:
    assert browser(None).get(reverse(name)).status_code == 200


def test_a_code_that_leads_nowhere_says_so_and_keeps_what_was_typed(db: None) -> None:
    page = browser(None).get(reverse("portal:track"), {"ma": "khong-co"}).content.decode()
    assert "Không thấy hồ sơ nào có mã KHONG-CO" in page
    assert 'value="KHONG-CO"' in page


def test_my_page_lists_my_dossiers_only(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    assert str(dossier.number) in browser(cast.lan).get(reverse("portal:my")).content.decode()
    assert str(dossier.number) not in browser(cast.binh).get(reverse("portal:my")).content.decode()
