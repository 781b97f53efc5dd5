"""A leader's page: what changed this week at the office, and what will be late."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import Role, calendar, holders_only, who
from tinhso.dossiers.api import due_soon
from tinhso.measures.queries.figures import Tally, Wanted, counting, tally
from tinhso.measures.queries.formulas import usual
from tinhso.toolkit import clock, words

#: What is due within so many working days is listed, so many lines at most.
SOON_DAYS, MOST = 3, 100


@holders_only(Role.LEADER)
@require_safe
def leader_page(request: HttpRequest) -> HttpResponse:
    """Show this week beside the last one up to the same weekday, and the dossiers due soon."""
    by, now = who(request), clock.now()
    today = now.date()
    monday = today - dt.timedelta(days=today.weekday())
    week = dt.timedelta(days=7)
    posts = [post for post in by.posts if post.role is Role.LEADER]
    offices = list({post.office_id: post.office_name for post in posts}.items())
    until = calendar().add_working_minutes(now, SOON_DAYS * calendar().minutes_per_day())
    due = due_soon(by, [pk for pk, _name in offices], until, at=now, most=MOST)
    late = sum(one.is_late for one in due)
    return render(
        request,
        "measures/leader.html",
        {
            "menu": [
                {"url": reverse("dossiers:inbox"), "label": _("Hồ sơ cần xử lý"), "icon": "inbox"},
                {
                    "url": reverse("measures:leader"),
                    "label": _("Cơ quan tuần này"),
                    "icon": "chart-line",
                    "current": True,
                },
            ],
            "duty": {"office": posts[0].office_name, "role": posts[0].title},
            "title": _("%(a)s hồ sơ đã quá hạn, %(b)s sẽ đến hạn trong %(n)d ngày làm việc")
            % {"a": words.number(late), "b": words.number(len(due) - late), "n": SOON_DAYS},
            "offices": [
                {
                    "name": name,
                    "rows": _rows(
                        tally(monday, today, Wanted(office_id=pk)),
                        tally(monday - week, today - week, Wanted(office_id=pk)),
                    ),
                }
                for pk, name in offices
            ],
            "this_week": (monday, today),
            "last_week": (monday - week, today - week),
            "worked": calendar().working_days_between(monday, today),
            "worked_before": calendar().working_days_between(monday - week, today - week),
            "found": counting(monday - week, today),
            "due": due,
            "is_cut": len(due) == MOST,
            "most": MOST,
        },
    )


def _rows(now: Tally, before: Tally) -> list[dict[str, Any]]:
    formula = usual("reported", clock.today())
    groups, old = now.under(formula).groups, before.under(formula).groups
    pairs = (
        (_("Tiếp nhận"), now.received.total(), before.received.total()),
        (_("trong đó qua mạng"), now.received["online"], before.received["online"]),
        (_("Trả trước hạn"), groups["early"], old["early"]),
        (_("Trả đúng hạn"), groups["on_time"], old["on_time"]),
        (_("Trả trễ"), groups["late"], old["late"]),
        (_("Đang giải quyết, còn hạn"), groups["running_in_time"], old["running_in_time"]),
        (_("Đang giải quyết, quá hạn"), groups["running_late"], old["running_late"]),
    )
    return [
        {
            "name": name,
            "now": n,
            "before": m,
            "change": f"+{n - m}" if n > m else f"−{m - n}" if m > n else "0",
        }
        for name, n, m in pairs
    ]
