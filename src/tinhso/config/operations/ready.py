"""Answer whoever asks whether this process lives (`/livez`) and may be sent people (`/readyz`).

The middleware of the request id answers before any other: no session, no cookie, no kept page, no way to TLS, no
database for `/livez`, at most one question a second to the database for `/readyz`, whoever asks how often.
"""

from __future__ import annotations

import logging
import time
from threading import Lock
from typing import Any, Final

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from tinhso.journal.queries import SEALER_LOCK

log = logging.getLogger("tinhso.operations")

LIVES: Final = "/livez"
READY: Final = "/readyz"
#: For how many seconds an answer holds.
HOLDS: Final = 1.0
_PATIENCE: Final = 2
#: What is wrong, as words and nothing more: a stranger may read them.
NO_DATABASE, OLD_TABLES, NO_SEALER = "database", "migrations", "sealer"
_ASK: Final = """
select array(select app || '.' || name from django_migrations),
       exists (select 1 from pg_locks where locktype = 'advisory' and granted and objsubid = 1
               and database = (select oid from pg_database where datname = current_database())
               and (classid::bigint << 32) + objid::bigint = %s)
"""


class _Kept:
    """The last answer of this process."""

    lock = Lock()
    at = -HOLDS
    reasons: tuple[str, ...] = ()
    wanted: frozenset[str] | None = None


@require_safe
def lives(_request: HttpRequest) -> HttpResponse:
    """Say that the process lives."""
    return _answer(HttpResponse("sống\n", content_type="text/plain; charset=utf-8"))


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Say whether people may be sent here: 200, or 503 with the reasons as words."""
    reasons = reasons_now()
    said: dict[str, Any] = {"ready": not reasons, "reasons": list(reasons)}
    return _answer(JsonResponse(said, status=503 if reasons else 200))


def reasons_now() -> tuple[str, ...]:
    """Return why not, at most a second old; nothing is well."""
    with _Kept.lock:
        if time.monotonic() - _Kept.at >= HOLDS:
            _Kept.reasons = _ask()
            _Kept.at = time.monotonic()
        return _Kept.reasons


def _ask() -> tuple[str, ...]:
    """Ask on a connection of its own: the pool may be what is used up, and its patience is ten seconds."""
    known = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in {"dbname", "user", "password", "host", "port", "sslmode", "sslrootcert"} and value
    }
    options = f"-c statement_timeout={_PATIENCE}s"
    try:
        with psycopg.connect(**known, connect_timeout=_PATIENCE, options=options, autocommit=True) as asked:
            row = asked.execute(_ASK, [SEALER_LOCK]).fetchone()
    except psycopg.errors.UndefinedTable:
        return (OLD_TABLES,)
    except psycopg.Error as error:
        log.warning("not ready: %s", type(error).__name__)
        return (NO_DATABASE,)
    applied, is_sealed = row or ([], False)
    reasons = () if _wanted() <= set(applied) else (OLD_TABLES,)
    return reasons if is_sealed else (*reasons, NO_SEALER)


def _wanted() -> frozenset[str]:
    """Return the migrations of this code, read once."""
    if _Kept.wanted is None:
        loader = MigrationLoader(None, ignore_no_migrations=True)
        _Kept.wanted = frozenset(f"{app}.{name}" for app, name in loader.disk_migrations)
    return _Kept.wanted


def _answer(response: HttpResponse) -> HttpResponse:
    """Finish an answer; Django need not log each "not ready" as an error: it is asked every few seconds."""
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
