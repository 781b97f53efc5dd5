"""Steering bodies: set up, filled, ended; who has one and who has none; posts planned, filled and vacant."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import Account, Actor, Role
from tinhso.journal.api import history
from tinhso.plans.models import Body, BodyActivity, Establishment, History, Member
from tinhso.plans.queries.bodies import body_page, body_rows, coverage, find_officers, posts_rows
from tinhso.plans.services.count_posts import CannotCount, count_posts
from tinhso.plans.services.edit_work_plan import CannotPlan, edit_work_plan
from tinhso.plans.services.found_body import CannotFound, end_body
from tinhso.plans.services.log_activity import CannotLog, log_activity
from tinhso.plans.services.seat_member import CannotSeat, seat_member
from tinhso.plans.services.unseat_member import CannotUnseat, unseat_member
from tinhso.plans.tests.directives_world import make_body, post_of
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Committee:
    """Stand at a quarter past nine."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_committee()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def text_of(response: Any) -> str:
    return str(response.content.decode())


def seat(by: Actor, body: Body, post: int, duty: str = "head", **fields: Any) -> Member:
    return seat_member(by=by, at=MORNING, body=body.pk, post=post, duty=duty, **{"valid_from": DAY, **fields})


# --- setting up and ending ---


def test_a_planner_sets_up_the_body_of_the_own_office_and_of_no_other(house: Committee) -> None:
    assert make_body(house.du, house.bureau).office == house.bureau
    for by, office in ((house.du, house.other), (house.dien, house.bureau), (house.an, house.bureau)):
        with pytest.raises(NotThere):
            make_body(by, office, "task_force")
    assert make_body(house.thinh, house.district).pk
    assert make_body(house.dinh, house.commune).pk
    assert [history(one.about)[0].event for one in Body.objects.all()] == ["plans.BodyFounded"] * 3


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "club"}, "Chọn ban chỉ đạo"),
        ({"name": " "}, "Ghi tên"),
        ({"decision_number": ""}, "Ghi số quyết định"),
        ({"decision_number": "1" * 81}, "Ghi số quyết định"),
        ({"decision_date": DAY + dt.timedelta(days=1), "valid_from": DAY + dt.timedelta(days=1)}, "chưa tới"),
        ({"valid_from": dt.date(2022, 3, 31)}, "trước ngày ký"),
    ],
)
def test_a_body_rests_on_a_decision(house: Committee, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotFound, match=sentence):
        make_body(house.dinh, house.bureau, **fields)


def test_an_office_has_one_body_of_a_kind_until_it_ends(house: Committee) -> None:
    body = make_body(house.dinh, house.bureau)
    with pytest.raises(CannotFound, match="đã có Ban Chỉ đạo"):
        make_body(house.du, house.bureau)
    member = seat(house.du, body, post_of(house.dien, Role.LEADER))
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"reason": ""}, "Ghi vì sao"),
        ({"valid_to": dt.date(2022, 5, 9)}, "làm việc từ 10/05"),
    )
    for fields, sentence in wrong:
        with pytest.raises(CannotFound, match=sentence):
            end_body(
                by=house.du, at=MORNING, body=body.pk, **{"valid_to": DAY, "reason": "Kiện toàn", **fields}
            )
    with pytest.raises(NotThere):
        end_body(by=house.su, at=MORNING, body=body.pk, valid_to=DAY, reason="Kiện toàn")
    end_body(by=house.du, at=MORNING, body=body.pk, valid_to=DAY, reason="Kiện toàn")
    member.refresh_from_db()
    assert member.valid_to == DAY
    assert make_body(house.du, house.bureau).pk
    with pytest.raises(NotThere):
        seat(house.du, body, post_of(house.du, Role.PLANNER), "member")


# --- people ---


def test_officers_are_found_by_name_without_marks(house: Committee) -> None:
    body = make_body(house.dinh, house.bureau)
    assert [post.person.name for post in find_officers(body, "dien hinh", DAY)] == ["Nguyễn Thị Điển Hình"]
    assert len(find_officers(body, "", DAY)) == 2
    assert find_officers(body, "gia su", DAY) == [], "an officer of another office"
    whole = make_body(house.dinh, house.province)
    names = [post.person.name for post in find_officers(whole, "", DAY)]
    assert "Nguyễn Thị Điển Hình" in names, "heads of departments sit in the province's body"
    assert "Lê Bé Thử" not in names, "communes are not right under the province"


def test_a_member_has_duty_hours_skills_and_term(house: Committee) -> None:
    body = make_body(house.dinh, house.bureau, "task_force")
    seat(house.du, body, post_of(house.dien, Role.LEADER), hours_per_week=Decimal("4.5"), skills=["lanh-dao"])
    seat(house.du, body, post_of(house.du, Role.PLANNER), "member", skills=["an-toan", "du-lieu"])
    page = body_page(house.be, body.pk, DAY)
    assert [(one.duty, one.member.post_title) for one in page.seats] == [
        ("Tổ trưởng", "Giám đốc, Sở Giáo dục và Đào tạo"),
        ("Thành viên", "Chuyên viên, Sở Giáo dục và Đào tạo"),
    ]
    assert page.seats[1].skills == ["Phân tích dữ liệu", "An toàn thông tin"]
    assert (page.promised, page.silent) == (Decimal("4.5"), 1)
    assert History.objects.filter(about=body.about, what="Thêm thành viên").count() == 2
    said = history(body.about)[0]
    assert (said.event, dict(said.data)["duty"]) == ("plans.MemberSeated", "member")
    assert "Dụ" not in str(said.data), "codes only"


def test_a_seat_is_taken_once_and_there_is_one_head(house: Committee) -> None:
    body = make_body(house.dinh, house.bureau)
    head, other = post_of(house.dien, Role.LEADER), post_of(house.du, Role.PLANNER)
    seat(house.du, body, head)
    for post, fields, sentence in (
        (head, {"duty": "member"}, "đang là thành viên"),
        (other, {}, "Trưởng ban đang là Nguyễn Thị Điển Hình"),
        (other, {"duty": "king"}, "Chọn chức danh"),
        (other, {"duty": "member", "hours_per_week": Decimal(0)}, "từ trên 0 đến 40"),
        (other, {"duty": "member", "hours_per_week": Decimal(41)}, "từ trên 0 đến 40"),
        (other, {"duty": "member", "skills": ["bay"]}, "bỏ “bay”"),
        (other, {"duty": "member", "valid_from": dt.date(2022, 3, 31)}, "không nhận thành viên trước"),
        (post_of(house.su, Role.PLANNER), {"duty": "member"}, "Chọn một người"),
    ):
        with pytest.raises(CannotSeat, match=sentence):
            seat(house.du, body, post, **fields)
    for by in (house.su, house.dien, house.an):
        with pytest.raises(NotThere):
            seat(by, body, other, "member")


def test_a_seat_ends_with_a_day_and_a_reason(house: Committee) -> None:
    body = make_body(house.dinh, house.bureau)
    member = seat(house.du, body, post_of(house.dien, Role.LEADER))

    def leave(by: Actor, **fields: Any) -> Member:
        return unseat_member(
            by=by, at=MORNING, member=member.pk, **{"valid_to": DAY, "reason": "Nghỉ hưu", **fields}
        )

    for fields, sentence in (
        ({"reason": ""}, "Ghi vì sao"),
        ({"valid_to": dt.date(2022, 5, 9)}, "vào từ 10/05"),
    ):
        with pytest.raises(CannotUnseat, match=sentence):
            leave(house.du, **fields)
    with pytest.raises(NotThere):
        leave(house.su)
    leave(house.dinh)
    with pytest.raises(NotThere):
        leave(house.dinh)
    assert len(body_page(house.be, body.pk, DAY).seats) == 1, "the last day is still the member's"
    tomorrow = body_page(house.be, body.pk, DAY + dt.timedelta(days=1))
    assert (len(tomorrow.seats), len(tomorrow.former)) == (0, 1)
    assert seat(house.du, body, post_of(house.du, Role.PLANNER)).duty == "head"


# --- work plan and log ---


def test_the_work_plan_is_written_anew_and_the_old_words_are_kept(house: Committee) -> None:
    body = make_body(house.dinh, house.bureau)
    edit_work_plan(by=house.du, at=MORNING, body=body.pk, text=" Tháng 5: rà soát \n\n Tháng 6: tập huấn ")
    body.refresh_from_db()
    assert body.work_plan == "Tháng 5: rà soát\nTháng 6: tập huấn"
    edit_work_plan(by=house.du, at=MORNING, body=body.pk, text="")
    assert History.objects.filter(before="Tháng 5: rà soát; Tháng 6: tập huấn").exists()
    for text, sentence in (("", "Chưa đổi gì"), ("x" * 5001, "dài quá")):
        with pytest.raises(CannotPlan, match=sentence):
            edit_work_plan(by=house.du, at=MORNING, body=body.pk, text=text)
    with pytest.raises(NotThere):
        edit_work_plan(by=house.dien, at=MORNING, body=body.pk, text="Khác")


def test_hours_of_the_log_are_summed(house: Committee) -> None:
    body = make_body(
        house.dinh, house.bureau, valid_from=dt.date(2021, 12, 1), decision_date=dt.date(2021, 12, 1)
    )
    member = seat(house.du, body, post_of(house.dien, Role.LEADER), valid_from=dt.date(2022, 1, 3))

    def log(by: Actor, **fields: Any) -> BodyActivity:
        return log_activity(by=by, at=MORNING, body=body.pk, **{"on": DAY, "text": "Họp tổ", **fields})

    log(house.du, hours=Decimal("2.5"), member=member.pk)
    log(house.dinh, hours=Decimal(3), on=dt.date(2021, 12, 15))
    log(house.du)
    page = body_page(house.be, body.pk, DAY)
    assert (page.logged, page.logged_this_year) == (Decimal("5.5"), Decimal("2.5"))
    for fields, sentence in (
        ({"text": " "}, "Ghi đã làm gì"),
        ({"on": DAY + dt.timedelta(days=1)}, "chưa tới"),
        ({"on": dt.date(2021, 11, 30)}, "Làm việc từ 01/12/2021"),
        ({"hours": Decimal(1000)}, "từ trên 0 đến 999"),
        ({"member": member.pk, "on": dt.date(2021, 12, 20)}, "không là thành viên"),
        ({"member": 999_999}, "không là thành viên"),
    ):
        with pytest.raises(CannotLog, match=sentence):
            log(house.du, **fields)
    with pytest.raises(NotThere):
        log(house.nhap)


# --- coverage and posts ---


def test_coverage_names_who_has_none(house: Committee) -> None:
    make_body(house.dinh, house.bureau)
    make_body(house.dinh, house.district)
    ended = make_body(house.dinh, house.commune)
    end_body(by=house.dinh, at=MORNING, body=ended.pk, valid_to=dt.date(2022, 5, 9), reason="Sáp nhập")
    found = {level.key: {one.kind: one for one in level.kinds} for level in coverage(DAY)}
    steering = {key: (kinds["steering"].have, kinds["steering"].total) for key, kinds in found.items()}
    assert steering == {"tinh": (0, 1), "so": (1, 3), "huyen": (1, 1), "xa": (0, 1)}
    assert [office.pk for office in found["xa"]["steering"].missing] == [house.commune.pk]
    assert not found["xa"]["task_force"].is_expected
    page = text_of(client_of(house.be).get(reverse("plans:bodies")))
    assert "2 sở, ngành chưa có ban chỉ đạo" in page
    assert "<b>1</b> trên 3" in page
    assert "UBND xã Yên Bằng (UBND huyện Ý Yên)" in page


def test_posts_are_planned_filled_and_vacant(house: Committee) -> None:
    def count(by: Actor, **fields: Any) -> Establishment:
        return count_posts(
            by=by,
            at=MORNING,
            **{"office": house.bureau, "on": DAY, "planned": 3, "filled": 2, "source": "35/QĐ-SNV", **fields},
        )

    count(house.du, on=dt.date(2022, 3, 31), planned=1, filled=1)
    count(house.du)
    count(house.dinh, office=house.district, planned=2, filled=0)
    count(house.dinh, office=house.commune, planned=9, filled=9)
    rows, total = posts_rows(house.be, DAY)
    assert {row.office.pk: row.vacant for row in rows if row.count} == {
        house.bureau.pk: 1,
        house.district.pk: 2,
    }
    assert (total.offices, total.counted, total.planned, total.filled, total.vacant) == (5, 2, 5, 2, 3)
    count(house.du, filled=3)
    assert Establishment.objects.filter(office=house.bureau, on=DAY).count() == 1
    assert History.objects.filter(before="2 trên 3 biên chế", after="3 trên 3 biên chế").exists()
    for fields, sentence in (
        ({"filled": 4}, "Xem lại hai số"),
        ({"planned": 10_000}, "từ 0 đến 9.999"),
        ({"filled": -1}, "từ 0 đến 9.999"),
        ({"on": DAY + dt.timedelta(days=1)}, "chưa tới"),
        ({"source": " "}, "văn bản nào"),
    ):
        with pytest.raises(CannotCount, match=sentence):
            count(house.du, **fields)
    for by in (house.su, house.dien, house.kim):
        with pytest.raises(NotThere):
            count(by)


def test_the_list_is_filtered_by_level_kind_and_name(house: Committee) -> None:
    for office in (house.commune, house.bureau, house.province, house.district):
        make_body(house.dinh, office)
    team = make_body(house.dinh, house.other, "core_team")
    make_body(house.dinh, house.bureau, "core_team")
    make_body(house.dinh, house.bureau, "task_force")

    def found(**asked: Any) -> list[int]:
        return [row.office_id for row in body_rows(house.be, DAY, **asked)]

    every = (house.province, house.bureau, house.other, house.district, house.commune)
    assert list(dict.fromkeys(found())) == [office.pk for office in every]
    assert set(found(level="so")) == {house.bureau.pk, house.other.pk}
    assert found(kind="core_team") == [house.bureau.pk, team.office_id]
    assert found(words="giao duc") == [house.bureau.pk] * 3
    kinds = [row.kind for row in body_rows(house.be, DAY, words="giao duc")]
    assert kinds == ["steering", "task_force", "core_team"]
    assert found(level="khong") == []
    assert found(ended=True) == []


# --- pages ---


def test_a_planner_does_all_of_it_on_the_pages(house: Committee) -> None:
    client = client_of(house.du)
    new = reverse("plans:new_body")
    assert "Sở Giáo dục và Đào tạo" in text_of(client.get(new)), "the own office stands there"
    typed = {
        "kind": "steering",
        "office": "Sở Giáo dục và Đào tạo",
        "name": "Ban Chỉ đạo Sở",
        "decision_number": "45/QĐ",
        "decision_date": "01/04/2022",
        "valid_from": "",
    }
    for wrong in (
        {"office": "Sở Thông tin và Truyền thông"},
        {"decision_date": "hôm qua"},
        {"kind": "x"},
        {"name": ""},
    ):
        assert client.post(new, typed | wrong).status_code == 422
    assert client.post(new, typed).status_code == 302
    body = Body.objects.get()
    told = client.post(new, typed)
    assert (told.status_code, "đã có Ban Chỉ đạo" in text_of(told)) == (422, True)

    add = reverse("plans:seat_member", args=[body.pk])
    assert "Nguyễn Thị Điển Hình" in text_of(client.get(add, {"ten": "dien"}))
    assert "Thử gõ ít chữ hơn" in text_of(client.get(add, {"ten": "khong co ai"}))
    said: dict[str, Any] = {
        "ten": "dien",
        "post": str(post_of(house.dien, Role.LEADER)),
        "duty": "head",
        "hours_per_week": "4,5",
    }
    said |= {"skills": ["lanh-dao"], "decision_number": "", "valid_from": "10/05/2022"}
    odd: tuple[dict[str, Any], ...] = (
        {"post": ""},
        {"post": "999999999"},
        {"hours_per_week": "nhiều"},
        {"duty": ""},
        {"skills": ["bay"]},
    )
    for typed_wrong in odd:
        assert client.post(add, said | typed_wrong).status_code == 422
    assert client.post(add, said).status_code == 302
    told = client.post(add, said)
    assert (told.status_code, "đang là thành viên" in text_of(told)) == (422, True)
    member = Member.objects.get()

    for name, content, wrong, sentence in (
        ("body_work_plan", {"text": "Tháng 5: họp"}, {"text": ""}, "Chưa đổi gì"),
        (
            "body_log",
            {"on": "09/05/2022", "text": "Họp", "hours": "2,5", "member": ""},
            {"on": "11/05/2022"},
            "chưa tới",
        ),
    ):
        address = reverse(f"plans:{name}", args=[body.pk])
        told = client.post(address, content | wrong)
        assert (told.status_code, sentence in text_of(told)) == (422, True), name
        assert client.post(address, content).status_code == 302
        assert client_of(house.su).post(address, content).status_code == 404
        assert client_of(house.su).post(address, content | {"on": "x", "text": ""}).status_code == 404
    page = text_of(client.get(reverse("plans:body", args=[body.pk])))
    for words in ("4,5 giờ", "2,5 giờ", "Tháng 5: họp", "Lãnh đạo chuyển đổi số", "Cho thôi", "Giám đốc"):
        assert words in page
    assert "Cho thôi" not in text_of(client_of(house.su).get(reverse("plans:body", args=[body.pk])))

    leave = reverse("plans:unseat_member", args=[member.pk])
    assert client_of(house.su).get(leave).status_code == 404
    assert "Nguyễn Thị Điển Hình" in text_of(client.get(leave))
    assert client.post(leave, {"valid_to": "10/05/2022", "reason": ""}).status_code == 422
    assert client.post(leave, {"valid_to": "09/05/2022", "reason": "Nghỉ hưu"}).status_code == 422
    assert client.post(leave, {"valid_to": "10/05/2022", "reason": "Nghỉ hưu"}).status_code == 302

    ending = reverse("plans:end_body", args=[body.pk])
    assert client.post(ending, {"valid_to": "", "reason": "Kiện toàn"}).status_code == 422
    assert client.post(ending, {"valid_to": "01/01/2022", "reason": "Kiện toàn"}).status_code == 422
    assert client.post(ending, {"valid_to": "10/05/2022", "reason": "Kiện toàn"}).status_code == 302
    assert "đã thôi hoạt động" in text_of(client.get(reverse("plans:body", args=[body.pk])))


def test_sheets_hold_every_seat_and_every_office(house: Committee) -> None:
    body = make_body(house.dinh, house.bureau)
    seat(house.du, body, post_of(house.dien, Role.LEADER), hours_per_week=Decimal(4), skills=["lanh-dao"])
    for address in (reverse("plans:bodies"), reverse("plans:body", args=[body.pk])):
        lines = text_of(client_of(house.be).get(address, {"tai": "csv"})).splitlines()
        assert len(lines) == 2
        assert "Nguyễn Thị Điển Hình" in lines[1]
        assert ",4,Lãnh đạo chuyển đổi số" in lines[1]
    count_posts(by=house.du, at=MORNING, office=house.bureau, on=DAY, planned=3, filled=2, source="35/QĐ")
    sheet = text_of(client_of(house.be).get(reverse("plans:posts"), {"tai": "csv"})).splitlines()
    assert "Sở Giáo dục và Đào tạo,3,2,1,10/05/2022,35/QĐ" in sheet
    assert len(sheet) == 6


def test_posts_are_counted_on_their_page(house: Committee) -> None:
    address = reverse("plans:posts")
    typed = {
        "office": "Sở Giáo dục và Đào tạo",
        "on": "10/05/2022",
        "planned": "3",
        "filled": "2",
        "source": "35/QĐ",
    }
    assert "Chưa đếm" in text_of(client_of(house.kim).get(address))
    assert client_of(house.kim).post(address, typed).status_code == 404
    client = client_of(house.du)
    for wrong in ({"filled": "4"}, {"planned": "ba"}, {"office": "UBND huyện Ý Yên"}, {"source": ""}):
        assert client.post(address, typed | wrong).status_code == 422
    assert client.post(address, typed).status_code == 302
    assert "Còn thiếu 1 trên 3 biên chế" in text_of(client.get(address))


def test_odd_addresses_break_nothing(house: Committee) -> None:
    body = make_body(house.dinh, house.bureau)
    client = client_of(house.dinh)
    for query in ("cap=x", "loai=x", "tim=%00", "trang=0", "tinh-trang=thoi"):
        assert client.get(f"{reverse('plans:bodies')}?{query}").status_code == 200, query
    assert client.get(f"{reverse('plans:posts')}?cap=x").status_code == 200
    assert client.get(reverse("plans:body", args=[999_999])).status_code == 404
    add = reverse("plans:seat_member", args=[body.pk])
    assert client.post(add, {"post": "9" * 40, "ten": ""}).status_code == 422


def test_a_list_of_bodies_takes_few_queries(house: Committee, django_assert_max_num_queries: Any) -> None:
    for office in (house.commune, house.bureau, house.province, house.district):
        seat(house.dinh, make_body(house.dinh, office), post_of(_holder(house, office.pk), Role.PLANNER))
    client = client_of(house.an)
    client.get(reverse("plans:bodies"))
    with django_assert_max_num_queries(12):
        client.get(reverse("plans:bodies"))


def _holder(house: Committee, office: int) -> Actor:
    return {house.commune.pk: house.be, house.bureau.pk: house.du, house.district.pk: house.nhap}.get(
        office, house.du
    )
