"""Put drawn files under a root folder: compare first, never write over a kept one, never show a secret."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tinhso.config.install.drawing import Drawn

_SECRET: Final = re.compile(r"(?m)^(\w*(?:SECRET|PASSWORD|URL)\w*=).*$")
SITE: Final = "/etc/nginx/sites-enabled/tinhso"
DEBIANS_SITE: Final = "/etc/nginx/sites-enabled/default"


class NotWritten(Exception):
    """Say in one Vietnamese sentence what could not be written, and what to do."""


@dataclass(slots=True)
class Outcome:
    """What became of each file. `differs` are kept files that a fresh installation would write otherwise."""

    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    diff: str = ""


def compare(files: Sequence[Drawn], root: Path) -> Outcome:
    """Tell what `write` would do, and show it as a diff; touch nothing."""
    outcome = Outcome()
    for one in files:
        place = _place(root, one.path)
        there = _read(place)
        if there is None:
            outcome.written.append(one.path)
        elif _shown(one, there) == _shown(one, one.text):
            outcome.unchanged.append(one.path)
        else:
            (outcome.differs if one.is_kept else outcome.written).append(one.path)
        outcome.diff += _diff(one, there)
    return outcome


def write(files: Sequence[Drawn], root: Path) -> Outcome:
    """Write what is new or changed, each file whole or not at all; return what `compare` says beforehand.

    Raises NotWritten.
    """
    outcome = compare(files, root)
    wanted = set(outcome.written)
    for one in files:
        if one.path not in wanted:
            continue
        place = _place(root, one.path)
        try:
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
            half = place.with_name(f".{place.name}.half")
            half.unlink(missing_ok=True)
            with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(one.text)
                os.fchmod(out.fileno(), one.mode)
                os.fsync(out.fileno())
            half.replace(place)
        except OSError as error:
            raise NotWritten(
                f"Không ghi được {place}: {error.strerror}. Hãy gõ lại lệnh bằng quyền quản trị (sudo)."
            ) from error
    _link_site(root)
    return outcome


def make_accounts(root: Path) -> list[str]:
    """Make accounts and folders by systemd's own tools; return the commands that a person must still type."""
    commands = [
        ["systemd-sysusers", "tinhso.conf"],
        ["systemd-tmpfiles", "--create", "tinhso.conf"],
    ]
    left = []
    for program, *arguments in commands:
        found = shutil.which(program) if os.geteuid() == 0 else None
        where = [] if root == Path("/") else [f"--root={root}"]
        done = found and subprocess.run(  # noqa: S603 - systemd's own tools, arguments of our own
            [found, *where, *arguments], capture_output=True, check=False
        )
        if not done or done.returncode:
            left.append(" ".join(["sudo", program, *where, *arguments]))
    return left


def has_debians_site(root: Path) -> bool:
    """Tell whether Debian's own default site would stand in the way of ours."""
    return _place(root, DEBIANS_SITE).is_symlink() or _place(root, DEBIANS_SITE).exists()


def _link_site(root: Path) -> None:
    link = _place(root, SITE)
    link.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        link.symlink_to("/etc/nginx/sites-available/tinhso")
    _place(root, "/var/lib/tinhso-acme").mkdir(parents=True, exist_ok=True, mode=0o755)


def _place(root: Path, path: str) -> Path:
    return root / path.lstrip("/")


def _read(place: Path) -> str | None:
    try:
        return place.read_text("utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise NotWritten(
            f"Không đọc được {place}: {error.strerror}. Hãy gõ lại lệnh bằng quyền quản trị (sudo)."
        ) from error


def _shown(one: Drawn, text: str) -> str:
    if not one.is_secret:
        return text
    return _SECRET.sub(r"\1…", text) if "=" in text else "…\n"


def _diff(one: Drawn, there: str | None) -> str:
    lines = difflib.unified_diff(
        [] if there is None else _shown(one, there).splitlines(keepends=True),
        _shown(one, one.text).splitlines(keepends=True),
        fromfile=one.path if there is not None else "/dev/null",
        tofile=f"{one.path} (giữ nguyên bản đang có)" if one.is_kept and there is not None else one.path,
    )
    return "".join(lines)
