"""Write down a commendation of an office, or of a person in it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office, Person
from tinhso.journal.api import announce
from tinhso.plans.events.money import OfficeCommended
from tinhso.plans.models import Commendation
from tinhso.plans.permissions.money import COMMENDING
from tinhso.plans.queries.commendations import forms_on, people_at
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import tidy
from tinhso.toolkit.words import date_text
from tinhso.toolkit.working_time import in_vietnam


class CannotCommend(ValueError):
    """The commendation cannot be written like this; the sentence says what to mend. ``field``: which box."""

    def __init__(self, sentence: str, field: str) -> None:
        """Keep the sentence and the box."""
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def commend(
    *,
    by: Actor,
    at: dt.datetime,
    office: Office,
    form: str,
    reason: str,
    decision_number: str,
    on: dt.date,
    person: Person | None = None,
) -> Commendation:
    """Write down who was commended by which decision and why; ``form``: a key of ``data/commendation_forms.json``.

    ``person`` None: the office as a whole. Raises ``NotThere`` for others than the committee's chair and secretary,
    and ``CannotCommend``.
    """
    if not by.holds(*COMMENDING):
        raise NotThere
    reason, number = tidy(reason), tidy(decision_number)
    if form not in forms_on(on):
        raise CannotCommend(_("Chọn hình thức khen trong danh sách."), "form")
    if not reason or len(reason) > 1000:
        raise CannotCommend(_("Ghi lý do khen, tối đa 1000 chữ."), "reason")
    if not number or len(number) > 80:
        raise CannotCommend(_("Ghi số quyết định, tối đa 80 chữ."), "decision_number")
    if on > in_vietnam(at).date():
        raise CannotCommend(
            _("Ngày %(day)s chưa tới. Ghi ngày của quyết định.") % {"day": date_text(on)}, "on"
        )
    if person is not None and person.pk not in {one.pk for one in people_at(office.pk, on)}:
        raise CannotCommend(_("Người này không giữ chức vụ ở cơ quan đã chọn. Xem lại tên."), "person")
    if Commendation.objects.filter(office=office, person=person, decision_number=number).exists():
        raise CannotCommend(_("Quyết định này đã ghi cho cơ quan hoặc người ấy rồi."), "decision_number")
    made = Commendation.objects.create(
        office=office,
        person=person,
        form=form,
        reason=reason,
        decision_number=number,
        on=on,
        by_id=by.account_id,
        at=at,
    )
    announce(
        OfficeCommended(made.pk, office.pk, person is not None),
        about=f"commendation:{made.pk}",
        by=by,
        at=at,
    )
    return made
