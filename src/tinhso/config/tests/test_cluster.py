"""Start, kill and start again: a cluster survives what happens to servers."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from tinhso.config.cluster import Cluster, ClusterNotStarted

STARTER = """
import sys, time
from pathlib import Path
from tinhso.config.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]), throw_away=True)
cluster.start()
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="tinhso-cluster-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)
    shutil.rmtree(Cluster(folder).run, ignore_errors=True)


def _role(cluster: Cluster, role: str) -> str:
    address = cluster.address(role, "postgres")
    with psycopg.connect(**address) as connection:  # type: ignore[arg-type]
        row = connection.execute("select current_user").fetchone()
    assert row is not None
    return str(row[0])


def test_every_role_may_enter_by_the_name_of_the_account(home: Path) -> None:
    cluster = Cluster(home, throw_away=True)
    cluster.start()
    try:
        assert [_role(cluster, role) for role in ("owner", "app", "sealer")] == [
            "tinhso_owner",
            "tinhso_app",
            "tinhso_sealer",
        ]
        assert cluster.is_running()
    finally:
        cluster.stop()
    assert not cluster.is_running()


def test_a_second_start_is_refused_in_words(home: Path) -> None:
    first = Cluster(home, throw_away=True)
    first.start()
    try:
        with pytest.raises(ClusterNotStarted, match="đang chạy"):
            Cluster(home, throw_away=True).start()
        assert _role(first, "app") == "tinhso_app"
    finally:
        first.stop()


def test_the_server_stops_when_its_starter_is_killed_and_starts_again(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, home], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "ready\n"
        starter.send_signal(signal.SIGKILL)
    cluster = Cluster(home, throw_away=True)
    cluster.start()
    try:
        assert _role(cluster, "app") == "tinhso_app"
    finally:
        cluster.stop()


def test_what_a_killed_server_left_does_not_stop_the_next(home: Path) -> None:
    cluster = Cluster(home, throw_away=True)
    cluster.start()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    (cluster.run / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    cluster.start()
    cluster.stop()


def test_data_of_another_version_are_refused_in_words(home: Path) -> None:
    cluster = Cluster(home, throw_away=True)
    cluster.make()
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(ClusterNotStarted, match="không phải của PostgreSQL 18"):
        cluster.start()
