"""``tinhso static``: gather the files of the pages where they are served from."""

import click


@click.command("static", help="Gom tệp giao diện (chỉ khi có thay đổi).")
def command() -> None:
    """Gather them once after each release; do nothing where none has changed."""
    from tinhso.config.up import _gather_static  # noqa: PLC0415 - brings the whole supervisor along

    _gather_static()
    click.echo("Tệp giao diện đã sẵn sàng.")
