"""What the acts on a task ask: progress, a report, a later due day, a reason, an office, another task, tags, words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.directory.api import Office
from tinhso.plans.forms.task_fields import (
    LINE,
    SHORT,
    DayField,
    LinesField,
    OfficeField,
    TextField,
    prepare,
)
from tinhso.plans.queries.documents import labels


class ProgressForm(forms.Form):
    """How far it is, where it hangs, and when the lead expects to be done; nobody has to confirm this."""

    use_required_attribute = False

    progress = forms.IntegerField(
        label=later("Đã làm được bao nhiêu phần trăm?"),
        min_value=0,
        max_value=100,
        widget=forms.TextInput(SHORT),
        error_messages={
            "required": later("Chưa có phần trăm. Ghi số từ 0 đến 100."),
            "invalid": later("Phần trăm là số nguyên từ 0 đến 100."),
            "min_value": later("Phần trăm từ 0 đến 100."),
            "max_value": later("Phần trăm từ 0 đến 100."),
        },
    )
    text = LinesField(
        label=later("Đã làm những gì?"),
        max_length=2_000,
        error_messages={"required": later("Chưa ghi việc đã làm. Viết một, hai câu.")},
    )
    blocker = TextField(
        label=later("Vướng ở đâu"),
        required=False,
        max_length=400,
        help_text=later("Ai cần làm gì để gỡ. Bỏ trống nếu không vướng."),
    )
    expected_on = DayField(label=later("Dự kiến xong ngày"), required=False, max_length=10)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        """Take what was posted."""
        super().__init__(data, label_suffix="", initial=initial)
        prepare(self)


class ReportForm(ProgressForm):
    """The same with the claim that the task is done, where it is; its pieces stand beside it."""

    is_final = forms.BooleanField(
        label=later("Báo đã xong cả nhiệm vụ"),
        required=False,
        help_text=later("Ban Chỉ đạo xác nhận thì nhiệm vụ mới tính là xong."),
    )


class ExtensionForm(forms.Form):
    """A later due day, and why."""

    use_required_attribute = False

    due_after = DayField(
        label=later("Xin gia hạn đến"),
        max_length=10,
        help_text=later("Sau hạn đang có, ví dụ 25/05/2022."),
        error_messages={"required": later("Chưa có ngày. Ghi ngày xin gia hạn đến.")},
    )
    reason = LinesField(
        label=later("Vì sao chưa xong được?"),
        max_length=1_000,
        error_messages={"required": later("Chưa có lý do. Viết một, hai câu.")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        """Take what was posted."""
        super().__init__(data, label_suffix="", initial=initial)
        prepare(self)


class ReasonForm(forms.Form):
    """Why. ``label`` asks; where ``required`` is False it may be left out."""

    use_required_attribute = False

    reason = LinesField(max_length=1_000)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        label: str = "",
        hint: str = "",
        required: bool = True,
        longest: int = 600,
    ) -> None:
        """Take what was posted and what the box asks."""
        super().__init__(data, label_suffix="")
        self.fields["reason"] = LinesField(
            label=label or _("Lý do"),
            help_text=hint,
            required=required,
            max_length=longest,
            error_messages={"required": _("Chưa có lý do. Viết một, hai câu.")},
        )
        prepare(self)


class AnswerExtensionForm(forms.Form):
    """Granted or refused, and why."""

    use_required_attribute = False

    outcome = forms.ChoiceField(
        label=later("Trả lời"),
        choices=(("granted", later("Cho gia hạn")), ("refused", later("Giữ hạn cũ"))),
        widget=forms.RadioSelect,
        error_messages={
            "required": later("Chưa chọn trả lời. Chọn một ô."),
            "invalid_choice": later("Chọn một trong hai ô."),
        },
    )
    reason = LinesField(
        label=later("Lý do"),
        required=False,
        max_length=600,
        help_text=later("Giữ hạn cũ thì phải ghi vì sao."),
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """Take what was posted."""
        super().__init__(data, label_suffix="")
        prepare(self)


class ReassignForm(forms.Form):
    """Another office to lead, and why."""

    use_required_attribute = False

    lead = OfficeField(
        label=later("Cơ quan chủ trì mới"),
        max_length=200,
        error_messages={"required": later("Chưa có cơ quan. Gõ vài chữ rồi chọn.")},
    )
    reason = LinesField(
        label=later("Vì sao giao lại?"),
        max_length=600,
        error_messages={"required": later("Chưa có lý do. Viết một, hai câu.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, places: Mapping[str, Office]) -> None:
        """Take what was posted and the offices to pick from."""
        super().__init__(data, label_suffix="")
        prepare(self, places)


class OtherTaskForm(forms.Form):
    """Another task, by its code, and why where it is asked for."""

    use_required_attribute = False

    code = TextField(
        label=later("Mã nhiệm vụ kia"),
        max_length=30,
        help_text=later("Ví dụ NV-00012."),
        widget=forms.TextInput({**LINE, "class": "short code"}),
        error_messages={"required": later("Chưa có mã nhiệm vụ. Ghi như NV-00012.")},
    )
    reason = LinesField(label=later("Vì sao?"), required=False, max_length=600)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, asks_reason: bool = False, **more: Any
    ) -> None:
        """Take what was posted."""
        super().__init__(data, label_suffix="", **more)
        if not asks_reason:
            del self.fields["reason"]
        prepare(self)

    def clean_code(self) -> str:
        """Return the code as it is kept."""
        return str(self.cleaned_data["code"]).upper()


class TagsForm(forms.Form):
    """The tags of a task."""

    tags = forms.MultipleChoiceField(label=later("Nhãn"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        """Take what was posted."""
        super().__init__(data, label_suffix="", initial=initial)
        box = self.fields["tags"]
        assert isinstance(box, forms.MultipleChoiceField)
        box.choices = list(labels("tags").items())
        prepare(self)


class UrgeForm(forms.Form):
    """What is said beside the usual sentence."""

    use_required_attribute = False

    text = LinesField(
        label=later("Nói thêm"),
        required=False,
        max_length=400,
        help_text=later("Tên việc và số ngày trễ đã có sẵn trong lời đôn đốc."),
    )
    also_parts = forms.BooleanField(label=later("Đôn đốc cả các việc con chưa xong"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, has_parts: bool = False) -> None:
        """Take what was posted, and whether the task has parts."""
        super().__init__(data, label_suffix="")
        if not has_parts:
            del self.fields["also_parts"]
        prepare(self)


class CommentForm(forms.Form):
    """Words to the offices of a task."""

    use_required_attribute = False

    text = LinesField(
        label=later("Viết trao đổi"),
        max_length=1_000,
        help_text=later("Cơ quan chủ trì, cơ quan phối hợp và Ban Chỉ đạo đọc được."),
        error_messages={"required": later("Chưa viết gì. Ghi một câu rồi gửi.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """Take what was posted."""
        super().__init__(data, label_suffix="")
        prepare(self)


class TrackedForm(forms.Form):
    """What is known of a service of Project 06; lead and procedures are the committee's to change."""

    use_required_attribute = False

    blocker = TextField(
        label=later("Vướng ở đâu"),
        required=False,
        max_length=400,
        help_text=later("Ai cần làm gì để gỡ. Bỏ trống nếu không vướng."),
    )
    lead = OfficeField(label=later("Cơ quan chủ trì"), required=False, max_length=200)
    procedure_codes = LinesField(
        label=later("Mã thủ tục"),
        required=False,
        max_length=1_100,
        help_text=later("Mỗi dòng một mã, ví dụ 1.001193."),
        widget=forms.Textarea({"rows": 3, "class": "short code"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        places: Mapping[str, Office],
        may_change_links: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Take what was posted, the offices to pick from, and whether lead and procedures may be changed."""
        super().__init__(data, label_suffix="", initial=initial)
        if not may_change_links:
            del self.fields["lead"], self.fields["procedure_codes"]
        prepare(self, places)
