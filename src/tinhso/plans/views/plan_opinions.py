"""Opinions on a plan: an asked office gives them, the drafter answers each, the silent are reminded."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.directory.api import who
from tinhso.plans.forms.plans import AGREES, SAYS, AnswerForm, OpinionForm
from tinhso.plans.permissions.plans import REQUESTS, MayOpine
from tinhso.plans.queries.plans import opinion_of
from tinhso.plans.services.answer_opinion import (
    ACCEPTED,
    REJECTED,
    CannotAnswerOpinion,
    answer_opinion,
)
from tinhso.plans.services.give_opinion import CannotGiveOpinion, give_opinion
from tinhso.plans.services.remind_registration import CannotRemind, remind_opinion
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock


@insiders_only
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_give(request: HttpRequest, pk: int, office: int) -> HttpResponse:
    """Say what an asked office thinks of a plan."""
    by = who(request)
    asked = REQUESTS.look(by, MayOpine.GIVE, plan_id=pk, office_id=office)
    row = request.GET.get("dong", "")
    form = OpinionForm(
        request.POST if request.method == "POST" else None,
        row=int(row) if row.isascii() and row.isdigit() and len(row) < 6 else 0,
    )
    if request.method == "POST":
        said = form.opinions()
        if said is not None:
            try:
                give_opinion(by=by, at=clock.now(), plan=pk, office=office, opinions=said)
            except CannotGiveOpinion as refused:
                form.wrong["text-1"] = str(refused)
            else:
                messages.success(request, _("Đã gửi góp ý.") if said else _("Đã trả lời nhất trí."))
                return redirect("plans:plan", pk=pk)
    return render(
        request,
        "plans/opinion_give.html",
        {
            **frame(request, "plans"),
            "asked": asked,
            "plan": asked.plan,
            "form": form,
            "agrees": AGREES,
            "says": SAYS,
            "items": list(asked.plan.items.order_by("ordinal")),
            "given": list(asked.opinions.order_by("given_at", "pk")),
        },
        status=422 if form.wrong else 200,
    )


@insiders_only
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept an opinion, or reject it with a reason."""
    by = who(request)
    opinion = opinion_of(by, pk)
    plan = opinion.request.plan
    asked = request.GET.get("tra-loi", "")
    first = opinion.answer or {"co": ACCEPTED, "khong": REJECTED}.get(asked, "")
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial={"answer": first, "text": opinion.answer_text},
    )
    if request.method == "POST" and form.is_valid():
        try:
            answer_opinion(
                by=by,
                at=clock.now(),
                pk=pk,
                accepts=form.cleaned_data["answer"] == ACCEPTED,
                text=form.cleaned_data["text"],
            )
        except CannotAnswerOpinion as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(
                request, _("Đã trả lời ý kiến của %(o)s.") % {"o": opinion.request.office.short_name}
            )
            return redirect(f"{reverse('plans:plan', args=[plan.pk])}#y-kien")
    return render(
        request,
        "plans/opinion_answer.html",
        {
            **frame(request, "plans"),
            "opinion": opinion,
            "plan": plan,
            "item": plan.items.filter(ordinal=opinion.row).first(),
            "form": form,
        },
        status=422 if form.is_bound else 200,
    )


@insiders_only
@require_POST
def opinion_remind(request: HttpRequest, pk: int, office: int) -> HttpResponse:
    """Remind an asked office that is silent."""
    try:
        remind_opinion(by=who(request), at=clock.now(), pk=pk, office=office)
    except CannotRemind as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Đã nhắc cơ quan góp ý."))
    return redirect("plans:plan", pk=pk)
