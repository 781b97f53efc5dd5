"""An annex of 2,000 tasks: how long out and in again take, as Excel and as Word, without a database.

`python -m bench.annex --rows 2000 --json` writes the file, reads it in the confined child, finds what differs, seals the rows
for the page and opens them again, and writes the Word file; every step several times, the median counts.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.config.settings_for_tests")
django.setup()

from tinhso.plans.adapters.annex_files import annex_sheet, plan_word  # noqa: E402 - after the set-up
from tinhso.plans.adapters.sheets import read_rows  # noqa: E402 - after the set-up
from tinhso.plans.forms.annex import sealed, unsealed  # noqa: E402 - after the set-up
from tinhso.plans.queries.annex import shape  # noqa: E402 - after the set-up
from tinhso.plans.queries.plan_paper import PlanPaper, annex_parts  # noqa: E402 - after the set-up
from tinhso.plans.rules.annex import differences  # noqa: E402 - after the set-up
from tinhso.plans.rules.annex_reading import read_annex  # noqa: E402 - after the set-up
from tinhso.plans.tests.annex_world import many_rows  # noqa: E402 - after the set-up
from tinhso.plans.views.annex_words import lines_of  # noqa: E402 - after the set-up

RUNS = 5
#: Seconds: to read an Excel plan, with everything that its preview needs.
TARGET_IN = 3.0
AT = dt.datetime(2022, 5, 10, 9, 15, tzinfo=dt.UTC)


def measure(rows_count: int) -> dict[str, Any]:
    """Return the seconds of every step, and whether what came in is what went out."""
    rows = many_rows(rows_count)
    paper = PlanPaper(
        authority="UBND tỉnh",
        issuer="Sở Giáo dục và Đào tạo",
        number="",
        place="Nam Định",
        on=None,
        about="Chuyển đổi số năm 2022",
        parts=(),
        signs_for="",
        title="Giám đốc",
        name="",
        receivers=("Lưu: VT",),
        mark="",
        annex_title="Nhiệm vụ",
        annex_note="(Kèm theo Kế hoạch)",
        annex=annex_parts(rows),
        total=sum(row.amount for row in rows),
    )
    seconds: dict[str, float] = {}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        spent, found = [], None
        for _n in range(RUNS):
            began = time.perf_counter()
            found = act()
            spent.append(time.perf_counter() - began)
        seconds[name] = round(statistics.median(spent), 3)
        return found

    content = timed("write_excel", lambda: annex_sheet("Kế hoạch", rows, shape(), made_at=AT))
    cells = timed("open_excel", lambda: read_rows(content, "phu-luc.xlsx"))
    reading = timed("read_rows", lambda: read_annex(cells, shape(), {}))
    timed("compare", lambda: lines_of(differences(rows[::2], reading.rows)))
    kept = timed("seal", lambda: sealed(1, 1, rows, reading.rows))
    again = timed("unseal", lambda: unsealed(kept, 1, 1))
    word = timed("write_word", lambda: plan_word(paper, shape(), made_at=AT))
    whole = sum(seconds[name] for name in ("open_excel", "read_rows", "compare", "seal"))
    return {
        "rows": rows_count,
        "seconds": seconds,
        "in_s": round(whole, 3),
        "target_in_s": TARGET_IN,
        "is_unchanged": reading.rows == rows and list(again.rows) == rows and not reading.faults,
        "bytes": {"excel": len(content), "word": len(word), "sealed": len(kept)},
    }


def main() -> int:
    """Measure, print, and fail where it is too slow or something was changed on the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measure(asked.rows)
    if asked.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        for name, spent in found["seconds"].items():
            print(f"{name:12} {spent:7.3f} s")
        print(
            f"in           {found['in_s']:7.3f} s, wanted {TARGET_IN} s; unchanged: {found['is_unchanged']}"
        )
    return 0 if found["is_unchanged"] and found["in_s"] < TARGET_IN else 1


if __name__ == "__main__":
    sys.exit(main())
