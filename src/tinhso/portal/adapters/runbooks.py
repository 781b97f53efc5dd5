"""Read the runbooks of ``docs/runbooks`` for a page: headings, paragraphs, lists and commands; nothing else is drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import tinhso

_KEY: Final = re.compile(r"[a-z][a-z-]{1,60}")
_ITEM: Final = re.compile(r"(?:[-*]|\d+\.)\s+(.*)")
_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_PIECE: Final = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: ``kind`` is title, head, text, steps, points or commands; ``lines`` its lines or items.

    A line is a list of (is a command, words).
    """

    kind: str
    lines: list[list[tuple[bool, str]]] = field(default_factory=list)


def folder() -> Path:
    """Return where the runbooks lie: beside the code in the repository, or inside the installed package."""
    package = Path(tinhso.__path__[0])
    inside = package / "runbooks"
    return inside if inside.exists() else package.parents[1] / "docs/runbooks"


def known() -> list[str]:
    """Return the runbooks there are, in alphabetical order."""
    return sorted(
        file.stem for file in folder().glob("*.md") if _KEY.fullmatch(file.stem) and file.stem != "README"
    )


def titles() -> dict[str, str]:
    """Return the title of every runbook by its key."""
    found = {}
    for key in known():
        with (folder() / f"{key}.md").open(encoding="utf-8") as file:
            found[key] = file.readline().lstrip("# ").strip()
    return found


def runbook(key: str) -> list[Block] | None:
    """Return a runbook in blocks, or None where there is no such one."""
    file = folder() / f"{key}.md"
    if not _KEY.fullmatch(key) or not file.exists():
        return None
    blocks: list[Block] = []
    kind = ""
    for raw in file.read_text(encoding="utf-8").splitlines():
        if raw.startswith("```"):
            kind = "" if kind == "commands" else "commands"
            if kind:
                blocks.append(Block("commands"))
        elif kind == "commands":
            blocks[-1].lines.append([(True, raw)])
        elif not raw.strip():
            kind = ""
        elif raw.startswith("#"):
            level = len(raw) - len(raw.lstrip("#"))
            blocks.append(Block("title" if level == 1 else "head", [pieces(raw.lstrip("# "))]))
            kind = ""
        elif (item := _ITEM.match(raw.strip())) is not None and not raw.startswith(" " * 4):
            wanted = "steps" if raw.strip()[0].isdigit() else "points"
            if kind != wanted:
                blocks.append(Block(wanted))
                kind = wanted
            blocks[-1].lines.append(pieces(item[1]))
        elif kind in {"steps", "points", "text"}:
            blocks[-1].lines[-1].extend(pieces(" " + raw.strip()))
        else:
            blocks.append(Block("text", [pieces(raw.strip())]))
            kind = "text"
    return blocks


def pieces(text: str) -> list[tuple[bool, str]]:
    """Return a line as pieces: whether each is a command, and its words."""
    plain = _LINK.sub(r"\1", text).replace("**", "")
    return [(place % 2 == 1, words) for place, words in enumerate(_PIECE.split(plain)) if words]
