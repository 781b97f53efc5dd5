"""``tinhso stats on-time``: a figure, and the dossiers behind it."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from tinhso.config.runtime import database
from tinhso.config.stats_coverage import one_stop_coverage, signature_coverage
from tinhso.config.stats_with_dossiers import with_dossiers
from tinhso.measures.queries.formulas import every_formula
from tinhso.toolkit.spreadsheet import guarded


@click.group("stats", help="Số liệu, tính lại từ hồ sơ.")
def command() -> None:
    """Group the figures."""


command.add_command(with_dossiers)
command.add_command(one_stop_coverage)
command.add_command(signature_coverage)


@command.command("on-time", help="Tỷ lệ hồ sơ đúng hạn.")
@click.option("--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--formula", "name", required=True, help="strict, national, reported hoặc tên một phiên bản.")
@click.option("--known", type=click.DateTime(["%Y-%m-%dT%H:%M:%S"]), help="Như đã biết vào lúc ấy.")
@click.option("--rows", "rows_file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def on_time(
    first: dt.datetime,
    last: dt.datetime,
    name: str,
    known: dt.datetime | None,
    rows_file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Print one ratio with everything that was left out of it, counted from the dossiers themselves."""
    if last < first:
        raise click.ClickException("Ngày cuối đứng trước ngày đầu. Đổi lại --from và --to.")
    every = every_formula()
    formula = every.version(name) or (every.usual(name, last.date()) if every.of(name) else None)
    if formula is None:
        names = ", ".join(sorted({one.key for one in every.every}))
        raise click.ClickException(f"--formula: không có công thức “{name}”. Dùng một trong: {names}.")
    with database():
        from tinhso.measures import api  # noqa: PLC0415 - models load only once the database is there
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        now = clock.now()
        seen = known.replace(tzinfo=clock.VN) if known else None
        period = api.period(first.date(), last.date(), now, known=seen)
        result = api.figure(formula, api.classes_of(period))
        document = {
            "formula": formula.key,
            "version": formula.version,
            "from": f"{first:%Y-%m-%d}",
            "to": f"{last:%Y-%m-%d}",
            "judged_at": period.end.isoformat(),
            "known_at": seen.isoformat() if seen else now.isoformat(),
            "unit": "hồ sơ",
            "numerator": result.numerator,
            "denominator": result.denominator,
            "share": round(result.share, 6) if result.share is not None else None,
            "excluded": {
                outcome: result.excluded.get(outcome, 0)
                for outcome in sorted({rule.then for rule in formula.rules} - formula.denominator)
            },
            "groups": dict(result.groups),
            "applied_backwards": first.date() < formula.effective_from,
            "verified": formula.is_verified,
            "source": formula.source,
            "source_sha256": formula.source_hash,
            "counted_at": now.isoformat(),
        }
        if rows_file is not None:
            document["rows"] = _write_rows(rows_file, api.cases_of(period), every.every)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(f"{result.numerator} trên {result.denominator} hồ sơ đúng hạn ({document['version']})")


def _write_rows(file: Path, cases: Iterable[Any], formulas: Sequence[Any]) -> int:
    """Write the dossiers behind a figure with their outcome under every version; return how many."""
    told = (
        "number",
        "office_id",
        "procedure_code",
        "channel",
        "accepted",
        "original_due",
        "due",
        "asked",
        "ended",
        "how",
    )
    written = 0
    with file.open("w", encoding="utf-8", newline="") as out:
        sheet = csv.writer(out)
        sheet.writerow([*told, "class", *(one.version for one in formulas)])
        for case in cases:
            values = (getattr(case, name) for name in told)
            sheet.writerow(
                [
                    *(one.isoformat() if isinstance(one, dt.datetime) else guarded(one) for one in values),
                    case.cls,
                    *(one.outcomes[case.cls] for one in formulas),
                ]
            )
            written += 1
    return written


@command.command("service-levels", help="Thủ tục trực tuyến theo mức độ, vào một ngày.")
@click.option("--on", "day", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option(
    "--system", type=click.Choice(["2011", "2022"]), default="2011", help="NĐ 43/2011 hay NĐ 42/2022."
)
@click.option("--json", "as_json", is_flag=True)
def service_levels(day: dt.datetime, system: str, *, as_json: bool) -> None:
    """Print how many procedures of the province's list are online, by level, field and department."""
    with database():
        from tinhso.catalogue import api  # noqa: PLC0415 - models load only once the database is there

        found = api.service_levels(day.date(), system=int(system))
    if not as_json:
        click.echo(f"{found.whole.online} trên {found.whole.listed} thủ tục trực tuyến ngày {day:%d/%m/%Y}")
        return
    document = {
        "on": f"{day:%Y-%m-%d}",
        "system": int(system),
        "unit": "thủ tục",
        "online": found.whole.online,
        "listed": found.whole.listed,
        "share": round(found.whole.online / found.whole.listed, 4) if found.whole.listed else None,
        "by_level": {str(level): n for level, n in found.whole.by_level.items()},
        "illustrative": found.is_illustrative,
        "eligible_for_level_4": found.eligible,
        "eligible_not_yet_level_4": len(found.eligible_not_yet),
        "by_field": [_share(share) for share in found.by_field],
        "by_department": [_share(share) for share in found.by_department],
        "not_online": [
            {
                "code": one.code,
                "name": one.name,
                "field": one.field,
                "department": one.department,
                "level": one.level,
                "reason": one.reason,
            }
            for one in found.not_online
        ],
    }
    click.echo(json.dumps(document, ensure_ascii=False))


@command.command("uptake", help="Mức sử dụng dịch vụ trực tuyến và chỗ bỏ dở, theo thủ tục.")
@click.option("--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--json", "as_json", is_flag=True)
def uptake(first: dt.datetime, last: dt.datetime, *, as_json: bool) -> None:
    """Print for each service online what was accepted by channel, and how far its drafts came."""
    if last < first:
        raise click.ClickException("Ngày cuối đứng trước ngày đầu. Đổi lại --from và --to.")
    with database():
        from tinhso.measures import api  # noqa: PLC0415 - models load only once the database is there
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        now = clock.now()
        found = api.uptake(first.date(), last.date())
        drafts = {one.code: one for one in api.giving_up(first.date(), last.date(), now)}
        untouched_days = api.thresholds().untouched_days
    if not as_json:
        click.echo(f"{len(found.unused)} trên {len(found.every)} dịch vụ trực tuyến chưa có hồ sơ nào")
        return
    uses = {use.service.code: use for use in found.every}
    document = {
        "from": f"{first:%Y-%m-%d}",
        "to": f"{last:%Y-%m-%d}",
        "judged_at": now.isoformat(),
        "unit": {"received": "hồ sơ", "drafts": "bản nháp", "median_minutes": "phút"},
        "untouched_days": untouched_days,
        "uncounted_days": [day.isoformat() for day in found.uncounted],
        "services": len(found.every),
        "unused": len(found.unused),
        "counter_only": len(found.counter_only),
        "received": _received(found.whole),
        "procedures": [_used(code, uses.get(code), drafts.get(code)) for code in sorted({*uses, *drafts})],
    }
    click.echo(json.dumps(document, ensure_ascii=False))


def _received(received: Any) -> dict[str, int]:
    return {name: getattr(received, name) for name in ("online", "counter", "post")}


def _used(code: str, use: Any, drafts: Any) -> dict[str, Any]:
    """Return one procedure; without ``service`` it is not online now, without ``drafts`` nobody began one."""
    told: dict[str, Any] = {"code": code, "name": use.service.name if use else drafts.name, "service": None}
    if use:
        told["service"] = {
            "level": use.service.level,
            "since": use.service.since.isoformat(),
            "eligible_for_level_4": use.service.is_eligible,
            "received": _received(use.received),
            "online_before": use.before.online,
        }
    told["drafts"] = drafts and {
        "begun": drafts.begun,
        "reached": {step: drafts.reached(step) for step in type(drafts.pages[0].step)},
        "untouched": {step: drafts.untouched(step) for step in type(drafts.pages[0].step) if step != "sent"},
        "lately": {step: drafts.lately(step) for step in type(drafts.pages[0].step) if step != "sent"},
        "median_minutes": drafts.median_minutes,
        "saved": drafts.saved,
    }
    return told


def _share(share: Any) -> dict[str, Any]:
    return {
        "name": share.name,
        "listed": share.listed,
        "online": share.online,
        "by_level": {str(level): n for level, n in share.by_level.items()},
    }
