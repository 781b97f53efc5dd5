"""Write down a solution for what a document assigns."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.directives import SolutionRecorded
from tinhso.plans.models import DirectiveItem, History, Solution
from tinhso.plans.permissions.directives import DIRECTIVES, MayDirect
from tinhso.plans.rules.directives import LONGEST_TEXT
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy, visible


class CannotRecord(ValueError):
    """The solution is not written down; the sentence says why."""


@transaction.atomic
def record_solution(
    *, by: Actor, at: dt.datetime, item: int, text: str, office: Office | None = None
) -> Solution:
    """Write down how an item of a document is to be reached, and by which office; None: the whole province.

    Raises ``NotThere`` for others than chair and secretary and where there is no such item, and ``CannotRecord`` where
    the words are missing, too long, or stand there already.
    """
    found = DirectiveItem.objects.filter(pk=item).first()
    if found is None:
        raise NotThere
    directive = DIRECTIVES.one(by, MayDirect.USE, pk=found.directive_id)
    text = tidy(visible(text))
    if not text:
        raise CannotRecord(_("Ghi giải pháp: làm gì để đạt."))
    if len(text) > LONGEST_TEXT:
        raise CannotRecord(_("Dài quá %(n)d chữ. Viết gọn lại.") % {"n": LONGEST_TEXT})
    if found.solutions.filter(text=text, office=office).exists():
        raise CannotRecord(_("Giải pháp này đã ghi rồi."))
    solution = Solution.objects.create(
        text=text, directive_item=found, office=office, by_id=by.account_id, at=at
    )
    History.objects.record(directive.about, _("Ghi giải pháp"), by=by, at=at, after=text[:400])
    announce(
        SolutionRecorded(directive.pk, found.pk, solution.pk, office.pk if office else None),
        about=directive.about,
        by=by,
        at=at,
    )
    return solution
