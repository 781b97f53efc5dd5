"""What comes from the pages of the measures: days, months, filters, a target as typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from tinhso.measures.queries.uptake import Wanted
from tinhso.measures.services.set_target import Aim, Decision
from tinhso.toolkit.text import tidy, visible

#: Nothing is counted before this year.
FIRST_YEAR = 2021
_LONGEST = 200


def said(data: Mapping[str, str], name: str) -> str:
    """Return what was typed, tidy and of bearable length."""
    return tidy(visible(data.get(name, "")))[:_LONGEST]


def day_of(text: str) -> dt.date | None:
    """Return the day that was typed as 24/05/2022, or None."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def month_of(text: str) -> dt.date | None:
    """Return the first day of the month that was typed as 05/2022, or None."""
    return day_of(f"1/{text}")


@dataclass(frozen=True, slots=True)
class Period:
    """The days asked for; ``error`` is a sentence about what was typed, and then the days are the usual ones."""

    first: dt.date
    last: dt.date
    error: str = ""


def period_of(data: Mapping[str, str], usual: dt.date, today: dt.date) -> Period:
    """Return the period that was typed, from ``usual`` to today where nothing was."""
    typed = [said(data, name) for name in ("tu", "den")]
    days = [day_of(text) if text else one for text, one in zip(typed, (usual, today), strict=True)]
    first, last = days
    if first is None or last is None:
        return Period(usual, today, _("Viết ngày như 01/03/2022."))
    if not first <= last <= today or first.year < FIRST_YEAR:
        return Period(usual, today, _("Chọn từ ngày đứng trước đến ngày, không quá hôm nay."))
    return Period(first, last)


def wanted_of(data: Mapping[str, str]) -> Wanted:
    """Return the filters of the uptake page."""
    return Wanted(said(data, "cap"), said(data, "linh-vuc"), said(data, "co-quan"))


def decision_of(data: Mapping[str, str]) -> tuple[Decision | None, dict[str, str]]:
    """Read number and day of a document; None and the sentences where something is wrong."""
    number, signed = said(data, "number"), day_of(said(data, "date"))
    wrong = {}
    if not number:
        wrong["number"] = _("Ghi số văn bản, ví dụ 45/KH-UBND.")
    if signed is None:
        wrong["date"] = _("Ghi ngày ký văn bản, ví dụ 04/05/2022.")
    return (Decision(number, signed) if number and signed else None), wrong


def aim_of(data: Mapping[str, str], offices: frozenset[str]) -> tuple[Aim | None, dict[str, str]]:
    """Read the key and the numbers of a target; None and the sentences where something is wrong."""
    wrong = {}
    month = month_of(said(data, "month"))
    if month is None or month.year < FIRST_YEAR:
        wrong["month"] = _("Ghi tháng và năm, ví dụ 05/2022.")
    office = said(data, "office")
    if office and office not in offices:
        wrong["office"] = _("Chọn một cơ quan trong danh sách, hoặc cả tỉnh.")
    count, share = said(data, "count").replace(".", ""), said(data, "share").replace(",", ".").rstrip("% ")
    if count and not re.fullmatch(r"\d{1,7}", count, re.ASCII):
        wrong["count"] = _("Ghi số hồ sơ bằng chữ số, ví dụ 1.200.")
    if share and not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", share, re.ASCII):
        wrong["share"] = _("Ghi tỷ lệ bằng chữ số, ví dụ 35 hoặc 35,5.")
    if not count and not share:
        wrong["count"] = _("Ghi số hồ sơ, tỷ lệ, hoặc cả hai.")
    if wrong or month is None:
        return None, wrong
    return Aim(
        month,
        int(office) if office else None,
        said(data, "code")[:20],
        int(count) if count else None,
        Decimal(share) if share else None,
    ), {}


def numbers_of(text: str) -> tuple[int, ...]:
    """Return the row numbers that a hidden box carries, parted by dots; what is none is left out."""
    return tuple(int(part) for part in text[:20_000].split(".") if re.fullmatch(r"\d{1,15}", part, re.ASCII))
