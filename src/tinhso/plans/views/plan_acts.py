"""The acts that carry a plan on: ask, send, appraise, return, sign, issue, adjust, make tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.directory.api import Office, OfficeKind, who
from tinhso.plans.forms.plans import AskForm
from tinhso.plans.permissions.plans import PLANS, MayPlan
from tinhso.plans.queries.plans import plan_to_write
from tinhso.plans.services.adjust_plan import CannotAdjust, adjust_plan
from tinhso.plans.services.appraise_plan import CannotAppraise, appraise_plan
from tinhso.plans.services.ask_opinions import CannotAsk, ask_opinions
from tinhso.plans.services.assign_task import CannotAssign
from tinhso.plans.services.issue_plan import CannotIssue, issue_plan
from tinhso.plans.services.make_plan_tasks import make_plan_tasks
from tinhso.plans.services.return_plan import CannotReturn, return_plan
from tinhso.plans.services.send_to_appraisal import CannotSendToAppraisal, send_to_appraisal
from tinhso.plans.services.sign_plan import sign_plan
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.plan_windows import KINDS
from tinhso.plans.views.plans import show
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import visible

REFUSALS: Final = (
    CannotAdjust,
    CannotAppraise,
    CannotAssign,
    CannotIssue,
    CannotReturn,
    CannotSendToAppraisal,
)
#: Longer than any box takes: the service says how long it may be.
_LONGEST: Final = 5_000


@insiders_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose whom to ask, and until when."""
    plan = plan_to_write(who(request), pk, MayPlan.ASK)
    kinds = [OfficeKind.PROVINCE, OfficeKind.DEPARTMENT, OfficeKind.DISTRICT]
    offices = Office.objects.on(clock.today()).filter(kind__in=kinds).exclude(pk=plan.office_id)
    asked = frozenset(plan.requests.values_list("office_id", flat=True))
    form = AskForm(
        request.POST if request.method == "POST" else None,
        offices=list(offices.order_by("sort_key", "pk")),
        asked=asked,
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        try:
            ask_opinions(
                by=who(request), at=clock.now(), pk=pk, offices=chosen, days=form.cleaned_data["days"]
            )
        except CannotAsk as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã gửi lấy ý kiến %(n)d nơi.") % {"n": len(chosen)})
            return redirect("plans:plan", pk=pk)
    return render(
        request,
        "plans/plan_ask.html",
        {**frame(request, "plans"), "plan": plan, "form": form, "kinds": form.by_kind(KINDS)},
        status=422 if form.is_bound else 200,
    )


@insiders_only
@require_POST
def plan_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Do one act on a plan: the word in the address names it."""
    doing = ACTS.get(act)
    if doing is None or not PLANS.rows(who(request), MayPlan.READ).filter(pk=pk).exists():
        raise Http404
    try:
        to, told = doing(request, pk, visible(request.POST.get("text", ""))[:_LONGEST])
    except NotThere:
        messages.warning(
            request, _("Kế hoạch đã sang bước khác, hoặc việc này của người khác. Xem lại bên dưới.")
        )
        return redirect("plans:plan", pk=pk)
    except REFUSALS as refused:
        return show(request, pk, refused=str(refused), typed={act: request.POST.get("text", "")})
    messages.success(request, told)
    return redirect("plans:plan", pk=to)


def _send(request: HttpRequest, pk: int, text: str) -> tuple[int, str]:
    send_to_appraisal(by=who(request), at=clock.now(), pk=pk)
    return pk, _("Đã gửi thẩm định. Phụ lục khóa lại cho đến khi có kết quả.")


def _pass(request: HttpRequest, pk: int, text: str) -> tuple[int, str]:
    appraise_plan(by=who(request), at=clock.now(), pk=pk, note=text)
    return pk, _("Đã ghi thẩm định đạt. Người đứng đầu được báo để ký.")


def _return(request: HttpRequest, pk: int, text: str) -> tuple[int, str]:
    return_plan(by=who(request), at=clock.now(), pk=pk, reason=text)
    return pk, _("Đã trả lại để soạn tiếp.")


def _sign(request: HttpRequest, pk: int, text: str) -> tuple[int, str]:
    sign_plan(by=who(request), at=clock.now(), pk=pk)
    return pk, _("Đã ký. Cơ quan ghi số văn bản thì kế hoạch được đăng ký.")


def _issue(request: HttpRequest, pk: int, text: str) -> tuple[int, str]:
    plan = issue_plan(by=who(request), at=clock.now(), pk=pk, number=text)
    return pk, _("Đã ban hành và đăng ký, số %(number)s.") % {"number": plan.number}


def _adjust(request: HttpRequest, pk: int, text: str) -> tuple[int, str]:
    plan = adjust_plan(by=who(request), at=clock.now(), pk=pk, reason=text)
    return plan.pk, _("Đã mở bản điều chỉnh. Bản đã ban hành còn hiệu lực đến khi bản này ban hành.")


def _assign(request: HttpRequest, pk: int, text: str) -> tuple[int, str]:
    n = make_plan_tasks(by=who(request), at=clock.now(), pk=pk)
    return pk, _("Đã giao %(n)d nhiệm vụ từ phụ lục.") % {"n": n}


ACTS: Final[dict[str, Callable[[HttpRequest, int, str], tuple[int, str]]]] = {
    "gui-tham-dinh": _send,
    "tham-dinh-dat": _pass,
    "tra-lai": _return,
    "ky": _sign,
    "dang-ky": _issue,
    "dieu-chinh": _adjust,
    "giao-nhiem-vu": _assign,
}
