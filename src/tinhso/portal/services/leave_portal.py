"""Close a citizen's account together with the drafts; what was filed stays."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import Actor, close_account
from tinhso.dossiers.api import drafts_of, forget_drafts


@transaction.atomic
def leave_portal(*, by: Actor, at: dt.datetime, real_at: dt.datetime) -> int:
    """Close the actor's account and empty the drafts; return how many. Raises ``CannotClose``."""
    numbers = [draft.pk for draft in drafts_of(by)]
    forget_drafts(numbers)
    close_account(by=by, at=at, real_at=real_at)
    return len(numbers)
