"""Run the whole province on one machine: `make run`. Ctrl-C stops everything; nothing is left behind.

1. Look at the machine and the port.  2. Start PostgreSQL and make roles.  3. Migrate as the owner.
4. Load the demo province once.  5. Gather static files.  6. Prove that the start is safe.
7. Start the other processes, each in its own session with a death signal, and watch them: who dies is started again
   after a wait that grows, PostgreSQL too. SIGUSR2 replaces all of them by new ones (`tinhso restart`).
"""

import contextlib
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
from collections.abc import Iterator
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
from tinhso.config.supervision.child import Child, listen
from tinhso.config.supervision.database import Database
from tinhso.config.supervision.family import CannotGoOn, Family
from tinhso.config.supervision.rule import rule

_TINHSO: Final = (sys.executable, "-m", "tinhso.config.cli")


class UpNotPossible(Exception):
    """Say in one Vietnamese sentence why the province does not run, and what to do."""


def children(host: str, port: int, *, is_demo: bool) -> list[Child]:
    """List the processes of the province, in the order of their start."""
    web = (sys.executable, "-P", "-m", "tinhso.config.supervision.granian_web")
    place = {"TINHSO_POOL": "4", "TINHSO_HOST": host, "TINHSO_PORT": str(port)}
    own = [
        Child("web", "Máy chủ web", web, signal.SIGTERM, place, listens=True),
        Child("worker", "Việc chạy nền", (*_TINHSO, "worker"), signal.SIGKILL, niceness=10),
        Child("publisher", "Lập bản công khai số liệu", (*_TINHSO, "publisher"), signal.SIGKILL, niceness=15),
        Child("prober", "Máy đo dịch vụ công khai", (*_TINHSO, "prober"), signal.SIGKILL),
        Child(
            "sealer", "Niêm phong sổ nhật ký", (*_TINHSO, "sealer"), signal.SIGKILL, {"TINHSO_ROLE": "sealer"}
        ),
        Child("watcher", "Máy canh các phần", (*_TINHSO, "watcher"), signal.SIGKILL),
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
    except (
        UpNotPossible,
        CannotGoOn,
        ClusterNotStarted,
        roles.RolesNotMade,
        machine.MachineNotReady,
    ) as trouble:
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
            gather_static(clear=True)
        connections.close_all()
        with _step("Kiểm tra an toàn trước khi mở"):
            _refuse_unsafe()
        listener = stack.enter_context(listen(host, port))
        settled = rule()
        family = Family(home, folder=places.CLONE, listener=listener, settled=settled)
        stack.callback(family.stop)
        for child in children(host, port, is_demo=is_demo):
            with _step(child.says):
                family.start(child)
                if child.name == "web":
                    _await_web(family, host, port, settled.ready_seconds)
        if cluster is not None:
            family.watch(Database(cluster, settled))
        signal.signal(signal.SIGUSR2, lambda *_: family.ask_to_renew())
        _welcome(is_demo=is_demo)
        family.tend_until(lambda: False)


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


def gather_static(*, clear: bool) -> None:
    """Collect and compress static files when one of them has changed since the last time.

    Without ``clear`` those of the release before stay, which a process or a page of it may still ask for.
    """
    if settings.DEBUG:
        return
    mark = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list(()):
            found = Path(storage.path(path)).stat()
            mark.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".stamp"
    if not stamp.exists() or stamp.read_text() != mark.hexdigest():
        call_command("collectstatic", interactive=False, clear=clear, verbosity=0)
        stamp.write_text(mark.hexdigest())


def _gather_static() -> None:
    """As `tinhso static` does before a start."""
    gather_static(clear=True)


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


def _await_web(family: Family, host: str, port: int, patience: float) -> None:
    """Wait until the web server has opened its first page for itself, and answers."""
    reached = "127.0.0.1" if host in ("0.0.0.0", "") else host  # noqa: S104 - compares, does not bind
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        family.refuse_dead()
        if not family.is_ready("web"):
            time.sleep(0.05)
            continue
        connection = http.client.HTTPConnection(reached, port, timeout=10)
        try:
            connection.request("GET", "/livez")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.05)
        else:
            return
        finally:
            connection.close()
    raise UpNotPossible(
        f"Máy chủ web chưa trả lời sau {patience:.0f} giây. Máy có thể đang quá tải; hãy chạy lại."
    )


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
