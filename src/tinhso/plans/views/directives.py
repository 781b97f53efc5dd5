"""Directives: the list, one with what came of it, entry with its clock, corrections, and ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Sum
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.api import Actor, holders_only, who
from tinhso.documents.api import (
    FileNotKept,
    SandboxNotStarted,
    Upload,
    UploadRefused,
    contents_of,
    read,
    take_upload,
)
from tinhso.plans.forms.directives import (
    CorrectForm,
    EndForm,
    EntryForm,
    ItemsForm,
    directive_filters,
    entered_now,
)
from tinhso.plans.models import Directive
from tinhso.plans.permissions import SECRETARY
from tinhso.plans.permissions.directives import DIRECTIVES, ENTERERS, MayDirect
from tinhso.plans.queries.directives import (
    DirectiveFilters,
    DirectivePage,
    ItemLine,
    directive_page,
    directive_rows,
    entries_of,
    entry_count,
    entry_dues,
    issuers,
    replacements,
    years,
)
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.queries.history import history_of
from tinhso.plans.queries.targets import light_words, value_text
from tinhso.plans.rules.directives import ItemKind
from tinhso.plans.services.add_directive_items import add_directive_items
from tinhso.plans.services.correct_directive import correct_directive
from tinhso.plans.services.end_directive import CannotEnd, end_directive
from tinhso.plans.services.enter_directive import CannotEnter, enter_directive
from tinhso.plans.views.directive_sheets import directives_sheet
from tinhso.plans.views.frame import frame, insiders_only
from tinhso.plans.views.target_words import LIGHT_TAGS
from tinhso.toolkit import clock
from tinhso.toolkit.words import date_text

PAGE: Final = 30


@require_safe
@insiders_only
def directives(request: HttpRequest) -> HttpResponse:
    """List the directives that are asked for; as a sheet where the address says so."""
    by, filters = who(request), directive_filters(request.GET)
    rows = directive_rows(by, filters, clock.today())
    if request.GET.get("tai") == "csv":
        return directives_sheet(rows)
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    shown = list(page)
    entries = entries_of(shown)
    return render(
        request,
        "plans/directives.html",
        {
            **frame(request, "directives"),
            "rows": [
                (row, labels("directive_kinds").get(row.kind, row.kind), entries[row.pk]) for row in shown
            ],
            "page": page,
            "filters": filters,
            "is_filtered": filters != DirectiveFilters(),
            "query": _query(request),
            "kinds": labels("directive_kinds").items(),
            "issuers": issuers(by),
            "years": years(by),
            "open": rows.aggregate(n=Sum("open_n"))["n"] or 0,
            "items": rows.aggregate(n=Sum("items_n"))["n"] or 0,
            "entry": entry_count(by),
            "rules": document("entry_times"),
            "may_enter": by.holds(*ENTERERS),
            "today": clock.today(),
        },
    )


@require_safe
@insiders_only
def directive(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one directive, and what came of each thing that it assigns."""
    return _shown(request, pk)


@require_safe
@insiders_only
def directive_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the document itself, to be read in the browser."""
    row = DIRECTIVES.look(who(request), MayDirect.READ, pk=pk)
    if row.file is None:
        raise Http404
    response = HttpResponse(read(row.file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="chi-dao-{row.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*ENTERERS)
def new_directive(request: HttpRequest) -> HttpResponse:
    """Enter a document, the clock of entry in sight."""
    now = clock.now()
    form = (
        EntryForm(request.POST, request.FILES)
        if request.method == "POST"
        else EntryForm(initial=entered_now(now))
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = enter_directive(
                by=who(request),
                at=now,
                **form.document,
                received_at=form.received_at,
                valid_to=form.cleaned_data["valid_to"],
                upload=_taken(form.upload),
                items=form.items,
            )
        except (CannotEnter, UploadRefused, FileNotKept, SandboxNotStarted) as refused:
            _tell(form, refused)
        else:
            entry = entries_of([made])[made.pk]
            said = entry.late_words or _("Nhập đúng hạn")
            messages.success(
                request, _("Đã nhập %(number)s. %(said)s.") % {"number": made.number, "said": said}
            )
            return redirect("plans:directive", pk=made.pk)
    came = form.received_at if form.is_bound and form.is_valid() else now
    return render(
        request,
        "plans/directive_entry.html",
        {
            **frame(request, "directives"),
            "form": form,
            "came": came,
            "dues": entry_dues(came) if came.year >= 2020 else [],
            "rules": document("entry_times"),
            "issuers": issuers(who(request)),
        },
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*ENTERERS)
def edit_directive(request: HttpRequest, pk: int) -> HttpResponse:
    """Set right what was entered, with the reason."""
    by = who(request)
    row = DIRECTIVES.look(by, MayDirect.CORRECT, pk=pk)
    form = (
        CorrectForm(request.POST, request.FILES)
        if request.method == "POST"
        else CorrectForm(initial=_as_entered(row))
    )
    if request.method == "POST" and form.is_valid():
        try:
            correct_directive(
                by=by,
                at=clock.now(),
                directive=pk,
                reason=form.cleaned_data["reason"],
                **form.document,
                upload=_taken(form.upload),
            )
        except (CannotEnter, UploadRefused, FileNotKept, SandboxNotStarted) as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Đã sửa. Chữ cũ còn trong lịch sử."))
            return redirect("plans:directive", pk=pk)
    return render(
        request,
        "plans/directive_entry.html",
        {**frame(request, "directives"), "form": form, "row": row, "issuers": issuers(by)},
        status=422 if form.is_bound else 200,
    )


@require_POST
@holders_only(*ENTERERS)
def add_items(request: HttpRequest, pk: int) -> HttpResponse:
    """Add things that the document assigns."""
    form = ItemsForm(request.POST)
    if form.is_valid():
        try:
            made = add_directive_items(by=who(request), at=clock.now(), directive=pk, items=form.items)
        except CannotEnter as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Đã thêm %(n)d mục.") % {"n": len(made)})
            return redirect("plans:directive", pk=pk)
    return _shown(request, pk, items_form=form)


@require_POST
@holders_only(*ENTERERS)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End the document, with what replaces it or why."""
    by = who(request)
    row = DIRECTIVES.look(by, MayDirect.END, pk=pk)
    form = EndForm(request.POST, newer=_newer(by, row))
    if form.is_valid():
        try:
            end_directive(by=by, at=clock.now(), directive=pk, **form.cleaned_data)
        except CannotEnd as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("Đã ghi ngày hết hiệu lực."))
            return redirect("plans:directive", pk=pk)
    return _shown(request, pk, end_form=form)


def _shown(
    request: HttpRequest, pk: int, *, items_form: ItemsForm | None = None, end_form: EndForm | None = None
) -> HttpResponse:
    by, today = who(request), clock.today()
    page = directive_page(by, pk, today)
    row = page.directive
    may_write, may_end = (DIRECTIVES.holds(by, may, row) for may in (MayDirect.CORRECT, MayDirect.END))
    refused = items_form or end_form
    return render(
        request,
        "plans/directive.html",
        {
            **frame(request, "directives"),
            "page": page,
            "row": row,
            "title": _finding(page),
            "groups": [
                (kind, _group_words()[kind], [_line(one) for one in lines]) for kind, lines in page.groups
            ],
            "windows": list(row.windows.order_by("deadline", "id")),
            "replaced": list(row.replaces.order_by("-issued_on", "-id")),
            "rules": document("entry_times"),
            "may_write": may_write,
            "may_end": may_end,
            "items_form": items_form or ItemsForm(),
            "end_form": end_form or (EndForm(newer=_newer(by, row)) if may_end else None),
            "may_set_targets": by.holds(*SECRETARY),
            "refused": refused,
            "history": history_of(row.about),
            "today": today,
            "is_ended": row.valid_to is not None and row.valid_to < today,
        },
        status=422 if refused else 200,
    )


def _finding(page: DirectivePage) -> str:
    """Return the headline: what the document is, and what is left to be given."""
    said = {"kind": page.kind, "number": page.directive.number, "n": page.unassigned, "all": len(page.lines)}
    if not page.lines:
        return _("%(kind)s %(number)s chưa ghi mục nào") % said
    if page.unassigned:
        return _("%(kind)s %(number)s: %(n)d trên %(all)d mục chưa giao") % said
    return _("%(kind)s %(number)s: %(all)d mục đều đã giao") % said


def _group_words() -> Mapping[str, str]:
    return {
        ItemKind.TARGET: _("Chỉ tiêu"),
        ItemKind.SOLUTION: _("Giải pháp"),
        ItemKind.TASK: _("Nhiệm vụ"),
    }


def _line(line: ItemLine) -> dict[str, Any]:
    """Return an item with what came of it, the targets in words."""
    return {
        "item": line.item,
        "solutions": line.solutions,
        "tasks": line.tasks,
        "hidden": line.hidden,
        "is_assigned": line.is_assigned,
        "targets": [
            {
                "row": row,
                "tag": LIGHT_TAGS[row.light],
                "light": light_words()[row.light],
                "value": value_text(row.value, row.target.unit) if row.value is not None else "",
                "goal": value_text(row.goal.value, row.target.unit) if row.goal else "",
                "day": row.actual.on if row.actual else None,
            }
            for row in line.targets
        ],
    }


def _newer(by: Actor, row: Directive) -> list[tuple[str, str]]:
    return [(str(one.pk), f"{one.number}, {date_text(one.issued_on)}") for one in replacements(by, row)]


def _as_entered(row: Directive) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": row.kind,
        "issuer": row.issuer,
        "issued_on": date_text(row.issued_on),
        "summary": row.summary,
        "urgency": row.urgency,
        "valid_from": "" if row.valid_from == row.issued_on else date_text(row.valid_from),
        "is_public": row.is_public,
    }


def _taken(file: UploadedFile[Any] | None) -> Upload | None:
    return take_upload(contents_of(file), name=file.name or "", at=clock.now()) if file else None


def _tell(form: BaseForm, refused: Exception) -> None:
    """Put a refusal at its box, or on top."""
    if isinstance(refused, UploadRefused):
        form.add_error("file", refused.sentence)
    elif isinstance(refused, FileNotKept | SandboxNotStarted):
        form.add_error("file", _("Chưa nhận được tệp lúc này. Nhập văn bản trước, thêm tệp sau."))
    else:
        field = getattr(refused, "field", "")
        form.add_error(field if field in form.fields else None, str(refused))


def _query(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("trang", None)
    asked.pop("tai", None)
    return asked.urlencode()
