"""Forget what was sent long ago."""

import datetime as dt

from django.db import transaction

from tinhso.messages.models import Outgoing
from tinhso.messages.rules import KEPT


@transaction.atomic
def forget_sent(*, at: dt.datetime) -> int:
    """Delete letters and SMS sent more than 90 days ago, with their addresses; return how many.

    The in-box keeps the notice, so nothing is lost to the person.
    """
    return Outgoing.objects.filter(sent_at__lt=at - KEPT).delete()[0]
