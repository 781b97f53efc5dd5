"""What every walk in a real browser shares: a fresh demo, the widths, and what a page must pass at each of them."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.language import foreign_in_page

CHROMIUM = "/usr/bin/chromium"
PATIENCE = 400
AXE = Path(__file__).parent / "vendor/axe.min.js"
WIDTHS = (1366, 360)
HEIGHT = 900
_ASK_AXE = (
    "async () => (await axe.run(document, {resultTypes: ['violations'], preload: false})).violations"
    ".map(v => v.id + ' ' + v.nodes[0].html.slice(0, 160))"
)
#: A bare file box says "Choose file" in the browser's language; ours lie under a label of our own.
_BARE_FILE_BOXES = """() => [...document.querySelectorAll('input[type=file]')].filter(
  box => !box.closest('label') || getComputedStyle(box).clipPath === 'none').length"""
_IS_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth"


class Stuck(Exception):
    """The walk cannot go on; the message says where."""


@dataclass(frozen=True)
class Demo:
    """A running demo: its address, where its data lie, and the process that watches over it."""

    address: str
    data: Path
    pid: int


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def fresh_demo() -> Iterator[Demo]:
    """Start a demo of its own and give it; stop it afterwards.

    The first walk makes the province from nothing; later walks over the same sources take a copy of it.
    """
    with tempfile.TemporaryDirectory(prefix="tinhso-journey-") as home:
        Path(home).chmod(0o711)
        data = Path(home) / "data"
        copy_of_the_province(data)
        with running(data, Path(home) / "up.log") as demo:
            yield demo


@contextmanager
def running(data: Path, log: Path) -> Iterator[Demo]:
    """Run the province that lies in ``data``, until left."""
    port = free_port()
    environment = {
        **os.environ,
        "TINHSO_DATA": str(data),
        "TINHSO_DEMO": "1",
        "TINHSO_PORT": str(port),
        "TINHSO_TRUST_PORT": str(free_port()),
    }
    with log.open("wb") as out:
        up = subprocess.Popen(
            [sys.executable, "-m", "tinhso.config.up"], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _await_welcome(up, log)
            yield Demo(f"http://127.0.0.1:{port}", data, up.pid)
        finally:
            up.send_signal(signal.SIGINT)
            up.wait(60)


def copy_of_the_province(data: Path) -> None:
    """Copy the province as it stood when it was made; the business clock stood still since."""
    made = Path(tempfile.gettempdir()) / f"tinhso-province-{os.getuid()}-{_mark_of_the_sources()}"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (made / "stopped").exists():
            for old in made.parent.glob(f"tinhso-province-{os.getuid()}-*/"):
                shutil.rmtree(old, ignore_errors=True)
            made.mkdir(mode=0o711)
            with running(made / "data", made / "up.log"):
                pass
            (made / "stopped").write_text(str(time.time()), "ascii")
    subprocess.run(["cp", "-a", made / "data", data], check=True)
    clock = data / "clock"
    stood = time.time() - float((made / "stopped").read_text("ascii"))
    clock.write_text(f"{float(clock.read_text('ascii')) - stood:.3f}", "ascii")


def _mark_of_the_sources() -> str:
    """Return what tells these sources from any others."""
    mark = hashlib.sha256()
    for path in sorted((Path(__file__).parents[1] / "src/tinhso").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found = path.stat()
            mark.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return mark.hexdigest()[:12]


def _await_welcome(up: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while "Ctrl-C" not in log.read_text("utf-8"):
        if up.poll() is not None or time.monotonic() > deadline:
            raise Stuck(log.read_text("utf-8"))
        time.sleep(0.2)


def axe_violations(page: Page) -> list[str]:
    """Ask axe at the page's present width; each violation is its rule and the first element that breaks it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(_ASK_AXE)
    return found


def speaks_for_itself(page: Page) -> list[str]:
    """Return what the browser would say in its own language, whatever ours is."""
    return ["file box"] if page.evaluate(_BARE_FILE_BOXES) else []


def is_wider_than_screen(page: Page) -> bool:
    """Tell whether the page must be scrolled sideways."""
    return bool(page.evaluate(_IS_WIDE))


def faults(page: Page, name: str, width: int) -> list[str]:
    """Set the width and return everything that is wrong with the page at it, as lines that begin with its name."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    found = [f"axe {violation}" for violation in axe_violations(page)]
    found += [f"says {word}" for word in (*foreign_in_page(page.content()), *speaks_for_itself(page))]
    if is_wider_than_screen(page):
        found.append("wider than the screen")
    return [f"{name} {width}: {one}" for one in found]
