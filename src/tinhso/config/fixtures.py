"""Hold the fixtures of every test: the database, and connections as the roles that tests rarely take."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections

from tinhso.config.testing import GROUND


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Give this process its database."""
    with django_db_blocker.unblock():
        GROUND.start()
        GROUND.provide()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Fill the database once for all tests of a module, each of which undoes its own changes; then start afresh."""

    def fill(work: Callable[[], object]) -> None:
        with django_db_blocker.unblock():
            work()

    yield fill
    with django_db_blocker.unblock():
        GROUND.provide()


@pytest.fixture
def superuser(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """Connect to the test's database as its superuser, committing each statement."""
    with _connected("superuser") as connection:
        yield connection


@pytest.fixture
def owner(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """Connect to the test's database as the owner of its tables, committing each statement."""
    with _connected("owner") as connection:
        yield connection


@pytest.fixture
def sealer(django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """Connect to the test's database as the sealer, committing each statement."""
    with _connected("sealer") as connection:
        yield connection


@contextlib.contextmanager
def _connected(role: str) -> Iterator[psycopg.Connection[Any]]:
    address: dict[str, Any] = {**GROUND.cluster.address(role, GROUND.database)}
    with psycopg.connect(**address, autocommit=True) as connection:
        yield connection
