"""Prove again who one is, and go on with what was about to be done."""

from __future__ import annotations

import time
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tinhso.directory.adapters.passkeys import proved_passkey
from tinhso.directory.models import Account
from tinhso.directory.queries import signed_in, who
from tinhso.directory.queries.device import place_of
from tinhso.directory.services.load_demo import cast
from tinhso.directory.services.pace_sign_in import succeeded, take_turn
from tinhso.directory.services.prove import PROVED, ask_for_proof
from tinhso.directory.services.use_invitation import STRONG
from tinhso.directory.services.use_second_factor import use_second_factor
from tinhso.directory.views.access_start import BOTH

#: A browser sends the same form on to the address of a 307.
_SAME_AGAIN: Final = 307


@require_http_methods(BOTH)
@never_cache
@sensitive_post_parameters()
@signed_in
def prove(request: HttpRequest) -> HttpResponse:
    """Take a second factor, or the password of somebody who has none; then send what waits on its way."""
    path = _ours(request, request.POST.get("prove_path") or request.GET.get("next") or "/tai-khoan/bao-mat/")
    if request.method != "POST":
        return ask_for_proof(request, path=path, is_post=False, status=200)
    error = _refusal(request)
    is_post = bool(request.POST.get("prove_post"))
    if error:
        return ask_for_proof(request, path=path, is_post=is_post, error=error, status=422)
    return _go_on(request, path, is_post=is_post)


def _go_on(request: HttpRequest, path: str, *, is_post: bool) -> HttpResponse:
    request.session.cycle_key()
    request.session[PROVED] = time.time()
    if not is_post:
        return redirect(path)
    answer = HttpResponse(status=_SAME_AGAIN)
    answer["Location"] = path
    return answer


def _refusal(request: HttpRequest) -> str:
    """Return why the proof does not hold; "" where it does."""
    if not any(request.POST.get(name) for name in ("credential", "prove_code", "prove_password")):
        return _("Chưa gõ gì. Gõ mã hoặc mật khẩu.")
    account = Account.objects.get(pk=who(request).account_id or 0)
    has_factor = Authenticator.objects.filter(user=account, type__in=STRONG).exists()
    place, now = place_of(request, account), timezone.now()
    wait = take_turn(account.username, place, real_at=now, step="code")
    if wait:
        return _("Thử sai nhiều lần. Chờ %(n)d giây rồi thử lại.") % {"n": wait}
    proved: Any = None
    if request.POST.get("credential"):
        proved = proved_passkey(request.POST["credential"], account)
    elif has_factor:
        proved = use_second_factor(account.pk, request.POST.get("prove_code", ""), real_at=now)
    else:
        proved = account.check_password(request.POST.get("prove_password", ""))
    if not proved:
        return (
            _("Chưa đúng hoặc mã đã dùng. Đợi mã mới rồi gõ lại.") if has_factor else _("Mật khẩu chưa đúng.")
        )
    succeeded(account.username, place, step="code")
    return ""


def _ours(request: HttpRequest, path: str) -> str:
    is_ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, {request.get_host()})
    return path if is_ours else "/tai-khoan/bao-mat/"


@require_POST
@never_cache
@signed_in
def prove_as(request: HttpRequest) -> HttpResponse:
    """Prove with one press, in the demo only: this address does not exist elsewhere."""
    account = Account.objects.get(pk=who(request).account_id or 0)
    if account.username not in {row["username"] for row in cast()}:
        raise Http404
    path = _ours(request, request.POST.get("prove_path", ""))
    return _go_on(request, path, is_post=bool(request.POST.get("prove_post")))
