"""A province of the drill's own: started as people start it, spoken to over HTTP, its commands called as a person calls them."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import psycopg
from tests.browser import Demo, Stuck, copy_of_the_province, free_port

from tinhso.config.cluster import Cluster

PATIENCE: Final = 900.0
TICK: Final = 0.1


def lay(data: Path, made: Path | None) -> None:
    """Lay a stopped demo into ``data``: a copy of ``made``, or of one that is made for these sources."""
    if made is None:
        copy_of_the_province(data)
    else:
        subprocess.run(["cp", "-a", made, data], check=True)


@contextmanager
def running(data: Path, log: Path, **more: str) -> Iterator[Demo]:
    """Run the province in ``data`` until left."""
    port = free_port()
    environment = {
        **os.environ,
        **more,
        "TINHSO_DATA": str(data),
        "TINHSO_DEMO": "1",
        "TINHSO_PORT": str(port),
        "TINHSO_TRUST_PORT": str(free_port()),
    }
    with log.open("wb") as out:
        up = subprocess.Popen(
            [sys.executable, "-m", "tinhso.config.up"], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            deadline = time.monotonic() + PATIENCE
            while "Ctrl-C" not in log.read_text("utf-8"):
                if up.poll() is not None or time.monotonic() > deadline:
                    raise Stuck(log.read_text("utf-8"))
                time.sleep(0.2)
            yield Demo(f"http://127.0.0.1:{port}", data, up.pid)
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(120)


def tinhso(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command on an installation."""
    return subprocess.run(
        [sys.executable, "-m", "tinhso.config.cli", *words],
        env={**os.environ, **more, "TINHSO_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )


def told(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Return the document that a command printed, or what it said instead."""
    try:
        found = json.loads(done.stdout)
    except ValueError:
        return {"error": (done.stdout + done.stderr).strip()[-500:]}
    return found if isinstance(found, dict) else {"rows": found}


def superuser(data: Path) -> psycopg.Connection[Any]:
    """Connect past every right."""
    return psycopg.connect(**Cluster(data).address("superuser", "tinhso"), autocommit=True)  # type: ignore[arg-type]


def wait_for(what: Callable[[], object], seconds: float, say: str) -> None:
    """Wait until something is so. Raises ``TimeoutError``."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError(say)
        time.sleep(0.2)


class Ticks(threading.Thread):
    """A row each tenth of a second, in a schema of the drill's own."""

    def __init__(self, data: Path) -> None:
        """Make the table."""
        super().__init__(daemon=True)
        self._connection = superuser(data)
        self._connection.execute("create schema if not exists drill")
        self._connection.execute("drop table if exists drill.tick")
        self._connection.execute("create table drill.tick (at timestamptz not null default clock_timestamp())")
        self._is_over = threading.Event()

    def run(self) -> None:
        """Tick."""
        while not self._is_over.wait(TICK):
            self._connection.execute("insert into drill.tick default values")

    def stop(self) -> None:
        """End it."""
        self._is_over.set()
        self.join(30)
        self._connection.close()


class People:
    """People who submit dossiers over HTTP, in a process that no fault touches; see ``chaos.people``."""

    def __init__(self, demo: Demo, home: Path) -> None:
        """Name the journal; start nothing."""
        self._demo, self.journal, self._stop = demo, home / "people.jsonl", home / "people.stop"
        self._process: subprocess.Popen[bytes] | None = None

    def submit(self, count: int, *, clients: int, pause: float = 0.0, waits: bool = True) -> None:
        """Submit so many dossiers, each with two files; with ``waits`` return when all were answered."""
        self._stop.unlink(missing_ok=True)
        port = str(urlsplit(self._demo.address).port)
        words = [str(self._demo.data), port, str(self.journal), str(count), str(clients), str(pause), str(self._stop)]
        self._process = subprocess.Popen([sys.executable, "-m", "chaos.people", *words])
        if waits and self._process.wait():
            raise Stuck("the people of the drill could not submit")

    def stop(self) -> None:
        """Ask them to end, and wait."""
        self._stop.touch()
        if self._process is not None:
            self._process.wait(120)

    def acknowledged(self) -> list[dict[str, Any]]:
        """Return the submissions that were acknowledged: when (the machine's moment) and under which code."""
        lines = self.journal.read_text("utf-8").splitlines() if self.journal.exists() else []
        return [one for one in map(json.loads, lines) if one.get("outcome") == "ok"]


class Visitor:
    """Somebody who looks at pages over HTTP, with cookies and without script."""

    def __init__(self, address: str) -> None:
        """Nobody is signed in."""
        self._host, self._cookies = urlsplit(address).netloc, dict[str, str]()

    def get(self, path: str) -> tuple[int, str, bytes]:
        """Fetch a page, following where it leads; return status, media type, body."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str, bytes]:
        """Send a form, and follow where it leads."""
        return self._ask("POST", path, {"csrfmiddlewaretoken": self._cookies.get("csrftoken", ""), **fields})

    def sign_in(self, name: str) -> None:
        """Sign in as one of the cast, through the demo's form. Raises ``Stuck``."""
        self.get("/tai-khoan/login/")
        code, _, _ = self.post(f"/trinh-dien/vao/{name}/", {})
        if code != 200 or "sessionid" not in self._cookies:
            raise Stuck(f"{name} could not sign in: {code}")

    def _ask(self, method: str, path: str, fields: dict[str, str] | None) -> tuple[int, str, bytes]:
        for _turn in range(6):
            line = http.client.HTTPConnection(self._host, timeout=60)
            body = None if fields is None else urlencode(fields)
            headers = {"Referer": f"http://{self._host}{path}"}
            if self._cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, body, headers)
            answer = line.getresponse()
            content = answer.read()
            line.close()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self._cookies[key] = rest.partition(";")[0]
            if answer.status not in (301, 302, 303):
                return answer.status, answer.getheader("Content-Type") or "", content
            leads_to = urlsplit(answer.getheader("Location") or "/")
            path = leads_to.path + (f"?{leads_to.query}" if leads_to.query else "")
            method, fields = "GET", None
        raise Stuck(f"{path} leads in a circle")


def sweep(home: Path) -> None:
    """Remove a folder of the drill, with what its clusters have elsewhere."""
    for data in home.iterdir() if home.exists() else ():
        if (data / "postgres.log").exists():
            cluster = Cluster(data)
            for folder in {cluster.run, cluster.data.parent} - {data}:
                shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
