"""What comes from the pages of steering bodies: a body, a seat, its end, a work plan, a line of the log, posts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.plans.forms.directives import SHORT, PlainForm, choose
from tinhso.plans.forms.task_fields import DayField, LinesField, OfficeField, TextField
from tinhso.plans.queries.bodies import duty_label
from tinhso.plans.queries.documents import labels
from tinhso.toolkit.text import tidy, visible

_HOURS = re.compile(r"\d{1,3}(?:[.,]\d)?")


class HoursField(forms.CharField):
    """Working hours typed as 4 or 4,5, given as a ``Decimal``, or None."""

    widget = forms.TextInput({**SHORT, "inputmode": "decimal"})

    def clean(self, value: Any) -> Decimal | None:
        """Return the hours. Raises ``ValidationError``."""
        text = tidy(visible(str(super().clean(value))))
        if not text:
            return None
        if not _HOURS.fullmatch(text):
            raise forms.ValidationError(_("Số giờ viết như 4 hoặc 4,5. Gõ lại."))
        return Decimal(text.replace(",", "."))


class FoundForm(PlainForm):
    """A body to be set up."""

    kind = forms.ChoiceField(
        label=later("Lập gì"),
        widget=forms.RadioSelect,
        error_messages={"required": later("Chưa chọn lập gì. Chọn một ô.")},
    )
    office = OfficeField(
        label=later("Của cơ quan"),
        max_length=200,
        help_text=later("Gõ vài chữ rồi chọn."),
        error_messages={"required": later("Chưa có cơ quan. Gõ vài chữ rồi chọn.")},
    )
    name = TextField(
        label=later("Tên"),
        max_length=200,
        help_text=later("Như trong quyết định, ví dụ: Ban Chỉ đạo chuyển đổi số Sở Y tế."),
        error_messages={"required": later("Chưa có tên. Ghi như trong quyết định.")},
    )
    decision_number = TextField(
        label=later("Quyết định số"),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off", "class": "mid"}),
        error_messages={"required": later("Chưa có số quyết định thành lập.")},
    )
    decision_date = DayField(
        label=later("Ngày ký quyết định"),
        max_length=10,
        help_text=later("Ví dụ 18/04/2022."),
        error_messages={"required": later("Chưa có ngày ký. Viết như 18/04/2022.")},
    )
    valid_from = DayField(
        label=later("Làm việc từ"),
        required=False,
        max_length=10,
        help_text=later("Bỏ trống là từ ngày ký."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offer the kinds of bodies."""
        super().__init__(*args, **more)
        choose(self, "kind", list(labels("bodies").items()))


class SeatForm(PlainForm):
    """Who is to sit in a body, as what, for how many hours, with which skills."""

    post = forms.TypedChoiceField(
        label=later("Chọn người"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": later("Chưa chọn người. Tìm theo tên rồi chọn một ô.")},
    )
    duty = forms.ChoiceField(
        label=later("Chức danh"),
        widget=forms.Select({"class": "mid"}),
        error_messages={"required": later("Chưa chọn chức danh.")},
    )
    hours_per_week = HoursField(
        label=later("Giờ mỗi tuần"),
        required=False,
        max_length=6,
        help_text=later("Giờ làm việc dành cho ban, ví dụ 4 hoặc 7,5."),
    )
    skills = forms.MultipleChoiceField(
        label=later("Kỹ năng"), required=False, widget=forms.CheckboxSelectMultiple
    )
    decision_number = TextField(
        label=later("Quyết định số"),
        required=False,
        max_length=80,
        help_text=later("Bỏ trống nếu theo quyết định thành lập."),
        widget=forms.TextInput({"autocomplete": "off", "class": "mid"}),
    )
    valid_from = DayField(
        label=later("Từ ngày"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày. Viết như 10/05/2022.")},
    )

    def __init__(self, *args: Any, kind: str, people: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        """Offer the people found, the duties of a body of the kind, the skills."""
        super().__init__(*args, **more)
        choose(self, "post", people)
        choose(self, "duty", [("", _("Chọn")), *((key, duty_label(kind, key)) for key in labels("duties"))])
        choose(self, "skills", list(labels("skills").items()))


class LeaveForm(PlainForm):
    """The last day of a seat or of a body, and why."""

    valid_to = DayField(
        label=later("Ngày cuối"),
        max_length=10,
        help_text=later("Ví dụ 31/05/2022."),
        error_messages={"required": later("Chưa có ngày. Viết như 31/05/2022.")},
    )
    reason = TextField(
        label=later("Vì sao"),
        max_length=1_000,
        help_text=later("Ví dụ: Chuyển công tác, theo 12/QĐ-UBND."),
        error_messages={"required": later("Chưa có lý do. Ghi vì sao.")},
    )


class EndBodyForm(LeaveForm):
    """The last day of a body, and why."""

    boxes = "thoi"


class WorkPlanForm(PlainForm):
    """What a body means to do."""

    boxes = "ke-hoach"

    text = LinesField(
        label=later("Kế hoạch làm việc"),
        required=False,
        max_length=5_000,
        help_text=later("Mỗi dòng một việc, kèm thời gian."),
        widget=forms.Textarea({"rows": 6}),
    )


class LogForm(PlainForm):
    """What a body did on a day, in how many hours, by whom."""

    boxes = "nhat-ky"

    on = DayField(
        label=later("Ngày"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày. Viết như 10/05/2022.")},
    )
    text = TextField(
        label=later("Đã làm gì"),
        max_length=600,
        error_messages={"required": later("Chưa ghi việc. Viết một câu.")},
    )
    hours = HoursField(
        label=later("Số giờ"), required=False, max_length=6, help_text=later("Ví dụ 3 hoặc 2,5.")
    )
    member = forms.TypedChoiceField(label=later("Ai làm"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        """Offer the members."""
        super().__init__(*args, **more)
        choose(self, "member", [("", _("Cả ban")), *people])


class PostsForm(PlainForm):
    """Posts of an office, planned and filled, as a document counts them."""

    office = OfficeField(
        label=later("Cơ quan"),
        max_length=200,
        help_text=later("Gõ vài chữ rồi chọn."),
        error_messages={"required": later("Chưa có cơ quan. Gõ vài chữ rồi chọn.")},
    )
    on = DayField(
        label=later("Đến ngày"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày. Viết như 10/05/2022.")},
    )
    planned = forms.IntegerField(
        label=later("Biên chế được giao"),
        min_value=0,
        max_value=9_999,
        widget=forms.TextInput({**SHORT, "inputmode": "numeric"}),
        error_messages={
            "required": later("Chưa có số biên chế được giao."),
            "invalid": later("Ghi số nguyên, ví dụ 3."),
        },
    )
    filled = forms.IntegerField(
        label=later("Đang có mặt"),
        min_value=0,
        max_value=9_999,
        widget=forms.TextInput({**SHORT, "inputmode": "numeric"}),
        error_messages={
            "required": later("Chưa có số người đang có mặt."),
            "invalid": later("Ghi số nguyên, ví dụ 2."),
        },
    )
    source = TextField(
        label=later("Theo văn bản"),
        max_length=200,
        help_text=later("Ví dụ 35/QĐ-SNV ngày 12/01/2022."),
        error_messages={"required": later("Chưa ghi số lấy từ văn bản nào.")},
    )
