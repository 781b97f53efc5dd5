"""The pages of a review: drafted in one press, read as printed, edited, compared, submitted, approved; its files."""

from __future__ import annotations

import datetime as dt
import json
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import Account, Actor
from tinhso.plans.models import Review
from tinhso.plans.tests.factories import MORNING, Committee, make_task
from tinhso.plans.tests.review_world import make_approved, make_province, make_review
from tinhso.toolkit import clock


@pytest.fixture
def who(db: None, monkeypatch: pytest.MonkeyPatch) -> Committee:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_province()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def at(name: str, *args: object) -> str:
    return reverse(f"plans:{name}", args=args)


def test_a_review_is_drafted_in_one_press(who: Committee) -> None:
    dinh = client_of(who.dinh)
    assert "Soạn sơ kết" in dinh.get(at("reviews")).content.decode()
    assert "Soạn sơ kết" not in client_of(who.thinh).get(at("reviews")).content.decode()
    typed = {"first": "01/01/2022", "last": "31/02/2022"}
    told = dinh.post(at("draft_review"), typed)
    assert (told.status_code, "Ngày viết như" in told.content.decode()) == (422, True)
    assert "31/02/2022" in told.content.decode(), "what was typed is kept"
    assert dinh.post(at("draft_review"), typed | {"last": "11/05/2022"}).status_code == 422
    made = dinh.post(at("draft_review"), typed | {"last": "10/05/2022"})
    review = Review.objects.get()
    assert made["Location"] == at("review", review.code)
    assert client_of(who.thinh).get(at("draft_review")).status_code == 404


def test_the_page_tells_the_finding_the_figures_and_their_sources(who: Committee) -> None:
    review = make_review(who)
    seen = client_of(who.dinh).get(at("review", review.code)).content.decode()
    for words in (
        "Bốn tháng: 0 trên 1 chỉ tiêu kịp tiến độ, 1 nhiệm vụ trễ",
        "Xã đã nối mạng chuyên dùng",
        "5 ngày làm việc",
        "2 lần",
        "Hạn 20/05/2022 chưa đến nên chưa tính là trễ.",
        "Nguồn của từng con số",
        'href="#n13"',
        'id="n13"',
        "Trình Trưởng ban",
        " ".join(review.figures_hash[n : n + 4] for n in (0, 4)),
    ):
        assert words in seen, words
    assert client_of(who.du).get(at("review", review.code)).status_code == 404


def test_lines_are_written_on_pages(who: Committee) -> None:
    review = make_review(who)
    dinh = client_of(who.dinh)
    late = review.lines.get(section="late")
    ahead = review.lines.filter(section="next").order_by("ordinal")[0]
    editing = at("edit_review_line", review.code, late.pk)
    assert "đã khóa cùng số" in dinh.get(editing).content.decode()
    assert dinh.post(editing, {"cause": " "}).status_code == 422
    assert dinh.post(editing, {"cause": "Chờ điện"}).status_code == 302
    editing = at("edit_review_line", review.code, ahead.pk)
    told = dinh.post(editing, {"text": "Việc mới", "due": "09/05/2022"})
    assert (told.status_code, "Hạn đã qua" in told.content.decode()) == (422, True)
    assert (
        dinh.post(editing, {"text": "Việc mới", "lead": "giao duc", "due": "20/05/2022"}).status_code == 302
    )
    ahead.refresh_from_db()
    assert (ahead.text, ahead.lead_id, ahead.due) == ("Việc mới", who.bureau.pk, dt.date(2022, 5, 20))
    adding = at("add_review_line", review.code, "praise")
    assert dinh.get(adding).status_code == 200
    assert dinh.post(adding, {"text": ""}).status_code == 422
    assert dinh.post(adding, {"text": "Khen Sở A"}).status_code == 302
    assert dinh.get(at("add_review_line", review.code, "late")).status_code == 404
    own = review.lines.get(text="Khen Sở A")
    assert dinh.post(at("remove_review_line", review.code, own.pk)).status_code == 302
    assert not review.lines.filter(pk=own.pk).exists()
    assert client_of(who.thinh).get(editing).status_code == 404


def test_what_moved_is_told_beside_what_is_frozen(who: Committee) -> None:
    review = make_review(who)
    dinh, page = client_of(who.dinh), at("review_differences", review.code)
    assert "số vẫn như khi khóa" in dinh.get(page).content.decode()
    assert "<b>0 số</b>" in dinh.get(page, headers={"HX-Request": "true"}).content.decode()
    make_task(who.bureau, "Việc trễ thứ hai", due=dt.date(2022, 5, 5))
    seen = dinh.get(page).content.decode()
    assert "số đã khác từ khi khóa" in seen
    assert "50 % (1 trên 2)" in seen
    assert "66,66 % (2 trên 3)" in seen or "66,67 % (2 trên 3)" in seen
    assert dinh.post(at("lock_review", review.code)).status_code == 302
    assert "số vẫn như khi khóa" in dinh.get(page).content.decode()


def test_it_is_submitted_returned_and_approved(who: Committee) -> None:
    review = make_review(who)
    dinh, thinh, du = client_of(who.dinh), client_of(who.thinh), client_of(who.du)
    approving, returning = at("approve_review", review.code), at("return_review", review.code)
    assert thinh.post(approving, {"number": "15/BC-BCĐ"}).status_code == 404
    assert dinh.post(at("submit_review", review.code)).status_code == 302
    assert "Duyệt báo cáo" in thinh.get(at("review", review.code)).content.decode()
    assert "Duyệt báo cáo" not in dinh.get(at("review", review.code)).content.decode()
    assert thinh.get(returning).status_code == 200
    assert thinh.post(returning, {"reason": ""}).status_code == 422
    assert thinh.post(returning, {"reason": "Thiếu nguyên nhân"}).status_code == 302
    assert dinh.post(at("submit_review", review.code)).status_code == 302
    assert thinh.post(approving, {"number": ""}).status_code == 422
    assert dinh.post(approving, {"number": "15/BC-BCĐ"}).status_code == 404
    assert du.get(at("review", review.code)).status_code == 404
    assert thinh.post(approving, {"number": "15/BC-BCĐ"}).status_code == 302
    assert "15/BC-BCĐ" in du.get(at("review", review.code)).content.decode()


def test_a_review_whose_figures_were_tampered_with_is_not_submitted(who: Committee) -> None:
    review = make_review(who)
    review.figures.get(ordinal=1).delete()
    told = client_of(who.dinh).post(at("submit_review", review.code))
    assert (told.status_code, "Khóa lại số" in told.content.decode()) == (422, True)
    assert "Số không khớp dãy khóa" in told.content.decode()


def test_the_file_of_the_figures_has_the_very_hash_of_the_page(who: Committee) -> None:
    review = make_approved(who)
    du = client_of(who.du)
    content = du.get(at("review_json", review.code)).content
    assert sha256(content).hexdigest() == review.figures_hash
    assert len(json.loads(content)) == review.figures.count()
    sheet = du.get(at("review_csv", review.code)).content.decode().splitlines()
    assert len(sheet) == 1 + review.figures.count()
    word = du.get(at("review_word", review.code))
    assert word.content[:2] == b"PK"
    assert client_of(who.be).get(at("review_word", review.code)).status_code == 200
    draft = make_review(who)
    for name in ("review_json", "review_csv", "review_word", "review_differences"):
        assert du.get(at(name, draft.code)).status_code == 404
