"""Remind offices that have not registered their plan, by hand and by rule; and asked offices that are silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import SYSTEM, Actor, Office, calendar
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.plans import OfficesReminded
from tinhso.plans.lifecycle import PlanState
from tinhso.plans.models import History, OpinionRequest, Plan, Reminder, Window
from tinhso.plans.permissions.plans import PLANS, WINDOWS, MayPlan, MayWindow
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.plan_people import people_told
from tinhso.plans.queries.registration import Registration, registration, registrations, reminded_on
from tinhso.plans.rules.plans import Registered
from tinhso.plans.rules.reminders import days_left, level_of, steps_on
from tinhso.toolkit.words import weekday_date
from tinhso.toolkit.working_time import in_vietnam

REGISTRATION: Final = "registration"
OPINION: Final = "opinion"
#: A notice has a title of so many letters.
LONGEST_TITLE: Final = 200
#: The rule looks so many days back for windows that are over.
_LOOKS_BACK: Final = dt.timedelta(days=60)


class CannotRemind(ValueError):
    """Nobody is left to remind today; the sentence says why."""


@transaction.atomic
def remind_registration(*, by: Actor, at: dt.datetime, pk: int) -> int:
    """Remind every office of a window that has not registered, once a day; return how many.

    Raises ``NotThere`` for others than the secretary, and ``CannotRemind`` where nobody is left to remind today.
    """
    window = WINDOWS.one(by, MayWindow.REMIND, pk=pk)
    found = registration(window, at)
    today = in_vietnam(at).date()
    done = reminded_on(window.about, today)
    offices = [row.office for row in found.owing if row.office.pk not in done]
    if not offices:
        raise CannotRemind(
            _("Hôm nay đã nhắc các cơ quan chưa đăng ký. Mai nhắc tiếp được.")
            if found.owing
            else _("Mọi cơ quan đã đăng ký, không còn ai phải nhắc.")
        )
    _remind_window(found, offices, by=by, at=at, level="")
    History.objects.record(
        window.about, _("Nhắc đăng ký"), by=by, at=at, after=_("%(n)d cơ quan") % {"n": len(offices)}
    )
    return len(offices)


@transaction.atomic
def remind_opinion(*, by: Actor, at: dt.datetime, pk: int, office: int) -> None:
    """Remind one asked office that has not answered about a plan, once a day.

    Raises ``NotThere`` for others than those who write the plan, and ``CannotRemind``.
    """
    plan = PLANS.one(by, MayPlan.SEND, pk=pk)
    request = plan.requests.filter(office_id=office, answered_at=None).select_related("office").first()
    if request is None:
        raise CannotRemind(_("Cơ quan này đã trả lời, không phải nhắc nữa."))
    if office in reminded_on(plan.about, in_vietnam(at).date()):
        raise CannotRemind(_("Hôm nay đã nhắc cơ quan này. Mai nhắc tiếp được."))
    _remind_plan(plan, [request], by=by, at=at, level="")


@transaction.atomic
def remind_due(*, at: dt.datetime) -> int:
    """Send every reminder that the rules ask for by now, each once; return how many offices were reminded.

    On working days only. For the clock: asked again, it finds nothing to do.
    """
    today = in_vietnam(at).date()
    if not calendar().is_working(today):
        return 0
    return _windows_due(today, at) + _plans_due(today, at)


def _windows_due(today: dt.date, at: dt.datetime) -> int:
    steps = steps_on(document("registration_reminders"), REGISTRATION, today)
    windows = Window.objects.filter(opens_on__lte=today, deadline__gte=today - _LOOKS_BACK).order_by("pk")
    reached = {
        window.pk: (window, level)
        for window in windows.select_for_update()
        if (
            level := level_of(
                steps,
                on=today,
                opened=window.opens_on,
                deadline=window.deadline,
                between=calendar().working_days_between,
            )
        )
    }
    count = 0
    for found in registrations([window for window, _level in reached.values()], at):
        level = reached[found.window.pk][1]
        told = set(
            Reminder.objects.filter(about=found.window.about, level=level).values_list("office_id", flat=True)
        )
        offices = [row.office for row in found.owing if row.office.pk not in told]
        if offices:
            _remind_window(found, offices, by=SYSTEM, at=at, level=level)
        count += len(offices)
    return count


def _plans_due(today: dt.date, at: dt.datetime) -> int:
    steps = steps_on(document("registration_reminders"), OPINION, today)
    count = 0
    plans = Plan.objects.filter(state=PlanState.OPINIONS, opinions_due__gte=today).order_by("pk")
    for plan in plans.select_for_update(of=("self",)):
        silent = plan.requests.filter(answered_at=None, due__gte=today).select_related("office")
        by_level: dict[str, list[OpinionRequest]] = {}
        for request in silent.order_by("pk"):
            level = level_of(
                steps,
                on=today,
                opened=in_vietnam(request.asked_at).date(),
                deadline=request.due,
                between=calendar().working_days_between,
            )
            if level:
                # asked again later, the office is reminded again: the due day is part of the step's name
                by_level.setdefault(f"{level}/{request.due:%d%m%y}", []).append(request)
        for level, requests in by_level.items():
            told = set(
                Reminder.objects.filter(about=plan.about, level=level).values_list("office_id", flat=True)
            )
            left = [request for request in requests if request.office_id not in told]
            if left:
                _remind_plan(plan, left, by=SYSTEM, at=at, level=level)
            count += len(left)
    return count


def _remind_window(
    found: Registration, offices: Sequence[Office], *, by: Actor, at: dt.datetime, level: str
) -> None:
    window, left = found.window, found.days_left
    day = weekday_date(window.deadline)
    if at > found.closes_at:
        text = _("Kế hoạch đã quá hạn đăng ký %(day)s. Đăng ký ngay, bản đăng ký muộn vẫn được ghi.") % {
            "day": day
        }
    else:
        text = _("Hạn đăng ký %(day)s, còn %(n)d ngày làm việc.") % {"day": day, "n": max(0, left)}
    states = {row.office.pk: row for row in found.rows}
    people = people_told([office.pk for office in offices], in_vietnam(at).date())
    Reminder.objects.bulk_create(
        Reminder(
            about=window.about,
            kind=REGISTRATION,
            office=office,
            level=level,
            text=text,
            by_id=by.account_id,
            at=at,
        )
        for office in offices
    )
    for office in offices:
        row = states[office.pk]
        has_begun = row.plan is not None and row.status in (Registered.DRAFTING, Registered.MISSING)
        link = (
            reverse("plans:plan", args=[row.plan.pk])
            if row.plan is not None and has_begun
            else reverse("plans:window", args=[window.pk])
        )
        for person in people.get(office.pk, ()):
            tell(
                person,
                title=(_("Nhắc: %(name)s") % {"name": window.name})[:LONGEST_TITLE],
                body=text,
                link=link,
                at=at,
            )
    _announce(window.about, level, [office.pk for office in offices], by=by, at=at)


def _remind_plan(
    plan: Plan, requests: Sequence[OpinionRequest], *, by: Actor, at: dt.datetime, level: str
) -> None:
    offices = [request.office_id for request in requests]
    people = people_told(offices, in_vietnam(at).date())
    for request in requests:
        left = days_left(in_vietnam(at).date(), request.due, calendar().working_days_between)
        text = (
            _("Hạn góp ý %(day)s, còn %(n)d ngày làm việc. Quá hạn mà chưa trả lời thì tính là nhất trí.")
            % {"day": weekday_date(request.due), "n": left}
            if left >= 0
            else _("Hạn góp ý %(day)s đã qua. Còn trả lời được trong lúc kế hoạch đang lấy ý kiến.")
            % {"day": weekday_date(request.due)}
        )
        Reminder.objects.create(
            about=plan.about,
            kind=OPINION,
            office=request.office,
            level=level,
            text=text,
            by_id=by.account_id,
            at=at,
        )
        for person in people.get(request.office_id, ()):
            tell(
                person,
                title=(_("Nhắc góp ý: %(title)s") % {"title": plan.title})[:LONGEST_TITLE],
                body=text,
                link=reverse("plans:plan", args=[plan.pk]),
                at=at,
            )
    _announce(plan.about, level, offices, by=by, at=at)


def _announce(about: str, level: str, offices: Sequence[int], *, by: Actor, at: dt.datetime) -> None:
    announce(OfficesReminded(about, level, tuple(offices)), about=about, by=by, at=at)
