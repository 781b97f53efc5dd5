"""What the stories of reviews and meetings need: the committee with a target, tasks that are late, windows, a review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tinhso.plans.models import Meeting, Reminder, Review
from tinhso.plans.services.approve_review import approve_review
from tinhso.plans.services.call_meeting import call_meeting
from tinhso.plans.services.draft_review import draft_review
from tinhso.plans.services.submit_review import submit_review
from tinhso.plans.tests.factories import (
    MORNING,
    Committee,
    make_committee,
    make_plan,
    make_target,
    make_task,
    make_window,
)
from tinhso.toolkit.clock import VN

FIRST, LAST = dt.date(2022, 1, 1), dt.date(2022, 5, 10)
HALF_PAST_SEVEN = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)


def make_province() -> Committee:
    """Make the committee; a task five working days late and urged twice, one soon due; a target far behind; two windows."""
    who = make_committee()
    late = make_task(
        who.other,
        "Nối mạng 60 xã, đợt 1",
        due=dt.date(2022, 4, 29),
        blocker="22 xã chưa bàn giao tủ mạng",
        product="Biên bản bàn giao",
    )
    make_task(who.bureau, "Tập huấn chữ ký số cho 12 trường", due=dt.date(2022, 5, 31))
    for day in (4, 6):
        Reminder.objects.create(
            about=late.about,
            kind="task",
            office=who.other,
            text="Nhắc nhiệm vụ quá hạn",
            at=dt.datetime(2022, 5, day, 8, 0, tzinfo=VN),
        )
    target = make_target("Xã đã nối mạng chuyên dùng", group="ha-tang", office=who.other)
    target.periods.create(first=FIRST, last=dt.date(2022, 12, 31), value=100)
    target.actuals.create(
        on=LAST,
        source="report",
        numerator=20,
        denominator=226,
        value="8.8496",
        needed="35.3425",
        light="very_slow",
        reckoned_at=MORNING,
    )
    late.target = target
    late.save(update_fields=["target"])
    window = make_window(who.bureau, who.other, who.district)
    make_window(who.province, name="Kế hoạch của tỉnh", deadline=dt.date(2022, 5, 31))
    make_plan(who.bureau, who.du, window, drafted_at=dt.datetime(2022, 5, 4, 8, 0, tzinfo=VN))
    return who


def make_review(who: Committee, **fields: Any) -> Review:
    """Draft the review of the four months at half past seven."""
    return draft_review(**{"by": who.dinh, "at": HALF_PAST_SEVEN, "first": FIRST, "last": LAST, **fields})


def make_approved(who: Committee, number: str = "15/BC-BCĐ") -> Review:
    """Make a review that the chair has approved."""
    review = make_review(who)
    submit_review(by=who.dinh, at=MORNING, code=review.code)
    return approve_review(by=who.thinh, at=MORNING, code=review.code, number=number)


def make_meeting(who: Committee, review: Review | None = None, **fields: Any) -> Meeting:
    """Call the conference of ten o'clock, with two bureaus and a district."""
    return call_meeting(
        **{
            "by": who.dinh,
            "at": MORNING,
            "title": "Hội nghị sơ kết bốn tháng đầu năm 2022",
            "starts_at": dt.datetime(2022, 5, 10, 10, 0, tzinfo=VN),
            "place": "Hội trường UBND tỉnh",
            "offices": [who.bureau.pk, who.other.pk, who.district.pk],
            "review": review.code if review else "",
            **fields,
        }
    )
