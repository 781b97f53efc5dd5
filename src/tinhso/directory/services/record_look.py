"""Keep that an officer looked at a person's data: one cheap statement, one row an officer, thing and day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from tinhso.directory.models import LookKind
from tinhso.directory.rules import Actor, HeldPost, Role
from tinhso.toolkit.clock import VN
from tinhso.toolkit.prepared import first_row

_KEEP = """
insert into "directory_look"
  (account_id, office_id, role, person_id, about, day, first_at, last_at, times, kinds)
select %s::bigint, %s::bigint, %s::text, person_id, about, %s::date, %s::timestamptz, %s::timestamptz, 1, %s::smallint
from unnest(%s::bigint[], %s::text[]) seen(person_id, about) order by about
on conflict (account_id, about, day) do update set
  times = directory_look.times + 1, kinds = directory_look.kinds | excluded.kinds,
  last_at = greatest(directory_look.last_at, excluded.last_at)
returning id
"""


def record_looks(
    *,
    by: Actor,
    at: dt.datetime,
    seen: Sequence[tuple[int | None, str]],
    offices: Collection[int],
    kind: LookKind,
) -> None:
    """Keep that ``by`` saw things of people: (number of the person or None, ``dossier:<id>``).

    ``offices``: those that work on the things, by which the post is told for which the officer looked. Whoever holds no
    post is no officer and leaves no row. Luật An toàn thông tin mạng 2015, article 16.
    """
    if not seen or by.account_id is None or not by.is_officer:
        return
    post = acting_post(by, offices)
    people, things = zip(*seen, strict=True)
    day = at.astimezone(VN).date()
    first_row(
        _KEEP,
        [by.account_id, post.office_id, post.role, day, at, at, int(kind), list(people), list(things)],
    )


def acting_post(by: Actor, offices: Collection[int]) -> HeldPost:
    """Return the post for which an officer looks: one at the offices, else that of an inspector, else the first."""
    here = (post for post in by.posts if post.office_id in offices)
    inspector = (post for post in by.posts if post.role is Role.INSPECTOR)
    return next(here, None) or next(inspector, None) or by.posts[0]
