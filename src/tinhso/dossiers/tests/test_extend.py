"""A leader gives a new due moment: who may, what moves, what stays, what the applicant is told."""

from __future__ import annotations

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.tests.factories import Cast, make_cast
from tinhso.dossiers import api, listeners
from tinhso.dossiers.models import Dossier, DueMoved
from tinhso.dossiers.queries import journey
from tinhso.dossiers.queries.changes import extension_warnings
from tinhso.dossiers.rules.changes import Fault
from tinhso.dossiers.tests.desk import boxes_of, browser
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.journal.api import deliver_all
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere

#: The first due moment of a dossier accepted at nine o'clock on the tenth.
FIRST = dt.datetime(2022, 5, 13, 17, 0, tzinfo=VN)
NEW = dt.datetime(2022, 5, 20, 16, 30, tzinfo=VN)
TEN = NINE + dt.timedelta(hours=1)
WHY = "Chờ cơ quan thuế xác nhận nghĩa vụ tài chính."
DEFECT = api.Defect("C-SCAN-UNCLEAR", "Ảnh mờ, hãy chụp lại đủ bốn góc.")
WHAT_TO_DO = "Chụp lại trang 2, thấy đủ bốn góc giấy."


@pytest.fixture
def dossier(cast: Cast) -> Dossier:
    """Return a dossier that was accepted and runs."""
    return make_dossier(cast, accepted=True)


def extend(
    cast: Cast,
    dossier: Dossier,
    *,
    to: dt.datetime = NEW,
    at: dt.datetime = TEN,
    seen: dt.datetime = FIRST,
    why: str = WHY,
) -> Dossier:
    """Let Hoa move the due moment."""
    return api.extend(by=cast.hoa, at=at, tracking_code=dossier.tracking_code, seen=seen, to=to, reason=why)


def pause(cast: Cast, dossier: Dossier, began: dt.datetime, ended: dt.datetime) -> None:
    """Let the clock stand still between two moments."""
    code = dossier.tracking_code
    api.ask_for_papers(by=cast.son, at=began, tracking_code=code, defects=[DEFECT], explanation=WHAT_TO_DO)
    api.supply(by=cast.lan, at=ended, tracking_code=code, files=(), note="Đã chụp lại.")


def page_of(dossier: Dossier) -> str:
    """Return the address of the page."""
    return reverse("dossiers:extend", args=[dossier.tracking_code])


def test_the_due_moment_moves_the_first_stays_and_both_are_kept(cast: Cast, dossier: Dossier) -> None:
    extend(cast, dossier)
    dossier.refresh_from_db()
    assert (dossier.original_due_at, dossier.due_at, dossier.state) == (FIRST, NEW, "in_progress")
    move = DueMoved.objects.get()
    assert (move.cause, move.before, move.after, move.reason) == ("extension", FIRST, NEW, WHY)
    assert (move.account_id, move.by_name, move.at) == (cast.hoa.account_id, "Vũ Thị Hoa Giả Định", TEN)
    assert dossier.steps.count() == 2, "no step of the life-cycle"


def test_the_slip_of_apology_bears_name_reason_and_both_moments(cast: Cast, dossier: Dossier) -> None:
    extend(cast, dossier)
    slip = dossier.slips.get(form="04")
    assert (slip.by_name, slip.by_title, slip.reason) == ("Vũ Thị Hoa Giả Định", "Chủ tịch", WHY)
    drawn = api.draw_slip(slip, at=TEN, address="http://testserver/", phone="0228", is_demo=False)
    assert drawn.file is not None
    listed = browser(cast.lan).get(reverse("dossiers:mine", args=[dossier.tracking_code]))
    assert "Phiếu xin lỗi và hẹn lại" in listed.content.decode()


def test_owner_and_submitter_are_told_once_with_the_new_moment(cast: Cast, dossier: Dossier) -> None:
    extend(cast, dossier)
    deliver_all()
    told = browser(cast.lan).get(reverse("portal:my")).content.decode()
    assert told.count("Cơ quan xin lỗi và hẹn lại ngày trả kết quả") == 1
    assert "16 giờ 30, 20/05/2022" in told


def test_every_day_from_then_on_is_counted_anew(
    cast: Cast, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_all()
    stale: list[dt.date] = []
    monkeypatch.setattr(listeners, "mark_stale", stale.append)
    monkeypatch.setattr(clock, "now", lambda: TEN + dt.timedelta(days=2))
    extend(cast, dossier)
    deliver_all()
    assert stale == [dt.date(2022, 5, day) for day in (10, 11, 12)]


@pytest.mark.parametrize("who", ["lan", "binh", "minh", "son", "thu", "tam", "an", "quan"])
def test_nobody_but_the_leader_extends(cast: Cast, dossier: Dossier, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(NotThere):
        api.extend(by=actor, at=TEN, tracking_code=dossier.tracking_code, seen=FIRST, to=NEW, reason=WHY)
    assert browser(actor).get(page_of(dossier)).status_code == 404
    assert browser(actor).post(page_of(dossier), {"day": "20/05/2022"}).status_code == 404
    assert not DueMoved.objects.exists()


@pytest.mark.parametrize(
    ("to", "at", "fault"),
    [
        (FIRST, TEN, Fault.NOT_LATER),
        (FIRST - dt.timedelta(minutes=1), TEN, Fault.NOT_LATER),
        (NEW, NEW + dt.timedelta(minutes=1), Fault.NOT_LATER),
        (dt.datetime(2022, 5, 21, 9, 0, tzinfo=VN), TEN, Fault.OUTSIDE_OFFICE_HOURS),
        (dt.datetime(2022, 5, 20, 17, 1, tzinfo=VN), TEN, Fault.OUTSIDE_OFFICE_HOURS),
        (dt.datetime(2022, 5, 20, 12, 0, tzinfo=VN), TEN, Fault.OUTSIDE_OFFICE_HOURS),
    ],
)
def test_the_new_moment_is_later_to_come_and_in_office_hours(
    cast: Cast, dossier: Dossier, to: dt.datetime, at: dt.datetime, fault: Fault
) -> None:
    with pytest.raises(api.MomentRefused) as refused:
        extend(cast, dossier, to=to, at=at)
    assert refused.value.fault is fault
    dossier.refresh_from_db()
    assert dossier.due_at == FIRST


def test_a_short_reason_is_none(cast: Cast, dossier: Dossier) -> None:
    with pytest.raises(api.ReasonMissing):
        extend(cast, dossier, why="Bận quá.   ")


def test_only_a_running_dossier_with_a_due_date_is_extended(cast: Cast, dossier: Dossier) -> None:
    new = make_dossier(cast, version=dossier.version)
    paused, ended = (make_dossier(cast, accepted=True, version=dossier.version) for _ in range(2))
    api.ask_for_papers(
        by=cast.son, at=TEN, tracking_code=paused.tracking_code, defects=[DEFECT], explanation=WHAT_TO_DO
    )
    api.withdraw(by=cast.lan, at=TEN, tracking_code=ended.tracking_code)
    free = make_dossier(cast, accepted=True, version=dossier.version)
    Dossier.objects.filter(pk=new.pk).update(limit_unit="none")
    without = api.accept(by=cast.minh, at=TEN, tracking_code=new.tracking_code)
    for one in (paused, ended, without):
        with pytest.raises(api.NotExtendable):
            extend(cast, one)
        assert browser(cast.hoa).get(page_of(one)).status_code == 302
    assert extend(cast, free).due_at == NEW


def test_a_late_dossier_is_extended_and_stays_late_by_its_first_due_moment(
    cast: Cast, dossier: Dossier
) -> None:
    late = FIRST + dt.timedelta(days=4)
    extend(cast, dossier, at=late)
    dossier.refresh_from_db()
    assert dossier.original_due_at is not None
    assert dossier.original_due_at < late < NEW == dossier.due_at


def test_a_second_leader_who_looked_before_moves_nothing(cast: Cast, dossier: Dossier) -> None:
    extend(cast, dossier)
    with pytest.raises(api.MomentMoved):
        extend(cast, dossier, to=NEW + dt.timedelta(days=3))
    extend(cast, dossier, seen=NEW, to=NEW + dt.timedelta(days=3))
    assert list(DueMoved.objects.order_by("id").values_list("before", flat=True)) == [FIRST, NEW]


def test_a_pause_that_moved_the_due_moment_is_kept_without_a_name(cast: Cast, dossier: Dossier) -> None:
    pause(cast, dossier, TEN, TEN + dt.timedelta(minutes=30))
    dossier.refresh_from_db()
    move = DueMoved.objects.get()
    assert (move.cause, move.before, move.after) == ("pause", FIRST, dossier.due_at)
    assert (move.account_id, move.by_name, move.reason) == (None, "", "")


def test_a_pause_outside_office_hours_moves_nothing_and_keeps_nothing(cast: Cast, dossier: Dossier) -> None:
    pause(
        cast, dossier, dt.datetime(2022, 5, 10, 18, 0, tzinfo=VN), dt.datetime(2022, 5, 10, 19, 0, tzinfo=VN)
    )
    assert not DueMoved.objects.exists()


def test_a_pause_after_an_extension_moves_the_new_moment_and_not_the_old_one(
    cast: Cast, dossier: Dossier
) -> None:
    extend(cast, dossier)
    began = dt.datetime(2022, 5, 17, 9, 0, tzinfo=VN)
    pause(cast, dossier, began, began + dt.timedelta(hours=1))
    dossier.refresh_from_db()
    assert dossier.due_at == dt.datetime(2022, 5, 23, 7, 30, tzinfo=VN), "half an hour of each day"
    assert list(DueMoved.objects.order_by("id").values_list("cause", "before")) == [
        ("extension", FIRST),
        ("pause", NEW),
    ]


def test_the_pages_show_the_new_moment_the_first_one_and_the_apology(cast: Cast, dossier: Dossier) -> None:
    extend(cast, dossier)
    found = journey(Dossier.objects.get(), TEN)
    assert found.deadline is not None
    assert (found.deadline.at, found.deadline.original) == (NEW, FIRST)
    assert [day.date.day for day in found.days if day.is_due] == [20]
    tracked = browser(None).get(reverse("dossiers:tracked", args=[dossier.tracking_code])).content.decode()
    assert "Hẹn trả thứ Sáu, 20/05/2022" in tracked
    assert "Ngày hẹn ban đầu: thứ Sáu, 13/05/2022" in tracked
    assert "Cơ quan hẹn lại: từ 17 giờ, 13/05/2022 sang 16 giờ 30, 20/05/2022." in tracked
    assert WHY not in tracked
    assert "Hoa" not in tracked
    desk = browser(cast.son).get(reverse("dossiers:desk", args=[dossier.tracking_code])).content.decode()
    assert WHY in desk
    assert "Hẹn lại ngày trả kết quả" in desk


def test_the_page_says_what_follows_takes_the_moment_and_keeps_what_was_typed(
    cast: Cast, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: TEN)
    hoa = browser(cast.hoa)
    desk = hoa.get(reverse("dossiers:desk", args=[dossier.tracking_code])).content.decode()
    assert page_of(dossier) in desk
    shown = hoa.get(page_of(dossier)).content.decode()
    assert "Số đã công bố giữ nguyên" in shown
    typed = boxes_of(shown) | {"day": "21/05/2022", "clock": "9h", "reason": WHY}
    refused = hoa.post(page_of(dossier), typed)
    assert refused.status_code == 422
    words = refused.content.decode()
    assert "Lúc ấy cơ quan không làm việc. Gần nhất là 7 giờ, 23/05/2022." in words
    assert WHY in words
    assert boxes_of(words)["day"] == "21/05/2022"
    done = hoa.post(page_of(dossier), typed | {"day": "20/05/2022", "clock": "16 giờ 30"}, follow=True)
    assert "Đã hẹn lại 16 giờ 30, 20/05/2022" in done.content.decode()
    again = hoa.post(page_of(dossier), typed | {"day": "20/05/2022", "clock": "16 giờ 30"}, follow=True)
    assert "Hồ sơ vừa có người khác đổi" in again.content.decode()
    assert DueMoved.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day": ""}, "Chưa có ngày"),
        ({"day": "31/02/2022"}, "Ngày viết như"),
        ({"clock": "25 giờ"}, "Giờ viết như"),
        ({"clock": ""}, "Chưa có giờ"),
        ({"reason": "Bận"}, "Lý do ngắn quá"),
        ({"reason": "x" * 401}, "Dài quá"),
        ({"day": "12/05/2022"}, "phải muộn hơn lúc này và ngày hẹn đang có, 17 giờ, 13/05/2022"),
    ],
)
def test_what_is_wrong_is_said(
    cast: Cast,
    dossier: Dossier,
    monkeypatch: pytest.MonkeyPatch,
    wrong: dict[str, str],
    sentence: str,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: TEN)
    typed = {"seen": FIRST.isoformat(), "day": "20/05/2022", "clock": "16 giờ 30", "reason": WHY, **wrong}
    answer = browser(cast.hoa).post(page_of(dossier), typed)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_the_law_of_one_extension_told_a_day_ahead_is_named_and_marked_as_not_verified(
    cast: Cast, dossier: Dossier
) -> None:
    assert extension_warnings(dossier, TEN) == []
    near = FIRST - dt.timedelta(hours=1)
    assert any("ít nhất 1 ngày làm việc" in said for said in extension_warnings(dossier, near))
    extended = extend(cast, dossier)
    said = extension_warnings(extended, TEN)
    assert "Hồ sơ này đã hẹn lại 1 lần. Chỉ được hẹn lại 1 lần." in said
    assert said[-1] == "Quy định về hẹn lại chưa kiểm chứng với văn bản."


@pytest.mark.django_db(transaction=True)
def test_of_two_leaders_at_the_same_time_one_moves_it() -> None:
    cast = make_cast()
    dossier = make_dossier(cast, accepted=True, version=make_version())
    barrier, lost = Barrier(2), []

    def work(n: int) -> None:
        try:
            barrier.wait(10)
            extend(cast, dossier, to=NEW + n * dt.timedelta(days=3))
        except api.MomentMoved as moved:
            lost.append(moved)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(lost), DueMoved.objects.count()) == (1, 1)
