"""``tinhso backup``: take backups, look whether they would serve, pull them into a second store."""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any, Final

import click
import psycopg
from django.conf import settings

from tinhso.config.backup.drilling import is_due
from tinhso.config.backup.house import BackupFailed, House, house_of
from tinhso.config.backup.locking import read_key
from tinhso.config.backup.looking import Seen, look, quick_look
from tinhso.config.backup.pruning import prune
from tinhso.config.backup.pulling import pull, words
from tinhso.config.backup.rule import rule_on
from tinhso.config.backup.running import Archiver, seconds_behind, take_now
from tinhso.config.backup.store import Store
from tinhso.config.operations import folder
from tinhso.config.runtime import database
from tinhso.toolkit.clock import VN
from tinhso.toolkit.words import number

_NAMED: Final = "select sha256, size from documents_storedfile order by id"


def store_of() -> Store:
    """Return the store of this installation."""
    return Store(settings.TINHSO_BACKUP)


def this_house() -> House:
    """Return what is kept: this installation, reached by an account that may replicate."""
    url = os.environ.get("TINHSO_BACKUP_DATABASE_URL") or settings.TINHSO_DATABASE_URL
    return house_of(settings.TINHSO_DATA, settings.MEDIA_ROOT, url)


def key_of(*, make: bool = False) -> bytes:
    """Return the key of the store. Raises a sentence where there is none."""
    try:
        return read_key(settings.TINHSO_BACKUP_KEY, make=make)
    except (OSError, ValueError) as error:
        raise click.ClickException(
            f"Không đọc được khóa sao lưu {settings.TINHSO_BACKUP_KEY}. Đặt lại tệp khóa đã cất khi cài đặt."
        ) from error


def tell(seen: Iterable[Seen], *, behind: float, at: dt.datetime, keeps_documents: bool) -> None:
    """Write what was seen for the operations screen; what was last found of all documents stays until asked anew."""
    rows = [asdict(one) for one in seen]
    if keeps_documents:
        known = (folder.read(folder.BACKUP) or {}).get("findings", [])
        rows += [one for one in known if isinstance(one, dict) and one.get("name") in ("documents", "whole")]
    folder.write(
        folder.BACKUP,
        {
            "at": at.astimezone(VN).isoformat(timespec="seconds"),
            "ok": all(one["is_fine"] for one in rows),
            "seconds_behind": None if behind == float("inf") else behind,
            "findings": rows,
        },
    )


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what can go wrong into a sentence."""
    try:
        yield
    except BackupFailed as failed:
        raise click.ClickException(str(failed)) from failed
    except psycopg.Error as error:
        raise click.ClickException(
            f"Không nói chuyện được với cơ sở dữ liệu bằng tài khoản sao lưu. Máy chủ trả lời: {str(error).strip()}"
        ) from error
    except OSError as error:
        raise click.ClickException(
            f"Không ghi được vào kho {settings.TINHSO_BACKUP}: {error.strerror}. Kiểm quyền và chỗ trống."
        ) from error


def _print(document: dict[str, Any] | list[Any]) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))


@click.group("backup", help="Sao lưu, kiểm bản sao, chép sang kho thứ hai.")
def command() -> None:
    """Gather the commands."""


@command.command("now", help="Lấy một bản sao gốc ngay bây giờ.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def now(*, as_json: bool) -> None:
    """Take a base backup, and wait until it can be restored."""
    with database(), sentences():
        path = take_now(this_house(), store_of(), key_of(make=True))
    about = json.loads((path / "about.json").read_text("utf-8"))
    if as_json:
        _print({"base": path.name, **about})
    else:
        size = f"{about['bytes_in_store'] / 1e6:.1f}".replace(".", ",")
        click.echo(f"Đã lấy bản sao gốc {path.name}, {size} MB trong kho.")


@command.command("run", help="Nhận nhật ký ghi trước và chép giấy tờ liên tục, tới khi dừng.")
def run() -> None:
    """Keep everything until SIGTERM or Ctrl-C; take base backups and try restoring when they are due."""
    logging.basicConfig(level=logging.WARNING)
    stop = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    store, key = store_of(), key_of(make=True)

    def say(behind: float, lacking: int) -> None:
        at = dt.datetime.now(dt.UTC)
        seen = quick_look(store, key, now=at, behind=behind)
        if lacking:
            seen.append(
                Seen(
                    "lacking",
                    False,
                    f"{number(lacking)} giấy tờ chưa vào kho: cơ sở dữ liệu có tên mà không thấy tệp. Tìm lại tệp ấy ngay.",
                )
            )
        tell(seen, behind=behind, at=at, keeps_documents=True)

    def drill() -> bool:
        at = dt.datetime.now(dt.UTC)
        last = folder.moment((folder.read(folder.DRILL) or {}).get("at"))
        return bool(store.bases()) and is_due(last, rule_on(at.astimezone(VN).date()), at)

    with sentences():
        Archiver(this_house(), store, key, say, drill).run_until(stop)


@command.command("list", help="Liệt kê bản sao gốc trong kho.")
@click.option("--store", "path", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Kho khác.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def list_(path: Path | None, *, as_json: bool) -> None:
    """List the base backups, and until when each can be followed by its log."""
    store = Store(path) if path else store_of()
    bases = store.bases()
    reached = {one.name: one.reached() for one in store.lines()}
    rows = [
        {"base": one.name, **one.about, "until": until[0].isoformat() if (until := reached.get(one.line)) else None}
        for one in bases
    ]
    if as_json:
        _print(rows)
        return
    for one, row in zip(bases, rows, strict=True):
        size = f"{one.about['bytes_in_store'] / 1e6:.1f}".replace(".", ",")
        until = dt.datetime.fromisoformat(row["until"]).astimezone(VN) if row["until"] else None
        first = one.ended_at.astimezone(VN)
        span = f"từ {first:%H:%M:%S %d/%m/%Y} tới {until:%H:%M:%S %d/%m/%Y}" if until else "chưa được: chưa có nhật ký"
        click.echo(f"{one.name}  {size} MB, khôi phục {span}")
    if not bases:
        click.echo("Chưa có bản sao gốc nào. Gõ: tinhso backup now")


@command.command("check", help="Kiểm kho: nhật ký liền mạch, giấy tờ đủ và đúng, khóa mở được.")
@click.option("--quick", is_flag=True, help="Chỉ so tên và kích thước giấy tờ, không đọc.")
@click.option("--deep", is_flag=True, help="Đọc cả bản sao gốc và từng đoạn nhật ký.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def check(*, quick: bool, deep: bool, as_json: bool) -> int:
    """Look at the store; exit 1 where it would not serve."""
    store, house, key = store_of(), this_house(), key_of()
    with database(), sentences():
        with house.connect() as connection:
            documents = connection.execute(_NAMED).fetchall()
        at = dt.datetime.now(dt.UTC)
        behind = seconds_behind(house, store, at)
        seen = look(store, key, documents, now=at, behind=behind, is_deep=deep, is_quick=quick)
    tell(seen, behind=behind, at=at, keeps_documents=False)
    is_fine = all(one.is_fine for one in seen)
    if as_json:
        told = None if behind == float("inf") else behind
        _print({"ok": is_fine, "seconds_behind": told, "findings": [asdict(one) for one in seen]})
    for one in () if as_json else seen:
        click.echo(f"{'✓' if one.is_fine else '✗'} {one.says}")
    return 0 if is_fine else 1


@command.command("prune", help="Bỏ những gì quá hạn giữ, và ghi lại đã bỏ gì.")
@click.option("--store", "path", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Kho khác: bản sao gốc và nhật ký, không bỏ giấy tờ.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def prune_(path: Path | None, *, as_json: bool) -> None:
    """Remove what is too old; documents only from the store of this installation."""
    at = dt.datetime.now(dt.UTC)
    with sentences():
        if path is not None:
            gone = prune(Store(path), now=at, named=None)
        else:
            with database(), this_house().connect() as connection:
                named = {row[0] for row in connection.execute(_NAMED)}
            gone = prune(store_of(), now=at, named=named)
    if as_json:
        _print(asdict(gone))
        return
    click.echo(
        f"Đã bỏ {len(gone.bases)} bản sao gốc, {number(gone.segments)} đoạn nhật ký, "
        f"{number(gone.documents)} giấy tờ; còn {len(gone.kept)} bản sao gốc."
    )


@command.command("pull", help="Chép phần mới của một kho vào thư mục chỉ thêm, không bao giờ ghi đè.")
@click.option(
    "--from", "source", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True, help="Kho nguồn."
)
@click.option("--into", "target", type=click.Path(file_okay=False, path_type=Path), required=True, help="Kho thứ hai.")
@click.option("--deep", is_flag=True, help="So cả nội dung những tệp đã chép.")
@click.option("--freeze", is_flag=True, help="Khóa từng tệp bằng chattr +i (cần quyền root).")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def pull_(source: Path, target: Path, *, deep: bool, freeze: bool, as_json: bool) -> int:
    """Copy a store; exit 1 where the source has changed what it should never change."""
    pulled = pull(source, target, is_deep=deep, freezes=freeze)
    if as_json:
        _print({"ok": pulled.is_fine, **asdict(pulled)})
    for line in () if as_json else words(pulled):
        click.echo(line)
    return 0 if pulled.is_fine else 1
