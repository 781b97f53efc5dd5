"""The table of kept files."""

from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """One content, kept once: the row is the label, the file on the disk is the thing.

    Two people who upload the same bytes share one row, so a row says nothing about whose paper it is; the
    module that refers to it does. ``pages`` is NULL where pages were not counted (not a PDF). The content may
    hold personal data of any kind; it lives as long as something refers to it.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    pages = models.PositiveIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="documents_file_is_named_by_a_sha256", condition=Q(sha256__regex="^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(name="documents_file_is_not_empty", condition=Q(size__gt=0)),
        )

    def __str__(self) -> str:
        """Return the beginning of the hash: a file's name belongs to whoever refers to it."""
        return f"{self.sha256[:12]} ({self.media_type}, {self.size})"
