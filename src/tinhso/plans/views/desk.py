"""One's own desk: what the office owes and by when, what waits for oneself."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.directory.api import office_of, who
from tinhso.plans.permissions import own_offices
from tinhso.plans.queries.desk import Desk, Line, desk
from tinhso.plans.queries.tasks import TaskRow
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock


@require_safe
@insiders_only
def desk_page(request: HttpRequest) -> HttpResponse:
    """Show what is owed and what waits, the earliest due first."""
    by, at = who(request), clock.now()
    found, own = desk(by, at), own_offices(by)
    return render(
        request,
        "plans/desk.html",
        {
            **frame(request, "desk"),
            "desk": found,
            "heading": _heading(found),
            "is_agency": bool(own),
            "office": office_of(own[0]) if own else None,
            "n_owed": len(found.owed) + len(found.tasks),
            "lines": sorted(
                [*(_line(one) for one in found.owed), *(_task(row) for row in found.tasks)],
                key=lambda one: (one["due"] is None, str(one["due"]), one["title"]),
            ),
        },
    )


def _heading(found: Desk) -> str:
    owed, waiting = len(found.owed) + len(found.tasks), len(found.waiting)
    parts = []
    if owed:
        parts.append(_("còn %(n)d việc phải làm") % {"n": owed})
    if found.late:
        parts.append(_("%(n)d việc quá hạn") % {"n": found.late})
    if waiting:
        parts.append(_("%(n)d việc chờ tôi") % {"n": waiting})
    text = ", ".join(parts) or _("không có việc nào chờ")
    return f"{text[0].upper()}{text[1:]}"


def _line(one: Line) -> dict[str, Any]:
    if one.due is None:
        tag, words = "info", _("Sớm nhất có thể")
    elif one.is_late:
        tag, words = "late", _("Quá %(n)d ngày làm việc") % {"n": -one.days}
    else:
        tag = "soon" if one.days <= 1 else "in_time"
        words = _("Còn %(n)d ngày làm việc") % {"n": one.days} if one.days else _("Hạn hôm nay")
    return {
        "title": one.title,
        "url": one.url,
        "due": one.due,
        "kind": one.kind,
        "note": one.note,
        "tag": tag,
        "words": words,
    }


def _task(row: TaskRow) -> dict[str, Any]:
    return {
        "title": row.task.title,
        "url": reverse("plans:task", args=[row.task.code]),
        "due": row.task.due,
        "kind": _("Nhiệm vụ: %(state)s") % {"state": row.state_words.lower()},
        "note": row.task.blocker,
        "tag": row.kind,
        "words": row.words,
    }
