"""Take a paper or a result of an earlier dossier into a draft, by reference: the bytes are not copied."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from tinhso.directory.api import Actor
from tinhso.dossiers.models import Draft, DraftFile
from tinhso.dossiers.permissions import DRAFTS, MayDraft
from tinhso.dossiers.queries.own_papers import own_papers
from tinhso.dossiers.services.keep_draft import TooManyFiles
from tinhso.toolkit.policy import NotThere


class NoLongerUsable(Exception):
    """The paper may not be taken again; the message says why."""


@transaction.atomic
def reuse_file(
    *, by: Actor, at: dt.datetime, token: str, paper_key: str, source: str, max_files: int
) -> DraftFile:
    """Lay a file that the actor gave or was given under a paper of the draft, with the dossier it comes from.

    ``source`` is the token of the earlier paper or result. Pressed twice, it lies there once. Raises ``NotThere``,
    ``TooManyFiles``, ``NoLongerUsable``.
    """
    draft: Draft = DRAFTS.one(by, MayDraft.WRITE, token=token)
    found = next((one for one in own_papers(by, at.date()) if one.token == source), None)
    if found is None:
        raise NotThere
    if found.refused:
        raise NoLongerUsable(found.refused)
    here = draft.files.filter(paper_key=paper_key)
    same = here.filter(file=found.file).first()
    if same is not None:
        return same
    if here.count() >= max_files:
        raise TooManyFiles
    draft.saved_at = at
    draft.revision += 1
    draft.save(update_fields=["saved_at", "revision"])
    return DraftFile.objects.create(
        token=secrets.token_urlsafe(16)[:22],
        draft=draft,
        paper_key=paper_key,
        file=found.file,
        name=found.name[:200],
        uploaded_at=at,
        taken_from=found.dossier,
    )
