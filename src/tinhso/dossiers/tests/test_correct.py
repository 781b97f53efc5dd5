"""A wrongly recorded end is set right in the open: who may, what is refused, what everybody reads afterwards."""

from __future__ import annotations

import datetime as dt
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.tests.factories import Cast, make_cast
from tinhso.dossiers import api, listeners
from tinhso.dossiers.models import Correction, Dossier
from tinhso.dossiers.rules.changes import Fault
from tinhso.dossiers.tests.desk import boxes_of, browser
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.journal.api import deliver_all
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import Change
from tinhso.toolkit.counting import changes_since as changes_of_every_source
from tinhso.toolkit.policy import NotThere

DEFECT = api.Defect("C-SCAN-UNCLEAR", "Ảnh mờ, hãy chụp lại đủ bốn góc.")
WHAT_TO_DO = "Chụp lại trang 2, thấy đủ bốn góc giấy."
#: The clerk recorded the end on the sixteenth; the paper says the thirteenth.
RECORDED = dt.datetime(2022, 5, 16, 8, 15, 20, tzinfo=VN)
TRUE = dt.datetime(2022, 5, 13, 15, 30, tzinfo=VN)
NOW = dt.datetime(2022, 5, 17, 10, 0, tzinfo=VN)
WHY = "Mất mạng chiều 13/05 nên sáng 16/05 mới ghi được."
DOCUMENT = "07/BB-UBND"


@pytest.fixture
def ended(cast: Cast) -> Dossier:
    """Return a dossier that was rejected, recorded days later."""
    return make_ended(cast)


def make_ended(cast: Cast) -> Dossier:
    """Make a dossier that was paused for a morning and then rejected."""
    dossier = make_dossier(cast, accepted=True, version=make_version())
    code = dossier.tracking_code
    api.ask_for_papers(by=cast.son, at=NINE, tracking_code=code, defects=[DEFECT], explanation=WHAT_TO_DO)
    api.supply(
        by=cast.lan, at=NINE + dt.timedelta(hours=2), tracking_code=code, files=(), note="Đã chụp lại."
    )
    api.refuse(by=cast.son, at=RECORDED, tracking_code=code, ground=DEFECT, explanation=WHAT_TO_DO)
    return Dossier.objects.get(pk=dossier.pk)


def correct(
    cast: Cast,
    dossier: Dossier,
    *,
    to: dt.datetime = TRUE,
    at: dt.datetime = NOW,
    seen: dt.datetime = RECORDED,
    why: str = WHY,
    document: str = DOCUMENT,
) -> Dossier:
    """Let Hoa set the end right."""
    return api.correct(
        by=cast.hoa,
        at=at,
        tracking_code=dossier.tracking_code,
        seen=seen,
        to=to,
        reason=why,
        document_number=document,
    )


def page_of(dossier: Dossier) -> str:
    """Return the address of the page."""
    return reverse("dossiers:correct", args=[dossier.tracking_code])


def test_the_end_is_set_right_and_what_stood_there_is_kept(cast: Cast, ended: Dossier) -> None:
    steps = list(ended.steps.order_by("id").values_list("verb", "at"))
    correct(cast, ended)
    ended.refresh_from_db()
    assert (ended.ended_at, ended.state) == (TRUE, "rejected")
    assert list(ended.steps.order_by("id").values_list("verb", "at")) == steps
    kept = Correction.objects.get()
    assert (kept.field, kept.before, kept.after, kept.at) == ("ended_at", RECORDED, TRUE, NOW)
    assert (kept.reason, kept.document_number) == (WHY, DOCUMENT)
    assert (kept.account_id, kept.by_name, kept.by_title) == (
        cast.hoa.account_id,
        "Vũ Thị Hoa Giả Định",
        "Chủ tịch",
    )


def test_a_correction_is_itself_corrected_by_another(cast: Cast, ended: Dossier) -> None:
    correct(cast, ended)
    later = TRUE + dt.timedelta(hours=1)
    with pytest.raises(api.MomentMoved):
        correct(cast, ended, to=later)
    correct(cast, ended, seen=TRUE, to=later)
    rows = Correction.objects.order_by("id").values_list("before", "after")
    assert list(rows) == [(RECORDED, TRUE), (TRUE, later)]


@pytest.mark.parametrize("who", ["lan", "binh", "minh", "son", "thu", "tam", "an", "quan"])
def test_nobody_but_the_leader_corrects(cast: Cast, ended: Dossier, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(NotThere):
        api.correct(
            by=actor,
            at=NOW,
            tracking_code=ended.tracking_code,
            seen=RECORDED,
            to=TRUE,
            reason=WHY,
            document_number=DOCUMENT,
        )
    assert browser(actor).get(page_of(ended)).status_code == 404
    assert browser(actor).post(page_of(ended), {"day": "13/05/2022"}).status_code == 404
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("to", "fault"),
    [
        (RECORDED, Fault.UNCHANGED),
        (RECORDED.replace(second=0), Fault.UNCHANGED),
        (NOW + dt.timedelta(minutes=1), Fault.IN_THE_FUTURE),
        (NINE - dt.timedelta(minutes=1), Fault.BEFORE_ACCEPTANCE),
        (NINE + dt.timedelta(hours=1), Fault.BEFORE_A_PAUSE),
    ],
)
def test_the_end_lies_after_acceptance_and_pauses_and_not_ahead(
    cast: Cast, ended: Dossier, to: dt.datetime, fault: Fault
) -> None:
    with pytest.raises(api.MomentRefused) as refused:
        correct(cast, ended, to=to)
    assert refused.value.fault is fault
    assert not Correction.objects.exists()


def test_reason_and_document_are_wanted(cast: Cast, ended: Dossier) -> None:
    with pytest.raises(api.ReasonMissing):
        correct(cast, ended, why="Ghi nhầm.")
    with pytest.raises(api.DocumentMissing):
        correct(cast, ended, document="  ")


def test_what_runs_or_was_never_accepted_has_no_end_to_correct(cast: Cast) -> None:
    running = make_dossier(cast, accepted=True)
    refused = make_dossier(cast, version=running.version)
    api.refuse(
        by=cast.minh, at=NINE, tracking_code=refused.tracking_code, ground=DEFECT, explanation=WHAT_TO_DO
    )
    for one in (running, refused):
        with pytest.raises(api.NotCorrectable):
            correct(cast, one, seen=NINE)
        assert browser(cast.hoa).get(page_of(one)).status_code == 302


def test_the_days_between_both_ends_are_counted_anew(
    cast: Cast, ended: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_all()
    stale: list[dt.date] = []
    monkeypatch.setattr(listeners, "mark_stale", stale.append)
    correct(cast, ended)
    deliver_all()
    assert stale == [dt.date(2022, 5, day) for day in (13, 14, 15, 16)]


def test_officers_read_who_and_the_applicant_reads_what_and_why(cast: Cast, ended: Dossier) -> None:
    correct(cast, ended)
    desk = browser(cast.an).get(reverse("dossiers:desk", args=[ended.tracking_code])).content.decode()
    assert "Sửa ngày xong đã ghi" in desk
    assert "Vũ Thị Hoa Giả Định, Chủ tịch" in desk
    assert f"Từ 8 giờ 15, 16/05/2022 thành 15 giờ 30, 13/05/2022. Lý do: {WHY} Văn bản: {DOCUMENT}" in desk
    tracked = browser(None).get(reverse("dossiers:tracked", args=[ended.tracking_code])).content.decode()
    sentence = "Ngày xong được ghi lại: từ 8 giờ 15, 16/05/2022 thành 15 giờ 30, 13/05/2022, vì mất mạng"
    assert sentence in tracked
    assert "Hoa Giả Định" not in tracked


def test_the_page_says_what_follows_and_takes_the_moment_once(
    cast: Cast, ended: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    hoa = browser(cast.hoa)
    desk = hoa.get(reverse("dossiers:desk", args=[ended.tracking_code])).content.decode()
    assert page_of(ended) in desk
    shown = hoa.get(page_of(ended)).content.decode()
    assert "trang công bố ghi ai sửa, lúc nào, vì sao" in shown
    assert "13/05/2022" not in shown, "nothing offers the due date"
    typed = boxes_of(shown) | {"day": "13/05/2022", "clock": "15:30", "reason": WHY}
    refused = hoa.post(page_of(ended), typed)
    assert refused.status_code == 422
    assert "Chưa có số văn bản" in refused.content.decode()
    typed |= {"document": DOCUMENT}
    assert "Đã ghi lại ngày xong" in hoa.post(page_of(ended), typed, follow=True).content.decode()
    assert "vừa có người khác đổi" in hoa.post(page_of(ended), typed, follow=True).content.decode()
    assert Correction.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"day": "18/05/2022"}, "Lúc ấy chưa tới"),
        ({"day": "10/05/2022", "clock": "8 giờ"}, "Hồ sơ tiếp nhận lúc 9 giờ, 10/05/2022"),
        ({"day": "10/05/2022", "clock": "10 giờ"}, "Lúc ấy hồ sơ còn chờ bổ sung"),
        ({"day": "16/05/2022", "clock": "8 giờ 15"}, "Đây là ngày đang ghi"),
    ],
)
def test_what_is_wrong_is_said(
    cast: Cast,
    ended: Dossier,
    monkeypatch: pytest.MonkeyPatch,
    wrong: dict[str, str],
    sentence: str,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    typed = {"seen": RECORDED.isoformat(), "day": "13/05/2022", "clock": "15h30", "reason": WHY}
    answer = browser(cast.hoa).post(page_of(ended), typed | {"document": DOCUMENT, **wrong})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.parametrize("seen", ["", "hôm qua", "2022-05-16T08:15:20", "2022-13-45T00:00:00+07:00"])
def test_a_page_without_the_moment_that_it_showed_changes_nothing(
    cast: Cast, ended: Dossier, monkeypatch: pytest.MonkeyPatch, seen: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    typed = {"seen": seen, "day": "13/05/2022", "clock": "15h30", "reason": WHY, "document": DOCUMENT}
    assert browser(cast.hoa).post(page_of(ended), typed)["Location"] == page_of(ended)
    assert not Correction.objects.exists()


def test_the_changes_of_some_dossiers_since_a_moment(cast: Cast, ended: Dossier) -> None:
    correct(cast, ended)
    other = make_dossier(cast, accepted=True, version=ended.version)
    new = dt.datetime(2022, 5, 20, 16, 30, tzinfo=VN)
    assert other.due_at is not None
    api.extend(by=cast.hoa, at=NOW, tracking_code=other.tracking_code, seen=other.due_at, to=new, reason=WHY)
    hoa = ("Vũ Thị Hoa Giả Định", "Chủ tịch")
    numbers = [ended.number or "", other.number or ""]
    found = api.changes_since(NOW, numbers)
    assert found == [
        Change(numbers[0], "ended_at", RECORDED, TRUE, *hoa, NOW, WHY, DOCUMENT),
        Change(numbers[1], "extension", other.due_at, new, *hoa, NOW, WHY, ""),
    ]
    assert changes_of_every_source(NOW, numbers) == found
    assert api.changes_since(NOW + dt.timedelta(seconds=1), numbers) == []
    assert api.changes_since(NOW, numbers[1:]) == found[1:]
    (pause, _corrected) = api.changes_since(NINE, numbers[:1])
    assert (pause.what, pause.by_name, pause.by_title) == ("pause", "", "")
    assert pause.after > pause.before


@pytest.mark.django_db(transaction=True)
def test_of_two_leaders_at_the_same_time_one_corrects() -> None:
    cast = make_cast()
    ended = make_ended(cast)
    barrier, lost = Barrier(2), []

    def work(n: int) -> None:
        try:
            barrier.wait(10)
            correct(cast, ended, to=TRUE + n * dt.timedelta(hours=1))
        except api.MomentMoved as moved:
            lost.append(moved)
        finally:
            connection.close()

    threads = [Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(lost), Correction.objects.count()) == (1, 1)
