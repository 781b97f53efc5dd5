"""``tinhso tasks``: how many tasks there are and where they stand on a day, with the identities proved."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

import click

from tinhso.config.runtime import database


@click.command("tasks", help="Đếm nhiệm vụ của Ban Chỉ đạo vào một ngày.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Ngày đếm; không ghi: hôm nay.")
@click.option("--office", "office_code", help="Chỉ nhiệm vụ mà cơ quan này chủ trì, ghi mã cơ quan.")
@click.option("--by", "by", type=click.Choice(["office", "group", "tag", "directive"]), help="Đếm theo.")
@click.option("--json", "as_json", is_flag=True)
def command(day: dt.datetime | None, office_code: str | None, by: Any, *, as_json: bool) -> None:
    """Print the counts; they are refused where the identities do not hold."""
    with database():
        from tinhso.directory.api import Office  # noqa: PLC0415 - models load only once the database is there
        from tinhso.plans.models import Task  # noqa: PLC0415 - the same
        from tinhso.plans.queries.task_counts import counts, counts_by  # noqa: PLC0415 - the same
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        on = day.date() if day else clock.now().date()
        rows = Task.objects.all()
        if office_code is not None:
            office = Office.objects.on(on).filter(code=office_code).first()
            if office is None:
                raise click.ClickException(f"--office: ngày {on:%d/%m/%Y} không có cơ quan mã {office_code}.")
            rows = rows.filter(lead=office)
        whole = counts(rows, on)
        parts = counts_by(rows, by, on) if by else []
    document: dict[str, Any] = {
        "on": on.isoformat(),
        "unit": "nhiệm vụ",
        "office": office_code,
        **_told(whole),
        "identities": {
            "total = done + not_done": f"{whole.total} = {whole.done} + {whole.not_done}",
            "done = on_time + late + done_no_due": (
                f"{whole.done} = {whole.on_time} + {whole.late} + {whole.done_no_due}"
            ),
            "not_done = in_time + overdue + no_due": (
                f"{whole.not_done} = {whole.in_time} + {whole.overdue} + {whole.no_due}"
            ),
        },
    }
    if by:
        document["by"] = by
        document["rows"] = [{"key": one.key, "label": one.label, **_told(one.counts)} for one in parts]
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    click.echo(
        f"{on:%d/%m/%Y}: {whole.total} nhiệm vụ = {whole.done} đã xong (đúng hạn {whole.on_time}, quá hạn {whole.late},"
        f" không hạn {whole.done_no_due}) + {whole.not_done} chưa xong (trong hạn {whole.in_time}, trong đó"
        f" sắp đến hạn {whole.due_soon}; quá hạn {whole.overdue}; không hạn {whole.no_due})"
    )
    for one in parts:
        name = one.label or "(không có)"
        click.echo(f"  {name}: {one.counts.total}, xong {one.counts.done}, quá hạn {one.counts.overdue}")


def _told(counted: Any) -> dict[str, Any]:
    told = asdict(counted)
    told["by_state"] = dict(counted.by_state)
    return told
