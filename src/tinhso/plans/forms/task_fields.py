"""Boxes of the forms of tasks: days, words, offices; each with plain sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _

from tinhso.directory.api import Office
from tinhso.toolkit.text import fold, tidy, visible
from tinhso.toolkit.words import day_of

#: How many near names a refusal lists.
_MOST_NEAR: Final = 3
AREA: Final = {"rows": 3}
LINE: Final = {"autocomplete": "off"}
SHORT: Final = {"autocomplete": "off", "class": "short num", "inputmode": "numeric"}


class DayField(forms.CharField):
    """A day typed as 24/05/2022, given as a ``date``, or None where it may be left out."""

    widget = forms.TextInput(SHORT)

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
    """Words of one line, without letters that nobody sees."""

    widget = forms.TextInput(LINE)

    def clean(self, value: Any) -> str:
        """Return the words, tidied. Raises ``ValidationError``."""
        text = tidy(visible(str(super().clean(value))))
        if self.required and not text:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return text


class LinesField(forms.CharField):
    """Words of several lines, without letters that nobody sees."""

    widget = forms.Textarea(AREA)

    def clean(self, value: Any) -> str:
        """Return the words. Raises ``ValidationError``."""
        text = visible(str(super().clean(value))).replace("\r\n", "\n").strip()
        if self.required and not text:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return text


class OfficeField(TextField):
    """An office typed by its name or a part of it, with or without marks; ``places``: name to pick → office."""

    widget = forms.TextInput({**LINE, "class": "mid", "list": "cac-co-quan"})
    places: Mapping[str, Office]

    def clean(self, value: Any) -> Office | None:  # type: ignore[override]
        """Return the office. Raises ``ValidationError`` with the near names."""
        text = super().clean(value)
        return office_named(text, self.places) if text else None


class OfficesField(LinesField):
    """Offices, one a line."""

    widget = forms.Textarea({"rows": 3, "class": "mid"})
    places: Mapping[str, Office]

    def clean(self, value: Any) -> list[Office]:  # type: ignore[override]
        """Return the offices, each once. Raises ``ValidationError`` at the first that is not known."""
        found = [office_named(line, self.places) for line in super().clean(value).split("\n") if tidy(line)]
        return list({office.pk: office for office in found}.values())


def office_named(text: str, places: Mapping[str, Office]) -> Office:
    """Return the office that the words mean. Raises ``ValidationError`` with a sentence that says how to go on."""
    wanted = fold(text)
    exact = [office for label, office in places.items() if fold(label) == wanted]
    near = [label for label in places if wanted in fold(label)]
    own = [label for label in near if wanted in fold(places[label].short_name)]
    if exact:
        return exact[0]
    if len(own or near) == 1:
        return places[(own or near)[0]]
    near = own or near
    if near:
        some = "; ".join(near[:_MOST_NEAR])
        raise forms.ValidationError(
            _("“%(text)s” có %(n)d cơ quan: %(some)s… Gõ đủ tên.")
            % {"text": text, "n": len(near), "some": some}
        )
    raise forms.ValidationError(
        _("Chưa có cơ quan “%(text)s”. Gõ vài chữ trong tên rồi chọn.") % {"text": text}
    )


def prepare(form: forms.Form, places: Mapping[str, Office] | None = None) -> None:
    """Give every box of a form its plain sentences and, where it names offices, the offices."""
    for field in form.fields.values():
        field.error_messages |= {
            "max_length": _("Dài quá. Viết gọn lại rồi gửi."),
            "null_characters_not_allowed": _("Có ký tự lạ. Xóa đi rồi gõ lại."),
        }
        field.error_messages.setdefault("required", _("Chưa điền ô này."))
        if isinstance(field, forms.IntegerField):
            field.error_messages |= {
                "min_value": _("Số này phải từ %(least)s.") % {"least": field.min_value},
                "max_value": _("Số này lớn quá. Xem lại."),
            }
        if isinstance(field, forms.ChoiceField):
            field.error_messages |= {"invalid_choice": _("Chọn một mục trong danh sách.")}
        if isinstance(field, OfficeField | OfficesField):
            field.places = places or {}
