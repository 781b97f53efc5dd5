"""``tinhso verify-journal``: recompute the whole journal and name the first thing that is broken."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.db import connection

from tinhso.config.commands.sealer import HEADS
from tinhso.config.runtime import database
from tinhso.journal.api import Broken, as_json, verify


def _broken(found: Broken | None) -> dict[str, Any] | None:
    return None if found is None else {"kind": found.kind, "number": found.number, "why": found.why}


@click.command("verify-journal", help="Kiểm sổ nhật ký: có mục nào bị sửa, xóa, chen không.")
@click.option("--heads", type=click.Path(dir_okay=False, path_type=Path), help="Sổ niêm phong bên ngoài.")
@click.option("--json", "as_document", is_flag=True)
def command(heads: Path | None, *, as_document: bool) -> None:
    """Exit 1 when anything does not hold."""
    with database():
        connection.ensure_connection()
        found = verify(connection.connection, heads or settings.TINHSO_DATA / HEADS)
    speed = round((found.entries or 0) / found.seconds) if found.seconds else 0
    document = {
        "ok": found.is_whole,
        "entries": found.entries,
        "seals": found.seals,
        "unsealed": found.unsealed,
        "head": as_json(found.head),
        "first_broken": _broken(found.broken),
        "heads": {"checked": found.heads_checked, "disagree": _broken(found.heads_disagree)},
        "rows_per_second": speed,
    }
    if as_document:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        trouble = found.broken or found.heads_disagree
        click.echo(
            f"✗ {trouble.why}"
            if trouble
            else f"✓ {found.entries} mục, {found.seals} con dấu, tất cả còn nguyên."
        )
    sys.exit(0 if found.is_whole else 1)
