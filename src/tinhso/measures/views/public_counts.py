"""The counts that a page of figures works with: officers' exact ones of any days, for everybody else what editions tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import reduce
from typing import Any

from django.utils.translation import gettext as _

from tinhso.catalogue.api import Procedure
from tinhso.measures.queries.editions import (
    COLUMNS,
    SILENCE,
    Known,
    known,
    known_districts,
    nothing,
    table_of,
)
from tinhso.measures.queries.figures import EVERY_CASE, By, Tally, tallies, tally
from tinhso.measures.queries.places import by_district, now_on
from tinhso.measures.views.asked import Asked
from tinhso.measures.views.lines import PARTS, ROUGHLY, TIMES, TOLD_PARTS, TOLD_TIMES

Span = tuple[dt.date, dt.date]
Counts = dict[Any, Any]


def whole_of(want: Asked, span: Span, **part: Any) -> Tally | Known:
    """Return the counts of a part, or without one of the province, over the days told."""
    if want.is_told_all:
        return tally(*span, want.wanted(**part))
    wanted = want.wanted(**part)
    found = known(want.months, By.NOTHING, wanted)
    table = table_of(By.NOTHING, wanted)
    if found is None or table is None:
        return SILENCE
    return next(iter(found.values()), nothing(table))


def counts_of(want: Asked, span: Span, by: By, **part: Any) -> Counts | None:
    """Return the counts of each part; None: they are not told so finely."""
    wanted = want.wanted(**part)
    if want.is_told_all:
        found: Counts | None = tallies(*span, by, wanted)
    elif (
        by is By.PROCEDURE and wanted.field_id is not None and not wanted.channel and wanted.office_id is None
    ):
        codes = frozenset(Procedure.objects.filter(field=wanted.field_id).values_list("code", flat=True))
        every = known(want.months, by, want.wanted(field_id=None)) or {}
        found = {code: one for code, one in every.items() if code in codes}
    else:
        found = known(want.months, by, wanted)
    if found is not None and by is By.OFFICE and want.by_now:
        found = now_on(want.today).restate(found)
    return found


def districts_of_counts(want: Asked, offices: Counts) -> Mapping[int | None, Any]:
    """Return the counts of each district, by those of its offices; None: the offices of the province."""
    return by_district(offices) if want.is_told_all else known_districts(want.months)


def months_of(want: Asked, span: Span, **part: Any) -> Counts:
    """Return the counts of a part by month; of the whole province from its days, of a part as the editions tell it."""
    wanted = want.wanted(**part)
    table = table_of(By.MONTH, wanted)
    if want.is_told_all or not (part or wanted.field_id or wanted.channel):
        return dict(tallies(*span, By.MONTH, wanted))
    found = known(want.months, By.MONTH, wanted) or {}
    silent = SILENCE if table is None else nothing(table)
    return {one.month: found.get(one.month, silent) for one in want.months}


def away_of(want: Asked) -> dict[dt.date, frozenset[str]]:
    """Return which numbers of the whole province stay away in each closed month: only in one with very few cases."""
    if want.is_told_all:
        return {}
    every = known(want.months, By.MONTH, EVERY_CASE) or {}
    names = (*COLUMNS, "num", "den", "bad")
    return {
        month: frozenset(name for name in names if one.number(name) is None) for month, one in every.items()
    }


def together(every: list[Any]) -> Any:
    """Return counts of several parts as one."""
    return reduce(lambda one, other: one.plus(other), every)


def is_rough(want: Asked, **part: Any) -> bool:
    """Say whether a part is told only roughly: what was received and given back, as of a procedure or field."""
    wanted = want.wanted(**part)
    return not want.is_told_all and (bool(wanted.procedure_code) or wanted.field_id is not None)


def rough_words() -> str:
    """Say why no lateness is told of a procedure or field."""
    return _(
        "Trễ hay đúng hạn nêu theo cơ quan, kênh nộp và cả tỉnh. Tách theo thủ tục, lĩnh vực thì hầu hết là số nhỏ nên không nêu."
    )


def parts_words(want: Asked) -> str:
    """Say how strangers are told rates of parts."""
    if want.is_told_all:
        return ""
    return _("Ở từng nơi, trễ tính trong số đã trả kết quả; hồ sơ quá hạn chưa xong nêu riêng.")


def columns_of_parts(want: Asked, **part: Any) -> tuple[str, ...]:
    """Return the columns of a table of offices, or of what a part is made of."""
    if want.is_told_all:
        return PARTS
    return ROUGHLY if is_rough(want, **part) else TOLD_PARTS


def columns_of_months(want: Asked, **part: Any) -> tuple[str, ...]:
    """Return the columns of the months of a part, without one of the whole province."""
    wanted = want.wanted(**part)
    if want.is_told_all or not (part or wanted.field_id or wanted.channel):
        return TIMES
    return ROUGHLY if is_rough(want, **part) else TOLD_TIMES


def not_divided() -> str:
    """Say that a number is told of nobody's smaller parts."""
    return _("Số của từng phần không chia nhỏ thêm như vậy, để không lộ số nhỏ")
