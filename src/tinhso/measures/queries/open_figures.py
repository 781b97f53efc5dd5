"""Open data of the figures: each table of the editions is a dataset, a file of it holds a year of months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tinhso.measures.models import CountedMonth, Edition, EditionRow
from tinhso.measures.queries.documents import document
from tinhso.measures.queries.editions import COLUMNS, editions
from tinhso.measures.queries.places import field_names, places, procedure_names
from tinhso.measures.rules import last_day_of
from tinhso.measures.rules.editions import MEASURES
from tinhso.toolkit.clock import VN

#: The names of the numbers in files.
NAMES: Final[Mapping[str, str]] = {
    "received": "tiep_nhan",
    "online": "tiep_nhan_qua_mang",
    "returned": "da_tra",
    "early": "tra_truoc_han",
    "on_time": "tra_dung_han",
    "late": "tra_tre",
    "ended_otherwise": "ket_thuc_khac",
    "running_late": "dang_lam_qua_han",
}
_EVER: Final = dt.date(2000, 1, 1), dt.date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Dataset:
    """One dataset: its key, its table among the editions, what it is called and says, the words of its rows."""

    key: str
    table: str
    title: str
    says: str
    labels: tuple[str, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the numbers of a row."""
        return tuple(name for name in COLUMNS if name in MEASURES[self.table])

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Return the name of every column with what it holds."""
        words: dict[str, str] = document("open_figures")["columns"]
        names = ("thang", *self.labels, *(NAMES[name] for name in self.measures))
        return tuple((name, words[name]) for name in names)


@dataclass(frozen=True, slots=True)
class Freshness:
    """A closed month: until when its figures were promised, when they were there. None: they are not yet.

    ``edition`` is the one that holds. A month counts as late while it is awaited beyond the day, too.
    """

    month: dt.date
    promised: dt.date
    first_made: dt.datetime | None
    edition: Edition | None

    def days_late(self, today: dt.date) -> int:
        """Return how many days beyond the promised one it came, or is awaited so far."""
        there = self.first_made.astimezone(VN).date() if self.first_made else today
        return max(0, (there - self.promised).days)


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """A dataset as a catalogue lists it: the years it has files of, and when it last changed."""

    dataset: Dataset
    years: tuple[int, ...]
    modified: dt.datetime


def datasets() -> tuple[Dataset, ...]:
    """Return every dataset of the figures."""
    return tuple(
        Dataset(one["key"], one["table"], one["title"], one["says"], tuple(one["labels"]))
        for one in document("open_figures")["datasets"]
    )


def dataset_of(key: str) -> Dataset | None:
    """Return a dataset by its key."""
    return next((one for one in datasets() if one.key == key), None)


def every_edition() -> list[Edition]:
    """Return the edition that holds of each month, the earliest month first."""
    return list(editions(*_EVER).values())


def open_figures() -> tuple[OpenFigures, ...]:
    """Return the datasets that have a file."""
    told = [one for one in every_edition() if not one.is_withheld]
    if not told:
        return ()
    years = tuple(sorted({one.month.year for one in told}))
    modified = max(one.made_at for one in told)
    return tuple(OpenFigures(one, years, modified) for one in datasets())


def freshness(today: dt.date) -> list[Freshness]:
    """Return for each closed month what was promised and what was kept, the latest first."""
    held = {one.month: one for one in every_edition()}
    first = dict(Edition.objects.filter(number=1).values_list("month", "made_at"))
    counted = CountedMonth.objects.values_list("month", flat=True)
    days = dt.timedelta(days=document("open_figures")["promised_days"])
    months = {month for month in (*held, *counted) if last_day_of(month) < today}
    return [
        Freshness(month, last_day_of(month) + days, first.get(month), held.get(month))
        for month in sorted(months, reverse=True)
    ]


def rows_of(dataset: Dataset, months: Sequence[Edition]) -> list[list[Any]]:
    """Return the rows of a dataset over some months; None stays away."""
    month_of = {one.pk: f"{one.month:%Y-%m}" for one in months}
    found = EditionRow.objects.filter(edition__in=month_of, part=dataset.table)
    rows = list(found.values_list("edition_id", "key", *dataset.measures))
    words = _words(dataset, {row[1] for row in rows})
    every = [[month_of[pk], *words[key], *numbers] for pk, key, *numbers in rows]
    return sorted(every, key=lambda row: [str(one) for one in row[: 1 + len(dataset.labels)]])


def _words(dataset: Dataset, keys: set[str]) -> dict[str, tuple[str, ...]]:
    """Return the words of each row by the key of its part."""
    if dataset.table in ("office", "district"):
        every = places()
        none = ("", "Sở, ban, ngành tỉnh")
        return {key: (every[int(key)].code, every[int(key)].name) if key != "0" else none for key in keys}
    if dataset.table == "procedure":
        names = procedure_names(keys)
        return {key: (key, names.get(key, key)) for key in keys}
    if dataset.table in ("field", "field_channel"):
        fields = {"0": "chưa xếp lĩnh vực", **{str(pk): name for pk, name in field_names().items()}}
        return {
            key: (fields.get(field, field), *((channel,) if at else ()))
            for key in keys
            for field, at, channel in [key.partition(":")]
        }
    return {key: (key,) if dataset.labels else () for key in keys}
