"""Drop a table and delete 500 documents while people submit; see everything back to the second before.

``python -m chaos.restore`` (``make drill-restore``) prints one document and exits 1 where anything does not hold. It
runs a demo with the archiver, submissions and a tick each tenth of a second; pulls the store into a copy that only
grows; does the damage; restores to one second before into an empty folder; starts the restored province and walks ten
ways through it. Then the attacker has locked every document and the store of the server: restored from the copy. Then
the sabotage that must be seen: a segment of the log is gone, a document is gone. ``--keep DIR`` leaves the folders.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psycopg
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright
from tests.browser import CHROMIUM, Demo, Stuck, copy_of_the_province, running
from tests.crawl import Crawl
from tests.scenes import file_dossier

from tinhso.config.backup.store import Store
from tinhso.config.cluster import Cluster

DOCUMENTS: Final = 500
SUBMISSIONS: Final = 12
TICK: Final = 0.1
SECOND: Final = dt.timedelta(seconds=1)
_MADE = """
import django, datetime as dt, sys
django.setup()
from tinhso.config.runtime import database
with database():
    from tinhso.documents.services.store import Content, store_all
    at = dt.datetime(2022, 5, 10, 8, tzinfo=dt.UTC)
    for first in range(0, int(sys.argv[1]), 50):
        store_all([Content(b"%PDF-1.7 drill " + str(n).encode() * 200, "application/pdf", 1)
                   for n in range(first, first + 50)], at=at)
"""


def tinhso(data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command on an installation."""
    environment = {**os.environ, "TINHSO_DATA": str(data), "TINHSO_DEMO": "1", **more}
    return subprocess.run(
        [sys.executable, "-m", "tinhso.config.cli", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def superuser(data: Path) -> psycopg.Connection[Any]:
    """Connect past every right."""
    return psycopg.connect(**Cluster(data).address("superuser", "tinhso"), autocommit=True)  # type: ignore[arg-type]


class Load(threading.Thread):
    """Something that goes on until it is stopped."""

    def __init__(self, step: Callable[[], object]) -> None:
        """Keep the step."""
        super().__init__(daemon=True)
        self._step, self._stop_now = step, threading.Event()

    def run(self) -> None:
        """Go on; a step that fails because the table is gone ends it."""
        while not self._stop_now.is_set():
            try:
                self._step()
            except psycopg.Error:
                return

    def stop(self) -> None:
        """End it."""
        self._stop_now.set()
        self.join(30)


def file_until(stop: threading.Event, address: str, filed: list[tuple[dt.datetime, str]]) -> None:
    """Submit dossiers as Lan does, one after the other, and keep when each was acknowledged."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM)
        lan = Crawl("lan", chromium.new_context(), address, Counter())
        lan.sign_in()
        while not stop.is_set():
            try:
                code = file_dossier(lan)
            except (Stuck, PlaywrightError):
                time.sleep(0.5)
            else:
                filed.append((dt.datetime.now(dt.UTC), code))
        chromium.close()


def ticking(data: Path) -> Load:
    """Write a row each tenth of a second, in a schema of the drill's own."""
    connection = superuser(data)
    connection.execute("create schema if not exists drill")
    connection.execute("create table drill.tick (at timestamptz not null default clock_timestamp())")

    def tick() -> None:
        connection.execute("insert into drill.tick default values")
        time.sleep(TICK)

    return Load(tick)


def wait_for(what: Callable[[], object], seconds: float, say: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise TimeoutError(say)
        time.sleep(0.2)


def smoke(demo: Demo) -> dict[str, bool]:
    """Walk ten ways through a province, signed in where it needs that."""
    ways: dict[str, bool] = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM)
        page = chromium.new_context().new_page()

        def opens(name: str, path: str, words: str) -> None:
            answer = page.goto(f"{demo.address}{path}")
            ways[name] = answer is not None and answer.status == 200 and words in page.content()

        opens("home", "/", "Dịch vụ công")
        opens("search", "/tim/?q=khai+sinh", "1.001193")
        opens("service", "/thu-tuc/1.001193/", "khai sinh")
        opens("statistics", "/so-lieu/", "hồ sơ")
        opens("progress", "/chuyen-doi-so/", "Chỉ tiêu")
        opens("verify", "/kiem-tra/", "Kiểm tra")
        for person, path, words in (
            ("lan", "/cua-toi/", "Hồ sơ"),
            ("minh", "/mot-cua/", "hồ sơ"),
            ("dinh", "/ban-chi-dao/", "Chỉ tiêu"),
        ):
            page = chromium.new_context().new_page()
            page.goto(f"{demo.address}/tai-khoan/login/")
            page.evaluate(
                "name => [...document.querySelectorAll('form')].find(f => f.action.includes(`/vao/${name}/`)).submit()",
                person,
            )
            page.wait_for_url(lambda url: "login" not in url)
            opens(f"signed in as {person}", path, words)
        with superuser(demo.data) as connection:
            row = connection.execute(
                "select tracking_code from dossiers_dossier order by id desc limit 1"
            ).fetchone()
        opens("track the last dossier", f"/tra-cuu/{row[0] if row else ''}/", "hồ sơ")
        chromium.close()
    return ways


def restored(store: Path, into: Path, at: dt.datetime, key: Path) -> tuple[int, dict[str, Any], float]:
    """Restore by the command, as a person would; return its code, its document and how long it took."""
    begun = time.monotonic()
    done = tinhso(
        into.with_name("nowhere"),
        *("restore", "--at", at.isoformat(), "--into", str(into), "--from", str(store), "--json"),
        TINHSO_BACKUP_KEY=str(key),
    )
    took = time.monotonic() - begun
    try:
        return done.returncode, json.loads(done.stdout), took
    except ValueError:
        return done.returncode, {"said": done.stdout + done.stderr}, took


def judge(into: Path, at: dt.datetime, filed: list[tuple[dt.datetime, str]]) -> dict[str, Any]:
    """Say what the restored database holds of the ticks and of what was acknowledged."""
    cluster = Cluster(into)
    cluster.start()
    try:
        with superuser(into) as connection:
            (last,) = connection.execute("select max(at) from drill.tick").fetchone()  # type: ignore[misc]
            codes = {row[0] for row in connection.execute("select tracking_code from dossiers_dossier")}
            dropped = connection.execute("select to_regclass('public.plans_reminder')").fetchone()
    finally:
        cluster.stop()
    lost = [code for moment, code in filed if moment <= at and code not in codes]
    return {
        "last_tick_before_target_s": round((at - last).total_seconds(), 3),
        "acknowledged_before": sum(moment <= at for moment, _code in filed),
        "lost": lost,
        "dropped_table_is_back": bool(dropped and dropped[0]),
    }


def drill(home: Path) -> dict[str, Any]:
    """Do all of it; ``failures`` says what did not hold."""
    data, store, copy, key = home / "data", home / "store", home / "copy", home / "backup.key"
    os.environ |= {"TINHSO_BACKUP": str(store), "TINHSO_BACKUP_KEY": str(key)}
    copy_of_the_province(data)
    filed: list[tuple[dt.datetime, str]] = []
    with running(data, home / "up.log") as demo:
        subprocess.run(
            [sys.executable, "-c", _MADE, str(DOCUMENTS)],
            env={
                **os.environ,
                "TINHSO_DATA": str(data),
                "TINHSO_DEMO": "1",
                "DJANGO_SETTINGS_MODULE": "tinhso.config.settings",
            },
            check=True,
        )
        wait_for(lambda: Store(store).bases(), 300, "no base backup came")
        ticks = ticking(data)
        ticks.start()
        stop = threading.Event()
        filing = threading.Thread(target=file_until, args=(stop, demo.address, filed), daemon=True)
        filing.start()
        wait_for(lambda: len(filed) >= SUBMISSIONS, 300, "too few submissions went through")
        with superuser(data) as connection:
            (at,) = connection.execute("select clock_timestamp()").fetchone()  # type: ignore[misc]
            connection.execute("drop table plans_reminder cascade")
        documents = [path for path in (data / "files").rglob("*") if path.is_file()]
        for path in documents[:DOCUMENTS]:
            path.unlink()
        time.sleep(3)
        stop.set()
        filing.join(60)
        ticks.stop()
        pulled = tinhso(data, "backup", "pull", "--from", str(store), "--into", str(copy), "--json")
    target = at - SECOND
    found: dict[str, Any] = {
        "damage_at": at.isoformat(),
        "target": target.isoformat(),
        "documents_deleted": min(len(documents), DOCUMENTS),
        "submissions": len(filed),
        "pulled": json.loads(pulled.stdout),
    }
    code, said, took = restored(store, home / "back", target, key)
    found["restore"] = {"code": code, "took_s": round(took, 1), **said}
    failures = [] if code == 0 else ["the restore is not whole"]
    if code == 0:
        found["restore"] |= judge(home / "back", target, filed)
        os.environ.pop("TINHSO_BACKUP")
        with running(home / "back", home / "back.log") as demo:
            found["smoke"] = smoke(demo)
        failures += [f"smoke: {name}" for name, fine in found["smoke"].items() if not fine]
        gap = found["restore"]["last_tick_before_target_s"]
        failures += [] if 0 <= gap <= 1 else [f"last tick {gap} s before the target"]
        failures += [f"lost {code}" for code in found["restore"]["lost"]]
        failures += [] if said["later_heads"].get("count") else ["later heads were not named"]
    for path in (*(data / "files").rglob("*"), *store.rglob("*")):
        if path.is_file():
            size = path.stat().st_size
            path.chmod(0o600)
            path.write_bytes(secrets.token_bytes(min(size, 4096)))
    again = tinhso(data, "backup", "pull", "--from", str(store), "--into", str(copy), "--json")
    code, said, took = restored(copy, home / "after-attack", target, key)
    found["attacker"] = {
        "code": code,
        "took_s": round(took, 1),
        "pull_refused": again.returncode == 1,
        **said,
    }
    failures += [] if code == 0 and again.returncode == 1 else ["not restored after the attack"]
    found["sabotage"] = sabotage(home, copy, target, key)
    failures += [f"sabotage not seen: {name}" for name, one in found["sabotage"].items() if one["code"] == 0]
    return {"ok": not failures, "failures": failures, **found}


def sabotage(home: Path, copy: Path, target: dt.datetime, key: Path) -> dict[str, Any]:
    """Take a segment of the log away, and a document: each must turn the restore red and be named."""
    found: dict[str, Any] = {}
    base = Store(copy).bases()[-1]
    segments = [one for one in Store(copy).segments() if one.number >= base.first_segment.number]
    for name, victim in (
        ("a segment of the log", copy / "wal" / segments[len(segments) // 2].name),
        ("a document", next(path for path in (copy / "files").rglob("*") if path.is_file())),
    ):
        aside = victim.with_name(f".aside-{victim.name}")
        victim.rename(aside)
        code, said, _took = restored(copy, home / f"sabotage-{len(found)}", target, key)
        found[name] = {"code": code, "said": said.get("error") or said.get("findings") or said.get("said")}
        aside.rename(victim)
    return found


def main() -> int:
    """Run the drill and print its document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="leave all folders here")
    arguments = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="tinhso-drill-")) if arguments.keep is None else arguments.keep
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    begun = time.monotonic()
    try:
        found = drill(home)
    finally:
        if arguments.keep is None:
            shutil.rmtree(home, ignore_errors=True)
    found["took_s"] = round(time.monotonic() - begun)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
