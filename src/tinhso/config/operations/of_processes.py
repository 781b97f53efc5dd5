"""Look at the processes: which run, how often they were started again, how the web answers."""

from __future__ import annotations

import contextlib
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from tinhso.config.operations import counters, folder
from tinhso.config.operations.looking import Look
from tinhso.config.operations.parts import Part, State, worst
from tinhso.config.operations.words import percent, span
from tinhso.toolkit.words import number

#: The processes that must run: name, words, what stands still without it.
PROCESSES: Final = (
    ("worker", "Tiến trình việc chạy nền", "Thông báo và số liệu đứng lại."),
    ("publisher", "Tiến trình lập bản công khai", "Số công khai của tháng chưa lập được."),
    ("prober", "Tiến trình đo dịch vụ", "Trang trạng thái không có số đo mới."),
)
_PATIENCE: Final = 5.0
#: Over how many minutes the speed and the failures of the web are told.
STRETCH: Final = 15
#: Fewer requests than this tell nothing about a share.
FEWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Child:
    """What the supervisor wrote of one process. ``restarts`` counts those of the last hour where it says so."""

    pid: int | None
    is_running: bool
    restarts: int


def processes(look: Look) -> list[Part]:
    """Return a part for each background process."""
    children, running = children_now(), running_names()
    return [_process(name, said, without, children.get(name), running) for name, said, without in PROCESSES]


def _process(name: str, said: str, without: str, child: Child | None, running: set[str]) -> Part:
    is_running = child.is_running if child else name in running
    restarts = child.restarts if child else 0
    state = State.OK if is_running else State.BAD
    measured = "Đang chạy" if is_running else "Không chạy"
    if restarts:
        measured += f", vừa được mở lại {number(restarts)} lần"
        state = worst(state, State.WARN)
    return Part(
        name,
        said,
        state,
        measured,
        "không chạy, hoặc phải mở lại",
        "" if state is State.OK else f"{without} Xem nhật ký của tiến trình rồi mở lại hệ thống.",
        "web-failing",
        facts={"is_running": is_running, "restarts": restarts},
    )


def children_now() -> dict[str, Child]:
    """Return what the supervisor says of its children, by name; nothing where it says nothing or is gone."""
    document = folder.read(folder.CHILDREN)
    if document is None:
        return {}
    supervisor = document.get("pid")
    if isinstance(supervisor, int) and not Path(f"/proc/{supervisor}").exists():
        return {}
    rows = document.get("children", [])
    if isinstance(rows, dict):
        rows = [{"name": name, **row} for name, row in rows.items() if isinstance(row, dict)]
    found = {}
    for row in rows:
        with contextlib.suppress(KeyError, TypeError, ValueError):
            pid = row.get("pid")
            is_running = isinstance(pid, int) and Path(f"/proc/{pid}").exists()
            if "state" in row:
                is_running = is_running and row["state"] == "running"
            found[str(row["name"])] = Child(pid, is_running, int(row.get("restarts") or 0))
    return found


def running_names() -> set[str]:
    """Return which of the house's commands run on this machine with these data, by their command lines."""
    found = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError):
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
            name = _command_in(words)
            if name and _data_of(entry) == Path(settings.TINHSO_DATA):
                found.add(name)
    return found


def _command_in(words: list[str]) -> str:
    for place, word in enumerate(words[:-1]):
        if word == "tinhso.config.cli" or Path(word).name == "tinhso":
            return words[place + 1]
    return ""


def _data_of(entry: Path) -> Path | None:
    for pair in (entry / "environ").read_bytes().decode(errors="replace").split("\0"):
        if pair.startswith("TINHSO_DATA="):
            return Path(pair.removeprefix("TINHSO_DATA=")).resolve()
    return Path(settings.TINHSO_DATA) if (entry / "environ").stat() else None


def web(look: Look, totals: counters.Totals) -> Part:
    """Ask the web server whether it lives and is ready; tell its speed and failures of the last quarter of an hour."""
    begun = time.monotonic()
    lives, ready, reasons = _answer("/livez"), False, list[str]()
    took = time.monotonic() - begun
    if lives is not None:
        answer = _answer("/readyz")
        ready = answer is not None and answer[0] == 200
        if answer is not None and not ready:
            with contextlib.suppress(ValueError, AttributeError):
                reasons = [str(one) for one in json.loads(answer[1]).get("reasons", [])]
    lately = totals.since(counters.Totals.of((look.minute_before(STRETCH) or {}).get("web")))
    state = State.OK if lives is not None and ready else State.BAD
    p95, failed = lately.quantile(0.95), lately.failed_percent
    facts: dict[str, Any] = {
        "is_alive": lives is not None,
        "is_ready": ready,
        "reasons": reasons,
        "requests": lately.count,
        "failed_percent": round(failed, 3),
        "p95_seconds": p95,
        "seconds": round(took, 4),
    }
    if lives is None:
        said = "Không trả lời"
    elif not ready:
        said = "Trả lời, nhưng chưa phục vụ được"
    elif lately.count < FEWEST or p95 is None:
        said = f"Trả lời sau {span(took)}; {STRETCH} phút qua có {number(lately.count)} lượt mở"
    else:
        state = worst(
            state,
            look.grade("web", "web_p95_seconds", p95),
            look.grade("web", "web_failed_percent", failed),
        )
        said = f"95 trên 100 lần mở dưới {span(p95)}, {percent(failed)} gặp lỗi của máy"
    return Part(
        "web",
        "Trang web",
        state,
        said,
        f"trên {span(look.limit('web_p95_seconds').warn)}, hoặc {percent(look.limit('web_failed_percent').warn)} lỗi",
        "" if state is State.OK else "Xem lỗi gần đây theo mã sự cố, rồi làm theo cẩm nang.",
        "web-failing",
        facts=facts,
    )


def address_inside() -> str:
    """Return where the web server answers on this machine."""
    host = settings.TINHSO_HOST
    host = "127.0.0.1" if host in ("0.0.0.0", "", "::") else host  # noqa: S104 - compares, does not bind
    return f"http://{host}:{settings.TINHSO_PORT}"


def _answer(path: str) -> tuple[int, str] | None:
    request = urllib.request.Request(address_inside() + path)  # noqa: S310 - our own address
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read(2_000).decode(errors="replace")
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(2_000).decode(errors="replace")
    except OSError:
        return None
