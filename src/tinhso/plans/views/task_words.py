"""Which act leads on one's page of a task, which stand beside it, and the sentence about what opens the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.plans.lifecycle import TaskState
from tinhso.plans.permissions import CHAIR, COMMITTEE, own_offices
from tinhso.plans.permissions.tasks import MayTask
from tinhso.plans.queries.task_page import TaskPage
from tinhso.plans.rules.deadlines import Deadline
from tinhso.plans.views.task_act_table import ACTS, Act

#: The acts of those who report, and of those who steer, in the order in which one of them becomes the main one.
_MAIN: Final = ("khoi-phuc", "yeu-cau", "tiep-tuc", "bat-dau")
_BESIDE: Final = ("don-doc", "gia-han", "tien-do", "giao-lai")
#: The acts that stand in the list beneath, where they are not in the bar.
_MORE: Final = (
    *("tien-do", "gia-han", "viec-con", "don-doc", "giao-lai", "tam-hoan", "gop", "cho-viec", "nhan"),
    *("cong-khai", "mo-lai", "tu-choi", "thu-hoi"),
)
_MOST_BESIDE: Final = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar of acts: ``answers``: the main button answers the report; ``reports``: it leads to the report.

    ``main`` None with neither: nothing leads on for this reader now.
    """

    answers: bool
    reports: bool
    main: Act | None
    beside: Sequence[Act]
    stop: Act | None
    more: Sequence[Act]
    why: str


def bar_of(by: Actor, page: TaskPage) -> Bar:
    """Return the bar for one reader: one main button, at most two beside it, and one that stops."""
    offered = {act.key: act for act in ACTS.values() if act.may in page.offered}
    answers = page.may_answer_report
    reports = not answers and MayTask.REPORT in page.offered and page.waiting_report is None
    main: Act | None = None
    if not answers:
        if page.may_answer_extension:
            main = ACTS["tra-loi-gia-han"]
        else:
            main = next((offered[key] for key in _MAIN if key in offered), None)
    is_late = page.row.deadline is Deadline.OVERDUE
    if main is None and not answers and not reports and is_late:
        main = offered.get("don-doc")
    if main is None and not (answers or reports):
        main = offered.get("trao-doi")
    if main is not None and reports and main.key != "bat-dau":
        reports = False
    beside = [offered[key] for key in _BESIDE if key in offered and offered[key] is not main][:_MOST_BESIDE]
    if answers and page.may_answer_extension:
        beside = [ACTS["tra-loi-gia-han"], *beside][:_MOST_BESIDE]
    stop = None if answers else offered.get("tu-choi")
    shown = {act.key for act in (*beside, *([main] if main else ()), *([stop] if stop else ()))}
    return Bar(
        answers=answers,
        reports=reports,
        main=main,
        beside=beside,
        stop=stop,
        more=[offered[key] for key in _MORE if key in offered and key not in shown],
        why=_why(by, page),
    )


def _why(by: Actor, page: TaskPage) -> str:
    """Return what opens the next act, or what the reader is waiting for."""
    state = TaskState(page.row.task.state)
    is_lead, steers = page.row.task.lead_id in own_offices(by), by.holds(*COMMITTEE)
    if page.waiting_extension is not None and not page.may_answer_extension:
        return (
            _("Gia hạn: chỉ Trưởng ban quyết định.")
            if not by.holds(*CHAIR)
            else _("Gia hạn: người xin không tự trả lời được.")
        )
    if page.waiting_report is not None and not page.may_answer_report:
        if steers:
            return _("Người báo không tự xác nhận được. Người khác trong Ban Chỉ đạo xác nhận.")
        return _("Báo cáo đang chờ Ban Chỉ đạo xác nhận.")
    if page.waiting_report is not None:
        return _("Mỗi bằng chứng một kết luận. Trả lại thì phải ghi lý do.")
    if state is TaskState.DONE:
        return _("Đã xong. Cần làm thêm thì Ban Chỉ đạo mở lại.")
    if state is TaskState.WITHDRAWN:
        return _("Đã thu hồi, không còn trong số liệu nào.")
    if state is TaskState.REFUSED:
        return _("Chờ thư ký yêu cầu thực hiện, giao cơ quan khác hoặc thu hồi.")
    if state is TaskState.POSTPONED:
        return _("Đang tạm hoãn, hạn vẫn chạy. Ban Chỉ đạo cho thực hiện tiếp.")
    if is_lead:
        blocked = [tied.task.code for tied in page.needs if tied.is_open]
        if blocked:
            return _("Báo hoàn thành: mở khi %(codes)s xong.") % {"codes": ", ".join(blocked[:3])}
        if page.left:
            return _("Báo hoàn thành: mở khi đủ bằng chứng cho %(n)d %(unit)s còn lại.") % {
                "n": page.left,
                "unit": page.row.task.unit,
            }
        return _("Báo cáo được người khác xác nhận thì mới tính.")
    return _("Xác nhận: mở khi cơ quan chủ trì báo cáo.") if steers else ""
