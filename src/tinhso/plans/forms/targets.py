"""What comes from the pages of targets: a target with its marks, a value changed, a report, filters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.directory.api import Office
from tinhso.plans.forms.task_fields import DayField, LinesField, OfficeField, TextField, prepare
from tinhso.plans.queries.counters import COUNTERS
from tinhso.plans.queries.documents import labels
from tinhso.plans.queries.targets import Filters
from tinhso.plans.rules.lights import PERCENT, Light
from tinhso.plans.services.add_target import NewPeriod, NewTarget
from tinhso.plans.services.report_target import Reached
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import day_of

Choices = Sequence[tuple[str, str]]
_GROUPED: Final = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,4})?", re.ASCII)
_PLAIN: Final = re.compile(r"\d{1,14}([.,]\d{1,4})?", re.ASCII)
_NUMBER: Final = {"autocomplete": "off", "class": "short num", "inputmode": "decimal"}
_MOST_MARKS: Final = 24


def number_of(text: str) -> Decimal | None:
    """Return the number that was typed as 1.605, 96,41 or 96.41, with or without a percent sign; None for anything else."""
    text = text.strip().removesuffix("%").strip()
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    return Decimal(text.replace(",", ".")) if _PLAIN.fullmatch(text) else None


class NumberField(forms.CharField):
    """A number typed as people write it, given as a ``Decimal``, or None where it may be left out."""

    widget = forms.TextInput(_NUMBER)

    def clean(self, value: Any) -> Decimal | None:
        """Return the number. Raises ``ValidationError``."""
        text = tidy(visible(str(super().clean(value))))
        if not text:
            return None
        found = number_of(text)
        if found is None:
            raise forms.ValidationError(_("Ghi bằng chữ số, ví dụ 88 hoặc 62,5."))
        return found


class MarksField(LinesField):
    """Marks of a target, one a line: 30/06/2022: 75."""

    widget = forms.Textarea({"rows": 5, "class": "mid"})

    def clean(self, value: Any) -> list[NewPeriod]:  # type: ignore[override]
        """Return the marks. Raises ``ValidationError`` with the line that cannot be read."""
        lines = [tidy(line) for line in super().clean(value).split("\n") if tidy(line)]
        if len(lines) > _MOST_MARKS:
            raise forms.ValidationError(_("Nhiều nhất %(n)d mốc.") % {"n": _MOST_MARKS})
        return [self._mark(line) for line in lines]

    def _mark(self, line: str) -> NewPeriod:
        day, _colon, number = line.partition(":")
        last, found = day_of(day.strip()), number_of(number)
        if last is None or found is None:
            raise forms.ValidationError(
                _("Dòng “%(line)s” chưa đúng. Viết ngày, hai chấm, giá trị: 30/06/2022: 75")
                % {"line": line[:60]}
            )
        return NewPeriod(last, found)


class TargetForm(forms.Form):
    """A target to be set."""

    use_required_attribute = False

    name = TextField(
        label=later("Tên chỉ tiêu"),
        max_length=250,
        help_text=later("Nói rõ đếm cái gì, ví dụ: Xã đã nối mạng chuyên dùng cấp II."),
        error_messages={"required": later("Chưa có tên. Ghi một câu ngắn.")},
    )
    group = forms.ChoiceField(label=later("Nhóm"), widget=forms.Select({"class": "mid"}))
    unit = TextField(
        label=later("Đơn vị tính"),
        max_length=30,
        help_text=later("Ghi % cho tỷ lệ, hoặc một từ, ví dụ: xã."),
        widget=forms.TextInput({"autocomplete": "off", "class": "short"}),
        error_messages={"required": later("Chưa có đơn vị tính. Ghi % hoặc một từ.")},
    )
    direction = forms.ChoiceField(
        label=later("Thế nào là tốt"),
        widget=forms.RadioSelect,
        initial="up",
        error_messages={"required": later("Chọn một cách.")},
    )
    marks = MarksField(
        label=later("Phải đạt bao nhiêu, đến ngày nào"),
        max_length=2_000,
        help_text=later("Mỗi dòng một mốc: 30/06/2022: 75. Mốc cuối năm là chỉ tiêu cả năm."),
        error_messages={"required": later("Chưa có mốc nào. Ghi ít nhất mốc cuối năm.")},
    )
    baseline = NumberField(
        label=later("Số ban đầu"),
        required=False,
        max_length=30,
        help_text=later("Lúc bắt đầu đã có bao nhiêu."),
    )
    baseline_on = DayField(
        label=later("Ngày của số ban đầu"),
        required=False,
        max_length=10,
        help_text=later("Ví dụ 31/12/2021."),
    )
    counter = forms.ChoiceField(
        label=later("Số thực hiện từ đâu"),
        required=False,
        help_text=later("Hệ thống tự đếm được thì không ai phải báo cáo."),
    )
    office = OfficeField(
        label=later("Cơ quan báo cáo"),
        required=False,
        max_length=200,
        help_text=later("Khi hệ thống không tự đếm. Gõ vài chữ rồi chọn."),
    )
    plan = forms.ChoiceField(label=later("Thuộc kế hoạch"), required=False)
    parent = forms.ChoiceField(
        label=later("Là một phần của chỉ tiêu"),
        required=False,
        help_text=later("Chỉ tiêu lớn bằng tổng các phần: cộng tử số, cộng mẫu số."),
    )
    definition = LinesField(label=later("Đếm thế nào"), required=False, max_length=1_000)
    source = TextField(
        label=later("Lấy từ văn bản nào"),
        max_length=300,
        help_text=later("Ví dụ 122/KH-UBND, mục II.3."),
        error_messages={"required": later("Chưa có văn bản. Ghi số văn bản giao chỉ tiêu.")},
    )
    is_public = forms.BooleanField(label=later("Hiện trên trang tiến độ công khai"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        places: Mapping[str, Office],
        plans: Choices,
        parents: Choices,
        keeps: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Take what was posted and what may be chosen; ``keeps``: the secretary, who may name any office or none."""
        super().__init__(
            data, label_suffix="", initial={"direction": "up", "is_public": True} | (initial or {})
        )
        choices: dict[str, Choices] = {
            "group": [("", _("Chọn một nhóm")), *labels("groups").items()],
            "direction": [("up", _("Càng cao càng tốt")), ("down", _("Càng thấp càng tốt"))],
            "counter": [
                ("", _("Cơ quan báo cáo, hoặc cộng từ các phần")),
                *((one.key, _("Tự đếm: %(name)s") % {"name": one.name}) for one in COUNTERS.values()),
            ],
            "plan": [
                *([("", _("Không thuộc kế hoạch nào"))] if keeps else [("", _("Chọn kế hoạch"))]),
                *plans,
            ],
            "parent": [("", _("Không")), *parents],
        }
        for name, own in choices.items():
            box = self.fields[name]
            assert isinstance(box, forms.ChoiceField)
            box.choices = own
        if not keeps:
            del self.fields["office"]
            self.fields["plan"].required = True
        prepare(self, places)

    def wanted(self, directive_item: int | None) -> NewTarget:
        """Return the target that was filled in."""
        found = self.cleaned_data
        office = found.get("office")
        unit = found["unit"]
        return NewTarget(
            name=found["name"],
            group=found["group"],
            unit=PERCENT if unit.casefold() in ("%", PERCENT, "phần trăm") else unit,
            source=found["source"],
            periods=found["marks"],
            direction=found["direction"],
            definition=found["definition"],
            baseline=found["baseline"],
            baseline_on=found["baseline_on"],
            counter=found["counter"],
            office=office.pk if office else None,
            plan=key_of(found["plan"]),
            parent=key_of(found["parent"]),
            directive_item=directive_item,
            is_public=found["is_public"],
        )


class ChangeForm(forms.Form):
    """A value to be changed, with the reason."""

    use_required_attribute = False

    last = DayField(
        label=later("Đến ngày"),
        max_length=10,
        help_text=later("Ngày cuối của kỳ. Chưa có mốc ngày ấy thì thành mốc mới."),
        error_messages={"required": later("Chưa có ngày. Ghi ngày cuối kỳ, ví dụ 31/12/2022.")},
    )
    value = NumberField(
        label=later("Phải đạt"),
        max_length=30,
        error_messages={"required": later("Chưa có giá trị. Ghi số phải đạt.")},
    )
    reason = LinesField(
        label=later("Vì sao đổi"),
        max_length=1_000,
        help_text=later("Kèm số văn bản nếu có. Ai mở chỉ tiêu cũng đọc được."),
        error_messages={"required": later("Chưa có lý do. Ghi vì sao đổi.")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        """Take what was posted, or the mark that a link names."""
        super().__init__(data, label_suffix="", initial=initial)
        prepare(self)


class ReportForm(forms.Form):
    """What was reached by a day, with its evidence; the file is the view's matter."""

    use_required_attribute = False

    on = DayField(
        label=later("Số liệu đến hết ngày"),
        max_length=10,
        error_messages={"required": later("Chưa có ngày. Ghi ngày của số liệu, ví dụ 09/05/2022.")},
    )
    numerator = NumberField(
        label=later("Đã làm được"),
        max_length=30,
        error_messages={"required": later("Chưa có số. Ghi đã làm được bao nhiêu.")},
    )
    denominator = NumberField(label=later("Trên tổng số"), required=False, max_length=30)
    note = LinesField(
        label=later("Ghi chú hoặc số văn bản xác nhận"),
        required=False,
        max_length=600,
        help_text=later("Ví dụ: biên bản nghiệm thu 12/BB ngày 06/05/2022."),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        is_percent: bool,
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Take what was posted; a share needs its whole."""
        super().__init__(data, label_suffix="", initial=initial)
        self.fields["denominator"].required = is_percent
        self.fields["denominator"].error_messages["required"] = _(
            "Chưa có tổng số. Tỷ lệ tính trên bao nhiêu?"
        )
        prepare(self)

    @property
    def reached(self) -> Reached:
        """Return what was filled in."""
        found = self.cleaned_data
        return Reached(found["on"], found["numerator"], found["denominator"])


class SolutionForm(forms.Form):
    """A solution of a target."""

    use_required_attribute = False

    text = LinesField(
        label=later("Làm gì để đạt chỉ tiêu"),
        max_length=1_000,
        error_messages={"required": later("Chưa có giải pháp. Ghi một, hai câu.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        """Take what was posted."""
        super().__init__(data, label_suffix="")
        prepare(self)


def key_of(text: str) -> int | None:
    """Return the row number that a box carries, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def filters_of(data: Mapping[str, str], offices: Mapping[str, int]) -> tuple[Filters, dict[str, str]]:
    """Return the filters of the list, and what stands in its boxes; what is none of the choices is left out."""
    typed = {name: tidy(visible(data.get(name, "")))[:60] for name in ("nhom", "mau", "nguon", "co-quan")}
    known = {
        "nhom": set(labels("groups")),
        "mau": {one.value for one in Light},
        "nguon": {"counter", "report", "children"},
        "co-quan": set(offices),
    }
    kept = {name: value if value in known[name] else "" for name, value in typed.items()}
    return Filters(kept["nhom"], kept["mau"], kept["nguon"], offices.get(kept["co-quan"])), kept
