"""Spread one question over the boxes of a page, and gather its answer from them.

A plain question is one box named like its key. Composite ones are several: ``mother_id__number``, and rows
``trades__0__code`` with a hidden ``trades__rows`` that counts them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tinhso.catalogue.queries import fields as typed
from tinhso.catalogue.rules import Data, columns, is_blank, ui
from tinhso.directory import api as directory
from tinhso.toolkit.text import fold

IDENTITY_KINDS = {
    "cccd": gettext_lazy("Căn cước công dân"),
    "cmnd": gettext_lazy("Chứng minh nhân dân"),
    "ho-chieu": gettext_lazy("Hộ chiếu"),
    "khac": gettext_lazy("Giấy tờ khác"),
}
MOST_RADIO_BUTTONS = 6
COMPOSITE = ("identity", "address", "rows")


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune as an address names it; ``label`` is what one picks, such as ``Xã A, huyện B, tỉnh C``."""

    code: str
    name: str
    label: str


def communes_on(day: dt.date) -> tuple[Commune, ...]:
    """Return the province's communes of a day, as the directory knows them."""
    return _communes(directory.reference_stamp(), day)


class Communes(tuple[Commune, ...]):
    """Communes with the ways in which people write them."""

    @cached_property
    def names(self) -> tuple[dict[str, list[Commune]], dict[str, list[Commune]]]:
        """Return the communes by whole label, and by the beginnings of it that people write, without marks.

        Xã A, huyện B, tỉnh C is also written: xã A; xã A, huyện B; A; A, huyện B.
        """
        whole: dict[str, list[Commune]] = {}
        short: dict[str, list[Commune]] = {}
        for commune in self:
            label = fold(commune.label)
            whole.setdefault(label, []).append(commune)
            parts = label.split(",")
            for n in range(1, len(parts)):
                start = ",".join(parts[:n])
                for said in {start, start.split(" ", 1)[-1]}:
                    short.setdefault(said, []).append(commune)
        return whole, short


@lru_cache(maxsize=4)
def _communes(_stamp: dt.datetime, day: dt.date) -> Communes:
    labels = [(office.territory_code, _label(office)) for office in directory.communes(day)]
    return Communes(Commune(code, label.split(",")[0], label) for code, label in labels)


def _label(office: directory.Office | None) -> str:
    names: list[str] = []
    while office is not None:
        name = office.name.removeprefix("Ủy ban nhân dân ")
        names.append(name if names else name[:1].upper() + name[1:])
        office = office.parent
    return ", ".join(names)


def find_commune(text: str, communes: Sequence[Commune]) -> list[Commune]:
    """Return the communes that a typed text can mean, written with or without marks, whole or by its name alone."""
    whole, short = (communes if isinstance(communes, Communes) else Communes(communes)).names
    wanted = fold(text)
    return list(whole.get(wanted) or short.get(wanted) or [])


# One question → its boxes


def boxes(name: str, spec: Data, *, needed: bool, rows: int) -> dict[str, forms.Field]:
    """Return the form fields of one question. ``rows``: how many rows to offer where it has rows.

    They are shared by all forms that ask it: good for reading what was typed; who changes them copies them first.
    """
    return dict(_kept_boxes(name, json.dumps(spec), needed, rows, get_language()))


@lru_cache(maxsize=4096)
def _kept_boxes(
    name: str, spec: str, needed: bool, rows: int, _language: str | None
) -> dict[str, forms.Field]:
    return _boxes(name, json.loads(spec), needed=needed, rows=rows)


def _boxes(name: str, spec: Data, *, needed: bool, rows: int) -> dict[str, forms.Field]:
    kind = ui(spec)["kind"]
    if kind == "identity":
        return _identity_boxes(name, spec)
    if kind == "address":
        return _address_boxes(name, spec)
    if kind == "rows":
        made: dict[str, forms.Field] = {
            f"{name}__rows": forms.IntegerField(required=False, widget=forms.HiddenInput)
        }
        for place in range(rows):
            for column, inner in columns(spec).items():
                made |= _boxes(f"{name}__{place}__{column}", inner, needed=False, rows=0)
        return made
    return {name: _plain_box(kind, spec, needed=needed)}


def missing(spec: Data) -> str:
    """Return the sentence that asks for an answer."""
    hints = ui(spec)
    if hints.get("missing"):
        return str(hints["missing"])
    if hints["kind"] in ("choice", "boolean"):
        return _("Hãy chọn một ô ở mục “%(title)s”.") % {"title": spec["title"]}
    return _("Hãy điền mục “%(title)s”.") % {"title": spec["title"]}


def _plain_box(kind: str, spec: Data, *, needed: bool) -> forms.Field:
    hints = ui(spec)
    common: dict[str, Any] = {
        "required": needed,
        "label": spec["title"],
        "help_text": hints.get("hint", ""),
        "error_messages": {"required": missing(spec), "invalid_choice": _("Hãy chọn một ô trong danh sách.")},
    }
    attrs: dict[str, str] = {"autocomplete": hints.get("autocomplete", "off")}
    if hints.get("width"):
        attrs["class"] = hints["width"]
    if kind == "boolean":
        return typed.Yes(**common)
    if kind == "consent":
        return forms.BooleanField(**common)
    if kind == "choice":
        return _choice_box(spec, common)
    if kind in ("text", "textarea", "name"):
        widget = forms.Textarea(attrs | {"rows": "3"}) if kind == "textarea" else forms.TextInput(attrs)
        box = typed.PersonName if kind == "name" else typed.TidyText
        return box(
            max_letters=spec["maxLength"],
            min_letters=spec.get("minLength", 0),
            pattern=spec.get("pattern", ""),
            wrong=hints.get("wrong", ""),
            widget=widget,
            **common,
        )
    figures = attrs | {"inputmode": "numeric", "class": f"{attrs.get('class', 'short')} num"}
    if kind == "integer":
        return typed.WholeNumber(
            least=spec.get("minimum"),
            most=spec.get("maximum"),
            unit=hints.get("unit", ""),
            widget=forms.TextInput(figures),
            **common,
        )
    if kind == "money":
        return typed.Money(least=1, widget=forms.TextInput(figures | {"inputmode": "text"}), **common)
    if kind == "decimal":
        return typed.Measure(
            most=spec["maximum"],
            unit=hints["unit"],
            widget=forms.TextInput(figures | {"inputmode": "decimal"}),
            **common,
        )
    if kind in ("date", "partial_date"):
        day = typed.Day if kind == "date" else typed.PartialDay
        example = (
            _("Ví dụ 24/11/1985.") if kind == "date" else _("Ví dụ 24/11/1985. Không nhớ ngày thì ghi năm.")
        )
        common["help_text"] = common["help_text"] or example
        return day(widget=forms.TextInput(figures | {"inputmode": "text"}), **common)
    if kind == "phone":
        return typed.Phone(widget=forms.TextInput(figures | {"inputmode": "tel", "type": "tel"}), **common)
    return typed.Email(widget=forms.TextInput(attrs | {"inputmode": "email"}), **common)


def _choice_box(spec: Data, common: dict[str, Any]) -> forms.Field:
    options = [(option["value"], option["label"]) for option in ui(spec)["options"]]
    if len(options) <= MOST_RADIO_BUTTONS:
        box = forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)
        hinted = {option["value"]: option["hint"] for option in ui(spec)["options"] if option.get("hint")}
        box.choice_hints = hinted  # type: ignore[attr-defined]
        return box
    return forms.ChoiceField(choices=[("", _("Chọn một mục")), *options], widget=forms.Select, **common)


def _identity_boxes(name: str, spec: Data) -> dict[str, forms.Field]:
    figures = {"class": "short num", "autocomplete": "off"}
    kinds = ui(spec).get("kinds", list(IDENTITY_KINDS))
    made: dict[str, forms.Field] = {
        f"{name}__kind": forms.ChoiceField(
            required=False,
            label=_("Loại giấy tờ"),
            choices=[(kind, IDENTITY_KINDS[kind]) for kind in kinds],
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": _("Hãy chọn một ô trong danh sách.")},
        ),
        f"{name}__number": typed.TidyText(
            required=False,
            max_letters=30,
            label=_("Số giấy tờ"),
            help_text=_("Căn cước có 12 số, chứng minh nhân dân có 9 hoặc 12 số."),
            widget=forms.TextInput(figures | {"inputmode": "text"}),
        ),
        f"{name}__issued_on": typed.Day(
            required=False,
            label=_("Ngày cấp"),
            help_text=_("Ví dụ 20/11/2021."),
            widget=forms.TextInput(figures),
        ),
        f"{name}__issued_by": typed.TidyText(
            required=False,
            max_letters=150,
            label=_("Nơi cấp"),
            help_text=_("Ghi như trên giấy, ví dụ Công an tỉnh Nam Định."),
            widget=forms.TextInput({"autocomplete": "off"}),
        ),
    }
    if ui(spec).get("expires"):
        made[f"{name}__expires_on"] = typed.Day(
            required=False,
            label=_("Ngày hết hạn"),
            help_text=_("Để trống nếu giấy không ghi ngày hết hạn."),
            widget=forms.TextInput(figures),
        )
    return made


def _address_boxes(name: str, spec: Data) -> dict[str, forms.Field]:
    hints = ui(spec)
    return {
        f"{name}__detail": typed.TidyText(
            required=False,
            max_letters=150,
            label=hints.get("detailLabel", _("Số nhà, đường, thôn hoặc tổ")),
            widget=forms.TextInput({"autocomplete": "off"}),
        ),
        f"{name}__area": typed.TidyText(
            required=False,
            max_letters=200,
            label=_("Xã, huyện, tỉnh"),
            help_text=_("Gõ tên xã rồi chọn. Ngoài tỉnh thì ghi đủ xã, huyện, tỉnh."),
            widget=forms.TextInput({"autocomplete": "off", "list": "communes"}),
        ),
    }


# Boxes → the answer, and back


def gather(name: str, spec: Data, values: Mapping[str, Any], communes: Sequence[Commune]) -> Any:
    """Return the answer to one question from the values of its boxes, cleaned or as typed; blank: None."""
    kind = ui(spec)["kind"]
    if kind == "identity":
        parts = ("kind", "number", "issued_on", "issued_by", "expires_on")
        found = {part: values.get(f"{name}__{part}") for part in parts if values.get(f"{name}__{part}")}
        if found.get("kind") and len(found) == 1:
            return None
        if "number" in found:
            found["number"] = typed.identity_number(found["number"] or "")
        return found or None
    if kind == "address":
        return _address(name, values, communes)
    if kind == "rows":
        return [
            {
                column: answer
                for column, inner in columns(spec).items()
                if not is_blank(answer := gather(f"{name}__{place}__{column}", inner, values, communes))
            }
            for place in range(int(values.get(f"{name}__rows") or 0))
        ]
    value = values.get(name)
    if kind == "consent":
        return True if value else None
    return None if value == "" else value


def _address(name: str, values: Mapping[str, Any], communes: Sequence[Commune]) -> dict[str, str] | None:
    detail, area = (str(values.get(f"{name}__{part}") or "") for part in ("detail", "area"))
    if not detail and not area:
        return None
    found = find_commune(area, communes) if area else []
    answer = {"detail": detail, "area": area}
    if len(found) == 1:
        answer |= {"area": found[0].label, "commune": found[0].code}
    label = answer["area"]
    text = (
        f"{detail}, {label[:1].lower() + label[1:] if found else label}"
        if detail and label
        else detail or label
    )
    return {part: value for part, value in (answer | {"text": text}).items() if value}


def scatter(name: str, spec: Data, answer: Any) -> dict[str, Any]:
    """Return the values of a question's boxes from its answer; what was typed wrongly is kept."""
    kind = ui(spec)["kind"]
    if kind in ("identity", "address"):
        return {f"{name}__{part}": value for part, value in (answer or {}).items()}
    if kind == "rows":
        values: dict[str, Any] = {f"{name}__rows": len(answer or ())}
        for place, row in enumerate(answer or ()):
            for column, inner in columns(spec).items():
                values |= scatter(f"{name}__{place}__{column}", inner, row.get(column))
        return values
    return {name: answer}
