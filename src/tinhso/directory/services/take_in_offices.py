"""Take offices, their successions and days of the calendar in from a province's folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tinhso.directory.events import TakenIn
from tinhso.directory.models import Office, SpecialDay, Succession
from tinhso.directory.rules import OfficeKind
from tinhso.journal.api import HasRef, announce
from tinhso.toolkit.text import fold, sort_key


@dataclass(frozen=True, slots=True)
class OfficeTold:
    """An office as a folder tells it; ``parent`` is a code, None for the top; ``changed``: columns, None where new."""

    code: str
    valid_from: dt.date
    fields: Mapping[str, Any]
    parent: str | None
    changed: Sequence[str] | None


def office_named(code: str, on: dt.date) -> Office | None:
    """Return the office that has a code on a day; where none has it then, the first that gets it later."""
    rows = Office.objects.filter(code=code).order_by("valid_from")
    return rows.on(on).first() or rows.filter(valid_from__gte=on).first()


@transaction.atomic
def take_in_offices(told: Collection[OfficeTold], *, by: HasRef, at: dt.datetime) -> int:
    """Add or change offices, whatever their order; return how many. Nothing is ever deleted."""
    waiting = list(told)
    while waiting:
        inside = {one.code for one in waiting}
        ready = [
            one for one in waiting if one.parent is None or one.parent not in inside or one.parent == one.code
        ]
        for one in ready:
            _take_in(one, by, at)
        waiting = [one for one in waiting if one not in ready]
        if not ready:
            msg = "offices stand in a ring: the folder was not checked"
            raise ValueError(msg)
    return len(told)


def _take_in(one: OfficeTold, by: HasRef, at: dt.datetime) -> None:
    office = Office.objects.filter(code=one.code, valid_from=one.valid_from).first()
    office = office or Office(code=one.code, valid_from=one.valid_from)
    for name, value in one.fields.items():
        setattr(office, name, value)
    office.kind = OfficeKind(office.kind)
    office.folded = fold(f"{office.name} {office.short_name}")
    office.sort_key = sort_key(office.short_name)
    office.parent = office_named(one.parent, one.valid_from) if one.parent else None
    office.save()
    announce(
        TakenIn("office", one.code, " ".join(one.changed or ())), about=f"office:{office.pk}", by=by, at=at
    )


@transaction.atomic
def take_in_succession(
    *, old: str, new: str, day: dt.date, decision: str, by: HasRef, at: dt.datetime
) -> Succession:
    """Add or change that one office goes on in another. Raises ``Office.DoesNotExist``."""
    before = office_named(old, day - dt.timedelta(days=1)) or Office.objects.get(code=old)
    after = office_named(new, day) or Office.objects.get(code=new)
    row, _made = Succession.objects.update_or_create(
        predecessor=before, successor=after, defaults={"effective_date": day, "decision": decision}
    )
    announce(TakenIn("succession", f"{old} {new}", ""), about=f"office:{before.pk}", by=by, at=at)
    return row


@transaction.atomic
def take_in_days(rows: Sequence[Mapping[str, Any]], *, by: HasRef, at: dt.datetime) -> int:
    """Add days to the calendar; a day that stands there with other words is withdrawn and entered anew."""
    dates = [row["date"] for row in rows]
    SpecialDay.objects.filter(date__in=dates, withdrawn_at=None).update(withdrawn_at=at)
    is_first = not SpecialDay.objects.exists()
    for row in rows:
        day = SpecialDay(**row) if is_first else SpecialDay(**row, known_from=at)
        day.save(force_insert=True)
        announce(TakenIn("day", row["date"].isoformat(), ""), about="calendar", by=by, at=at)
    return len(rows)
