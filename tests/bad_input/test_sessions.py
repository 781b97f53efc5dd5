"""Sessions that end, tokens that are old: nothing typed is lost, and nobody else sees it."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse

from tests.bad_input.browser import PAGE, Browser, Page
from tests.bad_input.conftest import Story
from tinhso.directory.api import Account
from tinhso.directory.tests.factories import Cast
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.tests.factories import make_dossier
from tinhso.dossiers.views.filing import CHECK, PAPERS

CHILD = {"child_name": "Nguyễn Ví Dụ Bình", "child_sex": "nam"}
SIGN_IN = "/tai-khoan/login/"


def lost(story: Story, key: str, fields: dict[str, Any]) -> Page:
    """Let the session end, then send a page of the form."""
    story.lan.token()
    story.lan.lose_session()
    return story.lan.post(story.page(key), fields)


def test_a_form_sent_after_the_session_ended_comes_back_after_signing_in(story: Story) -> None:
    before = story.typed()
    sent = lost(story, "ten-chau", CHILD)
    assert sent.leads_to.startswith(SIGN_IN)
    assert unquote(sent.leads_to).endswith(f"next={story.page('ten-chau')}")
    story.lan.get(sent.leads_to).says(
        "Phiên làm việc đã hết", "Phần vừa gõ còn nguyên. Đăng nhập xong sẽ gửi tiếp được."
    )
    assert story.typed() == before
    story.lan.sign_in(story.cast.lan)
    offered = story.lan.get(story.page("ten-chau"))
    offered.says("Phần vừa gõ còn nguyên", "Gửi lại")
    boxes = {key: value for key, value in offered.boxes().items() if key != "csrfmiddlewaretoken"}
    assert boxes == CHILD
    assert f'action="{story.page("ten-chau")}"' in offered.html
    assert story.lan.post(story.page("ten-chau"), boxes).leads_to
    assert story.typed()["child_name"] == CHILD["child_name"]
    assert story.lan.get(story.page("ten-chau")).boxes()["child_name"] == CHILD["child_name"]


def test_the_final_click_after_the_session_ended_is_sent_once_after_signing_in(story: Story) -> None:
    story.add_papers()
    lost(story, CHECK, {"key": "het-phien", "declared": "1"})
    assert Dossier.objects.count() == 0
    story.lan.sign_in(story.cast.lan)
    boxes = story.lan.get(story.page(CHECK)).boxes()
    story.lan.follow(story.lan.post(story.page(CHECK), boxes)).says(
        "Đã nộp hồ sơ", Dossier.objects.get().tracking_code
    )


def test_somebody_else_who_signs_in_there_does_not_see_what_was_typed(story: Story) -> None:
    lost(story, "ten-chau", CHILD)
    story.lan.sign_in(story.cast.binh)
    for path in (story.page("ten-chau"), "/", "/cua-toi/"):
        page = story.lan.get(path)
        assert CHILD["child_name"] not in page.html
    assert story.lan.get(story.page("ten-chau")).status == 404


def test_a_file_that_could_not_go_along_is_said_to_be_chosen_again(story: Story) -> None:
    from tests.bad_input.browser import file  # noqa: PLC0415 - used by this story alone

    before = story.rows()
    lost(story, PAPERS, {"paper": "chung-sinh", "file": file(b"%PDF-1.7")})
    story.lan.sign_in(story.cast.lan)
    story.lan.get(story.page(PAPERS)).says("Tệp chưa đi kèm được. Gửi xong, hãy chọn lại tệp.")
    assert story.rows() == before


def test_an_officers_words_come_back_after_signing_in_too(cast: Cast) -> None:
    dossier = make_dossier(cast)
    minh, desk = Browser(cast.minh), reverse("dossiers:desk", args=[dossier.tracking_code])
    act = reverse("dossiers:act", args=[dossier.tracking_code, "bo-sung"])
    minh.token()
    minh.lose_session()
    words = {"defect": "C-SCAN-UNCLEAR", "explanation": "Chụp lại trang 2,\nthấy đủ bốn góc giấy."}
    sent = minh.post(act, words, before=desk)
    assert unquote(sent.leads_to).endswith(f"next={desk}")
    minh.sign_in(cast.minh)
    offered = minh.get(desk)
    offered.says("Phần vừa gõ còn nguyên")
    boxes = {key: value for key, value in offered.boxes().items() if key != "csrfmiddlewaretoken"}
    assert boxes == words
    assert f'action="{act}"' in offered.html
    minh.post(act, boxes, before=desk)
    assert dossier.slips.get(form="02").reason.startswith("Chụp lại trang 2,")


def test_an_autosave_after_the_session_ended_leads_to_signing_in_and_keeps_no_form(story: Story) -> None:
    before = story.typed()
    story.lan.lose_session()
    saved = story.lan.post(
        reverse("dossiers:autosave", args=[story.draft.token, "ten-chau"]), CHILD, Accept="application/json"
    )
    assert saved.leads_to.startswith(SIGN_IN)
    story.lan.sign_in(story.cast.lan)
    assert "Phần vừa gõ còn nguyên" not in story.lan.get(story.page("ten-chau")).text
    assert story.typed() == before


def test_an_old_token_offers_to_send_again_what_was_typed(story: Story) -> None:
    """Signing in from another tab changes the token; the form of the first tab still has the old one."""
    before = story.typed()
    page = story.lan.post(story.page("ten-chau"), {**CHILD, "csrfmiddlewaretoken": "c" * 32})
    page.says("Phần vừa gõ còn nguyên", "Gửi lại")
    assert page.status == 403
    assert story.typed() == before
    boxes = page.boxes()
    assert {key: boxes[key] for key in CHILD} == CHILD
    assert story.lan.post(story.page("ten-chau"), boxes).leads_to
    assert story.typed()["child_name"] == CHILD["child_name"]


@pytest.mark.parametrize("sender", ["https://ke-xau.vidu.vn", "null", "http://testserver.ke-xau.vn"])
def test_a_form_from_another_site_is_not_taken_over(story: Story, sender: str) -> None:
    before = story.typed()
    fields = {**CHILD, "csrfmiddlewaretoken": "c" * 32}
    page = story.lan.post(story.page("ten-chau"), fields, Origin=sender)
    page.says("Chưa gửi được. Trang mở đã lâu", "Quay lại trang trước, tải lại rồi gửi lần nữa.")
    assert page.status == 403
    assert CHILD["child_name"] not in page.html
    assert story.typed() == before


def test_a_form_without_any_token_or_cookie_is_told_to_load_the_page_again(db: None) -> None:
    browser = Browser()
    answer = browser.client.post(SIGN_IN, {"login": "lan", "password": "bi-mat-cua-lan"}, headers=PAGE)
    page = browser._page(answer)
    page.says("Chưa gửi được. Trang mở đã lâu", "Quay lại trang trước, tải lại rồi gửi lần nữa.")
    assert "bi-mat-cua-lan" not in page.html


@pytest.fixture
def _counting(db: None) -> Any:
    """Count attempts anew."""
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("_counting")
def test_wrong_passwords_again_and_again_are_told_to_wait_in_plain_words(cast: Cast) -> None:
    lan = Account.objects.get(pk=cast.lan.account_id or 0)
    lan.set_password("mat-khau-dung-cua-lan")
    lan.save()
    browser = Browser()
    wrong = {"login": "lan", "password": "sai-bet"}
    page = browser.post(SIGN_IN, wrong)
    page.says("Tên đăng nhập hoặc mật khẩu chưa đúng. Gõ lại cả hai.")
    assert page.boxes()["login"] == "lan"
    for _ in range(6):
        page = browser.post(SIGN_IN, wrong)
    page.says("Đã thử quá nhiều lần. Chờ năm phút rồi thử lại.")
    right = browser.post(SIGN_IN, {"login": "lan", "password": "mat-khau-dung-cua-lan"})
    right.says("Đã thử quá nhiều lần. Chờ năm phút rồi thử lại.")
    assert settings.SESSION_COOKIE_NAME not in browser.client.cookies
    for n in range(40):
        page = browser.post(SIGN_IN, {"login": f"nguoi{n}", "password": "sai-bet"})
    page.says("Đã thử nhiều lần liền. Đợi ít phút", "Sau năm phút thử lại là được.")
    assert page.status == 429


@pytest.mark.usefixtures("_counting")
@pytest.mark.parametrize("fields", [{}, {"login": "lan"}, {"login": "l\x00an", "password": "x\x00y"}])
def test_an_empty_or_broken_sign_in_says_what_to_type(cast: Cast, fields: dict[str, str]) -> None:
    Browser().post(SIGN_IN, fields).says("Tên đăng nhập hoặc mật khẩu chưa đúng. Gõ lại cả hai.")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=5_000)
def test_a_huge_form_is_told_how_much_may_come(story: Story) -> None:
    before, rows = story.typed(), story.rows()
    body = f"csrfmiddlewaretoken={story.lan.token()}&child_name={'A' * 6_000}"
    kind = "application/x-www-form-urlencoded"
    page = story.lan._page(
        story.lan.client.post(story.page("ten-chau"), body, content_type=kind, headers=PAGE)
    )
    page.says("Phần gửi lên dài quá", "Chữ trong một lần gửi tối đa 5 MB.")
    assert page.status == 413
    assert (story.typed(), story.rows()) == (before, rows)


def test_a_form_with_too_many_fields_is_told_to_send_less(story: Story) -> None:
    before = story.typed()
    body = f"csrfmiddlewaretoken={story.lan.token()}&" + "&".join(f"o{n}=1" for n in range(2_100))
    kind = "application/x-www-form-urlencoded"
    page = story.lan._page(
        story.lan.client.post(story.page("ten-chau"), body, content_type=kind, headers=PAGE)
    )
    page.says("Phần gửi lên có quá nhiều ô", "bớt dòng hoặc bớt tệp rồi gửi lại")
    assert (page.status, story.typed()) == (413, before)
