"""Set right what was entered of a document; add its file where there was none."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor
from tinhso.documents.api import Upload
from tinhso.journal.api import announce
from tinhso.plans.events.directives import DirectiveCorrected
from tinhso.plans.models import Directive, History
from tinhso.plans.permissions.directives import DIRECTIVES, MayDirect
from tinhso.plans.queries.documents import labels
from tinhso.plans.rules.directives import search_words
from tinhso.plans.services.enter_directive import CannotEnter, check_days, check_not_entered, check_words
from tinhso.toolkit.text import tidy, visible
from tinhso.toolkit.words import date_text

_LONGEST_SHOWN = 400


@transaction.atomic
def correct_directive(
    *,
    by: Actor,
    at: dt.datetime,
    directive: int,
    reason: str,
    number: str,
    kind: str,
    issued_on: dt.date,
    issuer: str,
    summary: str,
    urgency: str,
    valid_from: dt.date | None,
    is_public: bool,
    upload: Upload | None = None,
) -> Directive:
    """Write anew what differs, a line of history for each; the moments of arrival and entry stay.

    A document whose facts are set right counts as verified. Raises ``NotThere`` for others than chair and secretary,
    and ``CannotEnter`` without a reason, where nothing differs, or where ``enter_directive`` would refuse.
    """
    row = DIRECTIVES.one(by, MayDirect.CORRECT, pk=directive)
    number, issuer, summary, reason = (tidy(visible(text)) for text in (number, issuer, summary, reason))
    begins = valid_from or issued_on
    if not reason:
        raise CannotEnter(_("Ghi vì sao sửa, ví dụ “Gõ nhầm số văn bản”."), "reason")
    check_words(number, kind, issuer, summary, urgency)
    check_days(issued_on, begins, row.valid_to, row.received_at.astimezone(at.tzinfo), at)
    check_not_entered(number, issued_on, issuer, but=row.pk)
    wanted = {
        "number": number,
        "kind": kind,
        "issued_on": issued_on,
        "issuer": issuer,
        "summary": summary,
        "urgency": urgency,
        "valid_from": begins,
        "is_public": is_public,
    }
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not changed and upload is None:
        raise CannotEnter(_("Chưa đổi gì so với bản đang có. Sửa chỗ sai rồi ghi."))
    for name, value in changed.items():
        History.objects.record(
            row.about,
            _("Sửa %(what)s") % {"what": _names()[name]},
            by=by,
            at=at,
            before=_shown(name, getattr(row, name)),
            after=_shown(name, value),
            reason=reason[:1000],
        )
        setattr(row, name, value)
    if upload is not None:
        History.objects.record(
            row.about,
            _("Thay tệp văn bản") if row.file_id else _("Thêm tệp văn bản"),
            by=by,
            at=at,
            before=row.file_name,
            after=upload.name,
            reason=reason[:1000],
        )
        row.file, row.file_name = upload.file, upload.name
    row.is_verified = True
    row.folded = search_words(
        row.number, row.summary, row.issuer, row.items.order_by("ordinal").values_list("text", flat=True)
    )
    row.save()
    fields = (*changed, *(("file",) if upload else ()))
    announce(DirectiveCorrected(row.pk, fields), about=row.about, by=by, at=at)
    return row


def _names() -> dict[str, str]:
    return {
        "number": _("số, ký hiệu"),
        "kind": _("loại văn bản"),
        "issued_on": _("ngày ký"),
        "issuer": _("nơi ban hành"),
        "summary": _("trích yếu"),
        "urgency": _("độ khẩn"),
        "valid_from": _("ngày có hiệu lực"),
        "is_public": _("công khai"),
    }


def _shown(name: str, value: object) -> str:
    if isinstance(value, dt.date):
        return date_text(value)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if name == "kind":
        return labels("directive_kinds").get(str(value), str(value))
    if name == "urgency":
        return _("khẩn") if value == "urgent" else _("thường")
    return str(value)[:_LONGEST_SHOWN]
