"""The web server: Granian on a listening socket that it was given, so that an old and a new one share one queue.

Granian's own server binds a socket for each of its processes; when one ends, what waits in its queue is reset
(decision 0028). Here all processes of the old and the new server accept from one socket, which belongs to whoever
started them. ``SIGTERM`` ends the server within seconds; ``SIGUSR1`` lets it finish what it has in hand first.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.server.mp import MPServer

from tinhso.config.supervision.child import BESIDE, LISTEN_FD, READY_FD, listen
from tinhso.config.supervision.rule import rule

WORKERS: Final = 2
THREADS: Final = 2
BACKLOG: Final = 512
QUICK: Final = 5
TARGET: Final = "tinhso.config.wsgi:application"
_LOG: Final = Path(__file__).parents[1] / "operations/granian_log.json"
#: The page that is opened before the first person comes: it reads the addresses and the templates.
_FIRST: Final = "/"
_BROKEN: Final = 500

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


class NewServerBroken(Exception):
    """The new code does not serve its first page: the old server stays."""


class Server(MPServer):
    """Granian with one shared listening socket and a slow way to end."""

    def __init__(self, listener: socket.socket, finish: int) -> None:
        """Keep the socket, and how many seconds requests in hand may take after SIGUSR1."""
        host, port = listener.getsockname()[:2]
        super().__init__(
            TARGET,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=WORKERS,
            blocking_threads=THREADS,
            runtime_threads=1,
            backlog=BACKLOG,
            websockets=False,
            respawn_failed_workers=True,
            workers_kill_timeout=QUICK,
            **({"log_dictconfig": json.loads(_LOG.read_text("utf-8"))} if _LOG.exists() else {}),
        )
        self._listener, self._finish = listener, finish

    def _init_shared_socket(self) -> None:
        place: Any = self  # Granian tells less of its types than it knows
        holder: Any = SocketHolder
        place._ssp, place._sso = None, None
        place._shd = holder(self._listener.fileno(), False, BACKLOG)
        place._sfd = self._listener.fileno()

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Start as usual, and know the signal to end slowly."""
        signal.signal(signal.SIGUSR1, self._retire)
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]

    def _retire(self, *_: object) -> None:
        self.workers_kill_timeout = self._finish
        self.signal_handler_interrupt()  # type: ignore[no-untyped-call]


def load(_target: str = TARGET) -> Application:
    """Load the application in a worker, open its first page, and tell whoever waits that it is ready."""
    from tinhso.config.supervision.pool import PoolKeeper  # noqa: PLC0415 - only in the workers, with Django

    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    module, _, name = TARGET.partition(":")
    application: Application = getattr(importlib.import_module(module), name)
    status = open_first_page(application)
    if status == _BROKEN and os.environ.get(BESIDE):
        raise NewServerBroken
    _tell_ready()
    _await_turn()
    return PoolKeeper(application)


def open_first_page(application: Application) -> int:
    """Open the home page inside this process, as the meter does, so that nobody counts it; return the status."""
    from tinhso.measures.rules.visits import METER  # noqa: PLC0415 - only in the workers

    statuses = [0]
    answer = application(
        {
            "REQUEST_METHOD": "GET",
            "SCRIPT_NAME": "",
            "PATH_INFO": _FIRST,
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "HTTP_ACCEPT": "text/html",
            "HTTP_" + METER.upper().replace("-", "_"): "1",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.version": (1, 0),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        },
        lambda status, _headers, _wrong=None: statuses.append(int(status.split()[0])),
    )
    try:
        for _piece in answer:
            pass
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return statuses[-1]


def _tell_ready() -> None:
    descriptor = os.environ.get(READY_FD, "")
    if descriptor:
        try:
            os.write(int(descriptor), b".")
        except OSError:
            return


def _await_turn() -> None:
    """Take nobody before the old server has stopped taking people: whoever comes meanwhile waits in the queue."""
    descriptor = os.environ.get(BESIDE, "")
    if descriptor:
        with contextlib.suppress(OSError, ValueError):
            os.read(int(descriptor), 1)


def main() -> None:
    """Serve until a signal."""
    sys.argv[:] = ["granian"]  # by this name the log knows the web
    descriptor = os.environ.get(LISTEN_FD, "")
    listener = (
        socket.socket(fileno=int(descriptor))
        if descriptor
        else listen(os.environ.get("TINHSO_HOST") or "127.0.0.1", int(os.environ.get("TINHSO_PORT") or 8000))
    )
    Server(listener, int(rule().finish_seconds)).serve(target_loader=load)


if __name__ == "__main__":
    main()
