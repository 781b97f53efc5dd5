"""``tinhso verify-pdf``: check any PDF's signatures, without the database."""

import json
import sys
from pathlib import Path

import click

from tinhso.signatures.services.verify import verify
from tinhso.toolkit import clock


@click.command(help="Kiểm tra chữ ký của một tệp PDF bất kỳ; mã thoát 1 nếu chưa tin được.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def command(file: Path, as_json: bool) -> None:
    """Print who signed the file, whether it is whole and what was changed afterwards."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"Không đọc được tệp {file}.") from error
    report = verify(content, at=clock.now())
    if as_json:
        click.echo(json.dumps({"file": str(file), **report.as_json()}, ensure_ascii=False))
    else:
        click.echo(report.verdict)
        for found in report.signatures:
            when = f"{found.signed_at.astimezone(clock.VN):%H:%M %d/%m/%Y}" if found.signed_at else "?"
            click.echo(f"  {found.signer} · {found.office} · {found.level or '-'} · {when}")
        for line in (*report.problems, *report.changed_after):
            click.echo(f"  ✗ {line}")
    sys.exit(0 if report.is_good else 1)
