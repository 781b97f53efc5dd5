"""Take offices, their successions and days of the calendar in from a province's folder."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import TakenIn
from tinhso.directory.models import Change, Office, SpecialDay, Succession
from tinhso.directory.rules import Actor, OfficeKind
from tinhso.directory.services.change_calendar import ABOUT, day_words
from tinhso.journal.api import announce
from tinhso.toolkit.text import fold, sort_key

_LONGEST: Final = 600
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Told:
    """How a change is told: the columns that changed, blank where the thing is new; how it was and how it becomes."""

    columns: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class OfficeTold:
    """An office as a folder tells it; ``parent`` is a code, None for the top."""

    code: str
    valid_from: dt.date
    fields: Mapping[str, Any]
    parent: str | None
    told: Told


class OfficesByCode:
    """All offices of the database, found by code and day."""

    def __init__(self) -> None:
        """Read them."""
        self._rows: dict[str, list[Office]] = defaultdict(list)
        for office in Office.objects.order_by("code", "valid_from"):
            self._rows[office.code].append(office)

    def on(self, code: str, day: dt.date) -> Office:
        """Return the office that has a code on a day; else the first that gets it later, else the last that had it.

        Raises ``Office.DoesNotExist`` where nobody ever has the code.
        """
        rows = self._rows.get(code, [])
        for office in rows:
            if office.valid_to is None or office.valid_to >= day:
                return office
        if not rows:
            raise Office.DoesNotExist(code)
        return rows[-1]

    def begun(self, code: str, day: dt.date) -> Office | None:
        """Return the row of a code that begins on exactly this day."""
        return next((one for one in self._rows.get(code, []) if one.valid_from == day), None)


def line_of(about: str, told: Told, by: Actor, at: dt.datetime) -> Change:
    """Return the line of history of a thing that came in, not yet written."""
    what = _("Sửa theo thư mục của tỉnh") if told.columns else _("Đưa vào từ thư mục của tỉnh")
    return Change(
        about=about,
        what=what,
        before=told.before[:_LONGEST],
        after=told.after[:_LONGEST],
        by_id=by.account_id,
        by_name=by.name if by.account_id else "",
        at=at,
    )


@transaction.atomic
def take_in_offices(told: Collection[OfficeTold], *, by: Actor, at: dt.datetime) -> int:
    """Add or change offices, whatever their order; return how many. Nothing is ever deleted."""
    there = OfficesByCode()
    new: list[Office] = []
    old: list[Office] = []
    for one in told:
        office = there.begun(one.code, one.valid_from)
        (old if office else new).append(_written(office or Office(code=one.code), one))
    Office.objects.bulk_create(new, batch_size=_BATCH)
    Office.objects.bulk_update(old, [*_FIELDS, "folded", "sort_key"], batch_size=_BATCH)
    there = OfficesByCode()
    rows = [(there.begun(one.code, one.valid_from), one) for one in told]
    touched = [(office, one) for office, one in rows if office is not None]
    for office, one in touched:
        office.parent = there.on(one.parent, one.valid_from) if one.parent else None
    Office.objects.bulk_update([office for office, _one in touched], ["parent"], batch_size=_BATCH)
    Change.objects.bulk_create(
        (line_of(f"office:{office.pk}", one.told, by, at) for office, one in touched), batch_size=_BATCH
    )
    for office, one in touched:
        announce(TakenIn("office", one.code, one.told.columns), about=f"office:{office.pk}", by=by, at=at)
    return len(touched)


_FIELDS: Final = (
    *("code_2020", "name", "short_name", "kind", "territory_code"),
    *("phone", "address", "place", "valid_to"),
)


def _written(office: Office, one: OfficeTold) -> Office:
    office.valid_from = one.valid_from
    for name in _FIELDS:
        setattr(office, name, one.fields[name])
    office.kind = OfficeKind(office.kind)
    office.folded = fold(f"{office.name} {office.short_name}")[:200]
    office.sort_key = sort_key(office.short_name)[:400]
    return office


@transaction.atomic
def take_in_succession(
    *, old: str, new: str, day: dt.date, decision: str, by: Actor, at: dt.datetime
) -> Succession:
    """Add or change that one office goes on in another. Raises ``Office.DoesNotExist``."""
    there = OfficesByCode()
    before, after = there.on(old, day - dt.timedelta(days=1)), there.on(new, day)
    row, _made = Succession.objects.update_or_create(
        predecessor=before, successor=after, defaults={"effective_date": day, "decision": decision}
    )
    line_of(f"office:{before.pk}", Told(after=f"{after.name} ({decision})"), by, at).save()
    announce(TakenIn("succession", f"{old} {new}", ""), about=f"office:{before.pk}", by=by, at=at)
    return row


@transaction.atomic
def take_in_days(rows: Sequence[Mapping[str, Any]], *, by: Actor, at: dt.datetime) -> int:
    """Add days to the calendar; a day that stands there with other words is withdrawn and entered anew.

    The first days of an empty calendar were known from the beginning. No due moment of a running dossier moves.
    """
    if not rows:
        return 0
    is_first = not SpecialDay.objects.exists()
    wrong = SpecialDay.objects.filter(date__in=[row["date"] for row in rows], withdrawn_at=None)
    before = "; ".join(day_words(one.date, one.kind) for one in wrong.order_by("date"))
    wrong.update(withdrawn_at=at)
    known = {} if is_first else {"known_from": at}
    SpecialDay.objects.bulk_create(SpecialDay(**row, **known) for row in rows)
    after = "; ".join(day_words(row["date"], row["kind"]) for row in rows)
    line_of(ABOUT, Told("lich" if before else "", before, after), by, at).save()
    for row in rows:
        announce(TakenIn("day", row["date"].isoformat(), ""), about=ABOUT, by=by, at=at)
    return len(rows)
