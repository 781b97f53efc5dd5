"""``tinhso retention``: delete or anonymise what is due by rule, with proof."""

import datetime as dt
import json

import click

from tinhso.config.runtime import database
from tinhso.toolkit import clock


@click.group(help="Xóa, làm ẩn danh dữ liệu cá nhân đã hết hạn giữ.")
def command() -> None:
    """Group the verbs."""


@command.command("run", help="Chạy mọi quy tắc một lần.")
@click.option("--dry-run", is_flag=True, help="Chỉ đếm thứ đã tới hạn, không đổi gì.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def run(dry_run: bool, as_json: bool) -> None:
    """Run every rule once and say what went."""
    with database(role="app"):
        from tinhso.config.protection.retention import (  # noqa: PLC0415 - models load only once Django is set up
            run_retention,
        )

        outcome = run_retention(at=clock.now(), now=dt.datetime.now(dt.UTC), is_dry=dry_run)
    if as_json:
        taken = [
            {"rule": rule, "table": table, "how": how, "n": n}
            for (rule, table, how), n in outcome.taken.items()
        ]
        click.echo(
            json.dumps(
                {
                    "run": outcome.run,
                    "is_dry": outcome.is_dry,
                    "rows": outcome.rows,
                    "off_disk": outcome.off_disk,
                    "put_back": outcome.put_back,
                    "taken": taken,
                },
                ensure_ascii=False,
            )
        )
        return
    for (rule, table, how), n in outcome.taken.items():
        click.echo(f"{rule}: {n} dòng của {table} ({_HOW[how]})")
    said = "tới hạn, chưa đổi gì" if outcome.is_dry else f"đã xóa hoặc làm ẩn danh, lần chạy {outcome.run}"
    click.echo(f"✓ {outcome.rows} dòng {said}; {outcome.off_disk} tệp rời đĩa.")


_HOW = {"deleted": "xóa hẳn", "anonymised": "xóa chữ, giữ con số", "off_disk": "tệp", "due": "tới hạn"}
