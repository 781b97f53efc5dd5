"""Serve the demo authority over HTTP: revocation lists, certificates and time stamps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tinhso.signatures.adapters.demo_pki import DemoAuthority, NotATimeStampRequest

_LONGEST_REQUEST = 4096


class TrustServer(ThreadingHTTPServer):
    """Listen on 127.0.0.1 and answer for ``authority`` with the moments that ``now`` tells."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, authority: DemoAuthority, *, port: int, now: Callable[[], dt.datetime]) -> None:
        """Bind ``port`` (0 takes a free one); raises ``OSError`` when it is taken."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.authority = authority
        self.now = now
        #: Each list by its issuer, and the hour and revocations it was made from.
        self._lists: dict[str, tuple[object, bytes]] = {}

    def revocation_list(self, issuer: str) -> bytes:
        """Return the list of ``issuer`` now, made anew when the hour or the revocations changed."""
        at = self.now()
        seen = (at.replace(minute=0, second=0, microsecond=0), tuple(self.authority.revoked()))
        kept = self._lists.get(issuer)
        if kept is None or kept[0] != seen:
            kept = (seen, self.authority.revocation_list(issuer, at=at))
            self._lists[issuer] = kept
        return kept[1]


class _Handler(BaseHTTPRequestHandler):
    server: TrustServer
    protocol_version = "HTTP/1.1"
    server_version = "tinhso-trust"
    sys_version = ""
    timeout = 30
    disable_nagle_algorithm = True  # head and body leave at once: 40 ms less per answer

    def do_GET(self) -> None:
        """Answer for lists, certificates and the health of the server."""
        kind, _, name = self.path.strip("/").partition("/")
        stem, _, ending = name.partition(".")
        if self.path == "/healthz":
            self._answer(b'{"now": "%s"}' % self.server.now().isoformat().encode(), "application/json")
        elif kind == "crl" and ending == "crl" and stem in {"root", "issuing"}:
            self._answer(self.server.revocation_list(stem), "application/pkix-crl")
        elif kind == "certs" and ending == "crt" and stem in {"root", "issuing", "tsa"}:
            keyed = getattr(self.server.authority, stem)
            self._answer(keyed.certificate_der(), "application/pkix-cert")
        else:
            self._answer(b"", "text/plain", HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Answer a request for a time stamp."""
        length = int(self.headers.get("Content-Length") or 0)
        asked = self.headers.get("Content-Type") == "application/timestamp-query"
        if self.path != "/tsa" or not asked or not 0 < length <= _LONGEST_REQUEST:
            self.close_connection = True
            self._answer(b"", "text/plain", HTTPStatus.BAD_REQUEST)
            return
        try:
            answer = self.server.authority.time_stamp(self.rfile.read(length), at=self.server.now())
        except NotATimeStampRequest:
            self._answer(b"", "text/plain", HTTPStatus.BAD_REQUEST)
        else:
            self._answer(answer, "application/timestamp-reply")

    def _answer(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent named it
        """Keep quiet: the supervisor reports what matters."""
