"""End sessions: one, all others, all of an account. What is ended holds nothing at its next request."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import SessionsEnded
from tinhso.directory.models import Account, OpenSession
from tinhso.directory.permissions import SESSIONS, MaySession
from tinhso.directory.rules import Actor
from tinhso.directory.services.record_change import record_change
from tinhso.directory.services.tell_owner import tell_owner


def end_sessions_of(account_id: int, *, real_at: dt.datetime, why: str, but: str = "") -> int:
    """End the sessions of an account, but for the one with the key ``but``; return how many."""
    rows = list(
        OpenSession.objects.select_for_update()
        .filter(account=account_id, ended_at=None)
        .exclude(session_key=but or "-")
    )
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    OpenSession.objects.filter(pk__in=[row.pk for row in rows]).update(
        ended_at=real_at, ended_why=why, session_key=""
    )
    return len(rows)


@transaction.atomic
def end_session(
    *, by: Actor, at: dt.datetime, real_at: dt.datetime, session: int, reason: str = ""
) -> OpenSession:
    """End one session, one's own or an officer's of the branch. Raises ``NotThere``."""
    row = SESSIONS.one(by, MaySession.END, pk=session, ended_at=None)
    Session.objects.filter(session_key=row.session_key).delete()
    row.session_key, row.ended_at = "", real_at
    is_own = row.account_id == by.account_id
    row.ended_why = "owner" if is_own else "administrator"
    row.save(update_fields=["session_key", "ended_at", "ended_why"])
    account = Account.objects.select_related("person").get(pk=row.account_id)
    _keep(account, 1, by=by, at=at, reason=reason)
    if not is_own:
        tell_owner(
            account.person,
            title=_("Một phiên đăng nhập bị quản trị viên ngắt"),
            body=_("Quản trị viên đã ngắt một phiên của bạn. Đăng nhập lại để làm tiếp."),
            at=at,
            kind="session_ended",
        )
    return row


@transaction.atomic
def end_other_sessions(*, by: Actor, at: dt.datetime, real_at: dt.datetime, but: str) -> int:
    """End every session of the actor but the one with this key; return how many."""
    ended = end_sessions_of(by.account_id or 0, real_at=real_at, why="owner", but=but)
    if ended:
        account = Account.objects.select_related("person").get(pk=by.account_id or 0)
        _keep(account, ended, by=by, at=at)
    return ended


def end_run_out(*, real_at: dt.datetime) -> int:
    """Write down that sessions sat idle, or lasted, for too long: their rows are gone or past their end."""
    live = Session.objects.filter(expire_date__gt=real_at).values("session_key")
    rows = OpenSession.objects.filter(ended_at=None).exclude(session_key__in=live)
    return rows.update(ended_at=real_at, ended_why="ran_out", session_key="")


def _keep(account: Account, ended: int, *, by: Actor, at: dt.datetime, reason: str = "") -> None:
    record_change(
        f"person:{account.person_id}",
        _("Ngắt phiên đăng nhập"),
        lambda line: SessionsEnded(account.pk, ended, line),
        by=by,
        at=at,
        after=_("%(n)d phiên") % {"n": ended},
        reason=reason.strip(),
    )
