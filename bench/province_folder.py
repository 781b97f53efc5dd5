"""How long a province takes to come in from a folder, and whether the demo's comes out and goes in again unchanged.

``python -m bench.province_folder --json``: a generated province (22 departments, 10 districts, 226 communes, 1,500
officers) into an empty cluster, a second time, out and in again; then ``--demo DATA`` exports a stopped demo's
province and takes it into another empty cluster. Seconds of each command, start of Python and of the database included.
"""

from __future__ import annotations

import argparse
import filecmp
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tinhso.config.tests.province_folder import write_folder


def run(data: Path, *words: str) -> tuple[float, str]:
    """Run ``tinhso`` on a data folder; return seconds and what it printed."""
    environment = {**os.environ, "TINHSO_DATA": str(data), "TINHSO_DEMO": "0"}
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tinhso.config.cli", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.monotonic() - begun, done.stdout


def same(one: Path, other: Path) -> bool:
    """Say whether two folders hold the same files, byte for byte."""
    names = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    others = sorted(path.relative_to(other) for path in other.rglob("*") if path.is_file())
    return names == others and all(filecmp.cmp(one / name, other / name, shallow=False) for name in names)


def round_trip(home: Path, name: str, folder: Path) -> dict[str, Any]:
    """Take a folder into an empty installation, twice, and write it out again."""
    data = home / name
    run(data, "migrate")
    first, said = run(data, "province", "init", str(folder), "--yes", "--json")
    second, again = run(data, "province", "init", str(folder), "--yes", "--json")
    out, _said = run(data, "province", "export", str(home / f"{name}-out"), "--json")
    document = json.loads(said)
    return {
        "rows": document["counts"],
        "written": document["written"],
        "init_s": round(first, 1),
        "second_s": round(second, 1),
        "second_written": json.loads(again)["written"],
        "export_s": round(out, 1),
    }


def main() -> int:
    """Measure, and print one document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, help="data folder of a stopped demo")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tinhso-bench-") as home_:
        home = Path(home_)
        home.chmod(0o711)
        write_folder(home / "made")
        found = {"generated": round_trip(home, "first", home / "made")}
        found["out_and_in"] = round_trip(home, "second", home / "first-out")
        found["out_and_in"]["identical"] = same(home / "first-out", home / "second-out")
        if arguments.demo:
            environment = {"TINHSO_DEMO": "1"}
            os.environ |= environment
            subprocess.run(
                [sys.executable, "-m", "tinhso.config.cli", "province", "export", str(home / "demo")],
                env={**os.environ, "TINHSO_DATA": str(arguments.demo)},
                check=True,
                capture_output=True,
            )
            found["demo"] = round_trip(home, "third", home / "demo")
            found["demo"]["identical"] = same(home / "demo", home / "third-out")
    print(json.dumps(found, ensure_ascii=False, indent=None if arguments.json else 2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
