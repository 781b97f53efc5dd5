"""Which services online nobody uses, and where people give up: for the department that promotes use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tinhso.catalogue.api import OnlineService
from tinhso.dossiers.api import DraftsOf, Step
from tinhso.measures.forms import Period, period_of, said, wanted_of
from tinhso.measures.queries.targets import names_of
from tinhso.measures.queries.uptake import Uptake, Use, fields_of, giving_up, thresholds, uptake
from tinhso.measures.views.frame import few, few_of, frame, promoters_only
from tinhso.toolkit import clock, words

PAGE = 50
#: The tabs by their names in the address.
UNUSED, COUNTER_ONLY, RISERS = "", "chi-tai-quay", "tang-nhanh"
LEVEL_WORDS = {
    "commune": "Xã, phường, thị trấn",
    "district": "Huyện, thành phố",
    "province": "Sở, ngành của tỉnh",
}
STEP_WORDS = {
    Step.OFFICE: "Chọn nơi nộp",
    Step.QUESTIONS: "Trả lời câu hỏi",
    Step.PAPERS: "Gửi giấy tờ",
    Step.CHECK: "Xem lại",
    Step.SENT: "Đã nộp",
}


def _period(request: HttpRequest, tab: str = "") -> Period:
    """Return the period asked for; usual is the year so far, for risers the last days, which have as many before."""
    today = clock.today()
    usual = (
        today - dt.timedelta(days=thresholds().riser_days - 1)
        if tab == RISERS
        else today.replace(month=1, day=1)
    )
    return period_of(request.GET, usual, today)


def _period_frame(request: HttpRequest, period: Period) -> dict[str, Any]:
    is_wrong = bool(period.error)
    return {
        "first": period.first,
        "last": period.last,
        "error": period.error,
        "typed_first": said(request.GET, "tu") if is_wrong else words.date_text(period.first),
        "typed_last": said(request.GET, "den") if is_wrong else words.date_text(period.last),
    }


@require_safe
@promoters_only
def uptake_page(request: HttpRequest) -> HttpResponse:
    """List the services online by how they are used in a period: not at all, at the counter only, more than before."""
    tab = said(request.GET, "xem")
    tab = tab if tab in (COUNTER_ONLY, RISERS) else UNUSED
    period = _period(request, tab)
    found = uptake(period.first, period.last, wanted_of(request.GET))
    rows = {UNUSED: found.unused, COUNTER_ONLY: found.counter_only, RISERS: found.risers}
    page = Paginator(rows[tab], PAGE).get_page(said(request.GET, "trang"))
    chosen = {name: said(request.GET, name) for name in ("cap", "linh-vuc", "co-quan")}
    days = {name: said(request.GET, name) for name in ("tu", "den")} if not period.error else {}
    kept = {name: value for name, value in {**chosen, **days}.items() if value}
    used = sum(bool(use.received.online) for use in found.every)
    return render(
        request,
        "measures/uptake.html",
        {
            **frame(request, "uptake"),
            **_period_frame(request, period),
            "found": found,
            "tab": tab,
            "tabs": _tabs(rows, tab, kept, is_usual=not any(days.values())),
            "page": page,
            "before": _query({**kept, "xem": tab, "trang": str(page.number - 1)}),
            "after": _query({**kept, "xem": tab, "trang": str(page.number + 1)}),
            "is_filtered": any(chosen.values()),
            "finding": _finding(found, tab),
            "boxes": _boxes(found.services, chosen),
            "used": used,
            "used_share": words.percent(used, len(found.every)),
            "online_share": words.percent(found.whole.online, found.whole.whole),
            "is_illustrative": any(use.service.is_illustrative for use in found.every),
            "counted_at": found.counted_at,
        },
    )


def _tabs(
    rows: Mapping[str, Sequence[Use]], tab: str, kept: dict[str, str], *, is_usual: bool
) -> list[tuple[str, str, int | None, str]]:
    """Return the tabs: name, label, number, address; no number where the tab's usual period is another one."""
    labels = (
        (UNUSED, _("Chưa có hồ sơ nào")),
        (COUNTER_ONLY, _("Chỉ nộp tại quầy")),
        (RISERS, _("Tăng nhiều nhất")),
    )
    return [
        (
            name,
            label,
            None if is_usual and (name == RISERS) != (tab == RISERS) else len(rows[name]),
            _query({**kept, "xem": name}),
        )
        for name, label in labels
    ]


def _boxes(
    services: Sequence[OnlineService], chosen: dict[str, str]
) -> list[tuple[str, str, str, list[tuple[str, str]], str]]:
    """Return the filters: name, title, words for all, options, what is chosen."""
    departments = sorted({one.department for one in services})
    filters = (
        ("cap", _("Cấp giải quyết"), _("Mọi cấp"), list(LEVEL_WORDS.items())),
        ("linh-vuc", _("Lĩnh vực"), _("Mọi lĩnh vực"), fields_of(services)),
        ("co-quan", _("Cơ quan phụ trách"), _("Mọi cơ quan"), [(name, name) for name in departments]),
    )
    return [(*one, chosen[one[0]]) for one in filters]


def _query(asked: dict[str, str]) -> str:
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"


def _finding(found: Uptake, tab: str) -> str:
    """Return the headline: what the period shows."""
    if not found.every:
        return _("Không có dịch vụ trực tuyến nào khớp")
    n, whole = words.number(len(found.unused)), words.number(len(found.every))
    if tab == COUNTER_ONLY:
        n = words.number(len(found.counter_only))
        return _("%(n)s dịch vụ trực tuyến chỉ được nộp tại quầy") % {"n": n}
    if tab == RISERS and found.risers:
        best = found.risers[0]
        said_of = {"name": best.service.name, "n": words.number(best.rise)}
        return _("Tăng nhiều nhất: %(name)s, thêm %(n)s hồ sơ trực tuyến") % said_of
    if tab == RISERS:
        return _("Chưa thấy dịch vụ nào tăng so với kỳ trước")
    return _("%(n)s trên %(whole)s dịch vụ trực tuyến chưa có hồ sơ nào") % {"n": n, "whole": whole}


@require_safe
@promoters_only
def giving_up_page(request: HttpRequest) -> HttpResponse:
    """Show for each procedure how far the drafts of a period came."""
    period = _period(request)
    found = giving_up(period.first, period.last, clock.now())
    steps = [step for step in Step if step is not Step.SENT]
    left: dict[Step, int] = {step: sum(one.untouched(step) for one in found) for step in steps}
    least = thresholds().few
    return render(
        request,
        "measures/giving_up.html",
        {
            **frame(request, "giving_up"),
            **_period_frame(request, period),
            "steps": [STEP_WORDS[step] for step in Step],
            "rows": [_row(one) for one in found],
            "begun": few(sum(one.begun for one in found)),
            "sent": few(sum(one.sent for one in found)),
            "sent_share": few_of(sum(one.sent for one in found), sum(one.begun for one in found)),
            "left": few(sum(left.values())),
            "chart": [(STEP_WORDS[step], n) for step, n in left.items() if n >= least],
            "finding": _where(left),
            "days": thresholds().untouched_days,
            "least": least,
            "query": _query(
                {name: said(request.GET, name) for name in ("tu", "den")} if not period.error else {}
            ),
            "now": clock.now(),
        },
    )


def _row(one: DraftsOf) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "steps": [
            (STEP_WORDS[step], few(one.reached(step)), few_of(one.reached(step), one.begun)) for step in Step
        ],
        "left": few(sum(one.untouched(step) for step in Step)),
        "worst": _worst(one),
        "minutes": _minutes(one),
    }


def _worst(one: DraftsOf) -> str:
    step = max(Step, key=one.untouched)
    return STEP_WORDS[step] if one.untouched(step) >= thresholds().few else "–"


def _minutes(one: DraftsOf) -> str:
    if one.median_minutes is None or one.saved < thresholds().few:
        return "–"
    return _("%(n)s phút") % {"n": words.number(round(one.median_minutes))}


def _where(left: dict[Step, int]) -> str:
    """Return the headline: at which step most people give up."""
    if not any(left.values()):
        return _("Chưa thấy bản nháp nào bị bỏ dở")
    step = max(left, key=lambda one: left[one])
    if left[step] < thresholds().few:
        return _("Còn ít bản nháp bị bỏ dở")
    return _("Bỏ dở nhiều nhất ở bước “%(step)s”: %(n)s bản nháp") % {
        "step": STEP_WORDS[step],
        "n": words.number(left[step]),
    }


@require_safe
@promoters_only
def steps_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show for one procedure how many drafts reached each page, and where the untouched ones stand."""
    period = _period(request)
    found = giving_up(period.first, period.last, clock.now(), code=code)
    if not found:
        name = names_of([code]).get(code)
        if name is None:
            raise Http404
        found = [DraftsOf(code, name, 0, 0, (), 0, None)]
    (one,) = found
    pages = [
        {
            "name": page.title or STEP_WORDS[page.step],
            "reached": few(page.reached),
            "share": few_of(page.reached, one.begun),
            "untouched": few(page.untouched),
            "lately": few(page.lately),
        }
        for page in one.pages
    ]
    least = thresholds().few
    funnel = [(page.title or STEP_WORDS[page.step], page.reached) for page in one.pages]
    return render(
        request,
        "measures/steps.html",
        {
            **frame(request, "giving_up"),
            **_period_frame(request, period),
            "one": one,
            "pages": pages,
            "begun": few(one.begun),
            "sent": few(one.sent),
            "sent_share": few_of(one.sent, one.begun),
            "left": few(sum(one.untouched(step) for step in Step)),
            "minutes": _minutes(one),
            "saved": few(one.saved),
            "chart": [bar for bar in [*funnel, (STEP_WORDS[Step.SENT], one.sent)] if bar[1] >= least],
            "finding": _where({step: one.untouched(step) for step in Step if step is not Step.SENT}),
            "days": thresholds().untouched_days,
            "least": least,
            "now": clock.now(),
        },
    )
