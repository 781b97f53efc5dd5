"""Verify the journal: walk over every entry, compare it with the seals and with the heads outside.

The walk stops at the first thing that is wrong and names it. What the database cannot know by itself (a tail cut
off with its seals, everything rewritten and hashed anew, an older copy put back) shows only against the heads.
"""

import dataclasses
import datetime as dt
import json
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import psycopg
from django.utils.translation import gettext as _
from psycopg.pq import TransactionStatus

from tinhso.journal.queries import HeadsOutside
from tinhso.journal.rules import Head, Tree, leaf_of, split

_COUNTS: Final = """
select (select count(*) from journal_entry), (select count(*) from journal_seal),
       pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       greatest(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                coalesce(pg_current_xact_id_if_assigned()::text::bigint + 1, 0))
"""
# The order must name e.xid: plain xid would sort the text.
_ENTRIES: Final = """
select e.id, e.xid::text::bigint, e.body, e.event, e.about, e.at_ms from journal_entry e order by e.xid, e.id
"""
_SEALS: Final = """
select s.seq, s.lo::text::bigint, s.hi::text::bigint, s.first, s.n, s.root, s.frontier, s.leaves, s.at
from journal_seal s order by s.seq
"""


@dataclasses.dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is wrong.

    ``id`` is an entry's number (``None``: an entry is missing), ``seq`` a seal's. ``beside`` holds the numbers of
    the entries before and after, ``between`` the moments of the last seal that holds and of the first that does
    not (``None``: not known): in that window it was written, not necessarily changed.
    """

    kind: Literal["entry", "seal", "head"]
    why: str
    id: int | None = None
    seq: int | None = None
    beside: tuple[int | None, int | None] = (None, None)
    between: tuple[dt.datetime | None, dt.datetime | None] = (None, None)


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    """What the walk found. ``head`` is the last seal that holds; ``checked`` counts the heads outside that agree."""

    entries: int
    seals: int
    sealed: int
    head: Head | None
    first_broken: Broken | None
    checked: int
    disagree: Broken | None
    seconds: float
    walked: int

    @property
    def is_whole(self) -> bool:
        """Say whether nothing is wrong."""
        return self.first_broken is None

    def as_json(self) -> dict[str, object]:
        """Return the verdict as plain values, as ``tinhso verify-journal --json`` prints them."""
        return {
            "ok": self.is_whole,
            "entries": self.entries,
            "seals": self.seals,
            "head": None if self.head is None else json.loads(self.head.line()),
            "unsealed": self.entries - self.sealed,
            "first_broken": _plain(self.first_broken),
            "heads": {"checked": self.checked, "disagree": _plain(self.disagree)},
            "rows_per_second": round(self.walked / self.seconds) if self.seconds else 0,
        }


def _plain(broken: Broken | None) -> dict[str, object] | None:
    if broken is None:
        return None
    said = dataclasses.asdict(broken)
    said["between"] = [None if at is None else at.astimezone(dt.UTC).isoformat() for at in broken.between]
    said["beside"] = list(broken.beside)
    unused = {"entry": ("seq",), "seal": ("id", "beside"), "head": ("id", "beside")}[broken.kind]
    return {key: value for key, value in said.items() if key not in unused}


def verify(connection: psycopg.Connection[Any], heads: Path | None = None) -> Verdict:
    """Compare every entry, every seal and every head in the file ``heads``.

    Reads one snapshot and changes nothing; memory grows with the largest seal, not with the journal. Works as
    ``tinhso_app``; the limits on statements and transactions are lifted for its own transaction.
    """
    began = time.monotonic()
    outside = HeadsOutside(
        heads
    )  # before the snapshot: whatever the file holds by now must be in the database
    is_idle = connection.info.transaction_status == TransactionStatus.IDLE
    transaction: AbstractContextManager[object] = connection.transaction() if is_idle else nullcontext()
    with transaction:
        if is_idle:
            connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute("set local statement_timeout = 0; set local transaction_timeout = 0")
        row = connection.execute(_COUNTS).fetchone()
        if row is None:
            raise AssertionError("a select without a table must return a row")
        entries, seals, oldest, newest = row
        walk = _Walk(connection, outside, oldest=oldest, newest=newest)
        broken, disagree = walk.first_broken(), walk.disagree
    return Verdict(
        entries=entries,
        seals=seals,
        sealed=walk.tree.size,
        head=walk.head,
        first_broken=disagree or broken,
        checked=walk.checked,
        disagree=disagree,
        seconds=time.monotonic() - began,
        walked=walk.walked,
    )


@dataclasses.dataclass(frozen=True, slots=True)
class _Seal:
    seq: int
    lo: int
    hi: int
    first: int
    n: int
    root: bytes
    frontier: list[bytes]
    leaves: bytes
    at: dt.datetime


class _Leaf(NamedTuple):
    id: int
    xid: int
    hash: bytes
    is_derived_rightly: bool


class _Walk:
    """One pass over entries and seals, in sealing order."""

    def __init__(
        self, connection: psycopg.Connection[Any], heads: HeadsOutside, *, oldest: int, newest: int
    ) -> None:
        self._connection = connection
        self._heads = heads
        self._oldest, self._newest = oldest, newest
        self._leaf: _Leaf | None = None
        self._last_id: int | None = None
        self._unpublished = 0
        self._grown = Tree()
        self.tree = Tree()
        self.head: Head | None = None
        self.disagree: Broken | None = None
        self.checked = 0
        self.walked = 0

    def first_broken(self) -> Broken | None:
        self._entries = self._read_entries()
        self._leaf = next(self._entries, None)
        seals = self._read_seals()
        seal = next(seals, None)
        while seal is not None:
            following = next(seals, None)
            leaves = list(self._until(seal.hi))
            if seal.lo != (0 if self.head is None else self.head.hi):
                return self._apart(seal)
            broken = self._judge(seal, leaves)
            if broken is not None:
                # A seal whose end was moved holds other entries than it says: then the end is what is wrong.
                meets = following is None or following.lo == seal.hi
                return broken if meets or following is None else self._apart(following)
            self._grow(seal, leaves)
            seal = following
        broken = self._judge_the_rest()
        self._judge_heads_left_over()
        return broken

    # entries and seals from one snapshot

    def _read_entries(self) -> Iterator[_Leaf]:
        with self._connection.cursor(name="entries", binary=True) as cursor:
            cursor.execute(_ENTRIES)
            while rows := cursor.fetchmany(5_000):
                self.walked += len(rows)
                for entry_id, xid, body, event, about, at_ms in rows:
                    is_right = _is_derived(body, event, about, at_ms)
                    yield _Leaf(entry_id, xid, leaf_of(entry_id, xid, body), is_right)

    def _read_seals(self) -> Iterator[_Seal]:
        with self._connection.cursor(name="seals", binary=True) as cursor:
            cursor.itersize = 100
            cursor.execute(_SEALS)
            for row in cursor:
                yield _Seal(*row)

    def _until(self, hi: int) -> Iterator[_Leaf]:
        leaf = self._leaf
        if leaf is None or leaf.xid >= hi:
            return
        yield leaf
        for leaf in self._entries:
            if leaf.xid >= hi:
                self._leaf = leaf
                return
            yield leaf
        self._leaf = None

    # one seal

    def _judge(self, seal: _Seal, found: list[_Leaf]) -> Broken | None:
        why = self._what_is_wrong_inside(seal)
        if why is not None:
            return self._seal(seal, why)
        hashes = [leaf.hash for leaf in found]
        tree = self._grown = self.tree.copy()
        tree.add(hashes)
        if b"".join(hashes) != seal.leaves:
            if tree.root == seal.root and len(found) == seal.n:
                return self._seal(seal, _("Các lá của con dấu %(seq)s đã bị sửa; các mục vẫn khớp với gốc."))
            return self._first_entry_that_differs(seal, found)
        for place, leaf in enumerate(found):
            if not leaf.is_derived_rightly:
                why = _("Cột suy ra của mục %(id)s không khớp với nội dung đã niêm phong.")
                return self._entry(seal, leaf.id, why, beside=self._neighbours(found, place))
        if tree.root != seal.root and tree.frontier == seal.frontier:
            return self._seal(seal, _("Gốc của con dấu %(seq)s đã bị sửa."))
        if tree.root != seal.root:
            why = _("Con dấu %(seq)s không khớp với cây: mục trong đó và lá của nó đã bị sửa cùng nhau.")
            return self._seal(seal, why)
        if tree.frontier != seal.frontier:
            return self._seal(seal, _("Biên của con dấu %(seq)s đã bị sửa."))
        return None

    def _what_is_wrong_inside(self, seal: _Seal) -> str | None:
        if seal.first != self.tree.size:
            return _("Con dấu %(seq)s đếm sai số mục đứng trước nó.")
        if len(seal.leaves) != 32 * seal.n:
            return _("Con dấu %(seq)s ghi số mục khác với số lá.")
        if seal.hi > self._oldest:
            return _("Con dấu %(seq)s nhận cả những giao dịch chưa kết thúc.")
        return None

    def _first_entry_that_differs(self, seal: _Seal, found: list[_Leaf]) -> Broken:
        kept = split(seal.leaves)
        at = next(
            (n for n, (leaf, hash_) in enumerate(zip(found, kept, strict=False)) if leaf.hash != hash_), None
        )
        place = min(len(found), len(kept)) if at is None else at
        before, after = self._neighbours(found, place)
        here = found[place] if place < len(found) else None
        is_known_later = here is not None and here.hash in kept[place + 1 :]
        if here is None or is_known_later:
            why = _("Thiếu mục đứng ngay sau mục %(before)s: nó đã được niêm phong rồi bị xóa.")
            following = here.id if here is not None else self._next_id()
            said = why % {"before": "—" if before is None else before}
            return self._entry(seal, None, said, beside=(before, following))
        if place >= len(kept) or kept[place] in {leaf.hash for leaf in found[place + 1 :]}:
            why = _("Mục %(id)s được chèn vào sau khi niêm phong.")
        else:
            why = _("Mục %(id)s đã bị sửa sau khi niêm phong.")
        return self._entry(seal, here.id, why, beside=(before, after))

    def _grow(self, seal: _Seal, leaves: list[_Leaf]) -> None:
        """Add the leaves, stopping wherever a head outside knows the root."""
        end, is_published = self._grown.size, False
        hashes = [leaf.hash for leaf in leaves]
        while (head := self._heads.next) is not None and head.size <= end and self.disagree is None:
            if head.size == end:
                self.tree = self._grown
            elif head.size > self.tree.size:
                left = end - self.tree.size
                self.tree.add(hashes[-left : head.size - end])
            why = self._how_differs(head, seal, is_last=head.size == end)
            if why is not None:
                self.disagree = self._outside(head, why)
                break
            is_published = True
            self.checked += 1
            self._heads.take()
        self.tree = self._grown
        if self._heads.last is not None and not is_published and self.disagree is None:
            self._unpublished += 1
            if self._heads.next is not None or (self._unpublished > 1 and self._heads.unreadable is None):
                self.disagree = self._seal(
                    seal, _("Con dấu %(seq)s không có trong sổ niêm phong bên ngoài."), "head"
                )
        self._last_id = leaves[-1].id
        self.head = Head(seal.seq, self.tree.size, seal.root.hex(), seal.hi, seal.at)

    def _how_differs(self, head: Head, seal: _Seal, *, is_last: bool) -> str | None:
        if self._heads.last is not None and head.size <= self._heads.last.size:
            return _("Sổ bên ngoài ghi lại %(size)s mục sau khi đã ghi nhiều bằng hoặc hơn.")
        if self.tree.size != head.size or self.tree.root.hex() != head.root:
            return _("Gốc cây ở %(size)s mục khác với sổ bên ngoài: mục hoặc con dấu đã bị viết lại.")
        if not is_last or (head.seq, head.hi, head.at) != (seal.seq, seal.hi, seal.at):
            return _("Con dấu ở %(size)s mục khác với sổ bên ngoài về số, giờ hoặc khoảng giao dịch.")
        return None

    # what comes after the last seal

    def _judge_the_rest(self) -> Broken | None:
        hi = self.head.hi if self.head else 0
        while (leaf := self._leaf) is not None:
            if leaf.xid >= self._newest:
                why = _("Mục %(id)s mang số của một giao dịch chưa hề có.")
            elif leaf.xid < hi:
                why = _("Mục %(id)s được chèn vào sau khi niêm phong.")
            elif not leaf.is_derived_rightly:
                why = _("Cột suy ra của mục %(id)s không khớp với nội dung.")
            else:
                self._leaf = next(self._entries, None)
                continue
            return Broken("entry", why % {"id": leaf.id}, id=leaf.id, between=(_at(self.head), None))
        return None

    def _judge_heads_left_over(self) -> None:
        if self.disagree is not None:
            return
        if (head := self._heads.left_over) is not None:
            why = _("Sổ bên ngoài biết %(size)s mục đã niêm phong; cơ sở dữ liệu chỉ còn niêm phong ít hơn.")
            self.disagree = self._outside(head, why)
        elif self._heads.unreadable is not None:
            why = _("Không đọc được dòng %(line)s của sổ bên ngoài.") % {"line": self._heads.unreadable}
            last = self._heads.last
            self.disagree = Broken("head", why, seq=None, between=(_at(last), None))

    # naming

    def _seal(self, seal: _Seal, why: str, kind: Literal["seal", "head"] = "seal") -> Broken:
        window = (_at(self.head), seal.at)
        return Broken(kind, why % {"seq": seal.seq}, seq=seal.seq, between=window)

    def _apart(self, seal: _Seal) -> Broken:
        if self.head is None and self.tree.size == 0 and seal.first > 0:
            why = _("Con dấu %(seq)s không bắt đầu từ đầu: con dấu trước nó đã mất hoặc nó đã bị sửa.")
        else:
            why = _("Con dấu %(seq)s không nối tiếp con dấu trước: có con dấu đã mất hoặc đã bị sửa.")
        return self._seal(seal, why)

    def _entry(
        self, seal: _Seal, entry_id: int | None, why: str, *, beside: tuple[int | None, int | None]
    ) -> Broken:
        window = (_at(self.head), seal.at)
        return Broken("entry", why % {"id": entry_id}, id=entry_id, beside=beside, between=window)

    def _outside(self, head: Head, why: str) -> Broken:
        last = self._heads.last
        return Broken("head", why % {"size": head.size}, seq=head.seq, between=(_at(last), head.at))

    def _neighbours(self, found: list[_Leaf], place: int) -> tuple[int | None, int | None]:
        before = found[place - 1].id if place else self._last_id
        return before, found[place + 1].id if place + 1 < len(found) else self._next_id()

    def _next_id(self) -> int | None:
        return None if self._leaf is None else self._leaf.id


def _at(head: Head | None) -> dt.datetime | None:
    return None if head is None else head.at


def _is_derived(body: str, event: str, about: str, at_ms: int) -> bool:
    """Say whether the derived columns say what the text says; quick for our own way of writing."""
    if body.startswith(f'{{"about":"{about}","at_ms":{at_ms},"by":"') and body.endswith(
        f'}},"event":"{event}"}}'
    ):
        return True
    said = json.loads(body)
    return (said["event"], said["about"], said["at_ms"]) == (event, about, at_ms)
