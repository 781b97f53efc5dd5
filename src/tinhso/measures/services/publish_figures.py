"""Publish what another person prepared, or throw away what nobody published."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import FiguresPublished, PublicationDiscarded
from tinhso.measures.models import Publication
from tinhso.measures.permissions import PUBLICATIONS, MayPublish
from tinhso.measures.services.prepare_publication import rows_of

LONGEST_NUMBER: Final = 80


class CannotPublish(ValueError):
    """The publication cannot be published; the sentence says why."""


@transaction.atomic
def publish_figures(*, by: Actor, at: dt.datetime, code: str, document_number: str) -> Publication:
    """Publish by a document; from now on nothing of it changes.

    Raises ``NotThere`` for others than a second person who publishes, and ``CannotPublish`` where the number is
    missing or the rows are no longer those that were hashed.
    """
    publication = PUBLICATIONS.one(by, MayPublish.PUBLISH, code=code)
    number = document_number.strip()
    if not number or len(number) > LONGEST_NUMBER:
        raise CannotPublish(_("Ghi số văn bản công bố, ví dụ 45/TB-UBND."))
    if rows_of(publication) != (publication.rows_hash, publication.rows_count):
        raise CannotPublish(_("Các dòng phía sau đã bị đổi sau khi khóa. Bỏ bản này và soạn lại."))
    publication.published_by_id = by.account_id
    publication.published_at = at
    publication.document_number = number
    publication.save(update_fields=["published_by", "published_at", "document_number"])
    announce(
        FiguresPublished(publication.code, publication.rows_hash, number),
        about=publication.about,
        by=by,
        at=at,
    )
    return publication


@transaction.atomic
def discard_publication(*, by: Actor, at: dt.datetime, code: str) -> None:
    """Throw away what is prepared and not published. Raises ``NotThere``."""
    publication = PUBLICATIONS.one(by, MayPublish.DISCARD, code=code)
    announce(PublicationDiscarded(publication.code), about=publication.about, by=by, at=at)
    publication.delete()
