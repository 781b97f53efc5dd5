"""The journal's door: announce, listen, deliver, read and verify."""

from tinhso.journal.queries import (
    EntryNotFound,
    Health,
    as_json,
    dead_deliveries,
    entry_of,
    health,
    history,
    latest_head,
    unguarded,
)
from tinhso.journal.rules import CannotBeWritten, HasRef, Head, NotAnEvent, Record
from tinhso.journal.services.announce import OutsideTransaction, announce, rows_for
from tinhso.journal.services.deliver import deliver_all, deliver_one
from tinhso.journal.services.listen import NameTaken, every, listeners_of, on, periodic_tasks
from tinhso.journal.services.seal import CannotSeal, seal_until
from tinhso.journal.services.verify import Broken, Verdict, verify

__all__ = (
    "Broken",
    "CannotBeWritten",
    "CannotSeal",
    "EntryNotFound",
    "HasRef",
    "Head",
    "Health",
    "NameTaken",
    "NotAnEvent",
    "OutsideTransaction",
    "Record",
    "Verdict",
    "announce",
    "as_json",
    "dead_deliveries",
    "deliver_all",
    "deliver_one",
    "entry_of",
    "every",
    "health",
    "history",
    "latest_head",
    "listeners_of",
    "on",
    "periodic_tasks",
    "rows_for",
    "seal_until",
    "unguarded",
    "verify",
)
