"""Copy a published version to a procedure with a code of its own."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.catalogue.models import ServiceLevel, SheetDraft
from tinhso.catalogue.permissions import PROCEDURES, MayProcedure
from tinhso.catalogue.queries.sheets import sheet_of
from tinhso.catalogue.rules import DEFAULT_FORM
from tinhso.catalogue.services.write_draft import (
    OfficeRefused,
    begin,
    last_version,
    refuse_code,
    with_default_form,
)
from tinhso.directory.api import Actor
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy


@transaction.atomic
def copy_version(*, by: Actor, at: dt.datetime, code: str, new_code: str, name: str) -> SheetDraft:
    """Begin the sheet of a new procedure from a published one.

    A form of the old procedure's own does not come along, because the paper it fills is that procedure's: the copy
    asks by the default form. Raises ``NotThere`` and ``OfficeRefused``.
    """
    PROCEDURES.one(by, MayProcedure.COPY, code=code)
    version = last_version(code)
    if version is None:
        raise NotThere
    refuse_code(new_code)
    called = tidy(name)
    if not called:
        raise OfficeRefused(_("Ghi tên của thủ tục mới."))
    if len(called) > 1_000:
        raise OfficeRefused(_("Tên thủ tục dài quá 1.000 chữ cái. Hãy viết gọn lại."))
    sheet = sheet_of(version)
    sheet.update(
        code=new_code,
        legal_name=called,
        everyday_name=called,
        synonyms=[called],
        code_note="",
        code_unverified=False,
        service_levels=_levels(version.procedure_id, at.date()),
    )
    sheet["facts"] = {**sheet["facts"], "is_listed": False, "is_project_06": False}
    if sheet["form"]["key"] != DEFAULT_FORM:
        sheet = with_default_form(sheet)
    return begin(by=by, at=at, code=new_code, sheet=sheet, based_on=None, copied_from=code)


def _levels(procedure: int, on: dt.date) -> list[dict[str, object]]:
    """Return the service level of the day as a proposal, to be confirmed by a decision of the copy's own."""
    rows = ServiceLevel.objects.filter(procedure=procedure, system=2011, valid_from__lte=on)
    level = rows.exclude(valid_to__lt=on).first()
    if level is None:
        return []
    return [
        {
            "level": level.level,
            "from": on.isoformat(),
            "to": None,
            "basis": "Chép từ thủ tục gốc, chờ quyết định",
            "reason": level.reason,
            "illustrative": True,
        }
    ]
