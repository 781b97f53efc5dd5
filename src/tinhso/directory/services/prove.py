"""Ask again who one is before what counts: signing in, or a second factor since, is proof for some minutes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tinhso.directory.adapters.passkeys import has_passkey, options_to_prove
from tinhso.directory.models import Account
from tinhso.directory.queries import who
from tinhso.directory.queries.access import access_rules

#: When the session's owner last proved who one is, in seconds; and when the session began, which took a proof.
PROVED: Final = "proved"
BEGAN: Final = "began"
_SAFE: Final = ("GET", "HEAD", "OPTIONS")


def proved_at(request: HttpRequest) -> dt.datetime | None:
    """Return when the person on this session last proved who one is."""
    moments = [request.session.get(PROVED), request.session.get(BEGAN)]
    known = [moment for moment in moments if isinstance(moment, (int, float))]
    return dt.datetime.fromtimestamp(max(known), dt.UTC) if known else None


def is_proved(request: HttpRequest) -> bool:
    """Say whether the proof is recent enough."""
    now, at = timezone.now(), proved_at(request)  # noqa: TID251 - proofs follow real time, and this is asked by views
    return at is not None and (now - at).total_seconds() < access_rules(now.date())["proof_seconds"]


def ask_for_proof(
    request: HttpRequest, *, path: str = "", is_post: bool = True, error: str = "", status: int = 403
) -> HttpResponse:
    """Answer with the page that asks for a proof and keeps what was sent; ``path``: where it goes on to."""
    fields = [
        (key, value)
        for key, values in request.POST.lists()
        if key != "csrfmiddlewaretoken" and not key.startswith("prove_") and key != "credential"
        for value in values
    ]
    account = Account.objects.get(pk=who(request).account_id or 0)
    context = {
        "fields": fields,
        "path": path or request.get_full_path(),
        "is_post": is_post,
        "error": error,
        "has_factor": Authenticator.objects.filter(user=account).exists(),
        "passkey": options_to_prove(account) if has_passkey(account.pk) else "",
    }
    page = render(request, "directory/access/prove.html", context, status=status)
    page["Cache-Control"] = "private, no-store"
    return page


def recently_proved(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a change through only shortly after a proof; else ask for one, with what was typed kept in the page.

    Reading is let through. Stands inside the guard that says who may come in at all.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in _SAFE or not who(request).is_signed_in or is_proved(request):
            return view(request, *args, **kwargs)
        return ask_for_proof(request)

    return guarded
