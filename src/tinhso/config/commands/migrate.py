"""``tinhso migrate``: bring the tables to the version of the code, as their owner."""

import click

from tinhso.config import tables
from tinhso.config.runtime import database


@click.command(help="Đưa bảng dữ liệu lên đúng phiên bản của mã nguồn.")
def command() -> None:
    """Migrate, and say whether there was anything to do."""
    with database(role="owner", needs_tables=False):
        click.echo(
            "Đã nâng cấp bảng dữ liệu." if tables.bring_up_to_date() else "Bảng dữ liệu đã đúng phiên bản."
        )
