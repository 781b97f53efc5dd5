"""Write down a solution of a target: how it is to be reached."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.targets import TargetSolutionLinked
from tinhso.plans.models import History, Solution
from tinhso.plans.permissions.targets import TARGETS, MayTarget
from tinhso.toolkit.text import tidy

LONGEST_TEXT: Final = 1000


class CannotAddSolution(ValueError):
    """The solution is not written down; the sentence says why."""


@transaction.atomic
def add_solution(*, by: Actor, at: dt.datetime, target: int, text: str) -> Solution:
    """Write down a solution and link it to the target; it belongs to the target's office and plan.

    Raises ``NotThere`` for others than the secretary and planners of the target's office, and ``CannotAddSolution``.
    """
    found = TARGETS.one(by, MayTarget.LINK_SOLUTION, pk=target)
    text = tidy(text)
    if not text:
        raise CannotAddSolution(_("Ghi giải pháp: làm gì để đạt chỉ tiêu."))
    if len(text) > LONGEST_TEXT:
        raise CannotAddSolution(_("Dài quá %(n)d chữ. Viết gọn lại.") % {"n": LONGEST_TEXT})
    if found.solutions.filter(text=text).exists():
        raise CannotAddSolution(_("Giải pháp này đã có ở chỉ tiêu."))
    solution = Solution.objects.create(
        text=text, plan=found.plan, office=found.office, by_id=by.account_id, at=at
    )
    found.solutions.add(solution)
    History.objects.record(found.about, _("Thêm giải pháp"), by=by, at=at, after=text[:400])
    announce(TargetSolutionLinked(found.code, solution.pk, is_linked=True), about=found.about, by=by, at=at)
    return solution
