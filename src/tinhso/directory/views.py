"""Signing in with one click, in the demo only: this address does not exist elsewhere."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tinhso.directory.models import Account
from tinhso.directory.services.load_demo import cast

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_POST
def sign_in_as(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as one of the demo's cast, one-time code included; officers land on their in-box."""
    row = next((one for one in cast() if one["username"] == username), None)
    account = Account.objects.filter(username=username, is_active=True).first()
    if row is None or account is None:
        raise Http404
    login(request, account, backend=BACKEND)
    record_authentication(request, account, method="mfa", type="totp")
    after = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(after, {request.get_host()}):
        return redirect(after)
    return redirect("dossiers:inbox" if row["posts"] else "portal:my")
