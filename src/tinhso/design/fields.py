"""Sort out what a form field needs on a page: which drawing, which ids tie its hint and its errors to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

_DATE_FORMAT: Final = "%d/%m/%Y"
_GROUPS: Final = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice: its input, its words, and one line that says what it means."""

    tag: SafeString
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field ready to draw. ``layout`` is "choices", "check", "file", "hidden" or "line"."""

    layout: str
    bound: BoundField
    id: str
    label: str
    hint: str
    hint_id: str
    error_id: str
    errors: tuple[str, ...]
    optional: bool
    control: SafeString
    choices: tuple[Choice, ...]


def view(bound: BoundField) -> FieldView:
    """Prepare ``bound`` for the field template.

    A form field may carry ``choice_hints`` (value → one line under the answer). Dates are one text field,
    dd/mm/yyyy.
    """
    widget = bound.field.widget
    auto_id = bound.auto_id or bound.html_name
    hint_id, error_id = f"{auto_id}-hint", f"{auto_id}-err"
    layout = (
        "hidden"
        if widget.is_hidden
        else "choices"
        if isinstance(widget, _GROUPS)
        else "check"
        if isinstance(widget, forms.CheckboxInput)
        else "file"
        if isinstance(widget, forms.FileInput)
        else "line"
    )
    hint = str(bound.help_text or "")
    attrs: dict[str, Any] = {}
    if isinstance(widget, forms.DateInput):
        widget.format = widget.format or _DATE_FORMAT
        hint = hint or _("Ví dụ 24/11/1985")
        attrs = {"inputmode": "numeric", "class": f"short num {widget.attrs.get('class', '')}".strip()}
    described = [name for name, wanted in ((hint_id, hint), (error_id, bound.errors)) if wanted]
    if described and layout != "choices":
        attrs["aria-describedby"] = " ".join(described)
    return FieldView(
        layout=layout,
        bound=bound,
        id=bound.id_for_label or auto_id,
        label=str(bound.label),
        hint=hint,
        hint_id=hint_id,
        error_id=error_id,
        errors=tuple(str(error) for error in bound.errors),
        optional=not bound.field.required,
        control=SafeString("") if layout == "choices" else bound.as_widget(attrs=attrs),
        choices=tuple(_choices(bound)) if layout == "choices" else (),
    )


def mistakes(form: BaseForm) -> list[tuple[str, str]]:
    """Return the errors of ``form`` in the order of its fields as (id or "", sentence)."""
    found = [("", str(error)) for error in form.non_field_errors()]
    for name in form.fields:
        bound = form[name]
        found += [(anchor(bound), str(error)) for error in bound.errors]
    return found


def anchor(bound: BoundField) -> str:
    """Return the id to jump to: the control itself, or the first answer of a choice."""
    if isinstance(bound.field.widget, _GROUPS):
        return f"{bound.auto_id}_0"
    return str(bound.id_for_label or bound.auto_id or bound.html_name)


def _choices(bound: BoundField) -> list[Choice]:
    hints: Mapping[str, str] = getattr(bound.field, "choice_hints", {})
    return [
        Choice(sub.tag(), str(sub.choice_label), str(hints.get(str(sub.data["value"]), "")))
        for sub in bound.subwidgets
    ]
