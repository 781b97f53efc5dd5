"""Replace every process again and again under ten requests a second: ``python -m chaos.rolling`` (``make drill-rolling``).

A real demo with all its processes; people open pages, sign in and submit; ``tinhso restart`` is given several times in
at least a minute. Prints one document and exits 1 where a request failed, a dossier is missing, or a restart did not
end. ``--granian`` also measures Granian's own reload on the same demo, for decision 0028. ``--data DIR`` copies a
province that lies there (stopped) instead of making one. ``--sabotage`` ends the web server by force instead: red.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import psycopg
from tests.browser import Demo, copy_of_the_province, running

from chaos import traffic
from tinhso.config.cluster import Cluster
from tinhso.config.supervision import report

SECONDS: Final = 75.0
EVERY: Final = 15.0
WARM: Final = 3.0


def main() -> int:
    """Run the drill and print what it saw."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--seconds", type=float, default=SECONDS)
    words.add_argument("--data", type=Path, help="a province that lies here, stopped")
    words.add_argument("--kept", action="store_true", help="send on kept connections, as nginx does")
    words.add_argument("--sabotage", action="store_true")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="tinhso-journey-rolling-") as home:
        Path(home).chmod(0o711)
        data = Path(home) / "data"
        lay(data, asked.data)
        with running(data, Path(home) / "up.log") as demo:
            found = roll(demo, asked.seconds, kept=asked.kept, sabotage=asked.sabotage)
    sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
    return 0 if found["ok"] else 1


def lay(data: Path, source: Path | None) -> None:
    """Lay a province to run into ``data``."""
    if source is None:
        copy_of_the_province(data)
    else:
        shutil.copytree(source, data, symlinks=True, copy_function=shutil.copy2, dirs_exist_ok=False)
        subprocess.run(["cp", "-a", "--attributes-only", f"{source}/.", str(data)], check=True)


def roll(demo: Demo, seconds: float, *, kept: bool, sabotage: bool) -> dict[str, Any]:
    """Send requests and restart meanwhile."""
    traffic.use(demo.data)
    port = int(demo.address.rpartition(":")[2])
    asked = traffic.plan(int(2 * seconds) + 60)
    sender = traffic.Sender(port, asked.asks(), kept=kept)
    before = web_pid(demo.data)
    sender.start()
    begun = time.monotonic()
    restarts = []
    time.sleep(WARM)
    while time.monotonic() - begun < seconds:
        restarts.append(kill_web(demo.data) if sabotage else restart(demo.data))
        time.sleep(max(0.0, min(EVERY, seconds - (time.monotonic() - begun))))
    results = sender.stop()
    after = web_pid(demo.data)
    address: Any = Cluster(demo.data).address("superuser")
    with psycopg.connect(**address) as connection:
        judged = traffic.judge(connection, demo.data / "files", results)
    measured = traffic.figures(results)
    return {
        "ok": not measured["failed"]
        and judged["is_fine"]
        and all(one["ok"] for one in restarts)
        and before != after,
        "seconds": round(time.monotonic() - begun, 1),
        "connections": "kept" if kept else "one for each request",
        "restarts": restarts,
        "web_pid": [before, after],
        "traffic": measured,
        "dossiers": judged,
    }


def restart(data: Path) -> dict[str, Any]:
    """Give the command, as an administrator would."""
    done = subprocess.run(
        [sys.executable, "-m", "tinhso.config.cli", "restart", "--json"],
        env={**os.environ, "TINHSO_DATA": str(data), "TINHSO_DEMO": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        found = {"error": (done.stdout + done.stderr)[-300:]}
    return {"ok": done.returncode == 0, **found}


def kill_web(data: Path) -> dict[str, Any]:
    """End the web server and its workers by force: requests in hand are lost, and the drill must turn red."""
    os.killpg(web_pid(data), signal.SIGKILL)
    return {"ok": True, "killed": True}


def web_pid(data: Path) -> int:
    """Return the web server's process now."""
    rows = report.read(data).get("children", [])
    return int(next(row["pid"] for row in rows if row["name"] == "web") or 0)


if __name__ == "__main__":
    sys.exit(main())
