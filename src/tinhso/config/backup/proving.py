"""Prove that what was restored is whole: documents, journal, rows, pages; and name what came after and is not there."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql

from tinhso.config.backup.locking import KeyWrong, unlock
from tinhso.config.backup.restoring import Restored
from tinhso.config.backup.store import Base, Store
from tinhso.config.backup.taking import HEADS
from tinhso.config.cluster import DATABASE, Cluster

#: What ``tinhso check`` asks of a running installation; a restored one does not run yet.
_NOT_RUNNING: Final = ("sealer", "stamps")
LATER_HEADS: Final = "journal-heads/after-restore.jsonl"
#: Tables whose rows are counted for the record.
COUNTED: Final = ("dossiers_dossier", "documents_storedfile", "directory_account", "journal_entry", "journal_seal")
_SHOWN: Final = 5


def prove(store: Store, key: bytes, cluster: Cluster, base: Base, found: Restored) -> None:
    """Bring documents and heads back, then verify everything with the installation's own commands."""
    with psycopg.connect(**cluster.address("superuser", DATABASE), autocommit=True) as connection:  # type: ignore[arg-type]
        with found.timed("documents"):
            _documents(store, key, cluster.home / "files", connection, found)
        with found.timed("heads"):
            _heads(store.heads_of(base.line), cluster.home, connection, found)
        found.rows = counted(connection)
    with found.timed("pages"):
        _pages(cluster, found)
    with found.timed("journal"):
        _journal(cluster.home, found)
    with found.timed("checks"):
        _tables(cluster.home, base, found)
        _identities(cluster.home, found)


def counted(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Return how many rows some tables have."""
    rows = {}
    for table in COUNTED:
        row = connection.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
        rows[table] = int(row[0]) if row else 0
    return rows


def _documents(
    store: Store, key: bytes, files: Path, connection: psycopg.Connection[Any], found: Restored
) -> None:
    """Bring back every document that a row names, each proved by its hash."""
    lacking: list[str] = []
    changed: list[str] = []
    with connection.transaction(), connection.cursor(name="restored_documents") as cursor:
        cursor.execute("select sha256 from documents_storedfile order by id")
        for (digest,) in cursor:
            try:
                content = unlock(store.place_of(digest), key, digest)
            except FileNotFoundError:
                lacking.append(digest)
                continue
            except (OSError, KeyWrong):
                changed.append(digest)
                continue
            if hashlib.sha256(content).hexdigest() != digest:
                changed.append(digest)
                continue
            place = files / digest[:2] / digest
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            place.write_bytes(content)
            place.chmod(0o600)
            found.documents += 1
    files.mkdir(exist_ok=True, mode=0o700)
    for words, digests in (("không có trong kho", lacking), ("trong kho đã bị sửa hoặc sai khóa", changed)):
        if digests:
            shown = ", ".join(one[:12] for one in digests[:_SHOWN])
            found.findings.append(f"{len(digests)} giấy tờ {words}: {shown}.")


def _heads(kept: Path, into: Path, connection: psycopg.Connection[Any], found: Restored) -> None:
    """Keep the heads up to what was restored, and name those that tell of what was not."""
    if not kept.exists():
        found.findings.append(
            "Kho không có sổ niêm phong bên ngoài, không kiểm được nhật ký có bị cắt đuôi không."
        )
        return
    row = connection.execute("select coalesce(max(seq), 0) from journal_seal").fetchone()
    last = row[0] if row else 0
    known = [json.loads(one) for one in kept.read_text("utf-8").splitlines() if one.endswith("}")]
    held = [one for one in known if one["seq"] <= last]
    later = [one for one in known if one["seq"] > last]
    _write_lines(into / HEADS, kept, held)
    if later:
        _write_lines(into / LATER_HEADS, kept, later)
        found.later_heads = {
            "count": len(later),
            "first_seq": later[0]["seq"],
            "last_seq": later[-1]["seq"],
            "first_at": later[0]["at"],
            "last_at": later[-1]["at"],
            "entries_missing": later[-1]["size"] - (held[-1]["size"] if held else 0),
        }


def _write_lines(target: Path, kept: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write the lines of the kept file that belong to the rows, byte for byte."""
    wanted = {row["seq"] for row in rows}
    lines = [one for one in kept.read_text("utf-8").splitlines() if one.endswith("}")]
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target.write_text("".join(f"{one}\n" for one in lines if json.loads(one)["seq"] in wanted), "utf-8")


def _pages(cluster: Cluster, found: Restored) -> None:
    """Let ``pg_amcheck`` read every table and index of the database."""
    proved = subprocess.run(  # noqa: S603 - our own binary
        [
            str(cluster.programs() / "pg_amcheck"),
            *("-h", cluster.address()["host"], "-U", cluster.address("superuser")["user"]),
            *("--install-missing=pg_catalog", "--heapallindexed", DATABASE),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if proved.returncode:
        found.findings.append(f"pg_amcheck thấy trang hỏng: {(proved.stdout + proved.stderr).strip()[-200:]}")


def _journal(into: Path, found: Restored) -> None:
    said = command(into, "verify-journal", "--json")
    try:
        found.journal = json.loads(said.stdout)
    except ValueError:
        found.findings.append(f"Không kiểm được nhật ký. {said.stderr.strip()[-200:]}")
        return
    if not found.journal.get("ok"):
        broken = found.journal.get("first_broken") or found.journal.get("error")
        found.findings.append(f"Sổ nhật ký không còn nguyên: {broken}")


def _tables(into: Path, base: Base, found: Restored) -> None:
    """Bring the tables of an older version up to date; say where the backup is of a newer one."""
    said = command(into, "migrate", role="owner")
    if said.returncode:
        found.findings.append(
            f"Bảng không lên được phiên bản của chương trình này (bản sao của {base.about['code_version']})."
            f" {(said.stdout + said.stderr).strip()[-200:]}"
        )
    with psycopg.connect(**Cluster(into).address("superuser", DATABASE)) as connection:  # type: ignore[arg-type]
        rows = connection.execute("select app || '.' || name from django_migrations").fetchall()
    found.migrated = {row[0] for row in rows} != set(base.about["migrations"])


def _identities(into: Path, found: Restored) -> None:
    said = command(into, "check", "--json")
    try:
        rows = json.loads(said.stdout)["findings"]
    except (ValueError, KeyError):
        found.findings.append(f"Không kiểm được dữ liệu. {(said.stdout + said.stderr).strip()[-200:]}")
        return
    found.findings += [
        one["says"] for one in rows if not one["is_fine"] and one["name"] not in _NOT_RUNNING
    ]


def command(into: Path, *words: str, role: str = "app") -> subprocess.CompletedProcess[str]:
    """Run a command of the installation on the restored folder."""
    aside = ("TINHSO_DATABASE_URL", "TINHSO_DATABASE_NAME", "TINHSO_DEMO", "TINHSO_SECRET_KEY")
    environment = {name: value for name, value in os.environ.items() if name not in aside}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "tinhso.config.cli", *words],
        env={**environment, "TINHSO_DATA": str(into), "TINHSO_ROLE": role},
        capture_output=True,
        text=True,
        check=False,
    )
