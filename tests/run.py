"""Run everything that must hold: `make test`. Each stage has a time budget; the whole ten minutes on two cores."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CODE = ("src", "tests", "contracts", "bench", "chaos")
NO_TESTS = 5
TALLY = re.compile(r"(\d+) (passed|failed|skipped|errors?)")


@dataclass(frozen=True)
class Stage:
    """One thing to run; `seconds` is its budget."""

    name: str
    command: tuple[str, ...]
    seconds: int
    is_lint: bool = False


STAGES = (
    Stage("lint", ("ruff", "check", *CODE), 10, is_lint=True),
    Stage("format", ("ruff", "format", "--check", *CODE), 5, is_lint=True),
    Stage("types", ("mypy", *CODE), 60, is_lint=True),
    Stage("contracts", ("lint-imports", "--no-logo"), 10, is_lint=True),
    Stage("tests", ("pytest", "-q", "-n", "2", "--dist", "loadfile", "-m", "not journey"), 400),
    Stage("journeys", ("pytest", "-q", "-n", "2", "--dist", "loadfile", "-m", "journey"), 300),
)


def main() -> int:
    """Run all stages (or the linters alone: `lint`), print times and tally; return 1 if one failed."""
    stages = [stage for stage in STAGES if stage.is_lint or "lint" not in sys.argv[1:]]
    tally: Counter[str] = Counter()
    rows = []
    for stage in stages:
        print(f"── {stage.name}", flush=True)
        begun = time.monotonic()
        code, counted = run(stage)
        spent = time.monotonic() - begun
        tally += counted
        is_fine = code == 0 or (code == NO_TESTS and stage.command[0] == "pytest")
        if not is_fine and not counted["failed"]:
            tally["failed"] += 1
        rows.append((stage, spent, is_fine))
    print("\nstage        seconds  budget")
    for stage, spent, is_fine in rows:
        verdict = "" if is_fine else "  FAILED"
        late = "  over budget" if spent > stage.seconds else ""
        print(f"{stage.name:12} {spent:7.1f} {stage.seconds:7d}{verdict}{late}")
    print(f"{'all':12} {sum(row[1] for row in rows):7.1f} {sum(stage.seconds for stage in stages):7d}")
    print(f"{tally['passed']} passed, {tally['failed']} failed, {tally['skipped']} skipped")
    return 0 if all(is_fine for *_, is_fine in rows) else 1


def run(stage: Stage) -> tuple[int, Counter[str]]:
    """Run one stage, pass its output on, and read the numbers of its last line."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "contracts"), "COLUMNS": "120"}
    program, *arguments = stage.command
    existing = [word for word in arguments if word not in CODE or any((ROOT / word).rglob("*.py"))]
    last = ""
    with subprocess.Popen(
        [BIN / program, *existing], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line if line.strip() else last
    counted: Counter[str] = Counter()
    if program == "pytest":
        for number, word in TALLY.findall(last):
            counted["failed" if word.startswith("error") else word] += int(number)
    elif process.returncode == 0:
        counted["passed"] += 1
    return process.returncode, counted


if __name__ == "__main__":
    sys.exit(main())
