"""Check over all rows what the services keep: numbers, steps, ends, due moments, and the figures counted from them.

The demo's history is loaded past the services, and anybody may write past them with a database client: whatever the
services promise is asked of the tables here.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import connection

from tinhso.config.finding import Finding
from tinhso.directory.api import calendar
from tinhso.dossiers.lifecycle import ENDED, LIFECYCLE, State
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.rules import due
from tinhso.toolkit import clock

#: Recomputing every due moment would take minutes.
SAMPLE: Final = 500

_NUMBERS_AGREE = """
select count(*), min(d.number) from dossiers_dossier d join directory_office o on o.id = d.receiving_office_id
where d.number is not null and d.number is distinct from o.code
  || to_char(d.accepted_at at time zone 'Asia/Ho_Chi_Minh', '-YYMMDD-') || substring(d.number from '-([0-9]{4,})$')
"""
_NUMBERS_WHOLE = """
with given as (
  select office_id, day, count(*) total, count(distinct k) different, min(k) least, max(k) greatest
  from (select receiving_office_id office_id, (accepted_at at time zone 'Asia/Ho_Chi_Minh')::date as day,
               substring(number from '-([0-9]+)$')::int k
        from dossiers_dossier where number is not null) one group by office_id, day)
select count(*), min(day)::text from given full join dossiers_daynumber counter using (office_id, day)
where given.total is null or counter.n is null
   or (total, different, least, greatest) is distinct from (counter.n::bigint, counter.n::bigint, 1, counter.n)
"""
#: Two processes read the clock before they wait for the same row: their moments may cross by what a request takes.
_STEPS = """
with step as (
  select dossier_id, verb, before, after, at, lag(after) over history earlier, lag(at) over history earlier_at,
         lead(id) over history is null is_last
  from dossiers_steptaken window history as (partition by dossier_id order by id))
select count(distinct d.id), min(coalesce(d.number, d.tracking_code))
from dossiers_dossier d left join step on step.dossier_id = d.id
where step.dossier_id is null or before <> coalesce(earlier, '') or at < earlier_at - interval '1 minute'
   or (is_last and after <> d.state) or before || ' ' || verb || ' ' || after <> all(%s)
"""
_ENDS = """
select count(*), min(coalesce(number, tracking_code)) from dossiers_dossier d
where (state = any(%s)) <> (ended_at is not null) or ended_at is distinct from
  (select max(at) from dossiers_steptaken s where s.dossier_id = d.id
    and verb in ('issue', 'refuse', 'reject', 'withdraw'))
"""
#: Days that are over and not waiting to be counted anew.
_FIGURES = """
with counted as (
  select day from measures_countedday where day < %(today)s and day not in (select day from measures_staleday)),
fact as (
  select receiving_office_id office_id, procedure_code, channel, state, due_at, accepted_at, ended_at,
         (accepted_at at time zone 'Asia/Ho_Chi_Minh')::date accepted,
         (ended_at at time zone 'Asia/Ho_Chi_Minh')::date ended, (due_at at time zone 'Asia/Ho_Chi_Minh')::date due
  from dossiers_dossier where accepted_at is not null),
direct as (
  select accepted as day, 'received' as measure, office_id, procedure_code, channel, count(*) n from fact
   where accepted in (select day from counted) group by 1, 2, 3, 4, 5
  union all
  select ended, case when state = 'withdrawn' then 'withdrawn' when due_at is null then 'finished_no_due'
                     when ended_at > due_at then 'finished_late' when ended < due then 'finished_early'
                     else 'finished_on_time' end, office_id, procedure_code, channel, count(*) from fact
   where ended in (select day from counted) group by 1, 2, 3, 4, 5
  union all
  select day, 'running', office_id, procedure_code, channel, count(*) from counted
    join fact on accepted <= day and (ended is null or ended > day) group by 1, 2, 3, 4, 5),
kept as (
  select day, case when measure in ('running_in_time', 'running_late') then 'running' else measure end
         as measure, office_id, procedure_code, channel, sum(n) n
  from measures_daycount where day in (select day from counted)
   and measure not like 'strict%%' and measure not like 'national%%' group by 1, 2, 3, 4, 5)
select count(*), min(day)::text from direct full join kept using (day, measure, office_id, procedure_code, channel)
where direct.n is distinct from kept.n
"""


def _ask(query: str, parameters: Any = None) -> tuple[int, str]:
    """Return how many rows break an identity, and the first of them."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        row: tuple[int, Any] = cursor.fetchone()
    return row[0], str(row[1] or "")


def _numbers_agree() -> Finding:
    n, first = _ask(_NUMBERS_AGREE)
    if n:
        return Finding("numbers", False, f"{n} số hồ sơ khác cơ quan hoặc ngày tiếp nhận, đầu tiên {first}.")
    return Finding("numbers", True, "Mỗi số hồ sơ mang đúng mã cơ quan và ngày tiếp nhận.")


def _numbers_whole() -> Finding:
    n, first = _ask(_NUMBERS_WHOLE)
    if n:
        return Finding("gaps", False, f"{n} ngày của một cơ quan có số nhảy hoặc trùng, sớm nhất {first}.")
    return Finding("gaps", True, "Số hồ sơ mỗi ngày chạy liền từ 1, không trùng.")


def _steps() -> Finding:
    ways = [
        f"{before} {verb} {LIFECYCLE.after(before, verb)}"
        for before in State
        for verb in LIFECYCLE.verbs_from(before)
    ]
    n, first = _ask(_STEPS, [[*ways, f" submit {State.SUBMITTED}"]])
    if n:
        return Finding("steps", False, f"{n} hồ sơ có lịch sử bước đứt đoạn, đầu tiên {first}.")
    return Finding("steps", True, "Lịch sử bước của mỗi hồ sơ nối liền tới tình trạng hiện tại.")


def _ends() -> Finding:
    n, first = _ask(_ENDS, [[str(state) for state in ENDED]])
    if n:
        return Finding("ends", False, f"{n} hồ sơ ghi sai lúc kết thúc, đầu tiên {first}.")
    return Finding("ends", True, "Mỗi hồ sơ đã xong ghi đúng lúc kết thúc.")


def _due_moments() -> Finding:
    """Recompute a sample by the rules; what ended while paused kept the due moment that it had before the pause."""
    days_off = calendar()
    rows = Dossier.objects.exclude(accepted_at=None).prefetch_related("pauses")
    wrong = []
    for dossier in rows.order_by("?")[:SAMPLE]:
        pauses = sorted(
            (pause.began_at, pause.ended_at)
            for pause in dossier.pauses.all()
            if pause.ended_at is not None
            and (dossier.state != State.WITHDRAWN or pause.ended_at != dossier.ended_at)
        )
        assert dossier.accepted_at is not None
        found = due(dossier.accepted_at, dossier.limit, days_off, pauses)
        if (dossier.original_due_at, dossier.due_at) != (found.original, found.last_known):
            wrong.append(str(dossier))
    if wrong:
        return Finding(
            "due", False, f"{len(wrong)} hồ sơ có hạn khác quy tắc, trong đó {min(wrong)}. Xem: tinhso due"
        )
    return Finding("due", True, f"Hạn trả của {SAMPLE} hồ sơ lấy ngẫu nhiên đúng quy tắc.")


def _figures() -> Finding:
    n, first = _ask(_FIGURES, {"today": clock.today()})
    if n:
        return Finding("figures", False, f"{n} số liệu ngày khác số đếm trực tiếp, sớm nhất ngày {first}.")
    return Finding("figures", True, "Số liệu ngày bằng số đếm trực tiếp từ hồ sơ.")


IDENTITIES: Final[Sequence[Callable[[], Finding]]] = (
    _numbers_agree,
    _numbers_whole,
    _steps,
    _ends,
    _due_moments,
    _figures,
)
