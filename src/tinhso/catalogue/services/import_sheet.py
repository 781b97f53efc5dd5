"""Import sheets of procedures from files."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection
from pathlib import Path

from django.db import transaction

from tinhso.catalogue.models import ProcedureVersion
from tinhso.catalogue.services.publish import SHEETS, hash_of, publish
from tinhso.journal.api import HasRef


@transaction.atomic
def import_sheet(path: Path, *, by: HasRef, at: dt.datetime) -> ProcedureVersion:
    """Publish the sheet in a file, or return the version that it already is.

    Raises ``SheetNotPublishable``, and ``VersionNotLater`` where another text was published for that day or later.
    """
    sheet = json.loads(path.read_text("utf-8"))
    known = ProcedureVersion.objects.filter(
        procedure__code=sheet["code"], content_hash=hash_of(sheet), published_at__isnull=False
    ).first()
    return known or publish(sheet, by=by, at=at)


def import_sheets(
    *, by: HasRef, at: dt.datetime, only: Collection[str] | None = None
) -> list[ProcedureVersion]:
    """Import the sheets that come with the software, by code; ``only``: the codes that are wanted."""
    paths = sorted(SHEETS.glob("[0-9]*.json"))
    return [import_sheet(path, by=by, at=at) for path in paths if only is None or path.stem in only]
