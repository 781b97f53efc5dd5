"""The tables of what people are told."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q

from tinhso.messages.rules import MAX_ATTEMPTS


class Channel(models.TextChoices):
    """How a message leaves the house."""

    EMAIL = "email", "Thư điện tử"
    SMS = "sms", "Tin nhắn"


class NoticeRows(models.QuerySet["Notice"]):
    """Filters over notices."""

    def of(self, recipient_id: int) -> Self:
        """Keep one person's notices, the newest first."""
        return self.filter(recipient_id=recipient_id).order_by("-id")

    def unread(self) -> Self:
        """Keep what was not read yet."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """A slip in a person's in-box. It names the recipient's own matters only, never another person's data.

    ``recipient_id`` is a person of the directory, which stands above this module: hence a number and no
    foreign key. ``read_at`` is NULL until read, ``link`` a path on this site or empty. Kept as long as the
    person's account.
    """

    recipient_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    objects = NoticeRows.as_manager()

    class Meta:
        indexes = (
            models.Index("recipient_id", F("id").desc(), name="messages_notices_of_a_person"),
            models.Index(
                fields=["recipient_id"], condition=Q(read_at=None), name="messages_unread_of_a_person"
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="messages_link_stays_on_this_site", condition=Q(link="") | Q(link__regex=r"^/([^/\\]|$)")
            ),
            models.CheckConstraint(
                name="messages_read_after_written",
                condition=Q(read_at=None) | Q(read_at__gte=F("created_at")),
            ),
        )

    def __str__(self) -> str:
        """Return the title."""
        return self.title


class OutgoingRows(models.QuerySet["Outgoing"]):
    """Filters over what leaves the house."""

    def due(self, at: dt.datetime) -> Self:
        """Keep what is to be tried now, in the order in which it became due."""
        waiting = self.filter(sent_at=None, attempts__lt=MAX_ATTEMPTS, try_after__lte=at)
        return waiting.order_by("try_after", "id")

    def given_up(self) -> Self:
        """Keep what never left: a person has to look at it."""
        return self.filter(sent_at=None, attempts__gte=MAX_ATTEMPTS).order_by("id")


class Outgoing(models.Model):
    """A letter or SMS on its way out: written with the deed that caused it, sent afterwards.

    ``sent_at`` is NULL until it left. ``attempts`` counts failures; at ``MAX_ATTEMPTS`` it is given up.
    ``last_error`` tells why, in words without the address. Holds a mail address or phone number: forgotten 90
    days after sending.
    """

    channel = models.CharField(max_length=5, choices=Channel)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    created_at = models.DateTimeField()
    try_after = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    objects = OutgoingRows.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=["try_after", "id"], condition=Q(sent_at=None), name="messages_waiting"),
            models.Index(fields=["sent_at"], name="messages_sent"),
        )
        constraints = (
            models.CheckConstraint(name="messages_channel_is_known", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(
                name="messages_sms_carries_no_link",
                condition=~Q(channel=Channel.SMS) | ~(Q(text__icontains="://") | Q(text__icontains="www.")),
            ),
        )

    def __str__(self) -> str:
        """Return the channel and number; the address is nobody's business."""
        return f"{self.get_channel_display()} {self.pk}"
