"""The pictures beside procedures."""

from __future__ import annotations

from tinhso.design import icons
from tinhso.portal.templatetags.portal import ICONS, procedure_icon


def test_every_procedure_has_a_picture_that_exists() -> None:
    assert all(icons.svg(name).startswith("<svg") for name in ICONS.values())
    assert icons.svg(procedure_icon("9.999999")).startswith("<svg")
