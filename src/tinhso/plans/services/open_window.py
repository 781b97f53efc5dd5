"""Open a registration window: which offices must register which plan until when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.messages.api import tell
from tinhso.plans.events.plans import WindowOpened
from tinhso.plans.models import Directive, History, Requirement, Window
from tinhso.plans.permissions import SECRETARY
from tinhso.plans.queries.plan_people import people_told
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import date_text, weekday_date
from tinhso.toolkit.working_time import in_vietnam

#: A notice carries the name in its title.
LONGEST_NAME: Final = 160
#: A plan is for so many years at most.
LONGEST_PLAN: Final = 10


class CannotOpenWindow(ValueError):
    """The window cannot be opened like this; the sentence says what to mend."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An office that must register; ``is_priority``: named first by the committee."""

    office: int
    is_priority: bool = False


@transaction.atomic
def open_window(
    *,
    by: Actor,
    at: dt.datetime,
    name: str,
    first_year: int,
    last_year: int,
    deadline: dt.date,
    offices: Sequence[Wanted],
    directive: int | None = None,
) -> Window:
    """Open the window from today, and tell the planner and the head of every office.

    Raises ``NotThere`` for others than the secretary, and ``CannotOpenWindow``.
    """
    if not by.holds(*SECRETARY):
        raise NotThere
    today = in_vietnam(at).date()
    name = tidy(name)
    wanted = {one.office: one for one in offices}
    _check(name, first_year, last_year, deadline, today)
    known = set(Office.objects.on(today).filter(pk__in=wanted).values_list("pk", flat=True))
    if not known or known != set(wanted):
        raise CannotOpenWindow(_("Chọn ít nhất một cơ quan đang hoạt động."))
    twice = (
        Requirement.objects.filter(
            office_id__in=wanted, window__first_year=first_year, window__last_year=last_year
        )
        .select_related("office", "window")
        .order_by("office__sort_key")
        .first()
    )
    if twice is not None:
        raise CannotOpenWindow(
            _("%(office)s đã phải đăng ký kế hoạch của các năm này trong đợt “%(window)s”. Bỏ cơ quan ấy ra.")
            % {"office": twice.office.short_name, "window": twice.window.name}
        )
    if directive is not None and not Directive.objects.filter(pk=directive).exists():
        raise CannotOpenWindow(_("Không có văn bản ấy. Chọn văn bản trong danh sách."))
    window = Window.objects.create(
        name=name,
        first_year=first_year,
        last_year=last_year,
        opens_on=today,
        deadline=deadline,
        directive_id=directive,
        opened_by_id=by.account_id,
        opened_at=at,
    )
    Requirement.objects.bulk_create(
        Requirement(window=window, office_id=one.office, is_priority=one.is_priority)
        for one in wanted.values()
    )
    History.objects.record(
        window.about,
        _("Mở đợt đăng ký"),
        by=by,
        at=at,
        after=_("%(n)d cơ quan, hạn %(day)s") % {"n": len(wanted), "day": date_text(deadline)},
    )
    announce(
        WindowOpened(window.pk, first_year, last_year, deadline, len(wanted)),
        about=window.about,
        by=by,
        at=at,
    )
    _tell(window, known, at)
    return window


def _check(name: str, first_year: int, last_year: int, deadline: dt.date, today: dt.date) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise CannotOpenWindow(_("Ghi tên đợt, tối đa %(n)d chữ.") % {"n": LONGEST_NAME})
    if not first_year <= last_year < first_year + LONGEST_PLAN:
        raise CannotOpenWindow(
            _("Năm cuối phải từ năm đầu trở đi, dài nhất %(n)d năm.") % {"n": LONGEST_PLAN}
        )
    if last_year < today.year:
        raise CannotOpenWindow(_("Năm của kế hoạch đã qua. Chọn từ năm %(year)d.") % {"year": today.year})
    if deadline < today:
        raise CannotOpenWindow(_("Hạn đăng ký đã qua. Chọn từ hôm nay trở đi."))


def _tell(window: Window, offices: set[int], at: dt.datetime) -> None:
    link = reverse("plans:window", args=[window.pk])
    for people in people_told(offices, in_vietnam(at).date()).values():
        for person in people:
            tell(
                person,
                title=_("Mở đợt đăng ký: %(name)s") % {"name": window.name},
                body=_("Cơ quan cần đăng ký trước hết giờ làm việc %(day)s.")
                % {"day": weekday_date(window.deadline)},
                link=link,
                at=at,
            )
