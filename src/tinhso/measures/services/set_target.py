"""Set a target of use for a month by a decision; a later one replaces it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.catalogue.api import Procedure
from tinhso.directory.api import Actor, Office
from tinhso.journal.api import announce
from tinhso.measures.events import UseTargetSet
from tinhso.measures.models import UseTarget
from tinhso.measures.permissions import PROMOTERS, TARGETS, MayTarget
from tinhso.measures.queries.targets import holding
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text

LONGEST_NUMBER: Final = 80
MOST: Final = 1_000_000


class TargetRefused(ValueError):
    """The target cannot be set so; the sentence says why."""


class TargetChanged(Exception):
    """Another target holds for the key by now; it must be seen before it is replaced."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What is aimed at: the key and the numbers, as ``UseTarget`` has them."""

    month: dt.date
    office_id: int | None
    procedure_code: str
    online_count: int | None
    online_share: Decimal | None


@dataclass(frozen=True, slots=True)
class Decision:
    """The document by which targets are set."""

    number: str
    date: dt.date


@transaction.atomic
def set_target(
    *, by: Actor, at: dt.datetime, aim: Aim, decision: Decision, replaces: int | None = None
) -> UseTarget:
    """Set a target; ``replaces`` is the one that was seen to hold for the key, None where there was none.

    Raises ``TargetRefused`` with a sentence, ``TargetChanged``, and ``NotThere`` for others than those who promote use.
    """
    if not by.holds(*PROMOTERS):
        raise NotThere
    before = TARGETS.one(by, MayTarget.REPLACE, pk=replaces) if replaces else None
    held = holding(aim.month, aim.office_id, aim.procedure_code)
    if held != before:
        raise TargetChanged
    check_decision(decision, before, on=at.date())
    _check_aim(aim, on=at.date())
    target = UseTarget(
        month=aim.month,
        office_id=aim.office_id,
        procedure_code=aim.procedure_code,
        online_count=aim.online_count,
        online_share=aim.online_share,
        decision_number=decision.number,
        decision_date=decision.date,
        replaces=before,
        set_by_id=by.account_id,
        set_at=at,
    )
    try:
        with transaction.atomic():
            target.save()
    except IntegrityError:
        raise TargetChanged from None
    announce(
        UseTargetSet(
            target.pk,
            aim.month,
            aim.office_id,
            aim.procedure_code,
            replaces,
            decision.number,
            decision.date,
        ),
        about=target.about,
        by=by,
        at=at,
    )
    return target


def check_decision(decision: Decision, before: UseTarget | None, *, on: dt.date) -> None:
    """See that a decision can be the one by which a target is set. Raises ``TargetRefused``."""
    if not decision.number.strip() or len(decision.number) > LONGEST_NUMBER:
        raise TargetRefused(_("Ghi số văn bản, nhiều nhất 80 chữ, ví dụ 45/KH-UBND."))
    if decision.date > on:
        raise TargetRefused(_("Ngày ký văn bản chưa tới. Ghi ngày đã ký."))
    if before is not None and decision.date < before.decision_date:
        words = _("Chỉ tiêu đang áp dụng theo văn bản ngày %(day)s. Văn bản thay phải ký từ ngày đó trở đi.")
        raise TargetRefused(words % {"day": date_text(before.decision_date)})


def _check_aim(aim: Aim, *, on: dt.date) -> None:
    if aim.month.day != 1:
        raise TargetRefused(_("Chỉ tiêu đặt cho cả tháng. Ghi tháng như 05/2022."))
    if aim.online_count is None and aim.online_share is None:
        raise TargetRefused(_("Ghi số hồ sơ, tỷ lệ, hoặc cả hai."))
    if aim.online_count is not None and not 0 < aim.online_count <= MOST:
        raise TargetRefused(_("Số hồ sơ từ 1 đến 1.000.000."))
    if aim.online_share is not None and not 0 < aim.online_share <= 100:
        raise TargetRefused(_("Tỷ lệ lớn hơn 0 và không quá 100 %."))
    if aim.office_id and not Office.objects.on(on).filter(pk=aim.office_id).exists():
        raise TargetRefused(_("Không thấy cơ quan này. Chọn lại trong danh sách."))
    if aim.procedure_code and not Procedure.objects.filter(code=aim.procedure_code).exists():
        raise TargetRefused(_("Không thấy mã thủ tục này trong danh mục. Xem lại mã, ví dụ 1.001193."))
