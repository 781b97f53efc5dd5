"""A fresh root directory to install into: this Debian seen through an overlay, with mounts and a network of its own.

Needs root and the right to make namespaces. Nothing of it touches the machine: what is written lies in memory and is
gone with the last process. The clone is hidden, so nothing can come from it.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.architecture.floors import ROOT as CLONE
from tests.install.units import Ready, Unit

PATIENCE = 240.0
_NEW_NETWORK = 0x40000000
_SET_FLAGS, _IS_UP = 0x8914, 0x1
_MAKE = """
set -e
mount --make-rprivate /
mount -t tmpfs -o size=4g,mode=755 tmpfs "$1"
mkdir "$1"/over "$1"/work "$1"/root
mount -t overlay overlay -o lowerdir=/,upperdir="$1"/over,workdir="$1"/work "$1"/root
for at in proc dev sys; do mount --rbind /$at "$1"/root/$at; done
mount -t tmpfs -o mode=755 tmpfs "$1"/root/run
mount -t tmpfs -o mode=1777 tmpfs "$1"/root/tmp
mkdir -p "$1"/root"$2"
mount -t tmpfs -o mode=755 tmpfs "$1"/root"$2"
mkdir -p "$1"/root/srv/release
cp "$3"/tinhso-*.whl "$2"/requirements.lock "$1"/root/srv/release
echo made
exec sleep infinity
"""
#: `apt-get` of the fresh root: the network stays closed, and what the how-to names must be what the tests prepared.
_APT = """#!/bin/sh
[ "$1" = install ] || exit 1
for word in "$@"; do
    case "$word" in install|-*) ;; *) dpkg-query -W -f '${Status}' "$word" | grep -q ' installed$' || { echo "lacks $word"; exit 1; } ;; esac
done
"""


def can_be_made() -> bool:
    """Tell whether this account may make a fresh root here."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "-m", "-n", "true"], capture_output=True, check=False).returncode == 0


@dataclass
class Machine:
    """The fresh root, and what runs in it."""

    holder: int
    inside: str
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def root(self) -> Path:
        """Return the root as seen from outside its mounts."""
        return Path(f"/proc/{self.holder}/root{self.inside}/root")

    def run(self, script: str, *, network: bool = True, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a shell script in the root as root; `network` is the machine's own, as when packages are fetched."""
        done = subprocess.run(
            self._enter(script, network=network),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            env=_environment(),
        )
        assert not check or done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, unit: str, *, ready: Ready | None = None) -> subprocess.Popen[bytes]:
        """Start the command of a unit's file and go on."""
        found = self.unit(unit)
        more = {"NOTIFY_SOCKET": ready.name} if ready else None
        return self.spawn(found.script(found.last("ExecStart"), self.root, more), unit)

    def run_unit(self, unit: str) -> str:
        """Run all commands of a unit's file, one after the other; return what they said."""
        found = self.unit(unit)
        return "".join(
            (done := self.run(_alone(found.script(command, self.root)), network=False)).stdout + done.stderr
            for command in found.keys["ExecStart"]
        )

    def spawn(self, script: str, name: str) -> subprocess.Popen[bytes]:
        """Start a script in the root and go on; its words go to /var/log/NAME.out."""
        with (self.root / f"var/log/{name}.out").open("ab") as out:
            process = subprocess.Popen(
                self._enter(_alone(script), network=False),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env=_environment(),
            )
        self.running.append(process)
        return process

    def said(self, unit: str) -> str:
        """Return what a started unit has said so far."""
        return (self.root / f"var/log/{unit}.out").read_text("utf-8", "replace")

    def unit(self, name: str) -> Unit:
        """Read a unit's file."""
        return Unit.read(self.root / "etc/systemd/system" / name)

    @contextlib.contextmanager
    def network(self) -> Iterator[None]:
        """Let this thread speak in the machine's own network, where its ports 80 and 443 are."""
        libc = ctypes.CDLL(None, use_errno=True)
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/proc/{self.holder}/ns/net", os.O_RDONLY)
        try:
            assert libc.setns(there, _NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
            yield
        finally:
            assert libc.setns(own, _NEW_NETWORK) == 0
            os.close(own)
            os.close(there)

    def stop(self) -> None:
        """End everything that was started, the last first; the database ends after those who use it."""
        for process in reversed(self.running):
            if process.poll() is None:
                process.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _enter(self, script: str, *, network: bool) -> list[str]:
        spaces = ["-m"] if network else ["-m", "-n"]
        inside = ["chroot", f"{self.inside}/root", "/bin/bash", "-c", script]
        return ["nsenter", "-t", str(self.holder), *spaces, *inside]


def _environment() -> dict[str, str]:
    """Return what a fresh shell of root has; where packages come from is this machine's own affair."""
    own = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_", "http"))}
    own["SYSTEMD_OFFLINE"] = "1"  # no systemd runs there: `systemctl` lays links and leaves the rest to the test
    return {**own, "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}


def _bring_up_loopback() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _IS_UP))


def _alone(script: str) -> str:
    """Return a script that runs in mounts of its own, and ends when whoever started it does."""
    return shlex.join(["exec", "unshare", "-m", "--propagation", "private", "/bin/bash", "-c", script])


def build_wheel(into: Path) -> Path:
    """Build the wheel of these sources and return its path."""
    subprocess.run([sys.executable, "-m", "uv", "build", "-q", "--wheel", "-o", into, CLONE], check=True)
    (wheel,) = into.glob("tinhso-*.whl")
    return wheel


@contextlib.contextmanager
def fresh_machine(folder: Path, wheel: Path) -> Iterator[Machine]:
    """Make a fresh root below `folder` with the release in /srv/release; take it away afterwards."""
    place = folder / "machine"
    place.mkdir(parents=True)
    holder = subprocess.Popen(
        ["unshare", "-m", "-n", "/bin/bash", "-c", _MAKE, "make", place, CLONE, wheel.parent],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert holder.stdout is not None
    machine = Machine(holder.pid, str(place))
    try:
        first = holder.stdout.readline()
        assert first == b"made\n", first + holder.stdout.read1()  # type: ignore[attr-defined]
        with machine.network():
            _bring_up_loopback()
        apt = machine.root / "usr/local/sbin/apt-get"
        apt.write_text(_APT, "ascii")
        apt.chmod(0o755)
        yield machine
    finally:
        machine.stop()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(holder.pid, signal.SIGKILL)
        holder.wait()
        holder.stdout.close()


def warm(machine: Machine) -> None:
    """Lay the locked packages into /opt/tinhso by uv, in seconds; pip then only proves that they are the right ones."""
    uv = machine.root / "usr/local/bin/uv"
    shutil.copyfile(Path(sys.executable).with_name("uv"), uv)
    uv.chmod(0o755)
    machine.run(
        "cd /srv/release && uv pip install -q --python /opt/tinhso/bin/python --require-hashes -r requirements.lock"
    )
    uv.unlink()


def until(is_so: Callable[[], bool], seconds: float = 60.0) -> None:
    """Wait until a call tells the truth. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)
