"""Begin and repair by a one-time code: activate an account, set a password anew, replace a lost second factor.

One address for each; the step is what the session says was proved so far, and nothing is written before the last one.
"""

from __future__ import annotations

import time
from typing import Any, Final

import segno
from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tinhso.directory.adapters.passkeys import options_for_new, proved_new
from tinhso.directory.models import Account
from tinhso.directory.queries import who
from tinhso.directory.queries.access import access_rules, needs_second_factor
from tinhso.directory.queries.device import address_of, device_of, place_of, remember_device
from tinhso.directory.queries.passwords import least_letters, password_problem
from tinhso.directory.rules import NewFactor, Purpose, SignInOutcome
from tinhso.directory.services.check_code import check_code
from tinhso.directory.services.pace_sign_in import succeeded, take_turn
from tinhso.directory.services.record_sign_in import record_sign_in
from tinhso.directory.services.repair_second_factor import ask_second_factor
from tinhso.directory.services.reset_password import forget_password
from tinhso.directory.services.use_invitation import CodeSpent, FactorMissing, use_invitation
from tinhso.directory.services.use_second_factor import counter_of, new_secret
from tinhso.toolkit import clock

FLOW: Final = "access_flow"
RECOVERY: Final = "recovery_codes"
BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"
ISSUER: Final = "Tỉnh Số"
BOTH: Final = ("GET", "HEAD", "POST")
_TITLES: Final = {
    Purpose.ACTIVATE: _("Kích hoạt tài khoản"),
    Purpose.PASSWORD: _("Đặt lại mật khẩu"),
    Purpose.SECOND_FACTOR: _("Đặt khóa thứ hai mới"),
}
_WRONG: Final = _(
    "Tên đăng nhập hoặc mã chưa đúng, hoặc mã đã hết hạn. Gõ lại; sai năm lần thì phải xin mã khác."
)


@require_http_methods(BOTH)
@never_cache
@sensitive_post_parameters()
def activate(request: HttpRequest) -> HttpResponse:
    """Take an invitation's code, then a password, then a second factor; then sign in."""
    return _flow(request, Purpose.ACTIVATE)


@require_http_methods(BOTH)
@never_cache
@sensitive_post_parameters()
def reset(request: HttpRequest) -> HttpResponse:
    """Take a code, then a new password; signing in comes after, with the second factor as ever."""
    return _flow(request, Purpose.PASSWORD)


@require_http_methods(BOTH)
@never_cache
@sensitive_post_parameters()
def new_factor(request: HttpRequest) -> HttpResponse:
    """Take the password and the code that two administrators gave, then a new second factor."""
    return _flow(request, Purpose.SECOND_FACTOR)


def _flow(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    if who(request).is_signed_in:
        return redirect("account_security")
    flow: dict[str, Any] = request.session.get(FLOW) or {}
    if flow.get("purpose") != purpose.value or flow["until"] < time.time() or "lai" in request.GET:
        request.session.pop(FLOW, None)
        return _code_step(request, purpose)
    account = Account.objects.select_related("person").filter(pk=flow["account"], is_active=True).first()
    if account is None:
        request.session.pop(FLOW, None)
        return _code_step(request, purpose)
    if purpose is not Purpose.SECOND_FACTOR and not flow.get("password"):
        return _password_step(request, purpose, flow, account)
    return _factor_step(request, purpose, flow, account)


def _code_step(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    error = ""
    if request.method == "POST":
        began = time.monotonic()
        row = _checked(request, purpose)
        wait_until(began)
        if not isinstance(row, str):
            request.session.cycle_key()
            request.session[FLOW] = {
                "purpose": purpose.value,
                "account": row.account_id,
                "invitation": row.pk,
                "code_hash": row.code_hash,
                "until": time.time() + 15 * 60,
            }
            return redirect(request.path)
        error = row
    return _shown(
        request,
        "code",
        purpose,
        error,
        login=request.POST.get("login", request.GET.get("tai-khoan", ""))[:60],
        with_password=purpose is Purpose.SECOND_FACTOR,
    )


def _checked(request: HttpRequest, purpose: Purpose) -> Any:
    """Return the code's row, or why not."""
    now, name = timezone.now(), request.POST.get("login", "").strip()[:60]
    if not name or not request.POST.get("code", "").strip():
        return _WRONG
    if purpose is Purpose.SECOND_FACTOR:
        account = _by_password(request, name)
        if isinstance(account, str):
            return account
    row = check_code(username=name, purpose=purpose, code=request.POST["code"][:60], real_at=now)
    return row or _WRONG


def _by_password(request: HttpRequest, name: str) -> Any:
    """Return the account whose password was typed, or why not; the pace of signing in counts here too."""
    now = timezone.now()
    account = Account.objects.select_related("person").filter(username__iexact=name, is_active=True).first()
    place = place_of(request, account)
    wait = take_turn(name, place, real_at=now)
    if wait:
        return _("Thử sai nhiều lần. Chờ %(n)d giây rồi thử lại.") % {"n": wait}
    password = request.POST.get("password", "")
    if account is None:
        make_password(password)
        return _("Tên đăng nhập, mật khẩu hoặc mã chưa đúng. Gõ lại cả ba.")
    if not account.check_password(password):
        record_sign_in(
            account,
            SignInOutcome.WRONG_PASSWORD,
            at=clock.now(),
            real_at=now,
            address=address_of(request.META),
            device=device_of(request),
        )
        return _("Tên đăng nhập, mật khẩu hoặc mã chưa đúng. Gõ lại cả ba.")
    succeeded(name, place)
    return account


def _password_step(
    request: HttpRequest, purpose: Purpose, flow: dict[str, Any], account: Account
) -> HttpResponse:
    error, today = "", clock.today()
    is_officer = needs_second_factor(account, today)
    if request.method == "POST" and "password1" in request.POST:
        password, again = request.POST["password1"], request.POST.get("password2", "")
        error = password_problem(password, account, today)
        if not error and again and again != password:
            error = _("Hai lần gõ khác nhau. Bấm “Hiện mật khẩu” để xem, rồi gõ lại.")
        if not error:
            request.session[FLOW] = {**flow, "password": make_password(password)}
            if purpose is Purpose.ACTIVATE and is_officer:
                return redirect(request.path)
            return _finish(request, purpose, account)
    return _shown(
        request,
        "password",
        purpose,
        error,
        account=account,
        least=least_letters(account, today),
        steps=(2, 4) if purpose is Purpose.ACTIVATE and is_officer else (2, 2),
    )


def _factor_step(
    request: HttpRequest, purpose: Purpose, flow: dict[str, Any], account: Account
) -> HttpResponse:
    if not flow.get("secret"):
        flow = {**flow, "secret": new_secret()}
        request.session[FLOW] = flow
    error = ""
    if request.method == "POST":
        factor: NewFactor | None = None
        if request.POST.get("credential"):
            factor = proved_new(request)
            error = "" if factor else _("Khóa trên máy chưa nhận được. Thử lại, hoặc dùng ứng dụng mã.")
        elif "code" in request.POST:
            step = counter_of(flow["secret"], request.POST["code"], timezone.now())
            factor = NewFactor("totp", secret=flow["secret"], step=step) if step is not None else None
            error = (
                "" if factor else _("Mã chưa khớp. Xem giờ điện thoại có đúng không, đợi mã mới rồi gõ lại.")
            )
        if factor is not None:
            return _finish(request, purpose, account, factor)
    return _shown(
        request,
        "factor",
        purpose,
        error,
        account=account,
        secret=flow["secret"],
        qr=qr_of(account, flow["secret"]),
        passkey=options_for_new(account),
        steps=(3, 4) if purpose is Purpose.ACTIVATE else (2, 3),
    )


def qr_of(account: Account, secret: str) -> str:
    """Return the picture, as an address, that an authenticator app reads."""
    label = f"{ISSUER}:{account.username}"
    query = urlencode({"secret": secret, "issuer": ISSUER})
    drawn: str = segno.make(f"otpauth://totp/{label.replace(' ', '%20')}?{query}", error="m").svg_data_uri(
        scale=5, border=3
    )
    return drawn


def _finish(
    request: HttpRequest, purpose: Purpose, account: Account, factor: NewFactor | None = None
) -> HttpResponse:
    flow = request.session.pop(FLOW)
    try:
        account, codes = use_invitation(
            invitation=flow["invitation"],
            code_hash=flow["code_hash"],
            at=clock.now(),
            real_at=timezone.now(),
            password=flow.get("password", ""),
            factor=factor,
        )
    except (CodeSpent, FactorMissing):
        return _shown(request, "code", purpose, _("Mã đã dùng hoặc đã hết hạn. Xin mã khác."), login="")
    if purpose is not Purpose.ACTIVATE:
        request.session.flush()
        if codes:
            request.session[RECOVERY] = {"codes": codes, "after": "account_login"}
            return redirect("account_recovery")
        messages.success(request, _("Đã đặt mật khẩu mới. Đăng nhập bằng mật khẩu ấy."))
        return redirect("account_login")
    login(request, account, backend=BACKEND)
    if factor is not None:
        record_authentication(request, account, method="mfa", type=factor.kind)
    record_sign_in(
        account,
        SignInOutcome.SIGNED_IN,
        at=clock.now(),
        real_at=timezone.now(),
        address=address_of(request.META),
        device=device_of(request),
    )
    after = "dossiers:inbox" if factor is not None else "portal:my"
    if codes:
        request.session[RECOVERY] = {"codes": codes, "after": after}
    response = redirect("account_recovery" if codes else after)
    remember_device(request, response, account, today=clock.today())
    return response


@require_http_methods(BOTH)
@never_cache
def recovery(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes until their owner says that they are kept."""
    kept = request.session.get(RECOVERY)
    if not kept:
        return redirect("account_security" if who(request).is_signed_in else "account_login")
    if request.method == "POST":
        del request.session[RECOVERY]
        return redirect(kept["after"])
    return render(request, "directory/access/recovery.html", {"codes": kept["codes"], "after": kept["after"]})


@require_http_methods(BOTH)
@never_cache
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send a code for a new password to whoever owns the account; say the same to everybody, after the same time."""
    if request.method == "POST":
        began, name = time.monotonic(), request.POST.get("login", "").strip()[:60]
        wait = take_turn(f"forgotten:{name}", place_of(request, None), real_at=timezone.now()) if name else 1
        if not wait:
            forget_password(username=name, at=clock.now(), real_at=timezone.now())
        wait_until(began)
        return render(request, "directory/access/forgotten.html", {"sent": True, "login": name})
    return render(
        request, "directory/access/forgotten.html", {"login": request.GET.get("tai-khoan", "")[:60]}
    )


@require_http_methods(BOTH)
@never_cache
@sensitive_post_parameters()
def lost(request: HttpRequest) -> HttpResponse:
    """Let an officer, known by the password, say that the second factor is lost."""
    error, sent = "", False
    if request.method == "POST":
        began, name = time.monotonic(), request.POST.get("login", "").strip()[:60]
        is_whole = bool(name and request.POST.get("password"))
        account = _by_password(request, name) if is_whole else _("Gõ tên đăng nhập và mật khẩu.")
        if isinstance(account, str):
            error = account.replace(
                _("mật khẩu hoặc mã chưa đúng. Gõ lại cả ba."), _("mật khẩu chưa đúng. Gõ lại.")
            )
        else:
            ask_second_factor(
                account=account.pk,
                reason=request.POST.get("reason", "")[:300],
                at=clock.now(),
                real_at=timezone.now(),
            )
            sent = True
        wait_until(began)
    return render(
        request,
        "directory/access/lost.html",
        {"error": error, "sent": sent, "login": request.POST.get("login", "")[:60]},
        status=422 if error else 200,
    )


def wait_until(began: float) -> None:
    """Answer no sooner than the same time after ``began``, whatever was found: nobody reads accounts off the clock."""
    least = access_rules(timezone.now().date())["answer_milliseconds"] / 1000
    time.sleep(max(0.0, least - (time.monotonic() - began)))


def _shown(request: HttpRequest, page: str, purpose: Purpose, error: str, **more: Any) -> HttpResponse:
    return render(
        request,
        f"directory/access/{page}.html",
        {"purpose": purpose.value, "title": _TITLES[purpose], "error": error, **more},
        status=422 if error else 200,
    )
