"""Open a public page by real HTTP, as a stranger would, and say what came back."""

from __future__ import annotations

import contextlib
import errno
import http.client
import socket
import time
from threading import Event, Timer
from typing import Final, Protocol
from urllib.parse import urlsplit

from tinhso.measures.rules.availability import Answer, Limits, Why
from tinhso.measures.rules.visits import METER

#: What a machine without a network says; a service that refuses or is silent is another matter.
_NO_NETWORK: Final = frozenset((errno.ENETUNREACH, errno.ENETDOWN))
_PIECE: Final = 65_536


class Opener(Protocol):
    """What the meter needs from outside."""

    def open(self, path: str, sign: str, limits: Limits) -> Answer:
        """Open a page and look for the sign on it. Never raises for what is wrong with the page."""


class NullOpener:
    """Open nothing: what a meter without a network sees."""

    def open(self, path: str, sign: str, limits: Limits) -> Answer:
        """Know nothing."""
        return Answer(trouble=Why.NO_NETWORK)


class HttpOpener:
    """Open pages at a public address. Follows no way to another page: a public service answers itself."""

    def __init__(self, address: str) -> None:
        """Open pages at ``address``, as ``https://dichvucong.example``."""
        parts = urlsplit(address)
        self._host = parts.netloc
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection

    def open(self, path: str, sign: str, limits: Limits) -> Answer:
        """Open a page; the whole answer must have come within the time limit, however slowly it drips."""
        seconds = limits.timeout_ms / 1000
        connection = self._kind(self._host, timeout=seconds)
        is_over = Event()
        alarm = Timer(seconds, _cut, (connection, is_over))
        alarm.daemon = True
        begun = time.perf_counter()
        alarm.start()
        try:
            connection.request(
                "GET", path, headers={METER: "1", "Accept": "text/html", "Connection": "close"}
            )
            answer = connection.getresponse()
            body = _read(answer, limits.largest_bytes, is_over)
            ms = round((time.perf_counter() - begun) * 1000)
            is_short = bool(answer.length) and len(body) < limits.largest_bytes
        except (OSError, http.client.HTTPException) as error:
            return Answer(trouble=Why.TIMEOUT if is_over.is_set() else _trouble(error))
        finally:
            alarm.cancel()
            connection.close()
        if is_over.is_set():
            return Answer(status=answer.status, trouble=Why.TIMEOUT)
        if is_short:
            return Answer(status=answer.status, trouble=Why.BROKEN)
        return Answer(ms, answer.status, sign.encode() in body)


def _read(answer: http.client.HTTPResponse, most: int, is_over: Event) -> bytes:
    body = bytearray()
    while len(body) < most and not is_over.is_set():
        piece = answer.read1(_PIECE)
        if not piece:
            break
        body += piece
    return bytes(body)


def _cut(connection: http.client.HTTPConnection, is_over: Event) -> None:
    """End whatever waits for a server that is silent or drips."""
    is_over.set()
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _trouble(error: Exception) -> Why:
    if isinstance(error, TimeoutError):
        return Why.TIMEOUT
    if isinstance(error, ConnectionRefusedError):
        return Why.REFUSED
    if isinstance(error, socket.gaierror):
        return Why.NO_NETWORK if error.errno == socket.EAI_AGAIN else Why.BROKEN
    if isinstance(error, OSError) and error.errno in _NO_NETWORK:
        return Why.NO_NETWORK
    return Why.BROKEN
