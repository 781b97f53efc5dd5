"""``tinhso import-procedures FILE``: published sheets, each line accounted for."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import NoReturn

import click

from tinhso.config.runtime import database


@click.command("import-procedures", help="Nhập bảng thủ tục đã công bố, mỗi dòng một thủ tục.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def command(file: Path, *, as_json: bool) -> None:
    """Print how many lines were read and what became of each."""
    started = time.monotonic()
    if not file.is_file():
        _fail(f"Không có tệp {file}. Kiểm tra lại đường dẫn.", as_json=as_json)
    with database():
        from tinhso.catalogue.services.import_records import (  # noqa: PLC0415 - models load only once the database is there
            ImportRunning,
            import_records,
        )
        from tinhso.directory.api import SYSTEM  # noqa: PLC0415 - models load only once the database is there
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        try:
            done = import_records(file, by=SYSTEM, at=clock.now())
        except ImportRunning as why:
            _fail(str(why), as_json=as_json)
        except OSError:
            _fail(f"Không mở được tệp {file}. Kiểm tra quyền đọc.", as_json=as_json)
    seconds = round(time.monotonic() - started, 2)
    if not as_json:
        click.echo(
            f"Đọc {done.read} dòng: {done.imported} nhập mới, {done.variants} bản khác, {done.repeats} bản trùng,"
            f" {done.listed} không nhận được."
        )
        for one in done.records:
            says = one.reason or "; ".join(one.notes) or f"khác bản đầu ở: {', '.join(one.differs)}"
            click.echo(f"  dòng {one.line} {one.code}: {says}")
        return
    document = {
        "read": done.read,
        "imported": done.imported,
        "variants": done.variants,
        "repeats": done.repeats,
        "listed": done.listed,
        "changed": done.changed,
        "seconds": seconds,
        "flags": dict(sorted(done.flags.items())),
        "records": [
            {
                "line": one.line,
                "code": one.code,
                "outcome": one.outcome,
                "reason": one.reason,
                "differs": list(one.differs),
                "notes": list(one.notes),
            }
            for one in done.records
        ],
    }
    click.echo(json.dumps(document, ensure_ascii=False))


def _fail(says: str, *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"error": says}, ensure_ascii=False))
        raise SystemExit(1)
    raise click.ClickException(says)
