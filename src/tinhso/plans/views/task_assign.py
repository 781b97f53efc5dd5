"""Give a task: with everything that belongs to it, or in a few seconds while the meeting goes on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import Office, holders_only, who
from tinhso.plans.forms.tasks import QuickTaskForm, TaskForm
from tinhso.plans.models import DirectiveItem, PlanItem, Target, Task
from tinhso.plans.permissions import COMMITTEE
from tinhso.plans.queries.task_views import (
    directives_to_choose,
    given_today,
    place_of,
    places,
    plan_items_to_choose,
    targets_to_choose,
)
from tinhso.plans.services.assign_task import CannotAssign, assign_task
from tinhso.plans.views.frame import frame
from tinhso.toolkit import clock
from tinhso.toolkit.text import tidy, visible

committee_only = holders_only(*COMMITTEE)


@require_http_methods(["GET", "HEAD", "POST"])
@committee_only
def assign(request: HttpRequest) -> HttpResponse:
    """Give a task.

    What it is about may stand in the address (``viec``, ``co-quan``, ``nhan``, ``chi-tieu``, ``chi-dao``, ``muc``).
    """
    today = clock.today()
    lead = Office.objects.filter(pk=_pk(request.GET.get("co-quan", ""))).first()
    chosen = {
        "title": tidy(visible(request.GET.get("viec", "")))[:300],
        "lead": place_of(lead, today) if lead else "",
        "tags": request.GET.getlist("nhan"),
        "target": request.GET.get("chi-tieu", ""),
        "directive_item": request.GET.get("chi-dao", ""),
        "plan_item": request.GET.get("muc", ""),
    }
    form = TaskForm(
        request.POST if request.method == "POST" else None,
        places=places(today),
        targets=targets_to_choose(),
        directives=directives_to_choose(today),
        plan_items=plan_items_to_choose(request.GET.get("muc", "")),
        initial=chosen,
    )
    if request.method == "POST" and form.is_valid():
        try:
            task = _given(request, form.cleaned_data)
        except CannotAssign as refused:
            form.add_error("title", str(refused))
        else:
            return redirect(reverse("plans:task", args=[task.code]) + "?vua-giao=1")
    return render(
        request,
        "plans/task_assign.html",
        {**frame(request, "tasks"), "form": form, "places": places(today)},
        status=422 if request.method == "POST" else 200,
    )


def _pk(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _given(request: HttpRequest, typed: dict[str, Any]) -> Task:
    return assign_task(
        by=who(request),
        at=clock.now(),
        title=typed["title"],
        lead=typed["lead"],
        due=typed["due"],
        starts=typed["starts"],
        product=typed["product"],
        description=typed["description"],
        partners=typed["partners"],
        group=typed["group"],
        target=Target.objects.filter(pk=typed["target"] or 0).first(),
        directive_item=DirectiveItem.objects.filter(pk=typed["directive_item"] or 0).first(),
        plan_item=PlanItem.objects.filter(pk=typed["plan_item"] or 0).first(),
        tags=typed["tags"],
        quantity=typed["quantity"],
        unit=typed["unit"],
        recurrence=typed["recurrence"],
        recurs_until=typed["recurs_until"],
        is_priority=typed["is_priority"],
        is_public=typed["is_public"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@committee_only
def assign_in_meeting(request: HttpRequest) -> HttpResponse:
    """Give one task after another: four boxes, and beside them what was given today, each with its way back."""
    by, now, today = who(request), clock.now(), clock.today()
    form = QuickTaskForm(
        request.POST if request.method == "POST" else None, places=places(today), initial=_before(request)
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            task = assign_task(
                by=by,
                at=now,
                title=typed["title"],
                lead=typed["lead"],
                due=typed["due"],
                product=typed["product"],
            )
        except CannotAssign as refused:
            form.add_error("title", str(refused))
        else:
            return redirect(f"{request.path}?vua-giao={task.code}")
    given = given_today(by, now)
    just = next((row for row in given if row.task.code == request.GET.get("vua-giao")), None)
    return render(
        request,
        "plans/task_meeting.html",
        {
            **frame(request, "tasks"),
            "form": form,
            "places": places(today),
            "given": given,
            "just": just,
            "said": _("Đã giao %(code)s cho %(office)s.")
            % {"code": just.task.code, "office": just.task.lead.short_name}
            if just
            else "",
        },
        status=422 if request.method == "POST" else 200,
    )


def _before(request: HttpRequest) -> dict[str, str]:
    """Return the office that leads the task just given: the next is often for the same."""
    task = Task.objects.select_related("lead").filter(code=request.GET.get("vua-giao", "")).first()
    return {"lead": place_of(task.lead, clock.today())} if task else {}
