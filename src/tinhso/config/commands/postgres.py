"""``tinhso postgres``: the packaged PostgreSQL as a service of its own."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time

import click
from django.conf import settings

from tinhso.config.cluster import Cluster


@click.command("postgres", help="Chạy riêng cơ sở dữ liệu đi kèm, cho đến khi được bảo dừng.")
def command() -> None:
    """Start the server, tell systemd when it takes connections, stop it on SIGTERM. Exit 1 when it dies by itself."""
    if settings.TINHSO_DATABASE_URL:
        raise click.ClickException(
            "TINHSO_DATABASE_URL chỉ đến cơ sở dữ liệu khác. Hãy bỏ biến ấy, hoặc thôi chạy dịch vụ này."
        )
    asked: list[int] = []
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, _frame: asked.append(number))
    cluster = Cluster(settings.TINHSO_DATA)
    cluster.start()
    try:
        _tell_systemd("READY=1")
        click.echo("Cơ sở dữ liệu đã mở.")
        sys.stdout.flush()
        while not asked:
            if cluster.has_died():
                raise click.ClickException(f"Cơ sở dữ liệu đã dừng đột ngột. Xem {cluster.log}.")
            time.sleep(0.2)
        _tell_systemd("STOPPING=1")
    finally:
        cluster.stop()


def _tell_systemd(state: str) -> None:
    """Send one line to the socket that systemd named, if it did."""
    address = os.environ.get("NOTIFY_SOCKET") or ""
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        out.sendall(state.encode())
