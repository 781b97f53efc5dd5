"""What the office's templates need beyond the design system."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def get(values: Mapping[str, str], key: str) -> str:
    """Return the value at a key that a template cannot write with a dot, or blank."""
    return values.get(key, "")
