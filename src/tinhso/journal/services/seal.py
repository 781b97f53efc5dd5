"""Seal the journal: hash what has been committed into the tree, in the order of transactions.

One sealer at a time, beside the web and the worker, as the role ``tinhso_sealer``. All transactions below the
oldest running one have ended, so below it no entry can appear any more: that is how far a beat may go.
"""

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any, Final

import psycopg
from django.utils.translation import gettext as _

from tinhso.journal.queries import SEALER_LOCK, last_head_in
from tinhso.journal.rules import Head, Tree, leaf_of

log = logging.getLogger("tinhso.journal")

BEAT: Final = 0.25
# One statement sees one snapshot. The order must name e.xid: plain xid would sort the text.
_READ: Final = """
with s as (select pg_snapshot_xmin(pg_current_snapshot()) as hi)
select s.hi::text::bigint, e.id, e.xid::text::bigint, e.body
from s left join journal_entry e on e.xid >= %s::text::xid8 and e.xid < s.hi
order by e.xid, e.id
"""
_WRITE: Final = """
insert into journal_seal (lo, hi, first, n, root, frontier, leaves)
values (%s::text::xid8, %s::text::xid8, %s, %s, %s, %s, %s) returning seq, at
"""
_LAST: Final = """
select seq, first + n, encode(root, 'hex'), hi::text::bigint, at, frontier
from journal_seal order by seq desc limit 2
"""


class CannotSeal(Exception):
    """Sealing must not go on; the sentence says why and what to do."""


class Sealer:
    """Holds the lock, the tree and the last head between beats."""

    def __init__(self, connection: psycopg.Connection[Any], heads: Path) -> None:
        """Go on where the last sealer stopped, and write the head that it could not write any more.

        ``connection`` is in autocommit; ``heads`` is the file outside the database. Raises ``CannotSeal`` when
        another sealer runs, or when the file knows heads that the database does not.
        """
        self._connection = connection
        self._heads = heads
        self._tree = Tree()
        self._hi = 0
        row = connection.execute("select pg_try_advisory_lock(%s)", [SEALER_LOCK]).fetchone()
        if row is None or not row[0]:
            raise CannotSeal(_("Đã có một tiến trình niêm phong đang chạy. Chỉ cần một."))
        _end_whole(heads)
        seals = connection.execute(_LAST).fetchall()
        if seals:
            self._tree = Tree(seals[0][1], seals[0][5])
            self._hi = seals[0][3]
        self._compare([Head(*row[:5]) for row in seals])

    def _compare(self, known: list[Head]) -> None:
        outside = last_head_in(self._heads)
        if (known and outside is None) or (known and outside == known[-1] != known[0]):
            self._publish(known[0])
        elif outside is not None and (not known or outside != known[0]):
            raise CannotSeal(
                _(
                    "Sổ niêm phong ngoài cơ sở dữ liệu không khớp với cơ sở dữ liệu. "
                    "Hãy chạy tinhso verify-journal, đừng niêm phong tiếp."
                )
            )

    def beat(self) -> Head | None:
        """Seal what can be sealed now and write its head outside; return the head, or ``None`` if nothing was new.

        Raises ``CannotSeal`` when transactions are numbered lower than those already sealed (a database restored
        into a new cluster), or when somebody else wrote a seal.
        """
        tree, leaves, hi = self._tree.copy(), bytearray(), self._hi
        with self._connection.transaction():
            for reached, leaf in self._read():
                hi = reached
                if leaf is not None:
                    leaves += leaf
                    tree.add((leaf,))
            if hi < self._hi:
                raise CannotSeal(
                    _(
                        "Số giao dịch của cơ sở dữ liệu (%(now)s) nhỏ hơn số đã niêm phong (%(sealed)s). "
                        "Cơ sở dữ liệu đã được chép sang cụm mới: hãy dời bộ đếm bằng pg_resetwal."
                    )
                    % {"now": hi, "sealed": self._hi}
                )
            if tree.size == self._tree.size:
                return None
            head = self._write(tree, bytes(leaves), hi)
        self._tree, self._hi = tree, hi
        self._publish(head)
        return head

    def _read(self) -> Iterator[tuple[int, bytes | None]]:
        with self._connection.cursor(name="beat") as cursor:
            cursor.itersize = 5_000
            cursor.execute(_READ, [str(self._hi)])
            for hi, entry_id, xid, body in cursor:
                yield hi, None if entry_id is None else leaf_of(entry_id, xid, body)

    def _write(self, tree: Tree, leaves: bytes, hi: int) -> Head:
        first = self._tree.size
        values = [str(self._hi), str(hi), first, tree.size - first, tree.root, tree.frontier, leaves]
        try:
            row = self._connection.execute(_WRITE, values).fetchone()
        except psycopg.errors.UniqueViolation as error:
            raise CannotSeal(
                _("Có con dấu mà tiến trình này không đóng. Hãy chạy tinhso verify-journal.")
            ) from error
        if row is None:
            raise AssertionError("an insert that returns must return")
        return Head(row[0], tree.size, tree.root.hex(), hi, row[1])

    def _publish(self, head: Head) -> None:
        is_new = not self._heads.exists()
        self._heads.parent.mkdir(parents=True, exist_ok=True)
        with self._heads.open("ab") as out:
            out.write(head.line().encode())
            out.flush()
            os.fsync(out.fileno())
        if is_new:
            _sync_folder(self._heads.parent)


def seal_until(stop: Event, connection: psycopg.Connection[Any], heads: Path) -> None:
    """Seal four times a second until ``stop`` is set; raises ``CannotSeal`` and the database's own errors."""
    sealer = Sealer(connection, heads)
    log.info("sealing as %s", connection.info.user)
    while not stop.is_set():
        began = time.monotonic()
        sealer.beat()
        stop.wait(max(0.0, BEAT - (time.monotonic() - began)))
    sealer.beat()


def _end_whole(heads: Path) -> None:
    """Cut off a last line that a power cut left half written."""
    if not heads.exists():
        return
    with heads.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 4096))
        tail = file.read()
        if tail and not tail.endswith(b"\n"):
            file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)
            os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
