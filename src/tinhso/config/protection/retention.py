"""Run the rules of how long: take out what is due, in batches, each with its proof and its entry in the journal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from math import inf
from typing import Any, Final
from uuid import uuid4

from django.db import transaction

from tinhso.config.protection.blobs import SAFE_AFTER, settle
from tinhso.config.protection.due import RULES, Moment, Rule, Taken, without_time_limit
from tinhso.directory.api import SYSTEM, Actor
from tinhso.directory.events import RetentionRun
from tinhso.directory.models import Erasure
from tinhso.journal.api import announce

#: Rows of a rule in one transaction: short enough that nobody waits for them.
BATCH: Final = 500


@dataclass(slots=True)
class Outcome:
    """What a run took, or would take: rows by rule, table and how; contents off the disk, and put back."""

    run: str
    is_dry: bool
    taken: dict[tuple[str, str, str], int] = field(default_factory=dict)
    off_disk: int = 0
    put_back: int = 0

    @property
    def rows(self) -> int:
        """Return how many rows in all."""
        return sum(self.taken.values())

    def of(self, rule: str) -> int:
        """Return how many rows of a rule, in all tables."""
        return sum(n for (key, _table, _how), n in self.taken.items() if key == rule)


def run_retention(
    *,
    at: dt.datetime,
    now: dt.datetime,
    by: Actor = SYSTEM,
    is_dry: bool = False,
    rules: Sequence[Rule] = RULES,
    settle_after: float = SAFE_AFTER,
) -> Outcome:
    """Take out everything that is due at ``at`` (business time) and ``now`` (the machine's).

    1. Each rule takes its rows in batches of ``BATCH``, one transaction each: rows, proofs, journal entry commit together,
       so a killed run leaves nothing unproven, and the next goes on.
    2. Contents put aside by earlier runs leave the disk once they are safe to delete.
    A dry run counts what is due and changes nothing. Raises what the database raises; what was committed stays.
    """
    outcome = Outcome(uuid4().hex[:24], is_dry)
    when = Moment(at, now)
    with without_time_limit():
        if is_dry:
            for rule in rules:
                rows = rule.due(when)
                if n := rows.count():
                    outcome.taken[rule.key, rows.model._meta.db_table, "due"] = n
            return outcome
        gone, back = settle(settle_after)
        outcome.off_disk, outcome.put_back = len(gone), len(back)
        try:
            for rule in rules:
                _take_all(rule, when, outcome, by)
        finally:
            # Of a transaction that was rolled back the contents come home at once.
            settle(inf)
    return outcome


def _take_all(rule: Rule, when: Moment, outcome: Outcome, by: Actor) -> None:
    for n, keys in enumerate(_batches(rule, when), start=1):
        run = f"{outcome.run}-{n:05}"
        with transaction.atomic():
            taken = rule.take(keys, when)
            rows = _prove(run, rule.key, taken, by=by, at=when.at)
            if rows:
                announce(
                    RetentionRun(run, rule.key, rows), about=f"retention:{outcome.run}", by=by, at=when.at
                )
        for (table, how), found in taken.items():
            if found:
                place = (rule.key, table, how)
                outcome.taken[place] = outcome.taken.get(place, 0) + len(found)


def keys_hash(keys: Sequence[Any]) -> str:
    """Return the SHA-256 of keys, one a line, sorted as text."""
    return sha256("".join(f"{key}\n" for key in sorted(map(str, keys))).encode()).hexdigest()


def _batches(rule: Rule, when: Moment) -> Iterator[list[Any]]:
    """Yield batches of keys, each once: what a batch could not take does not come again in this run."""
    last: Any = None
    while True:
        rows = rule.due(when).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        keys = list(rows.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return
        last = keys[-1]
        yield keys


def _prove(run: str, rule: str, taken: Taken, *, by: Actor, at: dt.datetime) -> int:
    proofs = [
        Erasure(
            run=run,
            rule=rule,
            table=table,
            how=how,
            n=len(keys),
            keys_hash=keys_hash(keys),
            at=at,
            by_id=by.account_id,
        )
        for (table, how), keys in taken.items()
        if keys
    ]
    Erasure.objects.bulk_create(proofs)
    return sum(proof.n for proof in proofs)
