"""Check a typed code against an account's second factors: each code serves once, whatever comes at the same time."""

from __future__ import annotations

import datetime as dt
import hmac
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.db import transaction

#: Seconds that a code stands for, and how many of them before and after are taken (clocks differ).
PERIOD: Final = 30
AROUND: Final = 1
_DIGITS: Final = 6


def new_secret() -> str:
    """Return a new secret for an authenticator app: 20 random bytes in base 32."""
    return str(generate_totp_secret())


def counter_of(secret: str, code: str, real_at: dt.datetime, after: int = 0) -> int | None:
    """Return the step of time whose code this is, later than ``after``; None where it is none of the three."""
    typed = "".join(sign for sign in code if sign.isdigit())
    if len(typed) != _DIGITS:
        return None
    now = int(real_at.timestamp()) // PERIOD
    for counter in range(now - AROUND, now + AROUND + 1):
        if counter > after and hmac.compare_digest(format_hotp_value(hotp_value(secret, counter)), typed):
            return counter
    return None


@transaction.atomic
def use_second_factor(account_id: int, code: str, *, real_at: dt.datetime) -> Authenticator | None:
    """Return the factor that the code proves, and use the code up; None where it proves none.

    A code of an authenticator app works in its half minute and those around it, and never after a later one was used;
    a recovery code works once.
    """
    rows = Authenticator.objects.select_for_update().filter(user=account_id).exclude(type="webauthn")
    found = {row.type: row for row in rows.order_by("pk")}
    totp = found.get("totp")
    if totp is not None:
        step = counter_of(totp.data["secret"], code, real_at, totp.data.get("last_step", 0))
        if step is not None:
            totp.data["last_step"] = step
            totp.save(update_fields=["data"])
            return totp
    recovery = found.get("recovery_codes")
    if recovery is not None and recovery.wrap().validate_code(code.strip()):
        return recovery
    return None
