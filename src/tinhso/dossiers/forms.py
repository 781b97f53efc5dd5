"""The counter's questions about people and the case, and a leader's new moments; a procedure's questions come from its sheet."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tinhso.directory.api import NewDay
from tinhso.dossiers.queries.counter import RELATIONS
from tinhso.dossiers.services.extend import LEAST_REASON
from tinhso.toolkit.clock import VN
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import day_of
from tinhso.toolkit.working_time import WORKING_SATURDAY

SELF, OTHER = "self", "other"
BY_ANSWERS = "theo-loi-khai"
_NUMBER = {"class": "short num", "autocomplete": "off", "inputmode": "numeric"}
_IDENTITY = re.compile(r"\d{9}|\d{12}|[A-Z]\d{7,8}")
_PHONE = re.compile(r"0\d{9,10}")


def _name(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=150, widget=forms.TextInput({"autocomplete": "off", "class": "mid"}), **more
    )


def _identity(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        required=False,
        widget=forms.TextInput(_NUMBER | {"inputmode": "text"}),
        **more,
    )


class PeopleForm(forms.Form):
    """Who is in the dossier, in three roles: owner, submitter, helper; and the case where the officer chooses one."""

    use_required_attribute = False

    owner_name = _name(
        gettext_lazy("Họ và tên chủ hồ sơ"),
        error_messages={"required": gettext_lazy("Chưa có họ tên chủ hồ sơ. Ghi như trên giấy tờ.")},
    )
    owner_identity = _identity(
        gettext_lazy("Số giấy tờ của chủ hồ sơ"),
        help_text=gettext_lazy("Căn cước 12 số, chứng minh nhân dân 9 số, hoặc hộ chiếu."),
    )
    owner_phone = forms.CharField(
        label=gettext_lazy("Điện thoại"),
        required=False,
        max_length=15,
        help_text=gettext_lazy("Để gọi khi có kết quả."),
        widget=forms.TextInput(_NUMBER | {"type": "tel", "inputmode": "tel"}),
    )
    owner_address = forms.CharField(
        label=gettext_lazy("Địa chỉ"),
        required=False,
        max_length=250,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    who = forms.ChoiceField(
        label=gettext_lazy("Ai đang nộp ở quầy?"),
        choices=[(SELF, gettext_lazy("Chính chủ hồ sơ")), (OTHER, gettext_lazy("Người khác nộp thay"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Chưa chọn người nộp. Chọn một ô.")},
    )
    submitter_name = _name(gettext_lazy("Họ và tên người nộp"), required=False)
    submitter_identity = _identity(gettext_lazy("Số giấy tờ của người nộp"))
    relation = forms.ChoiceField(
        label=gettext_lazy("Người nộp là ai?"),
        required=False,
        choices=[("", gettext_lazy("Chọn một mục")), *RELATIONS.items()],
        widget=forms.Select({"class": "mid"}),
    )
    authorisation = forms.CharField(
        label=gettext_lazy("Giấy ủy quyền"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Số, ngày, nơi chứng thực. Chỉ ghi khi nộp theo ủy quyền."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    helper_name = _name(gettext_lazy("Họ và tên người giúp kê khai"), required=False)
    helper_identity = _identity(
        gettext_lazy("Số giấy tờ của người giúp"),
        help_text=gettext_lazy("Người đi cùng, không phải cán bộ. Người này được theo dõi hồ sơ."),
    )
    case = forms.ChoiceField(
        label=gettext_lazy("Thời hạn theo trường hợp nào?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Chọn một trường hợp."),
            "invalid_choice": gettext_lazy("Chọn một trường hợp trong danh sách."),
        },
    )
    read_back = forms.BooleanField(
        label=gettext_lazy("Đã đọc lại lời khai. Người nộp nghe rõ và đồng ý."),
        error_messages={"required": gettext_lazy("Đọc lại lời khai cho người nộp nghe rồi đánh dấu ô này.")},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        cases: Sequence[tuple[str, str, str]] = (),
        initial: dict[str, Any] | None = None,
    ) -> None:
        """Take what was posted, the cases that an officer may choose (key, name, when), what was typed before."""
        super().__init__(data, prefix="nguoi", label_suffix="", initial=initial)
        for field in self.fields.values():
            field.error_messages |= {
                "max_length": _("Dài quá. Viết gọn lại rồi gửi."),
                "null_characters_not_allowed": _("Có ký tự lạ. Xóa đi rồi gõ lại."),
            }
        box = self.fields["case"]
        if not cases:
            del self.fields["case"]
        elif isinstance(box, forms.ChoiceField):
            box.choices = [(BY_ANSWERS, _("Theo lời khai")), *((key, name) for key, name, _when in cases)]
            box.choice_hints = {key: when for key, _name, when in cases}  # type: ignore[attr-defined]
            self.initial.setdefault("case", BY_ANSWERS)

    def clean_owner_name(self) -> str:
        """Return the name with its spaces and letters tidied."""
        return self._tidy_name("owner_name", _("Họ tên chủ hồ sơ chỉ có chữ. Xem lại chỗ gõ nhầm số."))

    def clean_submitter_name(self) -> str:
        """Return the submitter's name, tidied."""
        return self._tidy_name("submitter_name", _("Họ tên người nộp chỉ có chữ. Xem lại chỗ gõ nhầm số."))

    def clean_helper_name(self) -> str:
        """Return the helper's name, tidied."""
        return self._tidy_name("helper_name", _("Họ tên người giúp chỉ có chữ. Xem lại chỗ gõ nhầm số."))

    def clean_owner_identity(self) -> str:
        """Return the number of the owner's paper without spaces."""
        return self._tidy_identity("owner_identity")

    def clean_submitter_identity(self) -> str:
        """Return the number of the submitter's paper without spaces."""
        return self._tidy_identity("submitter_identity")

    def clean_helper_identity(self) -> str:
        """Return the number of the helper's paper without spaces."""
        return self._tidy_identity("helper_identity")

    def clean_owner_phone(self) -> str:
        """Return the phone number without spaces and dots."""
        phone = re.sub(r"[ .\-]", "", self.cleaned_data["owner_phone"])
        if phone and not _PHONE.fullmatch(phone):
            raise forms.ValidationError(_("Điện thoại bắt đầu bằng 0, có 10 hoặc 11 số. Gõ lại."))
        return phone

    def clean_owner_address(self) -> str:
        """Return the address, tidied."""
        return tidy(self.cleaned_data["owner_address"])

    def clean_authorisation(self) -> str:
        """Return what is written about the authorisation, tidied."""
        return tidy(self.cleaned_data["authorisation"])

    def clean(self) -> dict[str, Any]:
        """Ask for the submitter where the owner does not stand at the desk, and for the paper of an authorisation."""
        said = self.cleaned_data
        if said.get("who") == OTHER:
            if not said.get("submitter_name") and "submitter_name" not in self.errors:
                self.add_error("submitter_name", _("Chưa có họ tên người nộp. Ghi như trên giấy tờ."))
            if not said.get("relation") and "relation" not in self.errors:
                self.add_error("relation", _("Chọn người nộp là ai đối với chủ hồ sơ."))
            if said.get("relation") == "authorised" and not said.get("authorisation"):
                self.add_error("authorisation", _("Nộp theo ủy quyền thì ghi số và ngày của giấy ủy quyền."))
        else:
            said |= {"submitter_name": "", "submitter_identity": "", "relation": "", "authorisation": ""}
        if bool(said.get("helper_name")) != bool(said.get("helper_identity")):
            missing = "helper_identity" if said.get("helper_name") else "helper_name"
            if missing not in self.errors:
                self.add_error(missing, _("Người giúp cần cả họ tên và số giấy tờ. Hoặc để trống cả hai."))
        return said

    def _tidy_name(self, name: str, wrong: str) -> str:
        value = tidy(self.cleaned_data[name])
        if any(letter.isdigit() for letter in value):
            raise forms.ValidationError(wrong)
        return value

    def _tidy_identity(self, name: str) -> str:
        number = re.sub(r"[ .\-]", "", self.cleaned_data[name]).upper()
        if number and not _IDENTITY.fullmatch(number):
            raise forms.ValidationError(_("Số giấy tờ có 9 hoặc 12 số; hộ chiếu có một chữ, bảy số. Gõ lại."))
        return number


_CLOCK = re.compile(r"(\d{1,2})(?: ?(?:giờ|h|g|:) ?(\d{1,2})?)?(?: ?phút)?", re.ASCII | re.IGNORECASE)


def clock_of(text: str) -> dt.time | None:
    """Return the time that was typed as 15 giờ, 15 giờ 30, 15h30 or 15:30, or None."""
    found = _CLOCK.fullmatch(text)
    try:
        return dt.time(int(found[1]), int(found[2] or 0)) if found else None
    except ValueError:
        return None


class MomentForm(forms.Form):
    """A day, a time and the reason: what a leader writes to move or to set right a moment."""

    use_required_attribute = False

    day = forms.CharField(
        max_length=20,
        widget=forms.TextInput({"class": "short num", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Chưa có ngày. Viết như 24/05/2022.")},
    )
    clock = forms.CharField(
        max_length=20,
        widget=forms.TextInput({"class": "short num", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Chưa có giờ. Viết như 15 giờ 30.")},
    )
    reason = forms.CharField(
        max_length=400,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": gettext_lazy("Chưa có lý do. Viết rõ vì sao, từ 20 chữ cái trở lên.")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        """Take what was posted, and what stands in the boxes at first."""
        super().__init__(data, label_suffix="", initial=initial)
        for field in self.fields.values():
            field.error_messages |= {
                "max_length": _("Dài quá. Viết gọn lại rồi gửi."),
                "null_characters_not_allowed": _("Có ký tự lạ. Xóa đi rồi gõ lại."),
            }

    def clean_day(self) -> dt.date:
        """Return the day."""
        day = day_of(tidy(self.cleaned_data["day"]))
        if day is None:
            raise forms.ValidationError(_("Ngày viết như 24/05/2022. Gõ lại."))
        return day

    def clean_clock(self) -> dt.time:
        """Return the time."""
        clock = clock_of(tidy(self.cleaned_data["clock"]))
        if clock is None:
            raise forms.ValidationError(_("Giờ viết như 15 giờ 30. Gõ lại."))
        return clock

    def clean_reason(self) -> str:
        """Return the reason, long enough to say something."""
        reason = tidy(visible(self.cleaned_data["reason"]))
        if len(reason) < LEAST_REASON:
            raise forms.ValidationError(_("Lý do ngắn quá. Viết rõ vì sao, từ 20 chữ cái trở lên."))
        return reason

    @property
    def moment(self) -> dt.datetime:
        """Return day and time as one moment."""
        return dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"], tzinfo=VN)


class ExtensionForm(MomentForm):
    """The new due moment, and why the office is late."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the boxes."""
        super().__init__(*args, **kwargs)
        _name_box(self.fields["day"], _("Hẹn lại ngày"), _("Ngày làm việc, ví dụ 24/05/2022."))
        _name_box(self.fields["clock"], _("Lúc"), _("Trong giờ làm việc, ví dụ 17 giờ hoặc 15 giờ 30."))
        _name_box(
            self.fields["reason"],
            _("Vì sao chưa xong?"),
            _("In trên phiếu xin lỗi. Viết như nói với người nộp."),
        )


class CorrectionForm(MomentForm):
    """The moment at which the dossier ended, why it was recorded wrongly, and the document that proves it."""

    document = forms.CharField(
        max_length=80,
        widget=forms.TextInput({"class": "mid", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Chưa có số văn bản. Ghi như 07/BB-UBND.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the boxes."""
        super().__init__(*args, **kwargs)
        _name_box(self.fields["day"], _("Ngày xong đúng"), _("Như trong biên bản, ví dụ 24/05/2022."))
        _name_box(self.fields["clock"], _("Lúc"), _("Ví dụ 15 giờ 30."))
        _name_box(
            self.fields["reason"],
            _("Vì sao ghi sai?"),
            _("Người nộp và người xem số liệu đọc được. Không viết tên người, số giấy tờ."),
        )
        _name_box(
            self.fields["document"], _("Biên bản số"), _("Văn bản chứng minh ngày đúng, ví dụ 07/BB-UBND.")
        )

    def clean_document(self) -> str:
        """Return the number of the document, tidied."""
        number = tidy(visible(self.cleaned_data["document"]))
        if not number:
            raise forms.ValidationError(_("Chưa có số văn bản. Ghi như 07/BB-UBND."))
        return number


def _name_box(box: forms.Field, label: str, hint: str) -> None:
    box.label, box.help_text = label, hint


class CalendarForm(forms.Form):
    """Days to enter into the working calendar and days to withdraw, by a decision."""

    use_required_attribute = False

    rest = forms.CharField(max_length=200, required=False, widget=forms.TextInput({"autocomplete": "off"}))
    kind = forms.ChoiceField(
        required=False,
        choices=[
            ("lễ", gettext_lazy("Nghỉ lễ")),
            ("Tết", gettext_lazy("Nghỉ Tết")),
            ("bù", gettext_lazy("Nghỉ bù")),
            ("đổi", gettext_lazy("Nghỉ hoán đổi, làm bù ngày khác")),
        ],
    )
    work = forms.CharField(max_length=200, required=False, widget=forms.TextInput({"autocomplete": "off"}))
    wrong = forms.CharField(max_length=200, required=False, widget=forms.TextInput({"autocomplete": "off"}))
    decision = forms.CharField(
        max_length=120,
        widget=forms.TextInput({"class": "mid", "autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Chưa có số văn bản. Ghi như 245/VPCP-KGVX.")},
    )
    reason = forms.CharField(
        max_length=250,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": gettext_lazy("Chưa có lý do. Viết một câu.")},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        """Take what was posted, and what stands in the boxes at first."""
        super().__init__(data, label_suffix="", initial=initial)
        several = _("Viết như 03/09/2022. Nhiều ngày thì cách nhau bằng dấu phẩy.")
        _name_box(self.fields["rest"], _("Ngày nghỉ thêm"), several)
        _name_box(self.fields["kind"], _("Nghỉ vì"), "")
        _name_box(self.fields["work"], _("Ngày cuối tuần phải làm bù"), several)
        _name_box(self.fields["wrong"], _("Ngày ghi sai, rút khỏi lịch"), several)
        _name_box(self.fields["decision"], _("Văn bản số"), "")
        _name_box(self.fields["reason"], _("Lý do"), _("Người nộp có hẹn bị dời đọc được câu này."))

    def clean(self) -> dict[str, Any]:
        """Read the days of three boxes; ask for at least one."""
        self.found: dict[str, list[dt.date]] = {}
        for name in ("rest", "work", "wrong"):
            words = list(filter(None, re.split(r"[,;\s]+", self.cleaned_data.get(name, ""))))
            known = [day for day in map(day_of, words) if day is not None]
            if len(known) < len(words):
                strange = {"text": next(word for word in words if day_of(word) is None)}
                self.add_error(name, _("“%(text)s” không phải ngày. Viết như 03/09/2022.") % strange)
            self.found[name] = sorted(set(known))
        if not any(self.data.get(name, "").strip() for name in self.found):
            self.add_error("rest", _("Chưa có ngày nào. Ghi ngày nghỉ thêm, làm bù hoặc ngày rút."))
        return self.cleaned_data

    @property
    def enter(self) -> list[NewDay]:
        """Return the days to enter."""
        rest = [NewDay(day, self.cleaned_data["kind"] or "lễ") for day in self.found["rest"]]
        return rest + [NewDay(day, WORKING_SATURDAY) for day in self.found["work"]]

    @property
    def withdraw(self) -> list[dt.date]:
        """Return the days to withdraw."""
        return self.found["wrong"]

    @property
    def days(self) -> list[dt.date]:
        """Return every day that the change is about, in order."""
        return sorted({*(one.date for one in self.enter), *self.withdraw})
