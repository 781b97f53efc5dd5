"""Read what people type into one box, and say in a plain sentence what to change.

Every field's ``clean`` returns what an answer is stored as (JSON): text in NFC without stray spaces, days as
``2022-03-11``, numbers as numbers. What was typed stays in the box, right or wrong.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tinhso.catalogue.rules import partial_text
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import number

_SEPARATORS = re.compile(r"[\s.,\-–_/]+")
_MONEY = {
    "": 1,
    "đ": 1,
    "đồng": 1,
    "vnđ": 1,
    "nghìn": 10**3,
    "ngàn": 10**3,
    "triệu": 10**6,
    "tỷ": 10**9,
    "tỉ": 10**9,
}
_FIRST_YEAR = 1880
_SMALLEST_FOUR_DIGITS = 1000


class TidyText(forms.CharField):
    """A line or a few lines of text."""

    def __init__(
        self, *, max_letters: int, min_letters: int = 0, pattern: str = "", wrong: str = "", **options: Any
    ) -> None:
        """Take the bounds in letters, and a pattern with the sentence for what does not match it."""
        super().__init__(**options)
        self.max_letters, self.min_letters, self.pattern, self.wrong = (
            max_letters,
            min_letters,
            pattern,
            wrong,
        )

    def to_python(self, value: Any) -> str:
        """Return NFC text without stray spaces; lines stay lines in a long text."""
        text = str(value or "").replace("\x00", "")
        if isinstance(self.widget, forms.Textarea):
            return "\n".join(tidy(line) for line in text.strip().splitlines())
        return tidy(text)

    def validate(self, value: str) -> None:
        """Refuse what is too long or too short, telling by how much."""
        super().validate(value)
        if len(value) > self.max_letters:
            raise ValidationError(
                _("Phần này dài %(have)s chữ cái, nhiều nhất là %(most)s. Hãy viết gọn lại.")
                % {"have": number(len(value)), "most": number(self.max_letters)}
            )
        if value and self.pattern and not re.search(self.pattern, value):
            raise ValidationError(self.wrong)
        if value and len(value) < self.min_letters:
            raise ValidationError(_("Phần này còn ngắn quá. Hãy ghi rõ hơn."))


class PersonName(TidyText):
    """A person's full name: letters and spaces, kept as typed."""

    def validate(self, value: str) -> None:
        """Refuse digits and signs, naming the first one."""
        super().validate(value)
        wrong = next(
            (c for c in value if not (c.isalpha() or c in " '’-." or unicodedata.combining(c))), None
        )
        if wrong is not None and wrong.isdigit():
            raise ValidationError(_("Họ tên không có chữ số. Hãy bỏ số %(sign)s.") % {"sign": wrong})
        if wrong is not None:
            raise ValidationError(_("Họ tên chỉ gồm chữ. Hãy bỏ dấu “%(sign)s”.") % {"sign": wrong})
        if value and " " not in value:
            raise ValidationError(_("Hãy ghi đủ cả họ và tên, ví dụ Trần Thị Mẫu."))


class PartialDay(forms.CharField):
    """A day, or only its month and year, or only its year."""

    needs_day = False

    def to_python(self, value: Any) -> str:
        """Return ``1990``, ``1990-05`` or ``1990-05-12``."""
        text = tidy(str(value or ""))
        if not text:
            return ""
        parts = [part for part in re.split(r"[\s./,\-–]+", text) if part]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ValidationError(self._pattern())
        if len(parts) == 1 and len(parts[0]) == len("ddmmyyyy"):
            parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
        elif len(parts) > 1 and len(parts[0]) == len("yyyy"):
            parts.reverse()
        if len(parts) > 3 or (self.needs_day and len(parts) != 3):
            raise ValidationError(self._pattern())
        return self._checked([int(part) for part in parts])

    def _pattern(self) -> str:
        if self.needs_day:
            return _("Hãy ghi đủ ngày, tháng, năm theo mẫu 10/05/2022.")
        return _("Hãy ghi theo mẫu 10/05/1990. Không nhớ ngày thì chỉ ghi năm.")

    def _checked(self, parts: list[int]) -> str:
        """Return the parts, last is the year, as ISO text, or say which of them cannot be."""
        year = parts[-1]
        if year < _SMALLEST_FOUR_DIGITS:
            raise ValidationError(_("Hãy ghi đủ 4 số của năm, ví dụ 1990."))
        if year > 2200:
            raise ValidationError(_("Năm %(year)s chưa tới, xem lại số đầu.") % {"year": year})
        if year < _FIRST_YEAR:
            raise ValidationError(_("Năm %(year)s đã quá lâu, hãy xem lại.") % {"year": year})
        if len(parts) == 1:
            return f"{year:04d}"
        month = parts[-2]
        if not 1 <= month <= 12:
            raise ValidationError(_("Không có tháng %(month)s. Hãy ghi từ 01 đến 12.") % {"month": month})
        if len(parts) == 2:
            return f"{year:04d}-{month:02d}"
        if not 1 <= parts[0] <= calendar.monthrange(year, month)[1]:
            raise ValidationError(
                _("Tháng %(month)02d/%(year)s không có ngày %(day)s. Hãy xem lại ngày.")
                % {"month": month, "year": year, "day": parts[0]}
            )
        return f"{year:04d}-{month:02d}-{parts[0]:02d}"

    def prepare_value(self, value: Any) -> Any:
        """Show a stored day as 10/05/2022, and anything else as it was typed."""
        return partial_text(value)


class Day(PartialDay):
    """A whole day."""

    needs_day = True


class WholeNumber(forms.CharField):
    """A whole number between bounds; spaces and dots are ignored."""

    def __init__(
        self, *, least: int | None = None, most: int | None = None, unit: str = "", **options: Any
    ) -> None:
        """Take the bounds, and the unit that the sentences name."""
        super().__init__(**options)
        self.least, self.most, self.unit = least, most, unit

    def to_python(self, value: Any) -> Any:
        """Return an int, or an empty text."""
        text = tidy(str("" if value is None else value))
        if not text:
            return ""
        digits = _SEPARATORS.sub("", text.removesuffix(self.unit).strip() if self.unit else text)
        if text.startswith("-") or not (digits.isascii() and digits.isdigit()):
            raise ValidationError(_("Hãy ghi bằng chữ số, ví dụ 2."))
        if len(digits) > 15:
            raise ValidationError(_("Số này dài quá. Hãy xem lại các chữ số."))
        return int(digits)

    def validate(self, value: Any) -> None:
        """Refuse what lies outside the bounds, naming the bound."""
        super().validate(value)
        if isinstance(value, str):
            return
        unit = f" {self.unit}" if self.unit else ""
        if self.least is not None and value < self.least:
            raise ValidationError(
                _("Ít nhất là %(n)s%(unit)s. Hãy sửa lại.") % {"n": number(self.least), "unit": unit}
            )
        if self.most is not None and value > self.most:
            raise ValidationError(
                _("Nhiều nhất là %(n)s%(unit)s. Hãy sửa lại.") % {"n": number(self.most), "unit": unit}
            )

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number with dots between thousands."""
        return number(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Money(WholeNumber):
    """An amount in VND: 200.000.000, 200 triệu, 1,5 tỷ."""

    def to_python(self, value: Any) -> Any:
        """Return whole VND, or an empty text."""
        text = tidy(str("" if value is None else value)).lower()
        found = re.fullmatch(r"([\d\s.,]*\d)\s*([a-zà-ỹđ]*)", text)
        if not text:
            return ""
        if not found or found[2] not in _MONEY:
            raise ValidationError(_("Hãy ghi số tiền bằng chữ số, ví dụ 200.000.000."))
        unit = _MONEY[found[2]]
        if unit > 1:
            return round(Measure.read(found[1]) * unit)
        return int(super().to_python(found[1]))

    def validate(self, value: Any) -> None:
        """Refuse 0 and less."""
        forms.Field.validate(self, value)
        if isinstance(value, int) and self.least is not None and value < self.least:
            raise ValidationError(_("Số tiền phải lớn hơn 0 đồng."))


class Measure(forms.CharField):
    """A decimal number such as an area in m²; both 85,5 and 85.5 are understood, 1.200 is a thousand two hundred."""

    def __init__(self, *, most: float, unit: str, **options: Any) -> None:
        """Take the greatest value and the unit that the sentences name."""
        super().__init__(**options)
        self.most, self.unit = most, unit

    @staticmethod
    def read(text: str) -> float:
        """Return the number that a Vietnamese hand means. Raises ``ValueError``."""
        plain = text.replace(" ", "")
        if "," in plain:
            plain = plain.replace(".", "").replace(",", ".")
        elif re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", plain):
            plain = plain.replace(".", "")
        return float(plain)

    def to_python(self, value: Any) -> Any:
        """Return a float to two places, or an empty text."""
        text = tidy(str("" if value is None else value)).lower()
        for unit in (self.unit, "m2", "m²", "m"):
            text = text.removesuffix(unit).strip()
        if not text:
            return ""
        if not re.fullmatch(r"[\d\s.,]+", text):
            raise ValidationError(_("Hãy ghi bằng chữ số, ví dụ 85,5."))
        try:
            return round(self.read(text), 2)
        except ValueError as wrong:
            raise ValidationError(_("Hãy ghi bằng chữ số, ví dụ 85,5.")) from wrong

    def validate(self, value: Any) -> None:
        """Refuse 0 and what is beyond any house."""
        super().validate(value)
        if isinstance(value, float) and value <= 0:
            raise ValidationError(_("Số này phải lớn hơn 0 %(unit)s.") % {"unit": self.unit})
        if isinstance(value, float) and value > self.most:
            raise ValidationError(
                _("Số này lớn hơn %(most)s %(unit)s. Hãy xem lại dấu phẩy.")
                % {"most": number(int(self.most)), "unit": self.unit}
            )

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number with a decimal comma."""
        return (
            measure_text(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
        )


def measure_text(value: float) -> str:
    """Return 1.200 or 85,5."""
    whole, fraction = f"{value:.2f}".split(".")
    fraction = fraction.rstrip("0")
    return number(int(whole)) + (f",{fraction}" if fraction else "")


class Phone(forms.CharField):
    """A telephone number of ten digits."""

    def to_python(self, value: Any) -> str:
        """Return the digits; +84 becomes 0."""
        digits = re.sub(r"[\s.,\-–()]+", "", str(value or ""))
        digits = re.sub(r"^(\+84|0084)", "0", digits)
        if digits and not (digits.isascii() and digits.isdigit()):
            raise ValidationError(_("Số điện thoại chỉ gồm chữ số. Hãy bỏ chữ và dấu."))
        if digits and not digits.startswith("0"):
            raise ValidationError(_("Số điện thoại bắt đầu bằng số 0. Hãy xem lại số đầu."))
        if digits and len(digits) != 10:
            _miscounted(_("Số điện thoại"), len(digits), 10)
        return digits


def _miscounted(what: str, have: int, want: int) -> NoReturn:
    """Raise the sentence that tells how many digits are missing or too many."""
    values = {"what": what, "have": have, "want": want, "over": have - want}
    if have < want:
        raise ValidationError(_("%(what)s mới có %(have)s số, cần đủ %(want)s số.") % values)
    raise ValidationError(_("%(what)s có %(have)s số, thừa %(over)s số.") % values)


class Email(forms.CharField):
    """An e-mail address."""

    default_validators = [EmailValidator(gettext_lazy("Hãy ghi thư điện tử như mẫu ten@vidu.vn."))]

    def to_python(self, value: Any) -> str:
        """Return the address without spaces."""
        return re.sub(r"\s+", "", str(value or ""))


class Yes(forms.TypedChoiceField):
    """A question answered by yes or no."""

    def __init__(self, **options: Any) -> None:
        """Offer the two answers as radio buttons."""
        super().__init__(
            choices=[("co", gettext_lazy("Có")), ("khong", gettext_lazy("Không"))],
            coerce=lambda value: value == "co",
            empty_value=None,
            widget=forms.RadioSelect,
            **options,
        )

    def prepare_value(self, value: Any) -> Any:
        """Show a stored truth as its button."""
        return {True: "co", False: "khong"}.get(value, value)


def identity_problem(kind: str, text: str) -> str:
    """Return what is wrong with the number of an identity paper, or an empty text.

    A citizen's card (căn cước công dân) has 12 digits, the older chứng minh nhân dân 9 or 12.
    """
    digits = _SEPARATORS.sub("", text)
    if not digits or kind not in ("cccd", "cmnd"):
        return ""
    what = _("Số căn cước") if kind == "cccd" else _("Số chứng minh nhân dân")
    if not (digits.isascii() and digits.isdigit()):
        return _("%(what)s chỉ gồm chữ số. Hãy bỏ chữ và dấu.") % {"what": what}
    if kind == "cmnd" and len(digits) not in (9, 12):
        return _("%(what)s có %(have)s số, cần 9 hoặc 12 số.") % {"what": what, "have": len(digits)}
    if kind == "cccd" and len(digits) != 12:
        try:
            _miscounted(what, len(digits), 12)
        except ValidationError as wrong:
            return str(wrong.messages[0])
    return ""


def identity_number(text: str) -> str:
    """Return the number of an identity paper without spaces and signs, letters in capitals."""
    return _SEPARATORS.sub("", text).upper()
