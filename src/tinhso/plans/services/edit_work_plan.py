"""Write down anew what a body means to do."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.directives import WorkPlanEdited
from tinhso.plans.models import Body, History
from tinhso.plans.permissions.directives import BODIES, MayBody
from tinhso.toolkit.text import tidy, visible

MOST_LETTERS: Final = 5_000
_SHOWN = 400


class CannotPlan(ValueError):
    """The work plan is not kept; the sentence says why."""


@transaction.atomic
def edit_work_plan(*, by: Actor, at: dt.datetime, body: int, text: str) -> Body:
    """Replace the work plan, a line for each thing; the words before stay in the history.

    Raises ``NotThere`` for whoever does not write the body, and ``CannotPlan`` where nothing differs or it is too long.
    """
    row = BODIES.one(by, MayBody.WRITE, pk=body)
    lines = [line for line in map(tidy, visible(text).splitlines()) if line]
    plan = "\n".join(lines)
    if len(plan) > MOST_LETTERS:
        raise CannotPlan(_("Kế hoạch dài quá 5.000 chữ. Viết gọn lại."))
    if plan == row.work_plan:
        raise CannotPlan(_("Chưa đổi gì so với bản đang có."))
    before, row.work_plan = row.work_plan, plan
    row.save(update_fields=["work_plan"])
    History.objects.record(
        row.about,
        _("Sửa kế hoạch làm việc"),
        by=by,
        at=at,
        before=before.replace("\n", "; ")[:_SHOWN],
        after=plan.replace("\n", "; ")[:_SHOWN],
    )
    announce(WorkPlanEdited(row.pk), about=row.about, by=by, at=at)
    return row
