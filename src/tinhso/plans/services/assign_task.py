"""Give a task to an office to lead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskAssigned
from tinhso.plans.models import DirectiveItem, History, PlanItem, Target, Task, TaskPartner
from tinhso.plans.permissions import COMMITTEE
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.tasks import OPEN
from tinhso.plans.rules.recurrence import Recurrence
from tinhso.plans.services.tell_task import PLANNERS_AND_HEADS, tell_offices
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import fold, tidy
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam

LONGEST_TITLE: Final = 300
LONGEST_FOLDED: Final = 400
#: The lock of those who give out codes of tasks.
_LOCK: Final = 0x7A


class CannotAssign(ValueError):
    """The task cannot be given like this; the sentence says what to mend."""


@transaction.atomic
def assign_task(
    *,
    by: Actor,
    at: dt.datetime,
    title: str,
    lead: Office,
    due: dt.date | None,
    starts: dt.date | None = None,
    product: str = "",
    description: str = "",
    partners: Sequence[Office] = (),
    group: str = "",
    target: Target | None = None,
    plan_item: PlanItem | None = None,
    directive_item: DirectiveItem | None = None,
    parent: Task | None = None,
    tags: Sequence[str] = (),
    quantity: int | None = None,
    unit: str = "",
    recurrence: str = "",
    recurs_until: dt.date | None = None,
    is_priority: bool = False,
    is_public: bool = False,
) -> Task:
    """Give a task to an office, with the offices that co-ordinate; it starts today unless said otherwise.

    A part is better given by ``split_task``, which checks what the whole has left. Raises ``NotThere`` for others
    than the committee's chair and secretary, and ``CannotAssign``.
    """
    if not by.holds(*COMMITTEE):
        raise NotThere
    check_due(due, at=at)
    if parent is not None and (parent.parent_id is not None or parent.state not in OPEN):
        raise CannotAssign(
            _("Nhiệm vụ chung đã xong, đã thu hồi hoặc là việc con, nên không chia thêm được.")
        )
    return place_task(
        by=by,
        at=at,
        lead=lead,
        partners=partners,
        task=Task(
            title=title,
            due=due,
            starts=starts or in_vietnam(at).date(),
            product=product,
            description=description,
            group=group,
            target=target,
            plan_item=plan_item,
            directive_item=directive_item,
            parent=parent,
            tags=list(tags),
            quantity=quantity,
            unit=unit,
            recurrence=recurrence,
            recurs_until=recurs_until,
            is_priority=is_priority,
            is_public=is_public,
        ),
    )


def place_task(
    *, by: Actor, at: dt.datetime, task: Task, lead: Office, partners: Sequence[Office], what: str = ""
) -> Task:
    """Check a new task, give it its code, and write it with its history. Raises ``CannotAssign``.

    For the services that make tasks: whether the actor may is their matter.
    """
    task.lead = lead
    task.title = tidy(task.title)
    task.product, task.description, task.unit = (
        task.product.strip(),
        task.description.strip(),
        tidy(task.unit),
    )
    task.tags = list(dict.fromkeys(task.tags))
    _check(task)
    task.folded = fold(f"{task.title} {task.product}")[:LONGEST_FOLDED]
    task.original_due = task.due
    task.assigned_by_id, task.assigned_at = by.account_id, at
    task.code = code_of(next_number())
    task.save(force_insert=True)
    others = {office.pk: office for office in partners if office.pk != lead.pk}
    TaskPartner.objects.bulk_create(TaskPartner(task=task, office=office) for office in others.values())
    History.objects.record(
        task.about,
        what or _("Giao nhiệm vụ"),
        by=by,
        at=at,
        after=(_("%(office)s, hạn %(due)s") % {"office": lead.short_name, "due": due_text(task.due)})[:400],
    )
    announce(
        TaskAssigned(task.code, lead.pk, task.due, task.parent.code if task.parent else None),
        about=task.about,
        by=by,
        at=at,
    )
    body = _("%(task)s. Hạn: %(due)s.") % {"task": task.title, "due": due_text(task.due)}
    for ids, title in (([lead.pk], _("Nhiệm vụ mới được giao")), (list(others), _("Nhiệm vụ cần phối hợp"))):
        roles = PLANNERS_AND_HEADS if ids == [lead.pk] else PLANNERS_AND_HEADS[:1]
        tell_offices(task, ids, title=title, body=body, by=by, at=at, roles=roles)
    return task


def check_due(due: dt.date | None, *, at: dt.datetime) -> None:
    """See that a new task is not late from its first day. Raises ``CannotAssign``."""
    if due is not None and due < in_vietnam(at).date():
        raise CannotAssign(_("Hạn %(due)s đã qua. Chọn hạn từ hôm nay.") % {"due": date_text(due)})


def next_number() -> int:
    """Return the number of the next task. One at a time: two who assign at once get two numbers."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, 0)", [_LOCK])
        cursor.execute(
            "select coalesce(max(substring(code from 4)::bigint), 0) + 1 from plans_task"
            " where code ~ '^NV-[0-9]{5,12}$'"
        )
        (number,) = cursor.fetchone()
    return int(number)


def code_of(number: int) -> str:
    """Return NV-00012."""
    return f"NV-{number:05d}"


def due_text(due: dt.date | None) -> str:
    """Return a due day as people write it."""
    return date_text(due) if due else _("không hạn")


def _check(task: Task) -> None:
    if not task.title or len(task.title) > LONGEST_TITLE:
        raise CannotAssign(_("Ghi việc phải làm, tối đa %(n)d chữ.") % {"n": LONGEST_TITLE})
    if task.due is not None and task.due < task.starts:
        raise CannotAssign(
            _("Hạn %(due)s đứng trước ngày bắt đầu %(starts)s. Đổi lại một trong hai ngày.")
            % {"due": date_text(task.due), "starts": date_text(task.starts)}
        )
    if len(task.product) > 500 or len(task.unit) > 30:
        raise CannotAssign(_("Sản phẩm tối đa 500 chữ, đơn vị tính tối đa 30 chữ. Viết gọn lại."))
    if task.quantity is not None and (task.quantity < 1 or not task.unit):
        raise CannotAssign(_("Ghi số lượng từ 1 và đơn vị tính, ví dụ 60 xã; hoặc bỏ trống cả hai."))
    if task.group and task.group not in labels("groups"):
        raise CannotAssign(_("Chọn một trong tám nhóm."))
    if unknown := [tag for tag in task.tags if tag not in labels("tags")]:
        raise CannotAssign(_("Chưa có nhãn “%(tag)s”. Chọn nhãn trong danh sách.") % {"tag": unknown[0]})
    if task.recurrence:
        if task.recurrence not in set(Recurrence):
            raise CannotAssign(_("Chọn lặp lại hằng tháng, hằng quý hoặc hằng năm."))
        if task.due is None:
            raise CannotAssign(_("Việc lặp lại cần có hạn của lần đầu."))
        if task.recurs_until is None or task.recurs_until < task.due:
            raise CannotAssign(_("Ghi ngày thôi lặp lại, từ hạn của lần đầu trở đi."))
    elif task.recurs_until is not None:
        raise CannotAssign(_("Chọn lặp lại theo kỳ nào, hoặc bỏ ngày thôi lặp lại."))
