"""``tinhso publish-procedures``: let imported sheets be read and filed, with default forms."""

from __future__ import annotations

import json
import time

import click

from tinhso.config.runtime import database


@click.command("publish-procedures", help="Công bố các bảng thủ tục đã nhập, dùng tờ khai chung.")
@click.option("--json", "as_json", is_flag=True)
def command(*, as_json: bool) -> None:
    """Print how many versions were published; a second run publishes nothing."""
    started = time.monotonic()
    with database():
        from tinhso.catalogue import api  # noqa: PLC0415 - models load only once the database is there
        from tinhso.directory.api import SYSTEM  # noqa: PLC0415
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        done = api.publish_records(by=SYSTEM, at=clock.now())
    document = {
        "published": done.published,
        "left": [{"code": code, "why": why} for code, why in done.left],
        "seconds": round(time.monotonic() - started, 2),
    }
    said = f"Đã công bố {done.published} bản, {len(done.left)} bản chưa công bố được."
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else said)
