"""What comes from the pages of administration: offices, decisions about them, officers, posts, loans."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from tinhso.directory.models import Office
from tinhso.toolkit.text import fold, tidy, visible
from tinhso.toolkit.words import day_of

_NEAR: Final = 3
_LINE: Final = {"autocomplete": "off"}
_MID: Final = {"autocomplete": "off", "class": "mid"}
_CODE: Final = re.compile(r"\d{3}(\.[0-9A-Z]{2,3}){2,3}")
_CODE_2020: Final = re.compile(r"H\d{2}(\.\d{1,3})*")
_PHONE: Final = re.compile(r"0\d{9,10}")
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class DayField(forms.CharField):
    """A day typed as 24/05/2022, given as a ``date``, or None where it may be left out."""

    widget = forms.TextInput({"autocomplete": "off", "class": "short num", "inputmode": "numeric"})

    def clean(self, value: Any) -> dt.date | None:
        """Return the day. Raises ``ValidationError``."""
        text = tidy(visible(str(super().clean(value))))
        if not text:
            return None
        day = day_of(text)
        if day is None:
            raise forms.ValidationError(_("Ngày viết như 24/05/2022. Gõ lại."))
        return day


class TextField(forms.CharField):
    """Words of one line, without letters that nobody sees; ``shape`` and ``say``: what they must look like."""

    widget = forms.TextInput(_LINE)

    def __init__(self, *args: Any, shape: re.Pattern[str] | None = None, say: Any = "", **more: Any) -> None:
        """Keep the shape and the sentence for what is shaped otherwise."""
        super().__init__(*args, **more)
        self.shape, self.say = shape, say

    def clean(self, value: Any) -> str:
        """Return the words, tidied. Raises ``ValidationError``."""
        text = tidy(visible(str(super().clean(value))))
        if self.required and not text:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if text and self.shape and not self.shape.fullmatch(text):
            raise forms.ValidationError(str(self.say))
        return text


class OfficeField(TextField):
    """An office typed by its name or a part of it; ``places``: name to pick → office."""

    widget = forms.TextInput({**_MID, "list": "cac-co-quan"})
    places: Mapping[str, Office]

    def clean(self, value: Any) -> Office | None:  # type: ignore[override]
        """Return the office. Raises ``ValidationError`` with near names."""
        text = super().clean(value)
        if not text:
            return None
        wanted = fold(text)
        exact = [office for label, office in self.places.items() if fold(label) == wanted]
        near = [label for label in self.places if wanted in fold(label)]
        if exact or len(near) == 1:
            return exact[0] if exact else self.places[near[0]]
        if near:
            some = "; ".join(near[:_NEAR])
            raise forms.ValidationError(
                _("“%(text)s” có %(n)d cơ quan: %(some)s… Gõ đủ tên.")
                % {"text": text, "n": len(near), "some": some}
            )
        raise forms.ValidationError(
            _("Phần mình quản trị không có “%(text)s”. Gõ vài chữ trong tên rồi chọn.") % {"text": text}
        )


class AdminForm(forms.Form):
    """A form whose boxes speak plainly."""

    use_required_attribute = False

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        initial: dict[str, Any] | None = None,
        places: Mapping[str, Office] | None = None,
        choices: Mapping[str, Sequence[tuple[str, Any]]] | None = None,
    ) -> None:
        """Take what was posted, what stands in the boxes at first, the offices and answers to pick from."""
        super().__init__(data, label_suffix="", initial=initial)
        for name, box in self.fields.items():
            box.error_messages |= {
                "max_length": _("Dài quá. Viết gọn lại rồi gửi."),
                "null_characters_not_allowed": _("Có ký tự lạ. Xóa đi rồi gõ lại."),
                "invalid_choice": _("Chọn một mục trong danh sách."),
            }
            if box.error_messages["required"] == forms.Field.default_error_messages["required"]:
                box.error_messages["required"] = _("Chưa điền ô này.")
            if isinstance(box, OfficeField):
                box.places = places or {}
            if choices and name in choices and isinstance(box, forms.ChoiceField):
                box.choices = [("", _("Chọn")), *choices[name]]


def _decision() -> TextField:
    return TextField(
        label=later("Quyết định số"),
        max_length=120,
        widget=forms.TextInput(_MID),
        error_messages={"required": later("Chưa có số quyết định. Không đổi gì khi chưa có văn bản.")},
    )


def _reason() -> TextField:
    return TextField(
        label=later("Lý do"),
        max_length=300,
        help_text=later("Một câu, người xem lịch sử sẽ đọc."),
        error_messages={"required": later("Chưa có lý do.")},
    )


_WAITS: Final = later("Ví dụ 24/05/2022. Ngày sau hôm nay thì chờ đến ngày đó.")


def _day(label: Any, hint: Any = _WAITS) -> DayField:
    return DayField(
        label=label,
        max_length=10,
        help_text=hint,
        error_messages={"required": later("Chưa có ngày. Viết như 24/05/2022.")},
    )


def _code() -> TextField:
    return TextField(
        label=later("Mã cơ quan"),
        max_length=17,
        shape=_CODE,
        say=later("Mã viết như 000.12.33.H40. Gõ lại."),
        help_text=later("Theo QCVN 102:2016, ví dụ 000.12.33.H40."),
        widget=forms.TextInput(_MID),
        error_messages={"required": later("Chưa có mã.")},
    )


def _code_2020() -> TextField:
    return TextField(
        label=later("Mã theo Quyết định 20/2020"),
        max_length=35,
        shape=_CODE_2020,
        say=later("Mã viết như H40.33.12. Gõ lại."),
        help_text=later("Ví dụ H40.33.12."),
        widget=forms.TextInput(_MID),
        error_messages={"required": later("Chưa có mã.")},
    )


class OfficeForm(AdminForm):
    """An office to be set up."""

    kind = forms.ChoiceField(
        label=later("Loại cơ quan"),
        widget=forms.Select({"class": "mid"}),
        error_messages={"required": later("Chưa chọn loại cơ quan.")},
    )
    name = TextField(
        label=later("Tên đầy đủ"),
        max_length=150,
        help_text=later("Như trong quyết định."),
        error_messages={"required": later("Chưa có tên. Ghi như trong quyết định.")},
    )
    short_name = TextField(
        label=later("Tên gọi tắt"),
        max_length=45,
        widget=forms.TextInput(_MID),
        error_messages={"required": later("Chưa có tên gọi tắt.")},
    )
    code = _code()
    code_2020 = _code_2020()
    place = TextField(
        label=later("Địa danh ghi trên văn bản"),
        max_length=100,
        widget=forms.TextInput(_MID),
        error_messages={"required": later("Chưa có địa danh.")},
    )
    phone = TextField(label=later("Điện thoại"), required=False, max_length=30, widget=forms.TextInput(_MID))
    address = TextField(label=later("Địa chỉ"), required=False, max_length=250)
    valid_from = _day(later("Hoạt động từ"))
    decision = _decision()
    reason = _reason()


class RenameForm(AdminForm):
    """A new name."""

    name = TextField(
        label=later("Tên mới"), max_length=150, error_messages={"required": later("Chưa có tên mới.")}
    )
    short_name = TextField(
        label=later("Tên gọi tắt mới"),
        max_length=45,
        widget=forms.TextInput(_MID),
        error_messages={"required": later("Chưa có tên gọi tắt mới.")},
    )
    effective_date = _day(later("Có hiệu lực từ"))
    decision = _decision()
    reason = _reason()


class MoveForm(AdminForm):
    """Another parent, and the codes that go with it."""

    parent = OfficeField(
        label=later("Chuyển đến dưới"),
        max_length=250,
        help_text=later("Gõ vài chữ rồi chọn."),
        error_messages={"required": later("Chưa chọn cơ quan trên.")},
    )
    code = _code()
    code_2020 = _code_2020()
    effective_date = _day(later("Có hiệu lực từ"))
    decision = _decision()
    reason = _reason()


class CloseForm(AdminForm):
    """The end of an office and who goes on with its work."""

    successor = OfficeField(
        label=later("Cơ quan nhận việc"),
        required=False,
        max_length=250,
        help_text=later("Nhận mọi hồ sơ đang chạy. Bỏ trống nếu không còn việc gì."),
    )
    second = OfficeField(
        label=later("Cơ quan thứ hai cùng nhận"),
        required=False,
        max_length=250,
        help_text=later("Chỉ khi tách làm hai; hồ sơ đang chạy vẫn về cơ quan thứ nhất."),
    )
    effective_date = _day(later("Đóng từ ngày"))
    decision = _decision()
    reason = _reason()


class PostForm(AdminForm):
    """A post to be given."""

    office = OfficeField(
        label=later("Cơ quan"),
        max_length=250,
        help_text=later("Gõ vài chữ rồi chọn."),
        error_messages={"required": later("Chưa chọn cơ quan.")},
    )
    role = forms.ChoiceField(
        label=later("Vai trò"),
        widget=forms.Select({"class": "mid"}),
        help_text=later("Được làm gì: xem trang Vai trò và quyền."),
        error_messages={"required": later("Chưa chọn vai trò.")},
    )
    title = TextField(
        label=later("Chức danh"),
        max_length=120,
        widget=forms.TextInput(_MID),
        help_text=later("Như ghi dưới chữ ký, ví dụ: Công chức tư pháp – hộ tịch."),
        error_messages={"required": later("Chưa có chức danh.")},
    )
    valid_from = _day(later("Từ ngày"), later("Ví dụ 24/05/2022."))
    valid_to = DayField(
        label=later("Đến hết ngày"),
        required=False,
        max_length=10,
        help_text=later("Bỏ trống nếu chưa biết."),
    )
    decision = _decision()
    reason = _reason()


class InviteForm(PostForm):
    """An officer to invite, with the first post."""

    name = TextField(
        label=later("Họ và tên"), max_length=150, error_messages={"required": later("Chưa có họ tên.")}
    )
    birth_date = DayField(
        label=later("Ngày sinh"),
        required=False,
        max_length=10,
        help_text=later("Để phân biệt người trùng tên."),
    )
    phone = TextField(
        label=later("Điện thoại"),
        required=False,
        max_length=15,
        shape=_PHONE,
        say=later("Số điện thoại có 10 hoặc 11 số, bắt đầu bằng 0."),
        widget=forms.TextInput({**_MID, "inputmode": "tel"}),
    )
    email = TextField(
        label=later("Thư điện tử"),
        required=False,
        max_length=150,
        shape=_EMAIL,
        say=later("Địa chỉ thư viết như ten@namdinh.gov.vn. Gõ lại."),
        help_text=later("Nhận thư báo có tài khoản. Thư không chứa mã."),
        widget=forms.TextInput({**_MID, "inputmode": "email"}),
    )
    field_order = (
        "name",
        "birth_date",
        "phone",
        "email",
        "office",
        "role",
        "title",
        "valid_from",
        "valid_to",
    )


class ReleaseForm(AdminForm):
    """From which day posts are no longer held; who receives each desk stands beside the posts."""

    day = _day(later("Thôi từ ngày"), later("Ngày đầu tiên không còn giữ chức vụ. Ví dụ 24/05/2022."))
    decision = _decision()
    reason = _reason()


class TransferForm(ReleaseForm):
    """The same, and where the officer goes."""

    office = OfficeField(
        label=later("Đến cơ quan"),
        max_length=250,
        help_text=later("Gõ vài chữ rồi chọn."),
        error_messages={"required": later("Chưa chọn nơi đến.")},
    )
    role = forms.ChoiceField(
        label=later("Vai trò mới"),
        widget=forms.Select({"class": "mid"}),
        error_messages={"required": later("Chưa chọn vai trò mới.")},
    )
    title = TextField(
        label=later("Chức danh mới"),
        max_length=120,
        widget=forms.TextInput(_MID),
        error_messages={"required": later("Chưa có chức danh mới.")},
    )
    field_order = ("day", "office", "role", "title", "decision", "reason")


class ReasonForm(AdminForm):
    """Why something is done."""

    reason = _reason()


class LoanForm(AdminForm):
    """Which post is lent to whom, from when to when."""

    post = forms.TypedChoiceField(
        label=later("Chức vụ"),
        coerce=int,
        widget=forms.Select({"class": "mid"}),
        error_messages={"required": later("Chưa chọn chức vụ.")},
    )
    to_person = forms.TypedChoiceField(
        label=later("Ai làm thay"),
        coerce=int,
        widget=forms.Select({"class": "mid"}),
        error_messages={"required": later("Chưa chọn người làm thay. Tìm theo tên rồi chọn.")},
    )
    valid_from = _day(later("Từ ngày"), later("Ví dụ 24/05/2022."))
    valid_to = _day(later("Đến hết ngày"), later("Ủy quyền luôn có ngày cuối."))
    decision = TextField(
        label=later("Văn bản ủy quyền số"),
        max_length=120,
        widget=forms.TextInput(_MID),
        error_messages={"required": later("Chưa có số văn bản ủy quyền.")},
    )
    reason = _reason()
