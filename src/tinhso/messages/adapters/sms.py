"""Hand SMS to an operator. Each operator has its own door, so a province brings its own class."""

from collections import deque
from typing import Protocol


class SmsNotSent(Exception):
    """The operator did not take the message; the text says why, without the number."""


class Sms(Protocol):
    """Somebody who takes SMS."""

    def send(self, *, to: str, text: str, reference: str) -> None:
        """Hand over one SMS for +84…; ``reference`` is the same at every attempt. Raises ``SmsNotSent``."""


class NullSms:
    """Take SMS and send none; the last hundred can be looked at."""

    def __init__(self) -> None:
        """Begin empty."""
        self.kept: deque[tuple[str, str]] = deque(maxlen=100)

    def send(self, *, to: str, text: str, reference: str) -> None:
        """Keep the SMS."""
        self.kept.append((to, text))


class _Office:
    sms: Sms = NullSms()


def use(sms: Sms) -> None:
    """Send through this operator from now on."""
    _Office.sms = sms


def office() -> Sms:
    """Return who takes SMS."""
    return _Office.sms
