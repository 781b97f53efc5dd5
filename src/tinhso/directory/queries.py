"""Reads of the directory, shaped for callers."""

from __future__ import annotations

import datetime as dt
import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.db import connection
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse

from tinhso.directory.models import Change, Office, Post, SpecialDay
from tinhso.directory.rules import ANYBODY, Actor, HeldPost, OfficeKind, Role
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.prepared import first_row
from tinhso.toolkit.text import fold
from tinhso.toolkit.working_time import WorkingCalendar, calendar_from_rows

#: The stamp of this request, once somebody asked; None outside of requests: ask each time.
_HELD: ContextVar[list[dt.datetime] | None] = ContextVar("reference_stamp", default=None)


def reference_stamp() -> dt.datetime:
    """Return when reference data (offices, days off, published procedures) last changed.

    What was worked out under an equal stamp still holds. Within ``one_stamp`` the database is asked once.
    """
    held = _HELD.get()
    if held:
        return held[0]
    with connection.cursor() as cursor:
        cursor.execute("select moved_at from directory_referencestamp")
        (moved_at,) = cursor.fetchone()
    if held is not None:
        held.append(moved_at)
    return cast(dt.datetime, moved_at)


@contextmanager
def one_stamp() -> Iterator[None]:
    """Ask for the stamp at most once in here: a request works with one state of the reference data.

    Whoever changes reference data in here reads them by queries, not from memory.
    """
    token = _HELD.set([])
    try:
        yield
    finally:
        _HELD.reset(token)


#: Account, person, usable posts and the reference stamp by one query. An officer's posts count only with a one-time-code device.
_ACTOR = """
select a.id, p.id, p.name, a.is_active, a.password, (
  select coalesce(json_agg(json_build_array(x.id, x.office_id, x.role, x.title, o.short_name, x.for_name)
                           order by x.id), '[]')
  from (
    select t.id, t.office_id, t.role, t.title, null as for_name from directory_post t
     where t.person_id = p.id and t.valid_from <= %(day)s and (t.valid_to is null or t.valid_to >= %(day)s)
    union all
    select t.id, t.office_id, t.role, t.title, h.name from directory_delegation d
      join directory_post t on t.id = d.post_id join directory_person h on h.id = t.person_id
     where d.to_person_id = p.id and d.withdrawn_at is null
       and d.valid_from <= %(day)s and d.valid_to >= %(day)s
       and t.valid_from <= %(day)s and (t.valid_to is null or t.valid_to >= %(day)s)
  ) x join directory_office o on o.id = x.office_id
  where exists (select 1 from mfa_authenticator m where m.user_id = a.id and m.type = 'totp')
), (select moved_at from directory_referencestamp)
from directory_account a join directory_person p on p.id = a.person_id where a.id = %(account)s
"""


def actor_and_password(account_id: int, day: dt.date) -> tuple[Actor, str]:
    """Return the actor behind an account on a day, and the stored password that a session is checked with.

    An unknown or disabled account is ``ANYBODY``.
    """
    row = first_row(_ACTOR, {"account": account_id, "day": day})
    if row is None or not row[3]:
        return ANYBODY, ""
    held_stamp = _HELD.get()
    if held_stamp is not None and not held_stamp:
        held_stamp.append(row[6])
    held = row[5] if isinstance(row[5], list) else json.loads(row[5])
    posts = tuple(HeldPost(i, o, Role(r), t, n, f) for i, o, r, t, n, f in held)
    return Actor(row[0], row[1], row[2], posts), row[4]


def actor_of(account_id: int, day: dt.date) -> Actor:
    """Return the actor behind an account on a day."""
    return actor_and_password(account_id, day)[0]


def calendar(known_at: dt.datetime | None = None) -> WorkingCalendar:
    """Return the working calendar of State offices, as decided so far, or as it was known at a moment."""
    stamp = reference_stamp()
    if known_at is None:
        return _calendar(stamp, None)
    changes = _calendar_changes(stamp)
    known = bisect_right(changes, known_at)
    return _calendar(stamp, changes[max(known - 1, 0)] if known < len(changes) else None)


@lru_cache(maxsize=8)
def _calendar(_stamp: dt.datetime, known_at: dt.datetime | None) -> WorkingCalendar:
    rows = SpecialDay.objects.order_by("date")
    if known_at is None:
        rows = rows.filter(withdrawn_at=None)
    else:
        rows = rows.filter(Q(withdrawn_at=None) | Q(withdrawn_at__gt=known_at), known_from__lte=known_at)
    return calendar_from_rows(
        {"date": day.isoformat(), "kind": kind, "source": source, "confirmed": sure}
        for day, kind, source, sure in rows.values_list("date", "kind", "source", "confirmed")
    )


@lru_cache(maxsize=2)
def _calendar_changes(_stamp: dt.datetime) -> list[dt.datetime]:
    """Return the moments at which the calendar changed, in order; the first is when it was first known."""
    rows = SpecialDay.objects.values_list("known_from", "withdrawn_at")
    return sorted({moment for row in rows for moment in row if moment is not None})


def changes_of(about: str, limit: int = 50) -> list[Change]:
    """Return what happened to a thing that is administered, the newest first."""
    return list(Change.objects.filter(about=about).order_by("-at", "-id")[:limit])


def special_days(year: int) -> list[SpecialDay]:
    """Return the days of a year that are off or worked instead, withdrawn ones too, in order."""
    return list(SpecialDay.objects.filter(date__year=year).order_by("date", "known_from"))


def offices(kind: OfficeKind, on: dt.date, *, parent_id: int | None = None) -> list[Office]:
    """Return the offices of a kind on a day, in alphabetical order."""
    rows = Office.objects.on(on).filter(kind=kind).select_related("parent").order_by("sort_key", "id")
    return list(rows.filter(parent_id=parent_id) if parent_id else rows)


def communes(on: dt.date) -> list[Office]:
    """Return every commune of the day with its district and province, in alphabetical order."""
    return list(_communes(reference_stamp(), on))


@lru_cache(maxsize=4)
def _communes(_stamp: dt.datetime, on: dt.date) -> tuple[Office, ...]:
    rows = Office.objects.on(on).filter(kind=OfficeKind.COMMUNE).select_related("parent__parent")
    return tuple(rows.order_by("sort_key", "id"))


def find_offices(words: str, on: dt.date, limit: int = 20) -> list[Office]:
    """Return offices whose name holds the words, typed with or without marks."""
    rows = Office.objects.on(on).select_related("parent")
    for word in fold(words).split():
        rows = rows.filter(folded__contains=word)
    return list(rows.order_by("sort_key", "id")[:limit])


def holder(office_id: int, role: Role, on: dt.date) -> Post | None:
    """Return the post that holds a role at an office on a day; the oldest where there are several."""
    return (
        Post.objects.filter(office_id=office_id, role=role, valid_from__lte=on)
        .exclude(valid_to__lt=on)
        .select_related("person", "office__parent")
        .order_by("id")
        .first()
    )


def holders(office_id: int, role: Role, on: dt.date) -> list[Post]:
    """Return every post that holds a role at an office on a day."""
    return list(
        Post.objects.filter(office_id=office_id, role=role, valid_from__lte=on)
        .exclude(valid_to__lt=on)
        .select_related("person", "office")
        .order_by("id")
    )


def office_of(pk: int) -> Office:
    """Return an office with its parents, kept in memory; to be read, never changed."""
    return _office_of(reference_stamp(), pk)


@lru_cache(maxsize=2_000)
def _office_of(_stamp: dt.datetime, pk: int) -> Office:
    return Office.objects.select_related("parent__parent").get(pk=pk)


def who(request: HttpRequest) -> Actor:
    """Return the actor behind a request, as the middleware found it."""
    return cast(Actor, getattr(request, "actor", ANYBODY))


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only people in who have signed in; others sign in first and come back to the page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not who(request).is_signed_in:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def holders_only(*roles: Role) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let only those in who hold one of the roles today; without roles, whoever holds any post.

    A stranger signs in first; for others the page is not there, and so it is where a service raises ``NotThere``.
    """

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @signed_in
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = who(request)
            if not (actor.holds(*roles) if roles else actor.is_officer):
                raise Http404
            try:
                return view(request, *args, **kwargs)
            except NotThere:
                raise Http404 from None

        return guarded

    return guard
