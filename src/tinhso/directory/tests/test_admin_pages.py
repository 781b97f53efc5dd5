"""The pages of administration: what is typed is kept, what is wrong is said, what is done is seen."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.directory.models import Account, HandOver, Office, OfficeReform, Post
from tinhso.directory.queries.administration import names_on, tree
from tinhso.directory.rules import Actor, Role
from tinhso.directory.tests.administration import NINE, ONE, Branch, make_branch
from tinhso.directory.tests.factories import DAY
from tinhso.toolkit import clock

PAPER = {"decision": "12/QĐ-UBND", "reason": "Sắp xếp bộ máy"}


@pytest.fixture(autouse=True)
def _nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NINE)


@pytest.fixture
def branch(db: None) -> Branch:
    return make_branch()


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    session = client.session
    session["proved"] = time.time()
    session.save()
    return client


def text(client: Client, name: str, *args: object, query: str = "") -> str:
    return client.get(reverse(f"directory:{name}", args=args) + query).content.decode()


def test_the_tree_is_of_a_day_and_tells_old_names_and_what_is_coming(branch: Branch) -> None:
    client, commune = browser(branch.quyen), branch.cast.commune
    said = {"name": "UBND xã Hưng Mới", "short_name": "xã Hưng Mới", "effective_date": "11/05/2022", **PAPER}
    address = reverse("directory:rename_office", args=[commune.pk])
    seen = client.post(address, said).content.decode()
    assert "Nếu ghi như vậy" in seen
    assert "Chờ đến ngày đó" in seen
    assert not OfficeReform.objects.exists()
    assert client.post(address, {**said, "viec": "doi"}).status_code == 302
    assert "Sẽ đổi tên thành" in text(client, "offices")
    assert "Chờ đến ngày" in text(client, "office", commune.pk)
    reform = OfficeReform.objects.get()
    assert client.post(reverse("directory:withdraw_reform", args=[reform.pk]), {}).status_code == 422
    client.post(reverse("directory:withdraw_reform", args=[reform.pk]), {"reason": "Chưa cần"})
    assert "Sắp đổi" not in text(client, "office", commune.pk)
    client.post(address, {**said, "effective_date": "10/05/2022", "viec": "doi"})
    assert names_on(DAY - ONE)[commune.pk][0] == "UBND xã Hải Hưng"
    assert "UBND xã Hải Hưng<" in text(client, "offices", query="?ngay=09/05/2022")
    assert "UBND xã Hưng Mới" in text(client, "offices")


def test_the_tree_adds_up_and_reaches_no_further_than_the_branch(branch: Branch) -> None:
    seen = tree(branch.quyen, DAY)
    (root,) = seen.roots
    assert root.office == branch.district
    assert root.below == seen.officers == sum(node.officers for node in seen.every)
    assert {node.office.pk for node in seen.every}.isdisjoint({branch.far.pk})
    assert branch.cast.commune not in {node.office for node in seen.without_clerk}
    assert len(tree(branch.cast.quan, DAY).every) == Office.objects.count()


def test_an_invitation_shows_the_code_once(branch: Branch) -> None:
    client = browser(branch.quyen)
    said = {
        **PAPER,
        "name": "Hồ Mới Thử",
        "office": "UBND xã Hải Hưng",
        "role": Role.COUNTER_CLERK,
        "title": "Công chức",
        "valid_from": "10/05/2022",
    }
    wrong = client.post(reverse("directory:invite"), {**said, "email": "không phải thư"})
    assert wrong.status_code == 422
    assert "Hồ Mới Thử" in wrong.content.decode(), "what was typed is kept"
    shown = client.post(reverse("directory:invite"), said)
    assert "Mã chỉ hiện lần này" in shown.content.decode()
    person = Account.objects.get(username="thu.hm").person
    page = text(client, "officer", person.pk)
    assert "Chưa đặt mật khẩu" in page
    again = client.post(reverse("directory:new_code", args=[person.pk]), {"reason": "Mất phiếu"})
    assert "Mã chỉ hiện lần này" in again.content.decode()


def test_a_leaver_s_page_hands_over_and_the_record_can_be_printed(branch: Branch) -> None:
    client, son = browser(branch.quyen), branch.cast.son
    (post,) = Post.objects.filter(person_id=son.person_id or 0)
    address = reverse("directory:leave", args=[son.person_id])
    said = {**PAPER, "day": "10/05/2022"}
    assert "Chọn ít nhất một chức vụ" in client.post(address, said).content.decode()
    said |= {"chuc": str(post.pk), f"nhan-{post.pk}": str(branch.cast.minh.person_id)}
    client.post(address, said)
    made = HandOver.objects.get()
    for reader in (branch.quyen, branch.cast.minh):
        assert "Biên bản bàn giao công việc" in text(browser(reader), "hand_over", made.pk)
    other = browser(branch.cast.tam).get(reverse("directory:hand_over", args=[made.pk]))
    assert other.status_code == 404
    assert client.get(address).status_code == 404, "there is nothing more to end"


def test_a_locked_officer_is_out_at_the_next_press(branch: Branch) -> None:
    minh = browser(branch.cast.minh)
    assert minh.get(reverse("dossiers:inbox")).status_code == 200
    client = browser(branch.quyen)
    address = reverse("directory:lock", args=[branch.cast.minh.person_id])
    assert client.post(address, {}).status_code == 422
    client.post(address, {"reason": "Đang xác minh"})
    assert minh.get(reverse("dossiers:inbox")).status_code == 302
    client.post(reverse("directory:unlock", args=[branch.cast.minh.person_id]), {"reason": "Xong"})
    assert browser(branch.cast.minh).get(reverse("dossiers:inbox")).status_code == 200


def test_a_loan_is_seen_by_both_and_taken_back(branch: Branch) -> None:
    hoa, above = branch.cast.hoa, branch.cast.tam
    client = browser(hoa)
    (post,) = Post.objects.filter(person_id=hoa.person_id or 0)
    said = {
        **PAPER,
        "post": str(post.pk),
        "to_person": str(above.person_id),
        "valid_from": "10/05/2022",
        "valid_to": "16/05/2022",
    }
    assert client.post(reverse("directory:lend"), {}).status_code == 422
    assert client.post(reverse("directory:lend"), said).status_code == 302
    assert "Đang làm thay" in browser(above).get(reverse("dossiers:inbox")).content.decode()
    assert above.name in text(client, "loans")
    (loan,) = post.delegations.all()
    assert client.post(reverse("directory:end_loan", args=[loan.pk]), {"reason": "Về sớm"}).status_code == 302
    assert "Đang làm thay" not in browser(above).get(reverse("dossiers:inbox")).content.decode()
    assert "Đã thu lại" in text(client, "loans", query="?xem=het")


@pytest.mark.parametrize("name", ["offices", "officers", "roles", "loans"])
def test_every_list_is_a_sheet_too(branch: Branch, name: str) -> None:
    answer = browser(branch.quyen).get(reverse(f"directory:{name}"), {"tai": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    assert answer.content.decode().count("\n") >= 1


def test_the_pages_of_a_large_branch_ask_the_database_no_more_often(
    branch: Branch, django_assert_max_num_queries: object
) -> None:
    client = browser(branch.quyen)
    client.get(reverse("directory:offices"))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get(reverse("directory:offices"))
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        client.get(reverse("directory:officers"))


def test_business_days_decide_not_the_machine(branch: Branch) -> None:
    assert dt.datetime.now(dt.UTC).date() > DAY
    assert "10/05/2022" in text(browser(branch.quyen), "offices")
