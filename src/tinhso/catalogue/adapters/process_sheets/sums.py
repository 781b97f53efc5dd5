"""Put the times of a table into its columns, and hold their sums against the limits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from math import comb, prod
from typing import Final

from tinhso.catalogue.adapters.process_sheets.shape import Column, Length, Step

_MOST_WAYS: Final = 20_000
Placed = tuple[Length | None, ...]


def assigned(given: Sequence[Sequence[Length]], limits: Sequence[Length | None]) -> tuple[list[Placed], str]:
    """Return one length or None for each column and row, and why a person must look, or blank.

    A row with as many times as columns is plain. Where cells are merged a row has fewer: then they are placed only if
    exactly one way makes every sum equal its limit, or, failing that, keeps every sum within its limit.
    """
    width = len(limits)
    unplaced: list[Placed] = [tuple(row) if len(row) == width else (None,) * width for row in given]
    if any(len(row) > width for row in given):
        return unplaced, "Có bước ghi nhiều thời gian hơn số cột."
    if all(len(row) in (0, width) for row in given):
        return unplaced, ""
    ways = prod(comb(width, len(row)) for row in given)
    if ways > _MOST_WAYS:
        return unplaced, "Ô thời gian gộp, chưa rõ thuộc cột nào."
    exact, within = [], []
    for way in _ways(given, width):
        sums = [sum((r[n].hours or Decimal(0) for r in way if r[n]), Decimal(0)) for n in range(width)]  # type: ignore[union-attr]
        bounds = [limit.hours if limit else None for limit in limits]
        if all(bound is None or total == bound for total, bound in zip(sums, bounds, strict=True)):
            exact.append(way)
        elif all(bound is None or total <= bound for total, bound in zip(sums, bounds, strict=True)):
            within.append(way)
    fitting = exact if exact and None not in limits else [*exact, *within]
    if len(fitting) == 1:
        return fitting[0], "Ô thời gian gộp; cột được suy từ tổng với thời hạn, cần người xem lại."
    return unplaced, "Ô thời gian gộp, chưa rõ thuộc cột nào."


def _ways(given: Sequence[Sequence[Length]], width: int) -> Iterator[list[Placed]]:
    if not given:
        yield []
        return
    first, rest = given[0], given[1:]
    for places in combinations(range(width), len(first)):
        row = tuple(first[places.index(n)] if n in places else None for n in range(width))
        for others in _ways(rest, width):
            yield [row, *others]


def columns_of(
    names: Sequence[str], limits: Sequence[Length | None], steps: Sequence[Step]
) -> tuple[Column, ...]:
    """Return the columns with their sums and whether they fit."""
    return tuple(
        _column(n, name, limit, steps) for n, (name, limit) in enumerate(zip(names, limits, strict=True))
    )


def _column(n: int, name: str, limit: Length | None, steps: Sequence[Step]) -> Column:
    times = [step.times[n] for step in steps]
    known = [length.hours for length in times if length and length.hours is not None]
    total = sum(known, Decimal(0)) if known else None
    most = limit.hours if limit else None
    unread = any(step.time_text and step.times[n] is None and len(step.times) == 1 for step in steps) or any(
        length is not None and length.hours is None for length in times
    )
    if total is None:
        return Column(name, limit, None, "unknown", "Không bước nào có thời gian đọc được.")
    if any(step.part > 1 for step in steps):
        return Column(name, limit, total, "unknown", "Có nhánh, không cộng thành một tổng được.")
    if unread:
        return Column(name, limit, total, "unknown", "Có thời gian chưa đọc được, tổng chưa đủ.")
    if most is None:
        return Column(name, limit, total, "unknown", "Không rõ thời hạn để so.")
    if total > most:
        over = _days(total - most)
        return Column(
            name,
            limit,
            total,
            "too_long",
            f"Các bước cộng {_days(total)}, thời hạn {_days(most)}: quá {over}.",
        )
    if total == most:
        return Column(name, limit, total, "exact", "")
    if len(known) < len(steps):
        return Column(name, limit, total, "unknown", "Có bước không ghi thời gian, tổng chưa bằng thời hạn.")
    return Column(name, limit, total, "shorter", f"Còn dư {_days(most - total)} so với thời hạn.")


def _days(hours: Decimal) -> str:
    value = (hours / 8).quantize(Decimal("0.01")).normalize()
    return f"{value:f} ngày".replace(".", ",")


def covered(steps: Sequence[Step], columns: Sequence[Column]) -> tuple[Step, ...]:
    """Return the steps with ``covers``: where the given times already make the limit, blank cells are merged above."""
    if not columns or columns[0].fit != "exact":
        return tuple(steps)
    found = list(steps)
    holder: int | None = None
    for n, step in enumerate(steps):
        if step.times[0] is not None:
            holder = n
        elif holder is not None:
            found[holder] = replace(found[holder], covers=(*found[holder].covers, step.order))
    return tuple(found)
