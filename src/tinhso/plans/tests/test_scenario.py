"""The article's own case at three moments of the business clock, by the services."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest

from tinhso.directory.api import load_demo
from tinhso.plans.lifecycle import PlanState
from tinhso.plans.models import Opinion, Plan, Reminder, Window
from tinhso.plans.queries.board import Stage, registering
from tinhso.plans.queries.registration import registration
from tinhso.plans.queries.tasks import late_tasks
from tinhso.plans.rules.plans import Registered
from tinhso.plans.services.play_committee import play_committee
from tinhso.toolkit.clock import VN

TENTH = dt.datetime(2022, 5, 10, 9, 15, tzinfo=VN)
TWENTY_FIRST = dt.datetime(2022, 5, 21, 9, 0, tzinfo=VN)
FIRST_OF_JUNE = dt.datetime(2022, 6, 1, 8, 0, tzinfo=VN)


@pytest.fixture
def province(db: None) -> None:
    """Load the offices and people of the demo."""
    load_demo(key="k" * 50)


def test_the_three_moments(province: None) -> None:
    played = play_committee(until=TENTH)
    assert played
    assert play_committee(until=TENTH) == 0, "an act is played once"
    (both,) = registering(TENTH)
    assert (both.done, len(both.offices), both.days_left) == (20, 32, 8)
    assert len(both.of(Stage.NOTHING)) == 5
    assert len(both.of(Stage.DRAFTING)) == 7
    assert not both.of(Stage.MISSING), "what is not due yet is not late"
    late = [row.task.title for row in late_tasks(TENTH.date(), 20) if row.task.parent_id is None]
    assert late == [
        "Nối mạng chuyên dùng cấp II cho 60 xã, đợt 1",
        "Ban hành kiến trúc chính quyền điện tử tỉnh",
        "Danh sách tổ công tác giúp việc Ban Chỉ đạo",
        "Bố trí kinh phí kế hoạch quý II",
    ]

    play_committee(until=TWENTY_FIRST)
    for window in Window.objects.filter(deadline=dt.date(2022, 5, 20)):
        counts = registration(window, TWENTY_FIRST).counts
        assert counts[Registered.LATE] == 3
        assert counts[Registered.MISSING] == 1
        assert counts[Registered.ON_TIME] == 28
        levels = Counter(Reminder.objects.filter(about=window.about).values_list("level", flat=True))
        assert {"15", "5", "1"} <= set(levels), "offices were reminded before the deadline"

    play_committee(until=FIRST_OF_JUNE)
    plan = Plan.objects.get(office__short_name="UBND tỉnh")
    assert plan.state == PlanState.ISSUED
    assert plan.registered_at is not None
    assert plan.registered_at < dt.datetime(2022, 6, 1, tzinfo=VN)
    answers = Counter(Opinion.objects.filter(request__plan=plan).values_list("answer", flat=True))
    assert answers == {"accepted": 2, "rejected": 1}
    assert not plan.requests.filter(answered_at=None).exists()
