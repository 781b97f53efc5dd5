"""Sessions in the database, read by one prepared statement: every request of a signed-in person reads one.

The row's end is the idle limit: it moves on with what its owner does, at most once a minute, and never beyond the
absolute limit. So a session that sat idle is gone with the statement that would read it, and no request writes but one
a minute. Beside each stands an ``OpenSession``, by which its owner sees and ends it. Real time throughout.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection, transaction
from django.utils import timezone

from tinhso.directory.queries.access import access_rules, device_words
from tinhso.directory.queries.device import address_of
from tinhso.toolkit import clock
from tinhso.toolkit.prepared import first_row

#: When the signed-in session began, in seconds; signing in proves who one is, so it is the first proof too.
BEGAN: Final = "began"
#: Whose limits count: officer, citizen, or a computer that many use.
KIND: Final = "kind"
_READ = (
    "select session_data, expire_date from django_session"
    " where session_key = %s and expire_date > clock_timestamp()"
)
_KIND = """
select exists (select 1 from directory_post t join directory_account a on a.person_id = t.person_id
                where a.id = %s::bigint and (t.valid_to is null or t.valid_to >= %s::date))
"""
_MOVE = 'update "directory_opensession" set session_key = %s where session_key = %s'
_LIST = """
insert into "directory_opensession" (account_id, session_key, address, device, began_at, seen_at, ended_why)
select id, %s, %s::inet, %s, %s, %s, '' from directory_account where id = %s
on conflict (session_key) where not session_key = '' do update set seen_at = excluded.seen_at
"""
_END = """
update "directory_opensession" set ended_at = %s, ended_why = %s, session_key = '' where session_key = %s
"""
_TOUCH = """
with kept as (update "django_session" set expire_date = %s where session_key = %s and expire_date > clock_timestamp()
              returning session_key)
update "directory_opensession" o set seen_at = %s from kept where o.session_key = kept.session_key
"""


class SessionStore(DatabaseStore):
    """Django's own store but for how it is read, when it ends and that it is listed."""

    #: What the request says of its sender; set by the middleware, read where a session begins.
    meta: Mapping[str, Any] | None = None
    #: A request that its owner did not make by hand: it lengthens nothing.
    is_quiet = False
    expires_at: dt.datetime | None = None
    ended_why = "signed_out"
    _before = ""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; a session that is not there or has ended begins anew."""
        row = first_row(_READ, [self.session_key])
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        self.expires_at = row[1]
        return held

    def ends_at(self, now: dt.datetime, kind: str = "") -> dt.datetime:
        """Return when a signed-in session ends if nothing more is done from ``now`` on."""
        rules = access_rules(now.date())["sessions"]
        kind = self.get(KIND, "officer") if not kind or self.get(KIND) == "shared" else kind
        began = dt.datetime.fromtimestamp(self.get(BEGAN) or now.timestamp(), dt.UTC)
        return min(
            now + dt.timedelta(seconds=rules[f"{kind}_idle"]),
            began + dt.timedelta(seconds=rules["absolute"]),
        )

    def get_expiry_date(self, **kwargs: Any) -> dt.datetime:
        """Return the end that a save writes."""
        if not self.get(SESSION_KEY):
            return super().get_expiry_date(**kwargs)
        if self.is_quiet and self.expires_at is not None:
            return self.expires_at
        return self.ends_at(timezone.now())

    def save(self, must_create: bool = False) -> None:
        """Write the session, and list it where somebody is signed in."""
        held = self._get_session(no_load=must_create)
        account = held.get(SESSION_KEY)
        if not account:
            super().save(must_create)
            return
        if not held.get(BEGAN):
            held[BEGAN] = time.time()
        if not held.get(KIND):
            row = first_row(_KIND, [int(account), clock.today()])
            held[KIND] = "officer" if row and row[0] else "citizen"
        with transaction.atomic(), connection.cursor() as cursor:
            super().save(must_create)
            if self._before:
                cursor.execute(_MOVE, [self.session_key, self._before])
                self._before = ""
            now = timezone.now()
            device = device_words(str((self.meta or {}).get("HTTP_USER_AGENT", "")))
            began = dt.datetime.fromtimestamp(held[BEGAN], dt.UTC)
            address = address_of(self.meta or {}) or None
            cursor.execute(_LIST, [self.session_key, address, device, began, now, int(account)])
        self.expires_at = self.get_expiry_date()

    def cycle_key(self) -> None:
        """Go on under a new key; the old one holds nothing from now on."""
        before = self.session_key
        self._before = before if before and self.get(SESSION_KEY) else ""
        super().cycle_key()

    def delete(self, session_key: str | None = None) -> None:
        """Take the session away, here and in its owner's list."""
        key = session_key or self.session_key
        super().delete(session_key)
        if key:
            with connection.cursor() as cursor:
                cursor.execute(_END, [timezone.now(), self.ended_why, key])

    def touch(self, kind: str) -> bool:
        """Move the end on, unless it was moved within the last minute; say whether it was written."""
        now = timezone.now()
        wanted = self.ends_at(now, kind)
        least = dt.timedelta(seconds=access_rules(now.date())["sessions"]["write_every"])
        if self.expires_at is None or abs(wanted - self.expires_at) < least:
            return False
        with connection.cursor() as cursor:
            cursor.execute(_TOUCH, [wanted, self.session_key, now])
        self.expires_at = wanted
        return True
