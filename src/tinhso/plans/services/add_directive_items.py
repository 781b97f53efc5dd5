"""Add things that a document assigns and that were not entered with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.directives import DirectiveItemsAdded
from tinhso.plans.models import DirectiveItem, History
from tinhso.plans.permissions.directives import DIRECTIVES, MayDirect
from tinhso.plans.rules.directives import NewItem
from tinhso.plans.services.enter_directive import MOST_ITEMS, CannotEnter, tidied
from tinhso.toolkit.text import fold


@transaction.atomic
def add_directive_items(
    *, by: Actor, at: dt.datetime, directive: int, items: Sequence[NewItem]
) -> list[DirectiveItem]:
    """Add the items after those that are there.

    Raises ``NotThere`` for others than chair and secretary, and ``CannotEnter`` where nothing was written, an item is
    too long or stands there already, or there would be too many.
    """
    row = DIRECTIVES.one(by, MayDirect.CORRECT, pk=directive)
    kept = tidied(items)
    if not kept:
        raise CannotEnter(_("Chưa ghi mục nào. Mỗi dòng là một mục."))
    there = {fold(text) for text in row.items.values_list("text", flat=True)}
    for item in kept:
        if fold(item.text) in there:
            words = _("Mục “%(start)s” đã có trong văn bản. Bỏ dòng ấy rồi ghi.")
            raise CannotEnter(words % {"start": item.text[:60]}, f"{item.kind}s")
        there.add(fold(item.text))
    if len(there) > MOST_ITEMS:
        raise CannotEnter(_("Tối đa %(n)d mục một văn bản. Bỏ bớt mục.") % {"n": MOST_ITEMS})
    last = row.items.aggregate(last=Max("ordinal"))["last"] or 0
    made = DirectiveItem.objects.bulk_create(
        DirectiveItem(directive=row, ordinal=place, kind=item.kind, text=item.text)
        for place, item in enumerate(kept, last + 1)
    )
    row.folded = "\n".join((row.folded, *(fold(item.text) for item in kept)))
    row.save(update_fields=["folded"])
    for item in kept:
        History.objects.record(row.about, _("Thêm mục giao"), by=by, at=at, after=item.text[:400])
    announce(DirectiveItemsAdded(row.pk, tuple(item.pk for item in made)), about=row.about, by=by, at=at)
    return made
