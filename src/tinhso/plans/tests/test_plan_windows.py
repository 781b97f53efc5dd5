"""Windows: who must register, how everybody stands at a moment, who is reminded."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tinhso.directory.api import ANYBODY, SYSTEM, one_stamp
from tinhso.journal.api import history
from tinhso.messages.api import Notice
from tinhso.plans.models import Reminder, Window
from tinhso.plans.queries.registration import registration, registrations, windows_open, worst_first
from tinhso.plans.rules.plans import Registered
from tinhso.plans.services.draft_plan import CannotDraft, draft_plan
from tinhso.plans.services.open_window import CannotOpenWindow, Wanted, open_window
from tinhso.plans.services.remind_registration import CannotRemind, remind_due, remind_registration
from tinhso.plans.tests.factories import MORNING, Committee, make_committee
from tinhso.plans.tests.plan_world import (
    asked,
    client_of,
    drafted,
    make_deputy,
    moment,
    registered,
    window_of,
)
from tinhso.plans.views.plan_words import left_words, strands
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db
DEADLINE = dt.date(2022, 5, 20)


@pytest.fixture
def who() -> Committee:
    return make_committee()


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)


def opens(who: Committee, **fields: Any) -> Window:
    return open_window(
        **{
            "by": who.dinh,
            "at": moment(4, 18),
            "name": "Kế hoạch chuyển đổi số năm 2022",
            "first_year": 2022,
            "last_year": 2022,
            "deadline": DEADLINE,
            "offices": [Wanted(who.bureau.pk, is_priority=True), Wanted(who.district.pk)],
            **fields,
        }
    )


def test_the_secretary_opens_a_window_and_every_office_is_told(who: Committee) -> None:
    window = opens(who)
    assert (window.opens_on, window.deadline, window.opened_by_id) == (
        dt.date(2022, 4, 18),
        DEADLINE,
        who.dinh.account_id,
    )
    assert [one.is_priority for one in window.requirements.order_by("pk")] == [True, False]
    told = Notice.objects.values_list("recipient_id", flat=True)
    assert set(told) == {who.du.person_id, who.dien.person_id, who.nhap.person_id}
    assert [one.event for one in history(window.about)] == ["plans.WindowOpened"]


@pytest.mark.parametrize("other", ["thinh", "du", "dien", "luong", "kim", "an"])
def test_nobody_else_opens_or_reminds(who: Committee, other: str) -> None:
    window = opens(who)
    with pytest.raises(NotThere):
        opens(who, by=getattr(who, other))
    with pytest.raises(NotThere):
        remind_registration(by=getattr(who, other), at=MORNING, pk=window.pk)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " "}, "Ghi tên đợt"),
        ({"name": "x" * 161}, "Ghi tên đợt"),
        ({"first_year": 2023}, "Năm cuối phải"),
        ({"last_year": 2040}, "Năm cuối phải"),
        ({"first_year": 2021, "last_year": 2021}, "đã qua. Chọn từ năm 2022"),
        ({"deadline": dt.date(2022, 4, 17)}, "Hạn đăng ký đã qua"),
        ({"offices": []}, "Chọn ít nhất một cơ quan"),
        ({"offices": [Wanted(999_999)]}, "Chọn ít nhất một cơ quan"),
        ({"directive": 999_999}, "Không có văn bản ấy"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(
    who: Committee, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CannotOpenWindow, match=sentence):
        opens(who, **fields)


def test_an_office_is_not_asked_twice_for_the_same_years(who: Committee) -> None:
    opens(who)
    with pytest.raises(CannotOpenWindow, match="Sở Giáo dục và Đào tạo đã phải đăng ký"):
        opens(who, name="Lần nữa")
    assert opens(who, name="Giai đoạn", last_year=2025).requirements.count() == 2


def test_every_office_stands_somewhere_at_every_moment(who: Committee) -> None:
    window = window_of(who, who.other, who.commune)
    deputy = make_deputy(who)
    registered(who.bureau, who.du, window, moment(5, 20, 17), signer=deputy, signed_as="deputy")
    drafted_only = draft_plan(by=who.nhap, at=moment(5, 4), window=window.pk, office=who.district.pk)
    registered(who.commune, who.be, window, moment(5, 23), signer=who.be)

    def statuses(at: dt.datetime) -> dict[str, str]:
        found = registration(window, at)
        assert sum(found.counts.values()) == len(found.rows) == 4
        return {row.office.short_name: row.status.value for row in found.rows}

    names = [who.bureau, who.other, who.district, who.commune]
    bureau, other, district, commune = (office.short_name for office in names)
    assert statuses(moment(5, 3))[district] == Registered.NOTHING
    before = statuses(moment(5, 20, 17))
    assert (before[bureau], before[other], before[district], before[commune]) == (
        "on_time",
        "nothing",
        "drafting",
        "drafting",
    )
    after = statuses(moment(5, 24))
    assert (after[bureau], after[other], after[district], after[commune]) == (
        "on_time",
        "missing",
        "missing",
        "late",
    )
    found = registration(window, moment(5, 24))
    assert (found.done, found.by_head, found.by_deputy, found.days_left) == (2, 1, 1, -2)
    assert [row.office.pk for row in found.owing if row.plan == drafted_only] == [who.district.pk]
    order = [row.status for row in worst_first(found.rows)]
    assert order[0] is Registered.MISSING
    assert order[-1] is Registered.ON_TIME


def test_those_named_first_stand_first_and_queries_do_not_grow(
    who: Committee, django_assert_num_queries: Any
) -> None:
    window = window_of(who, who.other)
    window.requirements.filter(office=who.other).update(is_priority=True)
    later = window_of(who, first_year=2023, last_year=2025)
    with one_stamp():
        registrations([window], MORNING)
        with django_assert_num_queries(2):
            found = registrations([window, later], MORNING)
    assert found[0].rows[0].office == who.other
    assert windows_open(DEADLINE) == sorted(Window.objects.all(), key=lambda one: (one.last_year, one.pk))
    assert windows_open(DEADLINE + dt.timedelta(days=1)) == []


def test_owing_offices_are_reminded_once_a_day(who: Committee) -> None:
    window = window_of(who)
    registered(who.bureau, who.du, window, moment(5, 6), signer=who.dien)
    assert remind_registration(by=who.dinh, at=MORNING, pk=window.pk) == 1
    reminder = Reminder.objects.get()
    assert (reminder.office, reminder.level, reminder.about) == (who.district, "", window.about)
    assert "còn 8 ngày làm việc" in reminder.text
    assert list(Notice.objects.values_list("recipient_id", flat=True)) == [who.nhap.person_id]
    with pytest.raises(CannotRemind, match="Hôm nay đã nhắc"):
        remind_registration(by=who.dinh, at=MORNING + dt.timedelta(hours=5), pk=window.pk)
    assert remind_registration(by=who.dinh, at=MORNING + dt.timedelta(days=1), pk=window.pk) == 1
    registered(who.district, who.nhap, window, moment(5, 12), signer=who.nhap)
    with pytest.raises(CannotRemind, match="không còn ai"):
        remind_registration(by=who.dinh, at=moment(5, 13), pk=window.pk)


def test_the_rule_reminds_each_step_once(who: Committee) -> None:
    window = window_of(who)
    assert remind_due(at=moment(4, 26)) == 0
    assert remind_due(at=moment(4, 27)) == 2
    assert remind_due(at=moment(4, 27, 15)) == remind_due(at=moment(4, 28)) == 0
    drafted(who, window, moment(5, 4))
    assert remind_due(at=moment(5, 14)) == 0, "a Saturday"
    assert remind_due(at=moment(5, 16)) == 2
    assert remind_due(at=moment(5, 21)) == 0, "a Saturday"
    assert remind_due(at=moment(5, 25)) == 2, "the step of one day was missed: only the last one is sent"
    levels = Reminder.objects.filter(office=who.bureau).order_by("pk").values_list("level", flat=True)
    assert list(levels) == ["15", "5", "+3"]
    assert "đã quá hạn đăng ký" in Reminder.objects.get(office=who.bureau, level="+3").text
    assert Reminder.objects.filter(by=None).count() == 6
    assert remind_due(at=moment(5, 26)) == remind_due(at=moment(9, 1)) == 0


def test_the_rule_reminds_silent_offices_of_a_plan(who: Committee) -> None:
    plan = asked(who)
    Reminder.objects.all()
    for day, n in (((5, 9), 0), ((5, 10), 2), ((5, 11), 0)):
        remind_due(at=moment(*day))
        assert Reminder.objects.filter(about=plan.about).count() == (n or (2 if day == (5, 11) else 0))
    assert {one.level for one in Reminder.objects.filter(about=plan.about)} == {"2/120522"}


def test_a_plan_is_begun_once_by_those_it_is_asked_of(who: Committee) -> None:
    window = window_of(who)
    for other in (who.su, who.dinh, who.thinh, who.luong, ANYBODY, SYSTEM):
        with pytest.raises(NotThere):
            draft_plan(by=other, at=MORNING, window=window.pk, office=who.bureau.pk)
    with pytest.raises(NotThere):
        draft_plan(by=who.du, at=MORNING, window=window.pk, office=who.district.pk)
    plan = draft_plan(by=who.du, at=MORNING, window=window.pk, office=who.bureau.pk)
    assert plan.title == "Kế hoạch chuyển đổi số năm 2022 của Sở Giáo dục và Đào tạo"
    assert plan.head is not None
    assert plan.head.person_id == who.dien.person_id
    with pytest.raises(CannotDraft):
        draft_plan(by=who.dien, at=MORNING, window=window.pk, office=who.bureau.pk)


# Pages


def test_the_list_says_how_many_have_registered(who: Committee) -> None:
    window = window_of(who, who.other)
    window.requirements.filter(office=who.bureau).update(is_priority=True)
    later = window_of(who, name="Giai đoạn 2022–2025", last_year=2025)
    registered(who.bureau, who.du, window, moment(5, 6), signer=who.dien)
    drafted_one = draft_plan(by=who.nhap, at=moment(5, 4), window=window.pk, office=who.district.pk)
    text = client_of(who.dinh).get(reverse("plans:plans")).content.decode()
    assert "1 trên 3 cơ quan đã đăng ký kế hoạch" in text
    assert "Người đứng đầu ký 1, cấp phó ký 0" in text
    assert "Gửi nhắc 2 cơ quan" in text
    assert "Ngành ưu tiên" in text
    assert "Còn 8 ngày làm việc" in text
    assert "Giai đoạn 2022–2025: chưa có gì" in text
    assert reverse("plans:plan", args=[drafted_one.pk]) in text, "the secretary reads every draft"
    seen = client_of(who.su).get(reverse("plans:plans")).content.decode()
    assert reverse("plans:plan", args=[drafted_one.pk]) not in seen, "others see only that there is one"
    assert "Đang soạn" in seen
    assert "Soạn kế hoạch của Sở Thông tin và Truyền thông" in seen
    assert "Gửi nhắc" not in seen
    assert (
        "0 trên 2 cơ quan" in client_of(who.su).get(reverse("plans:window", args=[later.pk])).content.decode()
    )
    named = client_of(who.su).get(reverse("plans:plans") + f"?dot={later.pk}").content.decode()
    assert "0 trên 2 cơ quan" in named


def test_filters_stand_in_the_address_and_the_file_follows_them(who: Committee) -> None:
    window = window_of(who, who.other)
    registered(who.bureau, who.du, window, moment(5, 6), signer=who.dien)
    client = client_of(who.thinh)
    for query, names in (
        ("tinh-trang=on_time", {"bureau"}),
        ("cap=district", {"district"}),
        ("uu-tien=1", set()),
        ("tinh-trang=khong-co", {"bureau", "district", "other"}),
    ):
        page = client.get(reverse("plans:window", args=[window.pk]) + f"?{query}").content.decode()
        file = client.get(reverse("plans:window_csv", args=[window.pk]) + f"?{query}").content.decode()
        table = page.partition("<tbody>")[2]
        for name in ("bureau", "district", "other"):
            office = getattr(who, name).short_name
            assert (office in table) == (name in names), (query, name)
            assert (office in file) == (name in names), (query, name)
        assert ("Không có cơ quan nào như vậy" in page) == (not names)
    whole = client.get(reverse("plans:window_csv", args=[window.pk])).content.decode()
    assert "Đăng ký đúng hạn,06/05/2022 09:00,1/KH,Người đứng đầu,20/05/2022" in whole


def test_long_lists_have_pages(who: Committee, monkeypatch: pytest.MonkeyPatch) -> None:
    window = window_of(who, who.other)
    monkeypatch.setattr("tinhso.plans.views.plan_windows.PAGE_SIZE", 2)
    first = client_of(who.thinh).get(reverse("plans:window", args=[window.pk]) + "?cap=").content.decode()
    assert "Trang 1 trên 2" in first
    assert "?cap=&amp;trang=2" in first
    second = client_of(who.thinh).get(reverse("plans:window", args=[window.pk]) + "?trang=2").content.decode()
    assert "Trang 2 trên 2" in second


def test_without_a_window_the_page_says_what_will_appear(who: Committee) -> None:
    text = client_of(who.dinh).get(reverse("plans:plans")).content.decode()
    assert "Chưa mở đợt đăng ký nào" in text
    assert reverse("plans:window_open") in text
    assert client_of(who.dinh).get(reverse("plans:window", args=[999_999])).status_code == 404


def test_a_window_is_opened_on_its_page(who: Committee) -> None:
    client, address = client_of(who.dinh), reverse("plans:window_open")
    assert "Cả nhóm này" in client.get(address).content.decode()
    told = client.post(address, {"name": "Đợt thử", "first_year": "hai", "deadline": "31/02/2022"})
    text = told.content.decode()
    assert told.status_code == 422
    for words in ("Đợt thử", "Ghi năm bằng bốn số", "Viết ngày như", "Chọn ít nhất một cơ quan"):
        assert words in text
    typed = {
        "name": "Kế hoạch năm 2022",
        "first_year": "2022",
        "last_year": "2022",
        "deadline": "20/05/2022",
        "kind": "department",
        "office": who.district.pk,
        "priority": who.bureau.pk,
    }
    assert client.post(address, typed | {"deadline": "01/05/2022"}).status_code == 422
    assert client.post(address, typed).status_code == 302
    window = Window.objects.get()
    asked_of = {one.office_id: one.is_priority for one in window.requirements.all()}
    assert asked_of[who.bureau.pk] is True
    assert asked_of[who.district.pk] is False
    assert who.other.pk in asked_of, "the whole kind"
    assert who.commune.pk not in asked_of


def test_reminding_and_beginning_are_pressed_on_the_page(who: Committee) -> None:
    window = window_of(who)
    client = client_of(who.dinh)
    for told in ("Đã nhắc 2 cơ quan", "Hôm nay đã nhắc"):
        answer = client.post(reverse("plans:window_remind", args=[window.pk]), follow=True)
        assert told in answer.content.decode()
    address = reverse("plans:plan_start", args=[window.pk, who.bureau.pk])
    assert client_of(who.su).post(address).status_code == 404
    assert "Đã mở bản nháp" in client_of(who.du).post(address, follow=True).content.decode()
    assert "Cơ quan đã có kế hoạch" in client_of(who.du).post(address, follow=True).content.decode()


def test_days_left_are_said_in_words() -> None:
    assert [left_words(n) for n in (8, 0, -2)] == [
        "Còn 8 ngày làm việc",
        "Hôm nay là ngày cuối",
        "Quá 2 ngày làm việc",
    ]
    drawn = strands(8)
    assert drawn is not None
    assert (len(drawn.strands), drawn.title) == (9, "Đã dùng 1 trên 9 ngày")
    assert strands(-1) is strands(300) is None
