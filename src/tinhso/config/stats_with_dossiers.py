"""``tinhso stats with-dossiers``: services online that have dossiers, at least one or in every month."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import click

from tinhso.config.runtime import database


@click.command("with-dossiers", help="Dịch vụ trực tuyến có phát sinh hồ sơ trong một kỳ.")
@click.option("--from", "first", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--to", "last", required=True, type=click.DateTime(["%Y-%m-%d"]))
@click.option("--rule", required=True, type=click.Choice(["any", "every-month"]))
@click.option("--channel", default="online", type=click.Choice(["online", "all"]), help="Kênh nộp được tính.")
@click.option("--json", "as_json", is_flag=True)
def with_dossiers(first: dt.datetime, last: dt.datetime, rule: str, channel: str, *, as_json: bool) -> None:
    """Print how many services online have dossiers, with what was left out, and every service behind the figure."""
    if last < first:
        raise click.ClickException("Ngày cuối đứng trước ngày đầu. Đổi lại --from và --to.")
    with database():
        from tinhso.measures import api  # noqa: PLC0415 - models load only once the database is there
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        now = clock.now()
        (found,) = api.services_used(first.date(), last.date(), rule, channel=channel)
        counted_at = found.counting.counted_at
        counted = counted_at.astimezone(clock.VN).isoformat() if counted_at else None
    whole = found.whole
    if not as_json:
        click.echo(
            f"{whole.numerator} trên {whole.denominator} dịch vụ trực tuyến có hồ sơ ({found.rule.version})"
        )
        return
    document = {
        "rule": found.rule.key,
        "version": found.rule.version,
        "channel": found.channel,
        "from": f"{first:%Y-%m-%d}",
        "to": f"{last:%Y-%m-%d}",
        "unit": "dịch vụ",
        "numerator": whole.numerator,
        "denominator": whole.denominator,
        "share": round(whole.numerator / whole.denominator, 6) if whole.denominator else None,
        "excluded": found.excluded,
        "months": [f"{month:%Y-%m}" for month in found.months],
        "uncounted_days": [day.isoformat() for day in found.counting.uncounted],
        "applied_backwards": first.date() < found.rule.effective_from,
        "illustrative": found.is_illustrative,
        "verified": found.rule.is_verified,
        "source": found.rule.source,
        "source_sha256": found.rule.source_hash,
        "counted_at": counted,
        "told_at": now.isoformat(),
        "by_department": [_part(one) for one in found.by(lambda service: service.department)],
        "by_field": [_part(one) for one in found.by(lambda service: service.field)],
        "services": [
            {
                "code": use.service.code,
                "level": use.service.level,
                "since": use.service.since.isoformat(),
                "received": use.received,
                "months_wanted": len(use.wanted),
                "months_without": [f"{month:%Y-%m}" for month in use.missed],
                "outcome": use.outcome.value,
            }
            for use in found.every
        ],
    }
    click.echo(json.dumps(document, ensure_ascii=False))


def _part(one: Any) -> dict[str, Any]:
    return {
        "name": one.name,
        "numerator": one.numerator,
        "denominator": one.denominator,
        "excluded": one.excluded,
    }
