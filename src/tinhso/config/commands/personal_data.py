"""``tinhso personal-data``: the register of processing, from what the models declare."""

import json
from pathlib import Path

import click


@click.group(help="Sổ đăng ký xử lý dữ liệu cá nhân.")
def command() -> None:
    """Group the verbs."""


@command.command("register", help="In sổ đăng ký, lập từ lời khai của từng bảng.")
@click.option("--json", "as_json", is_flag=True, help="In một tài liệu JSON.")
@click.option(
    "--to",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Ghi tài liệu Markdown vào tệp này.",
)
def register_(as_json: bool, target: Path | None) -> None:
    """Print the register of today, as text, JSON or a Markdown document."""
    from tinhso.config.protection.document import (  # noqa: PLC0415 - models load only once Django is set up
        DAY,
        as_markdown,
    )
    from tinhso.directory.queries.processing import register, register_rows  # noqa: PLC0415 - the same
    from tinhso.toolkit import clock  # noqa: PLC0415 - the same

    if target is not None:
        target.write_text(as_markdown(register(DAY)), encoding="utf-8")
        click.echo(f"✓ Đã ghi {target.name}.")
        return
    found = register(clock.today())
    if as_json:
        document = {
            "on": found.on.isoformat(),
            "processing": list(register_rows(found)),
            "outside": list(found.outside),
            "empty": list(found.empty),
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for row in register_rows(found):
        click.echo(f"{row['muc_dich']} · {row['bang']}: {row['du_lieu']} · {row['giu_bao_lau']}")
