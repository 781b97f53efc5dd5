"""Issue the conclusion of a meeting: it is a directive, and its lines are tasks at once."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.plans.events.reviews import ConclusionIssued
from tinhso.plans.models import Conclusion, ConclusionLine, Directive, DirectiveItem, History
from tinhso.plans.permissions.reviews import CONCLUSIONS, MayConclude
from tinhso.plans.queries.documents import document
from tinhso.plans.queries.plan_people import people_told
from tinhso.plans.rules.directives import ItemKind, NewItem
from tinhso.plans.services.assign_task import LONGEST_TITLE, CannotAssign, assign_task
from tinhso.plans.services.call_meeting import page_of_meeting
from tinhso.plans.services.enter_directive import CannotEnter, enter_directive
from tinhso.plans.services.tell_committee import tell_people
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.working_time import in_vietnam

LONGEST_NUMBER: Final = 80


class CannotIssue(ValueError):
    """The conclusion cannot be issued; the sentence says what to mend, ``line`` which line, from 1 on."""

    def __init__(self, sentence: str, line: int = 0) -> None:
        """Keep the line beside the sentence."""
        super().__init__(sentence)
        self.line = line


@transaction.atomic
def issue_conclusion(*, by: Actor, at: dt.datetime, conclusion: int, number: str) -> Conclusion:
    """Enter the notice as a directive, assign each line with a lead office as a task, and tell these offices.

    A line without a lead stays words. Afterwards nothing of the notice is edited: what is wrong is put right by another
    notice, and a task is undone by withdrawing it. Raises ``NotThere`` for others than the chair and once it was
    issued, and ``CannotIssue``.
    """
    row = CONCLUSIONS.one(by, MayConclude.ISSUE, pk=conclusion)
    today, number = in_vietnam(at).date(), tidy(visible(number))
    lines = list(row.lines.select_related("lead").order_by("ordinal"))
    _check(row, number, lines, today)
    directive = _entered(by, at, row, number, lines)
    tasks = []
    for line, item in zip(lines, directive.items.order_by("ordinal"), strict=True):
        if line.lead is not None:
            tasks.append(_assigned(by, at, line, item))
    row.number, row.issued_at, row.issued_by_id = number, at, by.account_id
    row.directive = directive
    row.save()
    History.objects.record(
        row.meeting.about,
        _("Ban hành kết luận"),
        by=by,
        at=at,
        after=_("%(number)s, %(n)d nhiệm vụ") % {"number": number, "n": len(tasks)},
    )
    announce(
        ConclusionIssued(row.pk, number, directive.pk, tuple(tasks)), about=row.meeting.about, by=by, at=at
    )
    leads = {line.lead_id for line in lines if line.lead_id}
    told = {person for people in people_told(leads, today).values() for person in people}
    tell_people(
        sorted(told - {by.person_id or 0}),
        title=_("Kết luận mới giao việc cho cơ quan"),
        body=_("%(number)s: %(title)s.") % {"number": number, "title": row.meeting.title},
        link=f"{page_of_meeting(row.meeting)}ket-luan/",
        at=at,
    )
    return row


def _check(row: Conclusion, number: str, lines: list[ConclusionLine], today: dt.date) -> None:
    if not number:
        raise CannotIssue(_("Ghi số thông báo, ví dụ 62/TB-BCĐ."))
    if len(number) > LONGEST_NUMBER:
        raise CannotIssue(_("Số thông báo dài quá %(n)d chữ. Xem lại số.") % {"n": LONGEST_NUMBER})
    if not row.opening:
        raise CannotIssue(_("Viết lời mở đầu trước khi ban hành."))
    if not lines:
        raise CannotIssue(_("Kết luận chưa có việc nào. Thêm việc rồi ban hành."))
    for place, line in enumerate(lines, 1):
        if line.lead is not None and line.due is not None and line.due < today:
            raise CannotIssue(_("Việc %(n)d đã quá hạn. Đổi hạn rồi ban hành.") % {"n": place}, place)


def _entered(
    by: Actor, at: dt.datetime, row: Conclusion, number: str, lines: list[ConclusionLine]
) -> Directive:
    said = document("review_figures")["conclusion"]
    try:
        return enter_directive(
            by=by,
            at=at,
            number=number,
            kind=said["kind"],
            issued_on=in_vietnam(at).date(),
            issuer=said["issuer"],
            summary=_("Kết luận %(title)s") % {"title": row.meeting.title},
            received_at=at,
            items=[NewItem(ItemKind.TASK, line.text) for line in lines],
        )
    except CannotEnter as refused:
        raise CannotIssue(str(refused)) from refused


def _assigned(by: Actor, at: dt.datetime, line: ConclusionLine, item: DirectiveItem) -> int:
    """Assign one line, link both ways, and return the task's number."""
    assert line.lead is not None
    is_long = len(line.text) > LONGEST_TITLE
    try:
        task = assign_task(
            by=by,
            at=at,
            title=f"{line.text[: LONGEST_TITLE - 1]}…" if is_long else line.text,
            description=line.text if is_long else "",
            lead=line.lead,
            partners=list(Office.objects.filter(pk__in=line.partners).order_by("sort_key", "pk")),
            due=line.due,
            product=line.product,
            directive_item=item,
        )
    except CannotAssign as refused:
        raise CannotIssue(
            _("Việc %(n)d: %(why)s") % {"n": line.ordinal, "why": refused}, line.ordinal
        ) from refused
    line.task = task
    line.save(update_fields=["task"])
    return task.pk
