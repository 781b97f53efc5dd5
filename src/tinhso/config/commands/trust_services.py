"""``tinhso trust-services``: run the demo's certificate and time-stamp authorities, in business time."""

import signal
import threading

import click
from django.conf import settings

from tinhso.signatures.adapters.demo_pki import create
from tinhso.signatures.adapters.trust import DEFAULT_PORT
from tinhso.signatures.adapters.trust_server import TrustServer
from tinhso.toolkit import clock


@click.command(help="Chạy dịch vụ chứng thực trình diễn: danh sách thu hồi và dấu thời gian (127.0.0.1).")
@click.option("--port", type=int, default=None, help="Cổng; mặc định theo TINHSO_TRUST_PORT, hoặc 8318.")
def command(port: int | None) -> None:
    """Create the demo authority if there is none, then serve until told to stop."""
    chosen = port if port is not None else getattr(settings, "TINHSO_TRUST_PORT", DEFAULT_PORT)
    authority = create(settings.TINHSO_DATA / "pki", base_url=f"http://127.0.0.1:{chosen}")
    try:
        server = TrustServer(authority, port=chosen, now=clock.now)
    except OSError as error:
        raise click.ClickException(
            f"Cổng {chosen} đang có chương trình khác dùng. Đặt TINHSO_TRUST_PORT là một cổng khác rồi chạy lại."
        ) from error
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    click.echo(f"Dịch vụ chứng thực trình diễn: http://127.0.0.1:{server.server_address[1]}")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
