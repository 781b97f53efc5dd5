"""``tinhso verify-journal``: recompute the whole journal and name the first thing that is broken."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from django.conf import settings
from django.db import connection

from tinhso.config.commands.sealer import HEADS
from tinhso.config.runtime import database
from tinhso.journal.api import verify


@click.command("verify-journal", help="Kiểm sổ nhật ký: có mục nào bị sửa, xóa, chen không.")
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Sổ niêm phong bên ngoài; mặc định là sổ trong thư mục dữ liệu.",
)
@click.option("--json", "as_document", is_flag=True, help="In một tài liệu JSON.")
def command(heads: Path | None, *, as_document: bool) -> None:
    """Exit 1 when anything does not hold."""
    with database():
        connection.ensure_connection()
        found = verify(connection.connection, heads or settings.TINHSO_DATA / HEADS)
    if as_document:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    elif found.first_broken is not None:
        click.echo(f"✗ {found.first_broken.why}")
    else:
        click.echo(f"✓ {found.entries} mục, {found.seals} con dấu, tất cả còn nguyên.")
    sys.exit(0 if found.is_whole else 1)
