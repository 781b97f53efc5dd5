"""Sessions in the database, read by one prepared statement: every request of a signed-in person reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from tinhso.toolkit.prepared import first_row

_READ = "select session_data from django_session where session_key = %s and expire_date > clock_timestamp()"


class SessionStore(DatabaseStore):
    """Django's own store but for the way it is read. Expiry is real time, as everywhere with sessions."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; a session that is not there or has ended begins anew."""
        row = first_row(_READ, [self.session_key])
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        return held
