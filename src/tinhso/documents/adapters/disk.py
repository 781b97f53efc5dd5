"""Keep contents on the disk, each in one file named by its sha256; and pages drawn from them.

A file is written beside its place, flushed, renamed, its folder flushed: after that it is whole or absent.
Drawn pages can be drawn again, so they lie apart, are few, and belong in no backup.
"""

import contextlib
import os
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

#: Drawn pages in each of the 256 folders; the oldest go.
_DRAWN_IN_A_FOLDER: Final = 8


class FileNotKept(Exception):
    """The content could not be written: no room on the disk, or no right to it."""


class _Places:
    root: Path | None = None
    drawn: Path | None = None


def use(root: Path, *, drawn: Path) -> tuple[Path | None, Path | None]:
    """Keep files below ``root`` and drawn pages below ``drawn`` from now on; return what was used before."""
    before = (_Places.root, _Places.drawn)
    _Places.root, _Places.drawn = root, drawn
    return before


def place_of(digest: str) -> Path:
    """Return where the content with this sha256 (64 hexadecimal digits) lies: ``ab/<sha256>``."""
    if _Places.root is None:
        raise RuntimeError("the folder of the files was not handed in")
    return _Places.root / digest[:2] / digest


def keep(content: bytes) -> str:
    """Write the content where it belongs and return its sha256. Raises ``FileNotKept``."""
    digest = sha256(content).hexdigest()
    place = place_of(digest)
    try:
        if not (place.exists() and place.stat().st_size == len(content)):
            _write(place, content)
        _flush_folder(place.parent)
    except OSError as error:
        raise FileNotKept(f"{digest[:12]}: {error.strerror}") from error
    return digest


def digest_of(digest: str) -> str | None:
    """Return the sha256 of what lies in the place of ``digest``, or None where nothing lies."""
    try:
        with place_of(digest).open("rb") as file:
            found = sha256()
            while part := file.read(1024 * 1024):
                found.update(part)
            return found.hexdigest()
    except FileNotFoundError:
        return None


def drawn(digest: str, page: int, width: int) -> bytes | None:
    """Return the picture of a page, if it was drawn before."""
    try:
        return _place_of_drawn(digest, page, width).read_bytes()
    except FileNotFoundError:
        return None


def keep_drawn(digest: str, page: int, width: int, picture: bytes) -> None:
    """Keep the picture of a page for the next reader; without room it is simply drawn again."""
    place = _place_of_drawn(digest, page, width)
    with contextlib.suppress(OSError):
        _write(place, picture)
        kept = sorted(place.parent.iterdir(), key=lambda one: (one.stat().st_mtime_ns, one.name))
        for old in kept[:-_DRAWN_IN_A_FOLDER]:
            old.unlink(missing_ok=True)


def _place_of_drawn(digest: str, page: int, width: int) -> Path:
    if _Places.drawn is None:
        raise RuntimeError("the folder of the drawn pages was not handed in")
    name = f"{digest}-{page}-{width}.png"
    return _Places.drawn / sha256(name.encode()).hexdigest()[:2] / name


def _write(place: Path, content: bytes) -> None:
    _make_folder(place.parent)
    handle, fresh = tempfile.mkstemp(prefix=".", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(place)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    """Make the folder and those above it; flush each new one's name into its parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    _flush_folder(folder.parent)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
