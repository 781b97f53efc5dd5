"""Start two real web servers on one database, and visit them as browsers do."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from tinhso.config.testing import GROUND
from tinhso.directory.models import Account

PATIENCE = 60.0
_TOKEN = "x" * 32
_TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Server:
    """One web server: a process of its own, as `make run` starts it, on a free port."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path


@dataclass(frozen=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the page without its tags."""
        return re.sub(r"\s+", " ", _TAGS.sub(" ", self.body.decode()))

    @property
    def leads_to(self) -> str:
        """Return the address that the answer leads to, or an empty text."""
        return self.headers.get("location", "")


@dataclass
class Visitor:
    """A signed-in browser; its cookies go to whichever server is asked."""

    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, server: Server, method: str, path: str, body: bytes = b"", kind: str = "") -> Answer:
        """Send one request on a connection of its own and keep the cookies that come back."""
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        headers = {"Accept": "text/html", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        try:
            connection.request(method, path, body=body or None, headers=headers)
            reply = connection.getresponse()
            content = reply.read()
            for line in reply.headers.get_all("Set-Cookie") or ():
                for name, morsel in SimpleCookie(line).items():
                    self.cookies[name] = morsel.value
            return Answer(reply.status, {k.lower(): v for k, v in reply.getheaders()}, content)
        finally:
            connection.close()

    def get(self, server: Server, path: str) -> Answer:
        """Open a page."""
        return self.ask(server, "GET", path)

    def post(self, server: Server, path: str, **fields: str) -> Answer:
        """Press a button."""
        body = urlencode({"csrfmiddlewaretoken": _TOKEN, **fields}).encode()
        return self.ask(server, "POST", path, body, "application/x-www-form-urlencoded")

    def follow(self, server: Server, answer: Answer) -> Answer:
        """Go where the answer leads, until a page is there."""
        for _ in range(5):
            if not answer.leads_to:
                break
            answer = self.get(server, answer.leads_to)
        return answer

    def again(self) -> Visitor:
        """Return another tab of the same browser."""
        return Visitor(dict(self.cookies))


def visitor(account_id: int | None) -> Visitor:
    """Return a browser in which the account is signed in, by a real session in the database."""
    client = Client()
    client.force_login(Account.objects.get(pk=account_id or 0))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return Visitor({settings.SESSION_COOKIE_NAME: session, settings.CSRF_COOKIE_NAME: _TOKEN})


def all_at_once(work: Callable[[int], Any], many: int, *, at_a_time: int | None = None) -> list[Any]:
    """Run ``work(0)`` … ``work(many - 1)`` in threads that begin together; return what each gave, in order."""
    width = min(many, at_a_time or many)
    gate = Barrier(width)

    def go(number: int) -> Any:
        if number < width:
            gate.wait(PATIENCE)
        return work(number)

    with ThreadPoolExecutor(width) as crowd:
        return list(crowd.map(go, range(many)))


@contextlib.contextmanager
def serving(database: str, logs: Path) -> Iterator[tuple[Server, Server]]:
    """Serve the database by two processes, each with a worker of four threads and a pool of connections."""
    with contextlib.ExitStack() as stack:
        pair = [_start(database, logs / f"web{n}.log", stack) for n in range(2)]
        for one in pair:
            _await(one)
        yield pair[0], pair[1]


def _start(database: str, log: Path, stack: contextlib.ExitStack) -> Server:
    port = _free_port()
    command = [
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "4"),
        *("--runtime-threads", "1", "--backlog", "512", "--workers-kill-timeout", "5"),
        "tinhso.config.wsgi:application",
    ]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tinhso.config.settings_for_tests",
        "TINHSO_DATA": str(GROUND.home),
        "TINHSO_DATABASE_NAME": database,
        "TINHSO_DEMO": "1",
        "TINHSO_POOL": "4",
        # Each prints its own address on what it draws, so papers drawn twice would differ.
        "TINHSO_PUBLIC_ADDRESS": f"http://127.0.0.1:{port}",
        "TINHSO_ROLE": "app",
    }
    out = stack.enter_context(log.open("wb"))
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment)
    stack.callback(_stop, process)
    return Server(port, process, log)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            Visitor().get(server, "/tro-giup/")
        except OSError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(server.log.read_text(errors="replace")[-2000:]) from None
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
