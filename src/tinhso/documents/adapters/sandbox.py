"""Have strangers' files read by a short-lived process that can do no harm.

A warm process (``adapters/sandboxed.py``) forks for each job. The fork has no network, may write no file, and
dies at its limits of memory and time; it answers with plain JSON and bytes, never with objects. What it
cannot read is refused: a crash there costs nobody else anything.
"""

import atexit
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

#: Seconds to wait for the warm process, and for one job.
_START: Final = 60
_PATIENCE: Final = 20
_HEAD: Final = struct.Struct("!II")
_MAX_ANSWER: Final = 256 * 1024 * 1024


class ReadingFailed(Exception):
    """The reader died at its limits, or of the file."""


class SandboxNotStarted(Exception):
    """The warm process did not come up."""


@dataclass(slots=True)
class _Warm:
    lock: threading.Lock = field(default_factory=threading.Lock)
    owner: int = 0
    process: subprocess.Popen[bytes] | None = None
    control: socket.socket | None = None


_warm: Final = _Warm()


def ask(verb: str, *contents: bytes, **values: Any) -> tuple[dict[str, Any], bytes]:
    """Have ``verb`` of the sandboxed reader done and return its words and its bytes.

    Raises ``ReadingFailed`` when no answer came, ``SandboxNotStarted`` when nobody could be asked.
    """
    mine, theirs = socket.socketpair()
    with mine:
        mine.settimeout(_PATIENCE)
        with theirs:
            _hand_over(theirs)
        try:
            send(mine, {"verb": verb, "values": values}, contents)
            words, parts = receive(mine)
        except (OSError, EOFError, ValueError) as error:
            raise ReadingFailed(verb) from error
    if "failed" in words:
        raise ReadingFailed(f"{verb}: {words['failed']}")
    return words, parts[0] if parts else b""


def send(to: socket.socket, words: dict[str, Any], parts: Sequence[bytes]) -> None:
    """Send one message: lengths, JSON, bytes."""
    text = json.dumps({"words": words, "sizes": [len(part) for part in parts]}).encode()
    to.sendall(_HEAD.pack(len(text), sum(map(len, parts))) + text)
    for part in parts:
        to.sendall(part)


def receive(source: socket.socket) -> tuple[dict[str, Any], list[bytes]]:
    """Receive one message. Raises ``EOFError`` when the other left, ``ValueError`` when it is too long."""
    length, rest = _HEAD.unpack(_exactly(source, _HEAD.size))
    if length + rest > _MAX_ANSWER:
        raise ValueError("the message is too long")
    head = json.loads(_exactly(source, length))
    return head["words"], [_exactly(source, size) for size in head["sizes"]]


def stop() -> None:
    """End the warm process; the next question starts another."""
    with _warm.lock:
        _end()


def _exactly(source: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = source.recv(min(length - len(parts), 1024 * 1024))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _hand_over(job: socket.socket) -> None:
    with _warm.lock:
        for is_last in (False, True):
            try:
                socket.send_fds(_running(), [b"j"], [job.fileno()])
            except OSError:
                _end()
                if is_last:
                    raise SandboxNotStarted from None
            else:
                return


def _running() -> socket.socket:
    if _warm.control is not None and _warm.owner == os.getpid():
        return _warm.control
    mine, theirs = socket.socketpair()
    with theirs:
        _warm.process = subprocess.Popen(  # noqa: S603 - our own program, named here
            [sys.executable, "-m", "tinhso.documents.adapters.sandboxed", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env={
                "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
                "LC_ALL": "C.UTF-8",
                "PATH": os.defpath,
            },
            cwd="/",
        )
    _warm.control, _warm.owner = mine, os.getpid()
    mine.settimeout(_START)
    if mine.recv(1) != b"r":
        _end()
        raise SandboxNotStarted
    return mine


def _end() -> None:
    process, control = _warm.process, _warm.control
    _warm.process = _warm.control = None
    if control is not None:
        control.close()
    if process is not None and _warm.owner == os.getpid():
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)


atexit.register(stop)
