"""Signing in and out, in our own frame."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.mfa.base.views import AuthenticateView


class SignIn(LoginView):  # type: ignore[misc]
    """Sign in by password; officers are then asked for their one-time code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the library's own idea of a site; say whether somebody tries too often."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        errors = context["form"].non_field_errors().as_data()
        context["is_too_often"] = any(error.code == "too_many_login_attempts" for error in errors)
        return context


class SignOut(LogoutView):  # type: ignore[misc]
    """Ask before signing out."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the library's own idea of a site: ours frames the page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        return context


class OneTimeCode(AuthenticateView):  # type: ignore[misc]
    """Ask an officer for the one-time code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the library's own idea of a site: ours frames the page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        return context
