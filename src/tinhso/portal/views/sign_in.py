"""Signing in and out, in our own frame."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView, LogoutView


class SignIn(LoginView):  # type: ignore[misc]
    """Sign in by password; officers are then asked for their one-time code."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the library's own idea of a site: ours frames the page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        return context


class SignOut(LogoutView):  # type: ignore[misc]
    """Ask before signing out."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Leave out the library's own idea of a site: ours frames the page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context.pop("site", None)
        return context
