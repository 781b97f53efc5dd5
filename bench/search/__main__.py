"""Measure search: ``python -m bench.search --json [--sheets FILE] [--queries FILE] [--misses]``.

On a throw-away database: the province's list of 1,711, then 4,500 procedures. ``quality`` is the share of queries with
a right code first, and among the first five; ``held`` queries were never looked at while the ranking was tuned. Beside
it PostgreSQL's own full-text search over the same words with an index, all words or any, and word similarity.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import django
import psycopg

QUERIES = Path(__file__).with_name("queries.jsonl")
FIRST, FIVE, P95_MS = 0.75, 0.95, 20.0
WHOLE = 4_500
#: Each query is asked so often and its quickest answer counts: a busy machine is not what is measured.
ROUNDS = 3
_FULL_TEXT = """select code from catalogue_procedure, {words} as asked(q)
where to_tsvector('simple', folded) @@ q order by ts_rank(to_tsvector('simple', folded), q) desc, code limit 5"""
_ANY_WORD = """(select string_agg(quote_literal(w), ' | ')::tsquery
from regexp_split_to_table(%s, '[^[:alnum:]]+') w where w <> '')"""
_PLAIN = {
    "full_text_all_words": _FULL_TEXT.format(words="plainto_tsquery('simple', %s)"),
    "full_text_any_word": _FULL_TEXT.format(words=_ANY_WORD),
    "word_similarity": "select code from catalogue_procedure order by word_similarity(%s, folded) desc, code limit 5",
}
_INDEX = (
    "create index if not exists bench_words on catalogue_procedure using gin (to_tsvector('simple', folded))"
)
Search = Callable[[str], Sequence[str]]
Query = dict[str, Any]


def main() -> int:
    """Measure and print; exit 1 where a target is missed."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--json", action="store_true", help="one JSON document")
    words.add_argument(
        "--sheets", type=Path, help="published sheets (JSONL, gzip) to grow the catalogue with"
    )
    words.add_argument("--queries", type=Path, default=QUERIES)
    words.add_argument("--misses", action="store_true", help="name the queries whose right code is not first")
    asked = words.parse_args()
    queries = [json.loads(line) for line in asked.queries.read_text("utf-8").splitlines() if line.strip()]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.config.settings")
    from tinhso.config.testing import Ground  # noqa: PLC0415 - it chooses the database before Django reads the settings

    ground = Ground()
    django.setup()
    ground.start()
    try:
        ground.provide()
        report = measure(queries, asked.sheets, ground, with_misses=asked.misses)
    finally:
        ground.stop()
    sys.stdout.write(json.dumps(report, indent=None if asked.json else 1, ensure_ascii=False) + "\n")
    return 0 if report["targets_met"] else 1


def measure(
    queries: Sequence[Query], sheets: Path | None, ground: Any, *, with_misses: bool
) -> dict[str, Any]:
    """Return figures for the list alone and for 4,500 procedures."""
    from bench.search import stock  # noqa: PLC0415 - models cannot be imported before

    runs = []
    grown: dict[str, int] = {}
    for whole in (stock.load_list(), WHOLE):
        if whole == WHOLE:
            grown = stock.grow(whole, sheets)
        runs.append(_run(queries, whole, ground, with_misses=with_misses and whole != WHOLE))
    held = [one["quality"].get("held", one["quality"]["all"]) for one in runs]
    return {
        "runs": runs,
        "grown": grown,
        "targets": {"first": FIRST, "five": FIVE, "p95_ms": P95_MS},
        "targets_met": all(one["first"] >= FIRST and one["five"] >= FIVE for one in held)
        and all(run["ms"]["p95"] < P95_MS for run in runs),
    }


def _run(queries: Sequence[Query], whole: int, ground: Any, *, with_misses: bool) -> dict[str, Any]:
    from django.db import connection  # noqa: PLC0415 - the same

    from bench.search.stock import DAY  # noqa: PLC0415 - models cannot be imported before
    from tinhso.catalogue.api import search  # noqa: PLC0415 - the same

    with (
        psycopg.connect(**ground.cluster.address("owner", ground.database), autocommit=True) as owner,
        owner.cursor() as cursor,
    ):
        cursor.execute(_INDEX)
        cursor.execute("analyze catalogue_procedure")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.perf_counter()
    search("khai sinhh", DAY)
    built = (time.perf_counter() - begun) * 1000
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def ours(text: str) -> Sequence[str]:
        return [hit.code for hit in search(text, DAY)]

    def plain(statement: str) -> Search:
        def ask(text: str) -> Sequence[str]:
            with connection.cursor() as cursor:
                cursor.execute(statement, [_folded(text)])
                return [code for (code,) in cursor.fetchall()]

        return ask

    found, ms = _time(queries, ours, ROUNDS)
    groups: dict[str, Callable[[Query], bool]] = {
        "all": lambda _q: True,
        "tuned_on": lambda q: not q.get("held"),
        "held": lambda q: bool(q.get("held")),
        "without_marks": lambda q: q["query"].isascii(),
        "with_slips": lambda q: bool(q.get("slip")),
    }
    beside = {}
    for name, statement in _PLAIN.items():
        codes, spent = _time(queries, plain(statement))
        beside[name] = {"ms": spent, "quality": _quality(queries, codes)}
    return {
        "procedures": whole,
        "read_into_memory_ms": round(built),
        "memory_mb": round((after - before) / 1024),
        "ms": ms,
        "quality": {
            name: _quality([q for q in queries if takes(q)], found)
            for name, takes in groups.items()
            if any(takes(q) for q in queries)
        },
        "plain": beside,
        **({"misses": _misses(queries, found)} if with_misses else {}),
    }


def _folded(text: str) -> str:
    from tinhso.toolkit.text import fold  # noqa: PLC0415 - with the other imports of ours

    return fold(text)


def _time(
    queries: Sequence[Query], ask: Search, rounds: int = 1
) -> tuple[dict[str, Sequence[str]], dict[str, float]]:
    for query in queries[:5]:
        ask(query["query"])
    found, spent = {}, []
    for query in queries:
        quickest = math.inf
        for _ in range(rounds):
            begun = time.perf_counter()
            found[query["id"]] = ask(query["query"])
            quickest = min(quickest, (time.perf_counter() - begun) * 1000)
        spent.append(quickest)
    spent.sort()
    return found, {
        "p50": round(spent[len(spent) // 2], 2),
        "p95": round(spent[int(len(spent) * 0.95)], 2),
        "max": round(spent[-1], 2),
    }


def _quality(queries: Sequence[Query], found: dict[str, Sequence[str]]) -> dict[str, float]:
    first = sum(bool(found[q["id"]]) and found[q["id"]][0] in q["codes"] for q in queries)
    five = sum(bool(set(found[q["id"]][:5]) & set(q["codes"])) for q in queries)
    return {
        "queries": len(queries),
        "first": round(first / len(queries), 3),
        "five": round(five / len(queries), 3),
    }


def _misses(queries: Sequence[Query], found: dict[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the misses of the queries that may be looked at."""
    return [
        {"query": q["query"], "expected": q["codes"], "found": list(found[q["id"]][:3])}
        for q in queries
        if not q.get("held") and not set(found[q["id"]][:1]) & set(q["codes"])
    ]


if __name__ == "__main__":
    sys.exit(main())
