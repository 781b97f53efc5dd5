"""``tinhso restore-drill``: restore the newest backup into a side folder, prove it, write down how it went, clean up."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Final

import click
from django.conf import settings

from tinhso.config.backup.drilling import FOLDER, drill
from tinhso.config.backup.store import Store
from tinhso.config.commands.backup import key_of, sentences, store_of, this_house
from tinhso.config.operations import folder
from tinhso.config.runtime import database

_HISTORY_MAY_HOLD: Final = 1_000_000


@click.command("restore-drill", help="Tập khôi phục bản sao mới nhất vào một thư mục bên cạnh, kiểm, rồi dọn đi.")
@click.option(
    "--side",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Thư mục để tập, sẽ bị xóa; mặc định là {FOLDER} trong thư mục dữ liệu.",
)
@click.option("--from", "source", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Kho khác.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def command(side: Path | None, source: Path | None, *, as_json: bool) -> int:
    """Exit 1 where the backup would not serve. Writes ``<data>/ops/restore-drill.json`` in either case."""
    if side is not None and side.exists() and any(side.iterdir()):
        raise click.ClickException(f"Thư mục {side} không trống. Chọn một thư mục trống.")
    store = Store(source) if source else store_of()
    with database(), sentences():
        document = drill(
            this_house(),
            store,
            key_of(),
            now=dt.datetime.now(dt.UTC),
            side=side.resolve() if side else settings.TINHSO_DATA / FOLDER,
        )
    folder.write(folder.DRILL, document)
    folder.append(folder.DRILLS, {name: document[name] for name in ("at", "took_s", "ok", "findings")}, most=_HISTORY_MAY_HOLD)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    for one in () if as_json else document["findings"]:
        click.echo(f"{'✓' if one['is_fine'] else '✗'} {one['says']}")
    return 0 if document["ok"] else 1
