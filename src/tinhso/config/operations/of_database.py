"""Look at the database and at what it says of the journal, the deliveries and the post."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from tinhso.config.operations import folder
from tinhso.config.operations.looking import Look
from tinhso.config.operations.parts import Part, State, worst
from tinhso.config.operations.words import percent, size, span
from tinhso.journal import api as journal
from tinhso.messages import api as messages
from tinhso.toolkit.words import number

_ACTIVITY: Final = """
select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int,
       (select count(*) from pg_stat_activity where backend_type = 'client backend'),
       (select coalesce(extract(epoch from clock_timestamp() - min(xact_start)), 0)
        from pg_stat_activity where xact_start is not null and pid <> pg_backend_pid()
          and backend_type = 'client backend' and datname = current_database()),
       pg_database_size(current_database()),
       current_setting('server_version')
"""
_LARGEST: Final = """
select c.relname, pg_total_relation_size(c.oid), greatest(c.reltuples, 0)::bigint
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'm') and n.nspname = 'public' order by 2 desc, 1 limit 12
"""
#: The text has its constants taken out by the extension itself, so that it holds nobody's data.
_SLOW: Final = """
select calls, mean_exec_time / 1000, max_exec_time / 1000, total_exec_time / 1000, query from {}.pg_stat_statements
where dbid = (select oid from pg_database where datname = current_database()) and calls > 0
order by total_exec_time desc limit 10
"""
_LONGEST_QUERY: Final = 300


def database(look: Look) -> Part:
    """Return how the database stands: connections, the oldest transaction, size, growth, migrations."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVITY)
        allowed, used, oldest, bytes_, version = cursor.fetchone()
    oldest = float(oldest)
    share = 100 * used / allowed
    missing = lacking_migrations()
    state = worst(
        look.grade("database", "connections_percent", share),
        look.grade("database", "transaction_seconds", oldest),
        State.BAD if missing else State.OK,
    )
    todo = ""
    if missing:
        todo = f"Thiếu {len(missing)} bước nâng cấp bảng. Gõ: `tinhso migrate`"
    elif oldest >= look.limit("transaction_seconds").warn:
        todo = "Một giao dịch mở quá lâu, niêm phong sổ phải chờ nó. Xem trang Cơ sở dữ liệu."
    elif state is not State.OK:
        todo = "Sắp hết kết nối. Xem trang Cơ sở dữ liệu."
    growth = look.growth("database", bytes_)
    said = f"{size(bytes_)}, {used} trên {allowed} kết nối"
    if oldest >= 10:
        said += f", giao dịch lâu nhất {span(oldest)}"
    return Part(
        "database",
        "Cơ sở dữ liệu",
        state,
        said,
        f"từ {percent(look.limit('connections_percent').warn)} kết nối, hoặc giao dịch mở "
        f"{span(look.limit('transaction_seconds').warn)}",
        todo,
        "database-away",
        facts={
            "bytes": bytes_,
            "growth": growth,
            "size_words": size(bytes_),
            "growth_words": None if growth is None else size(growth) if growth >= 1_000 else "không đáng kể",
            "oldest_words": span(oldest) if oldest >= 1 else "không có giao dịch nào mở lâu",
            "connections": used,
            "connections_allowed": allowed,
            "oldest_transaction": round(oldest, 1),
            "version": version.split()[0],
            "migrations_missing": missing,
        },
    )


def database_away(error: BaseException) -> Part:
    """Return the part for a database that does not answer."""
    return Part(
        "database",
        "Cơ sở dữ liệu",
        State.BAD,
        "Không trả lời",
        "không trả lời",
        "Người dân đang thấy trang báo bận. Mở lại cơ sở dữ liệu theo cẩm nang.",
        "database-away",
        facts={"kind": type(error).__name__},
    )


def details() -> dict[str, Any]:
    """Return what the page of the database shows beside: the largest tables and the slow queries."""
    with connection.cursor() as cursor:
        cursor.execute(_LARGEST)
        largest = [
            {"table": name, "bytes": bytes_, "size_words": size(bytes_), "rows": rows}
            for name, bytes_, rows in cursor.fetchall()
        ]
    return {"largest": largest, "slow": _slow()}


def _slow() -> list[dict[str, Any]] | None:
    """Return the queries that took most time, or None where the database does not count them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace"
            " where e.extname = 'pg_stat_statements'"
        )
        schema = cursor.fetchone()
        if schema is None:
            return None
        try:
            cursor.execute(_SLOW.format(connection.ops.quote_name(schema[0])))
        except DatabaseError:  # the extension is there, but the server did not load its library
            return None
        return [
            {
                "calls": calls,
                "mean": round(mean, 4),
                "max": round(most, 3),
                "total": round(total, 1),
                "mean_words": span(mean),
                "max_words": span(most),
                "query": " ".join(query.split())[:_LONGEST_QUERY],
            }
            for calls, mean, most, total, query in cursor.fetchall()
        ]


def lacking_migrations() -> list[str]:
    """Return the migrations of the code that the database has not had, in their order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{one.app_label}.{one.name}" for one, _ in plan]


def migrations() -> dict[str, Any]:
    """Return the last migration applied of each app, how many there are, and those missing."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    last = dict(sorted(loader.applied_migrations))
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    return {
        "applied": len(loader.applied_migrations),
        "last": last,
        "missing": [f"{one.app_label}.{one.name}" for one, _ in plan],
        "unknown": sorted(
            ".".join(one) for one in loader.applied_migrations if one not in loader.disk_migrations
        ),
    }


def sealing(look: Look) -> Part:
    """Return how far sealing is behind: since when the oldest unsealed entry has waited, as the looks saw it."""
    health = journal.health()
    before = look.before.facts.get("sealing", {})
    waits = 0.0
    seen = None
    if health.oldest_unsealed is not None:
        is_same = before.get("oldest") == health.oldest_unsealed
        seen = (folder.moment(before.get("oldest_seen_at")) if is_same else None) or look.at
        waits = (look.at - seen).total_seconds()
    state = look.grade("sealing", "sealing_seconds", waits)
    if not health.is_sealer_running:
        state = worst(state, State.BAD)
    said = f"Niêm phong đến mục {number(health.sealed)}"
    said += f", chậm {span(waits)}" if waits >= 1 else ", theo kịp" if not health.unsealed else ", đang theo"
    if not health.is_sealer_running:
        said += "; không có tiến trình nào niêm phong"
    return Part(
        "sealing",
        "Niêm phong sổ",
        state,
        said,
        f"chậm {span(look.limit('sealing_seconds').warn)}",
        ""
        if state is State.OK
        else "Sổ nhật ký vẫn ghi, nhưng chưa được niêm phong. Mở lại tiến trình niêm phong.",
        "sealing-stands-still",
        facts={
            "sealed": health.sealed,
            "unsealed": health.unsealed,
            "oldest": health.oldest_unsealed,
            "oldest_seen_at": seen.isoformat() if seen else None,
            "seconds": round(waits, 1),
            "is_running": health.is_sealer_running,
        },
    )


def jobs(look: Look) -> Part:
    """Return how the deliveries stand: late, failing, dead, and those a worker has been at for too long."""
    counts = journal.jobs(today=look.at.replace(hour=0, minute=0, second=0, microsecond=0))
    at_work = journal.at_work(folder.folder() / folder.AT)
    stalled = max((one.seconds for one in at_work if one.delivery_id is not None), default=0.0)
    state = worst(
        look.grade("jobs", "deliveries_dead", counts.dead),
        look.grade("jobs", "deliveries_late_seconds", counts.late_seconds),
        look.grade("jobs", "delivery_stalled_seconds", stalled),
    )
    todo = ""
    if counts.dead:
        todo = f"Xem {number(counts.dead)} việc hỏng, chạy lại hoặc bỏ từng việc."
    elif stalled >= look.limit("delivery_stalled_seconds").warn:
        todo = "Một việc chạy mãi chưa xong. Gõ: `tinhso jobs rescue`"
    elif state is not State.OK:
        todo = "Việc chờ lâu. Xem tiến trình việc chạy nền còn chạy không."
    said = f"{number(counts.dead)} việc hỏng, {number(counts.waiting)} việc chờ"
    if counts.failing:
        said += f", {number(counts.failing)} việc đang thử lại"
    if counts.late_seconds >= 10:
        said += f", việc chờ lâu nhất {span(counts.late_seconds)}"
    return Part(
        "jobs",
        "Việc chạy nền",
        state,
        said,
        f"có việc hỏng, hoặc chờ {span(look.limit('deliveries_late_seconds').warn)}",
        todo,
        "jobs-dead",
        facts={
            "waiting": counts.waiting,
            "running": sum(one.delivery_id is not None for one in at_work),
            "workers": len(at_work),
            "failing": counts.failing,
            "dead": counts.dead,
            "done_today": counts.done_today,
            "done_is_more": counts.done_is_more,
            "late_seconds": round(counts.late_seconds, 1),
            "stalled_seconds": round(stalled, 1),
        },
    )


def mail(look: Look) -> Part:
    """Return how the post goes: letters and SMS of the last day of business time, given up and waiting."""
    post = messages.post(since=look.business - dt.timedelta(days=1), at=look.business)
    tried = post.sent + post.given_up_lately
    share = 100 * post.given_up_lately / tried if tried else 0.0
    state = worst(
        look.grade("mail", "mail_given_up_percent", share),
        look.grade("mail", "mail_waiting_seconds", post.waiting_seconds),
    )
    said = (
        f"Gửi được {number(post.sent)} trên {number(tried)} trong 24 giờ"
        if tried
        else "24 giờ qua không có gì để gửi"
    )
    if post.waiting:
        said += f", {number(post.waiting)} đang chờ"
    if post.given_up:
        said += f"; {number(post.given_up)} đã thôi không gửi"
    if not settings.TINHSO_SMTP:
        said += ". Chưa đặt máy chủ thư: thư chỉ nằm trong hệ thống"
        state = worst(state, State.UNKNOWN)
    return Part(
        "mail",
        "Thư và tin nhắn",
        state,
        said,
        f"hỏng {percent(look.limit('mail_given_up_percent').warn)}, hoặc chờ {span(look.limit('mail_waiting_seconds').warn)}",
        "" if state in (State.OK, State.UNKNOWN) else "Xem máy chủ thư, rồi gửi lại những thư đã thôi.",
        "outside-away",
        facts={
            "sent": post.sent,
            "waiting": post.waiting,
            "waiting_seconds": round(post.waiting_seconds, 1),
            "given_up": post.given_up,
            "given_up_lately": post.given_up_lately,
            "last_sent_at": post.last_sent_at.isoformat() if post.last_sent_at else None,
            "has_server": bool(settings.TINHSO_SMTP),
        },
    )
