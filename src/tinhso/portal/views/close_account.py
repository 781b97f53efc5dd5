"""Close one's own account: what ends, what stays by law, and which dossiers still run."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import (
    Account,
    CannotClose,
    access_rules,
    may_reopen,
    recently_proved,
    reopen_account,
    signed_in,
    who,
)
from tinhso.dossiers.api import drafts_of, mine
from tinhso.portal.services.leave_portal import leave_portal
from tinhso.portal.views.sign_in import WIPE
from tinhso.toolkit import clock

BOTH = ("GET", "HEAD", "POST")


@require_http_methods(BOTH)
@never_cache
@signed_in
@recently_proved
def close(request: HttpRequest) -> HttpResponse:
    """Say what closing means; close on a second press."""
    by, error = who(request), ""
    if request.method == "POST" and request.POST.get("sure"):
        try:
            leave_portal(by=by, at=clock.now(), real_at=timezone.now())
        except CannotClose as refused:
            error = str(refused)
        else:
            request.session.flush()
            response = render(request, "account/closed.html", {"is_closed": True, "just_now": True})
            response["Clear-Site-Data"] = WIPE
            return response
    context = {
        "running": [dossier for dossier in mine(by)[:200] if dossier.ended_at is None],
        "drafts": drafts_of(by),
        "days": access_rules(clock.today())["reopen_days"],
        "error": error,
        "unsure": request.method == "POST" and not error,
    }
    return render(
        request, "portal/close_account.html", context, status=422 if error or context["unsure"] else 200
    )


@require_http_methods(BOTH)
@never_cache
def closed(request: HttpRequest) -> HttpResponse:
    """Tell whoever knew the password that the account is locked or closed; let its owner open it again in time."""
    account = (
        Account.objects.select_related("person").filter(pk=request.session.get("closed_account") or 0).first()
    )
    if account is None:
        return redirect("account_login")
    now = clock.now()
    can = may_reopen(account, now)
    if request.method == "POST" and can:
        reopen_account(account=account.pk, at=now)
        del request.session["closed_account"]
        return redirect("account_login")
    return render(
        request, "account/closed.html", {"is_closed": account.closed_at is not None, "may_reopen": can}
    )
