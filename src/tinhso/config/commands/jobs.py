"""``tinhso jobs``: deliveries that failed, those that wait, those that a dead worker left."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click
from django.conf import settings

from tinhso.config.runtime import database

MARKS = "ops/at"


@click.group("jobs", help="Việc chạy nền: xem, chạy lại, gỡ việc kẹt.")
def command() -> None:
    """Group the three."""


@command.command("list", help="In số việc chờ, hỏng và từng việc hỏng với lý do.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def list_(as_json: bool) -> None:
    """Print counts and every delivery that failed."""
    from tinhso.config.operations import folder  # noqa: PLC0415 - models load only once Django is set up
    from tinhso.journal.api import at_work, failed_deliveries, jobs  # noqa: PLC0415 - the same

    with database(role="app"):
        counts = jobs(today=folder.now().replace(hour=0, minute=0, second=0, microsecond=0))
        failed = [_row(one) for one in failed_deliveries()]
    running = [asdict(one) for one in at_work(settings.TINHSO_DATA / MARKS)]
    if as_json:
        click.echo(json.dumps({**asdict(counts), "workers": running, "failed": failed}, ensure_ascii=False))
        return
    at_it = sum(one["delivery_id"] is not None for one in running)
    click.echo(
        f"{counts.waiting} việc chờ, {at_it} đang chạy, {counts.failing} đang thử lại, {counts.dead} hỏng."
    )
    for row in failed:
        state = "hỏng" if row["is_dead"] else "đang thử lại"
        click.echo(
            f"{row['id']}  {state}, thử {row['attempts']} lần  {row['listener']}  {row['about']}  {row['kind']}"
        )


@command.command("retry", help="Chạy lại một việc hỏng, hoặc mọi việc hỏng (--all).")
@click.argument("number", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="Chạy lại mọi việc đã hỏng hẳn.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def retry(number: int | None, every: bool, as_json: bool) -> None:
    """Let one delivery, or all dead ones, be tried again; journalled as done by the system's keeper at the console."""
    from tinhso.config.operations import folder  # noqa: PLC0415 - models load only once Django is set up
    from tinhso.directory.api import SYSTEM  # noqa: PLC0415 - the same
    from tinhso.journal.api import DeliveryNotWaiting, dead_deliveries, retry_delivery  # noqa: PLC0415 - the same
    from tinhso.toolkit import clock  # noqa: PLC0415 - the same

    if (number is None) == (not every):
        raise click.ClickException("Ghi số của việc, hoặc --all, một trong hai.")
    with database(role="app"):
        chosen = [number] if number is not None else [one.pk for one in dead_deliveries(limit=10_000)]
        for one in chosen:
            try:
                retry_delivery(one, by=SYSTEM, at=clock.now(), now=folder.now(), reason="console")
            except DeliveryNotWaiting:
                raise click.ClickException(f"Việc {one} không hỏng, hoặc không có.") from None
    click.echo(json.dumps({"retried": chosen}) if as_json else f"Chạy lại {len(chosen)} việc.")


@command.command("rescue", help="Gỡ việc mà tiến trình đã chết, hoặc đứng mãi, để lại.")
@click.option(
    "--stalled-after", type=float, default=300.0, show_default=True, help="Giây; lâu hơn là coi như đứng mãi."
)
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def rescue(stalled_after: float, as_json: bool) -> None:
    """Count what dead workers left; end workers that are stuck. The watcher does the same each quarter of a minute."""
    from tinhso.journal.api import rescue as free  # noqa: PLC0415 - models load only once Django is set up

    with database(role="app"):
        freed = free(settings.TINHSO_DATA / MARKS, stalled_after=stalled_after)
    if as_json:
        click.echo(json.dumps({"rescued": [asdict(one) for one in freed]}))
    else:
        click.echo(f"Gỡ {len(freed)} việc." if freed else "Không có việc nào bị bỏ lại.")


def _row(delivery: Any) -> dict[str, Any]:
    """Return a failed delivery without the words of its error, which may quote somebody's data."""
    kind, colon, _ = delivery.last_error.partition(":")
    return {
        "id": delivery.pk,
        "listener": delivery.listener,
        "event": delivery.entry.event,
        "about": delivery.entry.about,
        "attempts": delivery.attempts,
        "is_dead": delivery.next_try_at is None,
        "kind": kind if colon and kind.isidentifier() else delivery.last_error,
    }
