"""Set up an office by a decision, from a day on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import OfficeAdded
from tinhso.directory.models import Office
from tinhso.directory.permissions import OFFICES, MayOffice
from tinhso.directory.rules import Actor, OfficeKind
from tinhso.directory.services.record_change import record_change
from tinhso.toolkit.text import fold, sort_key
from tinhso.toolkit.words import date_text


class CannotAddOffice(Exception):
    """The office cannot be set up like this; the message says why and how to go on."""


@dataclass(frozen=True, slots=True)
class NewOffice:
    """An office as it is to be set up; ``parent`` is a row's number."""

    parent: int
    kind: OfficeKind
    code: str
    code_2020: str
    name: str
    short_name: str
    place: str
    valid_from: dt.date
    territory_code: str = ""
    phone: str = ""
    address: str = ""


@transaction.atomic
def add_office(*, by: Actor, at: dt.datetime, wanted: NewOffice, decision: str, reason: str) -> Office:
    """Set up an office below one that the actor administers. Raises ``NotThere``, ``CannotAddOffice``."""
    parent = OFFICES.one(by, MayOffice.ADMINISTER, pk=wanted.parent)
    if not decision.strip() or not reason.strip():
        raise CannotAddOffice(_("Ghi số quyết định và lý do."))
    if wanted.valid_from < parent.valid_from or (parent.valid_to and wanted.valid_from > parent.valid_to):
        raise CannotAddOffice(
            _("%(parent)s không hoạt động vào ngày %(day)s. Chọn ngày khác hoặc cơ quan trên khác.")
            % {"parent": parent.name, "day": date_text(wanted.valid_from)}
        )
    refuse_taken_code(wanted.code, wanted.valid_from)
    office = Office.objects.create(
        code=wanted.code,
        code_2020=wanted.code_2020,
        name=wanted.name,
        short_name=wanted.short_name,
        folded=fold(f"{wanted.name} {wanted.short_name}")[:200],
        sort_key=sort_key(wanted.short_name)[:400],
        kind=wanted.kind,
        parent=parent,
        territory_code=wanted.territory_code,
        phone=wanted.phone,
        address=wanted.address,
        place=wanted.place,
        valid_from=wanted.valid_from,
    )
    record_change(
        f"office:{office.pk}",
        _("Lập cơ quan"),
        lambda line: OfficeAdded(
            office.pk, office.code, office.valid_from.isoformat(), decision.strip(), line
        ),
        by=by,
        at=at,
        after=_("%(name)s, thuộc %(parent)s, từ %(day)s")
        % {"name": office.name, "parent": parent.short_name, "day": date_text(office.valid_from)},
        reason=f"{reason.strip()} ({decision.strip()})",
        also=(f"office:{parent.pk}",),
    )
    return office


def refuse_taken_code(code: str, day: dt.date) -> None:
    """Raise ``CannotAddOffice`` where another office bears the code on the day or later."""
    later = Office.objects.filter(code=code).exclude(valid_to__lt=day).order_by("valid_from").first()
    if later is not None:
        raise CannotAddOffice(
            _("Mã %(code)s đang của %(name)s. Chọn mã khác.") % {"code": code, "name": later.name}
        )
