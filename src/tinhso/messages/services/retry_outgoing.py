"""Send again what was given up."""

import datetime as dt

from django.db import transaction

from tinhso.journal.api import HasRef, announce
from tinhso.messages.events import OutgoingRetried
from tinhso.messages.models import Outgoing
from tinhso.messages.rules import mail_address, phone_number


class OutgoingNotGivenUp(LookupError):
    """No such letter or SMS, or it left, or it is still tried by itself."""


class AddressReachesNobody(ValueError):
    """The address is written wrongly: sending again would not help."""


@transaction.atomic
def retry_outgoing(outgoing_id: int, *, by: HasRef, at: dt.datetime, reason: str) -> Outgoing:
    """Let a letter or SMS that was given up be tried at once, with all its tries before it.

    Whoever calls has asked whether ``by`` may. Raises ``OutgoingNotGivenUp``, ``AddressReachesNobody``.
    """
    rows = Outgoing.objects.given_up().select_for_update()
    message = rows.filter(pk=outgoing_id).first()
    if message is None:
        raise OutgoingNotGivenUp(outgoing_id)
    if not (mail_address(message.address) or phone_number(message.address)):
        raise AddressReachesNobody(outgoing_id)
    message.attempts, message.try_after, message.last_error = 0, at, ""
    message.save(update_fields=["attempts", "try_after", "last_error"])
    event = OutgoingRetried(message.pk, message.channel, reason)
    announce(event, about=f"outgoing:{message.pk}", by=by, at=at)
    return message
