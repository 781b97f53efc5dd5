"""Send what waits to leave the house."""

import datetime as dt

from django.db import transaction

from tinhso.messages.adapters import mail, sms
from tinhso.messages.models import Channel, Outgoing
from tinhso.messages.rules import next_try


def send_waiting(*, at: dt.datetime, limit: int = 50) -> int:
    """Try what is due, at most ``limit``, each in a transaction of its own; return how many left.

    A crash between the server's yes and our commit sends a letter again, under the same reference, by which
    a server may know it. After five failures a message is given up and shown to whoever looks after the post.
    """
    left = 0
    for _ in range(limit):
        sent = _send_one(at)
        if sent is None:
            break
        left += sent
    return left


@transaction.atomic
def _send_one(at: dt.datetime) -> bool | None:
    """Try the next message that nobody else is trying: True sent, False failed, None when nothing is due."""
    message = Outgoing.objects.due(at).select_for_update(skip_locked=True).first()
    if message is None:
        return None
    try:
        _hand_over(message)
    except (mail.MailNotSent, sms.SmsNotSent) as error:
        message.attempts += 1
        message.try_after = next_try(message.attempts, at)
        message.last_error = str(error)[:300]
    else:
        message.sent_at = at
        message.last_error = ""
    message.save(update_fields=["attempts", "try_after", "last_error", "sent_at"])
    return message.sent_at is not None


def _hand_over(message: Outgoing) -> None:
    reference = f"tinhso-{message.pk}"
    if message.channel == Channel.EMAIL:
        mail.office().send(
            to=message.address, subject=message.subject, text=message.text, reference=reference
        )
    else:
        sms.office().send(to=message.address, text=message.text, reference=reference)
