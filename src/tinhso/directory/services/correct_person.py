"""A person asks to have one's own data corrected; an officer of the commune corrects it or says why not."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.events import DataCorrectionAnswered, DataCorrectionAsked
from tinhso.directory.models import DataRequest, Office, Person
from tinhso.directory.permissions import DATA_REQUESTS, MayDataRequest
from tinhso.directory.rules import Actor
from tinhso.directory.services.record_change import record_change
from tinhso.journal.api import announce
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.text import fold, sort_key, tidy, visible
from tinhso.toolkit.words import date_text, day_of

#: What may be asked, as people call it; the order of the page.
FIELD_WORDS: Final[dict[str, str]] = {
    "name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "sex": "Giới tính",
    "identity_number": "Số giấy tờ tùy thân",
    "address": "Nơi ở",
}
_SEXES: Final = {"nam": "nam", "nu": "nữ"}
_IDENTITY: Final = re.compile(r"\d{9}|\d{12}")


class CannotCorrect(Exception):
    """What was asked or answered cannot stand so; the sentence says how it can. ``field``: of the form, or blank."""

    def __init__(self, sentence: str, field: str = "") -> None:
        """Keep the field beside the sentence."""
        super().__init__(sentence)
        self.field = field


@transaction.atomic
def ask_correction(
    *, by: Actor, at: dt.datetime, field: str, wanted: str, said: str, office: int | None
) -> DataRequest:
    """Ask the office of a commune to correct a field of one's own. Raises ``NotThere``, ``CannotCorrect``."""
    if by.person_id is None:
        raise NotThere
    person = Person.objects.select_for_update().get(pk=by.person_id)
    if field not in FIELD_WORDS:
        raise CannotCorrect(_("Chọn mục cần sửa."), "field")
    wanted, said = tidy(visible(wanted)), tidy(visible(said))
    shown = shown_value(person, field)
    value = _understood(field, wanted)
    if _shown(field, value) == shown:
        raise CannotCorrect(_("Giá trị này đang được ghi đúng như vậy."), "wanted")
    if not said:
        raise CannotCorrect(_("Ghi vì sao cần sửa, theo giấy tờ nào."), "said")
    at_office = Office.objects.filter(
        pk=office or person.commune_id or 0, kind="commune", valid_to=None
    ).first()
    if at_office is None:
        raise CannotCorrect(_("Chọn xã, phường nơi mình ở. Cán bộ ở đó sẽ trả lời."), "office")
    if DataRequest.objects.filter(person=person, field=field, answer="").exists():
        raise CannotCorrect(
            _("Mục này đang có một yêu cầu chờ trả lời. Rút yêu cầu cũ rồi gửi lại."), "field"
        )
    row = DataRequest.objects.create(
        person=person, office=at_office, field=field, wanted=wanted[:250], said=said[:500], asked_at=at
    )
    announce(
        DataCorrectionAsked(row.pk, person.pk, at_office.pk, field), about=f"person:{person.pk}", by=by, at=at
    )
    return row


@transaction.atomic
def withdraw_correction(*, by: Actor, at: dt.datetime, request: int) -> DataRequest:
    """Take back what one asked. Raises ``NotThere``, ``CannotCorrect``."""
    row = DATA_REQUESTS.one(by, MayDataRequest.WITHDRAW, pk=request)
    _refuse_answered(row)
    row.answer, row.answered_at = "withdrawn", at
    row.save(update_fields=["answer", "answered_at"])
    announce(
        DataCorrectionAnswered(row.pk, row.person_id, row.field, "withdrawn", None),
        about=f"person:{row.person_id}",
        by=by,
        at=at,
    )
    return row


@transaction.atomic
def answer_correction(
    *, by: Actor, at: dt.datetime, request: int, done: bool, answer_text: str
) -> DataRequest:
    """Correct the field as it was asked, or refuse with the reason.

    The old and the new value stand in the history of the person, whose words can be erased; the journal names codes.
    Raises ``NotThere``, ``CannotCorrect``.
    """
    row = DATA_REQUESTS.one(by, MayDataRequest.ANSWER, pk=request)
    _refuse_answered(row)
    answer_text = tidy(visible(answer_text))[:500]
    if not done and not answer_text:
        raise CannotCorrect(_("Ghi lý do không sửa và người dân cần làm gì tiếp."), "answer_text")
    person = Person.objects.select_for_update().get(pk=row.person_id)
    row.before = shown_value(person, row.field)[:250]
    if done:
        _write(person, row.field, _understood(row.field, row.wanted))
    row.answer, row.answer_text = "done" if done else "refused", answer_text
    row.answered_by_id, row.answered_at = by.account_id, at
    row.save(update_fields=["answer", "answer_text", "before", "answered_by", "answered_at"])
    record_change(
        f"person:{person.pk}",
        _("Sửa dữ liệu theo yêu cầu: %(field)s") % {"field": FIELD_WORDS[row.field]}
        if done
        else _("Không sửa dữ liệu theo yêu cầu: %(field)s") % {"field": FIELD_WORDS[row.field]},
        lambda line: DataCorrectionAnswered(row.pk, person.pk, row.field, row.answer, line),
        by=by,
        at=at,
        before=row.before,
        after=row.wanted if done else row.before,
        reason=answer_text or row.said,
    )
    return row


def shown_value(person: Person, field: str) -> str:
    """Return how a field of a person reads on a page."""
    return _shown(field, getattr(person, field))


def _shown(field: str, value: Any) -> str:
    return date_text(value) if field == "birth_date" and value else str(value or "")


def _understood(field: str, text: str) -> Any:
    """Return what the words mean for the field. Raises ``CannotCorrect``."""
    if not text:
        raise CannotCorrect(_("Ghi giá trị đúng."), "wanted")
    if field == "birth_date":
        day = day_of(text)
        if day is None:
            raise CannotCorrect(_("Ngày viết như 24/05/1990. Gõ lại."), "wanted")
        return day
    if field == "sex":
        sex = _SEXES.get(fold(text))
        if sex is None:
            raise CannotCorrect(_("Ghi nam hoặc nữ."), "wanted")
        return sex
    if field == "identity_number":
        digits = text.replace(" ", "")
        if not _IDENTITY.fullmatch(digits):
            raise CannotCorrect(_("Số giấy tờ có 9 hoặc 12 chữ số. Gõ lại."), "wanted")
        return digits
    return text[:150] if field == "name" else text[:250]


def _write(person: Person, field: str, value: Any) -> None:
    if field == "identity_number" and (
        Person.objects.filter(identity_number=value).exclude(pk=person.pk).exists()
    ):
        raise CannotCorrect(
            _("Số giấy tờ này đang ghi ở một người khác. Kiểm tra lại giấy gốc trước khi sửa.")
        )
    setattr(person, field, value)
    if field == "name":
        person.folded, person.sort_key = fold(value), sort_key(value)
    person.save(update_fields=[field, *(("folded", "sort_key") if field == "name" else ())])


def _refuse_answered(row: DataRequest) -> None:
    if row.answer:
        raise CannotCorrect(_("Yêu cầu này đã có câu trả lời."))
