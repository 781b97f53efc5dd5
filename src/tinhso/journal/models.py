"""Hold the tables of the journal.

An entry is like a line in a bound book: written once, in ink, with the page number printed beforehand. A seal is
the stamp over everything written so far. A delivery is the slip that says who has still to be told.

The database makes these tables by hand-written SQL (``migrations/0001_initial.py``). Two columns are left out
here because only the sealer and the verifier read them, by SQL: the transaction of an entry (``xid``) and the
transactions that a seal covers (``lo`` up to, not including, ``hi``).
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now


class Entry(models.Model):
    """One thing that happened. Everything is in ``body``, the text that is hashed; the rest is derived from it.

    Written only by ``announce`` (or by a service's own statement from ``rows_for``), never changed.
    """

    id = models.BigAutoField(primary_key=True)
    body = models.TextField()
    event = models.GeneratedField(
        expression=RawSQL("body::json->>'event'", ()), output_field=models.TextField(), db_persist=True
    )
    about = models.GeneratedField(
        expression=RawSQL("body::json->>'about'", ()), output_field=models.TextField(), db_persist=True
    )
    at_ms = models.GeneratedField(
        expression=RawSQL("(body::json->>'at_ms')::bigint", ()),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        db_table = "journal_entry"
        verbose_name = "mục nhật ký"
        indexes = (models.Index(fields=["about", "id"], name="journal_entry_about"),)

    def __str__(self) -> str:
        return f"{self.pk}: {self.event} · {self.about}"


class Seal(models.Model):
    """The head of the tree over all entries so far, made by the sealer alone.

    ``first`` entries were sealed before; this seal adds ``n`` and keeps their leaves, 32 bytes each.
    """

    seq = models.BigAutoField(primary_key=True)
    first = models.BigIntegerField()
    n = models.IntegerField()
    root = models.BinaryField()
    frontier = ArrayField(models.BinaryField())
    leaves = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "journal_seal"
        verbose_name = "con dấu nhật ký"

    def __str__(self) -> str:
        return f"{self.pk}: {self.first + self.n}"


class Delivery(models.Model):
    """One listener that is still to hear, or has heard, one entry.

    ``done_at`` NULL: not heard yet. ``next_try_at`` NULL with ``done_at`` NULL: dead, it waits for a person, and
    ``last_error`` says why. Moments are the database's real time: the demo's clock does not hurry a retry.
    """

    entry = models.ForeignKey(Entry, on_delete=models.DO_NOTHING, related_name="deliveries")
    listener = models.TextField()
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_try_at = models.DateTimeField(null=True, db_default=Now())
    last_error = models.TextField(blank=True, default="", db_default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "journal_delivery"
        verbose_name = "lượt báo tin"
        constraints = (
            models.UniqueConstraint(
                fields=("entry", "listener"), name="journal_delivery_each_listener_hears_an_entry_once"
            ),
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=False) | Q(done_at__isnull=False) | ~Q(last_error=""),
                name="journal_delivery_a_dead_one_says_why",
            ),
        )
        indexes = (
            models.Index(
                fields=["entry", "id"],
                name="journal_delivery_pending",
                condition=Q(done_at__isnull=True, next_try_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} → {self.listener}"
