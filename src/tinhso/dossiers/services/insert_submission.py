"""Write a submission by one statement: the key first, and everything else only where the key was new.

The rows are those of the models; only the way they go to the database is shorter. Who comes second with a key waits
on its unique index until the first has committed, and then writes nothing. A draft is held first: only where it is
still this person's, unsent and as it was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from tinhso.dossiers.models import Dossier, Draft, Paper, SentOnce, StepTaken
from tinhso.toolkit.prepared import first_row

_TOLD = """
 entry as (insert into journal_entry (body) select %s::text from claimed returning id),
 told as (insert into journal_delivery (entry_id, listener)
          select entry.id, listener from entry, unnest(%s::text[]) as listener)
"""
_SENT = """
 sent as (update dossiers_draft set dossier_id = %s::bigint from claimed
          where dossiers_draft.id in (select held.id from held))
"""
_CLOSED = """
 closed as (update dossiers_draft set dossier_id = %s::bigint from claimed
            where token = %s::text and person_id = %s::bigint and dossiers_draft.dossier_id is null)
"""


class Written(Enum):
    """What became of a submission: written, not held (the draft is another by now), or the key is taken."""

    YES = "yes"
    NOT_HELD = "not_held"
    KEY_TAKEN = "key_taken"


def new_id(model: type[Model]) -> int:
    """Return the number that the next row of a model will have, so that others can name it before it is there."""
    row = first_row(f"select nextval('{model._meta.db_table}_id_seq')", [])
    assert row is not None
    return int(row[0])


def insert_submission(
    once: SentOnce,
    dossier: Dossier,
    step: StepTaken,
    papers: Sequence[Paper],
    *,
    news: tuple[str, list[str]],
    held: QuerySet[Draft] | None,
    person_id: int,
) -> Written:
    """Write all rows, the news (``journal.api.rows_for``) and the end of the draft, or nothing.

    ``held`` finds the draft that must be there; NULL where the submission needs none, and then what the person
    ``person_id`` keeps under the key is closed. ``dossier`` has its number (``new_id``); the rows that belong to it
    are told so here.
    """
    once.dossier = dossier
    step.dossier = dossier
    parts: list[str] = []
    values: list[Any] = []
    if held is not None:
        try:
            text, found = held.values("pk").query.sql_with_params()
        except EmptyResultSet:
            return Written.NOT_HELD
        parts.append(f" held (id) as ({text} for update of dossiers_draft)")
        values += found
    head, marks, more = _insert(once)
    source = "select {} from held" if held is not None else "values ({})"
    parts.append(f" claimed as ({head} {source.format(marks)} on conflict do nothing returning 1)")
    values += more
    for name, row in (("made", dossier), ("begun", step)):
        head, marks, more = _insert(row, with_id=row is dossier)
        parts.append(f" {name} as ({head} select {marks} from claimed)")  # noqa: S608 - our own names
        values += more
    if papers:
        lines = []
        for paper in papers:
            paper.dossier = dossier
            head, marks, more = _insert(paper)
            lines.append(f"({marks})")
            values += more
        # One list of values: papers get their numbers in the order in which they were sent.
        parts.append(f" kept as ({head} select line.* from claimed, (values {', '.join(lines)}) as line)")  # noqa: S608
    parts.append(_TOLD)
    values += news
    if held is not None:
        parts.append(_SENT)
        values.append(dossier.pk)
    else:
        parts.append(_CLOSED)
        values += [dossier.pk, once.key, person_id]
    was_held = "(select count(*) from held)" if held is not None else "1"
    answer = first_row(f"with{','.join(parts)} select {was_held}, (select count(*) from claimed)", values)  # noqa: S608
    assert answer is not None
    if not answer[0]:
        return Written.NOT_HELD
    return Written.YES if answer[1] else Written.KEY_TAKEN


def _insert(row: Model, *, with_id: bool = False) -> tuple[str, str, list[Any]]:
    """Return the beginning of the statement that inserts a row, the marks of its values, and the values."""
    head, marks, fields = _columns(type(row), with_id)
    return head, marks, [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]


@lru_cache(maxsize=16)
def _columns(model: type[Model], with_id: bool) -> tuple[str, str, tuple[Any, ...]]:
    fields = tuple(f for f in model._meta.concrete_fields if with_id or not f.primary_key)
    names = ", ".join(f'"{field.column}"' for field in fields)
    # Without its length: a cast to varchar(150) would cut a long text where the column refuses it.
    marks = ", ".join(f"%s::{(field.db_type(connection) or '').partition('(')[0]}" for field in fields)
    return f'insert into "{model._meta.db_table}" ({names})', marks, fields
