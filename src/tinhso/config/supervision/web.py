"""Hold the web's listening socket on a machine in service (`tinhso-web.service`), and watch over the web server.

``SIGHUP`` (`systemctl reload tinhso-web`) starts a server with the code that is installed now, beside the running one;
when it is ready, the old one finishes what it has in hand and ends. ``SIGTERM`` ends everything.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from threading import Event

from tinhso.config import places
from tinhso.config.supervision.child import listen
from tinhso.config.supervision.family import CannotGoOn, Family
from tinhso.config.supervision.rule import rule


def main() -> int:
    """Serve until SIGTERM or Ctrl-C (code 0), or say in a sentence what cannot be mended (code 1)."""
    from tinhso.config.up import children  # noqa: PLC0415 - brings Django along, which nobody needs before

    stop = Event()
    host, port = os.environ.get("TINHSO_HOST") or "127.0.0.1", int(os.environ.get("TINHSO_PORT") or 8000)
    settled = rule()
    try:
        listener = listen(host, port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise
        sys.stderr.write(f"✗ Cổng {port} ở {host} đang bận hoặc không được phép dùng.\n")
        return 1
    family = Family(places.data(), folder=places.CLONE, listener=listener, settled=settled, keeps_logs=False)
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    signal.signal(signal.SIGHUP, lambda *_: family.ask_to_renew())
    try:
        family.start(next(one for one in children(host, port, is_demo=False) if one.name == "web"))
        family.tend_until(stop.is_set)
    except CannotGoOn as trouble:
        sys.stderr.write(f"✗ {trouble}\n")
        return 1
    finally:
        family.stop()
        listener.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
