"""Run tests in forked children of one prepared process, each with a database copy of its own.

The parent starts the throw-away cluster, migrates the template and imports the program. For each round it forks a
foreman, who collects the tests once and forks a child for each mutant; a child changes one rule, runs the collected
tests until one fails, and dies with its change. Fork is safe here: there are no threads and no open connections.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from tests.mutants.change import ROOT, Mutant
from tinhso.config.testing import GROUND, TEMPLATE

#: How many seconds the tests of a round may take without a mutant, and with one: a mutant that hangs was noticed.
PATIENCE = 1800.0
SLOWER, EXTRA = 3.0, 60.0
PAUSE = 0.005
#: Guards and rights of our tables.
_GUARDS = """
with our as (select oid, relname, relacl from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r')
select concat(relname, relacl) from our
 union all select concat(relname, conname, pg_get_constraintdef(c.oid)) from pg_constraint c join our on our.oid = conrelid
 union all select pg_get_indexdef(indexrelid) from pg_index join our on our.oid = indrelid
 union all select concat(pg_get_triggerdef(t.oid), tgenabled) from pg_trigger t join our on our.oid = tgrelid
 where not tgisinternal order by 1
"""
_TABLES = (
    "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1"
)
Work = Sequence[tuple[Mutant, tuple[str, ...]]]
_OPTIONS = (
    *(
        "-q",
        "-s",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:faker",
        "-m",
        "not journey",
        "--tb=native",
    ),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)


@dataclass
class Answer:
    """What a child saw: the tests that failed, in their order, how many passed, and after how many seconds."""

    failed: list[str] = field(default_factory=list)
    passed: int = 0
    seconds: float = 0.0
    left_clean: bool = False


def prepare() -> None:
    """Start the cluster and import what every child needs."""
    os.chdir(ROOT)
    GROUND.start()
    importlib.import_module(settings.ROOT_URLCONF)
    gc.freeze()


def finish() -> None:
    """Stop the cluster."""
    connections.close_all()
    GROUND.stop()


def run_round(work: Work, jobs: int, home: Path, out: int) -> list[Answer]:
    """Try each mutant against its tests, and tell about each on the open file ``out``.

    Returns one answer more than there are mutants: the last is that of the tests without any. Tests that fail without
    any mutant prove nothing and are not asked again.
    """
    connections.close_all()
    sys.stdout.flush()
    file = home / "round.json"
    file.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        _lead(work, jobs, home, os.dup(out), file)
    try:
        os.waitpid(pid, 0)
    except BaseException:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        raise
    if not file.exists():
        raise RuntimeError(
            f"the round ended without an answer:\n{(home / 'foreman.txt').read_text()[-3000:]}"
        )
    return [Answer(**row) for row in json.loads(file.read_text())]


def _lead(work: Work, jobs: int, home: Path, out: int, file: Path) -> None:
    """Be the foreman, and end."""
    try:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        _redirect(home / "foreman.txt")
        _settle(jobs)
        foreman = Foreman(work, jobs, home, out)
        paths = sorted({path for _, paths in work for path in paths})
        inner = [path for path in paths if any(path != one and path.startswith(f"{one}/") for one in paths)]
        pytest.main([*_OPTIONS, *(path for path in paths if path not in inner)], plugins=[foreman])
        if len(foreman.answers) > len(work):
            file.write_text(json.dumps([vars(answer) for answer in foreman.answers]))
    except BaseException:  # noqa: BLE001 - a forked child must never return
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(0)


class Foreman:
    """A plugin of pytest that runs the collected tests again and again, each time in a child."""

    def __init__(self, work: Work, jobs: int, home: Path, out: int) -> None:
        """Keep the work."""
        self.work, self.jobs, self.home, self.out = work, jobs, home, out
        self.answers: list[Answer] = []
        self.seen = Answer()
        self.clean: set[int] = set()
        self.patience = PATIENCE
        self.likeness = _likeness(TEMPLATE)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test, or its preparation, that failed."""
        if report.failed and report.nodeid not in self.seen.failed:
            self.seen.failed.append(report.nodeid)
        self.seen.passed += report.passed and report.when == "call"

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that cannot be read."""
        if report.failed:
            self.seen.failed.append(report.nodeid)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests as they are, then those of each mutant. Returns True: nothing is left to run."""
        unread = list(self.seen.failed)
        gc.freeze()
        plain = self._fork(session, 0, None, session.items)
        while (without := plain.answer()) is None:
            time.sleep(PAUSE)
        self.patience = EXTRA + SLOWER * without.seconds
        without.failed = [*unread, *without.failed]
        self.say(f"{without.passed} tests pass without a mutant, {len(without.failed)} fail")
        for test in without.failed:
            self.say(f"  red before any change: {test}")
        sound = [item for item in session.items if item.nodeid not in without.failed]
        self.answers = [Answer() for _ in self.work]
        waiting = deque(range(len(self.work)))
        running: dict[int, tuple[int, Child]] = {}
        try:
            while waiting or running:
                for slot in range(self.jobs):
                    if slot not in running and waiting:
                        number = waiting.popleft()
                        mutant, paths = self.work[number]
                        running[slot] = (
                            number,
                            self._fork(session, slot, mutant, _items(sound, mutant, paths)),
                        )
                for slot, (number, child) in list(running.items()):
                    if (answer := child.answer()) is not None:
                        del running[slot]
                        self.answers[number] = answer
                        (self.clean.add if answer.left_clean else self.clean.discard)(slot)
                        self._tell(self.work[number][0], answer)
                time.sleep(PAUSE)
        finally:
            for _, child in running.values():
                child.end()
        self.answers.append(without)
        return True

    def say(self, words: str) -> None:
        """Tell the person who waits; pytest's own words go to a file."""
        os.write(self.out, f"{words}\n".encode())

    def _tell(self, mutant: Mutant, answer: Answer) -> None:
        if answer.failed:
            self.say(f"{mutant.kind} {mutant.name}: caught by {answer.failed[0]} ({answer.seconds:.1f} s)")
        else:
            self.say(f"{mutant.kind} {mutant.name}: {answer.passed} tests pass ({answer.seconds:.1f} s)")

    def _fork(
        self, session: pytest.Session, slot: int, mutant: Mutant | None, items: list[pytest.Item]
    ) -> Child:
        """Start a child that runs the items; with a mutant it stops at the first that fails."""
        child = Child(self.home / f"child-{slot}", self.patience)
        child.pid = os.fork()
        if child.pid:
            return child
        try:
            os.setpgid(0, 0)
            _redirect(child.file.with_suffix(".txt"))
            self.seen = Answer()
            gc.disable()
            _settle(slot)
            _change(mutant, may_reuse=slot in self.clean)
            for item, following in zip(items, [*items[1:], None], strict=False):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if mutant is not None and self.seen.failed:
                    break
            session._setupstate.teardown_exact(None)
            connections.close_all()
            with contextlib.suppress(psycopg.Error):
                _execute(mutant.undo if mutant else ())
                self.seen.left_clean = _likeness(GROUND.database) == self.likeness
            child.file.write_text(json.dumps(vars(self.seen)))
        except BaseException:  # noqa: BLE001 - a forked child must never return
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)


class Child:
    """One running child, as its foreman sees it."""

    def __init__(self, stem: Path, patience: float) -> None:
        """Say where it will leave its answer, and for how many seconds to wait for it."""
        self.patience = patience
        self.file, self.begun, self.pid = stem.with_suffix(".json"), time.monotonic(), 0
        self.file.unlink(missing_ok=True)

    def answer(self) -> Answer | None:
        """Return what the child saw, or None while it runs; one that takes too long is ended."""
        seconds = time.monotonic() - self.begun
        pid, _ = os.waitpid(self.pid, os.WNOHANG)
        if not pid:
            if seconds < self.patience:
                return None
            self.end()
            return Answer([f"the time limit of {self.patience:.0f} s"], 0, seconds)
        if not self.file.exists():
            said = self.file.with_suffix(".txt").read_text(errors="replace")[-3000:]
            raise RuntimeError(f"a child ended without an answer:\n{said}")
        return Answer(**{**json.loads(self.file.read_text()), "seconds": round(seconds, 2)})

    def end(self) -> None:
        """End the child and what it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _items(items: list[pytest.Item], mutant: Mutant, paths: tuple[str, ...]) -> list[pytest.Item]:
    """Return the mutant's tests, those that name what it changes first."""
    own = [item for item in items if any(item.path.is_relative_to(ROOT / path) for path in paths)]
    return sorted(own, key=lambda item: mutant.hint not in item.name)


def _redirect(log: Path) -> None:
    with log.open("wb") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)


def _settle(slot: int) -> None:
    """Make this process what a worker of xdist is: a guest in the cluster, with its own database."""
    GROUND._is_mine = False
    GROUND.worker = f"mutant{slot}"
    GROUND.database = f"test_{GROUND.worker}"
    os.environ["TINHSO_DATABASE_NAME"] = connection.settings_dict["NAME"] = GROUND.database


def _change(mutant: Mutant | None, *, may_reuse: bool) -> None:
    """Apply the change now, and in every database that the tests will be given.

    ``may_reuse``: the mutant before left this child's database as the template is, so the first need not be copied.
    """
    if mutant is not None:
        mutant.apply()
    usual, reuse = GROUND.provide, [may_reuse]

    def provide() -> None:
        if not reuse.pop() if reuse else True:
            usual()
        try:
            _execute(mutant.statements if mutant else ())
        except psycopg.Error:
            traceback.print_exc()
            os._exit(1)  # a change that cannot be made must not look as if a test had caught it

    GROUND.provide = provide  # type: ignore[method-assign]


def _execute(statements: tuple[str, ...]) -> None:
    """Execute statements as the owner of the tables, in this process's database."""
    with psycopg.connect(**GROUND.cluster.address("owner", GROUND.database), autocommit=True) as owner:  # type: ignore[arg-type]
        for statement in statements:
            owner.execute(statement.encode())


def _likeness(name: str) -> str:
    """Return what is equal in two databases that are alike to us: guards, rights, and how many rows there are."""
    with psycopg.connect(**GROUND.cluster.address("superuser", name)) as superuser:  # type: ignore[arg-type]
        guards = superuser.execute(_GUARDS).fetchall()
        tables = [f"(select count(*) from {table})" for (table,) in superuser.execute(_TABLES)]
        counts = superuser.execute(f"select {', '.join(tables)}".encode()).fetchone()
    return sha256(repr((guards, counts)).encode()).hexdigest()
