"""Write the log: one JSON object a line, without personal data, whatever was in the request that went wrong.

What may stand in a line: our own words (loggers below ``tinhso``), the template of another library's message without
its values, the name of an address instead of the address, the kind of an error and where it came from instead of its
text (the text of a database's error quotes the row). ``docs/reference/commands-operations.md`` names the keys.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import empty

CURRENT: Final[ContextVar[HttpRequest | None]] = ContextVar("tinhso_request", default=None)
#: Loggers whose messages hold no word of anybody: the whole text is kept.
_OWN: Final = ("tinhso", "_granian", "granian")
#: Our own programs: what nobody caught in them is logged, and not printed with its text.
_PROGRAMS: Final = frozenset({"cli.py", "tinhso", "granian", "up.py"})
_PACKAGE: Final = str(Path(__file__).resolve().parents[1])
_FRAMES: Final = 12
_LONGEST: Final = 500
#: Long numbers (identity cards, telephones) and addresses of mail, wherever they come from: a second guard.
_PRIVATE: Final = re.compile(r"(?<![\w-])\+?\d[\d .-]{7,}\d(?![\w-])|[^\s@<>]+@[^\s@<>]+\.[A-Za-z]{2,}")
_ERRORS_MAY_HOLD: Final = 1_000_000
Fault = tuple[type[BaseException], BaseException, TracebackType | None]


def entry(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a line says of a record."""
    said: dict[str, Any] = {
        "time": dt.datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": message(record),
        "process": _process(),
        "pid": record.process,
        "role": os.environ.get("TINHSO_ROLE") or "app",
    }
    request = getattr(record, "request", None)
    request = request if isinstance(request, HttpRequest) else CURRENT.get()
    if request is not None:
        said |= _of_request(request)
    status = getattr(record, "status_code", None)
    if isinstance(status, int):
        said["status"] = status
    if record.exc_info and record.exc_info[1] is not None:
        said["error"] = fault(record.exc_info[1])
    return said


def message(record: logging.LogRecord) -> str:
    """Return the words of a record that may be kept."""
    if record.name.split(".")[0] in _OWN:
        text = record.getMessage()
    elif record.name == "django.request" or record.name.startswith("django.security"):
        text = f"{getattr(record, 'status_code', '') or ''} {record.name.rpartition('.')[2]}".strip()
    elif record.args:
        text = str(record.msg)
    else:
        text = f"({Path(record.pathname).name}:{record.lineno})"
    return _PRIVATE.sub("…", text)[:_LONGEST]


def fault(error: BaseException) -> dict[str, Any]:
    """Return the kind of an error, where it came from and what caused it: never its words."""
    said: dict[str, Any] = {"kind": _kind(error), "at": list(_frames(error.__traceback__))[-_FRAMES:]}
    state = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    if state:
        said["sqlstate"] = state
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        said["cause"] = _kind(cause)
    return said


def _kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _frames(trace: TracebackType | None) -> Iterator[str]:
    while trace is not None:
        code = trace.tb_frame.f_code
        file = code.co_filename
        inside = (
            file.partition(_PACKAGE)[2]
            if file.startswith(_PACKAGE)
            else f"/{'/'.join(Path(file).parts[-2:])}"
        )
        yield f"{inside[1:]}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next


def _of_request(request: HttpRequest) -> dict[str, Any]:
    """Return id, name of the address and actor: nothing that would have to be asked of the database now."""
    said: dict[str, Any] = {"request": getattr(request, "request_id", ""), "method": request.method}
    match = request.resolver_match
    if match is not None:
        said["view"] = match.view_name
    actor = getattr(request, "actor", None)
    found = getattr(actor, "_wrapped", actor)
    if found is not None and found is not empty:
        said["actor"] = found.ref
    return said


def _process() -> str:
    """Return the name of this process: the command, or web."""
    name = Path(sys.argv[0]).name
    if name == "granian":
        return "web"
    return (
        sys.argv[1] if len(sys.argv) > 1 and name in _PROGRAMS and sys.argv[1].isascii() else name
    )


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return json.dumps(entry(record), ensure_ascii=False)


class PlainLines(logging.Formatter):
    """The same for somebody who looks at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and the places of an error beneath."""
        said = entry(record)
        head = f"{said['time']} {said['level'].upper()} {said['logger']}: {said['message']}"
        wrong = said.get("error")
        return head if not wrong else "\n  ".join((f"{head} ({wrong['kind']})", *wrong["at"]))


class Errors(logging.Handler):
    """Keep errors, short, where the operations screen counts them; a full disk costs the count and nothing else."""

    def emit(self, record: logging.LogRecord) -> None:
        """Add a line."""
        from django.conf import settings  # noqa: PLC0415 - logging is set up while settings are being read

        try:
            said = entry(record)
            wrong = said.get("error", {})
            line = {
                "at": said["time"],
                "kind": wrong.get("kind") or said["message"],
                "where": next(iter(reversed(wrong.get("at", []))), ""),
                "logger": said["logger"],
                "process": said["process"],
                "view": said.get("view", ""),
                "request": said.get("request", ""),
            }
            file = Path(settings.TINHSO_DATA) / "ops" / "errors.jsonl"
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if file.exists() and file.stat().st_size > _ERRORS_MAY_HOLD:
                file.replace(file.with_name("errors.jsonl.old"))
            out = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(out, (json.dumps(line, ensure_ascii=False) + "\n").encode())
            finally:
                os.close(out)
        except Exception:  # noqa: BLE001, S110 - what cannot be counted must not break what is being logged
            pass


def terminal() -> logging.Handler:
    """Return the handler of every process: JSON, also for what nobody caught; plain for a person at a terminal."""
    handler = logging.StreamHandler()
    if sys.stderr.isatty():
        handler.setFormatter(PlainLines())
        return handler
    handler.setFormatter(JsonLines())
    if Path(sys.argv[0]).name in _PROGRAMS:
        sys.excepthook = _uncaught
        threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    return handler


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or not issubclass(kind, Exception):
        return
    logging.getLogger("tinhso.process").critical(
        "the process met what nobody caught", exc_info=(kind, error, trace)
    )
