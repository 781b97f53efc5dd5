"""Free periods: between which days a figure may be told to the public. Pure.

Two periods that differ by one day tell that day. So a period may begin and end only where every stretch between two
such places is 0 or large in every measure told there: any difference of two periods is then made of whole stretches.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tinhso.measures.rules import last_day_of, month_after


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both within."""

    first: dt.date
    last: dt.date


def stretches(days: Mapping[dt.date, Mapping[str, int]], span: Span, threshold: int) -> list[Span]:
    """Cut a period into the shortest stretches whose every measure is 0 or at least the threshold.

    ``days`` gives all measures that are told together. Months stay whole: no stretch crosses the end of one, and a
    month that is small itself is one stretch, which `cells` then holds back. Once cut, keep the stretches of a closed month: a
    later recount that cuts anew would tell the difference.
    """
    found: list[Span] = []
    for month in months(span):
        found += _of_month(days, month, threshold)
    return found


def months(span: Span) -> list[Span]:
    """Return the months of a period, the first and last as far as they belong to it."""
    found = []
    first = span.first
    while first <= span.last:
        found.append(Span(first, min(last_day_of(first), span.last)))
        first = month_after(first)
    return found


def _of_month(days: Mapping[dt.date, Mapping[str, int]], month: Span, threshold: int) -> list[Span]:
    found: list[tuple[Span, dict[str, int]]] = []
    first, sums = month.first, dict[str, int]()
    for turn in range((month.last - month.first).days + 1):
        day = month.first + dt.timedelta(days=turn)
        _add(sums, days.get(day, {}))
        if not _is_small(sums, threshold):
            found.append((Span(first, day), sums))
            first, sums = day + dt.timedelta(days=1), {}
    if first <= month.last:
        while found and _is_small(sums, threshold):
            span, before = found.pop()
            first = span.first
            _add(sums, before)
        found.append((Span(first, month.last), sums))
    return [span for span, _ in found]


def _add(sums: dict[str, int], more: Mapping[str, int]) -> None:
    for measure, n in more.items():
        sums[measure] = sums.get(measure, 0) + n


def _is_small(sums: Mapping[str, int], threshold: int) -> bool:
    return any(0 < n < threshold for n in sums.values())


def nearest(pieces: Iterable[Span], asked: Span) -> Span | None:
    """Return the longest period inside the one asked for that may be told: what a page offers instead."""
    within = [piece for piece in pieces if asked.first <= piece.first and piece.last <= asked.last]
    return Span(within[0].first, within[-1].last) if within else None
