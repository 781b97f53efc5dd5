"""Do the same to several tasks that were chosen in a list: urge, tag, show to the public."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.services.make_task_public import CannotShow, make_task_public
from tinhso.plans.services.tag_tasks import CannotTag, tag_tasks
from tinhso.plans.services.urge_task import CannotUrge, urge_task

MOST_TASKS: Final = 100


class BulkAct(StrEnum):
    """What can be done to several tasks at once; the words of the page's buttons."""

    URGE = "don-doc"
    TAG = "gan-nhan"
    SHOW = "cong-khai"
    HIDE = "thoi-cong-khai"


#: What the actor must hold on every task that was chosen.
NEEDS: Final = {
    BulkAct.URGE: MayTask.URGE,
    BulkAct.TAG: MayTask.TAG,
    BulkAct.SHOW: MayTask.PUBLISH,
    BulkAct.HIDE: MayTask.PUBLISH,
}


class NothingChosen(ValueError):
    """No task was chosen, or too many; the sentence says how to go on."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many tasks it was done to, and for which it could not be done: code and sentence."""

    done: int
    refused: Sequence[tuple[str, str]]


@transaction.atomic
def act_on_tasks(*, by: Actor, at: dt.datetime, act: BulkAct, codes: Sequence[str], tag: str = "") -> Outcome:
    """Do it to each of the tasks; where one's state refuses it, the others are done and the sentence is returned.

    Raises ``NotThere`` where the actor may not do it to one of them (then nothing is done), ``NothingChosen``, and
    ``CannotTag`` for a tag that is not known.
    """
    chosen = sorted(set(codes))
    if not chosen:
        raise NothingChosen(_("Chưa chọn việc nào. Đánh dấu ô trước tên việc rồi bấm lại."))
    if len(chosen) > MOST_TASKS:
        raise NothingChosen(
            _("Đã chọn %(n)d việc, mỗi lần nhiều nhất %(most)d. Bỏ bớt rồi bấm lại.")
            % {"n": len(chosen), "most": MOST_TASKS}
        )
    for code in chosen:
        TASKS.look(by, NEEDS[act], code=code)
    if act is BulkAct.TAG:
        return Outcome(len(tag_tasks(by=by, at=at, codes=chosen, add=[tag])), ())
    done, refused = 0, []
    for code in chosen:
        try:
            with transaction.atomic():
                if act is BulkAct.URGE:
                    urge_task(by=by, at=at, code=code)
                else:
                    make_task_public(by=by, at=at, code=code, is_public=act is BulkAct.SHOW)
        except (CannotUrge, CannotShow) as cannot:
            refused.append((code, str(cannot)))
        else:
            done += 1
    return Outcome(done, refused)


__all__ = ["MOST_TASKS", "BulkAct", "CannotTag", "NothingChosen", "Outcome", "act_on_tasks"]
