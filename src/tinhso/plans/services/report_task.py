"""Report pieces that are done, or that a task is done, with evidence; somebody else answers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.documents.api import StoredFile
from tinhso.journal.api import announce
from tinhso.plans.events.tasks import TaskProgressNoted, TaskReported
from tinhso.plans.lifecycle import TaskState, TaskVerb
from tinhso.plans.models import Evidence, History, Task, TaskReport
from tinhso.plans.permissions.tasks import TASKS, MayTask
from tinhso.plans.queries.task_parts import open_needs, open_parts, pieces_done, pieces_left
from tinhso.plans.queries.tasks import state_words
from tinhso.plans.rules.tasks import REPORTABLE
from tinhso.plans.services.take_task_step import take_step
from tinhso.plans.services.tell_task import tell_committee

MOST_CLAIMS: Final = 200
LONGEST: Final = {"text": 2000, "blocker": 400, "label": 250, "link": 300, "file_name": 200}
_OWN_PATH: Final = re.compile(r"/([^/\\]|$)")


class CannotReport(ValueError):
    """It cannot be reported so; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a report says: words, percent (None: reckoned from the pieces), where it hangs, when it will be done."""

    text: str
    percent: int | None = None
    blocker: str = ""
    expected_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of evidence: what it shows, how many pieces it claims, its paper or an address on this platform."""

    label: str
    quantity: int = 0
    file: StoredFile | None = None
    file_name: str = ""
    link: str = ""


@transaction.atomic
def report_task(
    *,
    by: Actor,
    at: dt.datetime,
    code: str,
    progress: Progress,
    claims: Sequence[Claim] = (),
    is_final: bool = False,
) -> TaskReport:
    """Report a task that an own office leads; a claim, and a final report, wait for an answer by somebody else.

    A task that was not begun is begun by it. A final report is refused while another task that this one needs is not
    done, while a part is open, and while pieces are missing. Raises ``NotThere``, ``CannotReport``.
    """
    if not claims and not is_final:
        raise CannotReport(_("Thêm ít nhất một bằng chứng, hoặc ghi tiến độ mà không cần xác nhận."))
    return write_report(by=by, at=at, code=code, said=progress, claims=claims, is_final=is_final)


def write_report(
    *, by: Actor, at: dt.datetime, code: str, said: Progress, claims: Sequence[Claim], is_final: bool
) -> TaskReport:
    """Write a report: ``note_progress`` and ``report_task`` call it in their transactions. Raises like them."""
    task = TASKS.one(by, MayTask.REPORT, code=code)
    if task.state not in REPORTABLE:
        raise CannotReport(
            _("Nhiệm vụ đang ở trạng thái “%(state)s” nên chưa báo cáo được.")
            % {"state": state_words(task.state)}
        )
    waits = bool(claims) or is_final
    _check_words(said, claims)
    if waits:
        _check_claims(task, claims, is_final=is_final)
    if task.state == TaskState.NOT_STARTED:
        take_step(task, TaskVerb.START, by=by, at=at, what=_("Bắt đầu thực hiện"))
    pieces = sum(claim.quantity for claim in claims)
    report = TaskReport.objects.create(
        task=task,
        is_final=is_final,
        progress=_percent(task, said, pieces, is_final=is_final),
        text=said.text.strip(),
        blocker=said.blocker.strip(),
        expected_on=said.expected_on,
        reported_by_id=by.account_id,
        reported_at=at,
        answer="" if waits else "noted",
    )
    Evidence.objects.bulk_create(
        Evidence(
            report=report,
            label=claim.label.strip(),
            quantity=claim.quantity,
            file=claim.file,
            file_name=claim.file_name,
            link=claim.link.strip(),
        )
        for claim in claims
    )
    _write_task(task, report, pieces, len(claims), by=by, at=at)
    return report


def _write_task(
    task: Task, report: TaskReport, pieces: int, papers: int, *, by: Actor, at: dt.datetime
) -> None:
    before = task.progress
    task.progress, task.blocker = report.progress, report.blocker
    if report.is_final:
        take_step(
            task, TaskVerb.REPORT_DONE, by=by, at=at, what=_("Báo hoàn thành"), reason=report.text[:1000]
        )
    else:
        task.save(update_fields=["progress", "blocker"])
        said = _("%(n)d %(unit)s, %(papers)d bằng chứng") % {"n": pieces, "unit": task.unit, "papers": papers}
        History.objects.record(
            task.about,
            _("Báo tiến độ"),
            by=by,
            at=at,
            before=f"{before} %",
            after=f"{task.progress} %" + (f", {said}" if pieces else ""),
            reason=report.text[:1000],
        )
    if report.answer:
        announce(TaskProgressNoted(task.code, report.pk, report.progress), about=task.about, by=by, at=at)
        return
    announce(TaskReported(task.code, report.pk, report.is_final, pieces), about=task.about, by=by, at=at)
    tell_committee(
        task,
        title=_("Báo cáo chờ xác nhận"),
        body=_("%(task)s: có báo cáo mới, đang chờ xác nhận.") % {"task": task.title},
        by=by,
        at=at,
    )


def _check_words(said: Progress, claims: Sequence[Claim]) -> None:
    if not said.text.strip() or len(said.text) > LONGEST["text"] or len(said.blocker) > LONGEST["blocker"]:
        raise CannotReport(_("Ghi việc đã làm, tối đa 2.000 chữ; chỗ vướng tối đa 400 chữ."))
    if said.percent is not None and not 0 <= said.percent <= 100:
        raise CannotReport(_("Tiến độ là một số từ 0 đến 100."))
    if len(claims) > MOST_CLAIMS:
        raise CannotReport(
            _("Một báo cáo có tối đa %(n)d bằng chứng. Chia làm nhiều lần.") % {"n": MOST_CLAIMS}
        )
    for claim in claims:
        if not claim.label.strip() or len(claim.label) > LONGEST["label"]:
            raise CannotReport(_("Ghi mỗi bằng chứng cho thấy điều gì, tối đa 250 chữ."))
        if claim.file is None and not claim.link.strip():
            raise CannotReport(
                _("Gửi kèm giấy tờ hoặc đường dẫn cho “%(label)s”.") % {"label": claim.label.strip()}
            )
        if claim.link.strip() and not (
            _OWN_PATH.match(claim.link.strip()) and len(claim.link) <= LONGEST["link"]
        ):
            raise CannotReport(
                _("Đường dẫn của “%(label)s” phải là một trang của hệ thống này, bắt đầu bằng dấu /.")
                % {"label": claim.label.strip()}
            )


def _check_claims(task: Task, claims: Sequence[Claim], *, is_final: bool) -> None:
    if TaskReport.objects.filter(task=task, answer="").exists():
        raise CannotReport(_("Báo cáo trước còn chờ xác nhận. Chờ trả lời rồi báo tiếp."))
    left, claimed = pieces_left(task), sum(claim.quantity for claim in claims)
    if any(claim.quantity < 0 for claim in claims) or claimed > left:
        raise CannotReport(
            _("Chỉ còn %(n)d %(unit)s chưa báo, bằng chứng ghi %(claimed)d. Sửa lại số lượng.")
            % {"n": left, "unit": task.unit or _("đơn vị"), "claimed": claimed}
        )
    if not is_final:
        return
    for needed in open_needs(task)[:1]:
        raise CannotReport(
            _("Nhiệm vụ này cần “%(task)s” (%(code)s) xong trước.")
            % {"task": needed.title, "code": needed.code}
        )
    for part in open_parts(task)[:1]:
        raise CannotReport(
            _("Việc con “%(task)s” của %(office)s chưa xong. Chờ xong hoặc thu hồi việc con ấy trước.")
            % {"task": part.title, "office": part.lead.short_name}
        )
    if left > claimed:
        raise CannotReport(
            _("Còn %(n)d %(unit)s chưa có bằng chứng. Thêm bằng chứng, hoặc báo tiến độ phần đã xong.")
            % {"n": left - claimed, "unit": task.unit}
        )
    shown = Evidence.objects.filter(report__task=task, answer="confirmed").exists()
    if not claims and not shown and not task.children.filter(state=TaskState.DONE).exists():
        raise CannotReport(_("Gửi kèm ít nhất một bằng chứng: sản phẩm, văn bản hoặc đường dẫn."))


def _percent(task: Task, said: Progress, pieces: int, *, is_final: bool) -> int:
    if is_final:
        return 100
    if task.quantity:
        return min(100, (pieces_done(task) + pieces) * 100 // task.quantity)
    return task.progress if said.percent is None else said.percent
