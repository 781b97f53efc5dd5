"""Send people's requests at a steady rate to a running demo, and keep what became of each.

An open model: a request leaves every tenth of a second whether or not those before it were answered. Each goes on a
connection of its own, as most strangers' do; ``kept`` sends a share of them on connections that are kept, as nginx
does. Submissions are one press at the counter with two files of 50 kB; each answer names the tracking code.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any, Final

HOST: Final = "127.0.0.1"
#: What strangers and officers open, in turn.
STRANGER: Final = ("/", "/tim/?q=khai+sinh", "/thu-tuc/1.001193/", "/so-lieu/", "/trang-thai/", "/kiem-tra/")
CITIZEN: Final = ("/cua-toi/", "/thu-tuc/1.001193/", "/")
SIGN_IN: Final = "/trinh-dien/vao/{}/"
_CAST: Final = ("lan", "minh", "son", "hoa", "thu")
PATIENCE: Final = 60.0
_CODE: Final = re.compile(r"/ho-so/([A-Z0-9.\-]+)/?")
_FILES: Final = re.compile(
    rb'filename="[^"]*"\r\nContent-Type: application/pdf\r\n\r\n(.*?)\r\n--tinhso-boundary', re.DOTALL
)


@dataclass(frozen=True)
class Ask:
    """One request: its kind, its bytes, and for a submission the hashes of the files in it."""

    kind: str
    raw: bytes
    files: tuple[str, ...] = ()
    method: str = "GET"


@dataclass(frozen=True)
class Sent:
    """What became of a request; ``status`` 0 where no answer came, with ``error``. ``at`` is the machine's time."""

    kind: str
    at: float
    seconds: float
    status: int
    code: str = ""
    error: str = ""
    retry_after: str = ""
    text: str = ""
    files: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Tell whether it was answered as asked."""
        return 0 < self.status < 400

    @property
    def is_acknowledged(self) -> bool:
        """Tell whether a submission was acknowledged with its code."""
        return self.kind == "submit" and bool(self.code)


def use(data: Path) -> None:
    """Let this process read and write the database of a running demo. Call it once, before anything of Django."""
    import django  # noqa: PLC0415 - the settings are read here

    os.environ |= {
        "TINHSO_DATA": str(data),
        "TINHSO_DEMO": "1",
        "TINHSO_ROLE": "app",
        "TINHSO_POOL": "0",
        "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
    }
    django.setup()


@dataclass
class Plan:
    """Ten requests a second: one submission, one sign-in, three pages of a signed-in person, five of a stranger."""

    submissions: Iterator[Ask]
    citizen: str
    pages: Iterator[str] = field(default_factory=lambda: cycle(STRANGER))
    own: Iterator[str] = field(default_factory=lambda: cycle(CITIZEN))
    cast: Iterator[str] = field(default_factory=lambda: cycle(_CAST))

    def asks(self) -> Iterator[Ask]:
        """Yield one request after another, without end."""
        from bench import house, stock  # noqa: PLC0415 - models cannot be imported before

        while True:
            yield next(self.submissions)
            for _ in range(5):
                yield Ask("page", house.request(next(self.pages)))
            for _ in range(3):
                yield Ask("own page", house.request(next(self.own), cookies=self.citizen))
            yield Ask(
                "sign in",
                house.request(
                    SIGN_IN.format(next(self.cast)),
                    cookies=f"csrftoken={stock.CSRF}",
                    csrf=stock.CSRF,
                    body=b"",
                ),
                method="POST",
            )


def plan(most: int) -> Plan:
    """Prepare people and up to ``most`` submissions; needs ``use``."""
    from bench import scenes, stock  # noqa: PLC0415 - models cannot be imported before

    unused: Any = None
    queue = scenes.one_post(unused, 1, scenes.SPREADS[0], most)[0]
    (citizen,) = stock.citizens(1)
    return Plan((_submission(next(story)) for story in queue), citizen.cookies)


def _submission(raw: bytes) -> Ask:
    digests = tuple(hashlib.sha256(one).hexdigest() for one in _FILES.findall(raw))
    return Ask("submit", raw, digests, "POST")


class Sender:
    """Sends a plan; ``results`` grows meanwhile and may be read."""

    def __init__(
        self, port: int, asks: Iterator[Ask], *, per_second: float = 10.0, kept: bool = False
    ) -> None:
        """Begin nothing yet."""
        self._port, self._asks, self._rate, self._kept = port, asks, per_second, kept
        self.results: list[Sent] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._local = threading.local()

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> list[Sent]:
        """End, wait for every answer, and return what became of all."""
        self._stop.set()
        self._thread.join(PATIENCE * 2)
        return self.results

    def _run(self) -> None:
        begun = time.monotonic()
        with ThreadPoolExecutor(64) as pool:
            for number, ask in enumerate(self._asks):
                if self._stop.wait(max(0.0, begun + number / self._rate - time.monotonic())):
                    break
                pool.submit(lambda one=ask: self.results.append(self._send(one)))

    def _send(self, ask: Ask) -> Sent:
        at, begun = time.time(), time.monotonic()
        line: socket.socket | None = None
        try:
            line = self._line()
            line.sendall(ask.raw)
            answer = http.client.HTTPResponse(line, method=ask.method)
            answer.begin()
            body = answer.read()
            is_closed = not self._kept or answer.will_close
            place = answer.getheader("Location") or ""
            found = _CODE.search(place) if ask.kind == "submit" else None
            self._give_back(line, is_closed=is_closed)
            return Sent(
                ask.kind,
                at,
                time.monotonic() - begun,
                answer.status,
                code=found[1] if found else "",
                retry_after=answer.getheader("Retry-After") or "",
                text=body[:20_000].decode(errors="replace") if answer.status >= 400 else "",
                files=ask.files,
            )
        except (OSError, http.client.HTTPException) as error:
            if line is not None:
                self._give_back(line, is_closed=True)
            return Sent(
                ask.kind,
                at,
                time.monotonic() - begun,
                0,
                error=f"{type(error).__name__}: {error}",
                files=ask.files,
            )

    def _line(self) -> socket.socket:
        kept: socket.socket | None = getattr(self._local, "line", None)
        if kept is not None:
            self._local.line = None
            if _is_open(kept):
                return kept
            kept.close()
        return socket.create_connection((HOST, self._port), PATIENCE)

    def _give_back(self, line: socket.socket, *, is_closed: bool) -> None:
        if is_closed:
            line.close()
        else:
            self._local.line = line


def _is_open(line: socket.socket) -> bool:
    """Say whether the other side has not ended a kept connection, as any client looks before it sends."""
    line.setblocking(False)
    try:
        return bool(line.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        line.settimeout(PATIENCE)


def figures(results: list[Sent]) -> dict[str, Any]:
    """Return counts and times of requests for the JSON."""
    times = sorted(one.seconds for one in results)
    failed = [one for one in results if not one.is_well]
    return {
        "requests": len(results),
        "failed": len(failed),
        "acknowledged": sum(one.is_acknowledged for one in results),
        "by_kind": dict(Counter(one.kind for one in results)),
        "statuses": dict(sorted(Counter(str(one.status) for one in results).items())),
        "errors": dict(
            Counter(f"{one.kind}: {one.status} {one.error}".strip() for one in failed).most_common(12)
        ),
        "p50_ms": round(1000 * times[len(times) // 2]) if times else None,
        "p95_ms": round(1000 * times[int(0.95 * (len(times) - 1))]) if times else None,
        "longest_ms": round(1000 * times[-1]) if times else None,
    }


_FIND: Final = """
select d.tracking_code, count(distinct d.id), array_agg(f.sha256 order by p.id)
from dossiers_dossier d left join dossiers_paper p on p.dossier_id = d.id left join documents_storedfile f on f.id = p.file_id
where d.tracking_code = any(%s) group by 1
"""


def judge(connection: Any, files: Path, results: list[Sent]) -> dict[str, Any]:
    """Compare what was acknowledged with what is there: each code once, with the files that were sent, whole on disk."""
    codes = {one.code: one for one in results if one.is_acknowledged}
    found = {row[0]: row[1:] for row in connection.execute(_FIND, [list(codes)]).fetchall()}
    lost = sorted(set(codes) - set(found))
    doubled = [code for code, (n, _) in found.items() if n != 1]
    broken = []
    for code, (_n, digests) in found.items():
        is_whole = all(
            one
            and (files / one[:2] / one).exists()
            and hashlib.sha256((files / one[:2] / one).read_bytes()).hexdigest() == one
            for one in digests
        )
        if not is_whole or not set(codes[code].files) <= set(digests):
            broken.append(code)
    half = [
        str(path.relative_to(files))
        for path in files.glob("??/*")
        if not path.name.startswith(".") and hashlib.sha256(path.read_bytes()).hexdigest() != path.name
    ]
    return {
        "acknowledged": len(codes),
        "lost": lost,
        "doubled": doubled,
        "without_whole_documents": broken,
        "half_files": half,
        "is_fine": not (lost or doubled or broken or half),
    }
