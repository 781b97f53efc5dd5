"""Speak with a browser about passkeys: what it is asked for, and whether its answer holds.

The questions stand in the session, once; the library checks challenge, site, signature and that its owner was verified.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tinhso.directory.models import Account
from tinhso.directory.rules import NewFactor

#: Longer answers are no browser's.
_LONGEST = 20_000


def options_for_new(account: Account) -> str:
    """Return what the browser is asked for a new passkey, as JSON."""
    return json.dumps(auth.begin_registration(account, True))


def options_to_prove(account: Account | None) -> str:
    """Return what the browser is asked to prove a passkey of the account, or any of this site, as JSON."""
    return json.dumps(auth.begin_authentication(account))


def has_passkey(account_id: int) -> bool:
    """Say whether the account has a passkey."""
    return Authenticator.objects.filter(user=account_id, type="webauthn").exists()


def proved_new(request: HttpRequest) -> NewFactor | None:
    """Return the passkey that the browser made, or None where its answer does not hold."""
    credential = _sent(request.POST.get("credential", ""))
    if credential is None:
        return None
    try:
        auth.parse_registration_response(credential)
        binding = auth.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        return None
    if not binding.is_user_verified():
        return None
    name = request.POST.get("name", "").strip()[:60] or _("Khóa trên máy")
    return NewFactor("webauthn", name=name, credential=credential)


def proved_passkey(sent: str, account: Account | None) -> Authenticator | None:
    """Return the passkey that the browser proved, of this account, or of whichever it names where none is given."""
    credential = _sent(sent)
    if credential is None:
        return None
    try:
        auth.parse_authentication_response(credential)
        owner = account if account is not None else auth.extract_user_from_response(credential)
        found: Authenticator = auth.complete_authentication(owner, credential)
    except (ValidationError, ValueError, TypeError, KeyError):
        return None
    return found


def _sent(text: str) -> dict[str, Any] | None:
    if not text or len(text) > _LONGEST:
        return None
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
