"""Let a web process answer at once while the database is away, and use it again as soon as it is back.

A pool that cannot connect tries less and less often and keeps everybody waiting meanwhile. When an answer says that
the database is away, this asks the database itself, on a connection apart, twice a second; until it is back the pool
keeps nobody waiting, and then a fresh pool takes its place.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Any, Final

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

log = logging.getLogger("tinhso.web")

#: Statuses after which the database is asked.
SUSPICIOUS: Final = ("500", "503")
EVERY: Final = 0.5
#: How long a request waits for a connection while the database is away, in seconds.
BRIEF: Final = 0.05
_PATIENCE: Final = 2
_KEYS: Final = frozenset({"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert"})


class PoolKeeper:
    """The application, and beside it a thread that looks after the pool once something went wrong."""

    def __init__(self, application: Callable[..., Any]) -> None:
        """Wrap the application; the thread sleeps until it is needed."""
        self._application = application
        self._suspects = Event()
        self.is_away = False
        Thread(target=self._watch, name="pool-keeper", daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Answer, and become suspicious where the answer is that something is broken."""

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if status.startswith(SUSPICIOUS):
                self._suspects.set()
            return start_response(status, headers, *more)

        return self._application(environ, begin)

    def _watch(self) -> None:
        while True:
            self._suspects.wait()
            self._suspects.clear()
            if not answers():
                self._wait_for_it()

    def _wait_for_it(self) -> None:
        self.is_away = True
        _shorten()
        log.warning("the database is away")
        sleep = Event()
        while not answers():
            _shorten()
            sleep.wait(EVERY)
        renew()
        self.is_away = False
        self._suspects.clear()
        log.warning("the database is back")


def answers() -> bool:
    """Say whether the database takes a connection and answers."""
    parameters = connections[DEFAULT_DB_ALIAS].get_connection_params()
    known = {key: value for key, value in parameters.items() if key in _KEYS and value}
    try:
        with psycopg.connect(**known, connect_timeout=_PATIENCE, autocommit=True) as asked:
            asked.execute("select 1")
    except psycopg.Error:
        return False
    return True


def _shorten() -> None:
    pool = connections[DEFAULT_DB_ALIAS].pool  # type: ignore[attr-defined]
    if pool is not None:
        pool.timeout = BRIEF


def renew() -> None:
    """Put a fresh pool in the place of the old one, which is closed; connections in use go back to the old one."""
    wrapper: Any = connections[DEFAULT_DB_ALIAS]
    old = type(wrapper)._connection_pools.pop(DEFAULT_DB_ALIAS, None)
    if old is not None:
        with contextlib.suppress(Exception):
            old.close(timeout=1.0)
