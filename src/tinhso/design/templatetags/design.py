"""Template tags and filters of the design system; README.md of this module shows each with an example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tinhso.design import bullets, charts, columns, fields, icons, thread, weave
from tinhso.design import cloth as cloths
from tinhso.toolkit import clock, words

register = template.Library()

_TAGS: Final[dict[str, tuple[str, str, Any]]] = {
    "in_time": ("tag-ok", "circle-check", gettext_lazy("Còn hạn")),
    "soon": ("tag-soon", "hourglass", gettext_lazy("Sắp đến hạn")),
    "late": ("tag-late", "circle-alert", gettext_lazy("Quá hạn")),
    "ended_late": ("tag-late", "circle-alert", gettext_lazy("Trả trễ")),
    "paused": ("", "circle-pause", gettext_lazy("Tạm dừng")),
    "early": ("tag-early", "circle-check-big", gettext_lazy("Trả trước hạn")),
    "ok": ("tag-ok", "circle-check", ""),
    "warn": ("tag-soon", "triangle-alert", ""),
    "bad": ("tag-late", "circle-x", ""),
    "info": ("tag-info", "info", ""),
    "plain": ("", "", ""),
}
_LEDGER_PARTS: Final = ("label", "value", "note")


@register.simple_tag
def icon(name: str, size: int = 20, classes: str = "") -> SafeString:
    """Draw the Lucide icon ``name``; 20 follows the text, 32 and 56 are the large ones."""
    return icons.svg(name, int(size), classes)


@register.inclusion_tag("design/tag.html")
def tag(kind: str, text: str = "", icon: str = "") -> dict[str, Any]:
    """Draw a tag. ``kind`` is a state of a deadline with its own words, or ok, warn, bad, info, plain."""
    style, drawing, word = _TAGS[kind]
    return {"style": style, "icon": icon or drawing, "text": text or word}


@register.inclusion_tag("design/thread.html", name="thread")
def thread_of_days(
    days: Iterable[thread.Day], small: bool = False, legend: bool = True, label: str = ""
) -> dict[str, Any]:
    """Draw the thread of ``days``. ``small`` keeps it in weeks without legend; ``label`` names the list."""
    kept = list(days)
    return {
        "days": kept,
        "first_column": kept[0].column if kept else 1,
        "small": small,
        "long": len(kept) > thread.WEEKS_AFTER,
        "keys": thread.keys(kept) if legend and not small else [],
        "label": label or _("Từng ngày, từ lúc nhận đến ngày hẹn"),
    }


@register.inclusion_tag("design/mini_thread.html")
def mini_thread(days: Iterable[thread.Day]) -> dict[str, Any]:
    """Draw ``days`` at row height."""
    return {"mini": thread.mini(days)}


@register.inclusion_tag("design/ledger.html")
def ledger(rows: Iterable[Any], total: Any = None) -> dict[str, Any]:
    """Draw an addition; ``rows`` and ``total`` are (label, value[, note]), mappings or objects."""
    return {"rows": [_ledger_row(row) for row in rows], "total": _ledger_row(total) if total else None}


@register.simple_tag(name="weave")
def weave_of(sha256: str, size: int = 132) -> SafeString:
    """Draw the weave of a SHA-256. Always show the digits and the sentence about the signature beside it."""
    return weave.svg(sha256, int(size))


@register.filter
def hash_groups(sha256: str, count: int = 16) -> str:
    """Write a hash in groups of four; ``count`` is how many groups (2 is its first eight)."""
    return " ".join(weave.grouped(sha256).split()[:count])


@register.simple_tag
def cloth(days: Iterable[cloths.Given], today: date | None = None) -> SafeString:
    """Draw the cloth of the year from ``ClothDay`` or (date, done, late); None is a day to come."""
    return cloths.svg(days, today)


@register.simple_tag
def hbar_chart(
    rows: Iterable[charts.GivenBar], title: str, average: float | None = None, average_label: str = ""
) -> SafeString:
    """Draw sorted bars of ``Bar`` or (label, value). ``title`` says the finding; put the table beneath."""
    return charts.hbars(rows, title, average, average_label)


@register.simple_tag
def column_chart(
    rows: Sequence[tuple[str, float]], title: str, unit: str = "", marks: Sequence[tuple[float, str]] = ()
) -> SafeString:
    """Draw columns of (label, value) in their order. ``title`` says the finding; put the table beneath."""
    return columns.columns(rows, title, unit, marks)


@register.simple_tag
def line_chart(series: Sequence[charts.Series], title: str, unit: str = "") -> SafeString:
    """Draw up to three ``Series``, each named at its end. ``title`` says the finding; the table goes beneath."""
    return charts.lines(series, title, unit)


@register.simple_tag(name="bullet")
def bullet_of(
    value: float | None, needed: float | None = None, goal: float | None = None, whole: float | None = None
) -> SafeString:
    """Draw how far a value has come, what is needed now and the goal; the words stand beside it."""
    numbers = [None if one is None else float(one) for one in (value, needed, goal, whole)]
    return bullets.bullet(*numbers[:3], whole=numbers[3])


@register.simple_tag
def stacked_chart(rows: Sequence[tuple[str, Sequence[float | None]]], title: str) -> SafeString:
    """Draw stacked bars of (label, parts) in their order. ``title`` says the finding; key and table go beneath."""
    return charts.stacked(rows, title)


@register.inclusion_tag("design/field.html")
def field(bound: BoundField, label: str = "", hint: str = "") -> dict[str, Any]:
    """Draw a form field: label, hint, error, input. ``label`` and ``hint`` replace the form's own words."""
    if label:
        bound.label = label
    if hint:
        bound.help_text = hint
    return {"field": fields.view(bound)}


@register.inclusion_tag("design/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """Say on top of a form how many places need mending, each a link to its field."""
    return {"mistakes": fields.mistakes(form) if form.is_bound else []}


@register.inclusion_tag("design/steps.html")
def steps(current: int, total: int, name: str) -> dict[str, Any]:
    """Draw "Bước 4/5 · name" and its strands."""
    strands = [
        "done" if place < current else "now" if place == current else "" for place in range(1, total + 1)
    ]
    return {"current": current, "total": total, "name": name, "strands": strands}


@register.filter
def vn_date(value: date | None) -> str:
    """Write 16/05/2022; nothing for nothing."""
    return words.date_text(_day(value)) if value else ""


@register.filter
def vn_weekday_date(value: date | None) -> str:
    """Write thứ Hai, 16/05/2022; nothing for nothing."""
    return words.weekday_date(_day(value)) if value else ""


@register.filter
def vn_datetime(value: datetime | None) -> str:
    """Write 14 giờ 52, 27/04/2022, in Vietnam's time; nothing for nothing."""
    return words.moment_text(value.astimezone(clock.VN)) if value else ""


@register.filter
def vn_money(value: int | None) -> str:
    """Write 28.000 đ; "Miễn phí" for zero; where nobody knows the amount, that the counter names it."""
    if value is None:
        return _("Nơi nhận báo số tiền")
    return words.money(int(value)) if value else _("Miễn phí")


@register.filter
def vn_number(value: float | None) -> str:
    """Write 1.605 or 35,9; nothing for nothing."""
    return "" if value is None else charts.figure(value)


@register.filter
def phone_link(number: str) -> str:
    """Write the address that calls ``number``."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


@register.filter
def first_upper(text: str) -> str:
    """Begin a sentence: only its first letter becomes a capital."""
    return capfirst(text)


def _day(value: date) -> date:
    return value.astimezone(clock.VN).date() if isinstance(value, datetime) else value


def _ledger_row(row: Any) -> dict[str, Any]:
    if isinstance(row, Mapping):
        return {part: row.get(part, "") for part in _LEDGER_PARTS}
    if isinstance(row, (tuple, list)):
        return dict(zip(_LEDGER_PARTS, [*row, "", ""], strict=False))
    return {part: getattr(row, part, "") for part in _LEDGER_PARTS}
