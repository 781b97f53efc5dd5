"""``tinhso health``: look at every part of the house once."""

from __future__ import annotations

import json
import sys

import click
from django.db import connection

MARKS = {"ok": "✓", "warn": "!", "unknown": "?", "bad": "✗"}


@click.command("health", help="Xem tình trạng từng phần: trang web, cơ sở dữ liệu, đĩa, chứng thư, sao lưu …")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def command(as_json: bool) -> None:
    """Print every part, the worst first; exit with 1 when one of them is bad. Nothing is written down."""
    from tinhso.config.operations.health import document, look_now  # noqa: PLC0415 - models load once Django is set up
    from tinhso.config.operations.parts import State  # noqa: PLC0415 - the same

    try:
        seen, parts, _ = look_now()
    finally:
        if not connection.in_atomic_block:
            connection.close()
    if as_json:
        click.echo(json.dumps(document(seen, parts), ensure_ascii=False))
    else:
        for part in parts:
            todo = f" → {part.todo.replace('`', '')}" if part.todo else ""
            book = f" (docs/runbooks/{part.runbook}.md)" if part.todo and part.runbook else ""
            click.echo(f"{MARKS[part.state]} {part.name}: {part.measured}.{todo}{book}")
    sys.exit(1 if any(part.state is State.BAD for part in parts) else 0)
