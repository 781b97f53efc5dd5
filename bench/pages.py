"""Measure how fast pages are read over HTTP: ``python -m bench.pages --json``.

A fresh demo with its history as `make run` starts it; 8 clients by default, on the same cores as the web. The floor is
the smallest file that the same web server gives, so the ratio says what the page itself costs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from itertools import repeat
from typing import Any

import django

from bench import house

TARGETS = {"service": {"per_second_at_8": 4000}}


def main() -> int:
    """Run every page and print the figures; exit 1 where a request failed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true", help="one JSON document")
    words.add_argument("--seconds", type=float, default=4.0, help="length of each run")
    words.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    asked = words.parse_args()
    report = measure(asked.seconds, asked.clients)
    sys.stdout.write(json.dumps(report, indent=None if asked.json else 2, ensure_ascii=False) + "\n")
    return 0 if report["all_answered_well"] else 1


def measure(seconds: float, clients: Sequence[int]) -> dict[str, Any]:
    """Start the house, read each page for a while, and return the report."""
    with house.fresh_house() as running:
        django.setup()
        from bench import scenes, stock  # noqa: PLC0415 - models cannot be imported before

        code, clerk = scenes.busiest()
        citizen = stock.citizens(1)[0]
        pages = {
            "floor": ("/static/design/favicon.svg", ""),
            "home": ("/", ""),
            "search": ("/tim/?q=khai%20sinh", ""),
            "service": (f"/thu-tuc/{stock.CODE}/", ""),
            "service_signed_in": (f"/thu-tuc/{stock.CODE}/", citizen.cookies),
            "tracking": (f"/tra-cuu/{code}/", ""),
            "inbox": ("/mot-cua/", clerk.cookies),
            "statistics": ("/so-lieu/", ""),
        }
        runs = [
            _run(running, name, path, cookies, n, seconds)
            for name, (path, cookies) in pages.items()
            for n in clients
        ]
    floors = {run["clients"]: run["per_second"] for run in runs if run["what"] == "floor"}
    for run in runs:
        run["ratio_to_floor"] = round(run["per_second"] / floors[run["clients"]], 3)
    return {
        "seconds_each": seconds,
        "cores": os.cpu_count(),
        "targets": TARGETS,
        "runs": runs,
        "all_answered_well": all(list(run["statuses"]) == ["200"] for run in runs),
    }


def _run(
    running: house.House, name: str, path: str, cookies: str, clients: int, seconds: float
) -> dict[str, Any]:
    request = house.request(path, cookies=cookies)
    house.read(running.port, [request] * 4)
    before = running.cpu()
    measured = house.drive(running.port, [map(house.once, repeat(request)) for _ in range(clients)], seconds)
    after = running.cpu()
    spent = {
        kind: round((after[kind] - before.get(kind, 0.0)) * 1000 / max(measured.done, 1), 2) for kind in after
    }
    return {"what": name, **measured.figures(), "cpu_ms_each": spent}


if __name__ == "__main__":
    sys.exit(main())
