"""Say how plans stand, in words and tags: states, stages, days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tinhso.plans.lifecycle import PlanState
from tinhso.plans.models import Plan
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.plans import Due, PlanPage, appraisal_days
from tinhso.plans.rules.plans import DEPUTY, Registered
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import clock_text, date_text, weekday

STATUS: Final = {
    Registered.ON_TIME: ("in_time", gettext_lazy("Đăng ký đúng hạn")),
    Registered.LATE: ("ended_late", gettext_lazy("Đăng ký muộn")),
    Registered.DRAFTING: ("soon", gettext_lazy("Đang soạn")),
    Registered.NOTHING: ("bad", gettext_lazy("Chưa có gì")),
    Registered.MISSING: ("late", gettext_lazy("Thiếu, quá hạn")),
}
STATE: Final = {
    PlanState.DRAFT: gettext_lazy("đang soạn"),
    PlanState.OPINIONS: gettext_lazy("đang lấy ý kiến"),
    PlanState.APPRAISAL: gettext_lazy("đang thẩm định"),
    PlanState.SIGNING: gettext_lazy("chờ ký"),
    PlanState.SIGNED: gettext_lazy("đã ký, chờ ghi số"),
    PlanState.ISSUED: gettext_lazy("đã ban hành"),
}
_MOST_STRANDS: Final = 30


def day_month(day: dt.date) -> str:
    """Return 12/05."""
    return f"{day:%d/%m}"


def short_day(day: dt.date) -> str:
    """Return thứ Năm, 28/04."""
    return f"{weekday(day)}, {day_month(day)}"


def when(moment: dt.datetime, today: dt.date) -> str:
    """Return 8 giờ 40 hôm nay, or 28/04, or 28/04/2021 of another year."""
    local = moment.astimezone(VN)
    if local.date() == today:
        return _("%(clock)s hôm nay") % {"clock": clock_text(local)}
    return day_month(local.date()) if local.year == today.year else date_text(local.date())


def years(first_year: int, last_year: int) -> str:
    """Return Năm 2022 or Giai đoạn 2022–2025."""
    if first_year == last_year:
        return _("Năm %(year)d") % {"year": first_year}
    return _("Giai đoạn %(first)d–%(last)d") % {"first": first_year, "last": last_year}


def state_words(plan: Plan | None, today: dt.date) -> str:
    """Return how a plan stands, for a tab: đang lấy ý kiến, đã đăng ký 06/05, chưa soạn."""
    if plan is None:
        return _("chưa soạn")
    if plan.registered_at is not None:
        return _("đã đăng ký %(day)s") % {"day": when(plan.registered_at, today)}
    return str(STATE[PlanState(plan.state)])


def due_words(due: Due) -> str:
    """Return how long there is to the end of the window."""
    if due.status in (Registered.ON_TIME, Registered.LATE):
        return ""
    if due.status is Registered.MISSING:
        return _("Quá %(n)d ngày làm việc") % {"n": -due.days_left} if due.days_left else _("Vừa quá hạn")
    return left_words(due.days_left)


def left_words(days: int) -> str:
    """Return Còn 8 ngày làm việc, Hôm nay là ngày cuối, Quá 2 ngày làm việc."""
    if days > 0:
        return _("Còn %(n)d ngày làm việc") % {"n": days}
    return _("Hôm nay là ngày cuối") if days == 0 else _("Quá %(n)d ngày làm việc") % {"n": -days}


@dataclass(frozen=True, slots=True)
class Strands:
    """The days from today to a deadline at row height: today, then a strand a day left."""

    title: str
    strands: tuple[str, ...]
    many: bool = False


def strands(days_left: int) -> Strands | None:
    """Return the strands of today and of the working days left; None once it is over or too far to be drawn."""
    if not 0 <= days_left < _MOST_STRANDS:
        return None
    title = _("Đã dùng 1 trên %(n)d ngày") % {"n": days_left + 1}
    return Strands(title, ("t", *[""] * days_left))


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage of a plan: passed (done), here (now), to come."""

    name: str
    words: str
    mark: str


_ORDER: Final = [
    PlanState.DRAFT,
    PlanState.OPINIONS,
    PlanState.APPRAISAL,
    PlanState.SIGNING,
    PlanState.SIGNED,
    PlanState.ISSUED,
]


def stages(page: PlanPage) -> list[StageLine]:
    """Return the five stages of the plan, with who and when beneath each."""
    plan = page.plan
    here = _ORDER.index(PlanState(plan.state))
    found = []
    for place, (name, text) in enumerate(
        (
            (_("Soạn"), _drafting(page)),
            (_("Lấy ý kiến"), _opinions(page, here)),
            (_("Thẩm định"), _appraisal(page)),
            (_("Ký"), _signing(page)),
            (_("Đăng ký"), _registering(page)),
        )
    ):
        is_done = place < here or plan.state == PlanState.ISSUED
        found.append(StageLine(name, text, "done" if is_done else "now" if place == here else ""))
    return found


def _drafting(page: PlanPage) -> str:
    if page.plan.state == PlanState.DRAFT:
        return _("Bản nháp %(n)d") % {"n": page.plan.draft_number}
    first = min((request.asked_at for request in page.requests), default=None)
    return _("Gửi đi %(day)s") % {"day": short_day(first.astimezone(VN).date())} if first else _("Xong")


def _opinions(page: PlanPage, here: int) -> str:
    total = len(page.requests)
    if not total:
        return "" if here else _("Hỏi các cơ quan có liên quan")
    said = _("%(n)d trên %(total)d nơi đã trả lời") % {"n": page.answered, "total": total}
    if here == 1 and page.plan.opinions_due:
        return _("%(said)s, đến hết %(day)s") % {"said": said, "day": day_month(page.plan.opinions_due)}
    return said


def _appraisal(page: PlanPage) -> str:
    if page.plan.appraised_at is not None:
        return _("Đạt, %(day)s") % {"day": short_day(page.plan.appraised_at.astimezone(VN).date())}
    return _("%(office)s, %(n)d ngày làm việc") % {
        "office": document("plan_musts")["appraiser_office"],
        "n": appraisal_days(),
    }


def _signing(page: PlanPage) -> str:
    plan = page.plan
    if plan.signed_at is not None and plan.signed_by is not None:
        words = {"title": plan.signed_by.title, "day": short_day(plan.signed_at.astimezone(VN).date())}
        return (
            _("%(title)s ký thay %(day)s") % words
            if plan.signed_as == DEPUTY
            else _("%(title)s ký %(day)s") % words
        )
    title = page.head.title if page.head else _("Người đứng đầu")
    return _("%(title)s ký. Cấp phó ký thì ghi rõ và được đếm") % {"title": title}


def _registering(page: PlanPage) -> str:
    if page.plan.registered_at is not None:
        return _("Số %(number)s, %(day)s") % {
            "number": page.plan.number,
            "day": short_day(page.plan.registered_at.astimezone(VN).date()),
        }
    if page.due is None:
        return _("Ghi số văn bản")
    return _("Trước %(clock)s %(day)s") % {
        "clock": clock_text(page.due.closes_at),
        "day": short_day(page.due.closes_at.date()),
    }
