"""Passkeys: added, named, used as second factor and alone, removed; and what a false key is worth."""

from __future__ import annotations

import html
import json
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from tests.security.access.authenticator import SoftKey
from tests.security.access.conftest import CODE, DESK, PASSWORD, SIGN_IN, House, Visitor, code_at
from tinhso.directory.models import Account, Change
from tinhso.directory.queries import actor_of
from tinhso.directory.tests.factories import DAY
from tinhso.journal.api import history

pytestmark = pytest.mark.django_db
ADD, MINE, ALONE = "/tai-khoan/bao-mat/khoa/them/", "/tai-khoan/bao-mat/", "/tai-khoan/khoa/"


class Local(Visitor):
    """A browser at localhost, where passkeys work without TLS."""

    def __init__(self, address: str = "203.0.113.7") -> None:
        super().__init__(address)
        self.client.defaults["HTTP_HOST"] = "localhost"

    def asked(self, path: str) -> dict[str, Any]:
        """Return what the page asks the browser's key."""
        page = self.get(path).content.decode()
        (found,) = re.findall(r'data-passkey-options="([^"]+)"', page)
        return dict(json.loads(html.unescape(found)))

    def add(self, key: SoftKey, name: str = "Máy ở quầy") -> Any:
        return self.post(ADD, {"name": name, "credential": key.make(self.asked(ADD))})

    def alone(self, key: SoftKey, owner: str = "", **fields: str) -> Any:
        options = self.get(ALONE).json()
        return self.post(ALONE, {"credential": key.prove(options, owner), **fields})


def with_passkey(house: House, username: str = "minh") -> tuple[Local, SoftKey]:
    visitor, key = Local(), SoftKey()
    visitor.sign_in(username)
    assert visitor.add(key).status_code == 302
    return visitor, key


def test_a_passkey_is_added_named_and_seen(house: House) -> None:
    visitor, _key = with_passkey(house)
    row = Authenticator.objects.get(user=house.cast.minh.account_id, type="webauthn")
    assert "Máy ở quầy" in visitor.get(MINE).content.decode()
    visitor.post(f"{MINE}khoa/{row.pk}/ten/", {"name": "Máy ở nhà"})
    assert "Máy ở nhà" in visitor.get(MINE).content.decode()
    events = [entry.event for entry in history(f"person:{house.cast.minh.person_id}")]
    assert events[0] == "directory.FactorAdded"
    assert Change.objects.filter(what="Thêm khóa thứ hai", after="Máy ở quầy").exists()


def test_a_passkey_is_the_second_factor_after_the_password(house: House) -> None:
    _visitor, key = with_passkey(house)
    other = Local("203.0.113.8")
    other.password("minh")
    other.post(CODE, {"credential": key.prove(other.asked(CODE))})
    assert other.works


def test_a_passkey_with_its_owner_verified_is_both_in_one(house: House) -> None:
    _visitor, key = with_passkey(house)
    other = Local("203.0.113.8")
    answer = other.alone(key, next=DESK)
    assert answer["Location"] == DESK
    assert other.works


def test_a_passkey_that_does_not_ask_its_owner_is_not_taken(house: House) -> None:
    _visitor, key = with_passkey(house)
    key.verifies = False
    other = Local("203.0.113.8")
    other.alone(key)
    assert not other.is_in
    other.password("minh")
    other.post(CODE, {"credential": key.prove(other.asked(CODE))})
    assert not other.is_in
    lax = SoftKey(verifies=False)
    third = Local()
    third.sign_in("son")
    assert third.add(lax).status_code == 422


def test_a_passkey_of_another_account_proves_nothing(house: House) -> None:
    _minh, key = with_passkey(house, "minh")
    _son, other_key = with_passkey(house, "son")
    visitor = Local("203.0.113.8")
    visitor.password("minh")
    visitor.post(CODE, {"credential": other_key.prove(visitor.asked(CODE))})
    assert not visitor.is_in
    visitor.alone(other_key, owner=key.owner)
    assert not visitor.is_in


@pytest.mark.parametrize(
    "fault", ["origin", "site", "signature", "challenge", "replay", "rubbish", "nothing asked"]
)
def test_a_false_answer_opens_nothing(house: House, fault: str) -> None:
    _visitor, key = with_passkey(house)
    other = Local("203.0.113.8")
    options = other.get(ALONE).json()
    if fault == "origin":
        key.origin = "https://ke-xau.vn"
    elif fault == "site":
        key.site = "ke-xau.vn"
    elif fault == "signature":
        false = SoftKey(number=key.number, owner=key.owner)
        key = false
    elif fault == "challenge":
        options["publicKey"]["challenge"] = "AAAA"
    sent = key.prove(options)
    if fault == "replay":
        other.post(ALONE, {"credential": sent})
        assert other.is_in
        other = Local("203.0.113.9")
        other.get(ALONE)
    if fault == "rubbish":
        sent = '{"id": 1, "response": []}'
    if fault == "nothing asked":
        other = Local("203.0.113.9")
    answer = other.post(ALONE, {"credential": sent})
    assert answer["Location"] == SIGN_IN
    assert not other.is_in


def test_a_locked_account_is_not_opened_by_its_passkey(house: House) -> None:
    _visitor, key = with_passkey(house)
    Account.objects.filter(pk=house.cast.minh.account_id).update(is_active=False)
    other = Local("203.0.113.8")
    other.alone(key)
    assert not other.is_in


def test_posts_count_with_a_passkey_alone_and_it_is_then_the_last_factor(house: House) -> None:
    visitor, _key = with_passkey(house)
    Authenticator.objects.filter(user=house.cast.minh.account_id).exclude(type="webauthn").delete()
    assert actor_of(house.cast.minh.account_id or 0, DAY).is_officer
    row = Authenticator.objects.get(user=house.cast.minh.account_id)
    visitor.post(f"{MINE}khoa/{row.pk}/go/")
    assert Authenticator.objects.filter(pk=row.pk).exists()


def test_a_removed_passkey_opens_nothing_any_more(house: House) -> None:
    visitor, key = with_passkey(house)
    row = Authenticator.objects.get(user=house.cast.minh.account_id, type="webauthn")
    assert visitor.post(f"{MINE}khoa/{row.pk}/go/").status_code == 302
    other = Local("203.0.113.8")
    other.alone(key)
    assert not other.is_in


def test_a_passkey_proves_again_who_one_is(house: House) -> None:
    visitor, key = with_passkey(house)
    session = visitor.client.session
    session["began"] = time.time() - 3_600
    session.pop("proved", None)
    session.save()
    asked = visitor.post(f"{MINE}ma-du-phong/")
    assert asked.status_code == 403
    (found,) = re.findall(r'data-passkey-options="([^"]+)"', asked.content.decode())
    sent = key.prove(json.loads(html.unescape(found)))
    fields = {"prove_path": f"{MINE}ma-du-phong/", "prove_post": "1", "credential": sent}
    assert visitor.post("/tai-khoan/xac-nhan/", fields).status_code == 307
    assert code_at()
    assert PASSWORD
