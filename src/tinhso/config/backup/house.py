"""The installation that is kept: its folder, PostgreSQL's programs, and how to reach its database for replication."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tinhso.config.cluster import DATABASE, Cluster

APPLICATION: Final = "tinhso-archive"


class BackupFailed(Exception):
    """Say in one or two Vietnamese sentences why no backup was taken, and what to do."""


@dataclass(frozen=True, slots=True)
class House:
    """An installation; ``address`` in psycopg's keywords, of a role that may replicate, without the database's name."""

    home: Path
    files: Path
    programs: Path
    address: Mapping[str, str]
    database: str = DATABASE
    is_embedded: bool = True

    def words(self) -> list[str]:
        """Return the connection as PostgreSQL's programs take it; the password goes by the environment."""
        told = {key: value for key, value in self.address.items() if key != "password"}
        return ["-d", make_conninfo("", **told), "--no-password"]

    def environment(self) -> dict[str, str]:
        """Return the environment of PostgreSQL's programs."""
        password = self.address.get("password")
        more = {"PGPASSWORD": password} if password else {}
        return {**os.environ, "LC_ALL": "C.UTF-8", "PGAPPNAME": APPLICATION, **more}

    def connect(self) -> psycopg.Connection[Any]:
        """Connect to the database; each statement is its own transaction."""
        return psycopg.connect(
            **self.address,  # type: ignore[arg-type]
            dbname=self.database,
            application_name=APPLICATION,
            autocommit=True,
            connect_timeout=10,
        )


def house_of(home: Path, files: Path, url: str) -> House:
    """Return the installation in ``home``; ``url``: how to reach a database of one's own, else the embedded one."""
    cluster = Cluster(home)
    if not url:
        address = {key: value for key, value in cluster.address("superuser").items() if key != "dbname"}
        return House(home, files, cluster.programs(), address)
    known = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    name = known.pop("dbname", "") or DATABASE
    return House(home, files, cluster.programs(), known, name, is_embedded=False)
