"""What comes from the pages of money, inspections and commendations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.directory.api import Office
from tinhso.plans.forms.task_fields import DayField, LinesField, OfficeField, TextField, prepare
from tinhso.plans.queries.commendations import every_form
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.money import capital_labels, kind_words
from tinhso.plans.rules.money import ALLOCATED, SPENT, vnd_of
from tinhso.toolkit.text import tidy, visible

_LINE: Final = {"autocomplete": "off"}
_SHORT: Final = {**_LINE, "class": "short num"}
_YEAR = re.compile(r"20[0-9]{2}", re.ASCII)
_LONGEST_NUMBER: Final = 80


class AmountField(forms.CharField):
    """An amount typed as 310.000.000, 310 triệu or 1,24 tỷ, given in whole VND."""

    widget = forms.TextInput({**_LINE, "class": "mid num"})

    def clean(self, value: Any) -> int:
        """Return the amount. Raises ``ValidationError``."""
        amount = vnd_of(tidy(visible(str(super().clean(value)))))
        if amount is None:
            raise forms.ValidationError(_("Số tiền viết như 310.000.000, 310 triệu hoặc 1,24 tỷ. Gõ lại."))
        return amount


class YearField(forms.CharField):
    """A year typed as 2022."""

    widget = forms.TextInput({**_SHORT, "inputmode": "numeric"})

    def clean(self, value: Any) -> int:
        """Return the year. Raises ``ValidationError``."""
        text = tidy(str(super().clean(value)))
        if not _YEAR.fullmatch(text):
            raise forms.ValidationError(_("Năm viết như 2022. Gõ lại."))
        return int(text)


class _Form(forms.Form):
    """A form whose boxes speak plainly; ``boxes`` parts several forms on one page."""

    use_required_attribute = False
    boxes = "id"

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        initial: dict[str, Any] | None = None,
        places: Mapping[str, Office] | None = None,
    ) -> None:
        """Take what was posted, what stands in the boxes at first, and the offices to pick from."""
        super().__init__(data, files, auto_id=f"{self.boxes}_%s", label_suffix="", initial=initial)
        self.choose()
        prepare(self, places)

    def choose(self) -> None:
        """Give the boxes what may be chosen in them."""

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        box = self.fields[name]
        assert isinstance(box, forms.ChoiceField)
        box.choices = choices


class TermsForm(_Form):
    """What a line of money says of itself."""

    name = TextField(
        label=later("Khoản kinh phí"),
        max_length=300,
        help_text=later("Dùng vào việc gì, ví dụ: Lập hồ sơ cấp độ an toàn cho cơ sở dữ liệu ngành."),
        error_messages={"required": later("Chưa có tên khoản. Ghi dùng vào việc gì.")},
    )
    planned = AmountField(
        label=later("Số tiền đề nghị"),
        max_length=40,
        help_text=later("Ví dụ 310.000.000, 310 triệu hoặc 1,24 tỷ."),
        error_messages={"required": later("Chưa có số tiền. Ghi như 310 triệu.")},
    )
    source = forms.ChoiceField(label=later("Nguồn"), widget=forms.Select({"class": "mid"}))
    capital = forms.ChoiceField(label=later("Loại vốn"), widget=forms.Select({"class": "mid"}))
    is_security = forms.BooleanField(
        label=later("Chi cho an toàn thông tin"),
        required=False,
        help_text=later("Đánh dấu thì được cộng vào tỷ lệ an toàn thông tin."),
    )

    def choose(self) -> None:
        """Offer sources and capitals."""
        self._choices("source", list(labels("sources").items()))
        self._choices("capital", list(capital_labels().items()))


class LineForm(TermsForm):
    """A new line: the office and the year too."""

    office = OfficeField(
        label=later("Cơ quan"),
        max_length=200,
        help_text=later("Gõ vài chữ rồi chọn."),
        error_messages={"required": later("Chưa có cơ quan. Gõ vài chữ rồi chọn.")},
    )
    year = YearField(
        label=later("Năm"), max_length=4, error_messages={"required": later("Chưa có năm. Ghi như 2022.")}
    )
    field_order = ("office", "year", "name", "planned", "source", "capital", "is_security")


class ChangeForm(TermsForm):
    """What a line says from now on, and why."""

    reason = LinesField(
        label=later("Lý do sửa"),
        max_length=1_000,
        error_messages={"required": later("Chưa có lý do. Viết một, hai câu.")},
    )


class EntryForm(_Form):
    """Money that was allocated or spent."""

    boxes = "ghi"

    kind = forms.ChoiceField(
        label=later("Ghi gì?"),
        widget=forms.RadioSelect,
        error_messages={"required": later("Chưa chọn. Chọn giao kinh phí hoặc chi.")},
    )
    amount = AmountField(
        label=later("Số tiền"),
        max_length=40,
        help_text=later("Ví dụ 310.000.000 hoặc 310 triệu."),
        error_messages={"required": later("Chưa có số tiền. Ghi như 310 triệu.")},
    )
    on = DayField(
        label=later("Ngày"),
        max_length=10,
        help_text=later("Ngày trên văn bản, ví dụ 15/04/2022."),
        error_messages={"required": later("Chưa có ngày. Ghi ngày trên văn bản.")},
    )
    document_number = TextField(
        label=later("Số văn bản, chứng từ"),
        max_length=_LONGEST_NUMBER,
        widget=forms.TextInput({**_LINE, "class": "mid"}),
        error_messages={"required": later("Chưa có số văn bản. Ghi như 145/QĐ-STC.")},
    )
    note = TextField(label=later("Ghi chú"), required=False, max_length=300)

    def choose(self) -> None:
        """Offer the two kinds."""
        self._choices("kind", [(ALLOCATED, kind_words(ALLOCATED)), (SPENT, kind_words(SPENT))])


class RoundForm(_Form):
    """A new round of inspection."""

    name = TextField(
        label=later("Tên cuộc kiểm tra"),
        max_length=250,
        help_text=later("Kiểm tra việc gì, ví dụ: Kiểm tra an toàn thông tin tại Sở Y tế."),
        error_messages={"required": later("Chưa có tên. Ghi kiểm tra việc gì.")},
    )
    is_planned = forms.ChoiceField(
        label=later("Theo kế hoạch hay đột xuất?"),
        choices=(("co", later("Theo kế hoạch năm")), ("khong", later("Đột xuất"))),
        widget=forms.RadioSelect,
        error_messages={"required": later("Chưa chọn. Chọn một ô.")},
    )
    lead = OfficeField(
        label=later("Cơ quan kiểm tra"),
        max_length=200,
        error_messages={"required": later("Chưa có cơ quan kiểm tra. Gõ vài chữ rồi chọn.")},
    )
    office = OfficeField(
        label=later("Cơ quan được kiểm tra"),
        max_length=200,
        error_messages={"required": later("Chưa có cơ quan được kiểm tra. Gõ vài chữ rồi chọn.")},
    )
    starts = DayField(
        label=later("Từ ngày"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày bắt đầu. Ví dụ 06/06/2022.")},
    )
    ends = DayField(
        label=later("Đến ngày"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày kết thúc. Ví dụ 10/06/2022.")},
    )
    decision_number = TextField(
        label=later("Số quyết định kiểm tra"),
        required=False,
        max_length=_LONGEST_NUMBER,
        help_text=later("Chưa có thì ghi sau. Đột xuất thì phải có."),
        widget=forms.TextInput({**_LINE, "class": "mid"}),
    )


class RoundChangeForm(_Form):
    """Other days, or the decision of a round."""

    starts = DayField(label=later("Từ ngày"), max_length=10)
    ends = DayField(label=later("Đến ngày"), max_length=10)
    decision_number = TextField(
        label=later("Số quyết định kiểm tra"),
        required=False,
        max_length=_LONGEST_NUMBER,
        widget=forms.TextInput({**_LINE, "class": "mid"}),
    )
    reason = LinesField(
        label=later("Lý do đổi ngày"),
        required=False,
        max_length=1_000,
        help_text=later("Chỉ cần khi đổi ngày."),
    )


class FindingForm(_Form):
    """What was found."""

    boxes = "kn"

    is_violation = forms.ChoiceField(
        label=later("Kiến nghị hay vi phạm?"),
        choices=(("khong", later("Kiến nghị")), ("co", later("Vi phạm"))),
        widget=forms.RadioSelect,
        error_messages={"required": later("Chưa chọn. Chọn một ô.")},
    )
    text = LinesField(
        label=later("Đã thấy gì?"),
        max_length=1_000,
        error_messages={"required": later("Chưa ghi điều đã thấy. Viết một, hai câu.")},
    )
    remedy = LinesField(
        label=later("Phải khắc phục thế nào?"),
        max_length=1_000,
        error_messages={"required": later("Chưa ghi cách khắc phục. Viết một, hai câu.")},
    )
    due = DayField(
        label=later("Hạn khắc phục"),
        max_length=10,
        help_text=later("Ví dụ 31/05/2022."),
        error_messages={"required": later("Chưa có hạn. Ví dụ 31/05/2022.")},
    )


class ConclusionForm(_Form):
    """The conclusion of a round."""

    boxes = "kl"

    on = DayField(label=later("Ngày kết luận"), max_length=10)
    conclusion = LinesField(
        label=later("Kết luận"),
        max_length=5_000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": later("Chưa có kết luận. Viết các ý chính.")},
    )


class RemedyForm(_Form):
    """What the office did, with its paper."""

    boxes = "kp"

    text = LinesField(
        label=later("Đã khắc phục thế nào?"),
        max_length=1_000,
        error_messages={"required": later("Chưa ghi đã khắc phục thế nào. Viết một, hai câu.")},
    )
    paper = forms.FileField(
        label=later("Giấy chứng minh"),
        allow_empty_file=True,
        help_text=later("PDF hoặc ảnh, tối đa 20 MB: biên bản, văn bản đã ký, ảnh chụp."),
        widget=forms.FileInput({"accept": ".pdf,image/*"}),
        error_messages={"required": later("Kèm giấy chứng minh: biên bản, văn bản đã ký, ảnh chụp.")},
    )


class AnswerForm(_Form):
    """Is the remedy good, and if not, why."""

    boxes = "xet"

    outcome = forms.ChoiceField(
        label=later("Kết quả xét"),
        choices=(("dat", later("Đã khắc phục")), ("tra", later("Trả lại"))),
        widget=forms.RadioSelect,
        error_messages={"required": later("Chưa chọn. Chọn một ô.")},
    )
    reason = LinesField(
        label=later("Lý do"),
        required=False,
        max_length=1_000,
        help_text=later("Trả lại thì ghi còn thiếu gì."),
    )


class CommendForm(_Form):
    """Who was commended, how and why."""

    office = OfficeField(
        label=later("Cơ quan"),
        max_length=200,
        error_messages={"required": later("Chưa có cơ quan. Gõ vài chữ rồi chọn.")},
    )
    person = TextField(
        label=later("Cá nhân"),
        required=False,
        max_length=150,
        help_text=later("Họ tên đầy đủ của người trong cơ quan. Bỏ trống là khen tập thể."),
        widget=forms.TextInput({**_LINE, "class": "mid"}),
    )
    form = forms.ChoiceField(label=later("Hình thức"), widget=forms.Select({"class": "mid"}))
    reason = LinesField(
        label=later("Vì việc gì?"),
        max_length=1_000,
        error_messages={"required": later("Chưa có lý do. Viết việc đã làm được.")},
    )
    decision_number = TextField(
        label=later("Số quyết định"),
        max_length=_LONGEST_NUMBER,
        widget=forms.TextInput({**_LINE, "class": "mid"}),
        error_messages={"required": later("Chưa có số quyết định. Ghi như 812/QĐ-UBND.")},
    )
    on = DayField(
        label=later("Ngày quyết định"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày quyết định. Ví dụ 05/05/2022.")},
    )

    def choose(self) -> None:
        """Offer every form; whether it holds on the decision's day is the service's matter."""
        self._choices("form", list(every_form().items()))


def year_asked(sent: QueryDict, usual: int) -> int:
    """Return the year in the address (``nam``); what is no year is the usual one."""
    text = sent.get("nam", "")
    return int(text) if _YEAR.fullmatch(text) else usual


def chosen(sent: QueryDict, name: str, known: Sequence[str]) -> str:
    """Return what was chosen in a filter; what is not offered is nothing."""
    text = sent.get(name, "")
    return text if text in known else ""


def number_asked(sent: QueryDict, name: str) -> int | None:
    """Return the whole number in the address, None where there is none."""
    text = sent.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
