"""Start what unit files describe, as systemd would: account, privileges, read-only system, environment, order."""

from __future__ import annotations

import shlex
import socket
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit file, read: every key with all its values, in order."""

    name: str
    keys: dict[str, list[str]]

    @classmethod
    def read(cls, file: Path) -> Unit:
        """Read a file; sections are left out, for our keys are different in each."""
        keys: dict[str, list[str]] = defaultdict(list)
        for line in file.read_text("utf-8").splitlines():
            name, sign, value = line.partition("=")
            if sign and not line.startswith("#"):
                keys[name].append(value)
        return cls(file.name, dict(keys))

    def last(self, key: str, default: str = "") -> str:
        """Return the value that counts where a key stands once."""
        return self.keys.get(key, [default])[-1]

    def environment(self, root: Path) -> dict[str, str]:
        """Return what the process sees: files first, then single values."""
        found = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        for name in self.keys.get("EnvironmentFile", ()):
            file = root / name.lstrip("-/")
            if name.startswith("-") and not file.exists():
                continue
            for line in file.read_text("utf-8").splitlines():
                if "=" in line and not line.startswith("#"):
                    key, _, value = line.partition("=")
                    found[key] = "".join(shlex.split(value))
        for one in self.keys.get("Environment", ()):
            key, _, value = one.partition("=")
            found[key] = value
        return found

    def script(self, command: str, root: Path, more: dict[str, str] | None = None) -> str:
        """Return a shell script that runs one command of the unit in a mount namespace of its own, inside the root."""
        assert self.last("ProtectSystem") == "strict"
        assert self.last("NoNewPrivileges") == "yes"
        writable = [path.lstrip("-") for path in " ".join(self.keys.get("ReadWritePaths", ())).split()]
        writable += [f"/var/lib/{name}" for name in self.keys.get("StateDirectory", ())]
        lines = [f"mount --bind {path} {path}" for path in writable]
        lines += ["mount -o remount,bind,ro /", "mount -o remount,bind,ro /run", "mount -t tmpfs tmpfs /tmp"]
        lines += ["chmod 1777 /tmp", f"cd {self.last('WorkingDirectory', '/')}", f"umask {self.last('UMask')}"]
        caps = self.last("AmbientCapabilities").removeprefix("CAP_").lower()
        keep = f"-all,+{caps}" if caps else "-all"
        words = [
            *("setpriv", "--reuid", self.last("User"), "--regid", self.last("Group"), "--init-groups"),
            *("--pdeathsig", "KILL", "--no-new-privs", f"--bounding-set={keep}", f"--inh-caps={keep}", f"--ambient-caps={keep}"),
            *("env", "-i", *(f"{k}={v}" for k, v in {**self.environment(root), **(more or {})}.items())),
        ]
        return "\n".join(["set -e", *lines, f"exec {shlex.join(words)} {command}"])


class Ready:
    """The socket to which a unit of type `notify` says that it is ready."""

    def __init__(self, root: Path) -> None:
        """Open it inside the root, where the account of the service may write to it."""
        self.name = "/run/notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        place = root / self.name.lstrip("/")
        self._socket.bind(str(place))
        place.chmod(0o777)

    def wait(self, seconds: float) -> str:
        """Return the first word that comes. Raises TimeoutError."""
        with self._socket:
            self._socket.settimeout(seconds)
            return self._socket.recv(200).decode()
