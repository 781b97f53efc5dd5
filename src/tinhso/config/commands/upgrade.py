"""``tinhso upgrade``: backup, tables, new processes beside the old ones, a look whether all is well; and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click
from django.conf import settings

from tinhso.config.runtime import database
from tinhso.config.upgrade import release, steps
from tinhso.config.upgrade.release import NoRelease
from tinhso.config.upgrade.rule import not_back, rule


@click.command(
    "upgrade",
    help="Nâng cấp lúc đang chạy: sao lưu, đưa bảng lên, thay tiến trình, kiểm tra; --back để quay về.",
)
@click.option(
    "--to", "to", help="Tệp cài đặt (.whl), số phiên bản, hoặc thư mục bản mới nằm cạnh bản đang chạy."
)
@click.option("--dry-run", is_flag=True, help="Chỉ nói sẽ làm gì.")
@click.option("--back", is_flag=True, help="Quay về bản trước; bảng giữ nguyên.")
@click.option("--prepare-only", is_flag=True, help="Chỉ đưa bảng và tệp giao diện lên bản này.")
@click.option("--look-only", is_flag=True, help="Chỉ nói cơ sở dữ liệu thiếu bước nào của bản này.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
def command(
    *, to: str | None, dry_run: bool, back: bool, prepare_only: bool, look_only: bool, as_json: bool
) -> None:
    """Do one of these. Exit 1 with a sentence where it could not be done; the old release serves then."""
    if prepare_only or look_only:
        click.echo(json.dumps(_prepare() if prepare_only else _look(), ensure_ascii=False))
        return
    house = steps.House(
        settings.TINHSO_DATA,
        settings.TINHSO_HOST,
        settings.TINHSO_PORT,
        rule(),
        say=(lambda _: None) if as_json else click.echo,
    )
    try:
        if back:
            _tell(asdict(steps.back(house)), "Đã quay về bản trước.", as_json=as_json)
            return
        wanted = release.prepare(to) if to else steps.default_release()
        if dry_run:
            found = steps.look(house, wanted)
            _tell(found, _words(found), as_json=as_json)
        else:
            _tell(asdict(steps.upgrade(house, wanted)), "Đã nâng cấp xong.", as_json=as_json)
    except (steps.UpgradeFailed, NoRelease) as trouble:
        raise click.ClickException(str(trouble)) from trouble


def _look() -> dict[str, Any]:
    """Say what lacks, what was run, and what this code knows."""
    from django.db import connection  # noqa: PLC0415 - the settings are there now
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    from tinhso.config.upgrade.migrating import applied, pending  # noqa: PLC0415

    with database(role="owner", needs_tables=False):
        known = {f"{app}.{name}" for app, name in MigrationLoader(connection).disk_migrations}
        return {
            "pending": [f"{one.app_label}.{one.name}" for one in pending()],
            "applied": sorted(applied()),
            "known": sorted(known),
            "not_back": not_back(),
        }


def _prepare() -> dict[str, Any]:
    """Run the migrations and gather the static files beside those of the release before."""
    from tinhso.config.up import gather_static  # noqa: PLC0415 - brings the whole supervisor along
    from tinhso.config.upgrade.migrating import NotMigrated, migrate_all  # noqa: PLC0415

    said: list[dict[str, Any]] = []
    with database(role="owner", needs_tables=False):
        try:
            n = migrate_all(rule(), said.append)
        except NotMigrated as trouble:
            raise click.ClickException(str(trouble)) from trouble
    gather_static(clear=False)
    return {"migrated": n, "migrations": [one for one in said if "seconds" in one]}


def _tell(document: dict[str, Any], words: str, *, as_json: bool) -> None:
    click.echo(json.dumps(document, ensure_ascii=False) if as_json else words)


def _words(found: dict[str, Any]) -> str:
    lines = [f"Từ {found['from']} lên {found['to']}."]
    lines += [f"Bước bảng sẽ chạy: {name}" for name in found["migrations"]] or ["Bảng đã đúng phiên bản."]
    lines += [f"Không quay về được sau bước {name}: {why}" for name, why in found["no_way_back"].items()]
    if not found["side_by_side"]:
        lines.append("Bản mới nằm cùng chỗ bản đang chạy: không quay về được bằng lệnh này.")
    return "\n".join(lines)
