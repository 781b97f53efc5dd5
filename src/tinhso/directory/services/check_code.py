"""Check a one-time code as it is typed: five wrong ones and it stops working."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.models import Account, Invitation
from tinhso.directory.queries.access import access_rules, code_is, usable
from tinhso.directory.rules import Purpose


@transaction.atomic
def check_code(
    *, username: str, purpose: Purpose, code: str, real_at: dt.datetime, owner: int | None = None
) -> Invitation | None:
    """Return the code's row, not used up yet, or None; a wrong code counts against the codes that wait.

    ``owner``: the account that must have asked, where one is signed in.
    """
    accounts = Account.objects.filter(is_active=True)
    accounts = accounts.filter(pk=owner) if owner else accounts.filter(username__iexact=username.strip())
    rows = Invitation.objects.select_for_update(of=("self",)).filter(
        usable(purpose, real_at), account__in=accounts.values("pk")
    )
    waiting = list(rows.select_related("account__person").order_by("-created_at", "-id"))
    found = next((row for row in waiting if code_is(row, code)), None)
    if found is not None:
        return found
    tries = access_rules(real_at.date())["codes"]["tries"]
    for row in waiting:
        row.attempts += 1
        if row.attempts >= tries:
            row.withdrawn_at = real_at
        row.save(update_fields=["attempts", "withdrawn_at"])
    return None
