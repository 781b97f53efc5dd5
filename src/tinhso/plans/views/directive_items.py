"""What is made of a thing that a directive assigns: a task of an office, a solution."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import Office, holders_only, who
from tinhso.plans.forms.directives import SolutionForm
from tinhso.plans.forms.tasks import QuickTaskForm
from tinhso.plans.models import DirectiveItem
from tinhso.plans.permissions.directives import ENTERERS
from tinhso.plans.queries.directives import item_of
from tinhso.plans.queries.task_views import places
from tinhso.plans.rules.directives import ItemKind
from tinhso.plans.services.assign_task import CannotAssign, assign_task
from tinhso.plans.services.record_solution import CannotRecord, record_solution
from tinhso.plans.views.frame import frame
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*ENTERERS)
def assign_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a task of an item: who leads it, until when."""
    item = _item(request, pk)
    known = places(clock.today())
    form = QuickTaskForm(
        request.POST if request.method == "POST" else None, places=known, initial={"title": item.text[:300]}
    )
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        try:
            assign_task(
                by=who(request),
                at=clock.now(),
                title=found["title"],
                lead=found["lead"],
                due=found["due"],
                product=found["product"],
                directive_item=item,
                is_public=item.directive.is_public,
            )
        except CannotAssign as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã giao %(office)s.") % {"office": found["lead"].short_name})
            return redirect("plans:directive", pk=item.directive_id)
    return _of_item(request, item, form, "task", known)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*ENTERERS)
def solve_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a solution for an item."""
    item = _item(request, pk)
    known = places(clock.today())
    starts = {"text": item.text} if item.kind == ItemKind.SOLUTION else {}
    form = SolutionForm(request.POST if request.method == "POST" else None, initial=starts, places=known)
    if request.method == "POST" and form.is_valid():
        try:
            record_solution(by=who(request), at=clock.now(), item=pk, **form.cleaned_data)
        except CannotRecord as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã ghi giải pháp."))
            return redirect("plans:directive", pk=item.directive_id)
    return _of_item(request, item, form, "solution", known)


def _of_item(
    request: HttpRequest, item: DirectiveItem, form: BaseForm, what: str, known: Mapping[str, Office]
) -> HttpResponse:
    return render(
        request,
        "plans/directive_item.html",
        {
            **frame(request, "directives"),
            "item": item,
            "row": item.directive,
            "form": form,
            "what": what,
            "places": known,
        },
        status=422 if form.is_bound else 200,
    )


def _item(request: HttpRequest, pk: int) -> DirectiveItem:
    found = item_of(who(request), pk)
    if found is None:
        raise NotThere
    return found
