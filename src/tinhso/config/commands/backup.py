"""``tinhso backup``: take backups, look whether they would serve, pull them into a second store."""

from __future__ import annotations

import datetime as dt
import json
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any

import click
from django.conf import settings

from tinhso.config import places
from tinhso.config.backup.looking import PullRefused, look, pull, write_findings
from tinhso.config.backup.store import Store, read_key
from tinhso.config.backup.taking import BackupFailed, House, prune, run_until, take_base
from tinhso.config.cluster import Cluster
from tinhso.config.runtime import database

SEEN = "ops/backup.json"


def store_of() -> Store:
    """Return the store of this installation."""
    return Store(settings.TINHSO_BACKUP)


def house_of() -> House:
    """Return what is kept: this installation."""
    cluster = Cluster(settings.TINHSO_DATA)
    return House(settings.TINHSO_DATA, cluster.programs(), cluster.address("superuser"), settings.MEDIA_ROOT)


def key_of(*, make: bool = False) -> bytes:
    """Return the key of the store. Raises a sentence where there is none."""
    try:
        return read_key(settings.TINHSO_BACKUP_KEY, make=make)
    except (OSError, ValueError) as error:
        raise click.ClickException(
            f"Không đọc được khóa sao lưu {settings.TINHSO_BACKUP_KEY}. Đặt lại tệp khóa đã cất khi cài đặt."
        ) from error


@click.group("backup", help="Sao lưu, kiểm bản sao, chép sang kho thứ hai.")
def command() -> None:
    """Gather the commands."""


@command.command("now", help="Lấy một bản sao gốc ngay bây giờ.")
@click.option("--json", "as_json", is_flag=True)
def now(*, as_json: bool) -> None:
    """Take a base backup."""
    with database():
        try:
            path = take_base(house_of(), store_of(), key_of(make=True), now=dt.datetime.now(dt.UTC))
        except BackupFailed as failed:
            raise click.ClickException(str(failed)) from failed
    about = json.loads((path / "about.json").read_text("utf-8"))
    if as_json:
        click.echo(json.dumps({"base": path.name, **about}, ensure_ascii=False))
    else:
        click.echo(f"Đã lấy bản sao gốc {path.name}, {about['bytes'] / 1e6:.1f} MB.".replace(".", ","))


@command.command("run", help="Nhận nhật ký ghi trước và chép giấy tờ liên tục, tới khi dừng.")
def run() -> None:
    """Keep everything until SIGTERM or Ctrl-C."""
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    rule = places.backup_rule()
    run_until(
        stop,
        house_of(),
        store_of(),
        key_of(make=True),
        every=dt.timedelta(hours=rule["base_every_hours"]),
        keep=dt.timedelta(days=rule["keep_days"]),
    )


@command.command("list", help="Liệt kê bản sao gốc trong kho.")
@click.option("--json", "as_json", is_flag=True)
def list_(*, as_json: bool) -> None:
    """List the base backups."""
    bases = store_of().bases()
    if as_json:
        click.echo(json.dumps([{"base": one.path.name, **one.about} for one in bases], ensure_ascii=False))
    for one in () if as_json else bases:
        click.echo(f"{one.path.name}  {one.about['bytes'] / 1e6:.1f} MB")
    if not bases and not as_json:
        click.echo("Chưa có bản sao gốc nào. Chạy: tinhso backup now")


@command.command("check", help="Kiểm kho: nhật ký liền mạch, giấy tờ đủ và đúng, khóa mở được.")
@click.option("--json", "as_json", is_flag=True)
def check(*, as_json: bool) -> int:
    """Look at the store; exit 1 where it would not serve."""
    with database():
        from tinhso.documents.api import StoredFile  # noqa: PLC0415 - models load only once the database is there

        digests = list(StoredFile.objects.order_by("pk").values_list("sha256", flat=True))
    at = dt.datetime.now(dt.UTC)
    every = dt.timedelta(hours=places.backup_rule()["base_every_hours"])
    seen = look(store_of(), key_of(), digests, now=at, every=every)
    write_findings(settings.TINHSO_DATA / SEEN, seen, at=at)
    is_fine = all(one.is_fine for one in seen)
    if as_json:
        click.echo(json.dumps({"ok": is_fine, "findings": [asdict(one) for one in seen]}, ensure_ascii=False))
    for one in () if as_json else seen:
        click.echo(f"{'✓' if one.is_fine else '✗'} {one.says}")
    return 0 if is_fine else 1


@command.command("prune", help="Bỏ bản sao gốc quá hạn giữ, và nhật ký chỉ chúng cần.")
@click.option("--json", "as_json", is_flag=True)
def prune_(*, as_json: bool) -> None:
    """Remove what is too old."""
    keep = dt.timedelta(days=places.backup_rule()["keep_days"])
    gone = prune(store_of(), before=dt.datetime.now(dt.UTC) - keep)
    click.echo(json.dumps({"removed": gone}) if as_json else f"Đã bỏ {len(gone)} tệp quá hạn.")


@command.command("pull", help="Chép phần mới của một kho vào thư mục chỉ thêm, không bao giờ ghi đè.")
@click.option(
    "--from", "source", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
)
@click.option("--into", "target", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--json", "as_json", is_flag=True)
def pull_(source: Path, target: Path, *, as_json: bool) -> int:
    """Copy a store; exit 1 where the source has changed what it should never change."""
    differ: list[str] = []
    copied: Any = None
    try:
        copied = pull(Store(source), target)
    except PullRefused as refused:
        differ = refused.names
    if as_json:
        click.echo(json.dumps({"ok": not differ, "copied": copied, "differ": differ}, ensure_ascii=False))
    elif differ:
        sys.stdout.write(
            f"✗ {len(differ)} tệp ở kho nguồn khác bản đã chép, giữ bản đã chép: {', '.join(differ[:5])}\n"
        )
    else:
        click.echo(f"Đã chép {copied} tệp mới.")
    return 1 if differ else 0
