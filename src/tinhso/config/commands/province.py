"""``tinhso province``: a whole province from a folder of CSV files, and into one; the first administrator."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import click

from tinhso.config.runtime import database
from tinhso.toolkit.text import tidy, visible

_FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_SHOWN = 40
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")
_LONGEST_NAME, _LONGEST_TITLE = 150, 120


@click.group("province", help="Dựng tỉnh từ một thư mục tệp CSV, hoặc xuất tỉnh ra thư mục.")
def command() -> None:
    """Gather the commands."""


@command.command("check", help="Đọc thử thư mục và nêu mọi lỗi; không ghi gì.")
@_FOLDER
@click.option("--json", "as_json", is_flag=True)
def check(folder: Path, *, as_json: bool) -> int:
    """Read and check a folder; print what taking it in would change."""
    with database():
        document, _read, _seen = _look(folder)
    _say(document, as_json=as_json)
    return 1 if document["errors"] else 0


@command.command(
    "init", help="Đưa thư mục vào hệ thống: tất cả hoặc không gì cả. Chạy lại chỉ đổi phần khác."
)
@_FOLDER
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON, không hỏi lại.")
def init(folder: Path, *, yes: bool, as_json: bool) -> int:
    """Check the folder, show the difference, ask, take it in."""
    with database():
        from tinhso.config.province.writing import (  # noqa: PLC0415 - models load only now
            AnotherRuns,
            ChangedMeanwhile,
            take_in_province,
        )
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        document, read, seen = _look(folder)
        document["written"] = 0
        if document["errors"]:
            _say(document, as_json=as_json)
            return 1
        if not as_json:
            _say(document, as_json=False)
            if document["changes"] and not yes:
                click.confirm("Ghi những thay đổi này?", abort=True)
        if document["changes"]:
            try:
                take_in_province(read, seen, at=clock.now())
            except ChangedMeanwhile as changed:
                said = "Hệ thống vừa có thay đổi khác. Chưa ghi gì. Chạy lại lệnh để xem phần khác mới."
                raise click.ClickException(said) from changed
            except AnotherRuns as other:
                said = "Một lệnh khác đang đưa thư mục vào. Chưa ghi gì. Chờ lệnh ấy xong rồi chạy lại."
                raise click.ClickException(said) from other
            document["written"] = len(document["changes"])
    if as_json:
        _say(document, as_json=True)
    else:
        click.echo(
            f"Đã ghi {document['written']} thay đổi." if document["written"] else "Không có gì để ghi."
        )
    return 0


@command.command("export", help="Xuất tỉnh ra một thư mục trống.")
@_FOLDER
@click.option("--json", "as_json", is_flag=True)
def export(folder: Path, *, as_json: bool) -> None:
    """Write the folder."""
    with database():
        from tinhso.config.province.exporting import FolderNotEmpty, export_province  # noqa: PLC0415 - the same

        try:
            counts = export_province(folder)
        except FolderNotEmpty as full:
            raise click.ClickException(f"Thư mục {folder} đã có tệp. Chọn một thư mục trống.") from full
    if as_json:
        click.echo(json.dumps({"folder": str(folder), "counts": counts}, ensure_ascii=False))
        return
    for file, rows in counts.items():
        click.echo(f"{file}: {rows} dòng")


@command.command("first-admin", help="Tạo quản trị viên đầu tiên, nhận mã dùng một lần để tự đặt mật khẩu.")
@click.option("--account", "username", prompt="Tài khoản", help="Chữ thường không dấu, ví dụ quan.tri.")
@click.option("--name", prompt="Họ và tên", help="Họ và tên.")
@click.option("--office", "office_code", prompt="Mã cơ quan", help="Mã như 000.00.11.H40.")
@click.option("--title", default="Quản trị viên", show_default=True, help="Chức danh.")
def first_admin(username: str, name: str, office_code: str, title: str) -> None:
    """Make the account with its post, and print the code once."""
    username, name, title = username.strip(), tidy(visible(name)), tidy(visible(title))
    if not _ACCOUNT.fullmatch(username):
        raise click.ClickException("Tài khoản dùng chữ thường không dấu, chữ số, dấu chấm. Gõ lại.")
    if not name or len(name) > _LONGEST_NAME or not title or len(title) > _LONGEST_TITLE:
        raise click.ClickException("Họ và tên, chức danh không để trống, dài nhất 150 và 120 chữ. Gõ lại.")
    with database():
        code, until, page = _first_admin(username, name, office_code.strip(), title)
    click.echo(f"Mã dùng một lần: {code}")
    click.echo(
        f"Dùng trước {until:%H:%M ngày %d/%m/%Y}, ở trang {page}, để đặt mật khẩu và xác thực hai lớp."
    )
    click.echo("Mã không hiện lại lần nữa. Mất mã thì chạy lại lệnh này, mã cũ hết hiệu lực.")


def _first_admin(username: str, name: str, office_code: str, title: str) -> tuple[str, dt.datetime, str]:
    """Return the code, until when it may be used, and where."""
    from django.conf import settings  # noqa: PLC0415 - beside the rest
    from django.urls import NoReverseMatch, reverse  # noqa: PLC0415

    from tinhso.directory.services.make_first_administrator import (  # noqa: PLC0415 - models load only now
        AccountTaken,
        AlreadySetUp,
        OfficeUnknown,
        make_first_administrator,
    )
    from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

    try:
        code, row = make_first_administrator(
            username=username,
            name=name,
            office_code=office_code,
            title=title,
            at=clock.now(),
            real_at=dt.datetime.now(dt.UTC),
        )
    except OfficeUnknown as unknown:
        said = f"Chưa có cơ quan mã {office_code}. Đưa tỉnh vào trước: tinhso province init THƯ-MỤC"
        raise click.ClickException(said) from unknown
    except AccountTaken as taken:
        said = f"Tài khoản {username} đã khóa, hoặc là của người không làm quản trị. Chọn tên khác."
        raise click.ClickException(said) from taken
    except AlreadySetUp as done:
        said = f"Tài khoản {username} đã đặt mật khẩu rồi. Đăng nhập, hoặc dùng mục Quên mật khẩu."
        raise click.ClickException(said) from done
    try:
        page = settings.TINHSO_PUBLIC_ADDRESS.rstrip("/") + reverse("account_activate")
    except NoReverseMatch:
        page = "kích hoạt tài khoản"
    return code, row.expires_at.astimezone(clock.VN), page


def _look(folder: Path) -> tuple[dict[str, Any], Any, Any]:
    """Return the document about a folder, the folder as it was read, and the difference."""
    from tinhso.config.province.checking import check_folder  # noqa: PLC0415 - models load only now
    from tinhso.config.province.comparing import Comparison, compare  # noqa: PLC0415
    from tinhso.config.province.holding import held_rows  # noqa: PLC0415
    from tinhso.config.province.reading import read_folder  # noqa: PLC0415
    from tinhso.config.province.tables import SHEETS  # noqa: PLC0415
    from tinhso.config.province.writing import known_sheets  # noqa: PLC0415
    from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

    if not folder.is_dir():
        raise click.ClickException(f"Không có thư mục {folder}. Ghi đúng đường dẫn tới thư mục của tỉnh.")
    read = read_folder(folder)
    there = held_rows()
    check_folder(read, there, on=clock.today(), sheets=known_sheets())
    seen = Comparison() if read.errors else compare(read, there)
    document = {
        "folder": str(folder),
        "counts": {sheet.file: len(read.of(sheet)) for sheet in SHEETS},
        "errors": [_told(one) for one in sorted(read.errors, key=_place)],
        "warnings": [_told(one) for one in sorted(read.warnings, key=_place)],
        "changes": seen.told(),
        "only_here": seen.only_here,
    }
    return document, read, seen


def _place(one: Any) -> tuple[str, int, str]:
    return one.file, one.line, one.field


def _told(one: Any) -> dict[str, Any]:
    return {
        "file": one.file,
        "line": one.line,
        "field": one.field,
        "value": one.value,
        "message": one.message,
        "fix": one.fix,
        "sentence": str(one),
    }


def _say(document: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for one in document["errors"]:
        click.echo(f"✗ {one['sentence']}")
    for one in document["warnings"]:
        click.echo(f"! {one['sentence']}")
    for one in document["changes"][:_SHOWN]:
        word = "thêm" if one["what"] == "add" else "sửa"
        fields = "; ".join(
            f"{name}: “{v['from'] or '(trống)'}” thành “{v['to'] or '(trống)'}”"
            for name, v in one["fields"].items()
        )
        click.echo(f"{word} {one['file']} dòng {one['line']}: {one['key']}{'. ' + fields if fields else ''}")
    if (more := len(document["changes"]) - _SHOWN) > 0:
        click.echo(f"… và {more} thay đổi nữa.")
    for file, keys in document["only_here"].items():
        click.echo(f"Có trong hệ thống, không có trong {file}: {len(keys)} dòng, giữ nguyên.")
        for key in keys[:_SHOWN]:
            click.echo(f"  {key}")
        if len(keys) > _SHOWN:
            click.echo(f"  … và {len(keys) - _SHOWN} dòng nữa.")
    if document["errors"]:
        click.echo(f"{len(document['errors'])} lỗi. Chưa ghi gì. Sửa tệp rồi chạy lại.")
