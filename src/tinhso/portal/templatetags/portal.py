"""Filters for the public pages."""

from __future__ import annotations

from django import template

register = template.Library()

#: The picture beside a procedure, by its code in the national catalogue; names are those of the design's icons.
ICONS = {
    "1.001193": "baby",
    "1.001612": "store",
    "1.004873": "heart-handshake",
    "1.013225": "house",
    "2.000815": "stamp",
    "3.000333": "shield-check",
}


@register.filter
def procedure_icon(code: str) -> str:
    """Return the name of the icon that stands beside a procedure; a sheet of paper for those without one."""
    return ICONS.get(code, "file-text")


@register.filter
def place_name(office: str) -> str:
    """Return the place that an office serves: Huyện Hải Hậu for Ủy ban nhân dân huyện Hải Hậu."""
    name = office.removeprefix("Ủy ban nhân dân ")
    return name[:1].upper() + name[1:]
