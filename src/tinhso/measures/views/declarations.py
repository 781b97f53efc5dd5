"""The register of what bodies declare: what waits for the second person, one line with its history, entering one."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import Office, holders_only, who
from tinhso.measures.forms import decision_of, declared_of, said, whole_number
from tinhso.measures.models import Declaration
from tinhso.measures.permissions import ANSWERERS, DECLARATIONS, DECLARERS, MayDeclare
from tinhso.measures.queries.declarations import declaration_of, last_of, may_answer, standing, waiting
from tinhso.measures.rules.coverage import Status, System
from tinhso.measures.services.answer_declaration import (
    CONFIRMED,
    RETURNED,
    AlreadyAnswered,
    AnswerRefused,
    answer_declaration,
)
from tinhso.measures.services.declare_status import DeclarationChanged, DeclarationRefused, declare_status
from tinhso.measures.views.coverage import TITLES, status_words
from tinhso.measures.views.keepers import keepers_frame
from tinhso.toolkit import clock, words
from tinhso.toolkit.policy import NotThere

#: The list shows this many confirmed lines; all of them are in the files of the public page.
SHOWN: Final = 30
_FIELDS: Final = ("office", "system", "status", "since", "number", "date")


def _frame(request: HttpRequest) -> dict[str, Any]:
    return {
        **keepers_frame(request, "declarations"),
        "may_enter": who(request).holds(*DECLARERS),
    }


def _line(one: Declaration) -> dict[str, Any]:
    answer = getattr(one, "answer", None)
    return {
        "line": one,
        "office": one.office.name,
        "system": TITLES[System(one.system)],
        "status": status_words(System(one.system))[Status(one.status)],
        "entered_by": one.entered_by.person.name if one.entered_by else _("Hệ thống"),
        "answer": answer,
        "answered_by": (answer.answered_by.person.name if answer.answered_by else _("Hệ thống"))
        if answer
        else "",
        "is_replaced": getattr(one, "replaced_by", None) is not None,
    }


@require_safe
@holders_only(*DECLARERS, *ANSWERERS)
def declarations_page(request: HttpRequest) -> HttpResponse:
    """List what waits for the second person, then what stands last and was answered."""
    wanted = said(request.GET, "ten")
    wait, stand = waiting(who(request)), standing(who(request), wanted)
    n = words.number(len(wait))
    return render(
        request,
        "measures/declarations.html",
        {
            **_frame(request),
            "finding": _("%(n)s dòng khai chờ xác nhận") % {"n": n}
            if wait
            else _("Không dòng khai nào chờ xác nhận"),
            "waiting": [_line(one) for one in wait],
            "standing": [_line(one) for one in stand[:SHOWN]],
            "n_standing": len(stand),
            "wanted": wanted,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*DECLARERS)
def declare_page(request: HttpRequest) -> HttpResponse:
    """Enter one line; where one stands already it is shown first, and replaced at the second press."""
    places = [
        (str(pk), name) for pk, name in Office.objects.order_by("sort_key", "pk").values_list("pk", "name")
    ]
    typed = {name: said(request.POST, name) for name in _FIELDS}
    wrong: dict[str, str] = {}
    seen, error, last = said(request.POST, "replaces"), "", None
    if request.method == "POST":
        what, wrong = declared_of(request.POST, frozenset(pk for pk, _name in places))
        decision, more = decision_of(request.POST)
        wrong |= more
        if what is not None and decision is not None:
            try:
                line = declare_status(
                    by=who(request),
                    at=clock.now(),
                    what=what,
                    decision=decision,
                    replaces=whole_number(seen),
                )
            except DeclarationRefused as refused:
                error = str(refused)
            except (DeclarationChanged, NotThere):
                last = last_of(what.office_id, what.system)
                seen = str(last.pk) if last else ""
            else:
                messages.success(request, _("Đã ghi. Người thứ hai xác nhận thì dòng này mới có hiệu lực."))
                return redirect("measures:declaration", pk=line.pk)
    else:
        typed |= _offered(request)
        seen = typed.pop("replaces", "")
    is_refused = request.method == "POST"
    return render(
        request,
        "measures/declare.html",
        {
            **_frame(request),
            "typed": typed,
            "wrong": wrong,
            "error": error,
            "last": _line(last) if last else None,
            "replaces": seen,
            "is_moved": is_refused and not wrong and not error and last is None,
            "places": places,
            "systems": [(one.value, title) for one, title in TITLES.items()],
            "statuses": [
                (Status.RUNS.value, _("Chạy, có dùng")),
                (Status.RUNS_NOT.value, _("Không chạy, không dùng")),
            ],
        },
        status=422 if is_refused else 200,
    )


def _offered(request: HttpRequest) -> dict[str, str]:
    """Return what the form holds at first: the line to be replaced, where a link names it."""
    asked = said(request.GET, "thay")
    if not asked:
        return {}
    if (pk := whole_number(asked)) is None:
        raise Http404
    one = DECLARATIONS.look(who(request), MayDeclare.READ, pk=pk)
    last = last_of(one.office_id, one.system) or one
    return {
        "office": str(last.office_id),
        "system": last.system,
        "status": last.status,
        "since": words.date_text(last.valid_from),
        "replaces": str(last.pk),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only(*DECLARERS, *ANSWERERS)
def declaration_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one line with all of its body and system; let the second person confirm it or return it."""
    line, every = declaration_of(who(request), pk)
    error, note = "", said(request.POST, "note")
    if request.method == "POST":
        try:
            answer = answer_declaration(
                by=who(request),
                at=clock.now(),
                declaration=pk,
                outcome=said(request.POST, "outcome"),
                note=note,
            )
        except AnswerRefused as refused:
            error = str(refused)
        except AlreadyAnswered:
            error = _("Dòng này vừa được người khác trả lời hoặc thay. Xem lại bên dưới.")
        else:
            done = _("Đã xác nhận.") if answer.outcome == CONFIRMED else _("Đã trả lại, ghi rõ lý do.")
            messages.success(request, done)
            return redirect("measures:declaration", pk=pk)
    return render(
        request,
        "measures/declaration.html",
        {
            **_frame(request),
            **_line(line),
            "history": [_line(one) for one in every],
            "may_answer": may_answer(who(request), line),
            "may_replace": who(request).holds(*DECLARERS),
            "is_own": who(request).holds(*ANSWERERS) and line.entered_by_id == who(request).account_id,
            "error": error,
            "note": note,
            "outcomes": {"confirm": CONFIRMED, "return": RETURNED},
        },
        status=422 if error else 200,
    )
