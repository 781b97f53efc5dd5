"""Write a submission by one statement: the key first, and everything else only where the key was new.

The rows are those of the models; only the way they go to the database is shorter. Who comes second with a key waits
on its unique index until the first has committed, and then writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

from tinhso.dossiers.models import Dossier, Draft, Paper, SentOnce, StepTaken

_TOLD = """
 entry as (insert into journal_entry (body) select %s from claimed returning id),
 told as (insert into journal_delivery (entry_id, listener)
          select entry.id, listener from entry, unnest(%s::text[]) as listener)
"""


def new_id(model: type[Model]) -> int:
    """Return the number that the next row of a model will have, so that others can name it before it is there."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval(%s)", [f"{model._meta.db_table}_id_seq"])
        (number,) = cursor.fetchone()
    return int(number)


def insert_submission(
    once: SentOnce,
    dossier: Dossier,
    step: StepTaken,
    papers: Sequence[Paper],
    *,
    news: tuple[str, list[str]],
    draft: Draft | None,
) -> bool:
    """Write all rows, the news (``journal.api.rows_for``) and the end of the draft; ``False`` where the key is taken.

    ``dossier`` has its number (``new_id``); the rows that belong to it are told so here.
    """
    once.dossier = dossier
    step.dossier = dossier
    head, values = _insert(once)
    parts = [f" claimed as ({head} values ({_marks(values)}) on conflict do nothing returning 1)"]
    for name, row in (("made", dossier), ("begun", step)):
        head, more = _insert(row, with_id=row is dossier)
        parts.append(f" {name} as ({head} select {_marks(more)} from claimed)")  # noqa: S608 - our own names
        values += more
    if papers:
        lines = []
        for paper in papers:
            paper.dossier = dossier
            head, more = _insert(paper)
            lines.append(f"({_marks(more)})")
            values += more
        # One list of values: papers get their numbers in the order in which they were sent.
        parts.append(f" kept as ({head} select line.* from claimed, (values {', '.join(lines)}) as line)")  # noqa: S608
    parts.append(_TOLD)
    values += news
    if draft is not None:
        parts.append(
            " sent as (update dossiers_draft set dossier_id = %s where id = %s and exists (select from claimed))"
        )
        values += [dossier.pk, draft.pk]
    with connection.cursor() as cursor:
        cursor.execute(f"with{','.join(parts)} select count(*) from claimed", values)  # noqa: S608 - our own names
        (written,) = cursor.fetchone()
    return bool(written)


def _insert(row: Model, *, with_id: bool = False) -> tuple[str, list[Any]]:
    """Return the beginning of the statement that inserts a row, and the values of its columns."""
    head, fields = _columns(type(row), with_id)
    return head, [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]


@lru_cache(maxsize=16)
def _columns(model: type[Model], with_id: bool) -> tuple[str, tuple[Any, ...]]:
    fields = tuple(f for f in model._meta.concrete_fields if with_id or not f.primary_key)
    names = ", ".join(f'"{field.column}"' for field in fields)
    return f'insert into "{model._meta.db_table}" ({names})', fields


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))
