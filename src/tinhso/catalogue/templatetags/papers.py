"""Write names on statutory papers as the law sets them."""

from __future__ import annotations

import datetime as dt
import re

from django import template

register = template.Library()

_PLACE = re.compile(r" (?=(?:tỉnh|thành phố|thị xã|huyện|quận|xã|phường|thị trấn) )")


@register.filter
def whole_place(name: str) -> str:
    """Keep the place at the end of an office's name on one line: it breaks before "huyện Hải Hậu", not within."""
    office, *place = _PLACE.split(name)
    return " ".join([office, *(part.replace(" ", "\N{NO-BREAK SPACE}") for part in place)])


@register.filter
def month_number(day: dt.date) -> str:
    """Write the month: only January and February take a nought (Decree 30/2020/NĐ-CP, annex I)."""
    return f"{day.month:02}" if day.month < 3 else str(day.month)
