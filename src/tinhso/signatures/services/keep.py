"""Keep a signed file, with the record of who signed it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.documents.api import PDF, StoredFile, store
from tinhso.signatures.models import Signature
from tinhso.signatures.services.sign import Signed


@transaction.atomic
def keep(signed: Signed, *, before: StoredFile, at: dt.datetime) -> Signature:
    """Store the signed file and the row that says so, in the caller's transaction; the new file is ``.file``.

    ``before`` is the file whose content was signed. Raises what ``documents.api.store`` raises.
    """
    file = store(signed.content, media_type=PDF, at=at, pages=before.pages)
    return Signature.objects.create(
        file=file,
        before=before,
        certificate=signed.certificate,
        kind=signed.kind,
        level=signed.level,
        signed_at=signed.signed_at,
    )
