"""What comes from the pages of reviews, meetings and conclusions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.directory.api import Office, Post
from tinhso.plans.forms.task_fields import DayField, LinesField, OfficeField, OfficesField, TextField, prepare
from tinhso.plans.models import Attendance, Review
from tinhso.plans.services.mark_attendance import Mark
from tinhso.plans.services.save_conclusion_line import Assignment
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import tidy, visible

_LINE: Final = {"autocomplete": "off"}
_SHORT: Final = {**_LINE, "class": "short num"}
_CLOCK = re.compile(r"(\d{1,2})\s*(?:giờ|gio|[:hg.])\s*(\d{2})?", re.ASCII)
_LONGEST_NUMBER: Final = 80


class ClockField(forms.CharField):
    """A time of day typed as 9:15 or 9 giờ 15, given as a ``time``."""

    widget = forms.TextInput(_SHORT)

    def clean(self, value: Any) -> dt.time:
        """Return the time. Raises ``ValidationError``."""
        found = _CLOCK.fullmatch(tidy(visible(str(super().clean(value)))))
        try:
            if found:
                return dt.time(int(found[1]), int(found[2] or 0))
        except ValueError:
            pass
        raise forms.ValidationError(_("Giờ viết như 8:00 hoặc 13:30. Gõ lại."))


class _Form(forms.Form):
    """A form whose boxes speak plainly; ``boxes`` parts several forms on one page."""

    use_required_attribute = False
    boxes = "id"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: dict[str, Any] | None = None,
        places: Mapping[str, Office] | None = None,
    ) -> None:
        """Take what was posted, what stands in the boxes at first, and the offices to pick from."""
        super().__init__(data, auto_id=f"{self.boxes}_%s", label_suffix="", initial=initial)
        prepare(self, places)


class PeriodForm(_Form):
    """The period to be reviewed."""

    first = DayField(
        label=later("Từ ngày"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày đầu. Ghi như 01/01/2022.")},
    )
    last = DayField(
        label=later("Đến hết ngày"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày cuối. Ghi như 10/05/2022.")},
    )
    title = TextField(
        label=later("Tên báo cáo"),
        required=False,
        max_length=250,
        help_text=later("Bỏ trống thì máy đặt tên theo kỳ."),
    )


class WordsForm(_Form):
    """A line of words, and why it is so."""

    text = LinesField(
        label=later("Câu trong báo cáo"),
        max_length=1_500,
        error_messages={"required": later("Chưa có câu nào. Viết một câu, hoặc bỏ dòng này.")},
    )
    cause = LinesField(label=later("Nguyên nhân"), required=False, max_length=1_000)


class CauseForm(_Form):
    """Why a task is late; task and day were locked."""

    cause = LinesField(
        label=later("Vì sao trễ"),
        max_length=1_000,
        error_messages={"required": later("Chưa ghi vì sao. Viết một câu.")},
    )


class NextForm(_Form):
    """What is to be done next: it becomes a task when the conclusion is issued."""

    text = LinesField(
        label=later("Việc phải làm"),
        max_length=1_500,
        error_messages={"required": later("Chưa có việc. Viết một câu.")},
    )
    lead = OfficeField(
        label=later("Cơ quan chủ trì"),
        required=False,
        max_length=200,
        help_text=later("Có cơ quan chủ trì thì thành nhiệm vụ khi ban hành kết luận."),
    )
    due = DayField(label=later("Hạn"), required=False, max_length=10)
    product = TextField(label=later("Sản phẩm phải có"), required=False, max_length=500)


class NumberForm(_Form):
    """The number under which something is approved or issued."""

    boxes = "so"

    number = TextField(
        label=later("Số văn bản"),
        max_length=_LONGEST_NUMBER,
        widget=forms.TextInput({**_LINE, "class": "short"}),
        error_messages={"required": later("Chưa có số. Lấy số ở văn thư rồi ghi vào đây.")},
    )


class ReturnForm(_Form):
    """Why a review is returned."""

    boxes = "tra"

    reason = LinesField(
        label=later("Vì sao trả lại"),
        max_length=1_000,
        error_messages={"required": later("Chưa ghi vì sao. Viết một câu để người soạn sửa được.")},
    )


class MeetingForm(_Form):
    """A meeting to be called."""

    title = TextField(
        label=later("Tên hội nghị"),
        max_length=250,
        error_messages={"required": later("Chưa có tên hội nghị.")},
    )
    day = DayField(
        label=later("Ngày họp"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày họp. Ghi như 10/05/2022.")},
    )
    clock = ClockField(
        label=later("Giờ họp"),
        max_length=12,
        error_messages={"required": later("Chưa có giờ họp. Ghi như 8:00.")},
    )
    place = TextField(
        label=later("Nơi họp"),
        max_length=200,
        error_messages={"required": later("Chưa có nơi họp.")},
    )
    chair = forms.ChoiceField(label=later("Chủ trì"), required=False, widget=forms.Select({"class": "mid"}))
    review = forms.ChoiceField(
        label=later("Nghe báo cáo"), required=False, widget=forms.Select({"class": "mid"})
    )
    offices = forms.MultipleChoiceField(
        label=later("Mời cơ quan"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": later("Chưa mời cơ quan nào. Chọn ít nhất một.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        offices: Sequence[Office],
        chairs: Sequence[Post],
        reviews: Sequence[Review],
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Take what was posted, and what may be chosen."""
        super().__init__(data, initial=initial)
        for name, choices in (
            ("offices", [(str(one.pk), one.short_name) for one in offices]),
            ("chair", [(str(one.pk), f"{one.person.name}, {one.title}") for one in chairs]),
            ("review", [("", _("Không")), *((one.code, one.title) for one in reviews)]),
        ):
            box = self.fields[name]
            assert isinstance(box, forms.ChoiceField)
            box.choices = choices

    @property
    def starts_at(self) -> dt.datetime:
        """Return the moment at which the meeting begins."""
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], VN)


class MinutesForm(_Form):
    """The minutes of a meeting."""

    text = LinesField(
        label=later("Biên bản"),
        max_length=40_000,
        widget=forms.Textarea({"rows": 14}),
        help_text=later("Mỗi ý một đoạn: ai nói, nói gì, ai trả lời."),
        error_messages={"required": later("Biên bản chưa có chữ nào.")},
    )


class OpeningForm(_Form):
    """The opening words of a conclusion."""

    boxes = "mo"

    text = LinesField(
        label=later("Lời mở đầu"),
        max_length=4_000,
        error_messages={"required": later("Chưa có lời mở đầu. Viết họp ngày nào, ai chủ trì.")},
    )


class AssignmentForm(_Form):
    """One assignment of a conclusion, typed while the meeting goes on."""

    boxes = "viec"

    text = LinesField(
        label=later("Việc phải làm"),
        max_length=1_000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": later("Chưa có việc phải làm. Ghi một câu.")},
    )
    lead = OfficeField(
        label=later("Cơ quan chủ trì"),
        required=False,
        max_length=200,
        help_text=later("Bỏ trống thì chỉ là lời trong thông báo, không thành nhiệm vụ."),
    )
    due = DayField(label=later("Hạn"), required=False, max_length=10)
    partners = OfficesField(
        label=later("Cơ quan phối hợp"),
        required=False,
        max_length=4_000,
        help_text=later("Mỗi dòng một cơ quan, ghi một phần tên cũng được."),
        widget=forms.Textarea({"rows": 2, "class": "mid"}),
    )
    product = TextField(label=later("Sản phẩm phải có"), required=False, max_length=500)

    @property
    def said(self) -> Assignment:
        """Return the assignment as it is saved."""
        found = self.cleaned_data
        lead = found["lead"]
        return Assignment(
            found["text"],
            lead.pk if lead else None,
            tuple(one.pk for one in found["partners"]),
            found["due"],
            found["product"],
        )


def marks_of(data: QueryDict, invited: Sequence[Attendance]) -> list[Mark]:
    """Return what was marked for each invited office; a row that was not sent stays as it is."""
    came = {"co": True, "vang": False}
    return [
        Mark(
            one.office_id,
            came.get(data.get(f"den-{one.office_id}", "")),
            tidy(visible(data.get(f"ten-{one.office_id}", ""))),
            is_head=data.get(f"truong-{one.office_id}") == "co",
            note=tidy(visible(data.get(f"ghi-{one.office_id}", ""))),
        )
        for one in invited
        if f"den-{one.office_id}" in data or f"ten-{one.office_id}" in data
    ]


def minutes_of(text: str) -> int | None:
    """Return the minutes that were typed, None for nothing; 0 for what is no number, which no point may take."""
    typed = tidy(visible(text))
    if not typed:
        return None
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 0
