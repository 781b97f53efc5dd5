"""Move a running dossier onto the version of its procedure that is in force now."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.catalogue.api import current, version_of
from tinhso.directory.api import Actor, Role
from tinhso.dossiers.events import DossierRebased
from tinhso.dossiers.lifecycle import LIFECYCLE, State, Verb
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.queries.rebasing import outlook
from tinhso.dossiers.services.keep_step import author_of, keep_step


class NotRebasable(Exception):
    """Something would be lost or missing; ``sentences`` say what. The dossier stays as it is."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        """Keep the sentences."""
        super().__init__(" ".join(sentences))
        self.sentences = sentences


class VersionMoved(Exception):
    """The version that was previewed is no longer the one in force."""


@transaction.atomic
def rebase(*, by: Actor, at: dt.datetime, number: int, onto: int) -> Dossier:
    """Let the dossier follow the version ``onto``, as it was previewed; answers, papers and due moment stay.

    ``number`` is the row's. A dossier not accepted yet gets the version's time limit. Raises ``NotThere``, ``StepNotAllowed``,
    ``NotRebasable``, and ``VersionMoved`` where another version has come into force since.
    """
    dossier = POLICY.one(by, May.REBASE, pk=number)
    LIFECYCLE.after(State(dossier.state), Verb.REBASE)
    if current(dossier.procedure_code, at.date()).pk != onto:
        raise VersionMoved
    if dossier.version_id == onto:
        return dossier
    before, after = version_of(dossier.version_id), version_of(onto)
    seen = outlook(dossier, after, at.date())
    if not seen.is_movable or seen.step is None or seen.where is None:
        raise NotRebasable(seen.obstacles)
    dossier.version = after
    dossier.handling_office, dossier.signing_office = seen.where.handling, seen.where.signing
    dossier.desk_step = seen.step.order
    if dossier.desk_office_id is not None:
        dossier.desk_office_id = {
            "counter": dossier.receiving_office_id,
            "unit": dossier.handling_office_id,
        }.get(seen.step.desk, dossier.signing_office_id)
    if seen.limit is not None:
        dossier.limit_value, dossier.limit_unit = seen.limit.value, seen.limit.unit
    post = next((post for post in by.posts if post.role == Role.CATALOGUE_REVIEWER), None)
    keep_step(
        dossier,
        Verb.REBASE,
        author=author_of(by, post.office_id if post else None, Role.CATALOGUE_REVIEWER),
        by=by,
        at=at,
        event=DossierRebased(
            dossier.pk, dossier.procedure_code, dossier.receiving_office_id, before.number, after.number
        ),
        note=f"Từ bản {before.number} sang bản {after.number} của thủ tục",
        step=dossier.desk_step,
    )
    return dossier
