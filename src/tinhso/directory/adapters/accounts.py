"""What the sign-in library asks of us: where one may be led, what a closed account is told, how a passkey names us."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up, nothing is mailed by the library, and nobody is led away from this site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the province."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Lead to pages of this very host only."""
        host = context.request.get_host()
        return url_has_allowed_host_and_scheme(url, {host}, require_https=context.request.is_secure())

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Say it to whoever knew the password, and to nobody else."""
        request.session["closed_account"] = user.pk
        return HttpResponseRedirect(reverse("account_closed"))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: what people are told goes through ``messages``."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing."""

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing in the library's words."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """How passkeys name the site and the person."""

    def _get_site_name(self) -> str:
        return "Tỉnh Số"

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Return what the device keeps of the person: a number, the account name and the person's name."""
        return {
            "id": user_pk_to_url_str(user).encode(),
            "display_name": user.person.name,
            "name": user.username,
        }
