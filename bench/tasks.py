"""Measure 20,000 tasks over all offices: ``python -m bench.tasks --json``.

A throw-away province with the committee's demo (no dossiers), and the tasks beside. Each question is asked in
this process, through Django's test client where it is a page: milliseconds on the server, and how many statements. The
floor is ``select 1`` on the same connection. Exit 1 where a page did not answer 200 or the counts do not add up; a
missed target is told, not hidden.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from tests.browser import free_port

from bench.province import tidy

TARGETS = {"board": {"ms": 100, "statements": 15}}
RUNS = 15
#: The shares of 2017, over all tasks.
SHARES = {
    "on_time": 0.55,
    "late": 0.08,
    "done_no_due": 0.05,
    "in_time": 0.2,
    "due_soon": 0.04,
    "overdue": 0.04,
}


def main() -> int:
    """Measure and print the figures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true", help="one JSON document")
    words.add_argument("--tasks", type=int, default=20_000, help="how many tasks are written")
    words.add_argument("--runs", type=int, default=RUNS, help="how often each question is asked")
    asked = words.parse_args()
    report = measure(asked.tasks, asked.runs)
    sys.stdout.write(json.dumps(report, indent=None if asked.json else 2, ensure_ascii=False) + "\n")
    return 0 if report["all_answered_well"] else 1


def measure(tasks: int, runs: int) -> dict[str, Any]:
    """Make the province, write the tasks, ask every question, and return the report."""
    with _province():
        from bench.tasks_questions import questions, write_tasks  # noqa: PLC0415 - models cannot be imported before

        started = time.perf_counter()
        written = write_tasks(tasks, SHARES)
        took = time.perf_counter() - started
        tidy()
        found = questions()
        results = [_ask(name, question, runs) for name, question in found.asked.items()]
    return {
        "tasks_written": written,
        "written_s": round(took, 1),
        "tasks": found.total,
        "offices": found.offices,
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "runs_each": runs,
        "counts": found.counts,
        "targets": TARGETS,
        "questions": results,
        "targets_met": {
            name: any(
                row["what"] == name
                and row["answered_well"]
                and row["median_ms"] <= target["ms"]
                and row["statements"] <= target["statements"]
                for row in results
            )
            for name, target in TARGETS.items()
        },
        "all_answered_well": all(row["answered_well"] for row in results),
    }


@contextmanager
def _province() -> Iterator[None]:
    """Make a province with its offices, its people and the committee's records; everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tinhso-tasks-") as home:
        Path(home).chmod(0o711)
        os.environ |= {
            "TINHSO_DATA": str(Path(home) / "data"),
            "TINHSO_DEMO": "1",
            "TINHSO_ROLE": "app",
            "TINHSO_TRUST_PORT": str(free_port()),
            "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
        }
        subprocess.run([Path(sys.executable).with_name("tinhso"), "migrate"], check=True, capture_output=True)
        django.setup()
        from django.conf import settings  # noqa: PLC0415 - Django is set up now
        from django.core.management import call_command  # noqa: PLC0415 - the same
        from django.db import connection, transaction  # noqa: PLC0415 - the same

        from tinhso.catalogue.api import import_sheets, load_catalogue  # noqa: PLC0415 - the same
        from tinhso.config.runtime import database  # noqa: PLC0415 - the same
        from tinhso.directory.api import SYSTEM, load_demo  # noqa: PLC0415 - the same
        from tinhso.plans.api import load_committee  # noqa: PLC0415 - the same
        from tinhso.toolkit import clock  # noqa: PLC0415 - the same

        call_command("collectstatic", interactive=False, verbosity=0)
        with database():
            now = clock.now()
            load_demo(key=settings.SECRET_KEY)
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("set local transaction_timeout = 0")
                import_sheets(by=SYSTEM, at=now)
                load_catalogue(by=SYSTEM, at=now)
            load_committee(until=now, say=lambda _words: None)
            yield


def _ask(name: str, question: Callable[[], bool], runs: int) -> dict[str, Any]:
    from django.db import DatabaseError, connection  # noqa: PLC0415 - settings must be there first
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415 - the same

    try:
        well = question()
    except DatabaseError as trouble:
        return {"what": name, "trouble": str(trouble), "answered_well": False}
    with CaptureQueriesContext(connection) as statements:
        well = question() and well
        asked = len(statements)
    took = []
    for _run in range(runs):
        begun = time.perf_counter()
        well = question() and well
        took.append((time.perf_counter() - begun) * 1000)
    return {
        "what": name,
        "median_ms": round(statistics.median(took), 1),
        "worst_ms": round(max(took), 1),
        "statements": asked,
        "answered_well": well,
    }


if __name__ == "__main__":
    sys.exit(main())
