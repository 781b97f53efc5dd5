"""The program that reads strangers' files: stay warm, fork for each job, answer, die.

Run by ``adapters/sandbox.py`` with the number of its control socket; it ends when that socket closes. It
knows neither Django nor any secret of the installation.
"""

import contextlib
import ctypes
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import magic
import pikepdf.settings
import pypdfium2
from PIL import Image

from tinhso.documents.adapters import paper
from tinhso.documents.adapters.sandbox import receive, send

_MEMORY: Final = 1024 * 1024 * 1024
_CPU_SECONDS: Final = 10
_WALL_SECONDS: Final = 15
_NEW_USER_AND_NETWORK: Final = 0x10000000 | 0x40000000

Verb = Callable[..., tuple[dict[str, Any], bytes]]
_VERBS: Final[Mapping[str, Verb]] = {
    "inspect": paper.inspect,
    "inspect_each": paper.inspect_each,
    "join": paper.join,
    "draw_page": paper.draw_page,
}


def main(control: socket.socket) -> None:
    """Fork for each job that comes over ``control`` until it closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    _warm_up()
    _leave_the_network()
    control.sendall(b"r")
    while True:
        message, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not message:
            return
        with contextlib.closing(socket.socket(fileno=handles[0])) as job:
            if os.fork() == 0:
                control.close()
                _do(job)


def _do(job: socket.socket) -> None:
    """Do one job and end this process, whatever happens."""
    try:
        _limit()
        request, contents = receive(job)
        try:
            words, answer = _answer(request, contents)
        except (Exception, MemoryError, RecursionError) as error:  # noqa: BLE001 - the parent must hear of it
            words, answer = {"failed": type(error).__name__}, b""
        send(job, words, [answer])
    finally:
        os._exit(0)


def _answer(request: dict[str, Any], contents: Sequence[bytes]) -> tuple[dict[str, Any], bytes]:
    return _VERBS[request["verb"]](*contents, **request["values"])


def _warm_up() -> None:
    """Load what every job needs, so that a fork finds it there."""
    Image.init()
    magic.from_buffer(b"%PDF-1.7\n", mime=True)
    pypdfium2.PdfDocument.new().close()
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=paper.MAX_UNPACKED, run_length_max_memory=paper.MAX_UNPACKED
    )


def _leave_the_network() -> None:
    """Move to a network of one's own with nothing in it, where the machine lets an account do that."""
    ctypes.CDLL(None).unshare(_NEW_USER_AND_NETWORK)


def _limit() -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(_WALL_SECONDS)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
