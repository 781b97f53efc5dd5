"""Note that a person read a notice."""

import datetime as dt

from django.db import transaction

from tinhso.messages.models import Notice


class NoticeNotThere(Exception):
    """No such notice, or another person's: the two look the same."""


@transaction.atomic
def mark_read(recipient_id: int, notice_id: int, *, at: dt.datetime) -> Notice:
    """Note when the person first read the notice; reading again changes nothing.

    Raises ``NoticeNotThere``.
    """
    notice = Notice.objects.select_for_update().filter(recipient_id=recipient_id, pk=notice_id).first()
    if notice is None:
        raise NoticeNotThere
    if notice.read_at is None:
        notice.read_at = max(at, notice.created_at)
        notice.save(update_fields=["read_at"])
    return notice


@transaction.atomic
def mark_all_read(recipient_id: int, *, up_to: int, at: dt.datetime) -> int:
    """Note that everything up to ``up_to``, the newest notice shown, was read; return how many."""
    rows = Notice.objects.filter(recipient_id=recipient_id, pk__lte=up_to, created_at__lte=at)
    return rows.unread().update(read_at=at)
