"""Check over all rows what the services keep: numbers, steps, ends, due moments, and the figures counted from them.

The demo's history is loaded past the services, and anybody may write past them with a database client: whatever the
services promise is asked of the tables here.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import connection, transaction

from tinhso.config.finding import Finding
from tinhso.dossiers.lifecycle import ENDED, LIFECYCLE, State
from tinhso.dossiers.models import Dossier
from tinhso.dossiers.queries.changes import deadline_of
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
#: What stands as the end is what the last step said, or what the last correction put there, in an unbroken chain.
_ENDS = """
with stepped as (
  select dossier_id, max(at) at from dossiers_steptaken
  where verb in ('issue', 'refuse', 'reject', 'withdraw') group by 1),
corrected as (
  select dossier_id, before, after, lag(after) over history earlier, lead(id) over history is null is_last
  from dossiers_correction where field = 'ended_at' window history as (partition by dossier_id order by id))
select count(distinct d.id), min(coalesce(d.number, d.tracking_code))
from dossiers_dossier d left join stepped s on s.dossier_id = d.id left join corrected c on c.dossier_id = d.id
where (d.state = any(%s)) <> (d.ended_at is not null)
   or c.before is distinct from case when c.dossier_id is not null then coalesce(c.earlier, s.at) end
   or (coalesce(c.is_last, true) and d.ended_at is distinct from coalesce(c.after, s.at))
"""
#: Where the due moment stands is where the last move put it, from the first due moment on, in an unbroken chain.
_MOVES = """
with moved as (
  select dossier_id, before, after, lag(after) over history earlier, lead(id) over history is null is_last
  from dossiers_duemoved window history as (partition by dossier_id order by id))
select count(distinct d.id), min(coalesce(d.number, d.tracking_code))
from dossiers_dossier d left join moved m on m.dossier_id = d.id
where m.before is distinct from case when m.dossier_id is not null then coalesce(m.earlier, d.original_due_at) end
   or (coalesce(m.is_last, true) and d.due_at is distinct from coalesce(m.after, d.original_due_at))
"""
#: Days that are over, were counted since, and do not wait to be counted anew.
_FIGURES = """
with counted as (
  select day from measures_countedday where day < %(today)s and day not in (select day from measures_staleday)
    and (counted_at at time zone 'Asia/Ho_Chi_Minh')::date > day),
fact as (
  select receiving_office_id office_id, procedure_code, channel,
         case when state in ('issued', 'handed_over') then 1 when state = 'rejected' then 2 when state = 'withdrawn'
              then 3 else 0 end how, original_due_at due, ended_at,
         (accepted_at at time zone 'Asia/Ho_Chi_Minh')::date accepted,
         (ended_at at time zone 'Asia/Ho_Chi_Minh')::date ended
  from dossiers_dossier where accepted_at is not null),
direct as (
  select accepted as day, 1 kind, office_id, procedure_code, channel, 0 how, 0 late, count(*) n from fact
   where accepted in (select day from counted) group by 1, 3, 4, 5
  union all
  select ended, 2, office_id, procedure_code, channel, how, coalesce(ended_at > due, false)::int, count(*) from fact
   where ended in (select day from counted) group by 1, 3, 4, 5, 6, 7
  union all
  select day, 3, office_id, procedure_code, channel, 0,
         coalesce((due at time zone 'Asia/Ho_Chi_Minh')::date <= day, false)::int, count(*) from counted
    join fact on accepted <= day and (ended is null or ended > day) group by 1, 3, 4, 5, 7),
kept as (
  select day, kind, office_id, procedure_code, channel, cls %% 4 how, (cls / 4 %% 4 = 3)::int late, sum(n) n
  from measures_dayrow where day in (select day from counted) group by 1, 2, 3, 4, 5, 6, 7)
select count(*), min(day)::text
from direct full join kept using (day, kind, office_id, procedure_code, channel, how, late)
where direct.n is distinct from kept.n
"""
#: Sums of days that are not the sum of their rows, and months that are over whose sums are not those of their days.
_SUMS = """
with days as (
  select day, kind, office_id, procedure_code, channel, cls, n from measures_dayrow),
sums as (select "first" as day, kind, channel, cls, n from measures_partsum where part = 0 and span = 'd'),
offices as (select "first" as day, kind, "key", cls, sum(n) n from measures_partsum
            where part = 1 and span = 'd' group by 1, 2, 3, 4),
months as (
  select m.month, m.kind, m.office_id, m.procedure_code, m.channel, m.cls, sum(m.n) n from measures_monthrow m
  join measures_countedmonth using (month) group by 1, 2, 3, 4, 5, 6),
of_days as (
  select date_trunc('month', day)::date as month, kind, office_id, procedure_code, channel, cls, sum(n) n from days
  where kind < 3 and date_trunc('month', day)::date in (select month from measures_countedmonth)
  group by 1, 2, 3, 4, 5, 6),
wrong as (
  select day from (select day, kind, channel, cls, sum(n) n from days group by 1, 2, 3, 4) one
    full join sums using (day, kind, channel, cls) where one.n is distinct from sums.n
  union all
  select day from (select day, kind, office_id::text "key", cls, sum(n) n from days group by 1, 2, 3, 4) one
    full join offices using (day, kind, "key", cls) where one.n is distinct from offices.n
  union all
  select month from months full join of_days using (month, kind, office_id, procedure_code, channel, cls)
  where months.n is distinct from of_days.n)
select count(*), min(day)::text from wrong
"""


def _ask(query: str, parameters: Any = None) -> tuple[int, str]:
    """Return how many rows break an identity, and the first of them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local statement_timeout = 0; set local transaction_timeout = 0")
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
    return Finding("ends", True, "Mỗi hồ sơ đã xong ghi đúng lúc kết thúc, kể cả lần sửa.")


def _moves() -> Finding:
    n, first = _ask(_MOVES)
    if n:
        return Finding("moves", False, f"{n} hồ sơ có hạn dời mà sổ không ghi, đầu tiên {first}.")
    return Finding("moves", True, "Mọi lần dời hạn đều có trong sổ, từ hẹn đầu tới hẹn đang có.")


def _due_moments() -> Finding:
    """Recompute a sample by the rules; what ended while paused kept the due moment that it had before the pause."""
    rows = Dossier.objects.exclude(accepted_at=None).prefetch_related("pauses", "due_moves", "corrections")
    wrong = []
    for dossier in rows.order_by("?")[:SAMPLE]:
        recorded = min(dossier.corrections.all(), key=lambda one: one.pk, default=None)
        ended = recorded.before if recorded else dossier.ended_at
        pauses = sorted(
            (pause.began_at, pause.ended_at)
            for pause in dossier.pauses.all()
            if pause.ended_at is not None and (dossier.state != State.WITHDRAWN or pause.ended_at != ended)
        )
        found, _calendar = deadline_of(dossier, pauses)
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


def _sums() -> Finding:
    n, first = _ask(_SUMS)
    if n:
        return Finding(
            "sums", False, f"{n} số cộng khác số liệu ngày, sớm nhất ngày {first}. Đếm lại ngày ấy."
        )
    return Finding("sums", True, "Số cộng theo cơ quan và theo tháng bằng tổng các ngày.")


IDENTITIES: Final[Sequence[Callable[[], Finding]]] = (
    _numbers_agree,
    _numbers_whole,
    _steps,
    _ends,
    _moves,
    _due_moments,
    _figures,
    _sums,
)
