"""Load the documents that the demo's story rests on, and its steering bodies; once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from tinhso.directory.api import SYSTEM, Actor, Post, Role, actor_of
from tinhso.plans.models import Directive
from tinhso.plans.queries.documents import document
from tinhso.plans.rules.directives import NewItem
from tinhso.plans.services.enter_directive import enter_directive
from tinhso.plans.services.load_bodies import load_bodies
from tinhso.toolkit.clock import VN


@transaction.atomic
def load_directives(*, at: dt.datetime) -> int:
    """Enter the documents of ``data/directives_demo.json`` as the secretary did, and set up every body.

    Nothing is entered after ``at``. Return how many documents there are; 0 where some were there before. Raises
    ``LookupError`` where nobody is the committee's secretary.
    """
    if Directive.objects.exists():
        return 0
    secretary = _secretary(at.date())
    for one in document("directives_demo")["items"]:
        entered = dt.datetime.fromisoformat(one["entered_at"]).astimezone(VN)
        if entered > at:
            continue
        enter_directive(
            by=secretary,
            at=entered,
            number=one["number"],
            kind=one["kind"],
            issued_on=dt.date.fromisoformat(one["issued_on"]),
            issuer=one["issuer"],
            summary=one["summary"],
            received_at=dt.datetime.fromisoformat(one["received_at"]).astimezone(VN),
            urgency=one["urgency"],
            is_verified=one["is_verified"],
            items=[NewItem(**item) for item in one["items"]],
        )
    load_bodies(by=SYSTEM, at=at)
    return Directive.objects.count()


def _secretary(on: dt.date) -> Actor:
    posts = Post.objects.filter(
        role=Role.COMMITTEE_SECRETARY, valid_from__lte=on, person__account__isnull=False
    )
    post = posts.exclude(valid_to__lt=on).select_related("person__account").order_by("id").first()
    if post is None:
        msg = "nobody is the committee's secretary"
        raise LookupError(msg)
    return actor_of(post.person.account.pk, on)
