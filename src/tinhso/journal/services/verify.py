"""Verify the journal: recompute the tree from what is stored, compare it with every seal and with the heads outside."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from django.utils.translation import gettext as _

from tinhso.journal.queries import heads_in
from tinhso.journal.rules import Head, Tree, leaf_of, split

_ENTRIES: Final = "select e.id, e.xid::text::bigint, e.body from journal_entry e order by e.xid, e.id"
_SEALS: Final = """
select s.seq, s.lo::text::bigint, s.hi::text::bigint, s.first, s.n, s.root, s.frontier, s.leaves, s.at
from journal_seal s order by s.seq
"""


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that does not hold: an entry, a seal or a head outside, and why, as a sentence."""

    kind: str
    number: int
    why: str


@dataclass(slots=True)
class Verdict:
    """What verifying found. ``unsealed`` entries have no seal yet: nothing can be said of them."""

    entries: int = 0
    seals: int = 0
    unsealed: int = 0
    head: Head | None = None
    broken: Broken | None = None
    heads_checked: int = 0
    heads_disagree: Broken | None = None
    seconds: float = 0.0
    roots: dict[int, tuple[int, str]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Say whether everything holds."""
        return self.broken is None and self.heads_disagree is None


def verify(connection: psycopg.Connection[Any], heads: Path | None = None) -> Verdict:
    """Read the journal once, in one snapshot, and name the first thing that is broken.

    ``connection`` must not be in a transaction. The head is compared with ``heads``, the file outside.
    """
    began, verdict = time.monotonic(), Verdict()
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read read only")
        entries = _stream(connection, "entries", _ENTRIES)
        tree, hi = Tree(), 0
        held = next(entries, None)
        for seq, lo, until, first, n, root, frontier, leaves, at in _stream(connection, "seals", _SEALS):
            verdict.seals += 1
            known = split(leaves)
            if (lo, first, n) != (hi, tree.size, len(known)):
                verdict.broken = Broken("seal", seq, _("Con dấu không nối tiếp con dấu trước: có con dấu bị gỡ hoặc bị sửa."))
                break
            for place in range(n):
                if held is None or held[1] >= until:
                    why = _("Thiếu mục thứ %(place)d của con dấu này: có mục nhật ký bị xóa hoặc bị dời.")
                    verdict.broken = Broken("seal", seq, why % {"place": first + place + 1})
                    break
                leaf = leaf_of(*held)
                if leaf != known[place]:
                    verdict.broken = Broken("entry", held[0], _("Mục nhật ký này khác với lúc được niêm phong."))
                    break
                tree.add((leaf,))
                verdict.entries += 1
                held = next(entries, None)
            if verdict.broken is None and held is not None and held[1] < until:
                verdict.broken = Broken("entry", held[0], _("Mục nhật ký này được chen vào sau khi niêm phong."))
            elif verdict.broken is None and (tree.root != bytes(root) or tree.frontier != [bytes(f) for f in frontier]):
                verdict.broken = Broken("seal", seq, _("Con dấu không khớp với các mục mà nó niêm phong."))
            if verdict.broken is not None:
                break
            hi = until
            verdict.head = Head(seq, tree.size, tree.root.hex(), until, at)
            verdict.roots[seq] = tree.size, tree.root.hex()
        if verdict.broken is None:
            while held is not None:
                verdict.entries += 1
                verdict.unsealed += 1
                held = next(entries, None)
    if heads is not None and verdict.broken is None:
        _compare(verdict, heads)
    verdict.seconds = time.monotonic() - began
    return verdict


def _compare(verdict: Verdict, heads: Path) -> None:
    for head in heads_in(heads) if heads.exists() else ():
        verdict.heads_checked += 1
        if verdict.roots.get(head.seq) != (head.size, head.root):
            why = _("Sổ niêm phong bên ngoài có con dấu này, cơ sở dữ liệu không có hoặc có bản khác.")
            verdict.heads_disagree = Broken("head", head.seq, why)
            return
    if verdict.seals and not verdict.heads_checked:
        why = _("Không thấy sổ niêm phong bên ngoài: không so được.")
        verdict.heads_disagree = Broken("head", 0, why)


def _stream(connection: psycopg.Connection[Any], name: str, query: str) -> Iterator[Any]:
    with connection.cursor(name=name) as cursor:
        cursor.itersize = 5_000
        cursor.execute(query)
        yield from cursor
