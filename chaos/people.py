"""Submit dossiers over HTTP as clerks take them in, each with two files, and note every answer before the next press.

``python -m chaos.people DATA PORT JOURNAL COUNT CLIENTS PAUSE STOP``: a process of its own, so that no fault of the drill
touches what was noted. Each line is flushed to the disk: ``{"outcome": "ok"|"fail", "at", "code"}``; ``at`` is the
machine's moment of the answer. Ends after COUNT, or when the file STOP is there.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import django

from bench import house

#: How many at most in one sitting of the generator: their files are made beforehand.
_AT_ONCE = 200
#: Seconds that a sitting may take.
_PATIENCE = 600.0


def main() -> int:
    """Return 0 when all that were sent were answered well, or when told to stop."""
    data, port, journal, count, clients, pause, stop = sys.argv[1:8]
    os.environ |= {
        "TINHSO_DATA": data,
        "TINHSO_DEMO": "1",
        "TINHSO_ROLE": "app",
        "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
    }
    django.setup()
    from bench import scenes  # noqa: PLC0415 - models cannot be imported before

    left, ends = int(count), Path(stop)
    running = house.House(int(port), 0, Path(data))
    with Path(journal).open("a", encoding="utf-8") as out:
        while left > 0 and not ends.exists():
            n = min(left, _AT_ONCE)
            queues = scenes.one_post(running, int(clients), 50, n)
            noted = [_until(ends, queue, out, float(pause)) for queue in queues]
            house.drive(running.port, noted, _PATIENCE)
            left -= n
    answers = [json.loads(line)["outcome"] for line in Path(journal).read_text("utf-8").splitlines()]
    return 0 if ends.exists() or "fail" not in answers else 1


def _until(ends: Path, queue: Iterator[house.Story], out: IO[str], pause: float) -> Iterator[house.Story]:
    for story in queue:
        if ends.exists():
            return
        yield _noted(story, out)
        time.sleep(pause)


def _noted(story: house.Story, out: IO[str]) -> house.Story:
    answer = yield next(story)
    code = answer.leads_to.rstrip("/").rpartition("/")[2]
    is_fine = answer.code == 302 and "/xong/" in answer.leads_to
    row: dict[str, Any] = {
        "outcome": "ok" if is_fine else "fail",
        "at": dt.datetime.now(dt.UTC).isoformat(),
        "code": code if is_fine else answer.code,
    }
    out.write(json.dumps(row) + "\n")
    out.flush()
    os.fsync(out.fileno())


if __name__ == "__main__":
    sys.exit(main())
