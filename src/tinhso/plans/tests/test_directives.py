"""Directives are entered with a clock, found by words, say what came of each item, and end for good."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import Account, Actor
from tinhso.documents.api import PDF, Upload, draw_pdf, store
from tinhso.journal.api import history
from tinhso.plans.models import Directive, History, Solution, Task
from tinhso.plans.queries.directives import DirectiveFilters, directive_page, directive_rows, entry_count
from tinhso.plans.rules.directives import NewItem
from tinhso.plans.services.add_directive_items import add_directive_items
from tinhso.plans.services.correct_directive import correct_directive
from tinhso.plans.services.end_directive import CannotEnd, end_directive
from tinhso.plans.services.enter_directive import CannotEnter
from tinhso.plans.services.record_solution import CannotRecord, record_solution
from tinhso.plans.tests.directives_world import make_directive
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee, make_target, make_task
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


def found(by: Actor, **filters: Any) -> list[str]:
    return [row.number for row in directive_rows(by, DirectiveFilters(**filters), DAY)]


# --- entry ---


def test_a_document_is_entered_with_what_it_assigns(house: Committee) -> None:
    row = make_directive(house.dinh)
    assert [(item.ordinal, item.kind) for item in row.items.order_by("ordinal")] == [
        (1, "target"),
        (2, "solution"),
        (3, "task"),
    ]
    assert (row.valid_from, row.entered_at, row.entered_by_id) == (
        dt.date(2021, 11, 30),
        MORNING,
        house.dinh.account_id,
    )
    assert History.objects.get(about=row.about).what == "Nhập văn bản"
    (said,) = history(row.about)
    assert said.event.endswith("DirectiveEntered")
    assert "122/KH" not in str(said.data), "codes only"


@pytest.mark.parametrize("name", ["du", "dien", "luong", "kim", "an", "nhap"])
def test_others_than_chair_and_secretary_enter_nothing(house: Committee, name: str) -> None:
    with pytest.raises(NotThere):
        make_directive(getattr(house, name))
    assert make_directive(house.thinh).pk


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"number": " \u200b "}, "number", "Ghi số, ký hiệu"),
        ({"number": "1" * 81}, "number", "Dài quá 80"),
        ({"issuer": ""}, "issuer", "Ghi nơi ban hành"),
        ({"summary": ""}, "summary", "Ghi trích yếu"),
        ({"kind": "la"}, "kind", "Chọn một loại"),
        ({"urgency": "hoa-toc"}, "urgency", "thường hoặc khẩn"),
        ({"received_at": MORNING + dt.timedelta(minutes=1)}, "received_on", "Lúc nhận chưa tới"),
        ({"received_at": MORNING.replace(year=2019)}, "received_on", "sớm nhất"),
        ({"issued_on": dt.date(2022, 5, 11)}, "issued_on", "không thể nhận trước"),
        ({"valid_from": dt.date(2021, 11, 29)}, "valid_from", "không bắt đầu trước ngày ký"),
        ({"valid_to": dt.date(2021, 11, 29)}, "valid_to", "đứng trước ngày bắt đầu"),
        ({"items": (NewItem("task", "x" * 1001),)}, "tasks", "dài quá 1000"),
        ({"items": (NewItem("wish", "x"),)}, "", "chỉ tiêu, giải pháp hoặc nhiệm vụ"),
        ({"items": tuple(NewItem("task", f"Việc {n}") for n in range(201))}, "", "Tối đa 200"),
    ],
)
def test_what_is_missing_or_contradicts_is_refused(
    house: Committee, fields: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(CannotEnter, match=sentence) as refused:
        make_directive(house.dinh, **fields)
    assert refused.value.field == field
    assert not Directive.objects.exists()


def test_a_document_is_entered_once(house: Committee) -> None:
    make_directive(house.dinh)
    with pytest.raises(CannotEnter, match="đã nhập rồi"):
        make_directive(house.dinh)
    assert make_directive(house.dinh, issuer="UBND huyện Ý Yên").pk, "another issuer has numbers of its own"


def test_late_entry_is_counted(house: Committee) -> None:
    make_directive(house.dinh)
    make_directive(house.dinh, number="123/KH-UBND", received_at=MORNING - dt.timedelta(days=4))
    make_directive(
        house.dinh, number="124/KH-UBND", urgency="urgent", received_at=MORNING - dt.timedelta(days=1)
    )
    count = entry_count(house.an)
    assert (count.late, count.total) == (2, 3)
    assert found(house.an, entry="tre") == ["124/KH-UBND", "123/KH-UBND"]
    assert found(house.an, entry="dung") == ["122/KH-UBND"]


def test_many_tasks_give_a_day_more(house: Committee) -> None:
    came = MORNING - dt.timedelta(days=1, hours=2)
    few = make_directive(house.dinh, received_at=came)
    many = make_directive(
        house.dinh, tuple(NewItem("task", f"Việc {n}") for n in range(5)), number="9/KH", received_at=came
    )
    assert directive_page(house.an, few.pk, DAY).entry.is_late
    assert not directive_page(house.an, many.pk, DAY).entry.is_late


# --- search and filters ---


@pytest.mark.parametrize(
    "words", ["122/kh", "nghi quyet 09", "CHUYỂN đổi số", "nam dinh", "dang ky ke hoach", "nguoi dung dau"]
)
def test_it_is_found_by_number_summary_issuer_and_items_without_marks(house: Committee, words: str) -> None:
    make_directive(house.dinh)
    make_directive(house.dinh, (), number="7/CT", issuer="Bộ Y tế", summary="Việc khác", kind="chi-thi")
    assert found(house.be, words=words) == ["122/KH-UBND"]


def test_the_filters_part_the_list(house: Committee) -> None:
    old = make_directive(house.dinh, valid_to=dt.date(2022, 5, 9))
    last = make_directive(house.dinh, number="8/CT", kind="chi-thi", issued_on=DAY, valid_to=DAY)
    assert found(house.an) == [last.number, old.number]
    assert found(house.an, validity="het") == [old.number]
    assert found(house.an, validity="con") == [last.number], "the last day still holds"
    assert found(house.an, kind="chi-thi") == [last.number]
    assert found(house.an, year=2021) == [old.number]
    assert found(house.an, issuer="Bộ Y tế") == []


def test_the_list_is_paged_and_given_as_a_sheet(house: Committee) -> None:
    for n in range(31):
        make_directive(house.dinh, (), number=f"{n}/KH")
    make_directive(house.dinh, (), number="=1/KH", summary="+cộng")
    client = client_of(house.be)
    page = text_of(client.get(reverse("plans:directives")))
    assert "32 văn bản chỉ đạo" in page
    assert "Hiện 1 đến 30 trên 32" in page
    assert "Hiện 31 đến 32 trên 32" in text_of(client.get(reverse("plans:directives"), {"trang": "2"}))
    sheet = text_of(client.get(reverse("plans:directives"), {"tai": "csv", "tim": "cong"}))
    assert "'=1/KH" in sheet
    assert "'+cộng" in sheet
    assert len(sheet.splitlines()) == 2


def test_odd_filters_break_nothing(house: Committee) -> None:
    make_directive(house.dinh)
    for query in (
        "nam=99999",
        "nam=abc",
        "nam=²022",
        "hieu-luc=x",
        "loai=x",
        "tim=%00%",
        "nhap=x",
        "trang=-1",
    ):
        assert client_of(house.be).get(f"{reverse('plans:directives')}?{query}").status_code == 200, query


# --- what came of it ---


def test_the_page_says_what_came_of_each_item(house: Committee) -> None:
    row = make_directive(house.dinh)
    target, solution, task = row.items.order_by("ordinal")
    address = reverse("plans:directive", args=[row.pk])
    assert "3 trên 3 mục chưa giao" in text_of(client_of(house.an).get(address))
    make_task(house.bureau, "Đăng ký kế hoạch của Sở", directive_item=task)
    make_target("Hồ sơ đúng hạn", directive_item=target)
    record_solution(
        by=house.dinh, at=MORNING, item=solution.pk, text="Giao ban hằng tuần", office=house.bureau
    )
    page = text_of(client_of(house.an).get(address))
    for words in (
        "3 mục đều đã giao",
        "Đăng ký kế hoạch của Sở",
        "Quá 5 ngày làm việc",
        "Hồ sơ đúng hạn",
        "Giao ban",
    ):
        assert words in page
    listed: Any = directive_rows(house.an, DirectiveFilters(), DAY).get()
    assert (listed.items_n, listed.open_n) == (3, 0)


def test_an_office_sees_that_others_have_tasks_and_not_which(house: Committee) -> None:
    row = make_directive(house.dinh)
    make_task(house.other, "Việc của nơi khác", directive_item=row.items.get(kind="task"))
    page = text_of(client_of(house.nhap).get(reverse("plans:directive", args=[row.pk])))
    assert "Việc của nơi khác" not in page
    assert "1 việc hoặc chỉ tiêu của cơ quan khác" in page
    assert "2 trên 3 mục chưa giao" in page


def test_a_task_is_made_of_an_item(house: Committee) -> None:
    row = make_directive(house.dinh)
    item = row.items.get(kind="task")
    address = reverse("plans:assign_directive_item", args=[item.pk])
    client = client_of(house.dinh)
    assert item.text in text_of(client.get(address))
    typed = {"title": item.text, "lead": "Sở Giáo dục và Đào tạo", "due": "20/05/2022", "product": "Kế hoạch"}
    refused = client.post(address, typed | {"lead": "Sở Không Có"})
    assert refused.status_code == 422
    assert "Chưa có cơ quan" in text_of(refused)
    assert "20/05/2022" in text_of(refused), "what was typed is kept"
    assert client.post(address, typed).status_code == 302
    made = Task.objects.get()
    assert (made.directive_item_id, made.lead_id, made.due) == (
        item.pk,
        house.bureau.pk,
        dt.date(2022, 5, 20),
    )
    assert client_of(house.du).get(address).status_code == 404


def test_a_solution_is_written_down_once(house: Committee) -> None:
    row = make_directive(house.dinh)
    item = row.items.get(kind="solution")
    address = reverse("plans:solve_directive_item", args=[item.pk])
    assert client_of(house.dinh).post(address, {"text": "Giao ban", "office": ""}).status_code == 302
    again = client_of(house.dinh).post(address, {"text": "Giao ban", "office": ""})
    assert (again.status_code, "đã ghi rồi" in text_of(again)) == (422, True)
    assert Solution.objects.get().office is None
    for text, sentence in (("", "Ghi giải pháp"), ("x" * 1001, "Dài quá")):
        with pytest.raises(CannotRecord, match=sentence):
            record_solution(by=house.dinh, at=MORNING, item=item.pk, text=text)
    for by, pk in ((house.du, item.pk), (house.dinh, 999_999)):
        with pytest.raises(NotThere):
            record_solution(by=by, at=MORNING, item=pk, text="Khác")


def test_items_are_added_after_those_that_are_there(house: Committee) -> None:
    row = make_directive(house.dinh)
    (made,) = add_directive_items(
        by=house.dinh, at=MORNING, directive=row.pk, items=[NewItem("task", "Tổ chức hội nghị trực tuyến")]
    )
    assert made.ordinal == 4
    assert found(house.be, words="hoi nghi truc tuyen") == ["122/KH-UBND"]
    for items, sentence in (
        ([], "Chưa ghi mục nào"),
        ([NewItem("task", "tổ chức hội nghị TRỰC TUYẾN")], "đã có trong văn bản"),
        ([NewItem("task", f"Việc {n}") for n in range(197)], "Tối đa 200"),
    ):
        with pytest.raises(CannotEnter, match=sentence):
            add_directive_items(by=house.dinh, at=MORNING, directive=row.pk, items=items)
    with pytest.raises(NotThere):
        add_directive_items(by=house.du, at=MORNING, directive=row.pk, items=[NewItem("task", "Việc")])
    assert row.items.count() == 4


# --- corrections and ends ---


def corrected(by: Actor, row: Directive, **fields: Any) -> Directive:
    return correct_directive(
        by=by,
        at=MORNING,
        directive=row.pk,
        **{
            "reason": "Gõ nhầm",
            "number": row.number,
            "kind": row.kind,
            "issued_on": row.issued_on,
            "issuer": row.issuer,
            "summary": row.summary,
            "urgency": row.urgency,
            "valid_from": None,
            "is_public": row.is_public,
            **fields,
        },
    )


def test_a_correction_keeps_what_stood_there_and_why(house: Committee) -> None:
    row = make_directive(house.dinh, is_verified=False)
    corrected(
        house.thinh,
        row,
        number="123/KH-UBND",
        issued_on=dt.date(2021, 12, 1),
        is_public=False,
        urgency="urgent",
    )
    row.refresh_from_db()
    assert (row.number, row.is_verified, row.valid_from) == ("123/KH-UBND", True, dt.date(2021, 12, 1))
    assert found(house.be, words="123/kh ke hoach") == ["123/KH-UBND"], "items are still read by search"
    lines = {one.what: (one.before, one.after, one.reason) for one in History.objects.filter(about=row.about)}
    assert lines["Sửa số, ký hiệu"] == ("122/KH-UBND", "123/KH-UBND", "Gõ nhầm")
    assert lines["Sửa ngày ký"] == ("30/11/2021", "01/12/2021", "Gõ nhầm")
    assert lines["Sửa công khai"][:2] == ("có", "không")
    assert lines["Sửa độ khẩn"][:2] == ("thường", "khẩn")


def test_a_correction_says_why_and_changes_something(house: Committee) -> None:
    row, other = make_directive(house.dinh), make_directive(house.dinh, number="8/KH")
    for fields, sentence in (
        ({"reason": " "}, "Ghi vì sao sửa"),
        ({}, "Chưa đổi gì"),
        ({"number": other.number}, "đã nhập rồi"),
        ({"summary": ""}, "Ghi trích yếu"),
        ({"issued_on": DAY + dt.timedelta(days=1)}, "không thể nhận trước"),
    ):
        with pytest.raises(CannotEnter, match=sentence):
            corrected(house.dinh, row, **fields)
    with pytest.raises(NotThere):
        corrected(house.luong, row, number="9/KH")
    assert corrected(house.dinh, row, kind="chi-thi").kind == "chi-thi"


def test_it_ends_by_its_replacement_or_with_a_reason_and_for_good(house: Committee) -> None:
    old = make_directive(house.dinh)
    newer = make_directive(house.dinh, number="9/KH", issued_on=DAY)
    older = make_directive(house.dinh, number="1/KH", issued_on=dt.date(2020, 1, 2))

    def end(by: Actor, **fields: Any) -> Directive:
        return end_directive(by=by, at=MORNING, directive=old.pk, **{"valid_to": DAY, **fields})

    for fields, sentence in (
        ({}, "ghi vì sao"),
        ({"valid_to": dt.date(2021, 11, 29), "reason": "Hết"}, "không hết trước"),
        ({"replaced_by": 999_999}, "Nhập văn bản ấy trước"),
        ({"replaced_by": old.pk}, "cùng ngày hoặc sau"),
        ({"replaced_by": older.pk}, "cùng ngày hoặc sau"),
    ):
        with pytest.raises(CannotEnd, match=sentence):
            end(house.dinh, **fields)
    with pytest.raises(NotThere):
        end(house.kim, reason="Hết")
    row = end(house.dinh, replaced_by=newer.pk)
    assert (row.valid_to, row.replaced_by_id) == (DAY, newer.pk)
    with pytest.raises(NotThere):
        end(house.dinh, reason="Lần nữa")
    pages = [
        text_of(client_of(house.be).get(reverse("plans:directive", args=[pk]))) for pk in (old.pk, newer.pk)
    ]
    assert "Được thay bằng" in pages[0]
    assert "Thay cho" in pages[1]


# --- pages ---

TYPED = {
    "number": "505/QĐ-TTg",
    "kind": "quyet-dinh",
    "issuer": "Thủ tướng Chính phủ",
    "issued_on": "22/04/2022",
    "summary": "Lấy ngày 10/10 là Ngày Chuyển đổi số quốc gia",
    "urgency": "normal",
    "received_on": "10/05/2022",
    "received_clock": "8 giờ 30",
    "is_public": "on",
    "targets": "",
    "solutions": "",
    "tasks": "Tổ chức Ngày Chuyển đổi số\n\n  Treo băng rôn ",
}


def test_it_is_entered_on_the_page_with_the_clock_and_the_paper(house: Committee) -> None:
    client = client_of(house.dinh)
    address = reverse("plans:new_directive")
    page = text_of(client.get(address))
    for words in ("17 giờ, 10/05/2022", "9 giờ 15, 11/05/2022", "9 giờ 15, 12/05/2022", "chưa kiểm chứng"):
        assert words in page
    for wrong, sentence in (
        ({"issued_on": "31/04/2022"}, "Ngày viết như"),
        ({"received_clock": "25 giờ"}, "Giờ viết như"),
        ({"received_clock": "10 giờ"}, "Lúc nhận chưa tới"),
        ({"number": ""}, "Chưa có số, ký hiệu"),
        ({"kind": "x"}, "Chọn một mục trong danh sách"),
        ({"file": SimpleUploadedFile("a.txt", b"xin chao")}, "chỉ có chữ"),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "Tệp trống"),
    ):
        told = client.post(address, TYPED | wrong)
        assert (told.status_code, sentence in text_of(told)) == (422, True), sentence
        assert "Treo băng rôn" in text_of(told), "what was typed is kept"
    paper = draw_pdf("<!DOCTYPE html><html lang='vi'><title>Q</title><body>Quyết định</body></html>")
    made = client.post(address, TYPED | {"file": SimpleUploadedFile("qd-505.pdf", paper)}, follow=True)
    assert "Nhập đúng hạn" in text_of(made)
    row = Directive.objects.get()
    assert [item.text for item in row.items.order_by("ordinal")] == [
        "Tổ chức Ngày Chuyển đổi số",
        "Treo băng rôn",
    ]
    assert row.received_at == MORNING.replace(hour=8, minute=30)
    file = client_of(house.be).get(reverse("plans:directive_file", args=[row.pk]))
    assert (file.content, file["Content-Type"]) == (paper, "application/pdf")
    assert file["Content-Disposition"].startswith("inline")


def test_strangers_sign_in_and_whoever_has_no_business_here_sees_nothing(house: Committee) -> None:
    row = make_directive(house.dinh)
    for name, arguments in (("directives", []), ("directive", [row.pk]), ("directive_file", [row.pk])):
        address = reverse(f"plans:{name}", args=arguments)
        assert Client().get(address).status_code == 302
    assert client_of(house.be).get(reverse("plans:directive_file", args=[row.pk])).status_code == 404, (
        "no paper"
    )
    assert client_of(house.be).get(reverse("plans:directive", args=[999_999])).status_code == 404
    for name, arguments in (("new_directive", []), ("edit_directive", [row.pk])):
        assert client_of(house.du).get(reverse(f"plans:{name}", args=arguments)).status_code == 404


def test_it_is_corrected_added_to_and_ended_on_its_page(house: Committee) -> None:
    row = make_directive(house.dinh)
    client = client_of(house.dinh)
    edit = reverse("plans:edit_directive", args=[row.pk])
    assert "122/KH-UBND" in text_of(client.get(edit))
    said = {key: value for key, value in TYPED.items() if key not in ("tasks", "targets", "solutions")}
    assert client.post(edit, said).status_code == 422, "no reason"
    assert client.post(edit, said | {"reason": "Nhập nhầm văn bản"}).status_code == 302
    add = reverse("plans:add_directive_items", args=[row.pk])
    told = client.post(add, {"targets": "", "solutions": "", "tasks": ""})
    assert (told.status_code, "Chưa ghi mục nào" in text_of(told)) == (422, True)
    assert client.post(add, {"targets": "Một chỉ tiêu nữa", "solutions": "", "tasks": ""}).status_code == 302
    end = reverse("plans:end_directive", args=[row.pk])
    told = client.post(end, {"valid_to": "", "replaced_by": "", "reason": "Hết"})
    assert (told.status_code, "Chưa có ngày" in text_of(told)) == (422, True)
    told = client.post(end, {"valid_to": "10/05/2022", "replaced_by": "", "reason": ""})
    assert (told.status_code, "ghi vì sao" in text_of(told)) == (422, True)
    assert client.post(end, {"valid_to": "09/05/2022", "replaced_by": "", "reason": "Hết"}).status_code == 302
    assert "Hết hiệu lực" in text_of(client.get(reverse("plans:directive", args=[row.pk])))
    assert client.post(end, {"valid_to": "09/05/2022", "reason": "Hết"}).status_code == 404


def test_a_paper_is_added_later_and_named_in_the_history(house: Committee) -> None:
    row = make_directive(house.dinh)
    kept = store(
        draw_pdf("<!DOCTYPE html><html lang='vi'><title>A</title></html>"),
        media_type=PDF,
        at=MORNING,
        pages=1,
    )
    corrected(house.dinh, row, upload=Upload(kept, "kh-122.pdf", "", was_photo=False))
    assert History.objects.filter(about=row.about, what="Thêm tệp văn bản", after="kh-122.pdf").exists()
    corrected(house.dinh, Directive.objects.get(), upload=Upload(kept, "moi.pdf", "", was_photo=False))
    assert History.objects.filter(what="Thay tệp văn bản", before="kh-122.pdf", after="moi.pdf").exists()


def test_a_list_of_thirty_takes_few_queries(house: Committee, django_assert_max_num_queries: Any) -> None:
    for n in range(30):
        make_directive(house.dinh, number=f"{n}/KH")
    client = client_of(house.an)
    client.get(reverse("plans:directives"))
    with django_assert_max_num_queries(18):
        client.get(reverse("plans:directives"))
