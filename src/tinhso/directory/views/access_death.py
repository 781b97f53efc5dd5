"""Enter that a person died, by the paper that says so."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tinhso.directory.models import Person
from tinhso.directory.permissions import may_record_deaths
from tinhso.directory.queries import who
from tinhso.directory.rules import Role
from tinhso.directory.services.close_account import CannotRecordDeath, found_person, record_death
from tinhso.directory.views.access_start import BOTH
from tinhso.directory.views.frame import admin_only, frame
from tinhso.toolkit import clock
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import day_of


@require_http_methods(BOTH)
@never_cache
@admin_only(Role.SPECIALIST)
def death(request: HttpRequest) -> HttpResponse:
    """Look the person up by the identity number, then press once more to enter it."""
    if not may_record_deaths(who(request)):
        raise Http404
    typed = {key: tidy(visible(request.POST.get(key, "")))[:200] for key in ("identity", "died_on", "paper")}
    error, person = "", None
    if request.method == "POST":
        try:
            person, done = _take(request, typed)
        except CannotRecordDeath as refused:
            error = str(refused)
        else:
            if done:
                messages.success(
                    request, _("Đã ghi. Tài khoản ngừng, thư và tin nhắn dừng; hồ sơ giữ nguyên.")
                )
                return redirect("directory:record_death")
    context: dict[str, Any] = {**frame(request, "record_death"), **typed, "error": error, "person": person}
    return render(request, "directory/access/death.html", context, status=422 if error else 200)


def _take(request: HttpRequest, typed: dict[str, str]) -> tuple[Person, bool]:
    day = day_of(typed["died_on"])
    if day is None:
        raise CannotRecordDeath(_("Ngày mất viết như 24/05/2022. Gõ lại."))
    if request.POST.get("viec") != "ghi":
        if not typed["paper"]:
            raise CannotRecordDeath(_("Ghi số trích lục khai tử."))
        return found_person(by=who(request), identity=typed["identity"]), False
    person = record_death(
        by=who(request),
        at=clock.now(),
        real_at=timezone.now(),
        identity=typed["identity"],
        died_on=day,
        paper=typed["paper"],
    )
    return person, True
