"""Make the database's roles and say how to connect as each: owner, app and sealer.

The owner holds the tables and runs migrations; web and worker connect as `app`, the sealer as `sealer`, and
neither of these owns a table. With the embedded cluster a role is reached through its socket folder by the
account's name alone; with a database of one's own each role has a random password in `roles.json`.
"""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

OWNER: Final = "tinhso_owner"
APP: Final = "tinhso_app"
SEALER: Final = "tinhso_sealer"
SUPERUSER: Final = "postgres"
NAMES: Final[Mapping[str, str]] = {"owner": OWNER, "app": APP, "sealer": SEALER, "superuser": SUPERUSER}
LEAST_VERSION: Final = 170000
#: Trusted extensions, which the owner of a database may create.
EXTENSIONS: Final = ("btree_gist", "pg_trgm", "unaccent")

#: What ends a statement, a wait for a lock and a whole transaction: a forgotten one would stop the sealer.
LIMITS: Final[Mapping[str, Mapping[str, str]]] = {
    APP: {"statement_timeout": "15s", "lock_timeout": "5s", "transaction_timeout": "30s"},
    SEALER: {"statement_timeout": "60s", "lock_timeout": "5s", "transaction_timeout": "60s"},
}


class RolesNotMade(Exception):
    """Say in one Vietnamese sentence why the database of one's own cannot be used."""


def provide(
    connection: psycopg.Connection[Any], passwords: Mapping[str, str], limits: Mapping[str, str] | None = None
) -> None:
    """Create the roles `app` and `sealer` where they lack and set their limits.

    `passwords` maps a role's name to its password; a role that is not in it gets none (embedded cluster).
    `limits` overrides `LIMITS` for both roles, for tests that last longer than a request.
    """
    known = {name for (name,) in connection.execute("select rolname from pg_roles")}
    for role, usual in LIMITS.items():
        name = sql.Identifier(role)
        if role not in known:
            connection.execute(sql.SQL("create role {} login noinherit nocreatedb nocreaterole").format(name))
        if role in passwords:
            statement = sql.SQL("alter role {} password {}").format(name, sql.Literal(passwords[role]))
            connection.execute(statement)
        for setting, value in {**usual, **(limits or {})}.items():
            connection.execute(
                sql.SQL("alter role {} set {} = {}").format(name, sql.Identifier(setting), sql.Literal(value))
            )


def furnish(connection: psycopg.Connection[Any], owner: str) -> None:
    """Add the extensions, and let `app` read and write every table that `owner` makes in this database.

    The journal's migration takes UPDATE and DELETE away again; a test asks for every table.
    """
    for name in EXTENSIONS:
        connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(name)))
    for what in ("select, insert, update, delete on tables", "usage, select on sequences"):
        connection.execute(
            sql.SQL("alter default privileges for role {} grant {} to {}").format(
                sql.Identifier(owner), sql.SQL(what), sql.Identifier(APP)
            )
        )


def provide_elsewhere(url: str, keep: Path) -> None:
    """Prepare a database of one's own, reached by its owner's address `url`; keep passwords in `keep` (0600).

    Raises RolesNotMade with the sentence to show.
    """
    passwords = _passwords(keep)
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            if connection.info.server_version < LEAST_VERSION:
                found = connection.info.server_version // 10000
                raise RolesNotMade(
                    f"Cần PostgreSQL 17 trở lên; máy chủ ở TINHSO_DATABASE_URL là bản {found}."
                )
            provide(connection, passwords)
            furnish(connection, connection.info.user)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RolesNotMade(
            "Tài khoản trong TINHSO_DATABASE_URL cần quyền CREATEROLE để tạo hai vai trò "
            f"{APP} và {SEALER}. Hãy cấp quyền ấy rồi chạy lại."
        ) from error
    except psycopg.OperationalError as error:
        raise RolesNotMade(
            f"Không kết nối được cơ sở dữ liệu ở TINHSO_DATABASE_URL. Máy chủ trả lời: {str(error).strip()}"
        ) from error


def elsewhere(url: str, keep: Path, role: str, name: str | None = None) -> dict[str, str]:
    """Say how to connect to a database of one's own as `role` (psycopg's keywords)."""
    address = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    if role != "owner":
        address |= {"user": NAMES[role], "password": _passwords(keep).get(NAMES[role], "")}
    return address | ({"dbname": name} if name else {})


def django(address: Mapping[str, str]) -> dict[str, Any]:
    """Turn psycopg's keywords into an entry of Django's DATABASES."""
    own = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    entry: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql"}
    entry |= {own[key]: value for key, value in address.items() if key in own}
    entry["OPTIONS"] = {key: value for key, value in address.items() if key not in own}
    return entry


def _passwords(keep: Path) -> dict[str, str]:
    if not keep.exists():
        keep.parent.mkdir(parents=True, exist_ok=True)
        made = {role: secrets.token_urlsafe(32) for role in (APP, SEALER)}
        with os.fdopen(os.open(keep, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
    return dict(json.loads(keep.read_text()))
