"""What comes from the pages of data protection: a correction asked for, its answer, a hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_LINE = {"autocomplete": "off"}


class CorrectionForm(forms.Form):
    """Which field of one's own data is wrong, what is right, and why."""

    field = forms.ChoiceField(
        label=_("Mục cần sửa"), widget=forms.RadioSelect, error_messages={"required": _("Chọn mục cần sửa.")}
    )
    wanted = forms.CharField(
        label=_("Giá trị đúng"),
        max_length=250,
        widget=forms.TextInput(_LINE),
        error_messages={"required": _("Ghi giá trị đúng.")},
    )
    said = forms.CharField(
        label=_("Vì sao cần sửa"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Ghi tên giấy tờ làm căn cứ. Mang giấy gốc khi cán bộ hẹn."),
        error_messages={"required": _("Ghi vì sao cần sửa, theo giấy tờ nào.")},
    )
    office = forms.TypedChoiceField(
        label=_("Xã, phường nơi mình ở"),
        coerce=int,
        empty_value=None,
        error_messages={"required": _("Chọn xã, phường nơi mình ở.")},
    )

    def __init__(
        self, *args: Any, fields: Sequence[tuple[str, str]], offices: Sequence[tuple[str, str]], **more: Any
    ) -> None:
        """Offer the fields and the communes."""
        super().__init__(*args, **more)
        self._offer("field", fields)
        self._offer("office", [("", _("Chọn xã, phường")), *offices])

    def _offer(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        box = self.fields[name]
        assert isinstance(box, forms.ChoiceField)
        box.choices = choices


class AnswerForm(forms.Form):
    """What an officer answers to a correction."""

    done = forms.ChoiceField(
        label=_("Trả lời"),
        choices=[("1", _("Sửa như yêu cầu")), ("0", _("Không sửa"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn sửa hoặc không sửa.")},
    )
    answer_text = forms.CharField(
        label=_("Lời trả lời cho người dân"),
        max_length=500,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Không sửa thì ghi lý do và việc người dân cần làm tiếp."),
    )


class HoldForm(forms.Form):
    """What is to be held, by which decision, why."""

    kind = forms.ChoiceField(
        label=_("Tạm giữ"),
        choices=[
            ("dossier", _("Một hồ sơ")),
            ("person", _("Mọi dữ liệu của một người")),
            ("office", _("Mọi hồ sơ của một cơ quan")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Chọn tạm giữ dữ liệu nào.")},
    )
    code = forms.CharField(
        label=_("Mã"),
        max_length=60,
        widget=forms.TextInput(_LINE),
        help_text=_("Số hồ sơ, số giấy tờ của người, hoặc mã cơ quan."),
        error_messages={"required": _("Ghi số hồ sơ, số giấy tờ hoặc mã cơ quan.")},
    )
    decision = forms.CharField(
        label=_("Số quyết định"),
        max_length=120,
        widget=forms.TextInput(_LINE),
        error_messages={"required": _("Ghi số quyết định tạm giữ.")},
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": _("Ghi lý do tạm giữ.")},
    )


class LiftForm(forms.Form):
    """By which decision a hold ends."""

    decision = forms.CharField(
        label=_("Số quyết định thôi tạm giữ"),
        max_length=120,
        widget=forms.TextInput(_LINE),
        error_messages={"required": _("Ghi số quyết định thôi tạm giữ.")},
    )
