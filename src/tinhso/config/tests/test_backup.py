"""Back up a real cluster and bring it back: to a moment, and not where a segment or a document lacks."""

import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
import pytest

from tinhso.config.backup.documents import Documents, note_gone
from tinhso.config.backup.house import BackupFailed, House, house_of
from tinhso.config.backup.locking import lock, read_key, unlock
from tinhso.config.backup.looking import Seen, look
from tinhso.config.backup.proving import _documents, prove
from tinhso.config.backup.receiving import LINE, Receiver, line_of
from tinhso.config.backup.restoring import NotRestorable, Restored, restore
from tinhso.config.backup.running import is_base_due, only_one, seconds_behind, take_now
from tinhso.config.backup.store import Base, Line, Store, put
from tinhso.config.backup.taking import copy_heads, take_base
from tinhso.config.cluster import DATABASE, Cluster
from tinhso.config.testing import GROUND, TEMPLATE
from tinhso.journal.services.seal import Sealer

SECOND = dt.timedelta(seconds=1)
DOCUMENTS = tuple(f"%PDF-1.7 {n}".encode() * 400 for n in range(4))


@dataclass
class Kept:
    """An installation that was backed up, with what happened in it and when."""

    cluster: Cluster
    house: House
    store: Store
    key: bytes
    line: Line
    asked: dt.datetime
    after: dt.datetime


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="tinhso-backup-"))
    folder.chmod(0o711)
    yield folder
    for home in (folder / "data", *folder.glob("back*")):
        shutil.rmtree(Cluster(home).run, ignore_errors=True)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def kept(place: Path) -> Iterator[Kept]:
    """Let a province without people work while it is backed up; then stop it."""
    home = place / "data"
    home.mkdir(mode=0o711)
    cluster = Cluster(home)
    GROUND.start()
    cluster.start()
    try:
        dump = [cluster.programs() / "pg_dump", *_words(GROUND.cluster), TEMPLATE]
        dumped = subprocess.run(dump, capture_output=True, check=True).stdout
        psql = [cluster.programs() / "psql", *_words(cluster), "-q", "-v", "ON_ERROR_STOP=1", "-1", DATABASE]
        subprocess.run(psql, input=dumped, stdout=subprocess.DEVNULL, check=True)
        yield _work(place, home, cluster)
    finally:
        cluster.stop()


def _words(cluster: Cluster) -> tuple[str, ...]:
    address = cluster.address("superuser")
    return ("-h", address["host"], "-U", address["user"])


def _work(place: Path, home: Path, cluster: Cluster) -> Kept:
    (home / "mode").write_text("service\n", "ascii")
    (home / "secret").write_text("q8Zk3vT0nYx5LwR2mB7dCfH1sJ4gPaUe" * 2, "ascii")
    house = house_of(home, home / "files", "")
    store, key = Store(place / "store"), read_key(place / "key", make=True)
    (home / "files").mkdir()
    receiver, documents = Receiver(house, store), Documents(house, store, key)
    store.make()
    with house.connect() as connection:
        connection.execute("create schema drill")
        connection.execute("create table drill.tick (at timestamptz not null default clock_timestamp())")
        sealer = Sealer(_as_sealer(cluster), home / "journal-heads/heads.jsonl")
        try:
            line = receiver.keep_running(connection)
            bring(house, connection, DOCUMENTS[0])
            say(connection, sealer, 1)
            take_base(house, store, line, key)
            bring(house, connection, DOCUMENTS[1])
            say(connection, sealer, 2)
            connection.execute("select pg_switch_wal()")
            connection.execute("insert into drill.tick default values")
            documents.follow(connection, now=now_of(connection))
            connection.execute("select pg_switch_wal()")
            (asked,) = connection.execute("insert into drill.tick default values returning at").fetchone()  # type: ignore[misc]
            asked += dt.timedelta(milliseconds=100)
            time.sleep(0.2)
            say(connection, sealer, 3)
            connection.execute("drop table drill.tick")
            bring(house, connection, DOCUMENTS[2])
            documents.follow(connection, now=now_of(connection))
            copy_heads(house, store, line)
            after = now_of(connection)
            deadline = time.monotonic() + 20
            while (line.reached() or (asked,))[0] < after and time.monotonic() < deadline:
                receiver.follow(connection, line, key)
                time.sleep(0.1)
        finally:
            receiver.stop()
            sealer._connection.close()
    return Kept(cluster, house, store, key, line, asked, after)


def _as_sealer(cluster: Cluster) -> psycopg.Connection[Any]:
    return psycopg.connect(**cluster.address("sealer"), autocommit=True)  # type: ignore[arg-type]


def now_of(connection: psycopg.Connection[Any]) -> dt.datetime:
    (found,) = connection.execute("select clock_timestamp()").fetchone()  # type: ignore[misc]
    return found  # type: ignore[no-any-return]


def say(connection: psycopg.Connection[Any], sealer: Sealer, n: int) -> None:
    body = {"about": f"drill:{n}", "at_ms": 1_652_140_800_000 + n, "event": "drill.Said"}
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    connection.execute("insert into journal_entry (body) values (%s)", [text])
    sealer.beat()


def bring(house: House, connection: psycopg.Connection[Any], content: bytes) -> str:
    digest = hashlib.sha256(content).hexdigest()
    target = house.files / digest[:2] / digest
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(content)
    connection.execute(
        "insert into documents_storedfile (sha256, size, media_type, created_at) values (%s, %s, %s, now())",
        [digest, len(content), "application/pdf"],
    )
    return digest


def only_documents(store: Store, key: bytes, cluster: Cluster, base: Base, found: Restored) -> None:
    with psycopg.connect(**cluster.address("superuser", DATABASE), autocommit=True) as connection:  # type: ignore[arg-type]
        _documents(store, key, cluster.home / "files", connection, found)


@pytest.fixture
def copy(kept: Kept, tmp_path: Path) -> Store:
    subprocess.run(["/bin/cp", "-a", kept.store.path, tmp_path / "store"], check=True)
    return Store(tmp_path / "store")


# --- to a moment ---


def test_everything_comes_back_as_it_was_at_the_moment(kept: Kept, place: Path) -> None:
    into = place / "back"
    found = restore(kept.store, kept.key, into, kept.asked, prove)
    assert found.findings == []
    assert found.documents == 2
    assert found.journal["entries"] == 2
    assert (found.later_heads["count"], found.later_heads["entries_missing"]) == (1, 1)
    assert (into / "secret").read_text("ascii") == (kept.house.home / "secret").read_text("ascii")
    assert not (into / LINE).exists()
    cluster = Cluster(into)
    cluster.start()
    try:
        with psycopg.connect(**cluster.address("superuser"), autocommit=True) as connection:  # type: ignore[arg-type]
            (last,) = connection.execute("select max(at) from drill.tick").fetchone()  # type: ignore[misc]
            assert dt.timedelta(0) <= kept.asked - last <= SECOND
            digests = [row[0] for row in connection.execute("select sha256 from documents_storedfile")]
            (is_open,) = connection.execute("select not pg_is_in_recovery()").fetchone()  # type: ignore[misc]
    finally:
        cluster.stop()
    assert is_open
    for digest in digests:
        assert hashlib.sha256((into / "files" / digest[:2] / digest).read_bytes()).hexdigest() == digest


def test_a_moment_after_which_nothing_was_written_is_everything(kept: Kept, place: Path) -> None:
    reached = kept.line.reached()
    assert reached is not None
    found = restore(kept.store, kept.key, place / "back-all", reached[0], only_documents)
    assert found.findings == []
    assert found.documents == 3


# --- refused ---


def test_a_folder_that_is_not_empty_is_refused_and_left_alone(kept: Kept, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(NotRestorable, match="không trống"):
        restore(kept.store, kept.key, tmp_path, kept.asked, prove)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_moment_before_the_first_base_is_refused(kept: Kept, tmp_path: Path) -> None:
    with pytest.raises(NotRestorable, match="Sớm nhất"):
        restore(kept.store, kept.key, tmp_path / "x", kept.asked - dt.timedelta(days=1), prove)
    assert not (tmp_path / "x").exists()


def test_a_moment_that_the_log_has_not_reached_is_refused(kept: Kept, place: Path) -> None:
    with pytest.raises(NotRestorable, match="chỉ có nhật ký tới"):
        restore(kept.store, kept.key, place / "back-late", kept.after + dt.timedelta(hours=1), prove)


def test_another_key_opens_nothing(kept: Kept, place: Path) -> None:
    with pytest.raises(NotRestorable, match="sai khóa"):
        restore(kept.store, bytes(32), place / "back-key", kept.asked, prove)


# --- sabotage ---


def test_a_missing_segment_is_red_and_named(kept: Kept, copy: Store, place: Path) -> None:
    base, line = copy.bases()[0], copy.line(kept.line.name)
    lost = next(one for one in line.finished() if one.number == base.needs.stop)
    line.place_of(lost).unlink()
    with pytest.raises(NotRestorable, match=lost.name):
        restore(copy, kept.key, place / "back-segment", kept.asked, prove)
    seen = {one.name: one for one in looked(kept, copy)}
    assert not seen["log"].is_fine
    assert lost.name in seen["log"].says


def test_a_changed_segment_is_red_and_named(kept: Kept, copy: Store, place: Path) -> None:
    line = copy.line(kept.line.name)
    hurt = next(one for one in line.finished() if one.number == copy.bases()[0].needs.stop)
    spoil(line.place_of(hurt))
    with pytest.raises(NotRestorable, match=hurt.name):
        restore(copy, kept.key, place / "back-changed", kept.asked, prove)
    deep = {one.name: one for one in looked(kept, copy, is_deep=True)}
    assert not deep["whole"].is_fine
    assert hurt.name in deep["whole"].says


def test_a_segment_of_the_base_itself_is_missed_before_anything_else(kept: Kept, copy: Store, place: Path) -> None:
    line = copy.line(kept.line.name)
    needed = copy.bases()[0].needs.start
    for one in line.finished():
        if one.number == needed:
            line.place_of(one).unlink()
    with pytest.raises(NotRestorable, match="thiếu đoạn"):
        restore(copy, kept.key, place / "back-base", None, prove)


def test_a_changed_base_is_refused(kept: Kept, copy: Store, place: Path) -> None:
    spoil(copy.bases()[0].archive)
    with pytest.raises(NotRestorable, match="Bản sao gốc"):
        restore(copy, kept.key, place / "back-spoilt", kept.asked, prove)


def test_documents_that_lack_or_were_changed_are_red_and_named(kept: Kept, copy: Store, place: Path) -> None:
    lost, hurt = (hashlib.sha256(one).hexdigest() for one in DOCUMENTS[:2])
    copy.place_of(lost).unlink()
    spoil(copy.place_of(hurt))
    found = restore(copy, kept.key, place / "back-documents", kept.asked, only_documents)
    assert not found.is_whole
    assert lost[:12] in found.findings[0]
    assert hurt[:12] in found.findings[1]
    says = {one.name: one for one in looked(kept, copy)}["documents"]
    assert not says.is_fine
    assert lost[:12] in says.says
    assert hurt[:12] in says.says


def looked(kept: Kept, store: Store, *, is_deep: bool = False) -> list[Seen]:
    rows = [(hashlib.sha256(one).hexdigest(), len(one)) for one in DOCUMENTS[:3]]
    return look(store, kept.key, rows, now=kept.after, behind=1.0, is_deep=is_deep)


def spoil(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


# --- looking ---


def test_a_store_that_serves_is_said_to(kept: Kept) -> None:
    seen = looked(kept, kept.store, is_deep=True)
    assert [one.name for one in seen] == ["base", "log", "behind", "small", "documents", "whole"]
    assert all(one.is_fine for one in seen), seen


def test_nothing_in_the_store_but_the_unfinished_segment_can_be_read(kept: Kept) -> None:
    for path in kept.store.path.rglob("*"):
        is_plain = path.suffix in (".jsonl", ".json", ".partial") or path.name == "reached" or path.is_dir()
        assert is_plain or path.read_bytes().startswith(b"TSKHO1"), path
        assert not path.stat().st_mode & 0o077


def test_the_commands_say_it_too(kept: Kept, tmp_path: Path) -> None:
    def call(*words: str) -> tuple[int, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tinhso.config.cli", *words, "--json"],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
                "TINHSO_DATABASE_NAME": "",
                "TINHSO_DATA": str(kept.house.home),
                "TINHSO_BACKUP": str(kept.store.path),
                "TINHSO_BACKUP_KEY": str(kept.store.path.with_name("key")),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, json.loads(done.stdout)

    code, checked = call("backup", "check")
    assert (code, checked["ok"]) == (0, True), checked
    told = json.loads((kept.house.home / "ops/backup.json").read_text("utf-8"))
    assert told["ok"] is True
    assert told["seconds_behind"] >= 0
    (tmp_path / "full").write_text("x")
    code, refused = call("restore", "--at", kept.asked.isoformat(), "--into", str(tmp_path))
    assert code == 1
    assert "không trống" in refused["error"]


# --- following ---


def test_a_document_whose_file_is_away_is_told_and_copied_when_it_is_back(kept: Kept, tmp_path: Path) -> None:
    store = Store(tmp_path / "other")
    store.make()
    documents = Documents(kept.house, store, kept.key)
    digest = hashlib.sha256(DOCUMENTS[0]).hexdigest()
    place = kept.house.files / digest[:2] / digest
    place.rename(tmp_path / "away")
    with kept.house.connect() as connection:
        assert documents.follow(connection, now=kept.after) == 2
        assert documents.lacking == 1
        (tmp_path / "away").rename(place)
        assert documents.follow(connection, now=kept.after) == 1
    assert documents.lacking == 0
    assert unlock(store.place_of(digest), kept.key, digest) == DOCUMENTS[0]


def test_what_the_database_names_no_more_is_noted_and_taken_back(kept: Kept, copy: Store) -> None:
    digest = "ab" * 32
    put(copy.place_of(digest), [lock(b"x", kept.key, digest)])
    named = {hashlib.sha256(one).hexdigest() for one in DOCUMENTS[:3]}
    note_gone(copy, named, kept.after)
    assert copy.gone_since() == {digest: kept.after}
    note_gone(copy, named | {digest}, kept.after)
    assert copy.gone_since() == {}


def test_a_restored_house_begins_a_line_of_its_own(kept: Kept, tmp_path: Path) -> None:
    elsewhere = replace(kept.house, home=tmp_path)
    assert line_of(kept.house, kept.store) is not None
    assert line_of(elsewhere, kept.store) is None
    assert seconds_behind(elsewhere, kept.store, kept.after) == float("inf")


def test_heads_that_were_rewritten_are_laid_beside_what_was_kept(kept: Kept, copy: Store, tmp_path: Path) -> None:
    line = copy.line(kept.line.name)
    before = copy.heads_of(line.name).read_bytes()
    (tmp_path / "journal-heads").mkdir()
    (tmp_path / "journal-heads/heads.jsonl").write_text('{"seq": 1}\n', "utf-8")
    for _turn in range(2):
        copy_heads(replace(kept.house, home=tmp_path), copy, line)
    assert copy.heads_of(line.name).read_bytes() == before
    assert len(list(copy.heads.glob("*.differs-*"))) == 1


def test_a_base_is_taken_again_where_the_log_has_a_hole(kept: Kept, copy: Store) -> None:
    line = copy.line(kept.line.name)
    assert not is_base_due(copy, line, kept.after)
    assert is_base_due(copy, line, kept.after + dt.timedelta(hours=25))
    lost = next(one for one in line.finished() if one.number == copy.bases()[0].needs.stop)
    line.place_of(lost).unlink()
    assert is_base_due(copy, line, kept.after)


def test_only_one_archiver_runs_and_a_base_may_be_taken_beside_it(kept: Kept) -> None:
    with only_one(kept.house.home), pytest.raises(BackupFailed, match="đang chạy"), only_one(kept.house.home):
        pass


def test_a_base_taken_by_hand_can_be_restored_at_once(kept: Kept, tmp_path: Path, place: Path) -> None:
    store = Store(tmp_path / "by-hand")
    house = replace(kept.house, home=tmp_path)
    path = take_now(house, store, kept.key)
    assert [one.path for one in store.bases()] == [path]
    found = restore(store, kept.key, place / "back-by-hand", None, only_documents)
    assert found.findings == []
    assert found.documents == 3
