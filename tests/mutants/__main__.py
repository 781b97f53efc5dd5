"""Change each row of every policy and each guard of the database in turn; print the test that caught it.

``python -m tests.mutants [--json] [--only WORDS] [--by PATH] [--jobs N]``: exit 1 if one survives, or if a test is
red before anything is changed. ``--by`` asks these tests alone, so that one sees what they are worth.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import django
import psycopg

from tests.mutants.change import Mutant
from tinhso.config.testing import GROUND, TEMPLATE

Row = dict[str, Any]


def main() -> int:
    """Try all mutants, print, and return 0 if none survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one document on standard output")
    parser.add_argument("--only", default="", help="mutants whose kind and name hold these words")
    parser.add_argument("--by", action="append", help="only these tests")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tinhso.config.settings_for_tests"
    django.setup()
    from tests.mutants import constraints, ground, policies  # noqa: PLC0415 - they need the settings

    out = sys.stderr if chosen.json else sys.stdout

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    begun = time.monotonic()
    rows: list[Row] = []
    red: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="tinhso-mutants-") as home:
        try:
            ground.prepare()
            with psycopg.connect(**GROUND.cluster.address("superuser", TEMPLATE)) as superuser:  # type: ignore[arg-type]
                mutants = [*policies.mutants(), *constraints.mutants(superuser)]
            mutants = [one for one in mutants if chosen.only in f"{one.kind} {one.name}"]
            if chosen.by:
                mutants = [dataclasses.replace(one, stages=(tuple(chosen.by),)) for one in mutants]
            waiting: list[tuple[Mutant, Row]] = [
                (one, {"mutant": one.name, "kind": one.kind, "caught_by": None, "seconds": 0.0})
                for one in mutants
            ]
            rows = [row for _, row in waiting]
            stage = 0
            while waiting:
                print(f"── round {stage + 1}: {len(waiting)} mutants", file=out, flush=True)
                work = [(mutant, mutant.stages[stage]) for mutant, _ in waiting]
                *answers, plain = ground.run_round(work, chosen.jobs, Path(home), out.fileno())
                red |= set(plain.failed)
                if GROUND.cluster.has_died():
                    raise RuntimeError("the database server died: what failed then proves nothing")
                for (_, row), answer in zip(waiting, answers, strict=True):
                    row["caught_by"] = answer.failed[0] if answer.failed else None
                    row["seconds"] = round(row["seconds"] + answer.seconds, 2)
                stage += 1
                waiting = [(m, row) for m, row in waiting if not row["caught_by"] and stage < len(m.stages)]
        finally:
            ground.finish()
    survivors = [row["mutant"] for row in rows if row["caught_by"] is None]
    seconds = round(time.monotonic() - begun, 1)
    is_fine = bool(rows) and not survivors and not red
    tally = f"{len(rows)} mutants, {len(survivors)} survived, {len(red)} tests red before any change"
    print(f"\n{tally}, {seconds:.0f} s", file=out, flush=True)
    for name in survivors:
        print(f"  survived: {name}", file=out, flush=True)
    if chosen.json:
        document = {
            "ok": is_fine,
            "mutants": rows,
            "survivors": survivors,
            "red_before": sorted(red),
            "seconds": seconds,
        }
        print(json.dumps(document, ensure_ascii=False))
    return 0 if is_fine else 1


if __name__ == "__main__":
    sys.exit(main())
