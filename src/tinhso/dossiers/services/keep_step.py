"""Keep what was done: the step in the history, the row, the news. The tail that all services share."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tinhso.directory.api import Actor, Role
from tinhso.dossiers.lifecycle import LIFECYCLE, Author, State, Verb
from tinhso.dossiers.models import Dossier
from tinhso.journal.api import announce


class AlreadyDone(Exception):
    """Somebody else took the step first. The sentence says who and when."""

    def __init__(self, dossier: Dossier, verb: Verb) -> None:
        step = dossier.steps.filter(verb=verb).order_by("-id").first()
        self.by_name = step.by_name if step else ""
        self.at = step.at if step else None
        self.verb = verb
        super().__init__(f"{verb} was done by {self.by_name} at {self.at}")


def author_of(by: Actor, office_id: int | None = None, *roles: Role) -> Author:
    """Return how the actor is written into the history, with the post used at the office."""
    post = by.post(office_id, *roles) if office_id else None
    if post is None:
        return Author(by.account_id, by.name)
    title = f"{post.title} (được {post.for_name} ủy quyền)" if post.for_name else post.title
    return Author(by.account_id, by.name, title, post.office_id)


def keep_step(
    dossier: Dossier,
    verb: Verb,
    *,
    author: Author,
    by: Actor,
    at: dt.datetime,
    event: Any,
    note: str = "",
    step: int = 0,
    only: tuple[str, ...] | None = None,
) -> None:
    """Take the step, store the row (or ``only`` some fields of it) and the history, announce the event.

    Raises ``StepNotAllowed``, or ``AlreadyDone`` where the same verb has just been done by somebody.
    """
    if verb not in LIFECYCLE.verbs_from(State(dossier.state)) and dossier.steps.filter(verb=verb).exists():
        raise AlreadyDone(dossier, verb)
    taken = dossier.take(verb, by=author, at=at, note=note, step=step)
    dossier.save(update_fields=only)
    taken.save(force_insert=True)
    announce(event, about=dossier.about, by=by, at=at)
