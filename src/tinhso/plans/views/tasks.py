"""Tasks in lists: the table, the board and the line of time over the same filters, and acts on a selection."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tinhso.directory.api import Actor, who
from tinhso.plans.forms.task_filters import VIEWS, Address, address_of, week_words
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.permissions import COMMITTEE
from tinhso.plans.queries.task_timeline import timeline
from tinhso.plans.queries.task_views import (
    columns_of,
    count_withdrawn,
    counts_of,
    filter_choices,
    listed_rows,
    tabs_of,
)
from tinhso.plans.queries.tasks import deadline_words, shaped
from tinhso.plans.rules.deadlines import Deadline
from tinhso.plans.services.act_on_tasks import (
    MOST_TASKS,
    BulkAct,
    CannotTag,
    NothingChosen,
    act_on_tasks,
)
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock

PER_PAGE: Final = 50
#: The line of time shows so many tasks of a page.
PER_LINE: Final = 100
#: Filters that stand folded away until one of them is set.
_MORE: Final = (
    *("phoi-hop", "nhom", "han", "chi-dao", "ke-hoach", "chi-tieu", "nguoi-giao"),
    *("tu", "den", "xep", "gap"),
)


@require_safe
@insiders_only
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the tasks that are asked for, as a table, a board or a line of time."""
    address = address_of(request.GET)
    return render(
        request, "plans/tasks.html", _context(request, address), status=422 if address.wrong else 200
    )


def _context(request: HttpRequest, address: Address) -> dict[str, Any]:
    by, today = who(request), clock.today()
    found = counts_of(by, address.asked, today)
    is_withdrawn = address.asked.filters.state == TaskState.WITHDRAWN
    context = {
        **frame(request, "tasks"),
        "address": address,
        "asked": address.asked,
        "typed": {key.replace("-", "_"): value for key, value in address.typed.items()},
        "is_narrowed": any(address.typed[key] for key in _MORE),
        "counts": found,
        "tabs": [
            (tab, address.query(the=tab.key, trang=None), tab.key == address.asked.tab)
            for tab in ([] if is_withdrawn else tabs_of(found))
        ],
        "views": [
            (name, words, address.query(xem="" if name == VIEWS[0] else name), name == address.view)
            for name, words in zip(VIEWS, (_("Bảng"), _("Cột"), _("Thời gian")), strict=True)
        ],
        "choices": filter_choices(by, today),
        "deadlines": [(one.value, deadline_words(one)) for one in Deadline],
        "orders": _orders(),
        "files": [
            (reverse(f"plans:tasks_{kind}") + address.query(xem=None), words)
            for kind, words in (("xlsx", "Excel"), ("csv", "CSV"), ("ics", _("Lịch")))
        ],
        "query": address.query(),
        "today": today,
        "may_assign": by.holds(*COMMITTEE),
        "withdrawn": count_withdrawn(by) if not is_withdrawn else 0,
        "most": MOST_TASKS,
    }
    return context | _body(by, address)


def _body(by: Actor, address: Address) -> dict[str, Any]:
    today = clock.today()
    if address.view == "cot":
        return {
            "columns": [
                (column, address.query(**{"trang-thai": column.state, "the": "tat-ca", "xem": None}))
                for column in columns_of(by, address.asked, today)
            ]
        }
    rows = listed_rows(by, address.asked, today)
    paginator = Paginator(rows, PER_LINE if address.view == "thoi-gian" else PER_PAGE)
    page = paginator.get_page(address.page)
    shown = shaped(page.object_list, today)
    body: dict[str, Any] = {
        "page": page,
        "rows": shown,
        "before": address.query(trang=str(page.previous_page_number())) if page.has_previous() else "",
        "after": address.query(trang=str(page.next_page_number())) if page.has_next() else "",
    }
    if address.view == "thoi-gian":
        line = timeline(shown, today, address.week)
        body |= {
            "line": line,
            "sooner": address.query(tuan=week_words(line.before)),
            "later": address.query(tuan=week_words(line.after)),
            "this_week": address.query(tuan=None),
        }
    return body


def _orders() -> list[tuple[str, str]]:
    return [
        ("due", _("Hạn gần trước")),
        ("-due", _("Hạn xa trước")),
        ("newest", _("Mới giao trước")),
        ("office", _("Theo cơ quan")),
        ("title", _("Theo tên việc")),
    ]


@require_POST
@insiders_only
def tasks_bulk(request: HttpRequest) -> HttpResponse:
    """Urge, tag or show the tasks that were chosen in the table, and go back to it."""
    act = request.POST.get("viec", "")
    back = redirect(reverse("plans:tasks") + _safe_query(request.POST.get("ve", "")))
    if act not in set(BulkAct):
        messages.warning(request, _("Chưa chọn làm gì. Bấm một nút dưới danh sách."))
        return back
    try:
        outcome = act_on_tasks(
            by=who(request),
            at=clock.now(),
            act=BulkAct(act),
            codes=request.POST.getlist("ma"),
            tag=request.POST.get("nhan", ""),
        )
    except (NothingChosen, CannotTag) as refused:
        messages.warning(request, str(refused))
        return back
    said = {
        BulkAct.URGE: _("Đã đôn đốc %(n)d việc."),
        BulkAct.TAG: _("Đã gắn nhãn %(n)d việc."),
        BulkAct.SHOW: _("Đã nêu công khai %(n)d việc."),
        BulkAct.HIDE: _("Đã thôi nêu công khai %(n)d việc."),
    }[BulkAct(act)]
    if outcome.done:
        messages.success(request, said % {"n": outcome.done})
    if outcome.refused:
        code, sentence = outcome.refused[0]
        messages.warning(
            request,
            _("%(n)d việc không làm được, ví dụ %(code)s: %(sentence)s")
            % {"n": len(outcome.refused), "code": code, "sentence": sentence},
        )
    return back


def _safe_query(query: str) -> str:
    """Return the address's words as they were, or none: only what follows a question mark, never another page."""
    return query if query.startswith("?") and query.isascii() and query.isprintable() else ""
