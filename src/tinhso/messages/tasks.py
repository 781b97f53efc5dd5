"""Do what the clock asks for."""

from tinhso.journal.api import every
from tinhso.messages.services.forget_sent import forget_sent
from tinhso.messages.services.send_waiting import send_waiting
from tinhso.toolkit import clock


@every(5, "messages.send_waiting")
def send() -> None:
    """Send what waits."""
    send_waiting(at=clock.now())


@every(6 * 60 * 60, "messages.forget_sent")
def forget() -> None:
    """Forget what was sent long ago."""
    forget_sent(at=clock.now())
