"""A fault drill: a real server that is well, slow, hangs, drips, breaks off, fails, answers wrongly, or is not there."""

from __future__ import annotations

import datetime as dt
import errno
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tinhso.directory.api import SYSTEM
from tinhso.journal.api import history
from tinhso.measures.adapters.opener import HttpOpener, NullOpener, _trouble
from tinhso.measures.models import ProbeMinute
from tinhso.measures.queries import monitoring
from tinhso.measures.queries.monitoring import Target, limits_on
from tinhso.measures.rules.availability import Answer, Limits, State, Why, judge
from tinhso.measures.rules.visits import METER
from tinhso.measures.services import probe as probing
from tinhso.measures.services.probe import probe, record
from tinhso.toolkit.clock import VN

NOON = dt.datetime(2022, 5, 10, 12, 0, tzinfo=VN)
SIGN = "Hôm nay cần làm việc gì?"
#: A second is long enough for a test: slow from a fifth, given up after half.
LIMITS: Limits = replace(limits_on(NOON.date()), slow_ms=150, timeout_ms=500, largest_bytes=100_000)
GOOD = f"<!DOCTYPE html><h1>{SIGN}</h1>".encode()


class Faulty(http.server.BaseHTTPRequestHandler):
    """Answers each address with the fault that its name says."""

    seen: list[tuple[str, bool]] = []

    def do_GET(self) -> None:
        fault = self.path.strip("/")
        type(self).seen.append((fault, self.headers.get("Cookie") is None and self.headers.get(METER) == "1"))
        if fault == "slow":
            time.sleep(0.25)
        if fault == "hangs":
            time.sleep(1.5)
        if fault == "drips":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _n in range(20):
                time.sleep(0.1)
                try:
                    self.wfile.write(b"x")
                    self.wfile.flush()
                except OSError:
                    return
            return
        if fault == "drips-head":
            for _n in range(20):
                time.sleep(0.1)
                try:
                    self.wfile.write(b"H")
                    self.wfile.flush()
                except OSError:
                    return
            return
        body = b"<h1>It works!</h1>" if fault == "wrong" else GOOD
        self.send_response({"fails": 500, "away": 503, "gone": 404, "leads": 302}.get(fault, 200))
        if fault == "leads":
            self.send_header("Location", "/well")
        self.send_header("Content-Length", str(len(body) + (50 if fault == "breaks" else 0)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@pytest.fixture(scope="module")
def faulty() -> Iterator[str]:
    """Run the server; give its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Faulty)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("fault", "state", "why"),
    [
        ("well", State.UP, Why.NOTHING),
        ("slow", State.SLOW, Why.SLOW),
        ("hangs", State.DOWN, Why.TIMEOUT),
        ("drips", State.DOWN, Why.TIMEOUT),
        ("drips-head", State.DOWN, Why.TIMEOUT),
        ("breaks", State.DOWN, Why.BROKEN),
        ("fails", State.DOWN, Why.STATUS),
        ("away", State.DOWN, Why.STATUS),
        ("gone", State.DOWN, Why.STATUS),
        ("leads", State.DOWN, Why.STATUS),
        ("wrong", State.DOWN, Why.SIGN),
    ],
)
def test_each_fault_is_seen_for_what_it_is(faulty: str, fault: str, state: State, why: Why) -> None:
    begun = time.monotonic()
    answer = HttpOpener(faulty).open(f"/{fault}", SIGN, LIMITS)
    assert judge(answer, LIMITS) == (state, why)
    assert time.monotonic() - begun < 1.2
    assert (fault, True) in Faulty.seen


def test_a_server_that_is_not_there_is_down(faulty: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        answer = HttpOpener(address).open("/", SIGN, LIMITS)
    assert judge(answer, LIMITS) == (State.DOWN, Why.REFUSED)


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (OSError(errno.ENETUNREACH, ""), Why.NO_NETWORK),
        (OSError(errno.ENETDOWN, ""), Why.NO_NETWORK),
        (socket.gaierror(socket.EAI_AGAIN, ""), Why.NO_NETWORK),
        (socket.gaierror(socket.EAI_NONAME, ""), Why.BROKEN),
        (OSError(errno.EHOSTUNREACH, ""), Why.BROKEN),
        (ConnectionResetError(), Why.BROKEN),
    ],
)
def test_a_meter_without_a_network_is_no_service_that_is_down(error: Exception, why: Why) -> None:
    assert _trouble(error) is why
    assert judge(Answer(trouble=why), LIMITS)[0] is (State.UNKNOWN if why is Why.NO_NETWORK else State.DOWN)


def test_slow_begins_above_the_limit() -> None:
    assert judge(Answer(150, 200, True), LIMITS)[0] is State.UP
    assert judge(Answer(151, 200, True), LIMITS)[0] is State.SLOW


# --- what is kept of a minute ---


def look(state: State, minute: int, service: str = "home") -> int:
    answers = {
        State.UP: Answer(30, 200, True),
        State.SLOW: Answer(2000, 200, True),
        State.DOWN: Answer(30, 500, False),
        State.UNKNOWN: Answer(trouble=Why.NO_NETWORK),
    }
    at = NOON + dt.timedelta(minutes=minute)
    return record(
        {Target(service, "/", ""): answers[state]}, minute=at, limits=limits_on(at.date()), by=SYSTEM
    )


@pytest.fixture
def real(db: None, faulty: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Point the meter at the faulty server: one service well, one wrong, one hanging."""
    wanted = [
        Target("home", "/well", SIGN),
        Target("search", "/wrong", SIGN),
        Target("tracking", "/hangs", SIGN),
    ]
    monkeypatch.setattr(probing, "targets", lambda minute: wanted)
    monkeypatch.setattr(probing, "limits_on", lambda day: LIMITS)
    return faulty


def test_a_round_keeps_one_row_for_each_service_and_never_a_second(real: str) -> None:
    at = NOON.replace(second=7, microsecond=5)
    assert probe(opener=HttpOpener(real), by=SYSTEM, at=at) == 3
    rows = {row.service: row for row in ProbeMinute.objects.all()}
    assert {name: (row.state, row.why, row.status) for name, row in rows.items()} == {
        "home": ("up", "", 200),
        "search": ("down", "sign", 200),
        "tracking": ("down", "timeout", None),
    }
    assert {row.minute for row in rows.values()} == {NOON}
    assert rows["home"].ms is not None
    assert probe(opener=NullOpener(), by=SYSTEM, at=NOON.replace(second=40)) == 0
    assert ProbeMinute.objects.filter(state="unknown").count() == 0


def test_a_meter_without_a_network_knows_nothing(real: str) -> None:
    probe(opener=NullOpener(), by=SYSTEM, at=NOON)
    assert set(ProbeMinute.objects.values_list("state", "ms")) == {("unknown", None)}


# --- alarms ---


def told() -> list[str]:
    return [entry.event.rpartition(".")[2] for entry in reversed(history("public-service:home"))]


@pytest.mark.parametrize(
    ("seen", "events"),
    [
        ("dd", []),
        ("ddd", ["PublicServiceDown"]),
        ("ddddd", ["PublicServiceDown"]),
        ("ddudd", []),
        ("dd.dd", []),
        ("dd?dd", []),
        ("dddu", ["PublicServiceDown", "PublicServiceBack"]),
        ("ddduu", ["PublicServiceDown", "PublicServiceBack"]),
        ("ddd..u", ["PublicServiceDown", "PublicServiceBack"]),
        ("ddd?su", ["PublicServiceDown", "PublicServiceBack"]),
        ("dddu.u", ["PublicServiceDown", "PublicServiceBack"]),
        ("sssssssss", []),
        ("ssssssssss", ["PublicServiceDown"]),
        ("ssssssssssu", ["PublicServiceDown", "PublicServiceBack"]),
        ("ddu", []),
    ],
)
def test_an_alarm_needs_so_many_bad_minutes_in_a_row_and_is_told_once(
    db: None, seen: str, events: list[str]
) -> None:
    states = {"u": State.UP, "s": State.SLOW, "d": State.DOWN, "?": State.UNKNOWN}
    for minute, letter in enumerate(seen):
        if letter != ".":
            look(states[letter], minute)
    assert told() == events


def test_a_minute_that_was_kept_already_tells_nothing_again(db: None) -> None:
    for minute in (0, 1, 2, 2):
        look(State.DOWN, minute)
    assert told() == ["PublicServiceDown"]


# --- what is opened ---


def test_the_procedure_of_a_minute_can_be_drawn_again_by_anybody() -> None:
    drawn = [monitoring.lot(NOON + dt.timedelta(minutes=n), 1711) for n in range(3000)]
    assert drawn == [monitoring.lot(NOON + dt.timedelta(minutes=n), 1711) for n in range(3000)]
    assert all(0 <= one < 1711 for one in drawn)
    assert len(set(drawn)) > 1300
