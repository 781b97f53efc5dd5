"""``tinhso stats one-stop-coverage`` and ``signature-coverage``: how many bodies run it, of how many, and which do not."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from tinhso.config import runtime

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("one-stop-coverage", help="Độ phủ một cửa và một cửa liên thông, vào một ngày.")
@click.option("--on", "day", required=True, type=_DAY)
@click.option("--rows", "rows_file", type=_FILE, help="Ghi từng cơ quan ra tệp CSV.")
@click.option("--json", "as_json", is_flag=True)
def one_stop_coverage(day: dt.datetime, rows_file: Path | None, *, as_json: bool) -> None:
    """Print the coverage of the one-stop, and within it that of the interlinked one-stop."""
    one_stop, interlinked = _reckoned(day.date(), ("one_stop", "interlinked"), rows_file)
    if as_json:
        click.echo(json.dumps({**one_stop, "interlinked": interlinked}, ensure_ascii=False))
        return
    click.echo(f"Một cửa: {_sentence(one_stop)}")
    click.echo(f"Một cửa liên thông: {_sentence(interlinked)}")


@click.command("signature-coverage", help="Độ phủ chữ ký số, vào một ngày.")
@click.option("--on", "day", required=True, type=_DAY)
@click.option("--rows", "rows_file", type=_FILE, help="Ghi từng cơ quan ra tệp CSV.")
@click.option("--json", "as_json", is_flag=True)
def signature_coverage(day: dt.datetime, rows_file: Path | None, *, as_json: bool) -> None:
    """Print the coverage of official signatures."""
    (found,) = _reckoned(day.date(), ("signatures",), rows_file)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else f"Chữ ký số: {_sentence(found)}")


def _sentence(found: dict[str, Any]) -> str:
    if found["state"]:
        return str(found["state"])
    unknown = f", {found['unknown']} chưa có số liệu" if found["unknown"] else ""
    return f"{found['numerator']} trên {found['denominator']} cơ quan{unknown} ({found['version']})"


def _reckoned(day: dt.date, systems: tuple[str, ...], rows_file: Path | None) -> list[dict[str, Any]]:
    with runtime.database():
        from tinhso.measures.queries import coverage  # noqa: PLC0415 - models load only once the database is there
        from tinhso.measures.queries.coverage_rows import columns, document, record  # noqa: PLC0415 - the same
        from tinhso.measures.rules.coverage import System  # noqa: PLC0415 - the same
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock
        from tinhso.toolkit.spreadsheet import guarded  # noqa: PLC0415 - the same

        now = clock.now()
        if day > now.date():
            raise click.ClickException("Ngày này chưa tới. Chọn hôm nay hoặc một ngày đã qua.")
        found = [coverage.coverage(System(name), day, now) for name in systems]
        known = [one for one in found if one is not None]
        if len(known) < len(systems):
            raise click.ClickException("Chưa có cách tính áp dụng cho ngày này.")
        if rows_file is not None:
            with rows_file.open("w", encoding="utf-8", newline="") as out:
                sheet = csv.writer(out)
                sheet.writerow(columns())
                sheet.writerows(
                    [guarded(cell) for cell in record(one, row)] for one in known for row in one.rows
                )
        return [document(one, now) for one in known]
