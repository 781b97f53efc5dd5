"""Restore an installation to a moment, into an empty folder; `proving.py` says whether it is whole."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from tinhso.config import roles
from tinhso.config.backup.locking import KeyWrong, unlock, unlock_stream
from tinhso.config.backup.store import Base, Line, Segment, Store
from tinhso.config.backup.taking import lay_small, small_before
from tinhso.config.cluster import DATABASE, MAJOR, Cluster, ClusterNotStarted

#: How long the log may take to be replayed: seconds.
PATIENCE: Final = 3_600.0
_GZIP: Final = 31
_RECOVERY: Final = ("restore_command", "recovery_target", "hot_standby")
_LAST: Final = re.compile(r"last completed transaction was at log time (\S+ \S+)")


class NotRestorable(Exception):
    """Say in one or two Vietnamese sentences why nothing was restored, and what to do."""


@dataclass(slots=True)
class Restored:
    """What a restore came to: times in seconds; what is wrong as sentences (nothing: it is whole)."""

    into: str
    at: str
    base: str
    findings: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    last_transaction: str = ""
    documents: int = 0
    migrated: bool = False
    journal: dict[str, Any] = field(default_factory=dict)
    later_heads: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is wrong."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """Return the contract of ``tinhso restore --json``."""
        return {
            "ok": self.is_whole,
            "into": self.into,
            "at": self.at,
            "base": self.base,
            "last_transaction": self.last_transaction,
            "findings": self.findings,
            "warnings": self.warnings,
            "seconds": {name: round(value, 1) for name, value in self.seconds.items()},
            "documents": self.documents,
            "migrated": self.migrated,
            "journal": self.journal,
            "later_heads": self.later_heads,
            "rows": self.rows,
        }

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Keep how long something took."""
        begun = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - begun, 2)


#: Proves what was restored while its server runs: store, key, cluster, base, what is found.
Prove = Callable[[Store, bytes, Cluster, Base, Restored], None]


def restore(store: Store, key: bytes, into: Path, at: dt.datetime | None, prove: Prove) -> Restored:
    """Restore the last moment before ``at`` (the machine's time; None: all there is) into an empty folder.

    The database is left stopped. Raises ``NotRestorable``: then the folder holds what was done so far.
    """
    if into.exists() and any(into.iterdir()):
        raise NotRestorable(f"Thư mục {into} không trống. Chọn một thư mục trống.")
    base, later = _base_before(store, at)
    into.mkdir(parents=True, exist_ok=True)
    into.chmod(0o711)
    found = Restored(str(into), at.isoformat() if at else "", base.name)
    with found.timed("small"):
        _lay_small(store, key, into, at)
    cluster = Cluster(into)
    with found.timed("base"):
        _unpack(key, base, cluster)
    with found.timed("log"):
        _Log(store, key, base, later, cluster).replay(at, found)
    try:
        with found.timed("names"):
            _own_names(cluster, base)
        prove(store, key, cluster, base, found)
    finally:
        cluster.stop()
    return found


def _base_before(store: Store, at: dt.datetime | None) -> tuple[Base, Base | None]:
    """Return the base backup to begin with, and the first of its line that began after the moment."""
    bases = store.bases()
    before = [one for one in bases if at is None or one.ended_at <= at]
    if not before:
        oldest = f" Sớm nhất khôi phục được là {bases[0].ended_at:%Y-%m-%dT%H:%M:%S%z}." if bases else ""
        raise NotRestorable(f"Kho {store.path} không có bản sao gốc nào trước lúc ấy.{oldest} Chọn lúc muộn hơn.")
    base = before[-1]
    later = [one for one in bases if at is not None and one.line == base.line and one.began_at > at]
    return base, later[0] if later else None


def _lay_small(store: Store, key: bytes, into: Path, at: dt.datetime | None) -> None:
    path = small_before(store, at)
    if path is None:
        raise NotRestorable("Kho không có tệp nhỏ (khóa bí mật, vai trò) nào. Dùng kho khác.")
    try:
        lay_small(unlock(path, key, path.name), into)
    except (OSError, KeyWrong) as error:
        raise NotRestorable(
            "Không mở được tệp nhỏ trong kho: sai khóa sao lưu, hoặc tệp đã bị sửa. Kiểm khóa, rồi dùng kho khác."
        ) from error


def _unpack(key: bytes, base: Base, cluster: Cluster) -> None:
    """Lay the base where the server will find it, and compare every file with the manifest of the backup."""
    cluster.make_folders()
    data = cluster.data
    data.mkdir(mode=0o700)
    tar = subprocess.Popen(  # noqa: S603 - our own file
        ["/bin/tar", "-xf", "-", "-C", str(data)], stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert tar.stdin is not None
    assert tar.stderr is not None
    unpacker = zlib.decompressobj(_GZIP)
    try:
        with base.archive.open("rb") as locked:
            for piece in unlock_stream(locked, key, base.name):
                tar.stdin.write(unpacker.decompress(piece))
        tar.stdin.write(unpacker.flush())
    except (OSError, KeyWrong, zlib.error) as error:
        raise NotRestorable(
            f"Bản sao gốc {base.name} không mở được: thiếu tệp, sai khóa, hoặc đã bị sửa. Dùng bản khác hoặc kho khác."
        ) from error
    finally:
        with_error = tar.communicate()[1].decode(errors="replace")
    if tar.returncode:
        raise NotRestorable(f"Bản sao gốc {base.name} không giải được: {with_error.strip()[-200:]}")
    version = (data / "PG_VERSION").read_text("ascii").strip()
    if version != MAJOR:
        raise NotRestorable(
            f"Bản sao là của PostgreSQL {version}, máy này có bản {MAJOR}. Cài đúng bản rồi khôi phục."
        )
    proved = subprocess.run(  # noqa: S603 - our own binary
        [str(cluster.programs() / "pg_verifybackup"), "--no-parse-wal", "--quiet", str(data)],
        capture_output=True,
        text=True,
        check=False,
    )
    if proved.returncode:
        raise NotRestorable(f"Bản sao gốc {base.name} không khớp bản kê của nó: {proved.stderr.strip()[-200:]}")


class _Log:
    """The log that is replayed on a base."""

    def __init__(self, store: Store, key: bytes, base: Base, later: Base | None, cluster: Cluster) -> None:
        self._key, self._base, self._cluster = key, base, cluster
        self._line: Line = store.line(base.line)
        self._last = later.needs.start if later is not None else None
        self._folder = cluster.data.with_name("restore-wal")

    def replay(self, at: dt.datetime | None, found: Restored) -> None:
        """Let the server replay the log and open; then take the recovery's settings out again."""
        bad = self._lay(found)
        gap = self._line.gap(self._base.needs.start, self._last) or (bad[0] if bad else None)
        needed = self._line.gap(self._base.needs.start, self._base.needs.stop - 1)
        if needed or (at is None and gap):
            raise NotRestorable(f"Nhật ký ghi trước thiếu đoạn {needed or gap}. Lấy đoạn ấy từ kho khác.")
        reached = self._line.reached()
        if at is not None and self._last is None and reached is not None and at > reached[0]:
            raise NotRestorable(
                f"Kho chỉ có nhật ký tới {reached[0]:%Y-%m-%dT%H:%M:%S%z}. Chọn lúc sớm hơn, hoặc bỏ --at để lấy tất cả."
            )
        try:
            self._until(at)
        except _Ended as ended:
            if gap is not None:
                raise NotRestorable(
                    f"Nhật ký ghi trước đứt trước lúc cần khôi phục: thiếu đoạn {gap}. Lấy đoạn ấy từ kho khác."
                ) from ended
            # Nothing was committed after the moment: all of the log is what it takes.
            self._until(None)
        said = _LAST.findall(self._cluster.log.read_text("utf-8", errors="replace"))
        found.last_transaction = said[-1] if said else ""
        if gap is not None:
            found.warnings.append(f"Sau lúc ấy, nhật ký ghi trước thiếu đoạn {gap}.")
        settings = self._cluster.data / "postgresql.auto.conf"
        kept = [one for one in settings.read_text("utf-8").splitlines() if not one.startswith(_RECOVERY)]
        settings.write_text("\n".join([*kept, ""]), "utf-8")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _lay(self, found: Restored) -> list[str]:
        """Lay the segments in plain form; return the names of those that do not open."""
        self._folder.mkdir(mode=0o700)
        bad = []
        for segment in sorted({*self._line.finished(), *self._line.received()}):
            if segment.number < self._base.needs.start or (self._last is not None and segment.number > self._last):
                continue
            if not self._lay_one(segment):
                bad.append(segment.name)
        for history in self._line.path.glob("*.history"):
            shutil.copyfile(history, self._folder / history.name)
        if bad:
            found.warnings.append(f"Đoạn nhật ký {', '.join(bad[:3])} không mở được: sai khóa hoặc đã bị sửa.")
        return bad

    def _lay_one(self, segment: Segment) -> bool:
        """Lay one segment: the locked one, else what was received of it."""
        target, locked = self._folder / segment.name, self._line.place_of(segment)
        try:
            unpacker = zlib.decompressobj(_GZIP)
            with locked.open("rb") as stored, target.open("wb") as out:
                for piece in unlock_stream(stored, self._key, segment.name):
                    out.write(unpacker.decompress(piece))
                out.write(unpacker.flush())
            return True
        except (OSError, KeyWrong, zlib.error):
            target.unlink(missing_ok=True)
        for name in (segment.name, f"{segment.name}.partial"):
            if (self._line.receiving / name).exists():
                shutil.copyfile(self._line.receiving / name, target)
                return True
        return False

    def _until(self, at: dt.datetime | None) -> None:
        data = self._cluster.data
        settings = data / "postgresql.auto.conf"
        kept = settings.read_text("utf-8").splitlines() if settings.exists() else []
        lines = [one for one in kept if not one.startswith(_RECOVERY)]
        lines += [
            f'restore_command = \'cp "{self._folder}/%f" "%p"\'',
            "recovery_target_action = 'promote'",
            "hot_standby = 'off'",
        ]
        if at is not None:
            lines.append(f"recovery_target_time = '{at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S.%f}+00'")
            lines.append("recovery_target_inclusive = 'off'")
        settings.write_text("\n".join([*lines, ""]), "utf-8")
        self._settle_settings()
        (data / "recovery.signal").touch(mode=0o600)
        for folder in (data, self._folder):
            self._cluster.own(folder)
        begun = self._cluster.log.stat().st_size if self._cluster.log.exists() else 0
        try:
            self._cluster.start(patience=PATIENCE, provides=False)
        except ClusterNotStarted as error:
            with self._cluster.log.open("rb") as log:
                log.seek(begun)
                said = log.read().decode(errors="replace")
            if "recovery ended before configured recovery target was reached" in said:
                raise _Ended from error
            if "WAL ends before end of online backup" in said:
                raise NotRestorable(
                    f"Nhật ký ghi trước không đủ cho bản sao gốc {self._base.name}. Dùng bản khác hoặc kho khác."
                ) from error
            raise NotRestorable(f"Cơ sở dữ liệu khôi phục không mở được. {error}") from error

    def _settle_settings(self) -> None:
        """A server of one's own has its settings elsewhere, or settings that do not fit this machine."""
        data = self._cluster.data
        if not self._base.about.get("is_embedded", True):
            for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
                if (data / name).exists() and not (data / f"{name}.of-the-server").exists():
                    (data / name).rename(data / f"{name}.of-the-server")
        for name in ("postgresql.conf", "pg_hba.conf", "pg_ident.conf"):
            (data / name).touch(mode=0o600)


class _Ended(Exception):
    """The log ended before the moment."""


def _own_names(cluster: Cluster, base: Base) -> None:
    """Give database and owner the names that the embedded server's commands know, where a server of one's own had others."""
    name = str(base.about.get("database", DATABASE))
    with psycopg.connect(**cluster.address("superuser", "postgres"), autocommit=True) as connection:  # type: ignore[arg-type]
        if name != DATABASE:
            connection.execute(sql.SQL("alter database {} rename to {}").format(
                sql.Identifier(name), sql.Identifier(DATABASE)
            ))
        row = connection.execute(
            "select r.rolname from pg_database d join pg_roles r on r.oid = d.datdba where d.datname = %s", [DATABASE]
        ).fetchone()
        if row is not None and row[0] not in (roles.OWNER, roles.SUPERUSER):
            connection.execute(sql.SQL("alter role {} rename to {}").format(
                sql.Identifier(row[0]), sql.Identifier(roles.OWNER)
            ))
