"""What comes from the pages of directives: a document, what it assigns, its end, a solution; filters of the list."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.directory.api import Office
from tinhso.plans.forms.task_fields import DayField, LinesField, OfficeField, TextField, prepare
from tinhso.plans.queries.directives import DirectiveFilters
from tinhso.plans.queries.documents import labels
from tinhso.plans.rules.directives import ItemKind, NewItem
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import clock_text, date_text

_LONGEST_LINES: Final = 40_000
SHORT: Final = {"autocomplete": "off", "class": "short num"}
_CLOCK = re.compile(r"(\d{1,2})(?:\s*(?:giờ|h|:)\s*(\d{1,2})?)?", re.IGNORECASE)
_LONGEST_FILTER = 200
_YEARS = range(1945, 2100)


class ClockField(forms.CharField):
    """A time of the day typed as 8 giờ 30, given as a ``time``."""

    widget = forms.TextInput(SHORT)

    def clean(self, value: Any) -> dt.time:
        """Return the time. Raises ``ValidationError``."""
        found = _CLOCK.fullmatch(tidy(visible(str(super().clean(value)))))
        try:
            if found:
                return dt.time(int(found[1]), int(found[2] or 0))
        except ValueError:
            pass
        raise forms.ValidationError(_("Giờ viết như 8 giờ 30. Gõ lại."))


class PlainForm(forms.Form):
    """A form whose boxes speak plainly; ``boxes`` parts the forms of one page by the names of their boxes."""

    use_required_attribute = False
    boxes = ""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        places: Mapping[str, Office] | None = None,
    ) -> None:
        """Take what was posted, what stands in the boxes at first, and the offices to pick from."""
        auto_id = f"{self.boxes}_%s" if self.boxes else "id_%s"
        super().__init__(data, files, auto_id=auto_id, label_suffix="", initial=initial)
        prepare(self, places)


class ItemsForm(PlainForm):
    """What a document assigns: a line for each target, solution and task."""

    boxes = "muc"

    targets = LinesField(
        label=later("Chỉ tiêu"),
        required=False,
        max_length=_LONGEST_LINES,
        help_text=later("Mỗi dòng một chỉ tiêu, ví dụ: 80 % hồ sơ nộp trực tuyến năm 2022."),
        widget=forms.Textarea({"rows": 3}),
    )
    solutions = LinesField(
        label=later("Giải pháp"),
        required=False,
        max_length=_LONGEST_LINES,
        help_text=later("Mỗi dòng một giải pháp."),
        widget=forms.Textarea({"rows": 3}),
    )
    tasks = LinesField(
        label=later("Nhiệm vụ"),
        required=False,
        max_length=_LONGEST_LINES,
        help_text=later("Mỗi dòng một nhiệm vụ, bắt đầu bằng động từ. Giao cho cơ quan ở bước sau."),
        widget=forms.Textarea({"rows": 5}),
    )

    @property
    def items(self) -> list[NewItem]:
        """Return the lines as items: targets, then solutions, then tasks."""
        return [
            NewItem(kind.value, line)
            for kind in ItemKind
            for line in self.cleaned_data[f"{kind.value}s"].split("\n")
            if tidy(line)
        ]


class DocumentForm(PlainForm):
    """A document as its first page says it."""

    number = TextField(
        label=later("Số, ký hiệu"),
        max_length=80,
        help_text=later("Như trên văn bản, ví dụ 122/KH-UBND."),
        widget=forms.TextInput({"autocomplete": "off", "class": "mid"}),
        error_messages={"required": later("Chưa có số, ký hiệu. Ghi như trên văn bản.")},
    )
    kind = forms.ChoiceField(
        label=later("Loại văn bản"),
        widget=forms.Select({"class": "mid"}),
        error_messages={"required": later("Chưa chọn loại văn bản.")},
    )
    issuer = TextField(
        label=later("Nơi ban hành"),
        max_length=200,
        help_text=later("Ví dụ UBND tỉnh Nam Định."),
        widget=forms.TextInput({"autocomplete": "off", "class": "mid", "list": "noi-ban-hanh"}),
        error_messages={"required": later("Chưa có nơi ban hành.")},
    )
    issued_on = DayField(
        label=later("Ngày ký"),
        max_length=10,
        help_text=later("Ví dụ 15/10/2021."),
        error_messages={"required": later("Chưa có ngày ký. Viết như 15/10/2021.")},
    )
    summary = LinesField(
        label=later("Trích yếu"),
        max_length=1_000,
        help_text=later("Văn bản nói về việc gì, một câu."),
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": later("Chưa có trích yếu. Ghi văn bản nói về việc gì.")},
    )
    urgency = forms.ChoiceField(
        label=later("Độ khẩn"),
        choices=[("normal", later("Thường")), ("urgent", later("Khẩn"))],
        widget=forms.Select({"class": "short"}),
        error_messages={"required": later("Chọn thường hoặc khẩn.")},
    )
    valid_from = DayField(
        label=later("Có hiệu lực từ"),
        required=False,
        max_length=10,
        help_text=later("Bỏ trống là từ ngày ký."),
    )
    is_public = forms.BooleanField(
        label=later("Nêu tên trên trang tiến độ công khai"),
        required=False,
        help_text=later("Văn bản mật không nhập ở đây."),
    )
    file = forms.FileField(
        label=later("Tệp văn bản"),
        required=False,
        help_text=later("PDF hoặc ảnh chụp, tối đa 20 MB."),
        widget=forms.FileInput({"accept": ".pdf,image/*"}),
        error_messages={
            "empty": later("Tệp trống. Mở thử tệp trên máy rồi chọn lại."),
            "missing": later("Tệp chưa tới nơi. Chọn lại."),
            "invalid": later("Tệp chưa tới nơi. Chọn lại."),
        },
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        """Offer the kinds of documents."""
        super().__init__(*args, **more)
        choose(self, "kind", [("", _("Chọn loại")), *labels("directive_kinds").items()])

    @property
    def document(self) -> dict[str, Any]:
        """Return what the services take of a document."""
        names = ("number", "kind", "issuer", "issued_on", "summary", "urgency", "valid_from", "is_public")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def upload(self) -> UploadedFile[Any] | None:
        """Return the file that was posted, if any."""
        found: UploadedFile[Any] | None = self.cleaned_data.get("file")
        return found


class EntryForm(DocumentForm, ItemsForm):
    """A document to be entered: its first page, when it came, until when it holds, and what it assigns."""

    boxes = ""

    received_on = DayField(
        label=later("Nhận ngày"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày nhận. Viết như 10/05/2022.")},
    )
    received_clock = ClockField(
        label=later("Nhận lúc"),
        max_length=20,
        help_text=later("Ví dụ 8 giờ 30. Đồng hồ nhập tính từ đây."),
        error_messages={"required": later("Chưa có giờ nhận. Viết như 8 giờ 30.")},
    )
    valid_to = DayField(
        label=later("Hết hiệu lực"),
        required=False,
        max_length=10,
        help_text=later("Ngày cuối còn hiệu lực, nếu văn bản có ghi."),
    )

    @property
    def received_at(self) -> dt.datetime:
        """Return day and time of arrival as one moment."""
        found = self.cleaned_data
        return dt.datetime.combine(found["received_on"], found["received_clock"], tzinfo=VN)


class CorrectForm(DocumentForm):
    """What was entered, and why it is set right."""

    reason = TextField(
        label=later("Vì sao sửa"),
        max_length=1_000,
        help_text=later("Ví dụ: Gõ nhầm số văn bản. Giữ trong lịch sử."),
        error_messages={"required": later("Chưa có lý do. Ghi vì sao sửa.")},
    )


class EndForm(PlainForm):
    """The last day of a document, what replaces it, and why."""

    boxes = "het"

    valid_to = DayField(
        label=later("Ngày cuối còn hiệu lực"),
        max_length=10,
        help_text=later("Ví dụ 31/12/2022."),
        error_messages={"required": later("Chưa có ngày. Viết như 31/12/2022.")},
    )
    replaced_by = forms.TypedChoiceField(
        label=later("Thay bằng văn bản"), required=False, coerce=int, empty_value=None
    )
    reason = TextField(
        label=later("Vì sao hết hiệu lực"),
        required=False,
        max_length=1_000,
        help_text=later("Ghi khi không có văn bản thay thế."),
    )

    def __init__(self, *args: Any, newer: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        """Offer the documents that may replace it."""
        super().__init__(*args, **more)
        choose(self, "replaced_by", [("", _("Không có văn bản thay thế")), *newer])


class SolutionForm(PlainForm):
    """How something assigned is to be reached, and by whom."""

    text = LinesField(
        label=later("Giải pháp"),
        max_length=1_000,
        help_text=later("Làm gì để đạt, một hai câu."),
        error_messages={"required": later("Chưa có giải pháp. Ghi làm gì để đạt.")},
    )
    office = OfficeField(
        label=later("Cơ quan làm"),
        required=False,
        max_length=200,
        help_text=later("Gõ vài chữ rồi chọn. Bỏ trống là cả tỉnh."),
    )


def entered_now(now: dt.datetime) -> dict[str, Any]:
    """Return what stands in the boxes of a new document: it came now, is not urgent, may be named."""
    return {
        "received_on": date_text(now.date()),
        "received_clock": clock_text(now),
        "urgency": "normal",
        "is_public": True,
    }


def directive_filters(data: Mapping[str, str]) -> DirectiveFilters:
    """Return what a list of directives is asked for, from its address."""
    year = typed(data, "nam")
    return DirectiveFilters(
        words=typed(data, "tim"),
        kind=typed(data, "loai"),
        issuer=typed(data, "noi"),
        validity=typed(data, "hieu-luc"),
        year=int(year) if re.fullmatch(r"\d{4}", year, re.ASCII) and int(year) in _YEARS else None,
        entry=typed(data, "nhap"),
    )


def typed(data: Mapping[str, str], name: str) -> str:
    """Return what was typed into a box of filters, tidy and of bearable length."""
    return tidy(visible(data.get(name, "")))[:_LONGEST_FILTER]


def choose(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    """Give a box of choices what may be chosen."""
    box = form.fields[name]
    assert isinstance(box, forms.ChoiceField)
    box.choices = choices
