"""What was changed in the record of dossiers: due moments that moved, moments that were set right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from tinhso.directory.api import Actor, calendar
from tinhso.dossiers.lifecycle import ENDED, RUNNING, State
from tinhso.dossiers.models import Correction, Dossier, DueMoved
from tinhso.dossiers.permissions import POLICY, May
from tinhso.dossiers.rules import Due, Pause, due
from tinhso.dossiers.rules.changes import extension_rule_on, is_announced_ahead
from tinhso.toolkit.clock import VN
from tinhso.toolkit.counting import Change
from tinhso.toolkit.words import moment_text
from tinhso.toolkit.working_time import WorkingCalendar

#: While a supplement is awaited nobody knows the due moment, so there is none to move.
EXTENDABLE = RUNNING - {State.PAUSED}

_SINCE = """
with asked as materialized (select id, number from dossiers_dossier where number = any(%(numbers)s))
select a.number, c.field what, c.before, c.after, c.by_name, c.by_title, c.at, c.reason, c.document_number, c.id
from asked a join dossiers_correction c on c.dossier_id = a.id where c.at >= %(at)s
union all
select a.number, m.cause, m.before, m.after, case when m.cause = 'extension' then m.by_name else '' end,
  case when m.cause = 'extension' then coalesce(s.by_title, '') else '' end, m.at, m.reason, '', m.id
from asked a join dossiers_duemoved m on m.dossier_id = a.id
left join dossiers_slip s on s.dossier_id = m.dossier_id and s.form = '04' and s.issued_at = m.at
where m.at >= %(at)s
order by at, number, id
"""


def changes_since(at: dt.datetime, numbers: Collection[str]) -> list[Change]:
    """Return what was changed in the record of these dossiers from ``at`` on, oldest first.

    A due moment that the end of a pause moved names nobody: the law moves it. The rest names the officer, so it is for
    officers' pages.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"at": at, "numbers": list(numbers)})
        return [
            Change(number, what, _local(before), _local(after), name, title, _local(moment), reason, document)
            for number, what, before, after, name, title, moment, reason, document, _id in cursor
        ]


def deadline_of(dossier: Dossier, pauses: Iterable[Pause]) -> tuple[Due, WorkingCalendar]:
    """Return when an accepted dossier is due and why, and the calendar that counts for it now.

    The calendar is the one that was known at acceptance, until a day off that was decided later was counted in by a
    move that is kept: no due moment changes because the calendar does. A due moment that never moved asks nothing.
    """
    assert dossier.accepted_at is not None
    moves = [] if dossier.due_at == dossier.original_due_at else sorted(dossier.due_moves.all(), key=_by_id)
    then = calendar(dossier.accepted_at)
    recounts = [(move.at, move.after) for move in moves if move.cause == "calendar"]
    later = calendar(recounts[-1][0]) if recounts else None
    found = due(
        dossier.accepted_at,
        dossier.limit,
        then,
        pauses,
        extensions=[(move.at, move.after) for move in moves if move.cause == "extension"],
        recounts=recounts,
        later=later,
    )
    return found, later or then


def _by_id(move: DueMoved) -> int:
    return move.pk


def acts_on_record(by: Actor, dossier: Dossier) -> frozenset[str]:
    """Return which of the two changes the actor may make to the dossier's record now."""
    acts = set()
    runs = State(dossier.state) in EXTENDABLE and dossier.due_at is not None
    if runs and POLICY.holds(by, May.EXTEND, dossier):
        acts.add("hen-lai")
    has_ended = State(dossier.state) in ENDED and dossier.accepted_at is not None
    if has_ended and POLICY.holds(by, May.CORRECT, dossier):
        acts.add("sua-ngay")
    return frozenset(acts)


def extension_warnings(dossier: Dossier, now: dt.datetime) -> list[str]:
    """Return, before a due moment is moved, what the law would not have: a sentence each."""
    rule = extension_rule_on(now.astimezone(VN).date())
    if rule is None or dossier.due_at is None:
        return []
    said = []
    times = dossier.due_moves.filter(cause="extension").count()
    if times >= rule.most_times:
        words = {"times": times, "most": rule.most_times}
        said.append(_("Hồ sơ này đã hẹn lại %(times)d lần. Chỉ được hẹn lại %(most)d lần.") % words)
    if not is_announced_ahead(dossier.due_at, now, calendar(), rule):
        ahead = {"days": rule.working_days_ahead}
        said.append(_("Phải báo trước hạn ít nhất %(days)d ngày làm việc. Nay đã muộn.") % ahead)
    if said and not rule.confirmed:
        said.append(_("Quy định về hẹn lại chưa kiểm chứng với văn bản."))
    return said


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of what happened to a dossier, as officers read it."""

    word: str
    by: str
    at: dt.datetime
    note: str


def record_lines(dossier: Dossier) -> list[HistoryLine]:
    """Return extensions and corrections for the officers' history; a pause has its own steps there."""
    titles = dict(dossier.slips.filter(form="04").values_list("issued_at", "by_title"))
    lines = [
        HistoryLine(
            _("Hẹn lại ngày trả kết quả") if move.cause == "extension" else _("Đếm lại hạn theo lịch nghỉ"),
            ", ".join(filter(None, (move.by_name, titles.get(move.at, "")))),
            move.at,
            _("Từ %(before)s sang %(after)s. Lý do: %(why)s")
            % {**_both(move.before, move.after), "why": move.reason},
        )
        for move in DueMoved.objects.filter(dossier=dossier).exclude(cause="pause").order_by("id")
    ]
    lines += [
        HistoryLine(
            _("Sửa ngày xong đã ghi"),
            ", ".join(filter(None, (one.by_name, one.by_title))),
            one.at,
            _("Từ %(before)s thành %(after)s. Lý do: %(why)s Văn bản: %(document)s")
            % {**_both(one.before, one.after), "why": _sentence(one.reason), "document": one.document_number},
        )
        for one in dossier.corrections.order_by("id")
    ]
    return lines


def record_sentences(dossier: Dossier) -> list[str]:
    """Return the extensions and corrections as the applicant reads them, oldest first: no officer's name."""
    said = [
        (
            move.at,
            (
                _("Cơ quan hẹn lại: từ %(before)s sang %(after)s. Lý do ghi trong phiếu xin lỗi.")
                if move.cause == "extension"
                else _("Lịch nghỉ của cơ quan đổi: hẹn trả từ %(before)s sang %(after)s. %(why)s")
            )
            % {**_both(move.before, move.after), "why": _sentence(move.reason)},
        )
        for move in DueMoved.objects.filter(dossier=dossier).exclude(cause="pause")
    ]
    said += [
        (
            one.at,
            _("Ngày xong được ghi lại: từ %(before)s thành %(after)s, vì %(why)s Văn bản: %(document)s.")
            % {
                **_both(one.before, one.after),
                "why": _sentence(one.reason[:1].lower() + one.reason[1:]),
                "document": one.document_number,
            },
        )
        for one in Correction.objects.filter(dossier=dossier)
    ]
    return [sentence for _at, sentence in sorted(said)]


def _both(before: dt.datetime, after: dt.datetime) -> dict[str, str]:
    return {"before": moment_text(_local(before)), "after": moment_text(_local(after))}


def _local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(VN)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
