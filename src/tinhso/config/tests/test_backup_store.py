"""What lies in a store: locked so that no change passes, pulled so that nothing is overwritten, pruned by rule."""

import datetime as dt
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tinhso.config.backup.documents import note_gone
from tinhso.config.backup.drilling import is_due
from tinhso.config.backup.house import house_of
from tinhso.config.backup.locking import (
    PART,
    KeyWrong,
    lock,
    lock_stream,
    locked_size,
    read_key,
    unlock,
    unlock_stream,
)
from tinhso.config.backup.pruning import prune
from tinhso.config.backup.pulling import pull
from tinhso.config.backup.rule import rule_on
from tinhso.config.backup.store import Segment, Store, number_at, put, segment_of
from tinhso.config.backup.taking import lay_small

KEY = bytes(range(32))
NOW = dt.datetime(2026, 12, 1, 3, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    found = Store(tmp_path / "store")
    found.make()
    return found


# --- locked ---


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 3 * PART])
def test_what_is_locked_comes_back_and_has_the_size_that_was_foretold(size: int) -> None:
    content = os.urandom(size)
    locked = lock(content, KEY, "name")
    assert len(locked) == locked_size(size)
    assert b"".join(unlock_stream(io.BytesIO(locked), KEY, "name")) == content


def test_pieces_of_any_size_make_one_file() -> None:
    content = os.urandom(2 * PART + 7)
    pieces = (content[n : n + 999_983] for n in range(0, len(content), 999_983))
    locked = b"".join(lock_stream(pieces, KEY, "name"))
    assert b"".join(unlock_stream(io.BytesIO(locked), KEY, "name")) == content


def _cut_off(locked: bytes) -> bytes:
    return locked[: -(PART + 16)]


def _swapped(locked: bytes) -> bytes:
    head, part = 13, PART + 16
    return locked[:head] + locked[head + part : head + 2 * part] + locked[head : head + part] + locked[head + 2 * part :]


def _flipped(locked: bytes) -> bytes:
    return locked[:-1] + bytes([locked[-1] ^ 1])


@pytest.mark.parametrize("change", [_cut_off, _swapped, _flipped, lambda _: b"", lambda one: one + b"x"])
def test_no_change_passes(change: object) -> None:
    locked = lock(os.urandom(3 * PART), KEY, "name")
    assert callable(change)
    with pytest.raises(KeyWrong):
        list(unlock_stream(io.BytesIO(change(locked)), KEY, "name"))


def test_nothing_opens_under_another_name_or_by_another_key() -> None:
    locked = lock(b"x", KEY, "name")
    for key, name in ((KEY, "other"), (bytes(32), "name")):
        with pytest.raises(KeyWrong):
            list(unlock_stream(io.BytesIO(locked), key, name))


def test_a_key_is_made_once_and_read_by_this_account_alone(tmp_path: Path) -> None:
    file = tmp_path / "key"
    key = read_key(file, make=True)
    assert read_key(file, make=True) == key
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text("ab")
    with pytest.raises(ValueError, match="key"):
        read_key(file)


def test_small_files_cannot_be_laid_outside_the_folder(tmp_path: Path) -> None:
    content = json.dumps({"../out": {"mode": 0o600, "content": ""}}).encode()
    with pytest.raises(KeyWrong):
        lay_small(content, tmp_path / "in")
    assert not (tmp_path / "out").exists()


# --- named ---


def test_segments_are_known_by_their_names() -> None:
    one = segment_of("0000000200000001000000FF.gz.locked")
    assert one == Segment(0x1FF, 2)
    assert one is not None
    assert one.name == "0000000200000001000000FF"
    assert segment_of("00000002.history") is None
    assert number_at("1/FF000028") == 0x1FF


def test_what_is_put_is_never_put_over(store: Store) -> None:
    assert put(store.path / "a", [b"first"])
    assert not put(store.path / "a", [b"second"])
    assert (store.path / "a").read_bytes() == b"first"
    assert [path.name for path in store.path.iterdir() if path.is_file()] == ["a"]


def test_an_address_of_ones_own_is_taken_apart(tmp_path: Path) -> None:
    found = house_of(tmp_path, tmp_path / "files", "postgresql://keeper:s3cret@db.example:5433/province")
    assert (found.database, found.is_embedded) == ("province", False)
    assert "s3cret" not in " ".join(found.words())
    assert found.environment()["PGPASSWORD"] == "s3cret"


# --- pulled ---


def _fill(store: Store) -> None:
    put(store.place_of("ab" * 32), [b"paper"])
    put(store.base / "20261201T000000Z/about.json", [b"{}"])
    line = store.line("20261201T000000Z")
    put(line.place_of(Segment(1, 1)), [b"log"])
    line.receiving.mkdir()
    (line.receiving / "000000010000000000000002.partial").write_bytes(b"begun" + b"\0" * 100)
    store.heads_of(line.name).write_text('{"seq": 1}\n')
    line.keep_reached(NOW, "0/2000000")


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_pull_copies_everything_once(store: Store, tmp_path: Path) -> None:
    _fill(store)
    first = pull(store.path, tmp_path / "copy")
    assert first.is_fine
    assert _tree(tmp_path / "copy") == _tree(store.path)
    again = pull(store.path, tmp_path / "copy", is_deep=True)
    assert (again.copied, again.grown, again.differ) == (0, 0, [])
    assert not (tmp_path / "copy/files/ab").joinpath("ab" * 32).stat().st_mode & 0o222


def test_what_was_pulled_is_never_overwritten_and_every_difference_is_told(store: Store, tmp_path: Path) -> None:
    _fill(store)
    pull(store.path, tmp_path / "copy")
    before = _tree(tmp_path / "copy")
    for path in list(store.path.rglob("*")):
        if path.is_file():
            path.chmod(0o600)
            path.write_bytes(b"locked by somebody who wants money")
    told = pull(store.path, tmp_path / "copy")
    assert sorted(told.differ) == sorted(before)
    assert _tree(tmp_path / "copy") == before


def test_a_change_that_keeps_size_and_time_is_seen_by_a_deep_pull(store: Store, tmp_path: Path) -> None:
    _fill(store)
    pull(store.path, tmp_path / "copy")
    path = store.place_of("ab" * 32)
    times = path.stat()
    path.chmod(0o600)
    path.write_bytes(b"PAPER")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert pull(store.path, tmp_path / "copy").is_fine
    assert pull(store.path, tmp_path / "copy", is_deep=True).differ == [str(path.relative_to(store.path))]


def test_what_grows_is_taken_only_where_it_goes_on(store: Store, tmp_path: Path) -> None:
    _fill(store)
    pull(store.path, tmp_path / "copy")
    line = store.line("20261201T000000Z")
    partial = line.receiving / "000000010000000000000002.partial"
    partial.write_bytes(b"begun, and more" + b"\0" * 90)
    store.heads_of(line.name).write_text('{"seq": 1}\n{"seq": 2}\n')
    line.keep_reached(NOW + DAY, "0/2000100")
    assert pull(store.path, tmp_path / "copy").is_fine
    assert _tree(tmp_path / "copy") == _tree(store.path)
    store.heads_of(line.name).write_text('{"seq": 7}\n')
    line.keep_reached(NOW - DAY, "0/1000000")
    told = pull(store.path, tmp_path / "copy")
    assert told.differ == [f"heads/{line.name}.jsonl"]
    kept = Store(tmp_path / "copy")
    assert kept.heads_of(line.name).read_text() == '{"seq": 1}\n{"seq": 2}\n'
    assert kept.line(line.name).reached() == (NOW + DAY, "0/2000100")


def test_what_goes_at_the_source_stays_in_the_copy(store: Store, tmp_path: Path) -> None:
    _fill(store)
    pull(store.path, tmp_path / "copy")
    before = _tree(tmp_path / "copy")
    shutil.rmtree(store.path)
    store.make()
    assert pull(store.path, tmp_path / "copy").copied == 0
    assert _tree(tmp_path / "copy") == before


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other accounts may enter."""
    folder = Path(mkdtemp(prefix="tinhso-pull-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may act as two other accounts")
def test_the_account_of_the_server_cannot_touch_what_another_account_pulled(open_folder: Path) -> None:
    store, copy = Store(open_folder / "store"), open_folder / "copy"
    store.make()
    _fill(store)
    subprocess.run(["chown", "-R", "daemon:", store.path], check=True)
    copy.mkdir(mode=0o700)
    subprocess.run(["chown", "nobody:", copy], check=True)
    rights = "-all,+dac_read_search"
    pulled = subprocess.run(
        [
            *("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"),
            *(f"--inh-caps={rights}", f"--ambient-caps={rights}", "--"),
            *(sys.executable, "-P", "-m", "tinhso.config.backup.pulling", store.path, copy, "--json"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert pulled.returncode == 0, pulled.stderr
    assert json.loads(pulled.stdout)["copied"] == 3
    victim = copy / "files/ab" / ("ab" * 32)
    for attempt in (f"echo x > {victim}", f"rm {victim}", f"mv {victim} {victim}.away", f"cat {victim}"):
        tried = subprocess.run(
            ["setpriv", "--reuid", "daemon", "--regid", "daemon", "--clear-groups", "--", "/bin/sh", "-c", attempt],
            capture_output=True,
            check=False,
        )
        assert tried.returncode != 0, attempt
    assert victim.read_bytes() == b"paper"


# --- pruned ---


def _base(store: Store, at: dt.datetime, first: int, line: str = "20260101T000000Z") -> str:
    name = at.strftime("%Y%m%dT%H%M%SZ")
    about = {
        "began_at": at.isoformat(),
        "ended_at": at.isoformat(),
        "line": line,
        "first_segment": Segment(first, 1).name,
        "last_segment": Segment(first + 1, 1).name,
    }
    put(store.base / name / "about.json", [json.dumps(about).encode()])
    put(store.base / name / "base.tar.gz.locked", [b"x" * 100])
    put(store.small / name, [b"small"])
    return name


@pytest.fixture
def years(store: Store) -> Store:
    """A base a day for 200 days, ten segments a day."""
    line = store.line("20260101T000000Z")
    for day in range(200):
        _base(store, NOW - (199 - day) * DAY, 10 * day)
        for number in range(10 * day, 10 * day + 10):
            put(line.place_of(Segment(number, 1)), [b"log"])
    return store


def test_every_moment_of_the_rules_days_stays_and_a_base_of_each_week(years: Store) -> None:
    rule = rule_on(NOW.date())
    pruned = prune(years, now=NOW, named=set())
    bases = years.bases()
    line = years.line("20260101T000000Z")
    anchor = max(one.ended_at for one in bases if one.ended_at <= NOW - rule.keep)
    full = [one for one in bases if one.ended_at >= anchor]
    assert len(full) == rule.keep.days + 1
    assert line.gap(full[0].needs.start) is None
    weekly = [one for one in bases if one.ended_at < anchor]
    assert len(weekly) == len({one.ended_at.isocalendar()[:2] for one in weekly}) >= 6
    assert all(line.gap(one.needs.start, one.needs.stop - 1) is None for one in weekly)
    assert line.gap(weekly[0].needs.start, weekly[1].needs.start) is not None, "between weeks only the bases stay"
    assert min(one.ended_at for one in weekly) >= NOW - rule.keep_weekly
    assert (len(pruned.bases), len(pruned.kept)) == (200 - len(bases), len(bases))
    row = json.loads(years.prunes.read_text("utf-8"))
    assert row["bases"] == pruned.bases
    assert row["oldest_moment"] == anchor.isoformat()
    assert prune(years, now=NOW, named=set()).bases == [], "a second time there is nothing to remove"


def test_the_last_base_stays_however_old_it_is(store: Store) -> None:
    name = _base(store, NOW - 900 * DAY, 0, "20240101T000000Z")
    put(store.line("20240101T000000Z").place_of(Segment(0, 1)), [b"log"])
    put(store.line("20240101T000000Z").place_of(Segment(1, 1)), [b"log"])
    prune(store, now=NOW, named=set())
    assert [one.name for one in store.bases()] == [name]
    assert store.line("20240101T000000Z").gap(0, 1) is None


def test_a_line_that_no_base_needs_goes(years: Store) -> None:
    old = years.line("20240101T000000Z")
    put(old.place_of(Segment(3, 1)), [b"log"])
    prune(years, now=NOW, named=set())
    assert not old.path.exists()


def test_an_erased_document_goes_with_the_last_base_that_knew_it_and_no_other_goes(years: Store) -> None:
    erased, late, named = ("aa" * 32, "bb" * 32, "cc" * 32)
    for digest in (erased, late, named):
        put(years.place_of(digest), [b"paper"])
    note_gone(years, {late, named}, NOW - 150 * DAY)
    note_gone(years, {named}, NOW - 10 * DAY)
    assert prune(years, now=NOW, named={named}).documents == 1
    assert [path.exists() for path in map(years.place_of, (erased, late, named))] == [False, True, True]


def test_a_document_that_is_named_again_never_goes(years: Store) -> None:
    digest = "aa" * 32
    put(years.place_of(digest), [b"paper"])
    note_gone(years, set(), NOW - 150 * DAY)
    prune(years, now=NOW, named={digest})
    assert years.place_of(digest).exists()


# --- due ---


def test_a_drill_is_due_weekly_at_its_hour_and_a_day_later_at_any_hour() -> None:
    rule = rule_on(NOW.date())
    at_two = dt.datetime(2026, 12, 1, 2, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
    at_nine = at_two + dt.timedelta(hours=7)
    assert is_due(None, rule, at_two)
    assert not is_due(None, rule, at_nine)
    assert is_due(at_two - 7 * DAY, rule, at_two)
    assert not is_due(at_two - 3 * DAY, rule, at_two)
    assert not is_due(at_nine - 7 * DAY, rule, at_nine)
    assert is_due(at_nine - 9 * DAY, rule, at_nine)


def test_a_locked_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        unlock(tmp_path / "nothing", KEY, "nothing")
