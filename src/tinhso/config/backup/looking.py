"""Look whether the store would serve: an unbroken log from the oldest base on, every document under its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tinhso.config.backup.locking import KeyWrong, locked_size, unlock
from tinhso.config.backup.rule import rule_on
from tinhso.config.backup.store import SEGMENT, Store
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import number

#: Sentences name at most so many things.
_NAMED: Final = 3
_GZIP: Final = 31
#: More than this behind is told as a fault: seconds.
_BEHIND: Final = 900.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding: a sentence, and what to do where it is not fine."""

    name: str
    is_fine: bool
    says: str


def look(
    store: Store,
    key: bytes,
    documents: Iterable[tuple[str, int]],
    *,
    now: dt.datetime,
    behind: float,
    is_deep: bool = False,
    is_quick: bool = False,
) -> list[Seen]:
    """Return what is right and wrong with the store.

    ``documents``: SHA-256 and size of what the database names now. Deep reads the log and the archives too; quick
    compares only names and sizes.
    """
    seen = [*quick_look(store, key, now=now, behind=behind), _documents(store, key, documents, is_quick)]
    return [*seen, _whole(store, key)] if is_deep else seen


def quick_look(store: Store, key: bytes, *, now: dt.datetime, behind: float) -> list[Seen]:
    """Return what can be seen in a moment."""
    return [_bases(store, now), _log(store), _behind(behind), _small(store, key)]


def _bases(store: Store, now: dt.datetime) -> Seen:
    bases = store.bases()
    if not bases:
        return Seen("base", False, "Chưa có bản sao gốc nào. Gõ: tinhso backup now")
    hours = round((now - bases[-1].ended_at).total_seconds() / 3600)
    if now - bases[-1].ended_at > 2 * rule_on(now.astimezone(VN).date()).base_every:
        return Seen("base", False, f"Bản sao gốc mới nhất đã {hours} giờ tuổi. Xem tiến trình tinhso backup run.")
    for base in bases:
        if not base.archive.exists() or base.archive.stat().st_size != base.about["bytes_in_store"]:
            return Seen("base", False, f"Bản sao gốc {base.name} thiếu tệp hoặc bị cắt. Chép lại từ kho thứ hai.")
    return Seen("base", True, f"Có {len(bases)} bản sao gốc, bản mới nhất cách đây {hours} giờ.")


def _log(store: Store) -> Seen:
    """Look for holes in the log: that is where restoring would stop."""
    bases, n = store.bases(), 0
    for base in bases:
        line = store.line(base.line)
        gap = line.gap(base.needs.start, base.needs.stop - 1)
        if gap is None and base.line == bases[-1].line:
            gap = line.gap(base.needs.start)
        if gap is not None:
            return Seen("log", False, f"Nhật ký ghi trước thiếu đoạn {gap}. Chép đoạn ấy từ kho thứ hai.")
        empty = [one.name for one in line.finished() if not line.place_of(one).stat().st_size]
        if empty:
            return Seen("log", False, f"Đoạn nhật ký {empty[0]} rỗng. Chép đoạn ấy từ kho thứ hai.")
        n = max(n, len(line.numbers()))
    if not n:
        return Seen("log", False, "Chưa nhận được nhật ký ghi trước. Xem tiến trình tinhso backup run.")
    return Seen("log", True, f"Nhật ký ghi trước liền mạch, {number(n)} đoạn.")


def _behind(seconds: float) -> Seen:
    if seconds == float("inf"):
        return Seen("behind", False, "Chưa nhận được nhật ký ghi trước nào của lần cài đặt này.")
    if seconds > _BEHIND:
        minutes = round(seconds / 60)
        return Seen("behind", False, f"Kho chậm {number(minutes)} phút so với dữ liệu. Xem tiến trình tinhso backup run.")
    return Seen("behind", True, f"Hỏng lúc này thì mất nhiều nhất {number(max(1, round(seconds)))} giây.")


def _small(store: Store, key: bytes) -> Seen:
    known = sorted(store.small.glob("[0-9]*"))
    for path in known:
        try:
            unlock(path, key, path.name)
        except (OSError, KeyWrong):
            return Seen("small", False, f"Không mở được tệp nhỏ {path.name}. Kiểm khóa sao lưu và tệp ấy.")
    if not known:
        return Seen("small", False, "Kho chưa có tệp nhỏ (khóa bí mật, vai trò). Gõ: tinhso backup now")
    return Seen("small", True, "Khóa sao lưu mở được các tệp nhỏ.")


def _documents(store: Store, key: bytes, documents: Iterable[tuple[str, int]], is_quick: bool) -> Seen:
    lacking, changed, n = [], [], 0
    for digest, size in documents:
        n += 1
        place = store.place_of(digest)
        try:
            if is_quick:
                if place.stat().st_size != locked_size(size):
                    changed.append(digest)
            elif hashlib.sha256(unlock(place, key, digest)).hexdigest() != digest:
                changed.append(digest)
        except FileNotFoundError:
            lacking.append(digest)
        except (OSError, KeyWrong):
            changed.append(digest)
    says = [
        f"{number(len(found))} giấy tờ {what}: {', '.join(one[:12] for one in found[:_NAMED])}."
        for found, what in ((lacking, "không có trong kho"), (changed, "trong kho không mở được hoặc đã bị sửa"))
        if found
    ]
    if says:
        return Seen("documents", False, " ".join([*says, "Chép lại từ kho thứ hai."]))
    how = "đúng kích thước" if is_quick else "đúng dấu băm"
    return Seen("documents", True, f"{number(n)} giấy tờ đều có trong kho, {how}.")


def _whole(store: Store, key: bytes) -> Seen:
    """Open every archive and every segment."""
    for base in store.bases():
        digest = hashlib.sha256()
        with base.archive.open("rb") as archive:
            while piece := archive.read(1024 * 1024):
                digest.update(piece)
        if digest.hexdigest() != base.about["sha256"]:
            return Seen("whole", False, f"Bản sao gốc {base.name} đã bị sửa. Chép lại từ kho thứ hai.")
    n = 0
    for line in store.lines():
        for segment in line.finished():
            try:
                plain = zlib.decompress(unlock(line.place_of(segment), key, segment.name), _GZIP)
            except (OSError, KeyWrong, zlib.error):
                plain = b""
            if len(plain) != SEGMENT:
                return Seen("whole", False, f"Đoạn nhật ký {segment.name} đã bị sửa. Chép lại từ kho thứ hai.")
            n += 1
    return Seen("whole", True, f"Mọi bản sao gốc và {number(n)} đoạn nhật ký mở được.")
