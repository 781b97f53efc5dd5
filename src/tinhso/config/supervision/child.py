"""One process of the province: what it is called, how it is started, what it said last."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_LIBC = ctypes.CDLL(None)
_SET_DEATH_SIGNAL: Final = 1
#: How the web server learns which descriptors it was given.
LISTEN_FD: Final = "TINHSO_LISTEN_FD"
READY_FD: Final = "TINHSO_READY_FD"
#: Set for a web server that starts beside another: it must prove that it works, and take nobody until this is closed.
BESIDE: Final = "TINHSO_BESIDE"
#: Names the link to the release that runs, where it is not the place of this Python.
RELEASE: Final = "TINHSO_RELEASE"
_LINE: Final = 500


@dataclass(frozen=True)
class Child:
    """One process; ``dies_by`` is the signal it gets when the supervisor is gone.

    One that ``listens`` is given the listening socket, which outlives it, and is replaced by a new one beside it.
    """

    name: str
    says: str
    command: Sequence[str]
    dies_by: signal.Signals
    environment: Mapping[str, str] = field(default_factory=dict)
    niceness: int = 0
    listens: bool = False


def spawn(
    child: Child,
    log: Path | None,
    *,
    folder: Path | None,
    more: Mapping[str, str],
    descriptors: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start the process in a session of its own, in ``folder`` (None stays here).

    What it says goes to ``log``, or where this process's own words go. A log that cannot be opened because its disk
    is full costs the log and not the process.
    """
    command = [current_python() if word == sys.executable else word for word in child.command]

    def settle() -> None:
        _LIBC.prctl(_SET_DEATH_SIGNAL, int(child.dies_by))
        os.nice(child.niceness)

    out = None if log is None else _open(log)
    try:
        return subprocess.Popen(  # noqa: S603 - our own commands
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=folder,
            env={**os.environ, "TINHSO_ROLE": "app", "PYTHONUNBUFFERED": "1", **child.environment, **more},
            start_new_session=True,
            pass_fds=tuple(descriptors),
            preexec_fn=settle,  # noqa: PLW1509 - two system calls, no lock is taken
        )
    finally:
        if out is not None:
            os.close(out)


def current_python() -> str:
    """Return the Python of the release that is current now: where a link leads to, its end (`tinhso upgrade`)."""
    place = Path(os.environ.get(RELEASE) or sys.prefix)
    found = place.resolve() / "bin" / Path(sys.executable).name
    return str(found) if found.exists() else sys.executable


def _open(log: Path) -> int:
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        return os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)


def last_line(log: Path) -> str:
    """Return what a process said last; nothing where its log cannot be read."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 8_192))
            lines = file.read().decode(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1][:_LINE] if lines else ""


def trim(log: Path, most: int) -> None:
    """Set a log aside that has grown above ``most`` bytes; whoever writes goes on in the same file, begun anew."""
    try:
        if log.stat().st_size <= most:
            return
        kept = log.with_suffix(".old")
        try:
            with log.open("rb") as file, kept.open("wb") as aside:
                file.seek(-most, os.SEEK_END)
                while piece := file.read(1_048_576):
                    aside.write(piece)
        except OSError:
            kept.unlink(missing_ok=True)
        os.truncate(log, 0)
    except OSError:
        return


def listen(host: str, port: int, *, backlog: int = 512) -> socket.socket:
    """Return a listening socket that web servers may share. Raises ``OSError`` where the port is taken."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # What a killed supervisor left finishes what it has in hand on a socket of its own.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
        listener.listen(backlog)
    except BaseException:
        listener.close()
        raise
    return listener
