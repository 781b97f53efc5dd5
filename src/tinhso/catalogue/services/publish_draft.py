"""Publish an approved sheet by a decision (quyết định công bố)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.catalogue.events import SheetDraftPublished
from tinhso.catalogue.models import ProcedureVersion, SheetDraft
from tinhso.catalogue.permissions import KEEPERS, SHEETS, MaySheet
from tinhso.catalogue.queries.process import lacks
from tinhso.catalogue.services.publish import SheetNotPublishable, VersionNotLater, publish
from tinhso.catalogue.services.write_draft import OfficeRefused, last_version
from tinhso.directory.api import Account, Actor
from tinhso.journal.api import announce, history
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import date_text, moment_text


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its number, the day it was signed; ``day`` is the first day of effect, or the last of an end."""

    number: str
    date: dt.date
    day: dt.date


class AlreadyPublished(OfficeRefused):
    """Somebody published the sheet first; the message names who and when."""


def publisher_of(draft: SheetDraft) -> tuple[str, dt.datetime | None]:
    """Return who published a sheet, and when, by the journal."""
    for row in history(f"procedure:{draft.code}"):
        if row.event == "catalogue.SheetDraftPublished" and row.data.get("draft") == draft.pk:
            pk = row.by.removeprefix("account:")
            account = Account.objects.select_related("person").filter(pk=pk).first() if pk.isdigit() else None
            return (account.person.name if account else row.by), row.at
    return "", None


def check_decision(decision: Decision, *, at: dt.datetime) -> None:
    """Raise ``OfficeRefused`` where a decision is not one: no number, too long a one, or signed in the future."""
    if not decision.number.strip():
        raise OfficeRefused(_("Ghi số quyết định, ví dụ 915/QĐ-UBND."))
    if len(decision.number) > 80:
        raise OfficeRefused(_("Số quyết định dài quá 80 chữ cái. Hãy xem lại."))
    if decision.date > at.date():
        raise OfficeRefused(_("Ngày ký quyết định chưa tới. Hãy xem lại ngày."))


@transaction.atomic
def publish_draft(*, by: Actor, at: dt.datetime, draft: int, decision: Decision) -> ProcedureVersion:
    """Publish a sheet as the next version of its procedure; of two who do it at once one wins, the other reads who.

    Raises ``NotThere``, ``AlreadyPublished`` and ``OfficeRefused``.
    """
    kept = SHEETS.one(by, MaySheet.READ, pk=draft)
    if kept.state == "published":
        name, moment = publisher_of(kept)
        words = _("%(name)s đã công bố bản này trước, lúc %(moment)s. Không có gì công bố thêm.")
        raise AlreadyPublished(words % {"name": name, "moment": moment_text(moment) if moment else ""})
    if kept.state != "approved" or not by.holds(*KEEPERS):
        raise NotThere
    check_decision(decision, at=at)
    if decision.day < decision.date:
        raise OfficeRefused(_("Ngày hiệu lực trước ngày ký quyết định. Hãy xem lại hai ngày."))
    missing = lacks(kept.sheet)
    if missing:
        raise OfficeRefused(missing[0].sentence)
    _refuse_other_base(kept, decision)
    try:
        with transaction.atomic():
            version = publish(_dated(kept, decision), by=by, at=at)
    except VersionNotLater as late:
        raise OfficeRefused(_("Đã có bản hiệu lực từ ngày đó hoặc sau đó. Chọn ngày muộn hơn.")) from late
    except SheetNotPublishable as wrong:
        words = _("Bản soạn còn chỗ chưa đúng khuôn: %(where)s. Mở từng phần, lưu lại rồi công bố.")
        raise OfficeRefused(words % {"where": str(wrong).partition(":")[0]}) from wrong
    except IntegrityError as clash:
        raise OfficeRefused(_("Ngày hiệu lực trùng với một bản đã công bố. Chọn ngày khác.")) from clash
    kept.state = "published"
    kept.published = version
    kept.decision_number, kept.decision_date = decision.number.strip(), decision.date
    kept.save()
    announce(
        SheetDraftPublished(
            kept.code, kept.pk, version.number, kept.decision_number, decision.date, decision.day
        ),
        about=f"procedure:{kept.code}",
        by=by,
        at=at,
    )
    return version


def _dated(kept: SheetDraft, decision: Decision) -> dict[str, Any]:
    """Return the sheet with its first day; a new procedure is served on its level from that day too."""
    first = decision.day.isoformat()
    levels = kept.sheet["service_levels"]
    if kept.based_on_id is None:
        levels = [{**level, "from": first} for level in levels]
    return {**kept.sheet, "effective_from": first, "service_levels": levels}


def _refuse_other_base(kept: SheetDraft, decision: Decision) -> None:
    """Refuse where another version was published since the sheet was begun, or begins later than it would."""
    last = last_version(kept.code)
    if last is None:
        return
    if last.pk != kept.based_on_id:
        words = _("Bản %(n)s đã được công bố sau khi bắt đầu soạn. Bỏ bản soạn này, mở bản mới rồi chép lại.")
        raise OfficeRefused(words % {"n": last.number})
    if last.effective_from >= decision.day:
        words = _("Bản %(n)s có hiệu lực từ %(day)s. Ngày hiệu lực mới phải sau ngày đó.")
        raise OfficeRefused(words % {"n": last.number, "day": date_text(last.effective_from)})
    if last.effective_to is not None and last.effective_to >= decision.day:
        words = _("Bản %(n)s đã định hết hiệu lực sau %(day)s. Ngày hiệu lực mới phải sau ngày đó.")
        raise OfficeRefused(words % {"n": last.number, "day": date_text(last.effective_to)})
