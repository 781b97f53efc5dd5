"""``tinhso demo totp ACCOUNT``, ``tinhso demo year``, ``tinhso demo play``: what only the demo may."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import click
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.db import connection

from tinhso.config.runtime import database
from tinhso.directory.api import one_time_secret

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("demo", help="Chỉ dùng cho bản trình diễn.")
def command() -> None:
    """Refuse outside the demo."""
    if not settings.TINHSO_DEMO:
        raise click.ClickException("Đây không phải bản trình diễn, không có lệnh này.")


@command.command("totp", help="In mã dùng một lần của một tài khoản trình diễn.")
@click.argument("account")
def totp(account: str) -> None:
    """Print the code in real time."""
    secret = one_time_secret(account, settings.SECRET_KEY)
    click.echo(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


@command.command("year", help="Dựng một năm hồ sơ mô phỏng, mọi con số đều minh họa.")
@click.option("--dossiers", type=click.IntRange(1, 5_000_000), help="Bao nhiêu hồ sơ.")
@click.option("--seed", type=int, help="Cùng một số thì ra cùng một năm.")
@click.option("--from", "first", type=_DAY, help="Ngày đầu.")
@click.option("--to", "last", type=_DAY, help="Ngày cuối, tính đến 7 giờ 30.")
@click.option("--json", "as_json", is_flag=True)
def year(
    dossiers: int | None,
    seed: int | None,
    first: dt.datetime | None,
    last: dt.datetime | None,
    *,
    as_json: bool,
) -> None:
    """Load the year and print what it holds and takes."""
    with database():
        document = load_simulated_year(
            dossiers=dossiers,
            seed=seed,
            first=first.date() if first else None,
            last=last.date() if last else None,
            say=(lambda _: None) if as_json else click.echo,
        )
    if as_json:
        click.echo(json.dumps(document))
        return
    of = {key: _grouped(document[key]) for key in _COUNTED}
    click.echo(
        f"Đã dựng {of['dossiers']} hồ sơ, {of['steps']} bước, {of['slips']} phiếu, {of['pauses']} lần tạm dừng, "
        f"{of['extensions']} lần hẹn lại, trong {document['seconds']:.0f} giây; mọi con số đều minh họa."
    )
    for table, size in document["bytes"].items():
        click.echo(f"  {size / 1e6:9.1f} MB  {table}".replace(".", ","))


@command.command("play", help="Chạy tiếp kịch bản của Ban Chỉ đạo đến một lúc, rồi dời đồng hồ tới đó.")
@click.option("--to", "until", required=True, type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]))
@click.option("--json", "as_json", is_flag=True)
def play(until: dt.datetime, *, as_json: bool) -> None:
    """Play the committee's scenario up to a moment (a day: nine o'clock) and move the business clock there."""
    with database():
        from tinhso.plans.api import play_committee, reckon_targets  # noqa: PLC0415 - models load only once there
        from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

        moment = until.replace(tzinfo=clock.VN)
        if (until.hour, until.minute) == (0, 0):
            moment = moment.replace(hour=9)
        if moment > clock.now():
            try:
                clock.advance_to(moment)
            except clock.ClockCannotMove as refused:
                raise click.ClickException(str(refused)) from None
        acts = play_committee(until=moment)
        reckon_targets(at=clock.now())
    if as_json:
        click.echo(json.dumps({"acts": acts, "now": moment.isoformat()}))
    else:
        click.echo(f"Đã chạy {acts} việc của kịch bản. Đồng hồ của bản trình diễn: {moment:%d/%m/%Y %H:%M}.")


_COUNTED: Mapping[str, str] = {
    "dossiers": "dossiers_dossier",
    "steps": "dossiers_steptaken",
    "slips": "dossiers_slip",
    "defects": "dossiers_defectfound",
    "pauses": "dossiers_pause",
    "due_moves": "dossiers_duemoved",
    "extensions": "extensions",
    "day_numbers": "dossiers_daynumber",
}


def load_simulated_year(
    *,
    dossiers: int | None = None,
    seed: int | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    say: Callable[[str], object] = lambda _: None,
) -> dict[str, Any]:
    """Load the reference data where they lack, then the year, into the database that is connected; return the report.

    What is not named is as in ``dossiers/data/year.json``. Raises ``ClickException`` with a sentence.
    """
    from tinhso.config import demo  # noqa: PLC0415 - models load only once the database is there
    from tinhso.dossiers.services import imagine_year as plan  # noqa: PLC0415 - the same
    from tinhso.dossiers.services import load_year as service  # noqa: PLC0415 - the same
    from tinhso.toolkit import clock  # noqa: PLC0415 - settings choose the clock

    usual = plan.usual_year()
    wanted = plan.Year(
        first or usual.first,
        last or usual.last,
        usual.dossiers if dossiers is None else dossiers,
        usual.seed if seed is None else seed,
    )
    if wanted.last < wanted.first:
        raise click.ClickException("Ngày cuối đứng trước ngày đầu. Đổi lại --from và --to.")
    if wanted.until > clock.now():
        raise click.ClickException(
            f"Đồng hồ của bản trình diễn đang ở {clock.now():%d/%m/%Y %H:%M}, chưa đến cuối năm mô phỏng."
        )
    try:
        service.refuse_beside_others()
        demo.load(say, lives=0)
        begun = time.monotonic()
        written = service.load_year(
            key=settings.SECRET_KEY, year=wanted, say=lambda n: say(f"Đã ghi {_grouped(n)} hồ sơ.")
        )
        seconds = time.monotonic() - begun
    except service.DossiersAlreadyThere as there:
        raise click.ClickException(
            f"Kho này đã có {_grouped(there.dossiers)} hồ sơ: lịch sử trình diễn, hoặc chính năm mô phỏng đã dựng trước đây. "
            "Năm mô phỏng chỉ dựng trên kho chưa có hồ sơ nào. Đặt TINHSO_DATA vào một thư mục mới, gõ: "
            "tinhso migrate, rồi gõ lại lệnh này."
        ) from there
    except plan.NothingPublished as nothing:
        raise click.ClickException(
            f"Ngày {wanted.last:%d/%m/%Y} chưa có thủ tục nào có hiệu lực. Chọn --to từ năm 2021 trở đi."
        ) from nothing
    return {
        "from": f"{wanted.first}",
        "until": wanted.until.isoformat(),
        "seed": wanted.seed,
        **{key: written[name] for key, name in _COUNTED.items()},
        "seconds": round(seconds, 1),
        "bytes": _bytes(),
        "illustrative": True,
    }


def _bytes() -> dict[str, int]:
    """Return what each table takes on disk with its indexes."""
    tables = [name for name in _COUNTED.values() if name.startswith("dossiers_")]
    with connection.cursor() as cursor:
        cursor.execute(
            "select name, pg_total_relation_size(name::regclass) from unnest(%s::text[]) name order by 2 desc",
            [tables],
        )
        return dict(cursor.fetchall())


def _grouped(n: int) -> str:
    return f"{n:,}".replace(",", ".")
