"""What happens after a dossier moved: the applicant is told, the day's figures are counted anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from tinhso.dossiers import events
from tinhso.dossiers.models import Correction, Dossier, DueMoved
from tinhso.dossiers.queries.changes import changes_since
from tinhso.journal.api import Record, on
from tinhso.messages.api import tell
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import mark_stale, register_changes
from tinhso.toolkit.words import moment_text

COUNTED = (
    events.DossierAccepted,
    events.PapersAsked,
    events.PapersSupplied,
    events.DossierRejected,
    events.ResultIssued,
    events.DossierWithdrawn,
)


def _count_day_anew(event: Any, entry: Record) -> None:
    mark_stale(entry.at.date())


for _event in COUNTED:
    on(_event, name="dossiers.count_day_anew")(_count_day_anew)


def _tell(event: Any, entry: Record, title: str, body: str) -> None:
    dossier = Dossier.objects.get(pk=event.dossier_id)
    people = {dossier.owner_person_id, dossier.submitter_person_id}
    for person_id in (one for one in people if one is not None):
        tell(
            person_id,
            title=title,
            body=body.format(summary=dossier.summary, number=dossier.number or dossier.tracking_code),
            link=f"/ho-so/{dossier.tracking_code}/",
            at=entry.at,
        )


@on(events.DossierAccepted, name="dossiers.tell_accepted")
def _tell_accepted(event: events.DossierAccepted, entry: Record) -> None:
    dossier = Dossier.objects.get(pk=event.dossier_id)
    due = moment_text(dossier.due_at.astimezone(VN)) if dossier.due_at else _("chưa có ngày hẹn")
    _tell(event, entry, _("Hồ sơ đã được tiếp nhận"), _("{summary}. Số hồ sơ {number}. Hẹn trả: ") + due)


@on(events.PapersAsked, name="dossiers.tell_papers_asked")
def _tell_papers_asked(event: events.PapersAsked, entry: Record) -> None:
    _tell(
        event,
        entry,
        _("Hồ sơ cần bổ sung giấy tờ"),
        _("{summary}. Xem danh sách cần bổ sung và gửi tại trang hồ sơ."),
    )


@on(events.DossierRefused, name="dossiers.tell_refused")
def _tell_refused(event: events.DossierRefused, entry: Record) -> None:
    _tell(event, entry, _("Hồ sơ không được tiếp nhận"), _("{summary}. Lý do ghi trong phiếu từ chối."))


@on(events.DossierRejected, name="dossiers.tell_rejected")
def _tell_rejected(event: events.DossierRejected, entry: Record) -> None:
    _tell(event, entry, _("Hồ sơ không được giải quyết"), _("{summary}. Lý do ghi trong phiếu từ chối."))


@on(events.ResultIssued, name="dossiers.tell_issued")
def _tell_issued(event: events.ResultIssued, entry: Record) -> None:
    _tell(event, entry, _("Đã có kết quả"), _("{summary}. Số hồ sơ {number}. Tải kết quả tại trang hồ sơ."))


@on(events.DueExtended, name="dossiers.tell_extended")
def _tell_extended(event: events.DueExtended, entry: Record) -> None:
    due = moment_text(DueMoved.objects.get(pk=event.move_id).after.astimezone(VN))
    _tell(
        event,
        entry,
        _("Cơ quan xin lỗi và hẹn lại ngày trả kết quả"),
        _("{summary}. Số hồ sơ {number}. Hẹn trả mới: ")
        + due
        + _(". Lý do ghi trong phiếu xin lỗi tại trang hồ sơ."),
    )


@on(events.DueExtended, name="dossiers.count_days_since_the_extension")
def _count_since_extension(event: events.DueExtended, entry: Record) -> None:
    _count_days_anew(entry.at.date(), clock.today())


@on(events.DueRecounted, name="dossiers.tell_recounted")
def _tell_recounted(event: events.DueRecounted, entry: Record) -> None:
    due = moment_text(DueMoved.objects.get(pk=event.move_id).after.astimezone(VN))
    _tell(
        event,
        entry,
        _("Ngày hẹn trả đổi theo lịch nghỉ"),
        _("{summary}. Số hồ sơ {number}. Hẹn trả mới: ") + due + _(". Lý do ghi tại trang hồ sơ."),
    )


@on(events.DueRecounted, name="dossiers.count_days_since_the_recount")
def _count_since_recount(event: events.DueRecounted, entry: Record) -> None:
    _count_days_anew(entry.at.date(), clock.today())


@on(events.DossierCorrected, name="dossiers.count_days_between_both_ends")
def _count_between_ends(event: events.DossierCorrected, entry: Record) -> None:
    """Before the earlier end it ran by both records, after the later one it had ended by both."""
    correction = Correction.objects.get(pk=event.correction_id)
    ends = sorted(moment.astimezone(VN).date() for moment in (correction.before, correction.after))
    _count_days_anew(*ends)


def _count_days_anew(first: dt.date, last: dt.date) -> None:
    for n in range((last - first).days + 1):
        mark_stale(first + dt.timedelta(days=n))


register_changes("dossiers", changes_since)
