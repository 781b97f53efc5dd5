"""``tinhso restore``: bring an installation back as it stood at a moment, into an empty folder, and check it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click
from django.conf import settings

from tinhso.config.backup.restoring import NotRestorable, restore
from tinhso.config.backup.store import Store
from tinhso.config.commands.backup import key_of, store_of
from tinhso.toolkit.clock import VN


@click.command("restore", help="Khôi phục tới một thời điểm (giờ của máy) vào một thư mục trống, rồi kiểm.")
@click.option("--at", "at", help="Như 2026-12-01T09:30:00+07:00; không ghi: tới giây cuối có trong kho.")
@click.option("--into", "into", type=click.Path(file_okay=False, path_type=Path), required=True)
@click.option("--from", "source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True)
def command(at: str | None, into: Path, source: Path | None, *, as_json: bool) -> int:
    """Restore; exit 1 where the result is not whole."""
    moment = None
    if at is not None:
        try:
            moment = dt.datetime.fromisoformat(at)
        except ValueError:
            raise click.ClickException("--at: viết như 2026-12-01T09:30:00+07:00.") from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=VN)
    store = Store(source) if source else store_of()
    try:
        found = restore(store, key_of(), into.resolve(), moment)
    except NotRestorable as not_restorable:
        raise click.ClickException(str(not_restorable)) from not_restorable
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
        return 0 if found.is_whole else 1
    for one in found.findings:
        click.echo(f"✗ {one}")
    if found.later_heads:
        later = found.later_heads
        click.echo(
            f"! {later['entries_missing']} mục nhật ký sau lúc ấy không có trong bản khôi phục"
            f" ({later['count']} con dấu, từ {later['first_at']} đến {later['last_at']})."
        )
    took = sum(found.seconds.values())
    click.echo(
        f"{'✓' if found.is_whole else '✗'} {found.documents} giấy tờ, {found.journal.get('entries', 0)} mục nhật ký,"
        f" {took:.0f} giây. Chạy bản khôi phục: TINHSO_DATA={into} tinhso up"
    )
    click.echo(f"Bản sao lấy từ {settings.TINHSO_BACKUP if source is None else source}.")
    return 0 if found.is_whole else 1
