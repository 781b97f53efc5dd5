"""Load a simulated year over the whole catalogue and all offices, by the rules that real dossiers follow.

What it leaves out, the demo's history leaves out too: journal entries, results and papers (``load_history``).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping

from django.db import connection, transaction

from tinhso.directory.api import calendar
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.services.imagine_year import Year, imagine_year
from tinhso.dossiers.services.write_lives import Officers, Told, Writer
from tinhso.toolkit.counting import mark_stale

#: So many lives are kept in memory before they are written.
CHUNK = 20_000


class DossiersAlreadyThere(Exception):
    """The year is loaded into a database without dossiers only: numbers of a day run on from 1."""

    def __init__(self, dossiers: int) -> None:
        """Keep how many there are."""
        self.dossiers = dossiers
        super().__init__(f"there are {dossiers} dossiers")


def refuse_beside_others() -> None:
    """Raise ``DossiersAlreadyThere`` where the database has any dossier: the demo's history, or this year already."""
    if n := Dossier.objects.count():
        raise DossiersAlreadyThere(n)


@transaction.atomic
def load_year(
    *, key: str, year: Year, say: Callable[[int], object] = lambda _: None, chunk: int = CHUNK
) -> Mapping[str, int]:
    """Load the year, all or nothing; return the rows written by table, and ``extensions``.

    ``say`` is told how many dossiers are written so far. Every dossier follows the version of its procedure that is in
    force on the last day. Raises ``DossiersAlreadyThere``, ``NothingPublished``.
    """
    refuse_beside_others()
    with connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0; set local transaction_timeout = 0")
    last: Counter[tuple[int, dt.date]] = Counter()
    writer = Writer(Officers(year.last), calendar(), key)
    ready: list[Told] = []
    for of_day in imagine_year(year, last):
        ready += of_day
        if len(ready) >= chunk:
            _write(writer, ready)
            say(writer.written["dossiers_dossier"])
            ready = []
    _write(writer, ready)
    writer.write_counters(last)
    day = year.first
    while day <= year.last:
        mark_stale(day)
        day += dt.timedelta(days=1)
    return writer.written


def _write(writer: Writer, told: list[Told]) -> None:
    writer.write(told)
    # References are looked at when a transaction ends; millions that wait for it would fill the server's memory.
    connection.check_constraints()
