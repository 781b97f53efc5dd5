"""Keep what a person types, as typed, on the server."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tinhso.catalogue.api import ProcedureVersion, version_of
from tinhso.directory.api import Actor, Office
from tinhso.documents.api import Upload
from tinhso.dossiers.models import Draft, DraftFile, SentOnce
from tinhso.dossiers.permissions import AT_COUNTER, DRAFTS, MayDraft
from tinhso.dossiers.queries.draft_steps import further, question_pages
from tinhso.toolkit.policy import NotThere


class TooManyFiles(Exception):
    """The paper has as many files as the procedure takes."""


class NobodySignedIn(Exception):
    """A draft belongs to a person; nobody is signed in."""


@transaction.atomic
def start_draft(
    *,
    by: Actor,
    at: dt.datetime,
    version: ProcedureVersion,
    office: Office | None,
    typed: Mapping[str, Any] | None = None,
) -> Draft:
    """Begin a draft; ``typed`` is filled in beforehand. Raises ``NobodySignedIn``."""
    if by.person_id is None:
        raise NobodySignedIn
    return Draft.objects.create(
        token=secrets.token_urlsafe(16)[:22],
        person_id=by.person_id,
        version=version,
        office=office,
        typed=dict(typed or {}),
        created_at=at,
        saved_at=at,
    )


@transaction.atomic
def start_intake(*, by: Actor, at: dt.datetime, key: str, version: ProcedureVersion, office: Office) -> Draft:
    """Begin what a counter clerk takes in for a person at the desk, or go on with it; ``key`` is its address.

    Raises ``NotThere`` where the clerk does not receive at the office, the key is another's, or it was sent.
    """
    was_sent = SentOnce.objects.filter(account_id=by.account_id or 0, key=key).exists()
    if by.person_id is None or was_sent:
        raise NotThere
    Draft.objects.get_or_create(
        token=key,
        defaults={
            "person_id": by.person_id,
            "version": version,
            "office": office,
            "page": AT_COUNTER,
            "created_at": at,
            "saved_at": at,
        },
    )
    return DRAFTS.one(by, MayDraft.TAKE_IN, token=key, version__procedure=version.procedure_id, office=office)


@transaction.atomic
def save_draft(
    *,
    by: Actor,
    at: dt.datetime,
    token: str,
    typed: Mapping[str, Any],
    answers: Mapping[str, Any] | None = None,
    page: str = "",
    office: Office | None = None,
) -> Draft:
    """Keep what was typed, right or wrong, and the answers that passed. Raises ``NotThere``."""
    draft = DRAFTS.one(by, MayDraft.KEEP, token=token)
    draft.typed = {**draft.typed, **typed}
    if answers is not None:
        draft.answers = {**draft.answers, **answers}
    if office is not None:
        draft.office = office
    if page:
        draft.page = page
        draft.furthest = further(draft.furthest, page, question_pages(version_of(draft.version_id)))
    draft.saved_at = at
    draft.revision += 1
    draft.save()
    return draft


@transaction.atomic
def add_file(
    *, by: Actor, at: dt.datetime, token: str, paper_key: str, upload: Upload, max_files: int
) -> DraftFile:
    """Put an accepted upload under its paper. Raises ``NotThere``, ``TooManyFiles``."""
    draft = DRAFTS.one(by, MayDraft.KEEP, token=token)
    if draft.files.filter(paper_key=paper_key).count() >= max_files:
        raise TooManyFiles
    _touch(draft, at)
    return DraftFile.objects.create(
        token=secrets.token_urlsafe(16)[:22],
        draft=draft,
        paper_key=paper_key,
        file=upload.file,
        name=upload.name,
        notice=upload.notice,
        uploaded_at=at,
    )


@transaction.atomic
def remove_file(*, by: Actor, at: dt.datetime, token: str, file_token: str) -> None:
    """Take a file out of the draft. Raises ``NotThere``."""
    draft = DRAFTS.one(by, MayDraft.KEEP, token=token)
    draft.files.filter(token=file_token).delete()
    _touch(draft, at)


def _touch(draft: Draft, at: dt.datetime) -> None:
    draft.saved_at = at
    draft.revision += 1
    draft.save(update_fields=["saved_at", "revision"])


@transaction.atomic
def drop_draft(*, by: Actor, token: str) -> None:
    """Throw a draft away. Raises ``NotThere``."""
    DRAFTS.one(by, MayDraft.KEEP, token=token).delete()
