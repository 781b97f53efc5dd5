"""Measure how fast pages are read over HTTP: ``python -m bench.pages --json``.

A fresh demo with its history as `make run` starts it; 8 clients by default, on the same cores as the web. The floor is
the smallest file that the same web server gives, so the ratio says what the page itself costs. ``--procedures 4500``
grows the catalogue by copies first. ``*_made`` are pages that nobody has asked for yet: each address is another one.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice, repeat
from typing import Any
from urllib.parse import quote

import django

from bench import house

TARGETS = {"service": {"per_second_at_8": 4000}}


def main() -> int:
    """Run every page and print the figures; exit 1 where a request failed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true", help="one JSON document")
    words.add_argument("--seconds", type=float, default=4.0, help="length of each run")
    words.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    words.add_argument("--procedures", type=int, default=0, help="grow the catalogue to so many first")
    asked = words.parse_args()
    report = measure(asked.seconds, asked.clients, asked.procedures)
    sys.stdout.write(json.dumps(report, indent=None if asked.json else 2, ensure_ascii=False) + "\n")
    return 0 if report["all_answered_well"] else 1


def measure(seconds: float, clients: Sequence[int], procedures: int = 0) -> dict[str, Any]:
    """Start the house, read each page for a while, and return the report."""
    with house.fresh_house() as running:
        django.setup()
        from bench import scenes, stock  # noqa: PLC0415 - models cannot be imported before
        from bench.search.stock import grow  # noqa: PLC0415 - the same
        from tinhso.catalogue.models import Procedure  # noqa: PLC0415 - the same

        if procedures:
            grow(procedures, None)
        named = list(
            Procedure.objects.filter(is_listed=True).order_by("code").values_list("code", "legal_name")
        )
        code, clerk = scenes.busiest()
        citizen = stock.citizens(1)[0]
        pages = {
            "floor": (repeat("/static/design/favicon.svg"), ""),
            "home": (repeat("/"), ""),
            "search": (repeat("/tim/?q=khai%20sinh"), ""),
            "search_made": (_each(f"/tim/?q={quote(_words(name))}" for _code, name in named), ""),
            "service": (repeat(f"/thu-tuc/{stock.CODE}/"), ""),
            "service_made": (_each(f"/thu-tuc/{one}/" for one, _name in named), ""),
            "service_signed_in": (repeat(f"/thu-tuc/{stock.CODE}/"), citizen.cookies),
            "tracking": (repeat(f"/tra-cuu/{code}/"), ""),
            "inbox": (repeat("/mot-cua/"), clerk.cookies),
            "statistics": (repeat("/so-lieu/"), ""),
        }
        runs = [
            _run(running, name, paths, cookies, n, seconds)
            for name, (paths, cookies) in pages.items()
            for n in clients
        ]
        whole = Procedure.objects.count()
    floors = {run["clients"]: run["per_second"] for run in runs if run["what"] == "floor"}
    for run in runs:
        run["ratio_to_floor"] = round(run["per_second"] / floors[run["clients"]], 3)
    return {
        "seconds_each": seconds,
        "cores": os.cpu_count(),
        "procedures": whole,
        "targets": TARGETS,
        "runs": runs,
        "all_answered_well": all(list(run["statuses"]) == ["200"] for run in runs),
    }


def _run(
    running: house.House, name: str, paths: Iterator[str], cookies: str, clients: int, seconds: float
) -> dict[str, Any]:
    requests = (house.request(path, cookies=cookies) for path in paths)
    house.read(running.port, list(islice(requests, 4)))
    before = running.cpu()
    measured = house.drive(running.port, [map(house.once, requests) for _ in range(clients)], seconds)
    after = running.cpu()
    spent = {
        kind: round((after[kind] - before.get(kind, 0.0)) * 1000 / max(measured.done, 1), 2) for kind in after
    }
    return {"what": name, **measured.figures(), "cpu_ms_each": spent}


def _each(paths: Iterable[str]) -> Iterator[str]:
    """Yield addresses of which none comes twice."""
    known = list(paths)
    for turn in count():
        yield from (f"{path}{'&' if '?' in path else '?'}lan={turn}" for path in known)


def _words(name: str) -> str:
    """Return what somebody would type of a name."""
    return " ".join(name.split()[:5])


if __name__ == "__main__":
    sys.exit(main())
