"""Lists of tasks: filters in the address, tabs whose numbers are the rows, board, line of time, files, a selection."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import Account, Actor
from tinhso.plans.adapters.sheets import read_rows
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.models import Directive, DirectiveItem, History, Reminder, Task
from tinhso.plans.queries.task_timeline import WIDTH, monday_of, timeline
from tinhso.plans.queries.task_views import Asked, asked_rows, counts_of, listed_rows, tabs_of
from tinhso.plans.queries.tasks import TaskFilters, shaped, with_sums
from tinhso.plans.services.act_on_tasks import BulkAct, NothingChosen, act_on_tasks
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee, make_target, make_task
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db
TASKS = "/ban-chi-dao/nhiem-vu/"


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> Committee:
    """Stand in the morning of 10 May with everybody."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    return make_committee()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def day(text: str) -> dt.date:
    return dt.datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a day


def page(actor: Actor, query: str = "", status: int = 200) -> str:
    """Return the text of a list."""
    response = client_of(actor).get(f"{TASKS}{query}")
    assert response.status_code == status, response.content.decode()[:2000]
    return unescape(response.content.decode())


def titles(text: str) -> set[str]:
    """Return the titles that the table lists."""
    return set(re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', text))


def tab_numbers(text: str) -> dict[str, int]:
    found = re.findall(r"the=([a-z-]+)[^>]*>[^<]*<b class=\"num\">([\d.]+)</b>", text)
    return {key: int(n.replace(".", "")) for key, n in found}


def make_every(who: Committee) -> dict[str, Task]:
    """Make a task of every class and state."""
    return {
        "over": make_task(who.bureau, "Việc quá hạn", state=TaskState.RUNNING),
        "soon": make_task(who.bureau, "Việc sắp hạn", due=day("12/05/2022")),
        "time": make_task(who.other, "Việc trong hạn", due=day("30/06/2022")),
        "none": make_task(who.other, "Việc không hạn", due=None),
        "wait": make_task(who.other, "Việc chờ", state=TaskState.WAITING, due=day("01/06/2022")),
        "done": make_task(who.other, "Việc xong", state=TaskState.DONE, done_on=day("20/04/2022")),
        "late": make_task(who.other, "Việc xong trễ", state=TaskState.DONE, done_on=day("05/05/2022")),
        "gone": make_task(who.other, "Việc thu hồi", state=TaskState.WITHDRAWN),
    }


def test_the_numbers_on_the_tabs_are_those_of_the_rows_beneath(who: Committee) -> None:
    make_every(who)
    numbers = tab_numbers(page(who.dinh))
    assert numbers["tat-ca"] == 7
    for key, n in numbers.items():
        assert len(titles(page(who.dinh, f"?the={key}"))) == n, key
    assert sum(1 for tab in tabs_of(counts_of(who.dinh, Asked(), DAY)) if tab.is_hot) == 1


def test_the_title_states_the_finding(who: Committee) -> None:
    make_every(who)
    assert "<title>1 trên 5 nhiệm vụ chưa xong đã quá hạn" in page(who.dinh)


def test_the_list_begins_with_what_is_not_done_but_a_class_asked_for_is_shown(who: Committee) -> None:
    make_every(who)
    assert "Việc xong" not in titles(page(who.dinh))
    assert titles(page(who.dinh, "?han=late")) == {"Việc xong trễ"}
    assert titles(page(who.dinh, "?trang-thai=withdrawn")) == {"Việc thu hồi"}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("q=viec+QUA+han", {"Việc quá hạn"}),
        ("q=khong+co+gi", set()),
        ("han=due_soon", {"Việc sắp hạn"}),
        ("han=nonsense", set()),
        ("trang-thai=waiting", {"Việc chờ"}),
        ("tu=01/06/2022&den=30/06/2022", {"Việc trong hạn", "Việc chờ"}),
        ("nhan=cchc", {"Việc không hạn"}),
        ("nhom=ha-tang", {"Việc sắp hạn"}),
        ("gap=1", {"Việc chờ"}),
        ("co-quan=999999", set()),
        ("co-quan=x", set()),
    ],
)
def test_filters_stand_in_the_address(who: Committee, query: str, wanted: set[str]) -> None:
    every = make_every(who)
    Task.objects.filter(pk=every["none"].pk).update(tags=["cchc"])
    Task.objects.filter(pk=every["soon"].pk).update(group="ha-tang")
    Task.objects.filter(pk=every["wait"].pk).update(is_priority=True)
    assert titles(page(who.dinh, f"?the=tat-ca&{query}")) == wanted


def test_what_a_task_belongs_to_filters_too(who: Committee) -> None:
    every = make_every(who)
    directive = Directive.objects.create(
        number="12/CT-UBND",
        kind="chi-thi",
        issued_on=DAY,
        issuer="UBND tỉnh",
        summary="Đẩy mạnh",
        received_at=MORNING,
        entered_at=MORNING,
        valid_from=DAY,
    )
    item = DirectiveItem.objects.create(directive=directive, ordinal=1, kind="task", text="Làm")
    target = make_target()
    every["over"].partners.create(office=who.district)
    Task.objects.filter(pk=every["over"].pk).update(
        directive_item=item, target=target, assigned_by=who.dinh.account_id
    )
    for query in (
        f"chi-dao={directive.pk}",
        f"chi-tieu={target.pk}",
        f"phoi-hop={who.district.pk}",
        f"co-quan={who.district.pk}",
        f"nguoi-giao={who.dinh.account_id}",
    ):
        text = page(who.dinh, f"?{query}")
        assert titles(text) == {"Việc quá hạn"}, query
        assert tab_numbers(text)["tat-ca"] == 1, query


def test_a_day_that_is_none_is_told_at_its_box_and_stays(who: Committee) -> None:
    text = page(who.dinh, "?tu=32/13/2022&q=may", 422)
    assert "Viết ngày như 01/05/2022." in text
    assert 'value="32/13/2022"' in text
    assert 'value="may"' in text
    assert "Ngày đến đứng trước" in page(who.dinh, "?tu=02/05/2022&den=01/05/2022", 422)


def test_an_office_sees_its_own_tasks_and_those_it_co_ordinates_in(who: Committee) -> None:
    every = make_every(who)
    every["time"].partners.create(office=who.district)
    assert titles(page(who.du, "?the=tat-ca")) == {"Việc quá hạn", "Việc sắp hạn"}
    assert titles(page(who.nhap, "?the=tat-ca")) == {"Việc trong hạn"}
    assert titles(page(who.be, "?the=tat-ca")) == set()
    assert "Giao nhiệm vụ" not in page(who.du)


def test_fifty_rows_a_page_and_the_filter_goes_along(who: Committee) -> None:
    for n in range(53):
        make_task(who.bureau, f"Việc số {n:02d}")
    text = page(who.dinh, "?q=viec")
    assert len(titles(text)) == 50
    assert "Hiện 1 đến 50 trên 53 nhiệm vụ" in text
    after = re.search(r'rel="next" href="([^"]+)"', text)
    assert after is not None
    assert "q=viec" in after[1]
    assert len(titles(page(who.dinh, after[1]))) == 3


def test_the_board_has_a_column_for_each_state_with_its_number(who: Committee) -> None:
    make_every(who)
    text = page(who.dinh, "?xem=cot&the=tat-ca")
    columns = dict(re.findall(r'<h2 id="cot-(\w+)">[^<]+<b class="num">(\d+)</b>', text))
    assert columns == {"not_started": "3", "running": "1", "waiting": "1", "done": "2"}
    assert sum(int(n) for n in columns.values()) == counts_of(who.dinh, Asked(), DAY).total


def test_a_full_column_leads_to_all_of_it(who: Committee) -> None:
    for n in range(14):
        make_task(who.bureau, f"Việc số {n:02d}")
    text = page(who.dinh, "?xem=cot")
    link = re.search(r'href="(\?[^"]*trang-thai=not_started[^"]*)">Xem cả 14 việc', text)
    assert link is not None
    assert len(titles(page(who.dinh, link[1]))) == 14


def bars(
    who: Committee, *tasks: Task, first: dt.date | None = None
) -> list[tuple[int, int, int, int | None]]:
    rows = with_sums(Task.objects.filter(pk__in=[task.pk for task in tasks])).order_by("id")
    line = timeline(shaped(rows, DAY), DAY, first)
    return [(bar.x, bar.width, bar.over_width, bar.due) for bar in line.bars]


def test_the_line_of_time_draws_from_the_beginning_to_the_due_day_and_what_is_over(who: Committee) -> None:
    first = day("04/04/2022")
    over = make_task(who.bureau, "Quá hạn")
    # 4 April to 29 April are 26 days; then 11 days over, to 10 May
    assert bars(who, over, first=first) == [(0, 52, 22, 51)]
    done = make_task(who.bureau, "Xong", state=TaskState.DONE, done_on=day("20/04/2022"))
    assert bars(who, done, first=first) == [(0, 52, 0, 51)]
    free = make_task(who.bureau, "Không hạn", due=None)
    assert bars(who, free, first=first) == [(0, 74, 0, None)]


def test_tasks_outside_the_weeks_shown_are_counted_and_not_drawn(who: Committee) -> None:
    old = make_task(who.bureau, "Cũ", state=TaskState.DONE, done_on=day("20/04/2022"))
    line = timeline(shaped(with_sums(Task.objects.filter(pk=old.pk)), DAY), DAY, day("06/06/2022"))
    assert (line.bars, line.unseen, line.today) == ([], 1, None)
    text = page(who.dinh, "?xem=thoi-gian&the=tat-ca&tuan=06/06/2022")
    assert "1 việc của trang này nằm ngoài quãng đang xem." in text


def test_the_page_of_the_line_shows_today_and_months(who: Committee) -> None:
    make_every(who)
    text = page(who.dinh, "?xem=thoi-gian")
    assert 'class="gnow"' in text
    assert 'class="gover"' in text
    assert ">5/2022<" in text
    assert monday_of(DAY) == day("09/05/2022")
    assert WIDTH == 364


def test_no_part_of_a_bar_reaches_out_of_the_line(who: Committee) -> None:
    long = make_task(who.bureau, "Dài", starts=day("01/01/2021"), due=day("31/12/2025"))
    ((x, width, over, due),) = bars(who, long)
    assert (x, width, over, due) == (0, WIDTH, 0, None)


def test_the_files_hold_the_filtered_rows(who: Committee) -> None:
    make_every(who)
    client = client_of(who.dinh)
    text = client.get(f"{TASKS}nhiem-vu.csv?han=overdue").content.decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 2
    assert "Việc quá hạn" in lines[1]
    assert "Quá 5 ngày làm việc" in lines[1]
    response = client.get(f"{TASKS}nhiem-vu.xlsx?the=tat-ca")
    values = [row[1] for row in read_rows(response.content, "nhiem-vu.xlsx") if len(row) > 1]
    assert {"Việc quá hạn", "Việc xong", "Việc không hạn"} <= set(values)
    assert "Việc thu hồi" not in values


def test_no_cell_of_a_file_is_a_formula(who: Committee) -> None:
    make_task(who.bureau, "=1+1 bẫy")
    text = client_of(who.dinh).get(f"{TASKS}nhiem-vu.csv").content.decode()
    assert "'=1+1 bẫy" in text


def test_the_calendar_holds_the_due_days_that_are_owed(who: Committee) -> None:
    every = make_every(who)
    response = client_of(who.dinh).get(f"{TASKS}han.ics?the=tat-ca")
    assert response["Content-Type"].startswith("text/calendar")
    text = response.content.decode()
    assert text.count("BEGIN:VEVENT") == 4
    assert f"UID:{every['over'].code.lower()}@" in text
    assert "DTSTART;VALUE=DATE:20220429" in text
    assert client_of(who.be).get(f"{TASKS}han.ics").content.decode().count("BEGIN:VEVENT") == 0


def post(actor: Actor, **data: object) -> Client:
    client = client_of(actor)
    response = client.post(reverse("plans:tasks_bulk"), data)
    assert response.status_code == 302, response.status_code
    return client


def test_a_selection_is_urged_and_what_cannot_be_urged_is_told(who: Committee) -> None:
    every = make_every(who)
    codes = [every["over"].code, every["done"].code]
    client = post(who.dinh, viec="don-doc", ma=codes, ve="?the=tat-ca")
    text = unescape(client.get(f"{TASKS}?the=tat-ca").content.decode())
    assert "Đã đôn đốc 1 việc." in text
    assert f"1 việc không làm được, ví dụ {every['done'].code}" in text
    assert Reminder.objects.filter(about=every["over"].about).count() == 1


def test_a_selection_is_tagged_and_shown_to_the_public(who: Committee) -> None:
    every = make_every(who)
    codes = [every["over"].code, every["time"].code]
    post(who.dinh, viec="gan-nhan", ma=codes, nhan="cchc")
    post(who.dinh, viec="cong-khai", ma=codes)
    assert Task.objects.filter(tags=["cchc"], is_public=True).count() == 2
    post(who.dinh, viec="thoi-cong-khai", ma=codes)
    assert not Task.objects.filter(is_public=True).exists()
    assert History.objects.filter(about=every["time"].about).count() == 3


def test_an_act_on_a_selection_is_all_or_nothing_for_whoever_may_not(who: Committee) -> None:
    mine = make_task(who.bureau)
    with pytest.raises(NotThere):
        act_on_tasks(by=who.du, at=MORNING, act=BulkAct.TAG, codes=[mine.code], tag="cchc")
    with pytest.raises(NotThere):
        act_on_tasks(by=who.dinh, at=MORNING, act=BulkAct.SHOW, codes=[mine.code, "NV-99999"])
    assert not Task.objects.filter(is_public=True).exists()


def test_nothing_chosen_and_too_many_are_told(who: Committee) -> None:
    make_task(who.bureau)
    with pytest.raises(NothingChosen, match="Chưa chọn việc nào"):
        act_on_tasks(by=who.dinh, at=MORNING, act=BulkAct.URGE, codes=[])
    with pytest.raises(NothingChosen, match="nhiều nhất 100"):
        act_on_tasks(by=who.dinh, at=MORNING, act=BulkAct.URGE, codes=[f"NV-{n:05d}" for n in range(101)])
    client = post(who.dinh, viec="don-doc")
    assert "Chưa chọn việc nào" in unescape(client.get(TASKS).content.decode())
    client = post(who.dinh, viec="xoa")
    assert "Chưa chọn làm gì" in unescape(client.get(TASKS).content.decode())
    client = post(who.dinh, viec="gan-nhan", ma=Task.objects.get().code, nhan="la")
    assert "Chưa có nhãn" in unescape(client.get(TASKS).content.decode())


def test_the_way_back_from_a_selection_leads_to_the_list_only(who: Committee) -> None:
    task = make_task(who.bureau)
    for ve, wanted in (("?the=tat-ca", f"{TASKS}?the=tat-ca"), ("https://x.vn", TASKS), ("//x.vn", TASKS)):
        response = client_of(who.dinh).post(
            reverse("plans:tasks_bulk"), {"viec": "cong-khai", "ma": task.code, "ve": ve}
        )
        assert response["Location"] == wanted


def test_strangers_sign_in_and_officers_of_no_post_here_find_nothing(who: Committee) -> None:
    from_login = Client().get(TASKS)
    assert from_login.status_code == 302
    assert "/tai-khoan/login/" in from_login["Location"]


def test_a_list_asks_few_questions(
    who: Committee, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for n in range(30):
        make_task(who.bureau, f"Việc số {n:02d}")
    client = client_of(who.dinh)
    client.get(TASKS)
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        client.get(TASKS)


def test_what_is_listed_is_what_is_asked_for_in_the_order_asked_for(who: Committee) -> None:
    make_every(who)
    for order in ("due", "-due", "newest", "office", "title"):
        asked = Asked(TaskFilters(order=order))
        listed = [task.pk for task in listed_rows(who.dinh, asked, DAY)]
        assert len(listed) == 7
        assert set(listed) == set(asked_rows(who.dinh, asked, DAY).values_list("pk", flat=True))
