"""``tinhso check``: prove that this installation is safe to serve."""

import dataclasses
import json
import sys

import click

from tinhso.config import checks
from tinhso.config.runtime import database


@click.command(help="Kiểm tra những điều một lần khởi động phải từ chối.")
@click.option("--starting", is_flag=True, help="Bỏ qua những gì chỉ biết được khi hệ thống đang chạy.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def command(starting: bool, as_json: bool) -> None:
    """Print every finding; exit with 1 when one of them is not fine."""
    with database(role="app"):
        findings = checks.before_start() if starting else checks.everything()
    is_fine = all(finding.is_fine for finding in findings)
    if as_json:
        told = [dataclasses.asdict(finding) for finding in findings]
        click.echo(json.dumps({"is_fine": is_fine, "findings": told}, ensure_ascii=False))
    else:
        for finding in findings:
            mark = "✗" if not finding.is_fine else "!" if finding.is_warning else "✓"
            click.echo(f"{mark} {finding.says}")
    sys.exit(0 if is_fine else 1)
