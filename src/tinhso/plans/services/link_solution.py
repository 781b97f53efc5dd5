"""Link a solution that is written down already to a target, or take it from there."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.targets import TargetSolutionLinked
from tinhso.plans.models import History, Target
from tinhso.plans.permissions.targets import SOLUTIONS, TARGETS, MaySolution, MayTarget


class CannotLinkSolution(ValueError):
    """The link stays as it is; the sentence says why."""


@transaction.atomic
def link_solution(
    *, by: Actor, at: dt.datetime, target: int, solution: int, is_linked: bool = True
) -> Target:
    """Link a solution to a target, or unlink it; the solution itself stays.

    Raises ``NotThere`` for others than the secretary and planners of the target's office and where there is no such
    solution, and ``CannotLinkSolution`` where it is so already.
    """
    found = TARGETS.one(by, MayTarget.LINK_SOLUTION, pk=target)
    one = SOLUTIONS.look(by, MaySolution.READ, pk=solution)
    if found.solutions.filter(pk=one.pk).exists() is is_linked:
        raise CannotLinkSolution(_("Giải pháp này vừa được đổi. Xem lại danh sách."))
    if is_linked:
        found.solutions.add(one)
    else:
        found.solutions.remove(one)
    what = _("Gắn giải pháp") if is_linked else _("Gỡ giải pháp")
    text = one.text[:400]
    History.objects.record(
        found.about, what, by=by, at=at, after=text if is_linked else "", before="" if is_linked else text
    )
    announce(TargetSolutionLinked(found.code, one.pk, is_linked=is_linked), about=found.about, by=by, at=at)
    return found
