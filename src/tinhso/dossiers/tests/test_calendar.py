"""A wrong holiday is withdrawn, a new one decided: what running dossiers' due moments do, and what they never do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from django.urls import reverse

from tinhso.directory.api import (
    Actor,
    Change,
    DayNotKnown,
    DecisionMissing,
    NewDay,
    NothingChanges,
    OfficeKind,
    Role,
    SpecialDay,
    calendar,
    change_calendar,
)
from tinhso.directory.tests.factories import Cast, make_actor, make_office
from tinhso.dossiers import api
from tinhso.dossiers.models import Dossier, DueMoved
from tinhso.dossiers.queries import journey
from tinhso.dossiers.queries.recounting import Outlook
from tinhso.dossiers.tests.desk import browser
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.journal.api import deliver_all, history
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.working_time import CalendarContradiction

FIRST = dt.datetime(2022, 5, 13, 17, 0, tzinfo=VN)
NEXT = dt.datetime(2022, 5, 16, 17, 0, tzinfo=VN)
THURSDAY = dt.date(2022, 5, 12)
TEN = NINE + dt.timedelta(hours=1)
WHY = "Tỉnh cho nghỉ thêm một ngày vì bão."


def recount(
    by: Actor,
    *,
    moves: bool = True,
    at: dt.datetime = TEN,
    enter: Sequence[NewDay] = (),
    withdraw: Sequence[dt.date] = (),
) -> Outlook:
    return api.recount(
        by=by,
        at=at,
        enter=enter,
        withdraw=withdraw,
        decision="12/QĐ-UBND",
        reason=WHY,
        moves=moves,
    )


def test_a_day_off_decided_later_moves_due_moments_in_the_open(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    found = recount(cast.quan, enter=[NewDay(THURSDAY, "lễ")])
    dossier.refresh_from_db()
    assert (dossier.original_due_at, dossier.due_at) == (FIRST, NEXT)
    assert len(found.later) == 1
    move = DueMoved.objects.get(dossier=dossier)
    assert (move.cause, move.before, move.after) == ("calendar", FIRST, NEXT)
    assert "12/QĐ-UBND" in move.reason
    said = journey(dossier, TEN)
    assert said.deadline is not None
    assert (said.deadline.original, said.deadline.at) == (FIRST, NEXT)
    assert any("Lịch nghỉ đổi" in reason.text for reason in said.deadline.reasons)
    deliver_all()
    page = browser(cast.lan).get(reverse("dossiers:mine", args=[dossier.tracking_code])).content.decode()
    assert "Lịch nghỉ của cơ quan đổi" in page
    assert any(record.event.endswith("DueRecounted") for record in history(dossier.about))


def test_without_the_wish_nothing_moves_and_the_first_due_moment_stays_explained(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    recount(cast.quan, enter=[NewDay(THURSDAY, "lễ")], moves=False)
    dossier.refresh_from_db()
    assert dossier.due_at == FIRST
    said = journey(dossier, TEN)
    assert said.deadline is not None
    assert said.deadline.at == FIRST
    later = make_dossier(cast, accepted=True, version=dossier.version, at=TEN + dt.timedelta(minutes=1))
    assert later.due_at == NEXT


def test_a_wrong_holiday_is_withdrawn_and_promises_stay(cast: Cast) -> None:
    recount(cast.quan, enter=[NewDay(THURSDAY, "lễ")], at=NINE - dt.timedelta(days=1))
    dossier = make_dossier(cast, accepted=True)
    assert dossier.due_at == NEXT
    found = recount(cast.quan, withdraw=[THURSDAY])
    dossier.refresh_from_db()
    assert [line.dossier.pk for line in found.earlier] == [dossier.pk]
    assert dossier.due_at == NEXT
    assert not DueMoved.objects.exists()
    assert calendar().is_working(THURSDAY)
    assert not calendar(NINE).is_working(THURSDAY)
    said = journey(dossier, TEN)
    assert said.deadline is not None
    assert said.deadline.at == NEXT


def test_a_pause_after_the_change_counts_by_the_new_calendar(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    recount(cast.quan, enter=[NewDay(THURSDAY, "lễ")])
    api.ask_for_papers(
        by=cast.son,
        at=TEN + dt.timedelta(hours=1),
        tracking_code=dossier.tracking_code,
        defects=[api.Defect("C-SCAN-UNCLEAR", "Ảnh mờ, hãy chụp lại đủ bốn góc.")],
        explanation="Chụp lại trang 2, thấy đủ bốn góc giấy.",
    )
    back = dt.datetime(2022, 5, 13, 11, 0, tzinfo=VN)
    api.supply(by=cast.lan, at=back, tracking_code=dossier.tracking_code, files=(), note="Đã chụp lại.")
    dossier.refresh_from_db()
    worked = calendar().working_time_between(TEN + dt.timedelta(hours=1), back)
    assert dossier.due_at == calendar().add_working_time(NEXT, worked)
    said = journey(dossier, back)
    assert said.deadline is not None
    assert said.deadline.at == dossier.due_at


def test_only_administrators_of_the_province_change_it_and_only_by_a_decision(cast: Cast) -> None:
    commune = make_office("UBND xã Thử Lịch", OfficeKind.COMMUNE, "000.96.33.H40")
    for other in (cast.hoa, cast.lan, make_actor("qx", "Quản Xã", (commune, Role.ADMINISTRATOR, "Quản trị"))):
        with pytest.raises(NotThere):
            recount(other, enter=[NewDay(THURSDAY, "lễ")])
    with pytest.raises(NothingChanges):
        recount(cast.quan)
    with pytest.raises(DayNotKnown):
        recount(cast.quan, withdraw=[THURSDAY])
    with pytest.raises(CalendarContradiction):
        recount(cast.quan, enter=[NewDay(dt.date(2022, 5, 14), "lễ")])
    with pytest.raises(DecisionMissing):
        change_calendar(
            by=cast.quan,
            at=TEN,
            enter=[NewDay(THURSDAY, "lễ")],
            withdraw=(),
            decision=" ",
            reason=WHY,
        )
    assert not SpecialDay.objects.filter(date=THURSDAY).exists()
    assert not Change.objects.exists()


def test_the_page_shows_first_what_would_happen_and_changes_only_on_the_second_press(cast: Cast) -> None:
    dossier = make_dossier(cast, accepted=True)
    client = browser(cast.quan)
    address = reverse("dossiers:calendar")
    typed = {
        "rest": "12/05/2022",
        "kind": "lễ",
        "work": "",
        "wrong": "",
        "decision": "12/QĐ-UBND",
        "reason": WHY,
    }
    seen = client.post(address, typed).content.decode()
    assert str(dossier) in seen
    assert "Chưa ai đổi lịch" in seen
    assert not SpecialDay.objects.filter(date=THURSDAY).exists()
    answer = client.post(address, {**typed, "viec": "doi", "doi_hen": "1"})
    assert answer.status_code == 302
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.due_at == NEXT
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Thêm: nghỉ lễ 12/05/2022" in page
    assert "12/QĐ-UBND" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"rest": "31/02/2022"}, "không phải ngày"),
        ({}, "Chưa có ngày nào"),
        ({"rest": "14/05/2022"}, "14/05/2022"),
        ({"wrong": "12/05/2022"}, "không có trong lịch"),
        ({"rest": "12/05/2022", "decision": ""}, "Chưa có số văn bản"),
    ],
)
def test_what_was_typed_wrongly_is_said_and_kept(cast: Cast, typed: dict[str, str], said: str) -> None:
    usual = {"rest": "", "kind": "lễ", "work": "", "wrong": "", "decision": "12/QĐ-UBND", "reason": WHY}
    answer = browser(cast.quan).post(reverse("dossiers:calendar"), {**usual, **typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert WHY in page


def test_others_find_no_such_page(cast: Cast) -> None:
    assert browser(cast.hoa).get(reverse("dossiers:calendar")).status_code == 404
