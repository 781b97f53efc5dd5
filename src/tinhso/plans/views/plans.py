"""One plan: its page, and the plan as a document to read and print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tinhso.directory.api import who
from tinhso.plans.lifecycle import PlanState
from tinhso.plans.permissions.plans import MayPlan
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.queries.plan_words import sentence
from tinhso.plans.queries.plans import PlanPage, plan_page
from tinhso.plans.rules.plans import Found, Registered, millions, open_musts
from tinhso.plans.services.make_plan_tasks import rows_to_assign
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.plan_words import (
    STATE,
    STATUS,
    day_month,
    due_words,
    short_day,
    stages,
    state_words,
    strands,
    when,
    years,
)
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import percent

#: So many steps of the course, and so many answered opinions, are shown before the rest.
STEPS_SHOWN = 8
ANSWERED_SHOWN = 4
_ALL_ACTS = {"ask_opinions", "send_to_appraisal"}


@insiders_only
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan: where it stands, its annex, its opinions, what is missing."""
    return show(request, pk)


@insiders_only
@require_safe
def plan_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the plan as a document."""
    context = frame(request, "plans")
    page = plan_page(who(request), pk, context["now"])
    groups = [
        (name, [line.item for line in page.lines if line.item.group == key])
        for key, name in labels("groups").items()
    ]
    return render(
        request,
        "plans/plan_text.html",
        {
            **context,
            "page": page,
            "plan": page.plan,
            "years": years(page.plan.first_year, page.plan.last_year),
            "groups": [(name, items) for name, items in groups if items],
            "money": money_of(page),
            "sources": labels("sources"),
            "state": STATE[PlanState(page.plan.state)],
        },
    )


def show(
    request: HttpRequest, pk: int, *, refused: str = "", typed: Mapping[str, str] | None = None
) -> HttpResponse:
    """Show a plan; ``refused``: why an act was not done, with what was typed for it."""
    context = frame(request, "plans")
    page = plan_page(who(request), pk, context["now"])
    plan, today = page.plan, page.on
    return render(
        request,
        "plans/plan.html",
        {
            **context,
            "page": page,
            "plan": plan,
            "refused": refused,
            "typed": typed or {},
            "undo": _undo(request, page),
            "may": {may.name.lower(): may in page.may for may in MayPlan},
            "tag": _tag(page),
            "due": page.due,
            "due_words": due_words(page.due) if page.due else "",
            "due_day": short_day(page.due.closes_at.date()) if page.due else "",
            "mini": strands(page.due.days_left) if page.due and due_words(page.due) else None,
            "saved": _("lúc %(moment)s") % {"moment": when(plan.saved_at, today)}
            if plan.saved_at.astimezone(VN).date() == today
            else when(plan.saved_at, today),
            "tabs": [
                (one, years(one.window.first_year, one.window.last_year), state_words(one.plan, today))
                for one in page.siblings
            ],
            "years": years(plan.first_year, plan.last_year),
            "stages": stages(page),
            "lines": [
                (
                    line,
                    labels("groups").get(line.item.group, ""),
                    _span(line.item, plan.first_year),
                    millions(line.item.amount),
                )
                for line in page.lines
            ],
            "whole": millions(page.whole),
            "sources": _sources(page),
            "money": money_of(page),
            "opinions_title": _opinions_title(page),
            "asked": [(one, day_month(one.due), one in page.silent) for one in page.requests],
            **_opinions(page),
            "musts": [(one, sentence(one)) for one in page.musts],
            "musts_title": _("Để lấy ý kiến được")
            if plan.state == PlanState.DRAFT
            else _("Để trình ký được"),
            "course": [(step, when(step.at, today)) for step in page.course[:STEPS_SHOWN]],
            "files": _files(page),
            "to_assign": len(rows_to_assign(plan, who(request), today)) if MayPlan.ASSIGN in page.may else 0,
            "unverified": not document("plan_musts")["is_verified"],
            **_next(page),
        },
        status=422 if refused else 200,
    )


def money_of(page: PlanPage) -> dict[str, Any]:
    """Return the share of information security, in words."""
    found = page.security
    return {
        "share": percent(found.amount, found.whole, 1),
        "amount": millions(found.amount),
        "whole": millions(found.whole),
        "norm": found.norm,
        "is_enough": found.is_enough,
        "missing": millions(max(0, -(-found.whole * found.norm.percent // 100) - found.amount))
        if found.norm
        else "",
    }


def _undo(request: HttpRequest, page: PlanPage) -> int | None:
    """Return the draft that still has the row which was taken out a moment ago."""
    asked = request.GET.get("hoan-tac", "")
    if MayPlan.WRITE not in page.may:
        return None
    return next((one.number for one in page.snapshots if str(one.number) == asked), None)


def _tag(page: PlanPage) -> tuple[str, str]:
    """Return the kind and the words of the tag beside the title."""
    if page.due is None:
        words = str(STATE[PlanState(page.plan.state)])
        return ("ok" if page.plan.registered_at else "plain"), words[:1].upper() + words[1:]
    if page.due.status is Registered.DRAFTING:
        return "soon", _("Chưa đăng ký")
    kind, status = STATUS[page.due.status]
    return kind, str(status)


def _span(item: Any, first_year: int) -> str:
    """Return 06/06 – 30/09, with the years where they are not the plan's first."""
    if item.starts.year == item.ends.year == first_year:
        return f"{day_month(item.starts)} – {day_month(item.ends)}"
    return f"{item.starts:%m/%Y} – {item.ends:%m/%Y}"


def _sources(page: PlanPage) -> str:
    """Return the sources of the annex's money: ngân sách tỉnh, xã hội hóa."""
    names = labels("sources")
    keys = dict.fromkeys(line.item.source for line in page.lines if line.item.amount)
    return ", ".join(names.get(key, "").lower() for key in keys if key)


def _opinions_title(page: PlanPage) -> str:
    n = len(page.opinions)
    if not n:
        return ""
    parts = [
        _("%(n)d tiếp thu") % {"n": page.answers["accepted"]},
        _("%(n)d không tiếp thu") % {"n": page.answers["rejected"]},
        _("%(n)d chưa trả lời") % {"n": page.open_opinions},
    ]
    return _("%(n)d ý kiến: %(parts)s") % {"n": n, "parts": ", ".join(parts)}


def _opinions(page: PlanPage) -> dict[str, Any]:
    """Return the opinions that are shown at once and those behind the fold: answered ones beyond the first few."""
    rejected = [one for one in page.opinions if one.answer != "accepted"]
    accepted = [one for one in page.opinions if one.answer == "accepted"]
    room = max(1, ANSWERED_SHOWN - len(rejected))
    rest = accepted[room:]
    return {
        "opinions": [*rejected, *accepted[:room]],
        "more_opinions": rest,
        "more_title": ngettext(
            "%(n)d ý kiến nữa, đều đã tiếp thu", "%(n)d ý kiến nữa, đều đã tiếp thu", len(rest)
        )
        % {"n": len(rest)},
    }


def _files(page: PlanPage) -> list[tuple[str, str]]:
    """Return the links to the annex as a file, where they are served."""
    wanted = [
        ("annex_excel", [], _("Tải Excel")),
        ("annex_word", [], _("Tải Word")),
        *([("annex_import", [], _("Nhập lại từ Excel"))] if MayPlan.WRITE in page.may else []),
        *(
            [("annex_compare", [one.number], _("So với bản %(n)d") % {"n": one.number})]
            if (one := page.snapshots[0] if page.snapshots else None)
            else []
        ),
    ]
    found = []
    for name, args, words in wanted:
        try:
            found.append((reverse(f"plans:{name}", args=[page.plan.pk, *args]), words))
        except NoReverseMatch:
            continue
    return found


def _next(page: PlanPage) -> dict[str, Any]:
    """Return the main act of the reader, and the sentence that says what opens the next one."""
    plan, may = page.plan, page.may
    act, why = "", ""
    missing = open_musts(page.musts, {"ask_opinions"} if plan.state == PlanState.DRAFT else _ALL_ACTS)
    if plan.state == PlanState.DRAFT:
        if MayPlan.WRITE in may:
            act = "ask" if not missing else "describe" if page.lines else "add"
        why = _why(_("Lấy ý kiến"), missing)
    elif plan.state == PlanState.OPINIONS:
        if page.open_opinions and page.may_answer:
            act = "answer"
        elif page.asked_as and any(one.answered_at is None for one in page.asked_as):
            act = "give"
        elif MayPlan.SEND in may and not missing:
            act = "send"
        why = _why(_("Gửi thẩm định"), missing)
    elif plan.state == PlanState.APPRAISAL:
        act = "appraise" if MayPlan.APPRAISE in may else ""
        why = _("Ký: mở khi thẩm định đạt. Người soạn không tự thẩm định.")
    elif plan.state == PlanState.SIGNING:
        act = "sign" if MayPlan.SIGN in may else ""
        why = _("Đăng ký: mở khi lãnh đạo ký. Người soạn không tự ký.")
    elif plan.state == PlanState.SIGNED:
        act = "issue" if MayPlan.ISSUE in may else ""
        why = "" if act else _("Chờ cơ quan ghi số để đăng ký.")
    return {"act": act, "why": why}


def _why(act: str, missing: list[Found]) -> str:
    """Say what opens an act: the first musts that are open."""
    if not missing:
        return ""
    first = "; ".join(sentence(one) for one in missing[:2])
    rest = _(" và %(n)d điều nữa") % {"n": len(missing) - 2} if len(missing) > 2 else ""
    return _("%(act)s: chưa mở. %(what)s%(rest)s.") % {"act": act, "what": first, "rest": rest}
