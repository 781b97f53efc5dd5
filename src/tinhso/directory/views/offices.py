"""Offices: the tree of a day, one office, a new one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.forms import OfficeForm
from tinhso.directory.permissions import OFFICES, MayOffice, roles_told
from tinhso.directory.queries import changes_of, who
from tinhso.directory.queries.administration import (
    KIND_LABELS,
    KINDS_BELOW,
    Node,
    found,
    office_page,
    tree,
)
from tinhso.directory.rules import OfficeKind
from tinhso.directory.services.add_office import CannotAddOffice, NewOffice, add_office
from tinhso.directory.services.decide_reform import KIND_WORDS, reform_words
from tinhso.directory.services.register_work import hangs_on, work_of_office
from tinhso.directory.views.frame import administrators_only, frame, sheet, status_of
from tinhso.toolkit import clock
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import date_text, day_of

_LONGEST = 200


def typed(request: HttpRequest, name: str) -> str:
    """Return what was typed into a filter, without letters that nobody sees."""
    return tidy(visible(request.GET.get(name, "")))[:_LONGEST]


def _day_asked(request: HttpRequest) -> dt.date:
    return day_of(typed(request, "ngay")) or clock.today()


@require_safe
@administrators_only
def offices(request: HttpRequest) -> HttpResponse:
    """Show the tree of a day, or what was searched for; as a sheet where asked."""
    day, words, kind, tab = (
        _day_asked(request),
        typed(request, "tim"),
        typed(request, "loai"),
        typed(request, "xem"),
    )
    opened = [int(pk) for pk in request.GET.getlist("mo")[:60] if pk.isdecimal() and len(pk) < 15]
    seen = tree(who(request), day, opened)
    lists = {"sap": seen.coming, "dong": seen.closed, "thieu": seen.without_clerk}
    if request.GET.get("tai") == "csv":
        return _sheet(found(lists.get(tab, seen.every), words, kind))
    is_list = bool(words or kind or tab in lists)
    return render(
        request,
        "directory/admin/offices.html",
        {
            **frame(request, "offices"),
            "tree": seen,
            "day": day,
            "is_today": day == clock.today(),
            "words": words,
            "kind": kind,
            "kinds": [(k.value, label) for k, label in KIND_LABELS.items()],
            "tab": tab if tab in lists else "",
            "rows": found(lists.get(tab, seen.every), words, kind) if is_list else None,
            "opened": opened,
            "query": _kept(request),
        },
    )


def _kept(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("mo", None)
    query.pop("tai", None)
    return query.urlencode()


def _sheet(nodes: list[Node]) -> HttpResponse:
    heads = "ma ma_2020 ten ten_tat loai thuoc tu_ngay den_ngay so_can_bo ke_thua"
    rows = (
        (
            *(one.office.code, one.office.code_2020, one.name, one.office.short_name),
            *(KIND_LABELS[OfficeKind(one.office.kind)], one.office.parent.code if one.office.parent else ""),
            date_text(one.office.valid_from),
            date_text(one.office.valid_to) if one.office.valid_to else "",
            *(one.officers, "; ".join(one.heirs)),
        )
        for one in nodes
    )
    return sheet("co-quan", heads.split(), rows)


@require_safe
@administrators_only
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one office as of a day: people, desks with their work, what hangs on it, before and after, history."""
    by, now, day = who(request), clock.now(), _day_asked(request)
    page = office_page(by, pk, day)
    works = work_of_office(pk)
    lying = Counter(work.role for work in works if work.office_id == pk)
    desks = [(desk, lying.pop(desk.role, 0)) for desk in page.desks]
    return render(
        request,
        "directory/admin/office.html",
        {
            **frame(request, "offices"),
            "page": page,
            "office": page.office,
            "kind": KIND_LABELS[OfficeKind(page.office.kind)],
            "desks": desks,
            "deserted": [(str(roles_told()[role]["name"]), n) for role, n in lying.items()],
            "works": len(works),
            "on_the_way": sum(work.office_id != pk for work in works),
            "hangs": hangs_on(pk, now),
            "reforms": [(one, _(KIND_WORDS[one.kind]), reform_words(one)) for one in page.reforms],
            "coming": reform_words(page.coming) if page.coming else "",
            "history": changes_of(f"office:{pk}", 200),
            "day": day,
            "is_today": day == now.date(),
            "is_open": page.office.valid_to is None,
            "is_gone": page.office.valid_to is not None and page.office.valid_to < day,
            "may_add": bool(KINDS_BELOW.get(OfficeKind(page.office.kind))),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def new_office(request: HttpRequest, pk: int) -> HttpResponse:
    """Set up an office below this one."""
    by, now = who(request), clock.now()
    parent = OFFICES.look(by, MayOffice.ADMINISTER, pk=pk)
    kinds = [(kind.value, KIND_LABELS[kind]) for kind in KINDS_BELOW.get(OfficeKind(parent.kind), ())]
    form = OfficeForm(
        request.POST if request.method == "POST" else None,
        initial={"place": parent.place, "valid_from": date_text(now.date())},
        choices={"kind": kinds},
    )
    if request.method == "POST" and form.is_valid():
        said: dict[str, Any] = dict(form.cleaned_data)
        decision, reason = said.pop("decision"), said.pop("reason")
        try:
            wanted = NewOffice(parent=parent.pk, **(said | {"kind": OfficeKind(said["kind"])}))
            made = add_office(by=by, at=now, wanted=wanted, decision=decision, reason=reason)
        except CannotAddOffice as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Đã lập %(name)s. Mời cán bộ đầu tiên tiếp.") % {"name": made.name})
            return redirect("directory:office", pk=made.pk)
    return render(
        request,
        "directory/admin/office_new.html",
        {**frame(request, "offices"), "form": form, "parent": parent},
        status=status_of(form),
    )
