"""Sessions in the database, read by one plain statement: every request of a signed-in person reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection

_READ = "select session_data from django_session where session_key = %s and expire_date > clock_timestamp()"


class SessionStore(DatabaseStore):
    """Django's own store but for the way it is read. Expiry is real time, as everywhere with sessions."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; a session that is not there or has ended begins anew."""
        with connection.cursor() as cursor:
            cursor.execute(_READ, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        return held
