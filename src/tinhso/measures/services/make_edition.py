"""Make the public edition of a month that is over: what of its parts is told, and what stays away for good."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from django.db import connection, transaction

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import EditionMade
from tinhso.measures.models import CountedMonth, Edition, EditionRow
from tinhso.measures.queries.editions import COLUMNS, cut, editions, small_rule, stretches_of
from tinhso.measures.queries.formulas import every_formula, usual
from tinhso.measures.queries.places import places
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.editions import MEASURES, Book, Cell, Kind, book_of, choose
from tinhso.measures.rules.formulas import Formula

_LOCK: Final = 0x7F
_RECEIVED, _RUNNING = 1, 3
_CASES: Final = """
select kind, office_id, procedure_code, field_id, channel, cls, sum(n) from measures_monthrow
where month = %(month)s and kind in (1, 2) group by 1, 2, 3, 4, 5, 6
union all
select kind, office_id, procedure_code, field_id, channel, cls, sum(n) from measures_dayrow
where day = %(last)s and kind = 3 group by 1, 2, 3, 4, 5, 6
"""


def unmade() -> list[dt.date]:
    """Return the closed months that were counted since their edition was made, or never had one, the earliest first."""
    made = dict(Edition.objects.order_by("month", "number").values_list("month", "counted_at"))
    rows = CountedMonth.objects.order_by("month").values_list("month", "counted_at")
    return [month for month, counted_at in rows if made.get(month) != counted_at]


def make_editions(*, by: Actor, at: dt.datetime, seconds: float = float("inf")) -> int:
    """Make the editions that lack, the earliest month first, until so many seconds are over. Returns how many."""
    begun, n = time.monotonic(), 0
    for month in unmade():
        make_edition(by=by, at=at, month=month)
        n += 1
        if time.monotonic() - begun > seconds:
            break
    return n


@transaction.atomic
def make_edition(*, by: Actor, at: dt.datetime, month: dt.date) -> Edition | None:
    """Make the edition of a closed month, or find that the last one still holds; return the one that holds.

    What stayed away before stays away, and so does a number that changed by a small one. None: the month is not
    counted, or has no case. Where a recount's small numbers cannot be protected, the edition before it goes on to hold.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [_LOCK, month.toordinal()])
    counted = CountedMonth.objects.filter(month=month).first()
    if counted is None:
        return None
    rule, formula = small_rule(month), usual("strict", last_day_of(month))
    before = Edition.objects.filter(month=month).order_by("-number").first()
    held = editions(month, month).get(month)
    if held is not None and not held.is_withheld:
        formula = _formula_of(held)
    book = book_of(facts_of(month, formula), rule.threshold)
    told = told_before(held) if held is not None and not held.is_withheld else {}
    choice = choose(book, rule.threshold, already=_stays_away(book, told, rule.threshold))
    same = _hash(book)
    is_worse = bool(choice.unproven) and bool(told)
    if before is not None and (before.facts_hash == same or is_worse):
        Edition.objects.filter(pk=before.pk).update(counted_at=counted.counted_at)
        return held
    if not book.cells and before is None:
        return None
    pieces = cut(month, last_day_of(month), formula, rule.threshold, stretches_of(before) if before else ())
    made = Edition.objects.create(
        month=month,
        number=before.number + 1 if before else 1,
        formula=formula.version,
        rule=rule.version,
        threshold=rule.threshold,
        counted_at=counted.counted_at,
        made_at=at,
        cells=len(book.cells),
        hidden=len(choice.hidden),
        is_withheld=bool(choice.unproven),
        stretches=[[f"{one.first}", f"{one.last}"] for one in pieces],
        facts_hash=same,
    )
    if not made.is_withheld:
        EditionRow.objects.bulk_create(_rows(made, book.told(choice.hidden), told), batch_size=2000)
    announce(EditionMade(month, made.number, made.cells, made.hidden), about=made.about, by=by, at=at)
    return made


def facts_of(month: dt.date, formula: Formula) -> dict[Kind, Counter[str]]:
    """Return the cases of a month by office, procedure and channel; a procedure lies in one field all month."""
    with connection.cursor() as cursor:
        cursor.execute(_CASES, {"month": month, "last": last_day_of(month)})
        rows = cursor.fetchall()
    field: dict[str, int] = {}
    for _kind, _office, code, one, *_rest in rows:
        field[code] = max(field.get(code, 0), one)
    every = places()
    found: dict[Kind, Counter[str]] = defaultdict(Counter)
    for kind, office, code, _field, channel, cls, n in rows:
        place = every[office]
        cases = found[Kind(office, place.kind, place.district_id or 0, code, field[code], channel)]
        if kind == _RECEIVED:
            cases["received"] += n
            cases["online" if channel == "online" else "offline"] += n
            continue
        group = formula.groups[cls]
        if (kind == _RUNNING) == group.startswith("running"):
            cases[group] += n
        if group in ("early", "on_time", "late"):
            cases["returned"] += n
    return dict(found)


def told_before(edition: Edition) -> dict[Cell, int | None]:
    """Return what an edition told, by cell; what it does not name was zero."""
    found: dict[Cell, int | None] = {}
    for part, key, *numbers in edition.rows.values_list("part", "key", *COLUMNS):
        for measure, n in zip(COLUMNS, numbers, strict=True):
            if measure in MEASURES[part]:
                found[part, key, measure] = n
    return found


def _stays_away(book: Book, told: Mapping[Cell, int | None], threshold: int) -> list[Cell]:
    """Return the cells that an edition does not tell since it did not before, or since they changed by a small number."""
    if not told:
        return []
    away = [cell for cell, n in told.items() if n is None]
    for cell, n in book.cells.items():
        was = told.get(cell, 0)
        if cell[2] in COLUMNS and was is not None and 0 < abs(n - was) < threshold:
            away.append(cell)
    return away


def _rows(
    edition: Edition, told: Mapping[Cell, int | None], before: Mapping[Cell, int | None]
) -> list[EditionRow]:
    numbers: dict[tuple[str, str], dict[str, int | None]] = defaultdict(dict)
    for (part, key, measure), n in [*told.items(), *((cell, n) for cell, n in before.items() if n is None)]:
        if measure in COLUMNS:
            numbers[part, key][measure] = n
    return [
        EditionRow(
            edition=edition,
            part=part,
            key=key,
            **{name: found.get(name, 0) for name in COLUMNS if name in MEASURES[part]},
        )
        for (part, key), found in numbers.items()
    ]


def _formula_of(edition: Edition) -> Formula:
    found = every_formula().version(edition.formula)
    return found or usual("strict", last_day_of(edition.month))


def _hash(book: Book) -> str:
    text = json.dumps(sorted([*cell, n] for cell, n in book.cells.items()), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()
