"""``tinhso restore``: bring an installation back as it stood at a moment, into an empty folder, and check it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import click

from tinhso.config.backup.proving import prove
from tinhso.config.backup.restoring import NotRestorable, Restored, restore
from tinhso.config.backup.store import Store
from tinhso.config.commands.backup import key_of, store_of
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import number


@click.command("restore", help="Khôi phục tới một thời điểm (giờ của máy) vào một thư mục trống, rồi kiểm.")
@click.option("--at", "at", help="Như 2026-12-01T09:30:00+07:00; không ghi: tới giây cuối có trong kho.")
@click.option("--into", "into", type=click.Path(file_okay=False, path_type=Path), required=True, help="Thư mục trống.")
@click.option("--from", "source", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Kho khác.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
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
        found = restore(store, key_of(), into.resolve(), moment, prove)
    except NotRestorable as refused:
        raise click.ClickException(str(refused)) from refused
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
    else:
        _say(found)
    return 0 if found.is_whole else 1


def _say(found: Restored) -> None:
    for one in found.findings:
        click.echo(f"✗ {one}")
    for one in found.warnings:
        click.echo(f"! {one}")
    if later := found.later_heads:
        click.echo(
            f"! {number(later['entries_missing'])} mục nhật ký sau lúc ấy không có trong bản khôi phục: "
            f"con dấu {later['first_seq']} đến {later['last_seq']}, đóng từ {later['first_at']} đến {later['last_at']}."
        )
    took = round(sum(found.seconds.values()))
    click.echo(
        f"{'✓' if found.is_whole else '✗'} {number(found.rows.get('dossiers_dossier', 0))} hồ sơ, "
        f"{number(found.documents)} giấy tờ, {number(found.journal.get('entries', 0))} mục nhật ký, {number(took)} giây."
    )
    click.echo(f"Mở bản khôi phục: TINHSO_DATA={found.into} tinhso up")
