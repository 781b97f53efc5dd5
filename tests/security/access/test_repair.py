"""Beginning and repairing by one-time codes, on the pages as people walk them."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from tests.security.access.conftest import (
    DESK,
    PASSWORD,
    SECRET,
    SIGN_IN,
    House,
    Visitor,
    code_at,
    secret_of,
)
from tinhso.directory.models import Account, Change, Invitation, OpenSession
from tinhso.directory.queries.access import live_sessions
from tinhso.directory.queries.passwords import password_problem
from tinhso.directory.rules import Role
from tinhso.directory.services.give_post import NewPost
from tinhso.directory.services.invite_officer import NewOfficer, invite_officer
from tinhso.directory.tests.factories import DAY
from tinhso.dossiers.tests.factories import NINE
from tinhso.journal.api import history
from tinhso.messages.models import Notice, Outgoing

pytestmark = pytest.mark.django_db
ACTIVATE, LOST, NEW = "/tai-khoan/kich-hoat/", "/tai-khoan/mat-khoa/", "/tai-khoan/khoa-moi/"
FORGOTTEN, RESET = "/tai-khoan/quen-mat-khau/", "/tai-khoan/dat-lai/"
FRESH = "bốn từ không liên quan nhau"


def invited(house: House) -> tuple[str, str]:
    done = invite_officer(
        by=house.admin,
        at=NINE,
        real_at=timezone.now(),
        wanted=NewOfficer("Hồ Thị Nhập Môn", email="nhap.mon@example.vn", phone="0912000009"),
        post=NewPost(house.cast.commune.pk, Role.COUNTER_CLERK, "Công chức một cửa", DAY),
        decision="88/QĐ-UBND",
        reason="Tuyển dụng",
    )
    return done.account.username, done.code


def secret_on(page: Any) -> str:
    found = re.search(r'data-totp-secret="(\w+)"', page.content.decode())
    assert found, page.content.decode()[:2000]
    return found[1]


def ask_for_code_again(house: House, name: str = "minh") -> str:
    """Let the officer ask, one administrator start and another confirm, on their pages; return the code shown."""
    officer, first, second = Visitor(), Visitor("203.0.113.20"), Visitor("203.0.113.21")
    said = officer.post(LOST, {"login": name, "password": PASSWORD, "reason": "Rơi điện thoại xuống ruộng"})
    assert "Đã báo quản trị viên" in said.content.decode()
    first.sign_in("quan")
    assert "Rơi điện thoại xuống ruộng" in first.get("/quan-tri/truy-cap/").content.decode()
    person = Account.objects.get(username=name).person_id
    begun = first.post(f"/quan-tri/can-bo/{person}/truy-cap/khoa-moi/", {"reason": "Gặp mặt, xem căn cước"})
    assert begun["Location"] == "/quan-tri/truy-cap/"
    row = Invitation.objects.get(account__username=name, purpose="second_factor", withdrawn_at=None)
    assert first.post(f"/quan-tri/truy-cap/{row.pk}/xac-nhan/").status_code == 404
    second.sign_in("quan2")
    shown = second.post(f"/quan-tri/truy-cap/{row.pk}/xac-nhan/")
    found = re.search(r'class="bigcode">([A-Z0-9-]+)<', shown.content.decode())
    assert found
    return found[1]


def test_a_new_officer_activates_sets_a_second_factor_and_works(house: House) -> None:
    username, code = invited(house)
    visitor = Visitor()
    visitor.post(ACTIVATE, {"login": username, "code": code.lower().replace("-", " ")})
    page = visitor.get(ACTIVATE)
    assert "Ít nhất 12 chữ" in page.content.decode()
    visitor.post(ACTIVATE, {"password1": FRESH, "password2": FRESH})
    secret = secret_on(visitor.get(ACTIVATE))
    assert not Authenticator.objects.filter(user__username=username).exists(), "nothing before the last step"
    assert visitor.post(ACTIVATE, {"code": "000000"}).status_code == 422
    visitor.post(ACTIVATE, {"code": code_at(secret=secret)})
    shown = visitor.get("/tai-khoan/ma-du-phong/").content.decode()
    assert len(re.findall(r"<li><code", shown)) == 10
    assert visitor.post("/tai-khoan/ma-du-phong/")["Location"] == DESK
    assert visitor.get("/tai-khoan/ma-du-phong/")["Location"] == "/tai-khoan/bao-mat/"
    assert visitor.works
    person = Account.objects.get(username=username).person_id
    assert next(entry.event for entry in history(f"person:{person}")) == "directory.AccountActivated"
    again = Visitor()
    again.password(username, FRESH)
    again.code(code_at(time.time() + 30, secret))
    assert again.works


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("ngắn quá", "ít nhất 12 chữ"),
        ("matkhau123456", "nhiều người dùng"),
        ("aaaaaaaaaaaaaaa", "nhiều người dùng"),
        ("congchuc2022!!", "nhiều người dùng"),
        ("928374650192837", "toàn chữ số"),
        ("Hồ Thị Nhập Môn", "giống tên"),
    ],
)
def test_a_weak_password_is_refused_in_plain_words(house: House, password: str, says: str) -> None:
    username, code = invited(house)
    visitor = Visitor()
    visitor.post(ACTIVATE, {"login": username, "code": code})
    page = visitor.post(ACTIVATE, {"password1": password, "password2": password})
    assert page.status_code == 422
    assert says in page.content.decode()
    assert not Account.objects.get(username=username).has_usable_password()


def test_a_good_password_may_be_short_for_a_citizen_only(house: House) -> None:
    minh, lan = house.account(house.cast.minh), house.account(house.cast.lan)
    assert password_problem("ruộng muối", lan, DAY) == ""
    assert password_problem("ruộng muối", minh, DAY)


def test_two_administrators_give_a_code_and_the_officer_sets_a_new_factor(house: House) -> None:
    sitting = Visitor("203.0.113.30")
    sitting.sign_in("minh")
    code = ask_for_code_again(house)
    officer = Visitor("203.0.113.31")
    officer.post(NEW, {"login": "minh", "password": PASSWORD, "code": code})
    secret = secret_on(officer.get(NEW))
    assert secret_of(house.cast.minh.account_id or 0) == SECRET
    officer.post(NEW, {"code": code_at(secret=secret)})
    assert secret_of(house.cast.minh.account_id or 0) == secret
    assert not officer.is_in, "it signs nobody in"
    assert not sitting.is_in, "the sessions from before have ended"
    assert officer.post("/tai-khoan/ma-du-phong/")["Location"] == SIGN_IN
    officer.password("minh")
    officer.code(code_at(time.time() + 30))
    assert not officer.is_in, "the lost telephone's codes are worth nothing"
    officer.code(code_at(time.time() + 30, secret))
    assert officer.works
    about = f"person:{house.cast.minh.person_id}"
    events = [entry.event.removeprefix("directory.") for entry in history(about)]
    assert events[:4] == [
        "SecondFactorReplaced",
        "SecondFactorConfirmed",
        "SecondFactorStarted",
        "SecondFactorAsked",
    ]
    line = Change.objects.get(about=about, what__startswith="Đặt khóa thứ hai mới")
    for name in (house.admin.name, house.second.name):
        assert name in line.reason
    kinds = set(Notice.objects.filter(recipient_id=house.cast.minh.person_id).values_list("kind", flat=True))
    steps = ("asked", "started", "confirmed", "set")
    assert {f"directory.second_factor_{step}" for step in steps} <= kinds


def test_the_officer_is_told_on_every_channel_and_no_message_holds_the_code(house: House) -> None:
    person = house.account(house.cast.minh).person
    person.email, person.phone = "minh@example.vn", "0912000003"
    person.save()
    code = ask_for_code_again(house)
    for channel in ("email", "sms"):
        texts = list(Outgoing.objects.filter(channel=channel).values_list("text", flat=True))
        assert len(texts) == 3, channel
        assert not any(code in text for text in texts)


def test_a_request_is_refused_with_a_reason_and_the_old_factor_stays(house: House) -> None:
    Visitor().post(LOST, {"login": "minh", "password": PASSWORD})
    admin = Visitor("203.0.113.20")
    admin.sign_in("quan")
    row = Invitation.objects.get(account=house.cast.minh.account_id)
    assert admin.post(f"/quan-tri/truy-cap/{row.pk}/tu-choi/").status_code == 422
    assert (
        admin.post(f"/quan-tri/truy-cap/{row.pk}/tu-choi/", {"reason": "Không gặp được"}).status_code == 302
    )
    visitor = Visitor()
    visitor.sign_in("minh")
    assert visitor.works


def test_nobody_administers_the_own_access(house: House) -> None:
    admin = Visitor("203.0.113.20")
    admin.sign_in("quan")
    own = house.account(house.admin).person_id
    for act in ("khoa-moi", "mat-khau"):
        assert admin.post(f"/quan-tri/can-bo/{own}/truy-cap/{act}/", {"reason": "tự làm"}).status_code == 404
    assert admin.get(f"/quan-tri/can-bo/{house.cast.lan.person_id}/truy-cap/").status_code == 404


def test_a_citizen_who_says_a_factor_is_lost_asks_nobody(house: House) -> None:
    said = Visitor().post(LOST, {"login": "lan", "password": PASSWORD})
    assert "Đã báo quản trị viên" in said.content.decode(), "the page does not tell officers from others"
    assert not Invitation.objects.exists()


def test_a_forgotten_password_comes_back_by_letter_and_sms_and_ends_the_sessions(house: House) -> None:
    person = house.account(house.cast.lan).person
    person.email, person.phone = "lan@example.vn", "0912000001"
    person.save()
    sitting = Visitor("203.0.113.30")
    sitting.password("lan")
    visitor = Visitor()
    visitor.post(FORGOTTEN, {"login": "lan"})
    sms = Outgoing.objects.get(channel="sms").text
    found = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){2}", sms)
    assert found, sms
    assert found[0] in Outgoing.objects.get(channel="email").subject
    assert found[0] not in " ".join(Notice.objects.values_list("title", flat=True))
    visitor.post(RESET, {"login": "lan", "code": found[0]})
    assert visitor.post(RESET, {"password1": FRESH, "password2": "khác"}).status_code == 422
    assert visitor.post(RESET, {"password1": FRESH, "password2": FRESH})["Location"] == SIGN_IN
    assert not sitting.is_in
    assert not visitor.is_in
    visitor.password("lan", FRESH)
    assert visitor.is_in
    assert OpenSession.objects.filter(ended_why="repaired").count() == 1
    assert Notice.objects.filter(kind="directory.password_set", recipient_id=person.pk).exists()


def test_asking_for_a_code_reads_the_same_whether_or_not_the_account_exists(house: House) -> None:
    person = house.account(house.cast.lan).person
    person.email = "lan@example.vn"
    person.save()
    pages, times = [], []
    for name in ("lan", "khong-ai", "binh"):
        began = time.monotonic()
        page = Visitor(f"203.0.113.{len(pages)}").post(FORGOTTEN, {"login": name})
        times.append(time.monotonic() - began)
        text = page.content.decode().split('id="noi-dung"')[1].split("</main>")[0].replace(name, "·")
        pages.append((page.status_code, text))
    assert pages[0] == pages[1] == pages[2]
    assert min(times) >= 0.25, "nobody is answered sooner"
    assert Outgoing.objects.count() == 1


def test_an_administrator_gives_a_password_code_by_hand_and_the_factor_stays(house: House) -> None:
    admin = Visitor("203.0.113.20")
    admin.sign_in("quan")
    path = f"/quan-tri/can-bo/{house.cast.minh.person_id}/truy-cap/mat-khau/"
    assert admin.post(path).status_code == 422
    shown = admin.post(path, {"reason": "Gặp mặt"}).content.decode()
    found = re.search(r'class="bigcode">([A-Z0-9-]+)<', shown)
    assert found
    assert "/tai-khoan/dat-lai/" in shown
    visitor = Visitor()
    visitor.post(RESET, {"login": "minh", "code": found[1]})
    visitor.post(RESET, {"password1": FRESH, "password2": FRESH})
    visitor.password("minh", FRESH)
    assert not visitor.is_in
    visitor.code()
    assert visitor.works
    assert live_sessions(house.cast.minh.account_id or 0, timezone.now())
