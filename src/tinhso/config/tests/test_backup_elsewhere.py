"""Back up a PostgreSQL of one's own over TCP, by a role that may replicate and read, and restore it embedded."""

import hashlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from tinhso.config import roles
from tinhso.config.backup.house import BackupFailed, house_of
from tinhso.config.backup.looking import look
from tinhso.config.backup.proving import _documents
from tinhso.config.backup.restoring import Restored, restore
from tinhso.config.backup.running import take_now
from tinhso.config.backup.store import Base, Store
from tinhso.config.cluster import DATABASE, Cluster
from tinhso.config.testing import GROUND, TEMPLATE

PASSWORD = "a-password-for-this-test"
KEY = bytes(range(32))
PAPER = b"%PDF-1.7 elsewhere" * 100


@pytest.fixture
def place() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="tinhso-elsewhere-"))
    folder.chmod(0o711)
    yield folder
    for home in (folder / "theirs", folder / "back"):
        shutil.rmtree(Cluster(home).run, ignore_errors=True)
    shutil.rmtree(folder)


@contextmanager
def _server(place: Path) -> Iterator[int]:
    """Run a PostgreSQL as somebody else set it up: TCP, passwords, other names, settings outside the data folder."""
    theirs = Cluster(place / "theirs")
    theirs.make_folders()
    who = theirs._identity
    data, run = theirs.home / "data", theirs.run
    words, environment = (place / "theirs/pw"), {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    words.write_text(PASSWORD)
    data.mkdir(mode=0o700)
    theirs.own(theirs.home)
    made = [theirs.programs() / "initdb", "-D", data, "-U", "postgres", "--pwfile", words, "--encoding=UTF8"]
    made += ["--locale=C.UTF-8", "--auth=scram-sha-256"]
    subprocess.run(made, check=True, capture_output=True, cwd="/", env=environment, **who)
    (data / "postgresql.conf").rename(theirs.home / "postgresql.conf")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen(
        [
            *(theirs.programs() / "postgres", "-D", data, "-k", run, "-p", str(port), "-h", "127.0.0.1"),
            *("-c", f"config_file={theirs.home / 'postgresql.conf'}", "-c", "max_connections=50"),
        ],
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=environment,
        **who,
    )
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(_url("postgres", port, "postgres")).close()
                break
            except psycopg.OperationalError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield port
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _url(role: str, port: int, name: str = "province") -> str:
    return f"postgresql://{role}:{PASSWORD}@127.0.0.1:{port}/{name}"


def _fill(port: int, files: Path) -> None:
    GROUND.start()
    ours = GROUND.cluster.address("superuser")
    dump = [GROUND.cluster.programs() / "pg_dump", "-h", ours["host"], "-U", ours["user"], "-Ox", TEMPLATE]
    dumped = subprocess.run(dump, capture_output=True, check=True).stdout
    with psycopg.connect(_url("postgres", port, "postgres"), autocommit=True) as connection:
        connection.execute(f"create role head login createrole password '{PASSWORD}'")
        connection.execute(f"create role keeper login replication password '{PASSWORD}'")
        connection.execute("grant pg_read_all_data to keeper")
        connection.execute("create database province owner head template template0 encoding 'UTF8' locale 'C.UTF-8'")
    psql = [GROUND.cluster.programs() / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-1", _url("postgres", port)]
    subprocess.run(psql, input=dumped, stdout=subprocess.DEVNULL, check=True)
    digest = hashlib.sha256(PAPER).hexdigest()
    (files / digest[:2]).mkdir(parents=True)
    (files / digest[:2] / digest).write_bytes(PAPER)
    with psycopg.connect(_url("postgres", port), autocommit=True) as connection:
        connection.execute(
            "insert into documents_storedfile (sha256, size, media_type, created_at) values (%s, %s, 'x', now())",
            [digest, len(PAPER)],
        )


def _only_documents(store: Store, key: bytes, cluster: Cluster, base: Base, found: Restored) -> None:
    with psycopg.connect(**cluster.address("superuser", DATABASE), autocommit=True) as connection:  # type: ignore[arg-type]
        _documents(store, key, cluster.home / "files", connection, found)


def test_a_database_of_ones_own_is_kept_and_comes_back_embedded(place: Path) -> None:
    home, store = place / "ours", Store(place / "store")
    home.mkdir()
    (home / "secret").write_text("x" * 50)
    with _server(place) as port:
        _fill(port, home / "files")
        house = house_of(home, home / "files", _url("keeper", port))
        take_now(house, store, KEY)
        base = store.bases()[0]
        seen = look(store, KEY, [(hashlib.sha256(PAPER).hexdigest(), len(PAPER))], now=base.ended_at, behind=1.0)
        assert all(one.is_fine for one in seen), seen
        with pytest.raises((BackupFailed, psycopg.Error)):
            take_now(house_of(home, home / "files", _url("head", port)), Store(place / "other"), KEY)
    found = restore(store, KEY, place / "back", None, _only_documents)
    assert found.findings == []
    assert found.documents == 1
    cluster = Cluster(place / "back")
    cluster.start()
    try:
        with psycopg.connect(**cluster.address("superuser"), autocommit=True) as connection:  # type: ignore[arg-type]
            (owner,) = connection.execute(  # type: ignore[misc]
                "select r.rolname from pg_database d join pg_roles r on r.oid = d.datdba where d.datname = 'tinhso'"
            ).fetchone()
            (n,) = connection.execute("select count(*) from documents_storedfile").fetchone()  # type: ignore[misc]
    finally:
        cluster.stop()
    assert (owner, n) == (roles.OWNER, 1)
