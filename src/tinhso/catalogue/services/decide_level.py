"""Decide the service level of a procedure from a day on (quyết định mức độ dịch vụ công)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from tinhso.catalogue.events import ServiceLevelDecided
from tinhso.catalogue.models import Procedure, ProcedureVersion, ProcessStep, ServiceLevel
from tinhso.catalogue.permissions import PROCEDURES, MayProcedure
from tinhso.catalogue.queries.catalogue import NEW_SYSTEM_FROM, ONLINE_FROM
from tinhso.catalogue.queries.level_worklist import HIGHEST, SYSTEM_LEVELS, eligibility_on, level_words
from tinhso.catalogue.services.publish_draft import Decision, check_decision
from tinhso.catalogue.services.write_draft import OfficeRefused
from tinhso.directory.api import Account, Actor
from tinhso.journal.api import announce, history
from tinhso.toolkit.words import date_text, moment_text

_LONGEST_REASON = 250
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LevelDecision:
    """What was decided: the level of a system from a day on, by a decision, and why.

    ``seen``: number of the last level of the procedure that the person saw, 0 for none.
    """

    system: int
    level: int
    valid_from: dt.date
    number: str
    date: dt.date
    reason: str
    seen: int


class DecidedMeanwhile(OfficeRefused):
    """Somebody else decided since the page was shown; the message names who, when and what."""


@transaction.atomic
def decide_level(*, by: Actor, at: dt.datetime, code: str, decision: LevelDecision) -> ServiceLevel:
    """Close the open level of the system on the day before, and open the next one.

    Of two who decide at once one wins and the other reads who was first. Raises ``NotThere``, ``DecidedMeanwhile``
    and ``OfficeRefused``.
    """
    procedure = PROCEDURES.one(by, MayProcedure.DECIDE, code=code)
    known = list(ServiceLevel.objects.filter(procedure=procedure))
    if max((one.pk for one in known), default=0) != decision.seen:
        raise DecidedMeanwhile(who_decided(code, "ServiceLevelDecided"))
    check_decision(Decision(decision.number, decision.date, decision.valid_from), at=at)
    reason = check_reason(decision.reason)
    before = max((o for o in known if o.system == decision.system), key=lambda o: o.valid_from, default=None)
    _refuse_day(decision, before)
    refuse_ministry(procedure)
    _refuse_level(procedure, decision)
    number = decision.number.strip()
    if before is not None and before.valid_to is None:
        before.valid_to = decision.valid_from - ONE_DAY
        before.save(update_fields=["valid_to"])
    opened = ServiceLevel.objects.create(
        procedure=procedure,
        system=decision.system,
        level=decision.level,
        valid_from=decision.valid_from,
        basis=_("Quyết định %(number)s ngày %(day)s") % {"number": number, "day": date_text(decision.date)},
        reason=reason,
        is_illustrative=False,
        decision_number=number,
        decision_date=decision.date,
    )
    announce(
        ServiceLevelDecided(
            code,
            decision.system,
            decision.level,
            before.level if before else None,
            decision.valid_from,
            number,
            decision.date,
        ),
        about=f"procedure:{code}",
        by=by,
        at=at,
    )
    return opened


def who_decided(code: str, event: str) -> str:
    """Return the sentence that names who decided last, and when, by the journal."""
    for row in history(f"procedure:{code}"):
        if row.event == f"catalogue.{event}":
            pk = row.by.removeprefix("account:")
            account = Account.objects.select_related("person").filter(pk=pk).first() if pk.isdigit() else None
            words = _("%(name)s vừa quyết định trước, lúc %(moment)s. Xem lại lịch sử rồi gửi lại.")
            name = account.person.name if account else _("Người khác")
            return words % {"name": name, "moment": moment_text(row.at)}
    return _("Vừa có quyết định mới. Xem lại lịch sử rồi gửi lại.")


def check_reason(text: str) -> str:
    """Return the reason without blanks around it. Raises ``OfficeRefused`` where there is none or it is too long."""
    reason = text.strip()
    if not reason:
        raise OfficeRefused(_("Ghi lý do, ví dụ: đã trả kết quả qua mạng."))
    if len(reason) > _LONGEST_REASON:
        raise OfficeRefused(_("Lý do dài quá. Rút còn 250 chữ cái."))
    return reason


def refuse_ministry(procedure: Procedure) -> None:
    """Raise ``OfficeRefused`` for a procedure that only a ministry carries out: the province decides no level of it."""
    if set(procedure.executing_levels) == {"ministry"}:
        raise OfficeRefused(_("Thủ tục này do bộ, ngành thực hiện. Tỉnh không quyết định mức độ."))


def _refuse_day(decision: LevelDecision, before: ServiceLevel | None) -> None:
    first = {"day": date_text(NEW_SYSTEM_FROM)}
    if decision.level not in SYSTEM_LEVELS.get(decision.system, ()):
        raise OfficeRefused(_("Chọn một mức độ trong danh sách."))
    if decision.valid_from < decision.date:
        raise OfficeRefused(_("Ngày áp dụng trước ngày ký quyết định. Xem lại hai ngày."))
    if decision.system == 2022 and decision.valid_from < NEW_SYSTEM_FROM:
        raise OfficeRefused(
            _("Một phần và toàn trình chỉ áp dụng từ %(day)s. Chọn ngày muộn hơn, hoặc mức độ 1 đến 4.")
            % first
        )
    if decision.system == 2011 and decision.valid_from >= NEW_SYSTEM_FROM:
        raise OfficeRefused(
            _("Từ %(day)s không còn chia mức độ 1 đến 4. Chọn một phần hoặc toàn trình.") % first
        )
    if before is None:
        return
    if before.valid_from >= decision.valid_from:
        words = _("Đã có quyết định áp dụng từ %(day)s. Ngày áp dụng mới phải sau ngày đó.")
        raise OfficeRefused(words % {"day": date_text(before.valid_from)})
    if before.valid_to is not None and before.valid_to >= decision.valid_from:
        words = _("%(level)s đã định đến hết %(day)s. Ngày áp dụng mới phải sau ngày đó.")
        level = level_words(before.system, before.level)
        raise OfficeRefused(words % {"level": level, "day": date_text(before.valid_to)})


def _refuse_level(procedure: Procedure, decision: LevelDecision) -> None:
    """Refuse a level on which the procedure could not be served: nothing to file with, no process, not eligible."""
    if decision.level < ONLINE_FROM:
        return
    day = {"day": date_text(decision.valid_from)}
    version = ProcedureVersion.objects.on(decision.valid_from).filter(procedure=procedure).first()
    if version is None:
        raise OfficeRefused(_("Ngày %(day)s thủ tục không có bản nào hiệu lực. Công bố bản trước.") % day)
    if not version.can_file_online:
        words = _("Bản hiệu lực ngày %(day)s chưa nhận hồ sơ qua mạng. Soạn và công bố bản có nhận trước.")
        raise OfficeRefused(words % day)
    steps = ProcessStep.objects.filter(case=OuterRef("pk"))
    bare = version.cases.filter(~Exists(steps)).first()
    if bare is not None:
        words = _("Trường hợp “%(case)s” chưa có quy trình nội bộ. Soạn và công bố quy trình trước.")
        raise OfficeRefused(words % {"case": bare.name[:80]})
    if decision.level < HIGHEST:
        return
    found = eligibility_on(procedure, decision.valid_from)
    if found is None:
        raise OfficeRefused(_("Chưa ai xét điều kiện mức độ 4 cho ngày %(day)s. Xét điều kiện trước.") % day)
    if not found.is_eligible:
        words = _("Ngày %(day)s thủ tục chưa đủ điều kiện mức độ 4: %(reason)s. Xét lại điều kiện trước.")
        raise OfficeRefused(words % {**day, "reason": found.reason.rstrip(".")})
