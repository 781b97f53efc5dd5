"""Measure submissions and acceptances over HTTP, beside the bare floor: ``python -m bench.submit --json``.

Everything is real: a fresh demo with its history, fsync on, web, worker and sealer as `make run` starts them; an
answer comes only after everything is on disk. Each run is preceded by a few stories that are not counted. Clients and
database share the machine's cores with the web, so CPU milliseconds and the ratio to the floor say more than rates.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import django

from bench import house
from bench.floor import floor
from tinhso.config.cluster import DATABASE, Cluster

#: Submissions per second that the stock of drafts must suffice for.
FASTEST = 450
TARGETS = {
    "one_post": {"per_second_at_8": 150, "then": 200},
    "final_click": {"per_second_at_8": 250, "p95_ms_at_8": 60, "ratio_at_8": 0.25},
}


def main() -> int:
    """Run every scenario and print the figures; exit 1 where a request failed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true", help="one JSON document")
    words.add_argument("--seconds", type=float, default=5.0, help="length of each run")
    words.add_argument("--clients", type=int, nargs="+", default=[1, 8, 32])
    words.add_argument("--only", nargs="+", help="names of scenarios")
    asked = words.parse_args()
    report = measure(asked.seconds, asked.clients, asked.only)
    sys.stdout.write(json.dumps(report, indent=None if asked.json else 2, ensure_ascii=False) + "\n")
    return 0 if report["all_answered_well"] else 1


def measure(seconds: float, clients: Sequence[int], only: Sequence[str] | None) -> dict[str, Any]:
    """Start the house, run the scenarios one after another, and return the report."""
    with house.fresh_house() as running:
        django.setup()
        from bench import scenes  # noqa: PLC0415 - models cannot be imported before

        report: dict[str, Any] = {
            "seconds_each": seconds,
            "cores": os.cpu_count(),
            "worker": "running at nice 10 beside; slips are drawn when first opened, none were opened",
            "fsync": "on",
            "targets": TARGETS,
            "runs": [],
            "floors": [],
        }
        for name, scene in scenes.SCENES.items():
            if only and name not in only:
                continue
            for spread in scenes.SPREADS if scene.has_offices else (1,):
                for n in clients:
                    report["runs"].append(_run(running, name, scene.prepare, n, spread, seconds))
        samples = scenes.samples()
        address = Cluster(running.data).address("app", DATABASE)
        for with_files in (False, True):
            rows = (
                samples if with_files else {t: r for t, r in samples.items() if t != "documents_storedfile"}
            )
            for n in clients:
                place = running.data / "floor" if with_files else None
                rate = floor(address, rows, place, n, seconds)
                report["floors"].append({"with_files": with_files, "clients": n, "per_second": rate})
    _compare(report)
    return report


def _run(
    running: house.House,
    name: str,
    prepare: Callable[[house.House, int, int, int], list[Iterator[house.Story]]],
    clients: int,
    spread: int,
    seconds: float,
) -> dict[str, Any]:
    house.drive(running.port, prepare(running, clients, spread, 20 + clients), 20.0)
    stories = prepare(running, clients, spread, int(FASTEST * seconds) + clients)
    time.sleep(1.0)
    before = running.cpu()
    measured = house.drive(running.port, stories, seconds)
    after = running.cpu()
    spent = {
        kind: round((after[kind] - before.get(kind, 0.0)) * 1000 / max(measured.done, 1), 2) for kind in after
    }
    return {"what": name, "offices": spread, **measured.figures(), "cpu_ms_each": spent}


def _compare(report: dict[str, Any]) -> None:
    floors = {(one["with_files"], one["clients"]): one["per_second"] for one in report["floors"]}
    for run in report["runs"]:
        run["ratio_to_floor"] = round(
            run["per_second"] / floors[run["what"] == "one_post", run["clients"]], 3
        )
    report["all_answered_well"] = all(
        int(code) < 400 for run in report["runs"] for code in run["statuses"]
    ) and all(run["requests"] for run in report["runs"])


if __name__ == "__main__":
    sys.exit(main())
