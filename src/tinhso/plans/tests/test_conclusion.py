"""A conclusion begins with what the review says, is written in the meeting, and issued it is tasks at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import Account, Actor
from tinhso.plans.models import Conclusion, ConclusionLine, Directive, Task
from tinhso.plans.services.draft_conclusion import CannotDraftConclusion, draft_conclusion
from tinhso.plans.services.edit_agenda import edit_agenda
from tinhso.plans.services.issue_conclusion import CannotIssue, issue_conclusion
from tinhso.plans.services.remove_conclusion_line import remove_conclusion_line
from tinhso.plans.services.save_conclusion_line import Assignment, CannotSaveLine, save_conclusion_line
from tinhso.plans.services.write_opening import CannotOpen, write_opening
from tinhso.plans.tests.factories import Committee
from tinhso.plans.tests.review_world import make_approved, make_meeting, make_province
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere

NOON = dt.datetime(2022, 5, 10, 11, 40, tzinfo=VN)
JUNE = dt.date(2022, 6, 30)


@pytest.fixture
def who(db: None, monkeypatch: pytest.MonkeyPatch) -> Committee:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return make_province()


def begun(who: Committee) -> Conclusion:
    """Begin the conclusion of a meeting that heard the approved review."""
    meeting = make_meeting(who, make_approved(who))
    return draft_conclusion(by=who.dinh, at=NOON, meeting=meeting.pk)


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def test_it_begins_with_the_next_tasks_of_the_review_but_not_with_those_assigned_already(
    who: Committee,
) -> None:
    one = begun(who)
    assert "Hội trường UBND tỉnh" in one.opening
    assert "báo cáo sơ kết" in one.opening
    texts = list(one.lines.order_by("ordinal").values_list("text", flat=True))
    assert len(texts) == 3
    assert not any("Tập huấn chữ ký số" in text for text in texts), "that task runs already"
    with pytest.raises(CannotDraftConclusion, match="đã có kết luận"):
        draft_conclusion(by=who.thinh, at=NOON, meeting=one.meeting_id)
    for other in (who.du, who.luong):
        with pytest.raises(NotThere):
            draft_conclusion(by=other, at=NOON, meeting=one.meeting_id)


def test_issued_it_is_a_directive_whose_lines_are_tasks_with_links_both_ways(who: Committee) -> None:
    one = begun(who)
    said = Assignment("Tập huấn kê khai điện tử", who.bureau.pk, (who.other.pk,), JUNE, "Danh sách dự")
    save_conclusion_line(by=who.thinh, at=NOON, conclusion=one.pk, said=said)
    before = Task.objects.count()
    issued = issue_conclusion(by=who.thinh, at=NOON, conclusion=one.pk, number=" 62/TB-BCĐ ")
    assert (issued.number, issued.issued_at, issued.issued_by_id) == ("62/TB-BCĐ", NOON, who.thinh.account_id)
    lines = list(issued.lines.order_by("ordinal"))
    led = [line for line in lines if line.lead_id]
    assert Task.objects.count() == before + len(led) == before + 3
    assert [line.task_id is not None for line in lines] == [line.lead_id is not None for line in lines]
    task = led[-1].task
    assert task is not None
    assert (task.title, task.lead_id, task.due, task.product) == (
        "Tập huấn kê khai điện tử",
        who.bureau.pk,
        JUNE,
        "Danh sách dự",
    )
    assert list(task.partners.values_list("office_id", flat=True)) == [who.other.pk]
    directive = Directive.objects.get(number="62/TB-BCĐ")
    assert issued.directive_id == directive.pk
    assert task.directive_item is not None
    assert (task.directive_item.directive_id, task.directive_item.ordinal) == (directive.pk, led[-1].ordinal)
    assert directive.items.count() == len(lines), "words without a lead stand there too"
    assert directive.conclusion == issued


def test_only_the_chair_issues(who: Committee) -> None:
    one = begun(who)
    for other in (who.dinh, who.du, who.luong):
        with pytest.raises(NotThere):
            issue_conclusion(by=other, at=NOON, conclusion=one.pk, number="62/TB-BCĐ")
    for other in (who.du, who.luong):
        with pytest.raises(NotThere):
            save_conclusion_line(by=other, at=NOON, conclusion=one.pk, said=Assignment("x"))
        with pytest.raises(NotThere):
            write_opening(by=other, at=NOON, conclusion=one.pk, text="x")
        line = one.lines.order_by("ordinal")[0]
        with pytest.raises(NotThere):
            remove_conclusion_line(by=other, at=NOON, conclusion=one.pk, line=line.pk)


def test_nothing_of_an_issued_conclusion_is_edited(who: Committee) -> None:
    one = begun(who)
    line = one.lines.order_by("ordinal")[0]
    issue_conclusion(by=who.thinh, at=NOON, conclusion=one.pk, number="62/TB-BCĐ")
    with pytest.raises(NotThere):
        issue_conclusion(by=who.thinh, at=NOON, conclusion=one.pk, number="63/TB-BCĐ")
    with pytest.raises(NotThere):
        save_conclusion_line(by=who.thinh, at=NOON, conclusion=one.pk, said=Assignment("Khác"), line=line.pk)
    with pytest.raises(NotThere):
        remove_conclusion_line(by=who.dinh, at=NOON, conclusion=one.pk, line=line.pk)
    with pytest.raises(NotThere):
        write_opening(by=who.dinh, at=NOON, conclusion=one.pk, text="Khác")
    with pytest.raises(NotThere):
        edit_agenda(by=who.dinh, at=NOON, meeting=one.meeting_id, points=[])
    for break_it in (
        lambda: Conclusion.objects.filter(pk=one.pk).update(opening="Khác"),
        lambda: ConclusionLine.objects.filter(pk=line.pk).update(text="Khác"),
        lambda: ConclusionLine.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            break_it()


def test_what_cannot_be_issued_says_why_and_leaves_nothing_behind(who: Committee) -> None:
    one = begun(who)

    def refused(number: str, sentence: str) -> None:
        with pytest.raises(CannotIssue, match=sentence):
            issue_conclusion(by=who.thinh, at=NOON, conclusion=one.pk, number=number)

    refused(" ", "Ghi số thông báo")
    refused("x" * 81, "dài quá")
    line = one.lines.filter(lead__isnull=False).order_by("ordinal")[0]
    ConclusionLine.objects.filter(pk=line.pk).update(due=dt.date(2022, 5, 9))
    refused("62/TB-BCĐ", f"Việc {line.ordinal} đã quá hạn")
    Conclusion.objects.filter(pk=one.pk).update(opening="")
    refused("62/TB-BCĐ", "lời mở đầu")
    Conclusion.objects.filter(pk=one.pk).update(opening="Họp.")
    one.lines.all().delete()
    refused("62/TB-BCĐ", "chưa có việc nào")
    assert not Directive.objects.filter(number="62/TB-BCĐ").exists()
    assert Task.objects.count() == 2


def test_a_number_that_was_entered_before_is_refused_whole(who: Committee) -> None:
    one = begun(who)
    issue_conclusion(by=who.thinh, at=NOON, conclusion=one.pk, number="62/TB-BCĐ")
    other = draft_conclusion(by=who.dinh, at=NOON, meeting=make_meeting(who).pk)
    save_conclusion_line(by=who.dinh, at=NOON, conclusion=other.pk, said=Assignment("Việc", who.bureau.pk))
    tasks = Task.objects.count()
    with pytest.raises(CannotIssue, match="đã nhập rồi"):
        issue_conclusion(by=who.thinh, at=NOON, conclusion=other.pk, number="62/TB-BCĐ")
    assert Task.objects.count() == tasks


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (Assignment(" "), "Ghi việc phải làm"),
        (Assignment("x" * 1001), "Dài quá 1000 chữ"),
        (Assignment("Việc", lead=999_999), "cơ quan đang hoạt động"),
        (Assignment("Việc", partners=(1,)), "phải có cơ quan chủ trì"),
        (Assignment("Việc", due=dt.date(2022, 5, 9)), "Hạn đã qua"),
    ],
)
def test_a_line_that_cannot_stand_is_refused(who: Committee, said: Assignment, sentence: str) -> None:
    one = begun(who)
    partners = (who.bureau.pk,) if said.partners else ()
    said = Assignment(said.text, said.lead, partners, said.due)
    with pytest.raises(CannotSaveLine, match=sentence):
        save_conclusion_line(by=who.dinh, at=NOON, conclusion=one.pk, said=said)


def test_a_long_assignment_becomes_a_task_with_the_whole_words_in_it(who: Committee) -> None:
    one = begun(who)
    words = "Rà soát " + "rất kỹ " * 60
    save_conclusion_line(
        by=who.dinh, at=NOON, conclusion=one.pk, said=Assignment(words, who.bureau.pk, due=JUNE)
    )
    issue_conclusion(by=who.thinh, at=NOON, conclusion=one.pk, number="62/TB-BCĐ")
    task = Task.objects.get(title__startswith="Rà soát")
    assert task.title.endswith("…")
    assert task.description == words.strip()


def test_opening_words_are_needed(who: Committee) -> None:
    one = begun(who)
    for text, sentence in ((" ", "Viết lời mở đầu"), ("x" * 4001, "Dài quá")):
        with pytest.raises(CannotOpen, match=sentence):
            write_opening(by=who.dinh, at=NOON, conclusion=one.pk, text=text)


def test_it_is_written_and_issued_on_the_pages(who: Committee) -> None:
    meeting = make_meeting(who, make_approved(who))
    dinh, thinh, su = client_of(who.dinh), client_of(who.thinh), client_of(who.su)
    assert dinh.post(reverse("plans:draft_conclusion", args=[meeting.pk])).status_code == 302
    page = reverse("plans:conclusion", args=[meeting.pk])
    assert "việc sẽ thành nhiệm vụ" in dinh.get(page).content.decode()
    assert su.get(page).status_code == 404, "a draft is not for the offices"
    adding = reverse("plans:add_conclusion_line", args=[meeting.pk])
    told = dinh.post(adding, {"text": "Việc mới", "lead": "không có cơ quan này"})
    assert (told.status_code, "Chưa có cơ quan" in told.content.decode()) == (422, True)
    assert "Việc mới" in told.content.decode()
    assert dinh.post(adding, {"text": "Việc mới", "lead": "giao duc", "due": "30/06/2022"}).status_code == 302
    line = ConclusionLine.objects.get(text="Việc mới")
    assert line.lead_id == who.bureau.pk
    editing = reverse("plans:edit_conclusion_line", args=[meeting.pk, line.pk])
    assert dinh.get(editing).status_code == 200
    assert dinh.post(editing, {"text": "", "lead": ""}).status_code == 422
    assert (
        dinh.post(editing, {"text": "Việc sửa", "lead": "Sở Giáo dục", "due": "30/06/2022"}).status_code
        == 302
    )
    opening = reverse("plans:write_opening", args=[meeting.pk])
    assert dinh.post(opening, {"text": " "}).status_code == 422
    assert dinh.post(opening, {"text": "Sáng 10/05, Trưởng ban kết luận:"}).status_code == 302
    first = ConclusionLine.objects.order_by("ordinal")[0]
    assert dinh.post(reverse("plans:remove_conclusion_line", args=[meeting.pk, first.pk])).status_code == 302
    issuing = reverse("plans:issue_conclusion", args=[meeting.pk])
    assert dinh.post(issuing, {"number": "62/TB-BCĐ"}).status_code == 404
    assert thinh.post(issuing, {"number": ""}).status_code == 422
    assert thinh.post(issuing, {"number": "62/TB-BCĐ"}).status_code == 302
    seen = su.get(page).content.decode()
    assert "62/TB-BCĐ" in seen
    assert "NV-" in seen, "each line leads to its task"
    assert "đính chính" in seen
