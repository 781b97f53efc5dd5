"""Signing in and out, in our own frame: password, then the second factor; or a passkey, which is both."""

from __future__ import annotations

import json
from typing import Any, Final

from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tinhso.directory.api import (
    Account,
    SignInOutcome,
    access_rules,
    address_of,
    device_of,
    has_passkey,
    options_to_prove,
    place_of,
    proved_passkey,
    record_sign_in,
    remember_device,
    succeeded,
    take_turn,
    use_second_factor,
    warn_of_known_password,
)
from tinhso.toolkit import clock

#: Counts wrong codes in a half-open session.
WRONG: Final = "wrong_codes"
#: Whose limits a session follows (`config/sessions.py`).
KIND: Final = "kind"
#: Clears what the browser keeps of this site; a computer that many use forgets its cookies too.
WIPE: Final = '"cache", "storage"'
WIPE_ALL: Final = '"cache", "cookies", "storage"'


def _named(name: str) -> Account | None:
    return Account.objects.select_related("person").filter(username__iexact=name.strip()).first()


def keep_try(request: HttpRequest, account: Account, outcome: SignInOutcome) -> None:
    """Write one try into the account's history; of a new device its owner is told."""
    record_sign_in(
        account,
        outcome,
        at=clock.now(),
        real_at=timezone.now(),
        address=address_of(request.META),
        device=device_of(request),
        is_known=place_of(request, account).is_known,
    )


def welcome(request: HttpRequest, response: HttpResponse, account: Account) -> HttpResponse:
    """Write that somebody signed in, and let the device remember it."""
    keep_try(request, account, SignInOutcome.SIGNED_IN)
    if request.session.get(KIND) != "shared":
        remember_device(request, response, account, today=clock.today())
    return response


class SignIn(LoginView):  # type: ignore[misc]
    """Sign in by password; officers are then asked for their second factor."""

    wait = 0

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let whoever guessed wrong wait first; count each try before it is made."""
        name = request.POST.get("login", "")[:60]
        self.account, now = _named(name), timezone.now()
        self.place = place_of(request, self.account)
        self.wait = take_turn(name, self.place, real_at=now) if name.strip() else 0
        if not self.wait:
            answer: HttpResponse = super().post(request, *args, **kwargs)
            return answer
        if self.account is not None:
            keep_try(request, self.account, SignInOutcome.TOO_OFTEN)
        page: HttpResponse = self.render_to_response(self.get_context_data(form=self.get_form()))
        page.status_code = 429
        return page

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on under a new key, be it to the second factor or in."""
        request, account = self.request, form.user
        succeeded(account.username, self.place)
        request.session.cycle_key()
        request.session.pop(WRONG, None)
        if request.POST.get("shared"):
            request.session[KIND] = "shared"
        else:
            request.session.pop(KIND, None)
        response: HttpResponse = super().form_valid(form)
        if request.user.is_authenticated:
            return welcome(request, response, account)
        if not account.is_active:
            keep_try(request, account, SignInOutcome.DISABLED)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        """Keep the try in the history of the account, if there is one."""
        if self.account is not None and self.request.POST.get("password"):
            keep_try(self.request, self.account, SignInOutcome.WRONG_PASSWORD)
        page: HttpResponse = super().form_invalid(form)
        return page

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the library's own idea of a site; say how long whoever tries too often waits."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        context["wait"] = self.wait
        return context


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def passkey(request: HttpRequest) -> HttpResponse:
    """Tell the browser what to prove, and sign in whoever proves it: possession and user verification in one."""
    if request.method != "POST":
        return JsonResponse(json.loads(options_to_prove(None)))
    sent = request.POST.get("credential", "")
    wait = take_turn("passkey", place_of(request, None), real_at=timezone.now()) if sent else 1
    found = None if wait else proved_passkey(sent, None)
    if found is None:
        messages.error(request, _("Khóa trên máy chưa đúng hoặc chưa đăng ký. Thử lại, hoặc dùng mật khẩu."))
        return redirect("account_login")
    succeeded("passkey", place_of(request, None))
    account: Account = found.user
    request.session.cycle_key()
    request.session.pop(KIND, None)
    after = request.POST.get("next") or None
    response: HttpResponse = perform_passwordless_login(
        request, found, Login(user=account, redirect_url=_ours(request, after))
    )
    if request.user.is_authenticated:
        return welcome(request, response, account)
    keep_try(request, account, SignInOutcome.DISABLED)
    return response


def _ours(request: HttpRequest, address: str | None) -> str | None:
    return address if address and address.startswith("/") and not address.startswith(("//", "/\\")) else None


class SignOut(LogoutView):  # type: ignore[misc]
    """Ask before signing out; then nothing of the session is left, here or in the browser."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session on the server and let the browser forget this site's pages."""
        wipe = WIPE_ALL if self.request.session.get(KIND) == "shared" else WIPE
        response: HttpResponse = super().post(*args, **kwargs)
        self.request.session.flush()
        response["Clear-Site-Data"] = wipe
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the library's own idea of a site: ours frames the page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        return context


class CodeForm(AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code: each serves once (`use_second_factor`)."""

    def clean_code(self) -> str:
        """Return the code, used up. Raises ``ValidationError``."""
        code = str(self.cleaned_data["code"])
        found = use_second_factor(self.user.pk, code, real_at=timezone.now())
        if found is None:
            raise ValidationError(_("Mã này chưa đúng hoặc đã dùng. Đợi mã mới rồi gõ lại."))
        found.user = self.user
        self.authenticator = found
        return code


class OneTimeCode(AuthenticateView):  # type: ignore[misc]
    """Ask an officer for the second factor: a code, or a passkey."""

    wait = 0
    form_class = CodeForm

    def _build_forms(self) -> Any:
        """Make the form; ours asks for codes only, passkeys are proved apart."""
        self.webauthn_form = None
        data = self.request.POST if self.request.method == "POST" else None
        self.auth_form = CodeForm(user=self.stage.login.user, data=data)
        return self.auth_form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a code or a passkey; five wrong ones and the password is asked for again."""
        account: Account = self.stage.login.user
        place = place_of(request, account)
        now = timezone.now()
        self.wait = take_turn(account.username, place, real_at=now, step="code")
        if self.wait:
            keep_try(request, account, SignInOutcome.TOO_OFTEN)
            page: HttpResponse = self.get(request)
            page.status_code = 429
            return page
        if "credential" in request.POST:
            found = proved_passkey(request.POST["credential"], account)
            if found is not None:
                found.user = account
                form = CodeForm(user=account)
                form.authenticator = found
                return self._in(account, place, form)
        elif self.form.is_valid():
            return self._in(account, place, self.form)
        keep_try(request, account, SignInOutcome.WRONG_CODE)
        wrong = request.session.get(WRONG, 0) + 1
        request.session[WRONG] = wrong
        if wrong >= access_rules(now.date())["pace"]["codes_in_a_row"]:
            clear_login(request)
            request.session.flush()
            warn_of_known_password(account, at=clock.now())
            messages.error(request, _("Mã sai năm lần. Đăng nhập lại từ đầu."))
            return redirect("account_login")
        shown: HttpResponse = self.get(request)
        shown.status_code = 422
        return shown

    def _in(self, account: Account, place: Any, form: Any) -> HttpResponse:
        succeeded(account.username, place, step="code")
        self.request.session.pop(WRONG, None)
        response: HttpResponse = self.form_valid(form)
        return welcome(self.request, response, account) if self.request.user.is_authenticated else response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the library's own idea of a site: ours frames the page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        account = self.stage.login.user
        context["wait"] = self.wait
        context["passkey"] = options_to_prove(account) if has_passkey(account.pk) else ""
        return context
