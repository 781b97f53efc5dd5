"""Put tags on tasks, and take them off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskTagged
from tinhso.plans.models import History, Task
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.documents import labels


class CannotTag(ValueError):
    """There is no such tag."""


@transaction.atomic
def tag_tasks(
    *, by: Actor, at: dt.datetime, codes: Collection[str], add: Sequence[str] = (), remove: Sequence[str] = ()
) -> list[Task]:
    """Put the tags ``add`` on the tasks and take ``remove`` off; return those that changed.

    All or none. Raises ``NotThere``, ``CannotTag``.
    """
    known = labels("tags")
    if unknown := [tag for tag in add if tag not in known]:
        raise CannotTag(_("Chưa có nhãn “%(tag)s”. Chọn nhãn trong danh sách.") % {"tag": unknown[0]})
    tasks = [TASKS.one(by, MayTask.TAG, code=code) for code in sorted(set(codes))]
    changed = []
    for task in tasks:
        before = list(task.tags)
        task.tags = [tag for tag in dict.fromkeys([*before, *add]) if tag not in set(remove)]
        if task.tags == before:
            continue
        task.save(update_fields=["tags"])
        History.objects.record(
            task.about,
            _("Đổi nhãn"),
            by=by,
            at=at,
            before=_words(before, known),
            after=_words(task.tags, known),
        )
        announce(TaskTagged(task.code, tuple(task.tags)), about=task.about, by=by, at=at)
        changed.append(task)
    return changed


def _words(tags: Sequence[str], known: dict[str, str]) -> str:
    return (", ".join(known.get(tag, tag) for tag in tags) or _("không có nhãn"))[:400]
