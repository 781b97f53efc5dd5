"""Tell a metrics collector (Prometheus) on a port of this machine how the house stands, in its text format 0.0.4.

Why this is written here and not by a library: docs/decisions/0031-metrics.md.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Final

from tinhso.config.operations import folder
from tinhso.config.operations.counters import BOUNDS, Totals
from tinhso.config.operations.parts import ORDER, State

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
#: Gauges taken from the facts of parts: name, help, part, fact.
GAUGES: Final = (
    ("jobs_waiting", "Deliveries that wait", "jobs", "waiting"),
    ("jobs_failing", "Deliveries that failed and are tried again", "jobs", "failing"),
    ("jobs_dead", "Deliveries that wait for a person", "jobs", "dead"),
    ("jobs_late_seconds", "How long the oldest due delivery has waited", "jobs", "late_seconds"),
    ("jobs_stalled_seconds", "How long a worker has been at one delivery", "jobs", "stalled_seconds"),
    ("journal_sealed_entries", "Entries under a seal", "sealing", "sealed"),
    ("journal_unsealed_entries", "Entries not yet under a seal", "sealing", "unsealed"),
    ("journal_sealing_delay_seconds", "How long the oldest unsealed entry has waited", "sealing", "seconds"),
    ("mail_waiting", "Letters and SMS that wait", "mail", "waiting"),
    ("mail_given_up", "Letters and SMS that were given up", "mail", "given_up"),
    ("database_bytes", "Size of the database", "database", "bytes"),
    ("database_connections", "Connections in use", "database", "connections"),
    ("database_connections_allowed", "Connections allowed", "database", "connections_allowed"),
    (
        "database_oldest_transaction_seconds",
        "Age of the oldest transaction",
        "database",
        "oldest_transaction",
    ),
    ("backup_age_seconds", "Time since the backup was checked", "backup", "age_seconds"),
    ("backup_ok", "Whether the last check of the backup was fine", "backup", "ok"),
    ("restore_drill_ok", "Whether the last restore drill was fine", "drill", "ok"),
    ("time_stamp_seconds", "How long the time-stamp authority took", "stamps", "seconds"),
)


class Board:
    """The text that is served; replaced whole after each look."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.text = ""


def exposition(document: Mapping[str, Any], totals: Totals) -> str:
    """Return every metric as text: no label names a person, an office or an address."""
    parts = {part["key"]: part for part in document["parts"]}
    lines = [*_requests(totals)]
    for name, says, key, fact in GAUGES:
        value = parts.get(key, {}).get("facts", {}).get(fact)
        if isinstance(value, (int, float)):
            lines += _metric(name, says, "gauge", [({}, value)])
    disks = [
        (part["key"].removeprefix("disk_"), part["facts"])
        for part in parts.values()
        if "inodes_percent" in part["facts"]
    ]
    for name, says, fact in (
        ("disk_used_bytes", "Bytes in use", "used"),
        ("disk_size_bytes", "Bytes there are", "whole"),
    ):
        lines += _metric(name, says, "gauge", [({"place": place}, facts[fact]) for place, facts in disks])
    ends = [
        ({"kind": row["kind"]}, row["days"])
        for row in parts.get("certificates", {}).get("facts", {}).get("rows", [])
    ]
    lines += _metric(
        "certificate_days_left", "Days until the first certificate of a kind ends", "gauge", ends
    )
    states = [
        ({"part": key}, len(ORDER) - 1 - ORDER.index(State(part["state"]))) for key, part in parts.items()
    ]
    lines += _metric(
        "part_state", "How a part stands: 0 good, 1 not measured, 2 to be looked at, 3 bad", "gauge", states
    )
    looked = folder.moment(document["at"])
    if looked is not None:
        lines += _metric(
            "looked_timestamp_seconds", "When this was seen", "gauge", [({}, looked.timestamp())]
        )
    lines += _metric("build_info", "Versions of what runs", "gauge", [(document["build"], 1)])
    return "\n".join(lines) + "\n"


def _requests(totals: Totals) -> Iterator[str]:
    classes = [({"status": name}, n) for name, n in totals.classes.items()]
    yield from _metric("http_requests_total", "Answers by class of status", "counter", classes)
    name = "http_request_seconds"
    yield from _metric(name, "How long answers took", "histogram", [])
    passed = 0
    for bound, n in zip((*map(str, BOUNDS), "+Inf"), totals.buckets, strict=True):
        passed += n
        yield f'tinhso_{name}_bucket{{le="{bound}"}} {passed}'
    yield f"tinhso_{name}_sum {totals.seconds:.4f}"
    yield f"tinhso_{name}_count {passed}"


def _metric(
    name: str, says: str, kind: str, rows: Iterable[tuple[Mapping[str, Any], float]]
) -> Iterator[str]:
    yield f"# HELP tinhso_{name} {says}"
    yield f"# TYPE tinhso_{name} {kind}"
    for labels, value in rows:
        inside = ",".join(f'{key}="{_escaped(str(one))}"' for key, one in labels.items())
        yield f"tinhso_{name}{'{' + inside + '}' if inside else ''} {value:.10g}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


@contextlib.contextmanager
def served(port: int) -> Iterator[Board]:
    """Serve the board on 127.0.0.1 for as long as the block lasts; port 0 serves nothing."""
    board = Board()
    if not port:
        yield board
        return

    class Handler(BaseHTTPRequestHandler):
        """Answer one question."""

        def do_GET(self) -> None:
            """Tell the metrics, and nothing else."""
            found = self.path.partition("?")[0] == "/metrics"
            body = board.text.encode() if found else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", CONTENT_TYPE)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    Thread(target=server.serve_forever, name="metrics", daemon=True).start()
    try:
        yield board
    finally:
        server.shutdown()
        server.server_close()
