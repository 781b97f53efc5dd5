"""Look whether the store would serve: an unbroken log from the oldest base on, every document under its hash."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tinhso.config.backup.store import SEGMENT, KeyWrong, Store, put, segment_of, unlock


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding: a sentence, and what to do where it is not fine."""

    name: str
    is_fine: bool
    says: str


def look(
    store: Store, key: bytes, digests: Iterable[str], *, now: dt.datetime, every: dt.timedelta
) -> list[Seen]:
    """Return what is right and wrong with the store. ``digests``: the documents that the database names now."""
    return [_bases(store, now, every), _log(store), _small(store, key), _documents(store, key, digests)]


def _bases(store: Store, now: dt.datetime, every: dt.timedelta) -> Seen:
    bases = store.bases()
    if not bases:
        return Seen("base", False, "Chưa có bản sao gốc nào. Chạy: tinhso backup now")
    age = now - bases[-1].ended_at
    hours = round(age.total_seconds() / 3600)
    if age > 2 * every:
        return Seen(
            "base", False, f"Bản sao gốc mới nhất đã {hours} giờ tuổi. Xem tiến trình tinhso backup run."
        )
    return Seen("base", True, f"{len(bases)} bản sao gốc, mới nhất {hours} giờ trước.")


def _log(store: Store) -> Seen:
    """Look for holes in the log: that is where restoring would stop."""
    bases, segments = store.bases(), store.segments()
    if not bases or not segments:
        return Seen("log", False, "Chưa nhận được nhật ký ghi trước. Xem tiến trình tinhso backup run.")
    number, last = bases[0].first_segment.number, max(one.number for one in segments)
    there = {one.number: one for one in segments}
    for wanted in range(number, last + 1):
        one = there.get(wanted)
        if one is None:
            name = next(iter(segments)).__class__(bases[0].first_segment.timeline, wanted).name
            return Seen("log", False, f"Nhật ký ghi trước thiếu đoạn {name}. Chép đoạn ấy từ kho thứ hai.")
        if not one.is_partial and (store.wal / one.name).stat().st_size != SEGMENT:
            return Seen("log", False, f"Đoạn nhật ký {one.name} không đủ dài. Chép đoạn ấy từ kho thứ hai.")
    return Seen("log", True, f"Nhật ký ghi trước liền mạch, {last - number + 1} đoạn.")


def _small(store: Store, key: bytes) -> Seen:
    for base in store.bases():
        name = base.path.name
        try:
            unlock((store.small / f"{name}.tar.locked").read_bytes(), key, name)
        except (OSError, KeyWrong):
            return Seen("small", False, f"Không mở được tệp nhỏ của bản sao {name}. Kiểm khóa sao lưu.")
    return Seen("small", True, "Khóa mở được tệp nhỏ của mọi bản sao.")


def _documents(store: Store, key: bytes, digests: Iterable[str]) -> Seen:
    whole = 0
    for digest in digests:
        try:
            content = unlock(store.place_of(digest).read_bytes(), key, digest)
        except FileNotFoundError:
            return Seen(
                "documents", False, f"Giấy tờ {digest[:12]} không có trong kho. Xem tinhso backup run."
            )
        except (OSError, KeyWrong):
            return Seen(
                "documents", False, f"Giấy tờ {digest[:12]} trong kho không mở được. Chép từ kho thứ hai."
            )
        if hashlib.sha256(content).hexdigest() != digest:
            return Seen(
                "documents", False, f"Giấy tờ {digest[:12]} trong kho đã bị sửa. Chép từ kho thứ hai."
            )
        whole += 1
    return Seen("documents", True, f"{whole} giấy tờ đều có trong kho, đúng dấu băm.")


def write_findings(path: Path, seen: Iterable[Seen], *, at: dt.datetime, **more: Any) -> None:
    """Keep findings for the operations screen."""
    rows = [asdict(one) for one in seen]
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".half")
    document = {"at": at.isoformat(), "ok": all(one["is_fine"] for one in rows), "findings": rows, **more}
    half.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    half.replace(path)


class PullRefused(Exception):
    """Files of the source differ from what was pulled before; ``names``: which. What is here was not touched."""

    def __init__(self, names: list[str]) -> None:
        """Keep the names."""
        super().__init__(", ".join(names[:5]))
        self.names = names


def pull(source: Store, target: Path, *, say: Callable[[str], object] = lambda _: None) -> int:
    """Copy what is new in a store into a folder that only ever grows; return how many files.

    Run by another account, on another machine or disk: the server that is kept can write the source and not this. A
    file that is here already is never touched: where the source has other bytes under its name, ``PullRefused`` tells
    after everything else was copied. Segments that were not whole, and the heads, are kept in ever longer versions.
    """
    copied = 0
    differ: list[str] = []
    for path in sorted(source.path.rglob("*")):
        name = str(path.relative_to(source.path))
        if not path.is_file() or any(part.startswith(".") for part in Path(name).parts):
            continue
        place = target / name
        segment = segment_of(path.name)
        if path.name == "documents.json" or path.suffix == ".half":
            continue
        try:
            content = path.read_bytes()
        except OSError:
            continue
        grows = (segment is not None and segment.is_partial) or name == "heads/heads.jsonl"
        if grows:
            copied += _put_longer(place, content, differ, name)
        elif not place.exists():
            copied += put(place, content)
            with contextlib.suppress(OSError):
                os.chmod(place, 0o400)  # noqa: PTH101 - by name, links are not followed further
        elif hashlib.sha256(place.read_bytes()).digest() != hashlib.sha256(content).digest():
            differ.append(name)
            say(name)
    if differ:
        raise PullRefused(differ)
    return copied


def _put_longer(place: Path, content: bytes, differ: list[str], name: str) -> int:
    """Keep a growing file: only where the new bytes begin with all that was there (zeros at a segment's end aside)."""
    before = place.read_bytes() if place.exists() else b""
    if before == content:
        return 0
    if not content.startswith(before.rstrip(b"\0")):
        differ.append(name)
        return 0
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = place.with_name(f".{place.name}.new")
    half.write_bytes(content)
    if place.exists():
        shutil.copystat(place, half)
    half.replace(place)
    return 1
