"""``tinhso province``: a whole province from a folder of CSV files, and into one; the first administrator."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click

from tinhso.config.runtime import database

_FOLDER = click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
_SHOWN = 40
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}")


@click.group("province", help="Dựng tỉnh từ một thư mục tệp CSV, hoặc xuất tỉnh ra thư mục.")
def command() -> None:
    """Gather the commands."""


@command.command("check", help="Đọc thử thư mục và nêu mọi lỗi; không ghi gì.")
@_FOLDER
@click.option("--json", "as_json", is_flag=True)
def check(folder: Path, *, as_json: bool) -> int:
    """Read and check a folder; print what taking it in would change."""
    with database():
        document, _taken = _look(folder)
    _say(document, as_json=as_json)
    return 1 if document["errors"] else 0


@command.command(
    "init", help="Đưa thư mục vào hệ thống: tất cả hoặc không gì cả. Chạy lại chỉ đổi phần khác."
)
@_FOLDER
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
@click.option("--json", "as_json", is_flag=True)
def init(folder: Path, *, yes: bool, as_json: bool) -> int:
    """Check the folder, show the difference, ask, take it in."""
    with database():
        from tinhso.config.province.writing import take_in_province  # noqa: PLC0415 - models load only now
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        document, (found, pems) = _look(folder)
        if document["errors"]:
            _say(document, as_json=as_json)
            return 1
        if not as_json:
            _say(document, as_json=False)
        if document["changes"] and not yes and not as_json:
            click.confirm("Ghi những thay đổi này?", abort=True)
        if document["changes"]:
            take_in_province(found, pems=pems, at=clock.now())
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
    with database():
        import datetime as dt  # noqa: PLC0415 - beside the rest

        from tinhso.directory.services.make_first_administrator import (  # noqa: PLC0415 - models load only now
            AccountTaken,
            OfficeUnknown,
            make_first_administrator,
        )
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        if not _ACCOUNT.fullmatch(username):
            raise click.ClickException("Tài khoản dùng chữ thường không dấu, chữ số, dấu chấm. Gõ lại.")
        try:
            code, row = make_first_administrator(
                username=username,
                name=name.strip(),
                office_code=office_code,
                title=title,
                on=clock.today(),
                at=dt.datetime.now(dt.UTC),
            )
        except OfficeUnknown as unknown:
            raise click.ClickException(
                f"Chưa có cơ quan mã {office_code}. Đưa tỉnh vào trước: tinhso province init THƯ-MỤC"
            ) from unknown
        except AccountTaken as taken:
            raise click.ClickException(
                f"Tài khoản {username} là của người không làm quản trị. Chọn tên khác."
            ) from taken
    until = row.expires_at.astimezone(clock.VN)
    click.echo(f"Mã dùng một lần: {code}")
    click.echo(
        f"Dùng trước {until:%H:%M ngày %d/%m/%Y}, ở trang /tai-khoan/kich-hoat/. Mã không hiện lại lần nữa."
    )


def _look(folder: Path) -> tuple[dict[str, Any], tuple[Any, dict[str, str]]]:
    """Return the document about a folder, and what writing it needs."""
    from tinhso.config.province.checking import check_folder  # noqa: PLC0415 - models load only now
    from tinhso.config.province.comparing import Comparison, compare  # noqa: PLC0415
    from tinhso.config.province.reading import read_folder  # noqa: PLC0415
    from tinhso.config.province.tables import CERTIFICATES, SHEETS  # noqa: PLC0415
    from tinhso.config.province.writing import known_procedures  # noqa: PLC0415

    if not folder.is_dir():
        raise click.ClickException(f"Không có thư mục {folder}. Ghi đúng đường dẫn tới thư mục của tỉnh.")
    read = read_folder(folder)
    check_folder(read, procedures=known_procedures())
    found = Comparison() if read.errors else compare(read)
    pems = {}
    if not read.errors:
        for row in read.of(CERTIFICATES):
            pems[row["so_hieu"]] = (folder / "chung-thu" / row["tep"]).read_text("ascii")
    document = {
        "folder": str(folder),
        "counts": {sheet.file: len(read.of(sheet)) for sheet in SHEETS},
        "errors": [_told(one) for one in sorted(read.errors, key=_place)],
        "warnings": [_told(one) for one in sorted(read.warnings, key=_place)],
        "changes": [one.told() for one in found.differences],
        "only_here": found.only_here,
    }
    return document, (found, pems)


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
        fields = "; ".join(f"{name}: “{v['from']}” thành “{v['to']}”" for name, v in one["fields"].items())
        click.echo(f"{word} {one['file']} dòng {one['line']}: {one['key']}{'. ' + fields if fields else ''}")
    if (more := len(document["changes"]) - _SHOWN) > 0:
        click.echo(f"… và {more} thay đổi nữa.")
    for file, keys in document["only_here"].items():
        click.echo(f"Có trong hệ thống, không có trong {file}: {len(keys)} dòng. Giữ nguyên.")
    if document["errors"]:
        click.echo(f"{len(document['errors'])} lỗi. Chưa ghi gì. Sửa tệp rồi chạy lại.")
