"""Restore an installation to a moment, into an empty folder; and say truly whether it is whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from tinhso.config.backup.store import Base, KeyWrong, Store, unlock, unpack_small
from tinhso.config.backup.taking import HEADS
from tinhso.config.cluster import DATABASE, MAJOR, Cluster, ClusterNotStarted

#: How long the log may take to be replayed: seconds.
PATIENCE: Final = 3_600.0
#: What ``tinhso check`` asks of a running installation; a restored one does not run yet.
_NOT_RUNNING: Final = ("sealer", "stamps")
LATER_HEADS: Final = "journal-heads/after-restore.jsonl"


class NotRestorable(Exception):
    """Say in one Vietnamese sentence why nothing was restored, and what to do."""


@dataclass(slots=True)
class Restored:
    """What a restore came to: times in seconds, what is wrong as sentences (nothing: it is whole)."""

    into: str
    at: str
    base: str
    findings: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    documents: int = 0
    journal: dict[str, Any] = field(default_factory=dict)
    later_heads: dict[str, Any] = field(default_factory=dict)

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
            "findings": self.findings,
            "seconds": {name: round(value, 1) for name, value in self.seconds.items()},
            "documents": self.documents,
            "journal": self.journal,
            "later_heads": self.later_heads,
        }


@contextmanager
def _timed(found: Restored, name: str) -> Iterator[None]:
    begun = time.monotonic()
    yield
    found.seconds[name] = time.monotonic() - begun


def restore(store: Store, key: bytes, into: Path, at: dt.datetime | None) -> Restored:
    """Restore the last moment before ``at`` (the machine's time; None: all there is) into an empty folder.

    The database is left stopped. Raises ``NotRestorable``: then the folder holds what was done so far.
    """
    if into.exists() and any(into.iterdir()):
        raise NotRestorable(f"Thư mục {into} không trống. Chọn một thư mục trống.")
    base = _base_before(store, at)
    into.mkdir(parents=True, exist_ok=True)
    into.chmod(0o711)
    found = Restored(str(into), at.isoformat() if at else "", base.path.name)
    with _timed(found, "base"):
        try:
            locked = (store.small / f"{base.path.name}.tar.locked").read_bytes()
            unpack_small(unlock(locked, key, base.path.name), into)
        except (OSError, KeyWrong) as error:
            raise NotRestorable(
                "Không mở được tệp nhỏ của bản sao: thiếu tệp, sai khóa, hoặc tệp đã bị sửa. Dùng bản sao khác."
            ) from error
        cluster = Cluster(into)
        _unpack(store, base, cluster, at)
    with _timed(found, "log"):
        _replay(cluster, at)
    try:
        with psycopg.connect(**cluster.address("superuser", DATABASE)) as connection:  # type: ignore[arg-type]
            with _timed(found, "documents"):
                _documents(store, key, into, connection, found)
            with _timed(found, "heads"):
                _heads(store, into, connection, found)
        with _timed(found, "checks"):
            _checks(cluster, into, found)
    finally:
        cluster.stop()
    return found


def _base_before(store: Store, at: dt.datetime | None) -> Base:
    bases = [one for one in store.bases() if at is None or one.ended_at <= at]
    if not bases:
        raise NotRestorable(f"Kho {store.path} không có bản sao gốc nào trước lúc ấy. Chọn lúc muộn hơn.")
    return bases[-1]


def _unpack(store: Store, base: Base, cluster: Cluster, at: dt.datetime | None) -> None:
    """Lay base and log where the server will find them, and tell it until when to replay."""
    cluster.make_folders()
    data, log = cluster.data, cluster.data.with_name("restore-wal")
    data.mkdir(mode=0o700)
    unpacked = subprocess.run(  # noqa: S603 - our own file
        ["/bin/tar", "-xzf", str(base.path / "base.tar.gz"), "-C", str(data)],
        capture_output=True,
        text=True,
        check=False,
    )
    if unpacked.returncode:
        raise NotRestorable(
            f"Bản sao gốc {base.path.name} hỏng: {unpacked.stderr.strip()[-200:]} Dùng bản khác."
        )
    version = (data / "PG_VERSION").read_text("ascii").strip()
    if version != MAJOR:
        raise NotRestorable(
            f"Bản sao là của PostgreSQL {version}, máy này có bản {MAJOR}. Cài đúng bản rồi khôi phục."
        )
    log.mkdir(mode=0o700)
    first = base.first_segment
    for segment in store.segments():
        if segment.number >= first.number:
            target = log / segment.name.removesuffix(".partial")
            if not (segment.is_partial and target.exists()):
                shutil.copyfile(store.wal / segment.name, target)
    lines = [f'restore_command = \'cp "{log}/%f" "%p"\'', "recovery_target_action = 'promote'"]
    if at is not None:
        lines.append(f"recovery_target_time = '{at.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S.%f}+00'")
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write("\n".join(lines) + "\n")
    (data / "recovery.signal").touch(mode=0o600)
    cluster.own(data)
    cluster.own(log)


def _replay(cluster: Cluster, at: dt.datetime | None) -> None:
    """Let the server replay the log and open; then take the recovery's settings out again."""
    try:
        cluster.start(patience=PATIENCE, provides=False)
        deadline = time.monotonic() + PATIENCE
        while True:
            with psycopg.connect(**cluster.address("superuser", "postgres"), autocommit=True) as connection:  # type: ignore[arg-type]
                (is_replaying,) = connection.execute("select pg_is_in_recovery()").fetchone()  # type: ignore[misc]
            if not is_replaying:
                break
            if time.monotonic() > deadline or cluster.has_died():
                raise NotRestorable("Nhật ký ghi trước chưa phát lại xong sau một giờ.")
            time.sleep(0.1)
    except (ClusterNotStarted, psycopg.OperationalError) as error:
        said = cluster.log.read_text("utf-8", errors="replace") if cluster.log.exists() else ""
        cluster.stop()
        if "recovery ended before configured recovery target was reached" in said:
            lacks = next((one for one in reversed(said.splitlines()) if "restore-wal/" in one), "")
            name = lacks.rsplit("restore-wal/", 1)[-1][:24] if lacks else "?"
            raise NotRestorable(
                f"Nhật ký ghi trước đứt trước lúc cần khôi phục: thiếu đoạn {name}. Lấy đoạn ấy từ kho khác."
            ) from error
        raise NotRestorable(f"Cơ sở dữ liệu khôi phục không mở được. {error}") from error
    settings = cluster.data / "postgresql.auto.conf"
    kept = [
        line
        for line in settings.read_text("utf-8").splitlines()
        if not line.startswith(("restore_command", "recovery_target"))
    ]
    settings.write_text("\n".join([*kept, ""]), "utf-8")
    shutil.rmtree(cluster.data.with_name("restore-wal"), ignore_errors=True)


def _documents(
    store: Store, key: bytes, into: Path, connection: psycopg.Connection[Any], found: Restored
) -> None:
    """Bring back every document that a row names, each proved by its hash."""
    lacking, changed = [], []
    for (digest,) in connection.execute("select sha256 from documents_storedfile order by id"):
        try:
            content = unlock(store.place_of(digest).read_bytes(), key, digest)
        except FileNotFoundError:
            lacking.append(digest)
            continue
        except (OSError, KeyWrong):
            changed.append(digest)
            continue
        if hashlib.sha256(content).hexdigest() != digest:
            changed.append(digest)
            continue
        place = into / "files" / digest[:2] / digest
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place.write_bytes(content)
        place.chmod(0o600)
        found.documents += 1
    (into / "files").mkdir(exist_ok=True, mode=0o700)
    for words, digests in (("không có trong kho", lacking), ("trong kho đã bị sửa hoặc sai khóa", changed)):
        if digests:
            shown = ", ".join(one[:12] for one in digests[:5])
            found.findings.append(f"{len(digests)} giấy tờ {words}: {shown}.")


def _heads(store: Store, into: Path, connection: psycopg.Connection[Any], found: Restored) -> None:
    """Keep the heads up to what was restored, and name those that tell of what was not."""
    kept = store.heads / "heads.jsonl"
    if not kept.exists():
        found.findings.append(
            "Kho không có sổ niêm phong bên ngoài, không kiểm được nhật ký có bị cắt đuôi không."
        )
        return
    (last,) = connection.execute("select coalesce(max(seq), 0) from journal_seal").fetchone() or (0,)
    lines = [line for line in kept.read_text("utf-8").splitlines() if line.endswith("}")]
    held = [line for line in lines if json.loads(line)["seq"] <= last]
    later = [json.loads(line) for line in lines if json.loads(line)["seq"] > last]
    target = into / HEADS
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(f"{line}\n" for line in held), "utf-8")
    if later:
        (into / LATER_HEADS).write_text("".join(f"{json.dumps(one)}\n" for one in later), "utf-8")
        found.later_heads = {
            "count": len(later),
            "first_at": later[0]["at"],
            "last_at": later[-1]["at"],
            "entries_missing": later[-1]["size"] - (json.loads(held[-1])["size"] if held else 0),
        }


def _checks(cluster: Cluster, into: Path, found: Restored) -> None:
    """Verify the journal, the identities and the pages of the database with the installation's own commands."""
    environment = {
        **{k: v for k, v in os.environ.items() if k not in ("TINHSO_DATABASE_URL", "TINHSO_DATABASE_NAME")},
        "TINHSO_DATA": str(into),
        "TINHSO_ROLE": "app",
    }
    tinhso = (sys.executable, "-m", "tinhso.config.cli")
    journal = subprocess.run(  # noqa: S603 - our own command
        [*tinhso, "verify-journal", "--json"], env=environment, capture_output=True, text=True, check=False
    )
    try:
        found.journal = json.loads(journal.stdout)
    except ValueError:
        found.findings.append(f"Không kiểm được nhật ký. {journal.stderr.strip()[-200:]}")
    else:
        if not found.journal.get("ok"):
            found.findings.append(f"Nhật ký không còn nguyên: {found.journal.get('first_broken')}")
    checked = subprocess.run(  # noqa: S603 - the same
        [*tinhso, "check", "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        rows = json.loads(checked.stdout)
    except ValueError:
        found.findings.append(f"Không kiểm được dữ liệu. {checked.stderr.strip()[-200:]}")
    else:
        found.findings += [
            one["says"] for one in rows["findings"] if not one["is_fine"] and one["name"] not in _NOT_RUNNING
        ]
    pages = subprocess.run(  # noqa: S603 - our own binary
        [
            str(cluster.programs() / "pg_amcheck"),
            *("-h", cluster.address()["host"], "-U", cluster.address("superuser")["user"]),
            *("--install-missing", DATABASE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if pages.returncode:
        found.findings.append(f"pg_amcheck thấy trang hỏng: {(pages.stdout + pages.stderr).strip()[-200:]}")
