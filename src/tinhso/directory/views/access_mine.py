"""One's own access: sessions, second factors, password, history; and how long this session still lasts."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tinhso.directory.adapters.passkeys import options_for_new, proved_new
from tinhso.directory.models import Account
from tinhso.directory.queries import signed_in, who
from tinhso.directory.queries.access import access_rules, live_sessions, needs_second_factor, sign_ins
from tinhso.directory.queries.device import place_of, remember_device
from tinhso.directory.queries.passwords import least_letters, password_problem
from tinhso.directory.rules import NewFactor, SignInOutcome
from tinhso.directory.services.change_factors import (
    CannotChangeFactors,
    add_factor,
    remove_factor,
    rename_factor,
    renew_recovery_codes,
)
from tinhso.directory.services.end_session import end_other_sessions, end_session
from tinhso.directory.services.pace_sign_in import succeeded, take_turn
from tinhso.directory.services.prove import recently_proved
from tinhso.directory.services.reset_password import change_password
from tinhso.directory.services.use_second_factor import counter_of, new_secret
from tinhso.directory.views.access_start import BOTH, RECOVERY, qr_of
from tinhso.toolkit import clock
from tinhso.toolkit.policy import NotThere

SECRET = "new_secret"  # noqa: S105 - a key of the session, no secret
OUTCOMES = {
    SignInOutcome.SIGNED_IN: ("ok", _("Đã vào")),
    SignInOutcome.WRONG_PASSWORD: ("bad", _("Sai mật khẩu")),
    SignInOutcome.WRONG_CODE: ("bad", _("Đúng mật khẩu, sai mã")),
    SignInOutcome.TOO_OFTEN: ("warn", _("Thử dồn dập, phải chờ")),
    SignInOutcome.DISABLED: ("warn", _("Tài khoản đang khóa")),
}


def layout(request: HttpRequest) -> dict[str, Any]:
    """Return the frame that fits the person: officers keep their bar."""
    is_officer = who(request).is_officer
    return {"layout": "design/officer.html" if is_officer else "design/citizen.html", "section": "my"}


def tries_told(account_id: int) -> list[dict[str, Any]]:
    """Return the history of signing in, in words."""
    return [{"row": row, "tag": OUTCOMES[SignInOutcome(row.outcome)]} for row in sign_ins(account_id)]


def own(request: HttpRequest) -> Account:
    """Return the account of the person on this session."""
    return Account.objects.select_related("person").get(pk=who(request).account_id or 0)


@require_safe
@never_cache
@signed_in
def security(request: HttpRequest) -> HttpResponse:
    """Show one's own sessions, second factors and history of signing in."""
    account, now = own(request), timezone.now()
    factors = list(Authenticator.objects.filter(user=account).order_by("created_at", "pk"))
    return render(
        request,
        "directory/access/security.html",
        {
            **layout(request),
            "account": account,
            "sessions": live_sessions(account.pk, now, request.session.session_key or ""),
            "passkeys": [one for one in factors if one.type == "webauthn"],
            "totp": next((one for one in factors if one.type == "totp"), None),
            "recovery": next((one for one in factors if one.type == "recovery_codes"), None),
            "left": next(
                (len(one.wrap().get_unused_codes()) for one in factors if one.type == "recovery_codes"), 0
            ),
            "needs": needs_second_factor(account, clock.today()),
            "tries": tries_told(account.pk),
        },
    )


@require_POST
@signed_in
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    by = who(request)
    try:
        live = {one.row.pk for one in live_sessions(by.account_id or 0, timezone.now())}
        if pk not in live:
            raise NotThere
        end_session(by=by, at=clock.now(), real_at=timezone.now(), session=pk)
    except NotThere:
        raise Http404 from None
    messages.success(request, _("Đã ngắt phiên ấy."))
    return redirect("account_security")


@require_POST
@signed_in
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    n = end_other_sessions(
        by=who(request), at=clock.now(), real_at=timezone.now(), but=request.session.session_key or ""
    )
    messages.success(
        request, _("Đã ngắt %(n)d phiên khác.") % {"n": n} if n else _("Không còn phiên nào khác.")
    )
    return redirect("account_security")


@require_http_methods(BOTH)
@never_cache
@sensitive_post_parameters()
@signed_in
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password by the old one; the other sessions end, this one goes on."""
    account, today, error = own(request), clock.today(), ""
    if request.method == "POST":
        place, now = place_of(request, account), timezone.now()
        wait = take_turn(account.username, place, real_at=now) if request.POST.get("old") else 0
        if wait:
            error = _("Thử sai nhiều lần. Chờ %(n)d giây rồi thử lại.") % {"n": wait}
        elif not account.check_password(request.POST.get("old", "")):
            error = _("Mật khẩu đang dùng chưa đúng. Gõ lại.")
        else:
            succeeded(account.username, place)
            error = password_problem(request.POST.get("password1", ""), account, today)
        again = request.POST.get("password2", "")
        if not error and again and again != request.POST["password1"]:
            error = _("Hai lần gõ khác nhau. Bấm “Hiện mật khẩu” để xem, rồi gõ lại.")
        if not error:
            return _changed(request, account)
    return render(
        request,
        "directory/access/password.html",
        {
            "title": _("Đổi mật khẩu"),
            "account": account,
            "error": error,
            "with_old": True,
            "least": least_letters(account, today),
        },
        status=422 if error else 200,
    )


def _changed(request: HttpRequest, account: Account) -> HttpResponse:
    request.session.cycle_key()
    change_password(
        by=who(request),
        at=clock.now(),
        real_at=timezone.now(),
        password=make_password(request.POST["password1"]),
        session_key=request.session.session_key or "",
    )
    account.refresh_from_db()
    request.session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    messages.success(request, _("Đã đổi mật khẩu. Các phiên khác đã ngắt."))
    response = redirect("account_security")
    remember_device(request, response, account, today=clock.today())
    return response


@require_http_methods(BOTH)
@never_cache
@signed_in
@recently_proved
def passkey(request: HttpRequest) -> HttpResponse:
    """Add a passkey."""
    account, error = own(request), ""
    if request.method == "POST":
        factor = proved_new(request)
        error = "" if factor else _("Khóa trên máy chưa nhận được. Thử lại.")
        if factor is not None:
            return _added(request, factor, _("Đã thêm khóa trên máy."))
    return render(
        request,
        "directory/access/passkey.html",
        {**layout(request), "error": error, "passkey": options_for_new(account)},
        status=422 if error else 200,
    )


@require_http_methods(BOTH)
@never_cache
@signed_in
@recently_proved
def app(request: HttpRequest) -> HttpResponse:
    """Put another authenticator app in the place of the one there was."""
    account, error = own(request), ""
    secret = request.session.get(SECRET) or new_secret()
    request.session[SECRET] = secret
    if request.method == "POST":
        step = counter_of(secret, request.POST.get("code", ""), timezone.now())
        if step is not None:
            del request.session[SECRET]
            return _added(request, NewFactor("totp", secret=secret, step=step), _("Đã đổi ứng dụng mã."))
        error = _("Mã chưa khớp. Xem giờ điện thoại có đúng không, đợi mã mới rồi gõ lại.")
    return render(
        request,
        "directory/access/factor.html",
        {"account": account, "secret": secret, "qr": qr_of(account, secret), "error": error},
        status=422 if error else 200,
    )


def _added(request: HttpRequest, factor: NewFactor, sentence: str) -> HttpResponse:
    try:
        codes = add_factor(by=who(request), at=clock.now(), factor=factor)
    except CannotChangeFactors as refused:
        messages.error(request, str(refused))
        return redirect("account_security")
    messages.success(request, sentence)
    if codes:
        request.session[RECOVERY] = {"codes": codes, "after": "account_security"}
        return redirect("account_recovery")
    return redirect("account_security")


@require_POST
@signed_in
@recently_proved
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a second factor; an officer keeps one."""
    try:
        words = remove_factor(by=who(request), at=clock.now(), factor=pk)
    except NotThere:
        raise Http404 from None
    except CannotChangeFactors as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Đã gỡ %(words)s.") % {"words": words})
    return redirect("account_security")


@require_POST
@signed_in
@recently_proved
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a passkey another name."""
    try:
        rename_factor(by=who(request), factor=pk, name=request.POST.get("name", ""))
    except NotThere:
        raise Http404 from None
    messages.success(request, _("Đã đổi tên khóa."))
    return redirect("account_security")


@require_POST
@never_cache
@signed_in
@recently_proved
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes."""
    try:
        codes = renew_recovery_codes(by=who(request), at=clock.now())
    except CannotChangeFactors as refused:
        messages.error(request, str(refused))
        return redirect("account_security")
    request.session[RECOVERY] = {"codes": codes, "after": "account_security"}
    return redirect("account_recovery")


@require_http_methods(BOTH)
@never_cache
def session_left(request: HttpRequest) -> HttpResponse:
    """Tell a page's script how many seconds the session still lasts; a POST, pressed by a person, lengthens it first."""
    by, session = who(request), request.session
    if not by.is_signed_in:
        return JsonResponse({"left": 0}, status=403)
    expires = getattr(session, "expires_at", None)
    if request.method == "POST":
        session.touch("officer" if by.is_officer else "citizen")  # type: ignore[attr-defined]
        expires = session.expires_at  # type: ignore[attr-defined]
    left = int((expires - timezone.now()).total_seconds()) if expires else 0
    if request.method == "POST" and "text/html" in request.headers.get("Accept", ""):
        return redirect("account_security")
    warn = min(access_rules(timezone.now().date())["sessions"]["warn"], max(left // 2, 1))
    return JsonResponse({"left": max(left, 0), "warn": warn})
