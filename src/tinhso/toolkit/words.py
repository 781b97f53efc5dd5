"""Dates, moments, money and numbers as Vietnamese people write and say them."""

from __future__ import annotations

import datetime as dt
import re

_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_SHORT_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", " nghìn", " triệu", " tỷ")


def date_text(day: dt.date) -> str:
    """Return 16/05/2022."""
    return f"{day:%d/%m/%Y}"


def day_of(text: str) -> dt.date | None:
    """Return the day that was typed as 24/05/2022, or None."""
    found = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", text, re.ASCII)
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def weekday(day: dt.date) -> str:
    """Return thứ Hai."""
    return _WEEKDAYS[day.weekday()]


def short_weekday(day: dt.date) -> str:
    """Return T2."""
    return _SHORT_WEEKDAYS[day.weekday()]


def weekday_date(day: dt.date) -> str:
    """Return thứ Hai, 16/05/2022."""
    return f"{weekday(day)}, {date_text(day)}"


def clock_text(moment: dt.datetime | dt.time) -> str:
    """Return 14 giờ 52, or 15 giờ on the hour."""
    return f"{moment.hour} giờ" + (f" {moment.minute:02d}" if moment.minute else "")


def moment_text(moment: dt.datetime) -> str:
    """Return 14 giờ 52, 27/04/2022."""
    return f"{clock_text(moment)}, {date_text(moment.date())}"


def number(value: int) -> str:
    """Return 1.605."""
    return f"{value:,}".replace(",", ".")


def money(vnd: int) -> str:
    """Return 28.000 đ."""
    return f"{number(vnd)} đ"


def percent(part: int, whole: int, places: int = 2) -> str:
    """Return 96,41 %, or a dash where there is nothing to divide by."""
    if whole == 0:
        return "–"
    return f"{100 * part / whole:.{places}f}".replace(".", ",") + " %"


def spelled(value: int) -> str:
    """Return a whole number in words: 105 → một trăm linh năm. Raises ``ValueError`` from 10^12 on."""
    if value == 0:
        return _DIGITS[0]
    if not 0 < value < 10**12:
        msg = "only whole numbers from 0 to below 10^12 are spelled"
        raise ValueError(msg)
    groups: list[int] = []
    while value:
        value, rest = divmod(value, 1000)
        groups.append(rest)
    words = [
        _spelled_group(group, leads=place == len(groups) - 1) + _GROUPS[place]
        for place, group in reversed(list(enumerate(groups)))
        if group
    ]
    return " ".join(words)


def spelled_date(day: dt.date) -> str:
    """Return ngày mười tháng năm năm hai nghìn không trăm hai mươi hai."""
    return f"ngày {spelled(day.day)} tháng {spelled(day.month)} năm {spelled_year(day.year)}"


def spelled_year(year: int) -> str:
    """Return 2022 as hai nghìn không trăm hai mươi hai."""
    return spelled(year)


def _spelled_group(value: int, *, leads: bool) -> str:
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    words: list[str] = []
    if hundreds or not leads:
        words += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if ones:
            words += ["linh"] if words else []
            words.append(_DIGITS[ones])
        return " ".join(words)
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if ones:
        last = _DIGITS[ones]
        if ones == 1 and tens > 1:
            last = "mốt"
        elif ones == 5:
            last = "lăm"
        elif ones == 4 and tens > 1:
            last = "tư"
        words.append(last)
    return " ".join(words)
