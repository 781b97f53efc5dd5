"""Run the whole province on one machine: `make run`. Ctrl-C stops everything; nothing is left behind.

1. Look at the machine and the port.  2. Start PostgreSQL and make roles.  3. Migrate as the owner.
4. Load the demo province once.  5. Gather static files.  6. Prove that the start is safe.
7. Start the other processes, each in its own session with a death signal, and watch them.
"""

import contextlib
import ctypes
import errno
import hashlib
import http.client
import importlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, ModuleType
from typing import Final

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections

from tinhso.config import machine, places, roles, tables
from tinhso.config.cluster import Cluster, ClusterNotStarted

PATIENCE: Final = 40.0
GOODBYE: Final = 6.0
LOG_MAY_HOLD: Final = 20_000_000
_LIBC = ctypes.CDLL(None)
_TINHSO: Final = (sys.executable, "-m", "tinhso.config.cli")


class UpNotPossible(Exception):
    """Say in one Vietnamese sentence why the province does not run, and what to do."""


@dataclass(frozen=True)
class Child:
    """One process of the province; `dies_by` is the signal it gets when the supervisor is gone."""

    name: str
    says: str
    command: Sequence[str]
    dies_by: signal.Signals
    environment: Mapping[str, str] = field(default_factory=dict)
    niceness: int = 0


def children(host: str, port: int, *, is_demo: bool) -> list[Child]:
    """List the processes of the province, in the order of their start."""
    web = (
        *(str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port), "--workers", "2", "--blocking-threads", "2"),
        *(
            "--runtime-threads",
            "1",
            "--backlog",
            "512",
            "--respawn-failed-workers",
            "--workers-kill-timeout",
            "5",
        ),
        "tinhso.config.wsgi:application",
    )
    own = [
        Child("web", "Máy chủ web", web, signal.SIGTERM, {"TINHSO_POOL": "4"}),
        Child("worker", "Việc chạy nền", (*_TINHSO, "worker"), signal.SIGKILL, niceness=10),
        Child("publisher", "Lập bản công khai số liệu", (*_TINHSO, "publisher"), signal.SIGKILL, niceness=15),
        Child("prober", "Máy đo dịch vụ công khai", (*_TINHSO, "prober"), signal.SIGKILL),
        Child(
            "sealer", "Niêm phong sổ nhật ký", (*_TINHSO, "sealer"), signal.SIGKILL, {"TINHSO_ROLE": "sealer"}
        ),
    ]
    if not is_demo or os.environ.get("TINHSO_BACKUP"):
        kept = (*_TINHSO, "backup", "run")
        own.append(Child("archiver", "Sao lưu liên tục", kept, signal.SIGTERM, niceness=10))
    if is_demo:
        trust = (*_TINHSO, "trust-services")
        own.insert(0, Child("trust-services", "Dịch vụ chứng thực trình diễn", trust, signal.SIGTERM))
    return own


def main() -> int:
    """Run until Ctrl-C (code 0), or until something cannot start or dies (code 1, after a sentence)."""
    for signal_ in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signal_, _as_interrupt)
    try:
        _run()
    except KeyboardInterrupt:
        _say("Đã dừng. Dữ liệu còn nguyên; chạy lại bằng: make run")
        return 0
    except (UpNotPossible, ClusterNotStarted, roles.RolesNotMade, machine.MachineNotReady) as trouble:
        sys.stderr.write(f"✗ {trouble}\n")
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        sys.stderr.write("✗ Ổ đĩa đã đầy. Hãy giải phóng ít nhất 1 GB rồi chạy lại.\n")
        return 1
    return 0


def _run() -> None:
    home = places.data()
    is_demo = places.is_demo(home) if os.environ.get("TINHSO_DEMO") or (home / "mode").exists() else True
    os.environ |= {"DJANGO_SETTINGS_MODULE": "tinhso.config.settings", "TINHSO_ROLE": "owner"}
    os.environ["TINHSO_DEMO"] = "1" if is_demo else "0"
    host = os.environ.get("TINHSO_HOST") or "127.0.0.1"
    port = _port()
    with contextlib.ExitStack() as stack:
        with _step("Máy có đủ thư viện và phông chữ"):
            machine.make_ready()
            _refuse_taken_port(host, port)
        with _step("Cơ sở dữ liệu đã mở"):
            cluster = _open_database(home, stack)
            places.keep_mode(home, is_demo=is_demo)
        with _step("Bảng dữ liệu đúng phiên bản"):
            django.setup()
            tables.bring_up_to_date()
        if is_demo:
            with _step("Tỉnh mẫu đã có dữ liệu"):
                _demo().load()
        with _step("Tệp giao diện đã gom"):
            _gather_static()
        connections.close_all()
        with _step("Kiểm tra an toàn trước khi mở"):
            _refuse_unsafe()
        family = Family(home / "logs")
        stack.callback(family.stop)
        for child in children(host, port, is_demo=is_demo):
            with _step(child.says):
                family.start(child)
                if child.name == "web":
                    _await_web(family, host, port)
        _welcome(is_demo=is_demo)
        while True:
            family.refuse_dead()
            if cluster is not None and cluster.has_died():
                raise UpNotPossible(
                    f"Cơ sở dữ liệu đã dừng đột ngột. Xem {cluster.log}, rồi chạy lại: make run"
                )
            time.sleep(0.2)


class Family:
    """The running children; whoever dies ends the whole."""

    def __init__(self, logs: Path) -> None:
        """Keep what children say in the folder `logs`."""
        self._logs = logs
        self._running: list[tuple[Child, subprocess.Popen[bytes]]] = []

    def start(self, child: Child) -> None:
        """Start one child in its own session."""
        self._logs.mkdir(parents=True, exist_ok=True)
        log = self._log(child)
        if log.exists() and log.stat().st_size > LOG_MAY_HOLD:
            log.replace(log.with_suffix(".old"))

        def settle() -> None:
            _LIBC.prctl(1, int(child.dies_by))
            os.nice(child.niceness)

        with log.open("ab") as out:
            process = subprocess.Popen(  # noqa: S603 - our own commands
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=places.CLONE,
                env={**os.environ, "TINHSO_ROLE": "app", "PYTHONUNBUFFERED": "1", **child.environment},
                start_new_session=True,
                preexec_fn=settle,  # noqa: PLW1509 - two system calls, no lock is taken
            )
        self._running.append((child, process))

    def refuse_dead(self) -> None:
        """Raise UpNotPossible when a child has ended by itself, with the last line it said."""
        for child, process in self._running:
            if process.poll() is not None:
                log = self._log(child)
                lines = log.read_text(errors="replace").strip().splitlines()
                last = f" Dòng cuối: {lines[-1]}" if lines else ""
                raise UpNotPossible(f"{child.says} đã dừng (mã {process.returncode}). Xem {log}.{last}")

    def stop(self) -> None:
        """Ask all to end, wait a little, then end whatever is left, the workers of dead children too."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for _, process in self._running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + GOODBYE
        for _, process in self._running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for _, process in self._running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _log(self, child: Child) -> Path:
        return self._logs / f"{child.name}.log"


def _open_database(home: Path, stack: contextlib.ExitStack) -> Cluster | None:
    if url := os.environ.get("TINHSO_DATABASE_URL"):
        roles.provide_elsewhere(url, home / "roles.json")
        return None
    cluster = Cluster(home)
    cluster.start()
    stack.callback(cluster.stop)
    return cluster


def _port() -> int:
    text = os.environ.get("TINHSO_PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise UpNotPossible(f"TINHSO_PORT phải là số từ 1 đến 65535, không phải “{text}”.")
    return int(text)


def _refuse_taken_port(host: str, port: int) -> None:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(address)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                raise
            raise UpNotPossible(
                f"Cổng {port} ở {host} đang bận hoặc không được phép dùng. Chọn cổng khác, ví dụ: "
                f"TINHSO_PORT={port + 1 if port >= 1024 else 8000} make run"
            ) from error


def _gather_static() -> None:
    """Collect and compress static files when one of them has changed since the last time."""
    if settings.DEBUG:
        return
    mark = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(()):
            found = Path(storage.path(path)).stat()
            mark.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".stamp"
    if not stamp.exists() or stamp.read_text() != mark.hexdigest():
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(mark.hexdigest())


def _refuse_unsafe() -> None:
    checked = subprocess.run(  # noqa: S603 - our own command
        (*_TINHSO, "check", "--starting"),
        env={**os.environ, "TINHSO_ROLE": "app"},
        capture_output=True,
        text=True,
        check=False,
    )
    if checked.returncode:
        bad = [line.removeprefix("✗ ") for line in checked.stdout.splitlines() if line.startswith("✗")]
        raise UpNotPossible(" ".join(bad) or checked.stderr.strip())


def _await_web(family: Family, host: str, port: int) -> None:
    reached = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - compares, does not bind
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        family.refuse_dead()
        connection = http.client.HTTPConnection(reached, port, timeout=10)
        try:
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    raise UpNotPossible("Máy chủ web chưa trả lời sau 40 giây. Máy có thể đang quá tải; hãy chạy lại.")


def _welcome(*, is_demo: bool) -> None:
    _say(f"\nMở trình duyệt ở: {settings.TINHSO_PUBLIC_ADDRESS}")
    if is_demo:
        for line in _demo().welcome():
            _say(line)
    _say("Dừng bằng Ctrl-C.")


def _demo() -> ModuleType:
    """Return the demo province; its models can be loaded only now that Django is set up."""
    return importlib.import_module("tinhso.config.demo")


@contextlib.contextmanager
def _step(says: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    _say(f"✓ {says} ({time.monotonic() - begun:.1f} giây)".replace(".", ",", 1))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
