"""The journal's door: announce, listen, deliver, read and verify."""

from tinhso.journal.queries import (
    EntryNotFound,
    Health,
    Jobs,
    as_json,
    dead_deliveries,
    entry_of,
    failed_deliveries,
    health,
    history,
    jobs,
    latest_head,
    unguarded,
)
from tinhso.journal.rules import CannotBeWritten, HasRef, Head, NotAnEvent, Record
from tinhso.journal.services.announce import OutsideTransaction, announce, rows_for
from tinhso.journal.services.deliver import deliver_all, deliver_one
from tinhso.journal.services.listen import NameTaken, every, listeners_of, on, periodic_tasks
from tinhso.journal.services.rescue import AtWork, Bookmark, Rescued, at_work, rescue
from tinhso.journal.services.seal import CannotSeal, seal_until
from tinhso.journal.services.settle_delivery import DeliveryNotWaiting, drop_delivery, retry_delivery
from tinhso.journal.services.verify import Broken, Verdict, verify

__all__ = (
    "AtWork",
    "Bookmark",
    "Broken",
    "CannotBeWritten",
    "CannotSeal",
    "DeliveryNotWaiting",
    "EntryNotFound",
    "HasRef",
    "Head",
    "Health",
    "Jobs",
    "NameTaken",
    "NotAnEvent",
    "OutsideTransaction",
    "Record",
    "Rescued",
    "Verdict",
    "announce",
    "as_json",
    "at_work",
    "dead_deliveries",
    "deliver_all",
    "deliver_one",
    "drop_delivery",
    "entry_of",
    "every",
    "failed_deliveries",
    "health",
    "history",
    "jobs",
    "latest_head",
    "listeners_of",
    "on",
    "periodic_tasks",
    "rescue",
    "retry_delivery",
    "rows_for",
    "seal_until",
    "unguarded",
    "verify",
)
