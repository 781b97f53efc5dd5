"""Citizens look after their own access: new contacts, leaving, coming back; and what happens when somebody dies."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from django.utils import timezone

from tests.security.access.conftest import PASSWORD, House, Visitor
from tinhso.directory.models import Account, Change, Person
from tinhso.directory.rules import Actor
from tinhso.directory.services.close_account import CannotClose, close_account, reopen_account
from tinhso.dossiers.models import Draft
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.journal.api import history
from tinhso.messages.models import Notice, Outgoing

pytestmark = pytest.mark.django_db
CONTACT, CLOSE, DEATH = "/tai-khoan/bao-mat/lien-he/", "/tai-khoan/dong/", "/quan-tri/nguoi-mat/"
PAPER = {"died_on": "01/05/2022", "paper": "Trích lục khai tử 12/2022"}


@pytest.fixture
def lan(house: House) -> Visitor:
    person = house.account(house.cast.lan).person
    person.phone, person.email, person.identity_number = "0912000001", "cu@example.vn", "036190000001"
    person.save()
    visitor = Visitor()
    visitor.password("lan")
    return visitor


def code_in(text: str) -> str:
    found = re.search(r"[A-Z0-9]{4}(-[A-Z0-9]{4}){2}", text)
    assert found, text
    return found[0]


def test_a_new_phone_is_proved_by_a_code_sent_to_it_and_the_old_one_is_told(
    house: House, lan: Visitor
) -> None:
    assert lan.post(CONTACT, {"kind": "phone", "value": "12"}).status_code == 422
    lan.post(CONTACT, {"kind": "phone", "value": "+84 987 000 111"})
    sent = Outgoing.objects.get()
    assert sent.address == "+84987000111"
    assert lan.post(CONTACT, {"code": "SAIS-SAIS-SAIS"}).status_code == 422
    person = Person.objects.get(pk=house.cast.lan.person_id)
    assert person.phone == "0912000001"
    lan.post(CONTACT, {"code": code_in(sent.text)})
    person.refresh_from_db()
    assert person.phone == "0987000111"
    told = set(Outgoing.objects.exclude(pk=sent.pk).values_list("address", flat=True))
    assert told == {"cu@example.vn", "+84912000001"}
    line = Change.objects.get(what="Đổi điện thoại")
    assert (line.before, line.after) == ("0912000001", "0987000111")
    (event, *_rest) = history(f"person:{person.pk}")
    assert "0987" not in str(event)


def test_a_code_for_a_new_contact_is_of_no_use_to_anybody_else(house: House, lan: Visitor) -> None:
    lan.post(CONTACT, {"kind": "email", "value": "moi@example.vn"})
    code = code_in(Outgoing.objects.get().subject)
    binh = Visitor("203.0.113.8")
    binh.password("binh")
    binh.post(CONTACT, {"kind": "email", "value": "ke@xau.vn"})
    assert binh.post(CONTACT, {"code": code}).status_code == 422
    assert Person.objects.get(pk=house.cast.binh.person_id).email == ""


def test_a_contact_is_changed_only_shortly_after_a_proof(house: House, lan: Visitor) -> None:
    session = lan.client.session
    session["began"] = time.time() - 3_600
    session.save()
    fields = {"kind": "phone", "value": "0987000111"}
    asked = lan.post(CONTACT, fields)
    assert asked.status_code == 403
    assert 'value="0987000111"' in asked.content.decode(), "what was typed is kept"
    proof = {**fields, "prove_path": CONTACT, "prove_post": "1"}
    assert lan.post("/tai-khoan/xac-nhan/", {**proof, "prove_password": "sai"}).status_code == 422
    answer = lan.post("/tai-khoan/xac-nhan/", {**proof, "prove_password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (307, CONTACT)
    assert lan.post(CONTACT, fields).status_code == 302


def test_closing_says_what_stays_names_what_runs_and_ends_at_once(house: House, lan: Visitor) -> None:
    dossier = make_dossier(house.cast)
    page = lan.get(CLOSE).content.decode()
    assert dossier.tracking_code in page
    assert "Giữ lại theo luật" in page
    other = Visitor("203.0.113.9")
    other.password("lan")
    assert lan.post(CLOSE).status_code == 422
    closed = lan.post(CLOSE, {"sure": "1"})
    assert "Tài khoản đã đóng" in closed.content.decode()
    assert '"cache"' in closed["Clear-Site-Data"]
    assert (lan.is_in, other.is_in) == (False, False)
    dossier.refresh_from_db()
    assert dossier.owner_name
    assert Draft.objects.filter(person=house.cast.lan.person_id).count() == 0
    assert Account.objects.get(username="lan").closed_at is not None


def test_whoever_closed_the_account_opens_it_again_within_days(house: House, lan: Visitor) -> None:
    lan.post(CLOSE, {"sure": "1"})
    back = Visitor()
    assert back.password("lan", "sai hẳn rồi").status_code == 200
    back.password("lan")
    assert "Mở lại tài khoản" in back.get("/tai-khoan/da-dong/").content.decode()
    back.post("/tai-khoan/da-dong/")
    back.password("lan")
    assert back.is_in
    assert Visitor().get("/tai-khoan/da-dong/").status_code == 302


def test_after_those_days_and_for_officers_there_is_no_way_back_or_out(house: House, lan: Visitor) -> None:
    closed = close_account(by=house.cast.lan, at=NINE, real_at=timezone.now())
    with pytest.raises(CannotClose):
        reopen_account(account=closed.pk, at=NINE + dt.timedelta(days=8))
    with pytest.raises(CannotClose):
        close_account(by=house.cast.minh, at=NINE, real_at=timezone.now())


def test_a_death_ends_signing_in_and_messages_and_keeps_the_dossiers(house: House, lan: Visitor) -> None:
    dossier = make_dossier(house.cast)
    son = Visitor("203.0.113.20")
    son.sign_in("son")
    wrong = son.post(DEATH, {**PAPER, "identity": "036190000001", "paper": ""})
    assert wrong.status_code == 422
    asked = son.post(DEATH, {**PAPER, "identity": "036 190 000 001"}).content.decode()
    assert "Có phải người này" in asked
    assert lan.is_in, "nothing before the second press"
    son.post(DEATH, {**PAPER, "identity": "036190000001", "viec": "ghi"})
    person = Person.objects.get(pk=house.cast.lan.person_id)
    assert (person.died_on, person.died_source) == (dt.date(2022, 5, 1), PAPER["paper"])
    assert (person.phone, person.email) == ("", "")
    assert not lan.is_in
    back = Visitor()
    back.password("lan")
    assert "Mở lại" not in back.get("/tai-khoan/da-dong/").content.decode()
    dossier.refresh_from_db()
    assert dossier.ended_at is None
    assert son.post(DEATH, {**PAPER, "identity": "036190000001", "viec": "ghi"}).status_code == 422
    assert next(entry.event for entry in history(f"person:{person.pk}")) == "directory.DeathRecorded"
    assert not Notice.objects.filter(kind="directory.account_closed").exists()


@pytest.mark.parametrize("who", ["minh", "hoa", "tam", "an", "lan"])
def test_others_cannot_enter_a_death(house: House, lan: Visitor, who: str) -> None:
    visitor = Visitor("203.0.113.20")
    visitor.sign_in(who)
    assert visitor.get(DEATH).status_code == 404
    assert visitor.post(DEATH, {**PAPER, "identity": "036190000001", "viec": "ghi"}).status_code == 404
    assert Person.objects.get(pk=house.cast.lan.person_id).died_on is None


def test_a_death_is_looked_up_by_the_whole_number_only(house: House, lan: Visitor) -> None:
    son = Visitor("203.0.113.20")
    son.sign_in("son")
    for identity in ("", "0361", "036190000002"):
        page = son.post(DEATH, {**PAPER, "identity": identity})
        assert page.status_code == 422
        assert "Lan" not in page.content.decode()
    assert isinstance(house.cast.son, Actor)
