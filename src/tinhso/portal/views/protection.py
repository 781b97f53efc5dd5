"""Data protection for officers: the register, holds, proofs of what was erased, corrections that wait for an answer."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tinhso.directory.api import (
    FIELD_WORDS,
    CannotCorrect,
    CannotHold,
    Role,
    about_in_words,
    about_office,
    about_person,
    answer_correction,
    erasures,
    hold_data,
    holders_only,
    holds,
    lift_hold,
    protects_data,
    register,
    register_rows,
    requests_to_answer,
    retention,
    shown_value,
    who,
)
from tinhso.dossiers.api import dossier_about, dossiers_in_words
from tinhso.portal.forms import AnswerForm, HoldForm, LiftForm
from tinhso.portal.views.my_data import answer_tag
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.spreadsheet import guarded

View = Callable[..., HttpResponse]
_HOW = {"deleted": _("xóa hẳn"), "anonymised": _("xóa chữ, giữ con số"), "off_disk": _("xóa khỏi đĩa")}
answerers_only = holders_only(Role.COUNTER_CLERK, Role.ADMINISTRATOR)


def protectors_only(view: View) -> View:
    """Let inspectors and administrators of the whole province in; for others the page is not there."""

    @holders_only(Role.ADMINISTRATOR, Role.INSPECTOR)
    @wraps(view)
    def guarded_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not protects_data(who(request)):
            raise Http404
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    return guarded_view


@require_safe
@protectors_only
def register_page(request: HttpRequest) -> HttpResponse:
    """Show the whole register: every purpose with every table."""
    found = register(clock.today())
    return render(
        request,
        "portal/protection_register.html",
        {
            **frame(request, "protection"),
            "register": found,
            "rows": sum(len(use.tables) for use in found.uses),
            "archive": retention(clock.today())["archive"],
        },
    )


@require_safe
@protectors_only
def register_csv(request: HttpRequest) -> HttpResponse:
    """Give the register as a sheet."""
    rows = list(register_rows(register(clock.today())))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="so-dang-ky-xu-ly-du-lieu.csv"'
    sheet = csv.writer(response)
    sheet.writerow(rows[0])
    sheet.writerows([guarded(cell) for cell in row.values()] for row in rows)
    return response


@require_safe
@protectors_only
def register_json(request: HttpRequest) -> HttpResponse:
    """Give the register as data."""
    found = register(clock.today())
    return JsonResponse(
        {
            "ngay": found.on,
            "xu_ly": list(register_rows(found)),
            "ngoai_bang": list(found.outside),
            "bang_khong_co": list(found.empty),
        },
        json_dumps_params={"ensure_ascii": False},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@protectors_only
def hold_list(request: HttpRequest) -> HttpResponse:
    """List what is held, and hold more."""
    by, now = who(request), clock.now()
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        about = _about(said["kind"], said["code"])
        try:
            if not about:
                form.add_error("code", _NOT_FOUND[said["kind"]])
            else:
                hold_data(by=by, at=now, about=about, decision=said["decision"], reason=said["reason"])
        except CannotHold as refused:
            form.add_error(None, str(refused))
        if not form.errors:
            messages.success(request, _("Đã tạm giữ. Không gì trong đó bị xóa cho tới khi thôi tạm giữ."))
            return redirect("portal:protection_holds")
    is_past = request.GET.get("xem") == "het"
    rows = holds(by, lifted=is_past)
    abouts = [row.about for row in rows]
    words = {**about_in_words(abouts), **{a: _("Hồ sơ %s") % n for a, n in dossiers_in_words(abouts).items()}}
    return render(
        request,
        "portal/protection_holds.html",
        {
            **frame(request, "protection_holds"),
            "form": form,
            "holds": [(row, words.get(row.about, row.about)) for row in rows],
            "is_past": is_past,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@protectors_only
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Let what was held go its way."""
    by = who(request)
    row = next((one for one in holds(by) if one.pk == pk), None)
    if row is None:
        raise Http404
    form = LiftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            lift_hold(by=by, at=clock.now(), hold=pk, decision=form.cleaned_data["decision"])
        except CannotHold as refused:
            form.add_error("decision", str(refused))
        else:
            messages.success(request, _("Đã thôi tạm giữ. Dữ liệu quá hạn sẽ xóa ở lần chạy sau."))
            return redirect("portal:protection_holds")
    words = {**about_in_words([row.about]), **dossiers_in_words([row.about])}
    return render(
        request,
        "portal/protection_lift.html",
        {
            **frame(request, "protection_holds"),
            "form": form,
            "hold": row,
            "words": words.get(row.about, row.about),
        },
        status=422 if form.errors else 200,
    )


@require_safe
@protectors_only
def erased(request: HttpRequest) -> HttpResponse:
    """Show the proofs of what runs of retention took out, and the rules by which they go."""
    rules = retention(clock.today())["rules"]
    return render(
        request,
        "portal/protection_erased.html",
        {
            **frame(request, "protection_erased"),
            "proofs": [
                (row, rules.get(row.rule, {}).get("says", row.rule), _HOW[row.how])
                for row in erasures(who(request))
            ],
            "rules": [(key, rule["says"]) for key, rule in rules.items()],
        },
    )


@require_safe
@answerers_only
def request_list(request: HttpRequest) -> HttpResponse:
    """List the corrections that the officer may answer."""
    is_past = request.GET.get("xem") == "het"
    rows = requests_to_answer(who(request), answered=is_past)
    return render(
        request,
        "portal/protection_requests.html",
        {
            **frame(request, "protection_requests"),
            "requests": [(row, FIELD_WORDS[row.field], *answer_tag(row.answer)) for row in rows],
            "is_past": is_past,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@answerers_only
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer one correction: correct it, or say why not."""
    by = who(request)
    row = next((one for one in requests_to_answer(by) if one.pk == pk), None)
    if row is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            answer_correction(
                by=by, at=clock.now(), request=pk, done=said["done"] == "1", answer_text=said["answer_text"]
            )
        except NotThere:
            raise Http404 from None
        except CannotCorrect as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            messages.success(request, _("Đã trả lời. Người dân thấy câu trả lời ở trang Dữ liệu của tôi."))
            return redirect("portal:protection_requests")
    return render(
        request,
        "portal/protection_answer.html",
        {
            **frame(request, "protection_requests"),
            "form": form,
            "row": row,
            "label": FIELD_WORDS[row.field],
            "now": shown_value(row.person, row.field),
        },
        status=422 if form.errors else 200,
    )


_NOT_FOUND = {
    "dossier": _("Không có hồ sơ nào mang số hoặc mã này. Xem lại trên giấy hẹn."),
    "person": _("Không có ai mang số giấy tờ này. Số có 9 hoặc 12 chữ số."),
    "office": _("Không có cơ quan nào mang mã này, ví dụ 000.15.33.H40."),
}


def _about(kind: str, code: str) -> str:
    if kind == "dossier":
        return dossier_about(code)
    return about_person(code) if kind == "person" else about_office(code, clock.today())


def frame(request: HttpRequest, current: str) -> dict[str, Any]:
    """Return the side menu and the duty, for ``design/officer.html``."""
    by = who(request)
    entries = []
    if protects_data(by):
        entries += [
            ("protection", _("Sổ đăng ký xử lý"), "book-open"),
            ("protection_holds", _("Tạm giữ dữ liệu"), "lock"),
            ("protection_erased", _("Đã xóa theo hạn"), "archive"),
        ]
    if by.holds(Role.COUNTER_CLERK, Role.ADMINISTRATOR):
        entries.append(("protection_requests", _("Yêu cầu sửa dữ liệu"), "pencil"))
    wanted = (Role.ADMINISTRATOR, Role.INSPECTOR, Role.COUNTER_CLERK)
    held = next((post for post in by.posts if post.role in wanted), None)
    return {
        "menu": [
            {"url": reverse(f"portal:{key}"), "label": label, "icon": icon, "current": key == current}
            for key, label, icon in entries
        ],
        "duty": {"office": held.office_name, "role": held.title} if held else None,
    }
