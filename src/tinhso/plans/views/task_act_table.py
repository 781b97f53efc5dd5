"""The acts on a task: in which states each is offered, what it asks, what it says, which service does it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.forms import Form
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.directory.api import Actor
from tinhso.plans.forms.task_acts import (
    AnswerExtensionForm,
    CommentForm,
    ExtensionForm,
    OtherTaskForm,
    ProgressForm,
    ReasonForm,
    ReassignForm,
    TagsForm,
    UrgeForm,
)
from tinhso.plans.forms.tasks import PartForm
from tinhso.plans.models import Task
from tinhso.plans.permissions.tasks import MayTask
from tinhso.plans.queries.task_views import places
from tinhso.plans.services.answer_task_extension import CannotAnswerExtension, answer_task_extension
from tinhso.plans.services.ask_task_extension import CannotAskExtension, ask_task_extension
from tinhso.plans.services.assign_task import CannotAssign
from tinhso.plans.services.comment_on_task import CannotComment, comment_on_task
from tinhso.plans.services.insist_on_task import insist_on_task
from tinhso.plans.services.link_tasks import CannotLink, link_tasks
from tinhso.plans.services.make_task_public import CannotShow, make_task_public
from tinhso.plans.services.merge_tasks import CannotMerge, merge_tasks
from tinhso.plans.services.note_progress import note_progress
from tinhso.plans.services.postpone_task import postpone_task
from tinhso.plans.services.reassign_task import CannotReassign, reassign_task
from tinhso.plans.services.refuse_task import refuse_task
from tinhso.plans.services.reopen_task import reopen_task
from tinhso.plans.services.report_task import CannotReport, Progress
from tinhso.plans.services.restore_task import restore_task
from tinhso.plans.services.resume_task import resume_task
from tinhso.plans.services.split_task import split_task
from tinhso.plans.services.start_task import start_task
from tinhso.plans.services.tag_tasks import CannotTag, tag_tasks
from tinhso.plans.services.take_task_step import CannotTakeStep
from tinhso.plans.services.urge_task import CannotUrge, urge_task
from tinhso.plans.services.withdraw_task import withdraw_task
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text

REFUSALS: Final = (
    CannotAnswerExtension,
    CannotAskExtension,
    CannotAssign,
    CannotComment,
    CannotLink,
    CannotMerge,
    CannotReassign,
    CannotReport,
    CannotShow,
    CannotTag,
    CannotTakeStep,
    CannotUrge,
)
Words = str | Promise


@dataclass(slots=True)
class Press:
    """A press of a button: who, when, on which task, what was typed. ``goes_to``: the task that is shown then."""

    by: Actor
    at: dt.datetime
    task: Task
    data: Mapping[str, Any] | None
    filled: Form | None = None
    goes_to: str = ""

    @property
    def typed(self) -> dict[str, Any]:
        """Return what was typed, as the form reads it."""
        return self.filled.cleaned_data if self.filled else {}

    @property
    def common(self) -> dict[str, Any]:
        """Return what every service of one task takes."""
        return {"by": self.by, "at": self.at, "code": self.task.code}


@dataclass(frozen=True, slots=True)
class Act:
    """One act. ``may`` None: the answer to a request of extension, which has a table of its own.

    ``means``: sentences about what follows. ``is_direct``: one press without a page before it. ``box``: where a refusal
    of the service stands.
    """

    key: str
    may: MayTask | None
    label: Words
    icon: str
    title: Words
    button: Words
    press: Callable[[Press], str]
    form: Callable[[Press], Form | None] = lambda press: None
    means: Sequence[Words] = ()
    box: str = "reason"
    is_direct: bool = False
    is_stop: bool = False
    asks_office: bool = False
    shows_duplicates: bool = False

    def consequences(self, task: Task) -> list[str]:
        """Return what follows, as sentences."""
        return [str(one) for one in self.means]


def _reason(label: Words = "", hint: Words = "", *, required: bool = True) -> Callable[[Press], Form]:
    return lambda press: ReasonForm(press.data, label=str(label), hint=str(hint), required=required)


def _withdrawal(press: Press) -> Form:
    is_same_day = press.task.assigned_at.astimezone(VN).date() == press.at.astimezone(VN).date()
    hint = _("Mới giao hôm nay nên không bắt buộc.") if is_same_day else _("Cơ quan chủ trì đọc được.")
    return ReasonForm(press.data, label=_("Vì sao thu hồi?"), hint=hint, required=not is_same_day)


def _progress(press: Press) -> str:
    typed = press.typed
    note_progress(
        **press.common,
        progress=Progress(typed["text"], typed["progress"], typed["blocker"], typed["expected_on"]),
    )
    return _("Đã ghi tiến độ.")


def _ask_extension(press: Press) -> str:
    ask_task_extension(**press.common, due_after=press.typed["due_after"], reason=press.typed["reason"])
    return _("Đã xin gia hạn đến %(due)s. Chờ Trưởng ban trả lời.") % {
        "due": date_text(press.typed["due_after"])
    }


def _answer_extension(press: Press) -> str:
    waits = press.task.extensions.filter(answer="").first()
    if waits is None:
        raise NotThere
    grants = press.typed["outcome"] == "granted"
    answer_task_extension(
        by=press.by, at=press.at, extension=waits.pk, grants=grants, text=press.typed["reason"]
    )
    if not grants:
        return _("Giữ hạn cũ. Cơ quan chủ trì được báo.")
    return _("Đã gia hạn đến %(due)s. Ngày hạn đầu vẫn được ghi.") % {"due": date_text(waits.due_after)}


def _stepped(
    service: Callable[..., Task], said: Words, *, has_reason: bool = False
) -> Callable[[Press], str]:
    def press_it(press: Press) -> str:
        service(**press.common, **({"reason": press.typed["reason"]} if has_reason else {}))
        return str(said)

    return press_it


def _reassign(press: Press) -> str:
    task = reassign_task(**press.common, lead=press.typed["lead"], reason=press.typed["reason"])
    return _("Đã giao %(office)s chủ trì.") % {"office": task.lead.short_name}


def _merge(press: Press) -> str:
    other = merge_tasks(**press.common, into=press.typed["code"], reason=press.typed["reason"])
    press.goes_to = other.code
    return _("Đã gộp %(code)s vào việc này.") % {"code": press.task.code}


def _urge(press: Press) -> str:
    times = urge_task(
        **press.common, text=press.typed["text"], also_parts=press.typed.get("also_parts", False)
    )
    return _("Đã đôn đốc lần %(n)d.") % {"n": times}


def _link(press: Press) -> str:
    link_tasks(**press.common, needed=press.typed["code"])
    return _("Đã ghi: việc này chờ %(code)s xong trước.") % {"code": press.typed["code"]}


def _unlink(press: Press) -> str:
    needed = str((press.data or {}).get("can", ""))
    link_tasks(**press.common, needed=needed, is_needed=False)
    return _("Việc này không phải chờ %(code)s nữa.") % {"code": needed}


def _tags(press: Press) -> str:
    wanted = press.typed["tags"]
    tag_tasks(
        by=press.by,
        at=press.at,
        codes=[press.task.code],
        add=wanted,
        remove=[tag for tag in press.task.tags if tag not in wanted],
    )
    return _("Đã đổi nhãn.")


def _public(press: Press) -> str:
    task = make_task_public(**press.common, is_public=not press.task.is_public)
    return _("Đã nêu trên trang tiến độ.") if task.is_public else _("Đã thôi nêu trên trang tiến độ.")


def _comment(press: Press) -> str:
    comment_on_task(**press.common, text=press.typed["text"])
    return _("Đã gửi trao đổi.")


def _part(press: Press) -> str:
    typed = press.typed
    part = split_task(
        **press.common,
        title=typed["title"],
        lead=typed["lead"],
        due=typed["due"],
        product=typed["product"],
        quantity=typed["quantity"],
    )
    return _("Đã giao việc con %(code)s cho %(office)s.") % {
        "code": part.code,
        "office": part.lead.short_name,
    }


def _needed(task: Task) -> dict[str, str]:
    return {"progress": str(task.progress), "blocker": task.blocker}


_TABLE: Final = (
    Act("bat-dau", MayTask.START, later("Bắt đầu thực hiện"), "arrow-right", later("Bắt đầu thực hiện?"),
        later("Bắt đầu thực hiện"), _stepped(start_task, later("Đã bắt đầu thực hiện.")), is_direct=True),
    Act("tien-do", MayTask.REPORT, later("Ghi tiến độ"), "pencil", later("Ghi tiến độ"), later("Ghi tiến độ"), _progress,
        lambda p: ProgressForm(p.data, initial=_needed(p.task)), box="text",
        means=(later("Không cần ai xác nhận. Báo phần đã xong kèm bằng chứng thì dùng Báo cáo."),)),
    Act("gia-han", MayTask.ASK_EXTENSION, later("Xin gia hạn"), "hourglass", later("Xin gia hạn"), later("Gửi Trưởng ban"),
        _ask_extension, lambda p: ExtensionForm(p.data), box="due_after",
        means=(later("Chỉ Trưởng ban quyết định."), later("Được gia hạn vẫn ghi ngày hạn đầu và số ngày đã trễ."))),
    Act("tra-loi-gia-han", None, later("Trả lời xin gia hạn"), "gavel", later("Trả lời xin gia hạn"), later("Gửi trả lời"),
        _answer_extension, lambda p: AnswerExtensionForm(p.data),
        means=(later("Được gia hạn vẫn ghi ngày hạn đầu và số ngày đã trễ."),)),
    Act("tam-hoan", MayTask.POSTPONE, later("Tạm hoãn"), "circle-pause", later("Tạm hoãn nhiệm vụ"), later("Tạm hoãn"),
        _stepped(postpone_task, later("Đã tạm hoãn."), has_reason=True),
        _reason(later("Vì sao tạm hoãn?")), means=(later("Hạn vẫn chạy. Muốn dời hạn thì cơ quan chủ trì xin gia hạn."),)),
    Act("tiep-tuc", MayTask.RESUME, later("Cho thực hiện tiếp"), "arrow-right", later("Cho thực hiện tiếp?"),
        later("Cho thực hiện tiếp"), _stepped(resume_task, later("Đã cho thực hiện tiếp.")), is_direct=True),
    Act("tu-choi", MayTask.REFUSE, later("Từ chối"), "circle-x", later("Từ chối nhiệm vụ"), later("Từ chối"),
        _stepped(refuse_task, later("Đã gửi lý do từ chối cho Ban Chỉ đạo."), has_reason=True),
        _reason(later("Vì sao không nhận?")), is_stop=True,
        means=(later("Thư ký Ban Chỉ đạo sẽ yêu cầu thực hiện, giao cơ quan khác hoặc thu hồi."),
               later("Hạn vẫn chạy."))),
    Act("yeu-cau", MayTask.INSIST, later("Yêu cầu thực hiện"), "gavel", later("Yêu cầu thực hiện"),
        later("Yêu cầu thực hiện"),
        _stepped(insist_on_task, later("Đã yêu cầu thực hiện."), has_reason=True),
        _reason(later("Vì sao vẫn phải làm?"))),
    Act("mo-lai", MayTask.REOPEN, later("Mở lại"), "rotate-cw", later("Mở lại nhiệm vụ đã xong"), later("Mở lại"),
        _stepped(reopen_task, later("Đã mở lại. Cơ quan chủ trì được báo."), has_reason=True),
        _reason(later("Cần làm thêm gì?")), means=(later("Phần đã xác nhận giữ nguyên. Nhiệm vụ lại tính là chưa xong."),)),
    Act("thu-hoi", MayTask.WITHDRAW, later("Thu hồi"), "undo-2", later("Thu hồi nhiệm vụ"), later("Thu hồi"),
        _stepped(withdraw_task, later("Đã thu hồi. Khôi phục được bất cứ lúc nào."), has_reason=True), _withdrawal,
        is_stop=True,
        means=(later("Việc con chưa xong thu hồi cùng."), later("Không còn trong số liệu nào, nhưng vẫn xem được."))),
    Act("khoi-phuc", MayTask.RESTORE, later("Khôi phục"), "rotate-cw", later("Khôi phục nhiệm vụ?"),
        later("Khôi phục nhiệm vụ"),
        _stepped(restore_task, later("Đã khôi phục. Cơ quan chủ trì được báo.")), is_direct=True),
    Act("giao-lai", MayTask.REASSIGN, later("Giao cơ quan khác"), "users", later("Giao cơ quan khác chủ trì"),
        later("Giao cơ quan này"), _reassign,
        lambda p: ReassignForm(p.data, places=places(p.at.astimezone(VN).date())), box="lead", asks_office=True,
        means=(later("Hạn, báo cáo, lịch sử giữ nguyên. Cả hai cơ quan được báo."),)),
    Act("gop", MayTask.MERGE, later("Gộp việc trùng"), "layers", later("Gộp vào nhiệm vụ trùng"), later("Gộp"), _merge,
        lambda p: OtherTaskForm(p.data, asks_reason=True), box="code", shows_duplicates=True, is_stop=True,
        means=(later("Chỉ nhiệm vụ kia còn được theo dõi và đếm."),
               later("Cơ quan của việc này thành cơ quan phối hợp ở việc kia."),
               later("Gộp nhầm thì khôi phục việc này."))),
    Act("don-doc", MayTask.URGE, later("Đôn đốc"), "bell", later("Đôn đốc"), later("Gửi đôn đốc"), _urge,
        lambda p: UrgeForm(p.data, has_parts=p.task.children.exists()), box="text",
        means=(later("Gửi cán bộ và người đứng đầu của cơ quan chủ trì, cơ quan phối hợp."),
               later("Mỗi người đôn đốc một việc một lần mỗi ngày."))),
    Act("viec-con", MayTask.SPLIT, later("Chia việc con"), "plus", later("Giao việc con"), later("Giao việc con"), _part,
        lambda p: PartForm(p.data, places=places(p.at.astimezone(VN).date()), unit=p.task.unit), box="title",
        asks_office=True,
        means=(later("Phần của việc con cộng vào việc chung, không đếm hai lần."),)),
    Act("cho-viec", MayTask.LINK, later("Chờ việc khác"), "link", later("Phải chờ việc khác xong trước"), later("Ghi"), _link,
        lambda p: OtherTaskForm(p.data), box="code",
        means=(later("Chưa xong việc kia thì không báo hoàn thành việc này được."),)),
    Act("bo-cho-viec", MayTask.LINK, later("Bỏ chờ"), "x", later("Bỏ chờ việc khác?"), later("Bỏ chờ"), _unlink,
        is_direct=True),
    Act("nhan", MayTask.TAG, later("Đổi nhãn"), "pencil", later("Nhãn của nhiệm vụ"), later("Lưu nhãn"), _tags,
        lambda p: TagsForm(p.data, initial={"tags": p.task.tags}), box="tags"),
    Act("cong-khai", MayTask.PUBLISH, later("Công khai"), "eye", later("Nêu trên trang tiến độ công khai?"),
        later("Đổi"), _public, is_direct=True),
    Act("trao-doi", MayTask.COMMENT, later("Viết trao đổi"), "message-square", later("Trao đổi"), later("Gửi"), _comment,
        lambda p: CommentForm(p.data), box="text"),
)  # fmt: skip
ACTS: Final[Mapping[str, Act]] = {act.key: act for act in _TABLE}
