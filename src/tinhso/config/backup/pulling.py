"""Pull a store into a second one that only ever grows, so that whoever takes the server cannot take the copy.

Called as ``tinhso backup pull``, or by an account of its own as ``python -m tinhso.config.backup.pulling FROM INTO``,
which knows no Django, no settings and no key. A file that is here is never written again: where the source shows other
bytes under its name, that is told, and what is here stays. What grows (the segment being written, heads, notes) is
taken only where it begins with what is here.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from tinhso.config.backup.store import make_folder, replace

_PIECE: Final = 1024 * 1024
#: Where a file lies while it comes; never looked at by anybody else.
_COMING: Final = ".coming"
_CLOSED: Final = 0o400


@dataclass(slots=True)
class Pulled:
    """What a pull came to; names are relative to the store."""

    copied: int = 0
    grown: int = 0
    bytes: int = 0
    differ: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Say whether the source is what it was, and more."""
        return not self.differ and not self.unreadable


def pull(source: Path, into: Path, *, is_deep: bool = False, freezes: bool = False) -> Pulled:
    """Copy what is new.

    Files that are here are compared by size and time; ``is_deep``: by content too. ``freezes``: ask the file system to
    refuse every change (``chattr +i``), which only root may ask and only root may take back.
    """
    pulled = Pulled()
    make_folder(into)
    coming = into / _COMING
    shutil.rmtree(coming, ignore_errors=True)
    make_folder(coming)
    # Notes on how far the log goes are read first: what they promise is copied after them.
    notes = {path: _read(path) for path in sorted(source.glob("wal/*/reached"))}
    frozen: list[str] = []
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if any(part.startswith(".") for part in name.parts) or path.name == "reached" or path.is_symlink():
            continue
        if not path.is_file():
            continue
        try:
            _take(path, into / name, coming, str(name), pulled, frozen, is_deep=is_deep)
        except FileNotFoundError:
            continue
        except OSError:
            pulled.unreadable.append(str(name))
    for path, content in notes.items():
        _note(content, into / path.relative_to(source), str(path.relative_to(source)), pulled)
    coming.rmdir()
    if freezes and frozen:
        for first in range(0, len(frozen), 500):
            subprocess.run(["/usr/bin/chattr", "+i", *frozen[first : first + 500]], check=False)  # noqa: S603 - our own files
    return pulled


def _grows(name: str) -> bool:
    return name.endswith(".jsonl") or "/receiving/" in name


def _take(
    path: Path, place: Path, coming: Path, name: str, pulled: Pulled, frozen: list[str], *, is_deep: bool
) -> None:
    if _grows(name):
        _grow(path, place, name, pulled)
        return
    try:
        here = place.lstat()
    except FileNotFoundError:
        there, half = path.stat(), coming / "file"
        with path.open("rb") as plain, half.open("wb") as out:
            shutil.copyfileobj(plain, out, _PIECE)
            out.flush()
            os.fsync(out.fileno())
        half.chmod(_CLOSED)
        os.utime(half, ns=(there.st_atime_ns, there.st_mtime_ns))
        make_folder(place.parent)
        # A link refuses where a file is, a rename would not.
        place.hardlink_to(half)
        half.unlink()
        pulled.copied += 1
        pulled.bytes += there.st_size
        frozen.append(str(place))
        return
    there = path.stat()
    is_same = (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)
    if not is_same or is_deep:
        is_same = here.st_size == there.st_size and _digest(path) == _digest(place)
    if not is_same:
        pulled.differ.append(name)


def _grow(path: Path, place: Path, name: str, pulled: Pulled) -> None:
    """Take a growing file where it begins with what is here; the zeros at the end of an unfinished segment aside."""
    content = path.read_bytes()
    before = place.read_bytes() if place.exists() else b""
    if content == before:
        return
    known = before.rstrip(b"\0") if "/receiving/" in name else before
    if not content.startswith(known):
        pulled.differ.append(name)
        return
    make_folder(place.parent)
    replace(place, content)
    pulled.grown += 1


def _note(content: bytes | None, place: Path, name: str, pulled: Pulled) -> None:
    """Take a note of how far the log goes, where it is one and goes further."""
    try:
        moment = dt.datetime.fromisoformat(json.loads(content or b"")["at"])
    except (ValueError, KeyError, TypeError):
        pulled.differ.append(name)
        return
    with contextlib.suppress(OSError, ValueError, KeyError):
        if dt.datetime.fromisoformat(json.loads(place.read_bytes())["at"]) >= moment:
            return
    make_folder(place.parent)
    replace(place, content or b"")


def _read(path: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return None


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def words(pulled: Pulled) -> list[str]:
    """Return what a pull came to, as sentences."""
    said = [f"Đã chép {pulled.copied} tệp mới, {pulled.bytes / 1e6:.1f} MB; nối dài {pulled.grown} tệp.".replace(".", ",", 1)]
    if pulled.differ:
        shown = ", ".join(pulled.differ[:3])
        said.append(
            f"✗ {len(pulled.differ)} tệp ở kho nguồn không còn như lúc đã chép; bản đã chép giữ nguyên: {shown}. "
            "Có thể máy chủ đã bị chiếm: đừng khôi phục từ kho nguồn, xem cẩm nang restore."
        )
    if pulled.unreadable:
        shown = ", ".join(pulled.unreadable[:3])
        said.append(f"✗ {len(pulled.unreadable)} tệp không đọc hoặc không ghi được: {shown}. Kiểm quyền và chỗ trống.")
    return said


def main() -> int:
    """Return 0 when the source only grew, 1 otherwise; nothing here was changed in either case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("into", type=Path)
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("--freeze", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    pulled = pull(asked.source, asked.into, is_deep=asked.deep, freezes=asked.freeze)
    if asked.json:
        sys.stdout.write(json.dumps({"ok": pulled.is_fine, **asdict(pulled)}, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in words(pulled)))
    return 0 if pulled.is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
