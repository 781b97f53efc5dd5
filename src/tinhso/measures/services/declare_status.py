"""Enter what a body declared of itself by a document; a later line replaces it, and a second person confirms it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.measures.events import StatusDeclared
from tinhso.measures.models import Declaration
from tinhso.measures.permissions import DECLARATIONS, DECLARERS, MayDeclare
from tinhso.measures.queries.declarations import last_of
from tinhso.measures.rules.coverage import Status, System
from tinhso.measures.services.set_target import LONGEST_NUMBER, Decision
from tinhso.toolkit.policy import NotThere


class DeclarationRefused(ValueError):
    """The declaration cannot be entered so; the sentence says why."""


class DeclarationChanged(Exception):
    """Another line stands last for the body and system by now; it must be seen before it is replaced."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What is declared: the body, the system, whether it runs it, and from which day on."""

    office_id: int
    system: System
    status: Status
    valid_from: dt.date


@transaction.atomic
def declare_status(
    *, by: Actor, at: dt.datetime, what: Declared, decision: Decision, replaces: int | None = None
) -> Declaration:
    """Enter a line; ``replaces`` is the one that was seen to stand last, None where there was none.

    Raises ``DeclarationRefused`` with a sentence, ``DeclarationChanged``, and ``NotThere`` for others than those who
    enter declarations.
    """
    if not by.holds(*DECLARERS):
        raise NotThere
    before = DECLARATIONS.one(by, MayDeclare.REPLACE, pk=replaces) if replaces else None
    if last_of(what.office_id, what.system) != before:
        raise DeclarationChanged
    _check(what, decision, on=at.date())
    line = Declaration(
        office_id=what.office_id,
        system=what.system,
        status=what.status,
        valid_from=what.valid_from,
        decision_number=decision.number,
        decision_date=decision.date,
        replaces=before,
        entered_by_id=by.account_id,
        entered_at=at,
    )
    try:
        with transaction.atomic():
            line.save()
    except IntegrityError:
        raise DeclarationChanged from None
    announce(
        StatusDeclared(
            line.pk,
            what.office_id,
            what.system.value,
            what.status.value,
            what.valid_from,
            replaces,
            decision.number,
            decision.date,
        ),
        about=line.about,
        by=by,
        at=at,
    )
    return line


def _check(what: Declared, decision: Decision, *, on: dt.date) -> None:
    if not decision.number.strip() or len(decision.number) > LONGEST_NUMBER:
        raise DeclarationRefused(_("Ghi số văn bản, nhiều nhất 80 chữ, ví dụ 45/BC-UBND."))
    if decision.date > on:
        raise DeclarationRefused(_("Ngày ký văn bản chưa tới. Ghi ngày đã ký."))
    if what.status is Status.UNKNOWN:
        raise DeclarationRefused(_("Ghi là chạy hoặc không chạy. Chưa biết thì không khai."))
    if not Office.objects.on(what.valid_from).filter(pk=what.office_id).exists():
        raise DeclarationRefused(_("Cơ quan này chưa lập hoặc đã đóng vào ngày ghi. Xem lại ngày bắt đầu."))
