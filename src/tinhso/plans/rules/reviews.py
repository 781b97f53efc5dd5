"""What a figure of a review is, how it is written to be hashed, compared and read, and what a period is called. Pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import Any, Final, Protocol

from tinhso.toolkit.words import date_text, number, spelled

PERCENT: Final = "percent"
#: Figures are kept to so many places, and hashed so.
_KEPT: Final = Decimal("0.0001")
_HUNDRED: Final = Decimal(100)
#: So many days after its last whole month a period is still called by its months.
_DAYS_OVER: Final = 15
_MONTHS: Final = 12


class FigureLike(Protocol):
    """A figure, as drafted or as frozen."""

    @property
    def key(self) -> str: ...  # noqa: D102 - the fields of ``ReviewFigure``
    @property
    def group(self) -> str: ...  # noqa: D102
    @property
    def label(self) -> str: ...  # noqa: D102
    @property
    def numerator(self) -> Decimal | None: ...  # noqa: D102
    @property
    def denominator(self) -> Decimal | None: ...  # noqa: D102
    @property
    def value(self) -> Decimal | None: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def note(self) -> str: ...  # noqa: D102
    @property
    def source(self) -> str: ...  # noqa: D102
    @property
    def url(self) -> str: ...  # noqa: D102
    @property
    def formula(self) -> str: ...  # noqa: D102
    @property
    def counted_at(self) -> dt.datetime: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class NewFigure:
    """A figure that is to be frozen; fields as in ``ReviewFigure``. ``value`` None: nobody can tell it."""

    key: str
    group: str
    label: str
    unit: str
    source: str
    counted_at: dt.datetime
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    note: str = ""
    url: str = ""
    formula: str = ""

    def with_note(self, more: str) -> NewFigure:
        """Return the figure with a sentence more."""
        return replace(self, note=f"{self.note} {more}".strip()) if more else self


def share(part: Decimal | int | None, whole: Decimal | int | None) -> Decimal | None:
    """Return a percentage to four places; None where there is nothing to divide by."""
    if part is None or not whole:
        return None
    return (_HUNDRED * Decimal(part) / Decimal(whole)).quantize(_KEPT, ROUND_HALF_UP)


def figure_text(value: Decimal | None, unit: str, places: int = 1) -> str:
    """Return 93,8 % or 1.605; "chưa có số" for nothing. What is not the whole is never rounded up to the whole."""
    if value is None:
        return "chưa có số"
    if unit != PERCENT:
        return plain_text(value)
    rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if value < _HUNDRED <= rounded:
        rounded = value.quantize(Decimal("0.01"), ROUND_DOWN)
    return f"{plain_text(rounded)} %"


def plain_text(value: Decimal | None) -> str:
    """Return 1.605 or 38,94; "không ghi" where the source gives no number."""
    if value is None:
        return "không ghi"
    whole, _dot, rest = f"{abs(value):f}".partition(".")
    rest = rest.rstrip("0")
    sign = "−" if value < 0 else ""
    return f"{sign}{number(int(whole))}{',' + rest if rest else ''}"


def canonical(figures: Iterable[FigureLike]) -> str:
    """Return the figures in the one form that is hashed: a JSON list in their order, keys sorted, no spaces.

    Numbers are texts of four places, moments are in UTC.
    """
    return json.dumps(
        [written(one) for one in figures], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


def written(one: FigureLike) -> dict[str, Any]:
    """Return one figure as it is hashed."""
    return {
        "key": one.key,
        "group": one.group,
        "label": one.label,
        "numerator": _number(one.numerator),
        "denominator": _number(one.denominator),
        "value": _number(one.value),
        "unit": one.unit,
        "note": one.note,
        "source": one.source,
        "url": one.url,
        "formula": one.formula,
        "counted_at": one.counted_at.astimezone(dt.UTC).isoformat(),
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.quantize(_KEPT):f}"


def hash_of(figures: Iterable[FigureLike]) -> str:
    """Return the SHA-256 of the figures in their canonical form."""
    return sha256(canonical(figures).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that would be another now. ``frozen`` None: it was not there; ``live`` None: it is no longer there."""

    key: str
    label: str
    frozen: FigureLike | None
    live: FigureLike | None


def moved(frozen: Sequence[FigureLike], live: Sequence[FigureLike]) -> tuple[Moved, ...]:
    """Return the figures whose numbers would be others now, in their frozen order, new ones at the end."""
    now = {one.key: one for one in live}
    then = {one.key: one for one in frozen}
    gone = [
        Moved(one.key, one.label, one, now.get(one.key))
        for one in frozen
        if one.key not in now or _numbers(one) != _numbers(now[one.key])
    ]
    come = [Moved(one.key, one.label, None, one) for one in live if one.key not in then]
    return (*gone, *come)


def _numbers(one: FigureLike) -> tuple[str | None, ...]:
    return _number(one.numerator), _number(one.denominator), _number(one.value)


def whole_months(first: dt.date, last: dt.date) -> int:
    """Return how many whole months from the first of January a period has; 0: it is not called by months."""
    if (first.month, first.day) != (1, 1) or first.year != last.year:
        return 0
    after = last + dt.timedelta(days=1)
    months = _MONTHS if after.year > last.year else after.month - 1
    begun = dt.date(last.year, months + 1, 1) if months < _MONTHS else after
    return months if (last - begun).days < _DAYS_OVER else 0


def period_words(first: dt.date, last: dt.date) -> str:
    """Return "bốn tháng đầu năm 2022", "năm 2022", or the two days."""
    months = whole_months(first, last)
    if months == _MONTHS:
        return f"năm {first.year}"
    if months:
        return f"{spelled(months)} tháng đầu năm {first.year}"
    return f"từ {date_text(first)} đến {date_text(last)}"


def short_period(first: dt.date, last: dt.date) -> str:
    """Return the period as a headline begins: "Bốn tháng", "Năm 2022", or the two days."""
    months = whole_months(first, last)
    if 0 < months < _MONTHS:
        return f"{spelled(months)} tháng".capitalize()
    words = period_words(first, last)
    return words[0].upper() + words[1:]


def usual_title(first: dt.date, last: dt.date) -> str:
    """Return what a review of a period is called: a whole year is summed up (tổng kết), a part is reviewed (sơ kết)."""
    kind = "Tổng kết" if whole_months(first, last) == _MONTHS else "Sơ kết"
    return f"{kind} {period_words(first, last)}"


def headline(first: dt.date, last: dt.date, figures: Mapping[str, FigureLike]) -> str:
    """Return the finding: how many targets keep up, how many tasks are late; from the frozen figures alone."""
    found = []
    targets, late = figures.get("targets_on_track"), figures.get("tasks_overdue")
    if targets and targets.numerator is not None and targets.denominator:
        found.append(
            f"{plain_text(targets.numerator)} trên {plain_text(targets.denominator)} chỉ tiêu kịp tiến độ"
        )
    if late and late.numerator is not None and late.denominator:
        n = late.numerator
        found.append(f"{plain_text(n)} nhiệm vụ trễ" if n else "không nhiệm vụ nào trễ")
    short = short_period(first, last)
    return f"{short}: {', '.join(found)}" if found else f"{short}: chưa có chỉ tiêu và nhiệm vụ để xét"
