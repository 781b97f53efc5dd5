"""Give the races a database of their own, which is committed to, and the two servers on it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connections

from tests.races.servers import Server, serving
from tinhso.catalogue.api import ProcedureVersion, import_sheet
from tinhso.catalogue.services.publish import SHEETS
from tinhso.catalogue.tests.factories import make_version
from tinhso.config.testing import GROUND, TEMPLATE
from tinhso.directory.api import SYSTEM, Actor, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_cast
from tinhso.dossiers.tests.factories import NINE


@dataclass(frozen=True)
class Town:
    """Two servers, everybody, eight clerks of one counter, and two procedures."""

    servers: tuple[Server, Server]
    cast: Cast
    clerks: tuple[Actor, ...]
    version: ProcedureVersion
    birth: ProcedureVersion
    at: dt.datetime


@contextlib.contextmanager
def _talking_to(name: str) -> Iterator[None]:
    """Let the connections of this process go to another database."""
    entry = connections.settings["default"]
    usual = entry["NAME"]
    connections.close_all()
    entry["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        entry["NAME"] = usual


@pytest.fixture(scope="session")
def served_town(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Town]]:
    """Serve a fresh database by two processes; drop it afterwards."""
    name = f"races_{GROUND.worker or 'main'}"
    with django_db_blocker.unblock():
        GROUND.cluster.drop_database(name)
        GROUND.cluster.make_database(name, template=TEMPLATE)
        with _talking_to(name):
            cast = make_cast()
            clerks = tuple(
                make_actor(f"quay{n}", f"Mẫu Quầy {letter}", (cast.commune, Role.COUNTER_CLERK, "Công chức"))
                for n, letter in enumerate("ABCDEFGH")
            )
            birth = import_sheet(SHEETS / "1.001193.json", by=SYSTEM, at=NINE)
            version = make_version()
    with serving(name, tmp_path_factory.mktemp("servers")) as pair:
        yield name, Town(pair, cast, clerks, version, birth, NINE)
    GROUND.cluster.drop_database(name)


@pytest.fixture
def town(served_town: tuple[str, Town], django_db_blocker: Any) -> Iterator[Town]:
    """Give the town, and let the test look into its database, in which everything is committed."""
    name, made = served_town
    with django_db_blocker.unblock(), _talking_to(name):
        yield made
