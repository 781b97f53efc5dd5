"""Give a one-time code by which an account is set up; only its hash is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Final

from tinhso.directory.models import Account, Invitation
from tinhso.directory.rules import Purpose

#: No 0 and O, no 1, I and L: a code is read from paper.
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH, _GROUP = 12, 4
#: How long a code to set up an account may wait for its owner.
VALID_FOR: Final = dt.timedelta(days=7)


def hash_of_code(code: str) -> str:
    """Return the SHA-256 of a code as it was typed: small letters, spaces and dashes make no difference."""
    tidy = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(tidy.encode()).hexdigest()


def give_code(
    account: Account,
    *,
    purpose: Purpose,
    created_by_id: int | None,
    real_at: dt.datetime,
    reason: str = "",
    valid_for: dt.timedelta = VALID_FOR,
) -> tuple[Invitation, str]:
    """Withdraw the account's earlier codes of the purpose and return a new one, "ABCD-EFGH-JKMN", with its row.

    ``real_at`` is real time: codes do not follow the business clock.
    """
    waiting = Invitation.objects.select_for_update().filter(account=account, purpose=purpose)
    waiting.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=real_at)
    letters = "".join(secrets.choice(LETTERS) for _ in range(_LENGTH))
    row = Invitation.objects.create(
        account=account,
        purpose=purpose,
        code_hash=hash_of_code(letters),
        reason=reason,
        created_by_id=created_by_id,
        created_at=real_at,
        expires_at=real_at + valid_for,
    )
    return row, "-".join(letters[n : n + _GROUP] for n in range(0, _LENGTH, _GROUP))
