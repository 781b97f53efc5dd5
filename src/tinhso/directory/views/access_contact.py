"""Change one's own phone number and mail address."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tinhso.directory.queries import signed_in, who
from tinhso.directory.services.change_contact import (
    CannotChangeContact,
    ask_contact,
    check_contact_code,
    prove_contact,
    tidy_contact,
)
from tinhso.directory.services.prove import recently_proved
from tinhso.directory.views.access_mine import layout, own
from tinhso.directory.views.access_start import BOTH
from tinhso.toolkit import clock

ASKED: Final = "new_contact"


@require_http_methods(BOTH)
@never_cache
@signed_in
@recently_proved
def contact(request: HttpRequest) -> HttpResponse:
    """Take a new number or address, then the code that was sent there."""
    asked: dict[str, Any] = request.session.get(ASKED) or {}
    error = ""
    if request.method == "POST":
        try:
            if "code" in request.POST and asked:
                done = _prove(request, asked)
                error = (
                    "" if done else _("Mã chưa đúng hoặc đã hết hạn. Gõ lại; sai năm lần thì gửi mã khác.")
                )
                if done:
                    messages.success(request, _("Đã đổi liên hệ. Chỗ cũ cũng được báo."))
                    return redirect("account_security")
            else:
                _ask(request)
                return redirect("account_contact")
        except CannotChangeContact as refused:
            error = str(refused)
    if "lai" in request.GET:
        request.session.pop(ASKED, None)
        asked = {}
    context = {
        **layout(request),
        "account": own(request),
        "asked": asked,
        "error": error,
        "kind": request.POST.get("kind", "phone"),
        "value": request.POST.get("value", "")[:150],
    }
    return render(request, "directory/access/contact.html", context, status=422 if error else 200)


def _ask(request: HttpRequest) -> None:
    kind, value = request.POST.get("kind", ""), request.POST.get("value", "")[:150]
    ask_contact(by=who(request), at=clock.now(), real_at=timezone.now(), kind=kind, value=value)
    request.session[ASKED] = {"kind": kind, "value": tidy_contact(kind, value)}


def _prove(request: HttpRequest, asked: dict[str, Any]) -> bool:
    by, now = who(request), timezone.now()
    row = check_contact_code(by=by, real_at=now, code=request.POST["code"][:60])
    if row is None:
        return False
    prove_contact(
        by=by, at=clock.now(), real_at=now, kind=asked["kind"], value=asked["value"], invitation=row.pk
    )
    del request.session[ASKED]
    return True
