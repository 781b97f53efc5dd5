"""A fresh demo to measure: its processes, signed-in people, and requests sent by many clients at once."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.browser import fresh_demo

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class House:
    """A running demo: its port and the process that watches over it."""

    port: int
    pid: int
    data: Path

    def cpu(self) -> dict[str, float]:
        """Return the CPU seconds used so far by each kind of process, ended children included."""
        table = {pid: (parent, spent, command) for pid, parent, spent, command in _processes()}
        total: dict[str, float] = {}
        for pid, (_parent, spent, _command) in table.items():
            line = [pid]
            while line[-1] in table and line[-1] != self.pid:
                line.append(table[line[-1]][0])
            if line[-1] == self.pid and len(line) > 1:
                kind = _kind(table[line[-2]][2])
                total[kind] = total.get(kind, 0.0) + spent
        return total


def _kind(command: str) -> str:
    known = {
        "granian": "web",
        "postgres": "database",
        "worker": "worker",
        "sealer": "sealer",
        "prober": "prober",
    }
    return next((name for word, name in known.items() if word in command), "other")


def _processes() -> Iterator[tuple[int, int, float, str]]:
    """Yield number, parent, CPU seconds (with those of ended children) and command of every process."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                command = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            yield int(folder.name), int(fields[1]), sum(map(int, fields[11:15])) / TICKS, command


@contextmanager
def fresh_house() -> Iterator[House]:
    """Start a demo with fsync as in real life, and let this process read and write its database; stop it afterwards."""
    with fresh_demo() as demo:
        os.environ |= {
            "TINHSO_DATA": str(demo.data),
            "TINHSO_DEMO": "1",
            "TINHSO_ROLE": "app",
            "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
        }
        yield House(int(demo.address.rpartition(":")[2]), demo.pid, demo.data)


@dataclass(frozen=True)
class Measured:
    """What a run of requests gave; latencies in milliseconds, ascending."""

    clients: int
    seconds: float
    statuses: dict[int, int]
    latencies: list[float]

    @property
    def done(self) -> int:
        """Return how many requests were answered."""
        return len(self.latencies)

    def figures(self) -> dict[str, Any]:
        """Return rate and latencies for the JSON."""
        return {
            "clients": self.clients,
            "requests": self.done,
            "per_second": round(self.done / self.seconds, 1),
            "p50_ms": self._at(0.50),
            "p95_ms": self._at(0.95),
            "statuses": {str(code): n for code, n in sorted(self.statuses.items())},
        }

    def _at(self, share: float) -> float | None:
        return round(self.latencies[int(share * (self.done - 1))], 1) if self.latencies else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, where it leads (a path), body."""

    code: int
    leads_to: str
    body: bytes


#: The requests of one piece of work, each of which may depend on the answer to the one before.
Story = Generator[bytes, Answer, None]


def once(request: bytes) -> Story:
    """Tell a story of one request."""
    yield request


def drive(port: int, queues: Sequence[Iterator[Story]], seconds: float) -> Measured:
    """Let one client per queue go through its stories until time or stories run out; a latency is a whole story's."""
    return asyncio.run(_drive(port, queues, seconds))


async def _drive(port: int, queues: Sequence[Iterator[Story]], seconds: float) -> Measured:
    statuses: dict[int, int] = {}
    latencies: list[float] = []
    begun = time.perf_counter()
    ends = begun + seconds

    async def client(queue: Iterator[Story]) -> None:
        line = await _Line.open(port)
        for story in queue:
            start = time.perf_counter()
            if start >= ends:
                break
            request = next(story)
            while True:
                answer = await line.ask(request)
                statuses[answer.code] = statuses.get(answer.code, 0) + 1
                try:
                    request = story.send(answer)
                except StopIteration:
                    break
            latencies.append((time.perf_counter() - start) * 1000)
        line.writer.close()

    await asyncio.gather(*(client(queue) for queue in queues))
    return Measured(len(queues), time.perf_counter() - begun, statuses, sorted(latencies))


def read(port: int, requests: Sequence[bytes]) -> list[bytes]:
    """Send requests one after another and return the bodies. Raises ``RuntimeError`` where one is refused."""

    async def go() -> list[bytes]:
        line = await _Line.open(port)
        bodies = []
        for one in requests:
            answer = await line.ask(one)
            if answer.code >= 400:
                raise RuntimeError(f"{answer.code}: {one[:200]!r} {answer.body[:300]!r}")
            bodies.append(answer.body)
        line.writer.close()
        return bodies

    return asyncio.run(go())


@dataclass
class _Line:
    """A connection that is kept, and opened again where the server closes it."""

    port: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int) -> Self:
        return cls(port, *await asyncio.open_connection("127.0.0.1", port, limit=1 << 22))

    async def ask(self, request: bytes) -> Answer:
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        low = head.lower()
        body = b""
        if b"content-length:" in low:
            length = low.partition(b"content-length:")[2].partition(b"\r\n")[0]
            body = await self.reader.readexactly(int(length))
        elif b"transfer-encoding: chunked" in low:
            while size := int((await self.reader.readline()).strip() or b"0", 16):
                body += (await self.reader.readexactly(size + 2))[:size]
            await self.reader.readline()
        place = low.find(b"location:")
        leads_to = head[place + 9 :].partition(b"\r\n")[0].strip().decode() if place >= 0 else ""
        if b"connection: close" in low:
            self.writer.close()
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 22)
        return Answer(int(low[9:12]), leads_to, body)


def request(
    path: str, *, cookies: str = "", csrf: str = "", body: bytes | None = None, media_type: str = ""
) -> bytes:
    """Return the bytes of one request; with a body it is a POST."""
    lines = [f"{'GET' if body is None else 'POST'} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if cookies:
        lines.append(f"Cookie: {cookies}")
    if body is not None:
        kind = media_type or "application/x-www-form-urlencoded"
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}", f"X-CSRFToken: {csrf}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")


def multipart(
    fields: Sequence[tuple[str, str]], files: Sequence[tuple[str, str, bytes]]
) -> tuple[bytes, str]:
    """Return body and media type of a form with files (field, file name, content)."""
    mark = "tinhso-boundary-7f3a"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    parts += [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        f"Content-Type: application/pdf\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, file_name, content in files
    ]
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"
