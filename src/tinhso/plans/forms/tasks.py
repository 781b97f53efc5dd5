"""A task to be given: with everything that belongs to it, in a meeting, or as a part of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

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
    OfficesField,
    TextField,
    prepare,
)
from tinhso.plans.queries.documents import labels

Choices = Sequence[tuple[str, str]]
RECURRENCES: Final = {
    "monthly": later("Hằng tháng"),
    "quarterly": later("Hằng quý"),
    "yearly": later("Hằng năm"),
}


class TaskForm(forms.Form):
    """Everything of a task to be given."""

    use_required_attribute = False

    title = TextField(
        label=later("Việc phải làm"),
        max_length=300,
        help_text=later("Bắt đầu bằng động từ, ví dụ: Nối mạng chuyên dùng cấp II cho 60 xã, đợt 1."),
        error_messages={"required": later("Chưa có việc phải làm. Ghi một câu.")},
    )
    lead = OfficeField(
        label=later("Cơ quan chủ trì"),
        max_length=200,
        help_text=later("Một cơ quan chịu trách nhiệm. Gõ vài chữ rồi chọn."),
        error_messages={"required": later("Chưa có cơ quan chủ trì. Gõ vài chữ rồi chọn.")},
    )
    due = DayField(
        label=later("Hạn"),
        required=False,
        max_length=10,
        help_text=later("Ví dụ 20/05/2022. Bỏ trống là không hạn."),
    )
    product = TextField(
        label=later("Sản phẩm phải có"),
        required=False,
        max_length=500,
        help_text=later("Xem vào là biết đã xong, ví dụ: 60 biên bản nghiệm thu."),
    )
    partners = OfficesField(
        label=later("Cơ quan phối hợp"),
        required=False,
        max_length=4_000,
        help_text=later("Mỗi dòng một cơ quan, ghi một phần tên cũng được."),
    )
    starts = DayField(
        label=later("Bắt đầu từ"), required=False, max_length=10, help_text=later("Bỏ trống là hôm nay.")
    )
    quantity = forms.IntegerField(
        label=later("Số lượng phải đạt"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=later("Khi việc đếm được, ví dụ 60."),
        widget=forms.TextInput(SHORT),
        error_messages={"invalid": later("Số lượng là số nguyên, ví dụ 60.")},
    )
    unit = TextField(
        label=later("Đơn vị tính"),
        required=False,
        max_length=30,
        help_text=later("Ví dụ: xã."),
        widget=forms.TextInput({**LINE, "class": "short"}),
    )
    description = LinesField(label=later("Nói rõ thêm"), required=False, max_length=5_000)
    group = forms.ChoiceField(label=later("Nhóm"), required=False, widget=forms.Select({"class": "mid"}))
    target = forms.ChoiceField(label=later("Thuộc chỉ tiêu"), required=False)
    directive_item = forms.ChoiceField(label=later("Theo chỉ đạo"), required=False)
    plan_item = forms.ChoiceField(label=later("Theo mục của kế hoạch"), required=False)
    tags = forms.MultipleChoiceField(label=later("Nhãn"), required=False, widget=forms.CheckboxSelectMultiple)
    recurrence = forms.ChoiceField(
        label=later("Lặp lại"), required=False, widget=forms.Select({"class": "mid"})
    )
    recurs_until = DayField(
        label=later("Lặp lại đến ngày"),
        required=False,
        max_length=10,
        help_text=later("Chỉ ghi khi có lặp lại."),
    )
    is_priority = forms.BooleanField(label=later("Việc gấp, xếp lên đầu"), required=False)
    is_public = forms.BooleanField(
        label=later("Nêu trên trang tiến độ công khai"),
        required=False,
        help_text=later("Người dân đọc được tên việc, cơ quan chủ trì, hạn và kết quả."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        places: Mapping[str, Office],
        targets: Choices = (),
        directives: Choices = (),
        plan_items: Choices = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Take what was posted, the offices to pick from, and what a task may belong to."""
        super().__init__(data, label_suffix="", initial=initial)
        none = [("", _("Không"))]
        for name, choices in (
            ("group", [("", _("Chưa xếp nhóm")), *labels("groups").items()]),
            ("target", [*none, *targets]),
            ("directive_item", [*none, *directives]),
            ("plan_item", [*none, *plan_items]),
            ("tags", list(labels("tags").items())),
            ("recurrence", [*none, *RECURRENCES.items()]),
        ):
            box = self.fields[name]
            assert isinstance(box, forms.ChoiceField)
            box.choices = choices
        prepare(self, places)

    def clean(self) -> dict[str, Any]:
        """Say where two boxes do not fit each other."""
        found = self.cleaned_data
        if bool(found.get("quantity")) != bool(found.get("unit")) and not self.errors:
            name = "unit" if found.get("quantity") else "quantity"
            self.add_error(name, _("Ghi cả số lượng và đơn vị tính, hoặc bỏ trống cả hai."))
        return found


class QuickTaskForm(forms.Form):
    """What one types while the meeting goes on: the work, who leads, until when, and what must lie on the table."""

    use_required_attribute = False

    title = TextField(
        label=later("Việc phải làm"),
        max_length=300,
        error_messages={"required": later("Chưa có việc phải làm. Ghi một câu.")},
    )
    lead = OfficeField(
        label=later("Cơ quan chủ trì"),
        max_length=200,
        error_messages={"required": later("Chưa có cơ quan chủ trì. Gõ vài chữ rồi chọn.")},
    )
    due = DayField(
        label=later("Hạn"),
        max_length=10,
        help_text=later("Ví dụ 20/05/2022."),
        error_messages={"required": later("Chưa có hạn. Ghi ngày phải xong, ví dụ 20/05/2022.")},
    )
    product = TextField(label=later("Sản phẩm phải có"), required=False, max_length=500)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        places: Mapping[str, Office],
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Take what was posted and the offices to pick from."""
        super().__init__(data, label_suffix="", initial=initial)
        prepare(self, places)


class PartForm(forms.Form):
    """A part of a task (việc con)."""

    use_required_attribute = False

    title = TextField(
        label=later("Việc con"),
        max_length=300,
        error_messages={"required": later("Chưa có việc con. Ghi một câu.")},
    )
    lead = OfficeField(
        label=later("Ai làm"),
        max_length=200,
        error_messages={"required": later("Chưa có cơ quan làm. Gõ vài chữ rồi chọn.")},
    )
    due = DayField(
        label=later("Hẹn xong"),
        max_length=10,
        required=False,
        help_text=later("Không sau hạn của việc chung."),
    )
    quantity = forms.IntegerField(
        label=later("Số lượng"),
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text=later("Phần của việc chung, ví dụ 9."),
        widget=forms.TextInput(SHORT),
        error_messages={"invalid": later("Số lượng là số nguyên, ví dụ 9.")},
    )
    product = TextField(label=later("Sản phẩm phải có"), required=False, max_length=500)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, places: Mapping[str, Office], unit: str = ""
    ) -> None:
        """Take what was posted, the offices to pick from, and in what the whole is counted, if it is."""
        super().__init__(data, label_suffix="")
        if unit:
            self.fields["quantity"].label = _("Số %(unit)s") % {"unit": unit}
        else:
            del self.fields["quantity"]
        prepare(self, places)

    def clean(self) -> dict[str, Any]:
        """Give no quantity where the whole is not counted in pieces."""
        self.cleaned_data.setdefault("quantity", None)
        return self.cleaned_data
