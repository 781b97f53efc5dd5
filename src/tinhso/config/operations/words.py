"""Write numbers of machines as people read them: sizes, spans of time, shares."""

from __future__ import annotations

from tinhso.toolkit.words import number

_UNITS = ("B", "KB", "MB", "GB", "TB")


def decimal(value: float, places: int = 1) -> str:
    """Return 1.234,5."""
    whole, _, rest = f"{value:.{places}f}".partition(".")
    sign = "-" if whole.startswith("-") else ""
    return sign + number(abs(int(whole))) + (f",{rest}" if rest.strip("0") else "")


def size(count: float) -> str:
    """Return 38,2 GB."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{decimal(count, 1 if unit else 0)} {_UNITS[unit]}"


def percent(value: float) -> str:
    """Return 71 %, or 0,4 % below ten."""
    return f"{decimal(value, 1 if value < 10 else 0)} %"


def span(seconds: float) -> str:
    """Return 0,3 giây, 12 giây, 4 phút, 3 giờ or 12 ngày."""
    if seconds < 10:
        return f"{decimal(seconds, 2 if seconds < 1 else 1)} giây"
    for unit, word in ((86_400, "ngày"), (3_600, "giờ"), (60, "phút")):
        if seconds >= 2 * unit or (unit == 60 and seconds >= 120):
            return f"{number(int(seconds // unit))} {word}"
    return f"{number(int(seconds))} giây"
