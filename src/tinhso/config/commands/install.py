"""``tinhso install``: write what a machine in service needs on Debian 12."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from tinhso.config.install import writing
from tinhso.config.install.certificate import make_self_signed
from tinhso.config.install.choice import Choice, ChoiceNotPossible
from tinhso.config.install.drawing import draw


@click.command("install", help="Ghi những gì máy chạy thật cần: tài khoản, cấu hình, dịch vụ, nginx.")
@click.option("--domain", required=True, help="Tên miền của trang, ví dụ dichvucong.example.gov.vn.")
@click.option("--files-domain", default="", help="Tên miền thứ hai, chỉ để xem tệp người dân gửi.")
@click.option("--database", default="embedded", help="embedded, hoặc postgresql://owner:password@host/database.")
@click.option("--root", "root", type=click.Path(file_okay=False), default="/", help="Ghi vào dưới thư mục này.")
@click.option("--data", default="/var/lib/tinhso", help="Thư mục dữ liệu.")
@click.option("--backup", default="/var/backups/tinhso", help="Kho sao lưu: để ở đĩa khác.")
@click.option("--certificate", default="/etc/tinhso/tls/fullchain.pem", help="Tệp chứng thư TLS, cả chuỗi.")
@click.option("--key", default="/etc/tinhso/tls/key.pem", help="Tệp khóa của chứng thư.")
@click.option("--self-signed", is_flag=True, help="Làm chứng thư tạm 30 ngày nếu chưa có chứng thư.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, help="Cổng trong máy của trang web.")
@click.option("--http-port", type=click.IntRange(1, 65535), default=80, help="Cổng HTTP của nginx.")
@click.option("--https-port", type=click.IntRange(1, 65535), default=443, help="Cổng HTTPS của nginx.")
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem sẽ thay đổi gì.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def command(root: str, self_signed: bool, dry_run: bool, as_json: bool, **told: Any) -> None:
    """Write, and say what is still to do. A settings file that is there stays as it is; the difference is shown."""
    choice = _choice(told)
    top = Path(root).resolve()
    try:
        choice.refuse_impossible()
        files = draw(choice)
        outcome = writing.compare(files, top) if dry_run else writing.write(files, top)
    except (ChoiceNotPossible, writing.NotWritten) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    todo = [] if dry_run else _finish(choice, top, self_signed=self_signed)
    if as_json:
        told = {"root": str(top), "dry_run": dry_run, **dataclasses.asdict(outcome), "next": todo}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    _say(outcome, todo, dry_run=dry_run)


def _choice(told: dict[str, Any]) -> Choice:
    database = "" if told["database"] == "embedded" else told["database"]
    renamed = {"http": told.pop("http_port"), "https": told.pop("https_port"), "database": database}
    return Choice(**told | renamed)


def _finish(choice: Choice, top: Path, *, self_signed: bool) -> list[str]:
    todo = writing.make_accounts(top)
    certificate, key = (top / path.lstrip("/") for path in (choice.certificate, choice.key))
    domains = [name for name in (choice.domain, choice.files_domain) if name]
    if self_signed:
        make_self_signed(certificate, key, domains, dt.datetime.now(dt.UTC))
    if not certificate.exists() or not key.exists():
        todo.append(f"Đặt chứng thư vào {choice.certificate} và khóa vào {choice.key}")
    if writing.has_debians_site(top):
        todo.append(f"sudo rm {writing.DEBIANS_SITE}")
    return [
        *todo,
        "sudo systemctl daemon-reload",
        "sudo systemctl enable --now tinhso.target",
        "sudo nginx -t && sudo systemctl reload nginx",
    ]


def _say(outcome: writing.Outcome, todo: list[str], *, dry_run: bool) -> None:
    shown = outcome.diff if dry_run else ""
    if shown:
        click.echo(shown)
    verb = "Sẽ ghi" if dry_run else "Đã ghi"
    for path in outcome.written:
        click.echo(f"✓ {verb} {path}")
    if outcome.unchanged:
        click.echo(f"✓ {len(outcome.unchanged)} tệp đã đúng, giữ nguyên.")
    for path in outcome.differs:
        click.echo(f"! {path} khác bản mới, giữ nguyên. Xem khác ở đâu: thêm --dry-run vào lệnh này.")
    if todo:
        click.echo("Còn phải làm:")
        for step in todo:
            click.echo(f"  {step}")
