"""Decide what a message may say and when it is tried again: values in, values out."""

import datetime as dt
import re
from typing import Final

from tinhso.toolkit.text import tidy

MAX_ATTEMPTS: Final = 5
#: How long after each failed attempt the next is due.
_PAUSES: Final = tuple(dt.timedelta(minutes=m) for m in (1, 5, 30, 120))
#: Three parts of an SMS with Vietnamese letters: 67 letters each.
MAX_SMS: Final = 201
#: How long what was sent is kept, with its address, before it is forgotten.
KEPT: Final = dt.timedelta(days=90)

_LINK: Final = re.compile(
    r"(?i)(?:[a-z][a-z0-9+.-]*:)?//\S|\bwww\.\S|(?<![\w@])(?:[\w-]+\.)+(?:vn|com|net|org|info|gov|edu|io|me|ly|app|top|xyz)\b"
)
_SENTENCE: Final = re.compile(r"(?<=[.!?…])\s+|\n+")
_PHONE: Final = re.compile(r"(?:\+?84|0)(\d{9})")
_MAIL: Final = re.compile(r"[^\s@<>\"',;:\\]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")


def has_link(text: str) -> bool:
    """Say whether the text names a place on the web."""
    return _LINK.search(text) is not None


def sms_text(title: str, body: str) -> str:
    """Return what an SMS says: title and body without any sentence that carries a link, at most three parts.

    People are told never to follow a link in an SMS from the State; so ours never carry one.
    """
    sentences = [tidy(part) for part in _SENTENCE.split(f"{title.rstrip('.!?… ')}.\n{body}")]
    told = " ".join(part for part in sentences if part and not has_link(part))
    if len(told) <= MAX_SMS:
        return told
    return told[: MAX_SMS - 1].rpartition(" ")[0].rstrip(" .,;:") + "…"


def phone_number(text: str) -> str | None:
    """Return a Vietnamese number as +84912345678, or None when it is none."""
    found = _PHONE.fullmatch(re.sub(r"[\s.()-]", "", text))
    return f"+84{found[1]}" if found else None


def mail_address(text: str) -> str | None:
    """Return the address without spaces around it, or None when no letter could reach it."""
    plain = text.strip()
    return plain if len(plain) <= 254 and _MAIL.fullmatch(plain) else None


def next_try(attempts: int, at: dt.datetime) -> dt.datetime:
    """Return when to try again after so many failed attempts (at least one)."""
    return at + _PAUSES[min(attempts, len(_PAUSES)) - 1]


def is_own_path(link: str) -> bool:
    """Say whether the link stays on this site: ``/ho-so/…``, never ``//elsewhere`` or ``https:…``."""
    return (
        link.startswith("/")
        and not link.startswith(("//", "/\\"))
        and not re.search(r"[\s\\\x00-\x1f]", link)
    )
