"""One task's page: what each reader sees and may press, reports with papers, answers piece by piece, every act's page."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tinhso.directory.api import Account, Actor
from tinhso.documents.api import draw_pdf
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Evidence, Task
from tinhso.plans.queries.task_days import task_days
from tinhso.plans.services.answer_task_report import answer_task_report
from tinhso.plans.services.ask_task_extension import ask_task_extension
from tinhso.plans.services.report_task import Claim, Progress, report_task
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee, make_task
from tinhso.plans.views.task_act_table import ACTS
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db
TASKS = "/ban-chi-dao/nhiem-vu/"
PAPER = "<!DOCTYPE html><html lang='vi'><title>Giấy</title><body>Biên bản {}</body></html>"


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> Committee:
    """Stand in the morning of 10 May with everybody."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_committee()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def page(actor: Actor, task: Task, rest: str = "", status: int = 200) -> str:
    response = client_of(actor).get(f"{TASKS}{task.code}/{rest}")
    assert response.status_code == status, response.content.decode()[:1500]
    return unescape(response.content.decode())


def bar(text: str) -> str:
    """Return the words of the bar of acts."""
    found = re.search(r'<div class="actbar">(.*?)</main>', text, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>", "", found[1])


def mains(text: str) -> int:
    found = re.search(r'<div class="actbar">(.*?)</main>', text, re.DOTALL)
    return found[1].count("btn-main") if found else 0


def sixty(who: Committee, **fields: Any) -> Task:
    return make_task(who.bureau, quantity=60, unit="xã", state=TaskState.RUNNING, **fields)


def claimed(who: Committee, task: Task, *labels: str, by: Actor | None = None) -> list[Evidence]:
    report = report_task(
        by=by or who.du,
        at=MORNING,
        code=task.code,
        progress=Progress("Đã nối."),
        claims=[Claim(label, 1, link="/so-lieu/") for label in labels],
    )
    return list(report.evidence.order_by("id"))


def press(actor: Actor, task: Task, rest: str, status: Any = 302, **data: Any) -> str:
    response = client_of(actor).post(f"{TASKS}{task.code}/{rest}/", data)
    text = unescape(response.content.decode())
    assert response.status_code == status, text[:3000]
    return text


# --- the page ---


def test_the_figure_adds_up_to_what_is_asked(who: Committee) -> None:
    task = sixty(who, confirmed_quantity=36)
    claimed(who, task, "Hải Lý", "Yên Bằng")
    text = page(who.dinh, task)
    assert "60,0 %" in text
    assert "<b>36</b> trên <b>60</b> xã đã xác nhận" in text
    added = re.findall(r"<dd>(\d+) xã</dd>", text)
    assert added == ["36", "2", "22", "60"]
    assert "<title>Quá 5 ngày làm việc: Nối mạng" in text


def test_whoever_reported_reads_why_there_is_no_button(who: Committee) -> None:
    task = sixty(who)
    claimed(who, task, "Hải Lý")
    text = page(who.du, task)
    assert "Kết luận về" not in text
    assert "Báo cáo đang chờ Ban Chỉ đạo xác nhận." in bar(text)
    assert "Kết luận 1 bằng chứng" in bar(page(who.dinh, task))


def test_there_is_one_main_button_for_each_reader_in_each_state(who: Committee) -> None:
    for state in TaskState:
        done_on = DAY if state is TaskState.DONE else None
        task = make_task(who.bureau, f"Việc {state}", state=state, done_on=done_on)
        task.partners.create(office=who.district)
        for actor in (who.thinh, who.dinh, who.du, who.dien, who.nhap, who.an):
            text = page(actor, task)
            assert mains(text) <= 1, (state, actor.name)


def test_main_buttons_follow_the_state(who: Committee) -> None:
    task = make_task(who.bureau, due=dt.date(2022, 6, 30))
    assert "Bắt đầu thực hiện" in bar(page(who.du, task))
    press(who.du, task, "bat-dau")
    assert "Báo cáo kèm bằng chứng" in bar(page(who.du, task))
    assert "Xác nhận: mở khi cơ quan chủ trì báo cáo." in bar(page(who.dinh, task))
    press(who.dinh, task, "tam-hoan", reason="Chờ kinh phí")
    assert "Cho thực hiện tiếp" in bar(page(who.dinh, task))
    press(who.dinh, task, "tiep-tuc")
    press(who.dinh, task, "thu-hoi", reason="Không cần nữa")
    assert "Khôi phục nhiệm vụ" in bar(page(who.dinh, task))


def test_only_the_head_refuses_and_the_secretary_insists(who: Committee) -> None:
    task = make_task(who.bureau)
    assert "Từ chối" in bar(page(who.dien, task))
    assert "Từ chối" not in bar(page(who.du, task))
    press(who.du, task, "tu-choi", 404, reason="Không thuộc")
    press(who.dien, task, "tu-choi", reason="Không thuộc chức năng")
    assert "Yêu cầu thực hiện" in bar(page(who.dinh, task))
    press(who.dinh, task, "yeu-cau", reason="Thuộc chức năng theo quyết định")
    task.refresh_from_db()
    assert task.state == TaskState.NOT_STARTED


def test_strangers_to_a_task_do_not_find_it(who: Committee) -> None:
    task = make_task(who.bureau)
    page(who.su, task, status=404)
    page(who.nhap, task, status=404)
    press(who.su, task, "bat-dau", 404)
    task.partners.create(office=who.district)
    assert "Viết trao đổi" in bar(page(who.nhap, task))
    press(who.nhap, task, "bat-dau", 404)
    press(who.nhap, task, "trao-doi", text="Huyện đã có 4 phòng")
    assert "Huyện đã có 4 phòng" in page(who.du, task)


# --- the days ---


def test_days_are_counted_as_in_the_design(who: Committee) -> None:
    found = task_days(make_task(who.bureau), DAY)
    assert [line[1] for line in found.lines] == ["19 ngày làm việc", "13 ngày"]
    assert found.total == ("Quá hạn đến hôm nay", "5 ngày làm việc")
    assert [one.number for one in found.days if one.kind == "over"] == [1, 2, 3, 4, 5]
    assert [one.number for one in found.days if one.kind == "passed"] == list(range(1, 20))
    assert not found.is_cut


def test_a_long_task_is_drawn_around_today_and_counted_whole(who: Committee) -> None:
    task = make_task(who.bureau, starts=dt.date(2022, 1, 4), due=dt.date(2022, 12, 30))
    found = task_days(task, DAY)
    assert found.is_cut
    assert len(found.days) == 63
    assert DAY in [one.date for one in found.days]
    today = next(one for one in found.days if one.kind == "today")
    assert today.number == 83


def test_a_task_that_is_done_says_when(who: Committee) -> None:
    task = make_task(who.bureau, state=TaskState.DONE, done_on=dt.date(2022, 5, 5))
    assert task_days(task, DAY).total == ("Xong trễ", "2 ngày làm việc")
    early = make_task(who.bureau, state=TaskState.DONE, done_on=dt.date(2022, 4, 27))
    assert task_days(early, DAY).total == ("Xong trước hạn", "2 ngày làm việc")
    assert task_days(make_task(who.bureau, due=None), DAY).days == ()


# --- answering ---


def test_one_piece_is_confirmed_and_one_returned_with_its_reason(who: Committee) -> None:
    task = sixty(who)
    one, two = claimed(who, task, "Hải Lý", "Yên Bằng")
    press(
        who.dinh,
        task,
        "ket-luan",
        **{
            "bao-cao": one.report_id,
            "viec": "ket-luan",
            f"y-{one.pk}": "confirmed",
            f"y-{two.pk}": "returned",
            f"ly-do-{two.pk}": "Thiếu chữ ký của xã",
        },
    )
    task.refresh_from_db()
    two.refresh_from_db()
    assert task.confirmed_quantity == 1
    assert (two.answer, two.answer_text) == ("returned", "Thiếu chữ ký của xã")
    assert "Thiếu chữ ký của xã" in page(who.du, task)


def test_what_is_missing_in_an_answer_is_told_at_its_box_and_what_was_chosen_stays(who: Committee) -> None:
    task = sixty(who)
    one, two = claimed(who, task, "Hải Lý", "Yên Bằng")
    text = press(who.dinh, task, "ket-luan", 422, **{"bao-cao": one.report_id, f"y-{one.pk}": "returned"})
    assert "Chưa có lý do trả lại “Hải Lý”. Viết một câu." in text
    assert "Chọn xác nhận hoặc trả lại “Yên Bằng”." in text
    assert f'name="y-{one.pk}" value="returned" checked' in text
    assert f'href="#ly-do-{one.pk}"' in text
    task.refresh_from_db()
    assert task.confirmed_quantity == 0
    text = press(who.dinh, task, "ket-luan", 422, **{"bao-cao": two.report_id, "viec": "tra-ca"})
    assert "Chưa có lý do trả lại cả báo cáo." in text


def test_a_whole_report_is_returned_by_one_press(who: Committee) -> None:
    task = sixty(who)
    one, _two = claimed(who, task, "Hải Lý", "Yên Bằng")
    press(who.dinh, task, "ket-luan", **{"bao-cao": one.report_id, "viec": "tra-ca", "noi-them": "Gửi lại"})
    assert set(Evidence.objects.values_list("answer", flat=True)) == {"returned"}


def test_a_report_that_somebody_answered_meanwhile_is_not_answered_twice(who: Committee) -> None:
    task = sixty(who)
    (one,) = claimed(who, task, "Hải Lý")
    answer_task_report(by=who.thinh, at=MORNING, report=one.report_id, verdicts={one.pk: ""})
    client = client_of(who.dinh)
    response = client.post(
        f"{TASKS}{task.code}/ket-luan/", {"bao-cao": one.report_id, f"y-{one.pk}": "returned"}
    )
    assert response.status_code == 302
    assert "đã có người trả lời" in unescape(client.get(response["Location"]).content.decode())
    task.refresh_from_db()
    assert task.confirmed_quantity == 1


def test_the_lead_answers_nothing(who: Committee) -> None:
    task = sixty(who)
    (one,) = claimed(who, task, "Hải Lý")
    response = client_of(who.dien).post(
        f"{TASKS}{task.code}/ket-luan/", {"bao-cao": one.report_id, f"y-{one.pk}": "confirmed"}
    )
    assert response.status_code == 404
    one.refresh_from_db()
    assert one.answer == ""


# --- reporting ---


def pdf(word: str = "một") -> SimpleUploadedFile:
    return SimpleUploadedFile("bien ban.pdf", draw_pdf(PAPER.format(word)), "application/pdf")


def test_a_report_with_a_paper_waits_and_the_paper_goes_out_to_its_readers_only(who: Committee) -> None:
    task = sixty(who)
    press(
        who.du,
        task,
        "bao-cao",
        text="Nối xong xã Hải Lý",
        **{"minh-chung-1": "Hải Lý", "so-luong-1": "1", "tep-1": pdf(), "duong-dan-1": ""},
    )
    piece = Evidence.objects.get()
    assert (piece.label, piece.quantity, piece.report.answer) == ("Hải Lý", 1, "")
    address = f"{TASKS}{task.code}/bang-chung/{piece.pk}/"
    for actor, status in ((who.du, 200), (who.dinh, 200), (who.an, 200), (who.su, 404), (who.be, 404)):
        response = client_of(actor).get(address)
        assert response.status_code == status, actor.name
        if status == 200:
            assert response.content.startswith(b"%PDF")
            assert response["Cache-Control"] == "private, no-store"
    other = make_task(who.other)
    assert client_of(who.dinh).get(f"{TASKS}{other.code}/bang-chung/{piece.pk}/").status_code == 404
    assert "Giấy mới, đọc được" in page(who.dinh, task)


def test_a_paper_that_was_given_before_is_pointed_out_to_whoever_answers(who: Committee) -> None:
    first, second = sixty(who), make_task(who.bureau, "Việc khác", state=TaskState.RUNNING)
    sent = {"minh-chung-1": "Hải Lý", "tep-1": pdf()}
    press(who.du, first, "bao-cao", text="Xong", **{**sent, "so-luong-1": "1"})
    press(who.du, second, "bao-cao", text="Xong", progress="50", **{**sent, "tep-1": pdf()})
    assert "Giấy đã dùng" in page(who.dinh, second)
    assert first.code in page(who.dinh, second)


def test_a_paper_stays_when_another_box_is_wrong(who: Committee) -> None:
    task = sixty(who)
    text = press(
        who.du, task, "bao-cao", 422, text="", **{"minh-chung-1": "Hải Lý", "so-luong-1": "1", "tep-1": pdf()}
    )
    assert "Chưa ghi việc đã làm." in text
    assert 'value="Hải Lý"' in text
    kept = re.search(r'name="da-nhan-1" value="([^"]+)"', text)
    assert kept is not None
    sent = {"minh-chung-1": "Hải Lý", "so-luong-1": "1", "da-nhan-1": kept[1]}
    press(who.dien, task, "bao-cao", 422, text="Xong", **sent)  # signed for whoever sent it
    press(who.du, task, "bao-cao", text="Xong", **sent)
    assert Evidence.objects.get().file is not None


def test_wrong_pieces_are_told_where_they_stand(who: Committee) -> None:
    task = sixty(who)
    text = press(
        who.du,
        task,
        "bao-cao",
        422,
        text="Xong",
        **{"minh-chung-1": "", "so-luong-1": "2", "minh-chung-2": "Yên Bằng", "so-luong-2": "hai"},
    )
    assert "Ghi bằng chứng này cho thấy điều gì" in text
    assert "Số lượng là số nguyên" in text
    text = press(
        who.du,
        task,
        "bao-cao",
        422,
        text="Xong",
        **{"minh-chung-1": "x", "tep-1": SimpleUploadedFile("a.txt", b"chu")},
    )
    assert "Đây là tệp chỉ có chữ" in text
    text = press(who.du, task, "bao-cao", 422, text="Xong", **{"minh-chung-1": ""})
    assert "Thêm ít nhất một bằng chứng" in text


def test_only_the_lead_reports_and_only_when_nothing_waits(who: Committee) -> None:
    task = sixty(who)
    page(who.dinh, task, "bao-cao/", 404)
    page(who.su, task, "bao-cao/", 404)
    assert "minh-chung-12" in page(who.du, task, "bao-cao/?them=1")
    claimed(who, task, "Hải Lý")
    assert client_of(who.du).get(f"{TASKS}{task.code}/bao-cao/").status_code == 302


# --- acts ---


def test_every_act_has_a_page_or_leads_back_with_a_sentence(who: Committee) -> None:
    task = sixty(who)
    for key, act in ACTS.items():
        for actor in (who.thinh, who.dien):
            response = client_of(actor).get(f"{TASKS}{task.code}/{key}/")
            assert response.status_code in (200, 302, 404), key
            if response.status_code == 200:
                assert str(act.button) in unescape(response.content.decode())
    assert client_of(who.dinh).get(f"{TASKS}{task.code}/la/").status_code == 404


@pytest.mark.parametrize(
    "key", ["tam-hoan", "giao-lai", "gop", "gia-han", "viec-con", "cho-viec", "trao-doi", "tien-do"]
)
def test_an_act_without_what_it_asks_is_told_at_the_box(who: Committee, key: str) -> None:
    task = sixty(who)
    actor = who.du if key in ("gia-han", "tien-do") else who.dinh
    text = press(actor, task, key, 422)
    assert 'class="errors"' in text
    assert "aria-describedby" in text


def test_an_extension_is_asked_by_the_lead_and_answered_by_the_chair(who: Committee) -> None:
    task = sixty(who)
    text = press(who.du, task, "gia-han", 422, due_after="01/05/2022", reason="Chưa bàn giao")
    assert "Hạn mới phải sau hạn cũ" in text
    assert "Chưa bàn giao" in text
    press(who.du, task, "gia-han", due_after="25/05/2022", reason="22 xã chưa bàn giao")
    assert "Xin gia hạn đến 25/05/2022" in page(who.dinh, task)
    assert "Gia hạn: chỉ Trưởng ban quyết định." in bar(page(who.dinh, task))
    page(who.dinh, task, "tra-loi-gia-han/", 404)
    assert "Trả lời xin gia hạn" in bar(page(who.thinh, task))
    press(who.thinh, task, "tra-loi-gia-han", 422, outcome="refused", reason="")
    press(who.thinh, task, "tra-loi-gia-han", outcome="granted")
    task.refresh_from_db()
    assert task.due == dt.date(2022, 5, 25)
    text = page(who.du, task)
    assert "Hạn đầu 29/04/2022" in text
    assert "Đã trễ 5 ngày làm việc khi được gia hạn." in text


def test_offices_are_found_by_a_part_of_their_name(who: Committee) -> None:
    task = sixty(who)
    press(who.dinh, task, "giao-lai", lead="so thong tin", reason="Đúng chức năng")
    task.refresh_from_db()
    assert task.lead == who.other
    text = press(who.dinh, task, "giao-lai", 422, lead="sở", reason="x")
    assert "có 2 cơ quan" in text
    assert "Chưa có cơ quan “Sở Trăng Sao”" in press(
        who.dinh, task, "giao-lai", 422, lead="Sở Trăng Sao", reason="x"
    )


def test_a_part_is_given_and_counted_in_the_whole(who: Committee) -> None:
    task = sixty(who, due=dt.date(2022, 6, 30))
    text = press(
        who.dinh, task, "viec-con", 422, title="Huyện bàn giao", lead="Ý Yên", due="01/06/2022", quantity="61"
    )
    assert "chỉ còn 60 xã" in text
    press(who.dinh, task, "viec-con", title="Huyện bàn giao", lead="Ý Yên", due="01/06/2022", quantity="9")
    part = Task.objects.get(parent=task)
    text = page(who.dinh, task)
    assert "Huyện bàn giao" in text
    assert re.search(r"<tfoot>.*?>9<", text, re.DOTALL)
    assert task.title in page(who.nhap, part)


def test_likely_duplicates_are_suggested_and_merged(who: Committee) -> None:
    first = make_task(who.bureau, "Nối mạng chuyên dùng cấp II cho 60 xã", due=dt.date(2022, 5, 20))
    second = make_task(who.bureau, "Nối mạng chuyên dùng cấp II cho 60 xã, đợt 1", due=dt.date(2022, 5, 25))
    assert first.code in page(who.dinh, second, "gop/")
    response = client_of(who.dinh).post(f"{TASKS}{second.code}/gop/", {"code": first.code.lower()})
    assert response["Location"] == f"{TASKS}{first.code}/"
    second.refresh_from_db()
    assert second.merged_into == first
    assert first.title in page(who.dinh, second)


def test_ties_tags_and_the_public_page(who: Committee) -> None:
    task, other = sixty(who), make_task(who.other, "Mua thiết bị")
    press(who.dinh, task, "cho-viec", code=other.code)
    assert "Mua thiết bị" in page(who.dinh, task)
    text = page(who.du, task)
    tie = re.search(r'aria-labelledby="cho-nhau".*?</section>', text, re.DOTALL)
    assert tie is not None
    assert "Mua thiết bị" not in tie[0]
    assert "một nhiệm vụ của cơ quan khác" in text
    press(who.dinh, task, "bo-cho-viec", can=other.code)
    assert not task.needs.exists()
    press(who.dinh, task, "nhan", tags=["cchc", "project-06"])
    press(who.dinh, task, "nhan", tags=["cchc"])
    press(who.dinh, task, "cong-khai")
    task.refresh_from_db()
    assert (task.tags, task.is_public) == (["cchc"], True)
    press(who.dinh, task, "don-doc", text="Báo lại trước thứ Sáu")
    assert "Hôm nay đã đôn đốc việc này" in press(who.dinh, task, "don-doc", 422, text="")


def test_another_office_with_the_same_word_is_not_told(who: Committee) -> None:
    task = sixty(who)
    ask_task_extension(
        by=who.du, at=MORNING, code=task.code, due_after=dt.date(2022, 6, 1), reason="Chờ thiết bị"
    )
    page(who.nhap, task, status=404)


# --- giving ---


def typed(**more: str) -> dict[str, str]:
    return {"title": "Nối mạng cho 60 xã", "lead": "Sở Giáo dục", "due": "30/06/2022", **more}


def test_a_task_is_given_with_what_it_belongs_to_and_taken_back_by_one_press(who: Committee) -> None:
    client = client_of(who.dinh)
    assert client.get(f"{TASKS}giao/?viec=Việc&co-quan={who.other.pk}&nhan=cchc").status_code == 200
    response = client.post(
        f"{TASKS}giao/",
        typed(quantity="60", unit="xã", partners="y yen\nsở thông tin", tags="cchc", group="ha-tang"),
    )
    assert response.status_code == 302, unescape(response.content.decode())[:2000]
    task = Task.objects.get()
    assert (task.lead, task.quantity, task.tags) == (who.bureau, 60, ["cchc"])
    assert {partner.office_id for partner in task.partners.all()} == {who.district.pk, who.other.pk}
    text = unescape(client.get(response["Location"]).content.decode())
    assert "Hoàn tác" in text
    client.post(f"{TASKS}{task.code}/thu-hoi/", {})
    task.refresh_from_db()
    assert task.state == TaskState.WITHDRAWN


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Chưa có việc phải làm."),
        ({"lead": ""}, "Chưa có cơ quan chủ trì."),
        ({"lead": "Sở Trăng Sao"}, "Chưa có cơ quan “Sở Trăng Sao”."),
        ({"due": "31/02/2022"}, "Ngày viết như 24/05/2022."),
        ({"due": "01/05/2022"}, "Hạn"),
        ({"quantity": "60"}, "Ghi cả số lượng và đơn vị tính"),
        ({"quantity": "sáu"}, "Số lượng là số nguyên"),
        ({"partners": "Sở Trăng Sao"}, "Chưa có cơ quan “Sở Trăng Sao”."),
        ({"recurrence": "monthly"}, "Ghi ngày thôi lặp lại"),
        ({"target": "7777"}, "Chọn một mục trong danh sách."),
    ],
)
def test_what_is_wrong_in_a_new_task_is_told_and_what_was_typed_stays(
    who: Committee, wrong: dict[str, str], sentence: str
) -> None:
    response = client_of(who.dinh).post(f"{TASKS}giao/", typed(product="60 biên bản") | wrong)
    text = unescape(response.content.decode())
    assert response.status_code == 422
    assert sentence in text
    assert "60 biên bản" in text
    assert not Task.objects.exists()


def test_in_the_meeting_one_task_follows_another(who: Committee) -> None:
    client = client_of(who.thinh)
    response = client.post(f"{TASKS}giao-trong-hop/", typed())
    assert response.status_code == 302
    text = unescape(client.get(response["Location"]).content.decode())
    assert "Nối mạng cho 60 xã" in text
    assert "Hoàn tác" in text
    assert 'value="Sở Giáo dục và Đào tạo"' in text
    assert client.post(f"{TASKS}giao-trong-hop/", typed(due="")).status_code == 422


def test_only_the_committee_gives_tasks(who: Committee) -> None:
    for actor in (who.du, who.dien, who.luong, who.an):
        for path in ("giao/", "giao-trong-hop/"):
            assert client_of(actor).get(f"{TASKS}{path}").status_code == 404
            assert client_of(actor).post(f"{TASKS}{path}", typed()).status_code == 404
    assert not Task.objects.exists()
