"""Write a calendar file (RFC 5545) of due days: one all-day event for each."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: RFC 5545, 3.1: no line is longer than 75 octets, the break not counted.
LONGEST_LINE: Final = 75
_PRODUCT: Final = "-//Tinh So//Ban Chi dao chuyen doi so//VI"
_ONE_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DueDay:
    """One due day: ``uid`` stays the same whenever the file is made again, so that calendars replace and do not add.

    ``changed_at`` and ``sequence``: when it was last changed, and how often its day was moved. ``is_cancelled``: it is
    struck from calendars that took it.
    """

    uid: str
    day: dt.date
    title: str
    details: str = ""
    url: str = ""
    labels: Sequence[str] = ()
    changed_at: dt.datetime | None = None
    sequence: int = 0
    is_cancelled: bool = False


def calendar_file(name: str, days: Iterable[DueDay], *, at: dt.datetime) -> bytes:
    """Return the file: UTF-8, lines folded at 75 octets and ended by CR LF, METHOD PUBLISH.

    ``at`` (aware) is the moment of writing. An event covers its whole day (DTSTART and DTEND as DATE, the end not
    included) and leaves people free (TRANSPARENT).
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for one in days:
        lines += _event(one, at)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) + "\r\n" for line in lines).encode()


def _event(one: DueDay, at: dt.datetime) -> list[str]:
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(one.uid)}",
        f"DTSTAMP:{_moment(at)}",
        f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.day + _ONE_DAY:%Y%m%d}",
        f"SUMMARY:{escaped(one.title)}",
    ]
    if one.details:
        lines.append(f"DESCRIPTION:{escaped(one.details)}")
    if one.url:
        lines.append(f"URL:{_plain(one.url)}")
    if one.labels:
        lines.append("CATEGORIES:" + ",".join(escaped(label) for label in one.labels))
    if one.changed_at:
        lines.append(f"LAST-MODIFIED:{_moment(one.changed_at)}")
    lines += [
        f"SEQUENCE:{one.sequence}",
        "TRANSP:TRANSPARENT",
        f"STATUS:{'CANCELLED' if one.is_cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]
    return lines


def escaped(text: str) -> str:
    """Return a TEXT value (RFC 5545, 3.3.11): backslash, semicolon, comma and line ends escaped, no control signs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\\n".join(
        _plain(line).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,") for line in lines
    )


def folded(line: str) -> str:
    """Return a content line in pieces of at most 75 octets; each but the first begins with a space.

    A letter of several octets is never cut.
    """
    pieces: list[str] = []
    piece, octets = "", 0
    for letter in line:
        width = len(letter.encode())
        if octets + width > LONGEST_LINE:
            pieces.append(piece)
            piece, octets = " ", 1
        piece += letter
        octets += width
    return "\r\n".join([*pieces, piece])


def _plain(text: str) -> str:
    """Return the text without control signs, which no content line may hold."""
    return "".join(
        " " if sign == "\t" else sign for sign in text if sign == "\t" or unicodedata.category(sign) != "Cc"
    )


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
