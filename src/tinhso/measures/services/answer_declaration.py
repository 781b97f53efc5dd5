"""Confirm what a body declared, or return it with a reason: by a second person, once."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.journal.api import announce
from tinhso.measures.events import DeclarationAnswered
from tinhso.measures.models import Declaration, DeclarationAnswer
from tinhso.measures.permissions import DECLARATIONS, MayDeclare

CONFIRMED: Final = "confirmed"
RETURNED: Final = "returned"
LONGEST_NOTE: Final = 200


class AnswerRefused(ValueError):
    """The declaration cannot be answered so; the sentence says why."""


class AlreadyAnswered(Exception):
    """Somebody answered or replaced the declaration meanwhile."""


@transaction.atomic
def answer_declaration(
    *, by: Actor, at: dt.datetime, declaration: int, outcome: str, note: str = ""
) -> DeclarationAnswer:
    """Answer a declaration: ``outcome`` is confirmed or returned.

    Raises ``AnswerRefused`` with a sentence, ``AlreadyAnswered``, and ``NotThere`` for whoever may not answer it.
    """
    line = DECLARATIONS.one(by, MayDeclare.ANSWER, pk=declaration)
    if Declaration.objects.filter(replaces=line).exists():
        raise AlreadyAnswered
    if outcome not in (CONFIRMED, RETURNED):
        raise AnswerRefused(_("Chọn xác nhận hoặc trả lại."))
    if outcome == RETURNED and not note.strip():
        raise AnswerRefused(_("Ghi lý do trả lại để người ghi sửa."))
    if len(note) > LONGEST_NOTE:
        raise AnswerRefused(_("Lý do dài quá 200 chữ. Viết ngắn lại."))
    answer = DeclarationAnswer(
        declaration=line, outcome=outcome, note=note, answered_by_id=by.account_id, answered_at=at
    )
    try:
        with transaction.atomic():
            answer.save()
    except IntegrityError:
        raise AlreadyAnswered from None
    announce(
        DeclarationAnswered(line.pk, line.office_id, line.system, outcome), about=line.about, by=by, at=at
    )
    return answer
