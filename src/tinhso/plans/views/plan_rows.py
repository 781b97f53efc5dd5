"""Writing a plan: its common part, the rows of its annex, its kept drafts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.directory.api import who
from tinhso.plans.forms.plans import ItemForm, PlanForm
from tinhso.plans.models import Plan, PlanItem
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.plan_people import heads_of
from tinhso.plans.queries.plans import plan_to_write
from tinhso.plans.services.describe_plan import CannotDescribe, describe_plan
from tinhso.plans.services.go_back_to_draft import go_back_to_draft, keep_draft
from tinhso.plans.services.remove_plan_item import move_plan_item, remove_plan_item
from tinhso.plans.services.replace_rows import RowHasMoney
from tinhso.plans.services.save_plan_item import CannotSaveItem, save_plan_item
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.toolkit import clock
from tinhso.toolkit.text import tidy, visible

_NOTE = 200


@insiders_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan_describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Write title, aim and accountable head."""
    plan = plan_to_write(who(request), pk)
    form = PlanForm(_posted(request), plan=plan, heads=heads_of(plan.office, clock.today()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            describe_plan(
                by=who(request),
                at=clock.now(),
                pk=pk,
                title=said["title"],
                goal=said["goal"],
                head=form.head_id(),
            )
        except CannotDescribe as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã lưu phần chung."))
            return redirect("plans:plan", pk=pk)
    return _form(request, "plans/plan_describe.html", plan, form)


@insiders_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan_item_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a row to the annex."""
    plan = plan_to_write(who(request), pk)
    form = ItemForm(_posted(request), group=request.GET.get("nhom", ""))
    if request.method == "POST" and form.is_valid():
        item = _save(request, plan, form, None)
        if item is not None:
            again = "them-nua" in request.POST
            to = f"{reverse('plans:plan_item_new', args=[pk])}?nhom={item.group}" if again else _back(pk)
            return redirect(to)
    return _form(request, "plans/plan_item.html", plan, form, item=None)


@insiders_only
@require_http_methods(["GET", "HEAD", "POST"])
def plan_item(request: HttpRequest, pk: int, ordinal: int) -> HttpResponse:
    """Write a row of the annex."""
    plan = plan_to_write(who(request), pk)
    item = plan.items.select_related("lead_office").filter(ordinal=ordinal).first()
    if item is None:
        raise Http404
    form = ItemForm(_posted(request), item=item)
    if request.method == "POST" and form.is_valid() and _save(request, plan, form, ordinal) is not None:
        return redirect(_back(pk))
    return _form(request, "plans/plan_item.html", plan, form, item=item, last=plan.items.count())


@insiders_only
@require_POST
def plan_item_remove(request: HttpRequest, pk: int, ordinal: int) -> HttpResponse:
    """Take a row out; the annex as it was stays a draft to go back to."""
    try:
        kept = remove_plan_item(by=who(request), at=clock.now(), pk=pk, ordinal=ordinal)
    except RowHasMoney as refused:
        messages.warning(request, str(refused))
        return redirect(_back(pk))
    messages.success(
        request,
        _("Đã bỏ nhiệm vụ %(n)d. Bản trước khi bỏ là bản nháp %(draft)d.")
        % {"n": ordinal, "draft": kept.number},
    )
    return redirect(f"{reverse('plans:plan', args=[pk])}?hoan-tac={kept.number}#phu-luc")


@insiders_only
@require_POST
def plan_item_move(request: HttpRequest, pk: int, ordinal: int, where: str) -> HttpResponse:
    """Move a row one place up or down."""
    if where not in ("len", "xuong"):
        raise Http404
    place = move_plan_item(
        by=who(request), at=clock.now(), pk=pk, ordinal=ordinal, step=-1 if where == "len" else 1
    )
    return redirect("plans:plan_item", pk=pk, ordinal=place)


@insiders_only
@require_POST
def plan_keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the annex as it is."""
    note = tidy(visible(request.POST.get("note", "")))[:_NOTE]
    kept = keep_draft(by=who(request), at=clock.now(), pk=pk, note=note)
    messages.success(request, _("Đã giữ bản nháp %(n)d.") % {"n": kept.number})
    return redirect(f"{reverse('plans:plan', args=[pk])}#ban-nhap")


@insiders_only
@require_POST
def plan_go_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Go back to a kept draft."""
    try:
        go_back_to_draft(by=who(request), at=clock.now(), pk=pk, number=number)
    except RowHasMoney as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("Phụ lục đã trở lại như bản nháp %(n)d.") % {"n": number})
    return redirect(_back(pk))


def _save(request: HttpRequest, plan: Plan, form: ItemForm, ordinal: int | None) -> PlanItem | None:
    """Write the row, or put the refusal into the form."""
    today = clock.today()
    try:
        item = save_plan_item(
            by=who(request),
            at=clock.now(),
            pk=plan.pk,
            row=form.row(today),
            ordinal=ordinal,
            seen=request.POST.get("seen", "") if ordinal else "",
        )
    except CannotSaveItem as refused:
        form.add_error(refused.field or None, str(refused))
        return None
    office = item.lead_office
    if office is not None:
        messages.success(
            request,
            _("Đã lưu nhiệm vụ %(n)d. Chủ trì: nhận ra %(office)s.")
            % {"n": item.ordinal, "office": office.short_name},
        )
    else:
        messages.success(
            request, _("Đã lưu nhiệm vụ %(n)d. Chủ trì là đơn vị trong cơ quan.") % {"n": item.ordinal}
        )
    return item


def _form(request: HttpRequest, page: str, plan: Plan, form: Any, **more: Any) -> HttpResponse:
    return render(
        request,
        page,
        {**frame(request, "plans"), "plan": plan, "form": form, "groups": labels("groups"), **more},
        status=422 if form.is_bound else 200,
    )


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _back(pk: int) -> str:
    return f"{reverse('plans:plan', args=[pk])}#phu-luc"
