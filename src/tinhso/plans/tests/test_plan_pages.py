"""The pages of one plan: what each reader sees, what is refused with what was typed kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import PlanState
from tinhso.plans.models import BudgetLine, Opinion, Plan
from tinhso.plans.services.issue_plan import issue_plan
from tinhso.plans.services.save_plan_item import save_plan_item
from tinhso.plans.services.sign_plan import sign_plan
from tinhso.plans.tests.annex_world import row
from tinhso.plans.tests.factories import MORNING, Committee, make_committee, make_plan, make_window
from tinhso.plans.tests.plan_world import (
    MAKE,
    asked,
    client_of,
    drafted,
    issued,
    make_deputy,
    moment,
    opined,
    passed,
    sent,
    signed,
    window_of,
)
from tinhso.toolkit import clock

pytestmark = pytest.mark.django_db
ROW = {
    "group": "nhan-thuc",
    "content": "Tập huấn kỹ năng số cho 226 xã",
    "lead": "so thong tin va truyen thong",
    "partners": "UBND các xã",
    "starts": "01/06/2022",
    "ends": "30/06/2022",
    "product": "226 lớp",
    "amount": "1.150,5",
    "source": "tinh",
}


@pytest.fixture
def who() -> Committee:
    return make_committee()


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)


def get(actor: Actor, name: str, *args: object, query: str = "") -> str:
    answer = client_of(actor).get(reverse(f"plans:{name}", args=args) + query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(actor: Actor, name: str, *args: object, **sent_words: object) -> tuple[int, str]:
    answer = client_of(actor).post(reverse(f"plans:{name}", args=args), sent_words, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_page_shows_the_whole_plan(who: Committee) -> None:
    window = window_of(who)
    window_of(who, name="Giai đoạn", last_year=2025)
    opined(who, asked(who, drafted(who, window)))
    plan = Plan.objects.get()
    text = get(who.du, "plan", plan.pk)
    for words in (
        "Chưa đăng ký: Kế hoạch chuyển đổi số năm 2022 của Sở Giáo dục và Đào tạo",
        "Chịu trách nhiệm: Nguyễn Thị Điển Hình, Giám đốc",
        "Soạn: Trần Văn Thí Dụ",
        "Hạn thứ Sáu, 20/05.",
        "Còn 8 ngày làm việc",
        "Đã dùng 1 trên 9 ngày",
        "2 trên 2 nơi đã trả lời, đến hết 12/05",
        "Phụ lục: 9 nhiệm vụ, 3.000 triệu đồng",
        "Cộng 9 nhiệm vụ, ngân sách tỉnh",
        "1 ý kiến: 0 tiếp thu, 0 không tiếp thu, 1 chưa trả lời",
        "1 ý kiến chưa trả lời",
        "10,3 %",
        "Mức tối thiểu 10 %, Chỉ thị 14/CT-TTg ngày 07/06/2019",
        "Còn 1 ý kiến chưa trả lời",
        "Trả lời 1 ý kiến",
        "Gửi thẩm định: chưa mở. Còn 1 ý kiến chưa trả lời.",
        "Giai đoạn 2022–2025 <b>chưa soạn</b>",
        "Mở đợt đăng ký",
        "Tải Excel",
        "So với bản 1",
        "Nhập lại từ Excel",
        "06/06 – 30/09",
        "chưa kiểm chứng",
    ):
        assert words in text, words
    assert "Góp ý thêm" in get(who.su, "plan", plan.pk)
    assert "Tiếp thu" not in get(who.thinh, "plan", plan.pk).partition('id="y-kien"')[2].partition("res")[0]


@pytest.mark.parametrize("state", list(PlanState))
def test_every_state_has_a_page_for_every_reader(who: Committee, state: PlanState) -> None:
    plan = MAKE[state](who)
    for name in ("du", "dien", "luong", "dinh", "thinh", "kim", "an"):
        text = get(getattr(who, name), "plan", plan.pk)
        assert text.count("btn-main") <= 2, "one main act, on the bar and in its place"
        assert "Giải" not in text
        get(getattr(who, name), "plan_text", plan.pk)
    expected = 200 if state is PlanState.ISSUED else 404
    for name in ("plan", "plan_text"):
        answer = client_of(who.be).get(reverse(f"plans:{name}", args=[plan.pk]))
        assert answer.status_code == expected
    if expected == 200:
        text = get(who.be, "plan", plan.pk)
        for words in ("Ghi rõ số điểm nối", "Trần Văn Thí Dụ", "Bản nháp", "Quá trình", "Lịch sử"):
            assert words not in text, "strangers read what was issued, not how it came about"


def test_every_act_is_the_one_persons_whose_it_is(who: Committee) -> None:
    plan = sent(who)
    assert "Thẩm định đạt" in get(who.luong, "plan", plan.pk)
    assert "Thẩm định đạt" not in get(who.du, "plan", plan.pk)
    assert "Người soạn không tự thẩm định" in get(who.du, "plan", plan.pk)
    status, text = post(who.luong, "plan_act", plan.pk, "tra-lai", text=" ")
    assert (status, "Ghi vì sao trả lại" in text) == (422, True)
    assert "Đã ghi thẩm định đạt" in post(who.luong, "plan_act", plan.pk, "tham-dinh-dat", text="Đạt.")[1]
    assert "Ký kế hoạch" in get(who.dien, "plan", plan.pk)
    assert "việc này của người khác" in post(who.du, "plan_act", plan.pk, "ky")[1]
    assert "Đã ký" in post(who.dien, "plan_act", plan.pk, "ky")[1]
    status, text = post(who.du, "plan_act", plan.pk, "dang-ky", text="khong so")
    assert (status, 'value="khong so"' in text) == (422, True)
    assert "số 45/KH-SGDĐT" in post(who.du, "plan_act", plan.pk, "dang-ky", text="45/KH-SGDĐT")[1]
    assert "Đăng ký đúng hạn" in get(who.be, "plan", plan.pk)
    status, text = post(who.du, "plan_act", plan.pk, "dieu-chinh", text="")
    assert (status, "Ghi vì sao điều chỉnh" in text) == (422, True)
    new = post(who.du, "plan_act", plan.pk, "dieu-chinh", text="Thêm tiền.")[1]
    assert "Bản điều chỉnh, lần 2" in new
    assert "Vì sao điều chỉnh" in new
    assert "Các bản" in get(who.du, "plan", plan.pk)
    assert post(who.du, "plan_act", plan.pk, "khong-co")[0] == 404
    assert post(who.be, "plan_act", plan.pk, "giao-nhiem-vu")[0] == 200
    assert post(who.be, "plan_act", 999_999, "ky")[0] == 404


def test_what_is_sent_back_says_why(who: Committee) -> None:
    plan = sent(who)
    post(who.luong, "plan_act", plan.pk, "tra-lai", text="Thiếu nguồn vốn.")
    text = get(who.du, "plan", plan.pk)
    assert "Thẩm định trả lại" in text
    assert "Thiếu nguồn vốn." in text
    back = passed_again(who, plan)
    status, text = post(who.dien, "plan_act", back.pk, "tra-lai", text="")
    assert status == 422
    assert "Đã trả lại" in post(who.dien, "plan_act", back.pk, "tra-lai", text="Đợi tiền.")[1]


def passed_again(who: Committee, plan: Plan) -> Plan:
    Plan.objects.filter(pk=plan.pk).update(
        state=PlanState.SIGNING, appraised_at=MORNING, appraisal_note="Đạt."
    )
    return plan


def test_opinions_are_sent_and_missing_things_are_said(who: Committee) -> None:
    plan = opined(who).request.plan
    status, text = post(who.du, "plan_act", plan.pk, "gui-tham-dinh")
    assert (status, "Còn 1 ý kiến chưa trả lời. Làm xong rồi gửi." in text) == (422, True)
    opinion = Opinion.objects.get()
    address = ("opinion_answer", opinion.pk)
    assert "checked" in get(who.du, *address, query="?tra-loi=khong")
    status, text = post(who.du, *address, answer="rejected", text=" ")
    assert (status, "Ghi lý do không tiếp thu" in text) == (422, True)
    assert post(who.du, *address, text="x")[0] == 422
    assert "Đã trả lời ý kiến" in post(who.du, *address, answer="accepted", text="Đã ghi.")[1]
    assert post(who.su, *address, answer="accepted")[0] == 404
    assert "Đã gửi thẩm định" in post(who.du, "plan_act", plan.pk, "gui-tham-dinh")[1]


def test_an_asked_office_gives_its_opinion_on_the_page(who: Committee) -> None:
    plan = asked(who)
    address = ("opinion_give", plan.pk, who.other.pk)
    page = get(who.su, *address, query="?dong=3")
    assert '<option value="3" selected>' in page
    assert "Góp ý của Sở Thông tin và Truyền thông" in page
    for typed, words in (
        ({}, "Chọn nhất trí hoặc có ý kiến"),
        ({"answer": "co-y-kien"}, "Ghi ý kiến, mỗi ô một ý"),
        ({"answer": "nhat-tri", "text-2": "Một ý đã gõ"}, "Một ý đã gõ"),
        ({"answer": "co-y-kien", "text-1": "Dòng lạ", "row-1": "99"}, "Phụ lục không có nhiệm vụ 99"),
        ({"answer": "co-y-kien", "text-1": "x" * 1001}, "tối đa 1000 chữ"),
    ):
        status, text = post(who.su, *address, **typed)
        assert (status, words in text) == (422, True), words
    said = {"answer": "co-y-kien", "text-1": "Ghi tốc độ.", "row-1": "3", "text-4": "Nêu nguồn."}
    assert "Đã gửi góp ý" in post(who.su, *address, **said)[1]
    assert list(Opinion.objects.order_by("pk").values_list("row", "text")) == [
        (3, "Ghi tốc độ."),
        (0, "Nêu nguồn."),
    ]
    assert "Đã góp" in get(who.su, *address)
    assert (
        "Đã trả lời nhất trí"
        in post(who.nhap, "opinion_give", plan.pk, who.district.pk, answer="nhat-tri")[1]
    )
    assert post(who.be, *address, answer="nhat-tri")[0] == 404
    assert "Nhất trí" in get(who.du, "plan", plan.pk)


def test_silent_offices_are_reminded_and_then_agree(who: Committee, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = asked(who)
    assert "UBND huyện Ý Yên chưa góp ý, hạn 12/05" in get(who.du, "plan", plan.pk)
    for words in ("Đã nhắc cơ quan góp ý", "Hôm nay đã nhắc"):
        assert words in post(who.du, "opinion_remind", plan.pk, who.district.pk)[1]
    assert post(who.su, "opinion_remind", plan.pk, who.district.pk)[0] == 404
    monkeypatch.setattr(clock, "now", lambda: moment(5, 13))
    text = get(who.du, "plan", plan.pk)
    assert "Im lặng, tính là nhất trí" in text
    assert "2 nơi được hỏi, 2 nơi quá hạn không trả lời tính là nhất trí" in text
    assert "Gửi thẩm định" in text


def test_offices_are_chosen_to_be_asked(who: Committee) -> None:
    plan = drafted(who)
    page = get(who.du, "plan_ask", plan.pk)
    assert "Sở Thông tin và Truyền thông" in page
    assert f'value="{who.bureau.pk}"' not in page, "not the drafter itself"
    status, text = post(who.du, "plan_ask", plan.pk, days="mười", office=who.other.pk)
    assert (status, "Ghi từ 1 đến 60" in text, f'value="{who.other.pk}" checked' in text) == (422, True, True)
    assert post(who.du, "plan_ask", plan.pk, days="5")[0] == 422
    assert "Đã gửi lấy ý kiến 1 nơi" in post(who.du, "plan_ask", plan.pk, days="5", office=who.other.pk)[1]
    assert "đã hỏi một lần" in get(who.du, "plan_ask", plan.pk)
    assert post(who.su, "plan_ask", plan.pk, days="5")[0] == 404


def test_rows_are_typed_changed_moved_taken_out_and_brought_back(who: Committee) -> None:
    plan = drafted(who)
    get(who.du, "plan_item_new", plan.pk, query="?nhom=an-toan")
    status, text = post(who.du, "plan_item_new", plan.pk, **ROW, note="", **{"them-nua": "1"})
    assert "nhận ra Sở Thông tin và Truyền thông" in text
    assert 'value="nhan-thuc" selected' in text, "the next row begins in the same group"
    item = plan.items.get(ordinal=2)
    assert (item.amount, item.lead_office_id) == (1_150_500_000, who.other.pk)
    page = get(who.du, "plan_item", plan.pk, 2)
    assert 'value="1.150,5"' in page
    typed = ROW | {"content": "Việc đã gõ", "ends": "31/06/2022", "amount": "nhiều tiền"}
    status, text = post(who.du, "plan_item", plan.pk, 2, **typed)
    assert status == 422
    for words in (
        "Việc đã gõ",
        "31/06/2022",
        "nhiều tiền",
        "Viết ngày như",
        "Ghi số tiền",
        "Còn 2 chỗ cần sửa",
    ):
        assert words in text, words
    status, text = post(who.du, "plan_item", plan.pk, 2, **ROW | {"ends": "01/05/2022"})
    assert (status, "Ngày xong đứng trước" in text) == (422, True)
    status, text = post(who.du, "plan_item", plan.pk, 2, **ROW, seen="khác")
    assert (status, "Người khác vừa đổi dòng này" in text) == (422, True)
    changed = ROW | {"lead": "Phòng Chính trị", "seen": item.content}
    assert "đơn vị trong cơ quan" in post(who.du, "plan_item", plan.pk, 2, **changed)[1]
    assert "Sửa nhiệm vụ 1" in post(who.du, "plan_item_move", plan.pk, 2, "len")[1]
    assert "Sửa nhiệm vụ 2" in post(who.du, "plan_item_move", plan.pk, 1, "xuong")[1]
    assert post(who.du, "plan_item_move", plan.pk, 1, "ngang")[0] == 404
    text = post(who.du, "plan_item_remove", plan.pk, 2)[1]
    assert "Đã bỏ nhiệm vụ 2" in text
    assert "Hoàn tác" in text
    assert plan.items.count() == 9
    assert "trở lại như bản nháp 1" in post(who.du, "plan_go_back", plan.pk, 1)[1]
    assert plan.items.count() == 10
    assert "Hoàn tác" not in get(who.du, "plan", plan.pk, query="?hoan-tac=9")
    assert client_of(who.du).get(reverse("plans:plan_item", args=[plan.pk, 77])).status_code == 404
    for other in (who.su, who.dinh):
        assert post(other, "plan_item_new", plan.pk, **ROW)[0] == 404
        assert post(other, "plan_item_remove", plan.pk, 1)[0] == 404


def test_a_row_with_money_stays_and_says_why(who: Committee) -> None:
    plan = drafted(who)
    post(who.du, "plan_keep", plan.pk, note="Bản đầu")
    save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=row(content="Có tiền"))
    BudgetLine.objects.create(
        office=who.bureau,
        year=2022,
        name="x",
        source="tinh",
        capital="recurrent",
        planned=1,
        plan_item=plan.items.get(content="Có tiền"),
        created_at=MORNING,
    )
    place = plan.items.get(content="Có tiền").ordinal
    assert "đã có dòng kinh phí" in post(who.du, "plan_item_remove", plan.pk, place)[1]
    assert "đã có dòng kinh phí" in post(who.du, "plan_go_back", plan.pk, 1)[1]
    assert plan.items.count() == 10


def test_the_common_part_is_written_on_its_page(who: Committee) -> None:
    plan = drafted(who)
    assert "Nguyễn Thị Điển Hình, Giám đốc" in get(who.du, "plan_describe", plan.pk)
    status, text = post(who.du, "plan_describe", plan.pk, title="", goal="Mục tiêu đã gõ")
    assert (status, "Ghi tên kế hoạch" in text, "Mục tiêu đã gõ" in text) == (422, True, True)
    assert post(who.du, "plan_describe", plan.pk, title="x", head="999999")[0] == 422
    typed = {"title": "Tên mới", "goal": "Dòng một.\nDòng hai.", "head": plan.head_id}
    assert "Đã lưu phần chung" in post(who.du, "plan_describe", plan.pk, **typed)[1]
    assert post(who.su, "plan_describe", plan.pk, **typed)[0] == 404


def test_a_new_plan_says_what_to_do_first(who: Committee) -> None:
    plan = make_plan(who.bureau, who.du)
    text = get(who.du, "plan", plan.pk)
    for words in (
        "Chưa nêu người đứng đầu",
        "Chưa có mục tiêu chung",
        "Thêm nhiệm vụ đầu tiên",
        "Lấy ý kiến: chưa mở.",
        "Chưa gửi lấy ý kiến",
        "Chưa giữ bản nào",
    ):
        assert words in text, words
    assert "Chưa nêu căn cứ" in get(who.du, "plan_text", plan.pk)


def test_money_for_security_is_held_against_the_norm_of_the_day(
    who: Committee, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = drafted(who)
    save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=row(amount=1_000_000_000, source="tinh"))
    text = get(who.du, "plan", plan.pk)
    assert "7,8 %" in text
    assert "Thiếu 90 triệu đồng" in text
    later = make_plan(who.district, who.nhap, first_year=2026, last_year=2026)
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2026, 7, 1, 9, tzinfo=clock.VN))
    assert "Mức tối thiểu 15 %, Luật An ninh mạng 116/2025/QH15" in get(who.nhap, "plan", later.pk)


def test_a_late_and_a_missing_plan_say_so(who: Committee, monkeypatch: pytest.MonkeyPatch) -> None:
    deputy = make_deputy(who)
    plan = sign_plan(by=deputy, at=moment(5, 9), pk=passed(who).pk)
    monkeypatch.setattr(clock, "now", lambda: moment(5, 24))
    text = get(who.du, "plan", plan.pk)
    assert "Thiếu, quá hạn" in text
    assert "Quá 2 ngày làm việc" in text
    issue_plan(by=who.du, at=moment(5, 24), pk=plan.pk, number="46/KH")
    text = get(who.du, "plan", plan.pk)
    assert "Đăng ký muộn" in text
    assert "Phó Giám đốc ký thay" in text
    assert "ký thay người đứng đầu" in get(who.du, "plan_text", plan.pk)
    assert "cấp phó ký 1" in get(who.dinh, "plans")


def test_rows_are_given_out_on_the_page(who: Committee) -> None:
    plan = drafted(who)
    one = row(lead=who.bureau.name, lead_office=who.bureau.pk)
    save_plan_item(by=who.du, at=MORNING, pk=plan.pk, row=one)
    issued(who, asked(who, plan))
    assert "Giao 1 nhiệm vụ" in get(who.du, "plan", plan.pk)
    assert "Đã giao 1 nhiệm vụ" in post(who.dinh, "plan_act", plan.pk, "giao-nhiem-vu")[1]
    text = get(who.du, "plan", plan.pk)
    assert "đã giao theo dõi" in text
    assert "Giao 1 nhiệm vụ" not in text


def test_the_page_asks_no_more_for_a_longer_annex(who: Committee, django_assert_max_num_queries: Any) -> None:
    plan = signed(who)
    client = client_of(who.du)
    client.get(reverse("plans:plan", args=[plan.pk]))
    with django_assert_max_num_queries(32):
        client.get(reverse("plans:plan", args=[plan.pk]))
    window = make_window(who.bureau, who.district, last_year=2025)
    with django_assert_max_num_queries(15):
        client.get(reverse("plans:window", args=[window.pk]))
