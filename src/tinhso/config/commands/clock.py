"""``tinhso clock``: read the business clock, or move the demo's forward and do what falls due."""

import datetime as dt
import json

import click

from tinhso.config.runtime import database
from tinhso.journal.api import deliver_all
from tinhso.journal.tasks import do_everything_once
from tinhso.toolkit import clock


@click.command(help="Xem giờ nghiệp vụ; trong bản trình diễn, dời giờ tới phía trước.")
@click.option("--to", "to", metavar="ISO", help="Thời điểm tới, ví dụ 2022-05-21T08:00+07:00.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def command(to: str | None, as_json: bool) -> None:
    """Move the clock if asked, run every periodic task once and deliver the news; then tell the time."""
    with database():
        if to is not None:
            _advance(to)
        now = clock.now()
    if as_json:
        click.echo(json.dumps({"now": now.isoformat(timespec="seconds"), "is_demo": clock.is_moved()}))
    else:
        click.echo(f"{now:%H:%M ngày %d/%m/%Y}")


def _advance(to: str) -> None:
    try:
        moment = dt.datetime.fromisoformat(to)
        clock.advance_to(moment if moment.tzinfo else moment.replace(tzinfo=clock.VN))
    except ValueError as error:
        raise click.ClickException(
            f"Không đọc được thời điểm “{to}”. Ví dụ: 2022-05-21T08:00+07:00"
        ) from error
    except clock.ClockCannotMove as error:
        raise click.ClickException(str(error)) from error
    deliver_all()
    do_everything_once()
    deliver_all()
