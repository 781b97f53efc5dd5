"""Give back a kept content, and say whether it is still what was kept."""

from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from tinhso.documents.adapters import disk
from tinhso.documents.models import StoredFile


class Condition(StrEnum):
    """How a kept file was found."""

    SOUND = "sound"
    MISSING = "missing"
    CORRUPT = "corrupt"


class FileMissing(Exception):
    """The row is there, the file is not."""


class FileCorrupt(Exception):
    """The file is there, but its content is not the one that was kept."""


def read(file: StoredFile) -> bytes:
    """Return the content, after checking that it is the one kept. Raises ``FileMissing``, ``FileCorrupt``."""
    try:
        content = path_of(file).read_bytes()
    except FileNotFoundError:
        raise FileMissing(file.sha256) from None
    if sha256(content).hexdigest() != file.sha256:
        raise FileCorrupt(file.sha256)
    return content


def path_of(file: StoredFile) -> Path:
    """Return where the file lies. Whoever sends it from there checks nothing: prefer ``read``."""
    return disk.place_of(file.sha256)


def check_file(file: StoredFile) -> Condition:
    """Say whether the file is there and unchanged."""
    found = disk.digest_of(file.sha256)
    if found is None:
        return Condition.MISSING
    return Condition.SOUND if found == file.sha256 else Condition.CORRUPT
