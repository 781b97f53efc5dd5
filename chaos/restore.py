"""Drop a table and delete 500 documents while people submit; see everything back to the second before.

``python -m chaos.restore`` (``make drill-restore``) prints one document and exits 1 where anything does not hold.

1. A demo runs with its archiver; 250 dossiers with two files each are submitted, then more while a row is written each
   tenth of a second, and an account of its own pulls the store into a copy that only grows.
2. At T a superuser drops a table and 500 documents are deleted. Restored to T - 1 s, into an empty folder, with
   ``tinhso restore``; judged; started; ten ways walked through it.
3. An attacker has overwritten every document and the whole store of the server: restored from the copy.
4. Sabotage that must be seen: a segment of the log is gone, a document is gone, a document was changed.

``--keep DIR`` leaves the folders, ``--province DIR`` takes a stopped demo instead of making one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from chaos.province import People, Ticks, lay, running, superuser, sweep, tinhso, told, wait_for
from chaos.smoke import walk
from tinhso.config.backup.store import Store
from tinhso.config.cluster import Cluster

DOCUMENTS: Final = 500
WHILE_DAMAGED: Final = 20
DROPPED: Final = "dossiers_paper"
SECOND: Final = dt.timedelta(seconds=1)
#: The account that pulls the copy, where root runs the drill: nobody else's, and it may read and not write elsewhere.
PULLS_AS: Final = "nobody"


class Drill:
    """The folders of one drill, and what is found."""

    def __init__(self, home: Path, made: Path | None) -> None:
        """Name the folders and lay the province."""
        self.home, self.data, self.store, self.copy = home, home / "data", home / "store", home / "copy"
        self.key = home / "backup.key"
        self.settings = {"TINHSO_BACKUP": str(self.store), "TINHSO_BACKUP_KEY": str(self.key)}
        self.found: dict[str, Any] = {}
        self.failures: list[str] = []
        self.target = dt.datetime.now(dt.UTC)
        self.acknowledged: list[dict[str, Any]] = []
        lay(self.data, made)

    def must(self, holds: object, words: str) -> None:
        """Keep what does not hold."""
        if not holds:
            self.failures.append(words)

    def work_and_damage(self) -> None:
        """Let people work, keep a copy, and then do the damage."""
        with running(self.data, self.home / "up.log", **self.settings) as demo:
            people = People(demo, self.home)
            wait_for(lambda: Store(self.store).bases(), 600, "no base backup came")
            people.submit(DOCUMENTS // 2, clients=4)
            ticks = Ticks(self.data)
            ticks.start()
            before = len(people.acknowledged())
            people.submit(100_000, clients=2, pause=0.2, waits=False)
            try:
                wait_for(
                    lambda: len(people.acknowledged()) >= before + WHILE_DAMAGED, 600, "too few submissions"
                )
                at, deleted = self._damage()
                # What came after the damage must be named as missing, and the store must have heard of the damage.
                time.sleep(3)
                wait_for(lambda: self._reaches(at + SECOND), 120, "the log did not come")
                self.found["check_after_damage"] = told(tinhso(self.data, "backup", "check", "--json", **self.settings))
                pulled = self.pull()
            finally:
                people.stop()
                ticks.stop()
            self.acknowledged = people.acknowledged()
        self.target = at - SECOND
        self.found |= {
            "damage_at": at.isoformat(),
            "target": self.target.isoformat(),
            "table_dropped": DROPPED,
            "documents_deleted": deleted,
            "submissions_acknowledged": len(self.acknowledged),
            "pull": pulled,
        }
        self.must(deleted >= DOCUMENTS, f"only {deleted} documents were there to be deleted")
        self.must(pulled.get("ok"), "the copy was not pulled")
        check = self.found["check_after_damage"]
        self.must(check.get("ok"), f"the store is not whole: {check}")

    def _damage(self) -> tuple[dt.datetime, int]:
        documents = sorted(path for path in (self.data / "files").rglob("*") if path.is_file())
        with superuser(self.data) as connection:
            row = connection.execute("select clock_timestamp()").fetchone()
            connection.execute(f"drop table {DROPPED} cascade")  # noqa: S608 - our own word
        for path in documents[:DOCUMENTS]:
            path.unlink()
        assert row is not None
        return row[0], len(documents[:DOCUMENTS])

    def _reaches(self, moment: dt.datetime) -> bool:
        lines = Store(self.store).lines()
        reached = lines[-1].reached() if lines else None
        return reached is not None and reached[0] > moment

    def pull(self) -> dict[str, Any]:
        """Pull the store, as an account of its own where that can be."""
        command = [sys.executable, "-P", "-m", "tinhso.config.backup.pulling", str(self.store), str(self.copy), "--json"]
        if os.geteuid() == 0:
            self.copy.mkdir(exist_ok=True, mode=0o700)
            subprocess.run(["chown", f"{PULLS_AS}:", self.copy], check=True)
            rights = "-all,+dac_read_search"
            who = ["--reuid", PULLS_AS, "--regid", "nogroup", "--clear-groups"]
            command = ["setpriv", *who, f"--inh-caps={rights}", f"--ambient-caps={rights}", "--", *command]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        return told(done) | {"code": done.returncode}

    def restore(self, name: str, store: Path) -> dict[str, Any]:
        """Restore by the command, as a person would."""
        begun = time.monotonic()
        done = tinhso(
            self.home / "nowhere",
            *("restore", "--at", self.target.isoformat(), "--into", str(self.home / name)),
            *("--from", str(store), "--json"),
            TINHSO_BACKUP_KEY=str(self.key),
        )
        return {"code": done.returncode, "took_s": round(time.monotonic() - begun, 1), **told(done)}

    def judge(self, name: str) -> dict[str, Any]:
        """Say what the restored database holds of the ticks, of the documents, and of what was acknowledged."""
        cluster = Cluster(self.home / name)
        cluster.start()
        try:
            with superuser(self.home / name) as connection:
                row = connection.execute("select max(at) from drill.tick").fetchone()
                codes = {row[0] for row in connection.execute("select tracking_code from dossiers_dossier")}
                there = connection.execute("select to_regclass(%s) is not null", [DROPPED]).fetchone()
                rows = [one[0] for one in connection.execute("select sha256 from documents_storedfile")]
        finally:
            cluster.stop()
        files = self.home / name / "files"
        due = [one for one in self.acknowledged if dt.datetime.fromisoformat(one["at"]) <= self.target]
        return {
            "last_tick_before_target_s": round((self.target - row[0]).total_seconds(), 3) if row else None,
            "acknowledged_before_target": len(due),
            "lost": [one["code"] for one in due if one["code"] not in codes],
            "dropped_table_is_back": bool(there and there[0]),
            "document_rows": len(rows),
            "documents_without_right_file": [one for one in rows if not _is_right(files / one[:2] / one, one)][:5],
        }

    def see_it_back(self) -> None:
        """Restore, judge, and walk through the restored province."""
        said = self.restore("back", self.store)
        self.found["restore"] = said
        self._must_be_whole(said, "back", "")
        if said["code"] == 0:
            with running(self.home / "back", self.home / "back.log") as demo:
                ways = walk(demo)
                self.found["smoke"] = ways
                check = told(tinhso(demo.data, "check", "--json"))
                self.found["check_while_running"] = check.get("is_fine")
            self.must(len(ways) == 10, "not ten ways")
            for way, how in ways.items():
                self.must(how == "ok", f"smoke: {way}: {how}")
            bad = [one["says"] for one in check.get("findings", []) if not one["is_fine"]]
            self.must(check.get("is_fine"), f"the running restored province is not fine: {bad or check}")

    def _must_be_whole(self, said: dict[str, Any], name: str, where: str) -> None:
        self.must(said["code"] == 0, f"not restored{where}: {said.get('error') or said.get('findings')}")
        if said["code"]:
            return
        judged = self.judge(name)
        said |= judged
        gap = judged["last_tick_before_target_s"]
        self.must(gap is not None and 0 <= gap <= 1, f"last tick {gap} s before the target{where}")
        self.must(judged["acknowledged_before_target"] > DOCUMENTS // 2, f"nothing was submitted{where}")
        self.must(not judged["lost"], f"lost{where}: {judged['lost'][:5]}")
        self.must(judged["dropped_table_is_back"], f"{DROPPED} is not back{where}")
        wrong = judged["documents_without_right_file"]
        self.must(not wrong, f"documents without the right file{where}: {wrong}")
        self.must(said["journal"].get("ok"), f"the journal does not verify{where}")
        self.must(said["later_heads"].get("count"), f"later heads were not named{where}")

    def attack(self) -> None:
        """Overwrite every document and the whole store; pull once more; restore from the copy."""
        for path in (*(self.data / "files").rglob("*"), *self.store.rglob("*")):
            if path.is_file():
                size = path.stat().st_size
                path.chmod(0o600)
                path.write_bytes(secrets.token_bytes(min(max(size, 16), 65_536)))
        pulled = self.pull()
        self.must(pulled["code"] == 1 and pulled.get("differ"), "the pull did not tell of the attack")
        from_store = self.restore("from-attacked", self.store)
        self.must(from_store["code"] == 1, "an overwritten store was restored as if it were whole")
        said = self.restore("after-attack", self.copy)
        self.found["attacker"] = {
            "pull_told_of": len(pulled.get("differ", [])),
            "overwritten_store_says": from_store.get("error") or from_store.get("findings"),
            **said,
        }
        self._must_be_whole(self.found["attacker"], "after-attack", " after the attack")

    def sabotage(self) -> None:
        """Take a segment away, take a document away, change a document: each must be red and be named."""
        store = Store(self.copy)
        base = [one for one in store.bases() if one.ended_at <= self.target][-1]
        line = store.line(base.line)
        segment = next(one for one in line.finished() if one.number == base.needs.stop)
        restored = sorted(path.name for path in (self.home / "back" / "files").rglob("*") if path.is_file())
        gone, changed = store.place_of(restored[0]), store.place_of(restored[-1])
        results = {}
        for name, victim, word in (
            ("a missing segment of the log", line.place_of(segment), segment.name),
            ("a missing document", gone, gone.name[:12]),
            ("a changed document", changed, changed.name[:12]),
        ):
            aside = victim.with_name(f".aside-{victim.name}")
            victim.rename(aside)
            if "changed" in name:
                content = bytearray(aside.read_bytes())
                content[-30] ^= 1
                victim.write_bytes(content)
            said = self.restore(f"sabotage-{len(results)}", self.copy)
            sentence = str(said.get("error") or said.get("findings") or "")
            results[name] = {"code": said["code"], "says": sentence}
            self.must(said["code"] == 1 and word in sentence, f"sabotage not named: {name}")
            victim.unlink(missing_ok=True)
            aside.rename(victim)
        self.found["sabotage"] = results


def _is_right(path: Path, digest: str) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def main() -> int:
    """Run the drill and print its document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="leave all folders here")
    parser.add_argument("--province", type=Path, help="a stopped demo to take a copy of")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="tinhso-drill-")) if asked.keep is None else asked.keep.resolve()
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o711)
    begun = time.monotonic()
    try:
        drill = Drill(home, asked.province)
        drill.work_and_damage()
        drill.see_it_back()
        drill.attack()
        if drill.found["restore"]["code"] == 0:
            drill.sabotage()
    finally:
        if asked.keep is None:
            sweep(home)
    document = {
        "ok": not drill.failures,
        "failures": drill.failures,
        **drill.found,
        "took_s": round(time.monotonic() - begun),
    }
    print(json.dumps(document, ensure_ascii=False, indent=2))
    return 0 if document["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
