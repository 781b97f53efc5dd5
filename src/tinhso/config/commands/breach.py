"""``tinhso breach``: whose data was reached, which kinds, since when, through which accounts."""

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import click

from tinhso.config.runtime import database
from tinhso.toolkit import clock


class Moment(click.ParamType[dt.datetime]):
    """A moment typed as 2022-05-10T08:00 or 2022-05-10, by Vietnamese time."""

    name = "lúc"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        """Return the moment."""
        try:
            found = dt.datetime.fromisoformat(str(value))
        except ValueError:
            self.fail("Viết như 2022-05-10T08:00 hoặc 2022-05-10.", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=clock.VN)


@click.command("breach", help="Khi lộ dữ liệu: liệt kê của ai, loại gì, từ lúc nào, qua tài khoản nào.")
@click.option("--since", required=True, type=Moment(), help="Từ lúc này, ví dụ 2022-05-10T08:00.")
@click.option("--until", type=Moment(), default=None, help="Đến lúc này; mặc định là bây giờ.")
@click.option("--account", default="", help="Chỉ qua tài khoản này (tên đăng nhập).")
@click.option("--office", default="", help="Chỉ qua cán bộ của cơ quan này (mã).")
@click.option("--table", default="", help="Cả bảng bị lấy, ví dụ dossiers_dossier.")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Thư mục ghi danh sách và thư mẫu.",
)
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def command(
    since: dt.datetime,
    until: dt.datetime | None,
    account: str,
    office: str,
    table: str,
    folder: Path | None,
    as_json: bool,
) -> None:
    """List the breach into a folder and say the figures; exit 1 when the question is not understood."""
    if sum(map(bool, (account, office, table))) > 1:
        raise click.ClickException("Chọn một trong --account, --office, --table.")
    began = time.monotonic()
    with database(role="app"):
        from tinhso.config.protection.breach import (  # noqa: PLC0415 - models load only once Django is set up
            Asked,
            CannotAsk,
            list_breach,
        )

        now = clock.now()
        into = folder or Path(f"su-co-{now:%Y%m%d-%H%M%S}")
        asked = Asked(since, until or now, account, office, table)
        try:
            report = list_breach(asked, into, at=now, shift=now - dt.datetime.now(dt.UTC))
        except CannotAsk as wrong:
            raise click.ClickException(str(wrong)) from None
    seconds = round(time.monotonic() - began, 2)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "dossiers": report.dossiers,
                    "people": report.people,
                    "first": report.first.isoformat() if report.first else None,
                    "last": report.last.isoformat() if report.last else None,
                    "kinds": list(report.kinds),
                    "accounts": [
                        {"account": user, "dossiers": n} for user, _name, _office, n in report.accounts
                    ],
                    "sessions": len(report.sessions),
                    "tries": len(report.tries),
                    "acts": dict(report.acts),
                    "folder": str(into),
                    "files": list(report.files),
                    "seconds": seconds,
                },
                ensure_ascii=False,
            )
        )
        return
    click.echo(
        f"✓ {report.dossiers} hồ sơ của {report.people} người; danh sách trong {into}/ ({seconds} giây)."
    )
    for user, name, where, n in report.accounts:
        click.echo(f"  {user} ({name}, {where}): {n} hồ sơ")
    click.echo(f"  Loại dữ liệu: {', '.join(report.kinds) or 'không có'}.")
    click.echo("  Tiếp theo: docs/runbooks/breach.md")
