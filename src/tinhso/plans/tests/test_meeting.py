"""A meeting is called with its agenda, papers lie on the table, it is marked who came, minutes are written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.directory.api import Account, Actor
from tinhso.documents.api import PDF, Upload, draw_pdf, store
from tinhso.messages.api import Notice
from tinhso.plans.models import Attendance, Meeting
from tinhso.plans.services.call_meeting import CannotCall
from tinhso.plans.services.edit_agenda import CannotWriteAgenda, Point, edit_agenda
from tinhso.plans.services.mark_attendance import CannotMark, Mark, mark_attendance
from tinhso.plans.services.write_minutes import CannotWriteMinutes, write_minutes
from tinhso.plans.tests.factories import MORNING, Committee
from tinhso.plans.tests.review_world import make_approved, make_meeting, make_province
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere

TEN = dt.datetime(2022, 5, 10, 10, 5, tzinfo=VN)


@pytest.fixture
def who(db: None, monkeypatch: pytest.MonkeyPatch) -> Committee:
    monkeypatch.setattr(clock, "now", lambda: TEN)
    return make_province()


def client_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def paper(text: str = "Số liệu nối mạng") -> Upload:
    file = store(draw_pdf(f"<!DOCTYPE html><title>x</title><p>{text}"), media_type=PDF, at=TEN, pages=1)
    return Upload(file, "noi-mang.pdf", "", was_photo=False)


def test_the_invited_are_told_and_the_usual_agenda_lies_ready(who: Committee) -> None:
    meeting = make_meeting(who)
    assert meeting.agenda.count() == 5
    assert meeting.attendance.count() == 3
    assert meeting.chair is not None
    assert meeting.chair.person_id == who.thinh.person_id
    told = set(Notice.objects.filter(title__startswith="Mời họp").values_list("recipient_id", flat=True))
    assert {who.du.person_id, who.dien.person_id, who.su.person_id, who.nhap.person_id} <= told
    assert who.be.person_id not in told


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": " "}, "Ghi tên hội nghị"),
        ({"place": " "}, "Ghi nơi họp"),
        ({"title": "x" * 251}, "Dài quá"),
        ({"offices": []}, "Chọn ít nhất một cơ quan"),
        ({"offices": [999_999]}, "Chọn ít nhất một cơ quan"),
        ({"chair": 999_999}, "Chọn Trưởng ban"),
    ],
)
def test_a_meeting_that_cannot_be_called_is_refused(
    who: Committee, fields: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(CannotCall, match=sentence):
        make_meeting(who, **fields)
    assert not Meeting.objects.exists()


def test_only_the_secretary_calls_and_keeps_a_meeting(who: Committee) -> None:
    with pytest.raises(NotThere):
        make_meeting(who, by=who.thinh)
    meeting = make_meeting(who)
    for other in (who.thinh, who.du, who.luong):
        with pytest.raises(NotThere):
            edit_agenda(by=other, at=TEN, meeting=meeting.pk, points=[])
        with pytest.raises(NotThere):
            mark_attendance(by=other, at=TEN, meeting=meeting.pk, marks=[])
        with pytest.raises(NotThere):
            write_minutes(by=other, at=TEN, meeting=meeting.pk, text="x")


def test_the_agenda_is_written_anew_and_keeps_its_papers(who: Committee) -> None:
    meeting = make_meeting(who)
    edit_agenda(
        by=who.dinh, at=TEN, meeting=meeting.pk, points=[Point("Nối mạng xã", "Sở TT&TT", 20, upload=paper())]
    )
    first = meeting.agenda.get()
    edit_agenda(
        by=who.dinh,
        at=TEN,
        meeting=meeting.pk,
        points=[Point("Khai mạc"), Point("Nối mạng xã", keeps=first.pk)],
    )
    kept = meeting.agenda.get(ordinal=2)
    assert (kept.file_id, kept.file_name) == (first.file_id, "noi-mang.pdf")
    for points, sentence in (
        ([Point(" ", "Ai")], "Mục 1 chưa có nội dung"),
        ([Point("a", minutes=0)], "số phút từ 1"),
        ([Point("x" * 501)], "Mục 1 dài quá"),
        ([Point("a")] * 41, "nhiều nhất 40 mục"),
    ):
        with pytest.raises(CannotWriteAgenda, match=sentence):
            edit_agenda(by=who.dinh, at=TEN, meeting=meeting.pk, points=points)
    assert meeting.agenda.count() == 2


def test_it_is_marked_who_came_from_the_beginning_on(who: Committee) -> None:
    meeting = make_meeting(who)
    here = Mark(who.bureau.pk, came=True, name="Nguyễn Thị Điển Hình", is_head=True)
    with pytest.raises(CannotMark, match="Điểm danh từ lúc ấy"):
        mark_attendance(by=who.dinh, at=MORNING, meeting=meeting.pk, marks=[here])
    with pytest.raises(CannotMark, match="không có trong giấy mời"):
        mark_attendance(by=who.dinh, at=TEN, meeting=meeting.pk, marks=[Mark(who.commune.pk, came=True)])
    with pytest.raises(CannotMark, match="dài quá"):
        mark_attendance(by=who.dinh, at=TEN, meeting=meeting.pk, marks=[Mark(who.bureau.pk, True, "x" * 151)])
    absent = Mark(who.other.pk, came=False, is_head=True, note="Đi công tác")
    mark_attendance(by=who.dinh, at=TEN, meeting=meeting.pk, marks=[here, absent])
    rows = {row.office_id: row for row in Attendance.objects.filter(meeting=meeting)}
    assert (rows[who.bureau.pk].came, rows[who.bureau.pk].is_head) == (True, True)
    assert (rows[who.other.pk].came, rows[who.other.pk].is_head) == (False, False)
    assert rows[who.district.pk].came is None, "who was not marked is not absent"


def test_minutes_are_written(who: Committee) -> None:
    meeting = make_meeting(who)
    write_minutes(
        by=who.dinh,
        at=TEN,
        meeting=meeting.pk,
        text="Sở TT&TT: chờ tủ mạng.\n\nTrưởng ban: xong trước 31/05.",
    )
    meeting.refresh_from_db()
    assert meeting.minutes.count("\n") == 2
    for text, sentence in (("  ", "chưa có chữ"), ("x" * 40_001, "dài quá")):
        with pytest.raises(CannotWriteMinutes, match=sentence):
            write_minutes(by=who.dinh, at=TEN, meeting=meeting.pk, text=text)


def test_an_office_reads_the_meetings_it_is_invited_to_and_their_papers(who: Committee) -> None:
    meeting = make_meeting(who, offices=[who.bureau.pk])
    edit_agenda(by=who.dinh, at=TEN, meeting=meeting.pk, points=[Point("Nối mạng", upload=paper())])
    pages = [
        reverse("plans:meeting", args=[meeting.pk]),
        reverse("plans:meeting_set", args=[meeting.pk]),
        reverse("plans:agenda_paper", args=[meeting.agenda.get().pk]),
    ]
    for page in pages:
        assert client_of(who.du).get(page).status_code == 200
        assert client_of(who.su).get(page).status_code == 404
    assert meeting.title in client_of(who.du).get(reverse("plans:meetings")).content.decode()
    assert meeting.title not in client_of(who.su).get(reverse("plans:meetings")).content.decode()


def test_what_lies_on_the_table_is_one_page(who: Committee) -> None:
    review = make_approved(who)
    meeting = make_meeting(who, review)
    seen = client_of(who.dinh).get(reverse("plans:meeting_set", args=[meeting.pk])).content.decode()
    for words in (
        "Chương trình",
        "Nối mạng 60 xã, đợt 1",
        "Danh sách dự họp",
        "Ký tên",
        "Nguồn của từng con số",
    ):
        assert words in seen


def test_it_is_called_and_kept_on_the_pages(who: Committee) -> None:
    dinh = client_of(who.dinh)
    typed = {
        "title": "Hội nghị thử",
        "day": "10/05/2022",
        "clock": "25:00",
        "place": "Hội trường",
        "offices": [str(who.bureau.pk), str(who.other.pk)],
    }
    address = reverse("plans:call_meeting")
    told = dinh.post(address, typed)
    assert (told.status_code, "Giờ viết như 8:00" in told.content.decode()) == (422, True)
    assert "Hội nghị thử" in told.content.decode(), "what was typed is kept"
    assert dinh.post(address, typed | {"clock": "10 giờ"}).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.starts_at == dt.datetime(2022, 5, 10, 10, 0, tzinfo=VN)
    agenda = reverse("plans:edit_agenda", args=[meeting.pk])
    assert dinh.get(agenda).status_code == 200
    rows = {"viec-1": "Khai mạc", "phut-1": "10", "viec-2": "", "viec-3": "Kết luận", "phut-3": "vài"}
    told = dinh.post(agenda, rows)
    assert (told.status_code, "số phút từ 1" in told.content.decode()) == (422, True)
    assert dinh.post(agenda, rows | {"phut-3": "20"}).status_code == 302
    assert [one.text for one in meeting.agenda.order_by("ordinal")] == ["Khai mạc", "Kết luận"]
    marking = reverse("plans:mark_attendance", args=[meeting.pk])
    marks = {
        f"den-{who.bureau.pk}": "co",
        f"ten-{who.bureau.pk}": "Điển Hình",
        f"truong-{who.bureau.pk}": "co",
    }
    assert dinh.get(marking).status_code == 200
    assert dinh.post(marking, marks | {f"ten-{who.bureau.pk}": "x" * 200}).status_code == 422
    assert dinh.post(marking, marks).status_code == 302
    minutes = reverse("plans:write_minutes", args=[meeting.pk])
    assert dinh.post(minutes, {"text": " "}).status_code == 422
    assert dinh.post(minutes, {"text": "Đã họp."}).status_code == 302
    seen = dinh.get(reverse("plans:meeting", args=[meeting.pk])).content.decode()
    assert "1 trên 2 cơ quan có mặt, 1 nơi người đứng đầu tự dự" in seen
    assert "Đã họp." in seen
