"""``tinhso stats on-time``: a figure, and the dossiers behind it."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from tinhso.config.runtime import database


@click.group("stats", help="Số liệu, tính lại từ hồ sơ.")
def command() -> None:
    """Group the figures."""


@command.command("on-time", help="Tỷ lệ hồ sơ đúng hạn.")
@click.option("--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--formula", required=True, type=click.Choice(["strict", "national"]))
@click.option("--rows", "rows_file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def on_time(
    first: dt.datetime, last: dt.datetime, formula: str, rows_file: Path | None, *, as_json: bool
) -> None:
    """Print one ratio with everything that was left out of it."""
    if last < first:
        raise click.ClickException("Ngày cuối đứng trước ngày đầu. Đổi lại --from và --to.")
    with database():
        from tinhso.measures import api  # noqa: PLC0415 - models load only once the database is there
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        now = clock.now()
        facts, end = api.cases_of(first.date(), last.date(), now)
        result = api.on_time_of(api.Formula(formula), first.date(), last.date(), now)
        document = {
            "formula": formula,
            "version": api.VERSIONS[api.Formula(formula)],
            "from": f"{first:%Y-%m-%d}",
            "to": f"{last:%Y-%m-%d}",
            "judged_at": end.isoformat(),
            "unit": "hồ sơ",
            "numerator": result.numerator,
            "denominator": result.denominator,
            "excluded": {
                key: result.excluded.get(key, 0) for key in ("withdrawn", "no_due_date", "not_yet_due")
            },
            "applied_backwards": formula == "national" and first.date() < api.NATIONAL_FROM,
            "counted_at": now.isoformat(),
        }
        if rows_file is not None:
            with rows_file.open("w", encoding="utf-8", newline="") as out:
                sheet = csv.writer(out)
                sheet.writerow(
                    [
                        "number",
                        "accepted",
                        "original_due",
                        "due",
                        "pauses",
                        "ended",
                        "how",
                        "strict",
                        "national",
                    ]
                )
                for case in facts:
                    outcome = api.outcomes(case, end)
                    pauses = " ".join(f"{b.isoformat()}/{e.isoformat() if e else ''}" for b, e in case.pauses)
                    sheet.writerow(
                        [
                            case.number,
                            case.accepted.isoformat(),
                            case.original_due.isoformat() if case.original_due else "",
                            case.due.isoformat() if case.due else "",
                            pauses,
                            case.ended.isoformat() if case.ended else "",
                            case.how,
                            outcome[api.Formula.STRICT],
                            outcome[api.Formula.NATIONAL],
                        ]
                    )
            document["rows"] = len(facts)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        click.echo(f"{result.numerator} trên {result.denominator} hồ sơ đúng hạn ({document['version']})")


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
