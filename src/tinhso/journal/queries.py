"""Read the journal for a page, for operators and for the start-up check."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils.translation import gettext as _
from psycopg.errors import InsufficientPrivilege

from tinhso.journal.models import Delivery, Entry
from tinhso.journal.rules import Head, HeadUnreadable, Record

#: Held by the one running sealer as long as it lives ("tinhso.sealer" in the key space of advisory locks).
SEALER_LOCK: Final = 0x7469_6E68_736F


class EntryNotFound(LookupError):
    """No entry has this number."""


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    """How sealing and delivering stand: counts of entries and deliveries.

    ``oldest_unsealed`` is the number of an entry: seen twice some seconds apart, sealing stands still.
    """

    sealed: int
    unsealed: int
    oldest_unsealed: int | None
    is_sealer_running: bool
    pending: int
    failing: int
    dead: int


def history(about: str, *, limit: int = 200, before: int | None = None) -> list[Record]:
    """Return what happened to one thing, the latest first; ``before`` is the last entry of the page above."""
    entries = Entry.objects.filter(about=about)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return [Record.of(*row) for row in entries.order_by("-pk").values_list("pk", "body")[:limit]]


def entry_of(entry_id: int) -> Record:
    """Return one entry; raises ``EntryNotFound``."""
    row = Entry.objects.filter(pk=entry_id).values_list("pk", "body").first()
    if row is None:
        raise EntryNotFound(entry_id)
    return Record.of(*row)


def dead_deliveries(*, limit: int = 100) -> list[Delivery]:
    """Return the deliveries that nobody tries again, the oldest first; each says why in ``last_error``."""
    dead = Delivery.objects.filter(done_at__isnull=True, next_try_at__isnull=True)
    return list(dead.select_related("entry").order_by("pk")[:limit])


def latest_head() -> Head | None:
    """Return the newest head that the database holds, or ``None`` before the first seal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select seq, first + n, encode(root, 'hex'), hi::text::bigint, at"
            " from journal_seal order by seq desc limit 1"
        )
        row = cursor.fetchone()
    return None if row is None else Head(*row)


def health() -> Health:
    """Return how sealing and delivering stand now."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with last as (select hi, first + n as size from journal_seal order by seq desc limit 1),
                 rest as (select count(*) as n, min(id) as oldest from journal_entry
                          where xid >= coalesce((select hi from last), '0'::xid8)),
                 told as (select count(*) filter (where next_try_at is not null) as pending,
                                 count(*) filter (where next_try_at is not null and attempts > 0) as failing,
                                 count(*) filter (where next_try_at is null) as dead
                          from journal_delivery where done_at is null)
            select coalesce((select size from last), 0), rest.n, rest.oldest,
                   exists (select from pg_locks where locktype = 'advisory' and granted
                           and database = (select oid from pg_database where datname = current_database())
                           and (classid::bigint << 32) + objid::bigint = %s),
                   told.pending, told.failing, told.dead
            from rest, told
            """,
            [SEALER_LOCK],
        )
        return Health(*cursor.fetchone())


def unguarded() -> list[str]:
    """Try on the running connection what must be refused, and return one sentence for each thing that was not.

    Nothing is changed: every try is rolled back.
    """
    tries = {
        "UPDATE": "update {} set {} = {} where false",
        "DELETE": "delete from {} where false",
        "TRUNCATE": "truncate {} cascade",
    }
    found = []
    for table, column in (("journal_entry", "body"), ("journal_seal", "n")):
        for verb, statement in tries.items():
            if not _is_refused(statement.format(table, column, column)):
                found.append(
                    _(
                        "Vai trò đang dùng được phép %(verb)s bảng %(table)s. Hãy chạy lại migrate bằng chủ sở hữu."
                    )
                    % {"verb": verb, "table": table}
                )
    if not _is_refused(
        "insert into journal_entry (xid, body) select xid, body from journal_entry where false"
    ):
        found.append(_("Vai trò đang dùng tự đặt được số giao dịch của mục nhật ký."))
    with connection.cursor() as cursor:
        cursor.execute(
            "select t.tgname from (values ('journal_entry'), ('journal_seal')) v (name) left join pg_trigger t"
            " on t.tgrelid = v.name::regclass and t.tgname = v.name || '_is_append_only'"
            " where t.tgenabled is distinct from 'O' and t.tgenabled is distinct from 'A'"
        )
        if cursor.fetchall():
            found.append(
                _("Chốt chặn sửa, xóa của sổ nhật ký đang bị tắt. Hãy bật lại rồi chạy verify-journal.")
            )
    return found


def _is_refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except ProgrammingError as error:
        cause = error.__cause__
        # The trigger refuses with the same code, but only it speaks from within a function.
        return isinstance(cause, InsufficientPrivilege) and cause.diag.context is None
    except DatabaseError:
        return False
    return False


def _heads_in(file: Path) -> Iterator[tuple[int, Head]]:
    """Read the heads outside the database in the order of writing, each with where its line ends, in bytes.

    A last line without its end is still being written and is left out. Raises ``HeadUnreadable`` with the
    number of the line.
    """
    if not file.exists():
        return
    end = 0
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            end += len(line)
            try:
                yield end, Head.read(line.decode(errors="replace"))
            except HeadUnreadable as error:
                raise HeadUnreadable(str(number)) from error


class HeadsOutside:
    """The heads outside, one ahead; a line that cannot be read ends them and is remembered."""

    def __init__(self, file: Path | None) -> None:
        """Open the file (``None``: there are no heads); what it holds by now is what the database must know."""
        self._known_until = file.stat().st_size if file is not None and file.exists() else 0
        self._rest = iter(()) if file is None else _heads_in(file)
        self._end = 0
        self.unreadable: str | None = None
        self.last: Head | None = None
        self.next = self._ahead()

    def _ahead(self) -> Head | None:
        try:
            self._end, head = next(self._rest, (0, None))
        except HeadUnreadable as error:
            self.unreadable = str(error)
            return None
        return head

    def take(self) -> None:
        """Go on to the next head."""
        self.last, self.next = self.next, self._ahead()

    @property
    def left_over(self) -> Head | None:
        """Return the next head, unless it was written after the file was opened."""
        return self.next if self._end <= self._known_until else None


def last_head_in(file: Path) -> Head | None:
    """Return the last whole head of the file, read from its end; raises ``HeadUnreadable``."""
    if not file.exists():
        return None
    with file.open("rb") as lines:
        lines.seek(max(0, file.stat().st_size - 4096))
        whole = [
            line for line in lines.read().split(b"\n")[:-1] if line.startswith(b"{") and line.endswith(b"}")
        ]
    return Head.read(whole[-1].decode()) if whole else None


def as_json(head: Head | None) -> dict[str, object] | None:
    """Return a head as plain values for a JSON document."""
    if head is None:
        return None
    return dict(json.loads(head.line()))
