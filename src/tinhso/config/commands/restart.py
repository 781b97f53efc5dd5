"""``tinhso restart``: put new processes in the place of the running ones; no request is dropped."""

from __future__ import annotations

import json

import click
from django.conf import settings

from tinhso.config.supervision.renewing import NotRenewed, renew

#: Seconds within which everything has been replaced, worker and all.
PATIENCE = 600


@click.command("restart", help="Thay mọi tiến trình bằng bản mới, không rơi lượt nào.")
@click.option("--patience", type=click.IntRange(10, 7200), default=PATIENCE, help="Chờ tối đa bao nhiêu giây.")
@click.option("--json", "as_json", is_flag=True)
def command(*, patience: int, as_json: bool) -> None:
    """Ask whoever watches over the processes, and wait until it is done. Exit 1 with a sentence where it is not."""
    try:
        took = renew(settings.TINHSO_DATA, patience)
    except NotRenewed as trouble:
        raise click.ClickException(str(trouble)) from trouble
    if as_json:
        click.echo(json.dumps({"ok": True, "seconds": round(took, 1)}))
    else:
        click.echo(f"Đã thay mọi tiến trình sau {took:.0f} giây.")
