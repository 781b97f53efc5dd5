"""Who dies is started again after a wait that grows; who is replaced gives way only to one that works."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tinhso.config.supervision import report
from tinhso.config.supervision.child import Child, last_line, listen, trim
from tinhso.config.supervision.family import CannotGoOn, Family
from tinhso.config.supervision.member import READY
from tinhso.config.supervision.rule import Rule, Waits, rule

QUICK: Rule = replace(
    rule(),
    first_seconds=0.05,
    most_seconds=0.2,
    well_after_seconds=60.0,
    goodbye_seconds=2.0,
    ready_seconds=5.0,
    finish_seconds=5.0,
    look_seconds=0.01,
)
DAY = dt.date(2022, 5, 10)


def _child(code: str, name: str = "one", *, listens: bool = False) -> Child:
    return Child(name, "Tiến trình thử", (sys.executable, "-c", code), signal.SIGKILL, listens=listens)


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    usual = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR2)}
    with listen("127.0.0.1", 0) as listener:
        made = Family(tmp_path, listener=listener, settled=QUICK)
        yield made
        made.stop()
    for sign, handler in usual.items():
        signal.signal(sign, handler)


def _until(family: Family, is_so: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    family.tend_until(lambda: is_so() or time.monotonic() > deadline)
    assert is_so()


def _row(home: Path, name: str = "one") -> dict[str, object]:
    document = json.loads((home / report.PLACE).read_text("utf-8"))
    return next(row for row in document["children"] if row["name"] == name)


def test_the_wait_grows_to_thirty_seconds_and_begins_anew_after_a_good_run() -> None:
    waits = Waits(rule(DAY))
    assert [waits.after(0.1) for _ in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert waits.after(59.0) == 30
    assert [waits.after(60.0), waits.after(0.1)] == [1, 2]


def test_who_dies_is_started_again_and_the_reason_is_kept(family: Family, tmp_path: Path) -> None:
    family.start(_child("import sys; print('hết việc'); sys.exit(7)"))
    _until(family, lambda: (tmp_path / report.PLACE).exists() and int(str(_row(tmp_path)["restarts"])) >= 3)
    row = _row(tmp_path)
    assert (row["last_exit"], row["last_line"]) == (7, "hết việc")


def test_a_killed_process_is_there_again_and_the_others_stay(family: Family, tmp_path: Path) -> None:
    family.start(_child("import time; time.sleep(60)"))
    family.start(_child("import time; time.sleep(60)", "two"))
    family.tend()
    family.write()
    first, other = _row(tmp_path)["pid"], _row(tmp_path, "two")["pid"]
    os.kill(int(str(first)), signal.SIGKILL)
    _until(family, lambda: _row(tmp_path)["restarts"] == 1)
    assert _row(tmp_path)["last_exit"] == -signal.SIGKILL
    assert _row(tmp_path)["pid"] != first
    assert _row(tmp_path, "two")["pid"] == other


def test_while_the_house_starts_a_dead_child_is_refused_in_words(family: Family) -> None:
    family.start(_child("import sys; sys.exit('✗ cổng bận')"))
    with pytest.raises(CannotGoOn, match="cổng bận"):
        _refuse(family)


def _refuse(family: Family) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        family.refuse_dead()
        time.sleep(0.01)


_READY = f"""
import os, signal, sys, time
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(0))
os.write(int(os.environ["TINHSO_READY_FD"]), b"." * {READY})
time.sleep(60)
"""


def test_a_web_server_is_replaced_by_one_beside_it(family: Family, tmp_path: Path) -> None:
    family.start(_child(_READY, listens=True))
    _until(family, lambda: family.is_ready("one"))
    family.write()
    old = int(str(_row(tmp_path)["pid"]))
    family.ask_to_renew()
    _until(family, lambda: not Path(f"/proc/{old}").exists())
    document = json.loads((tmp_path / report.PLACE).read_text("utf-8"))
    assert document["renewal"]["state"] == "done"
    assert _row(tmp_path)["restarts"] == 0


def test_a_new_web_server_that_does_not_work_does_not_take_over(family: Family, tmp_path: Path) -> None:
    family.start(_child(f"import os\nif os.environ.get('TINHSO_BESIDE'): raise SystemExit('hỏng')\n{_READY}", listens=True))
    _until(family, lambda: family.is_ready("one"))
    family.write()
    old = _row(tmp_path)["pid"]
    family.ask_to_renew()
    state = lambda: json.loads((tmp_path / report.PLACE).read_text("utf-8"))["renewal"].get("state")  # noqa: E731 - read anew
    _until(family, lambda: state() == "failed")
    assert _row(tmp_path)["pid"] == old
    assert Path(f"/proc/{old}").exists()


def test_the_others_end_first_and_begin_anew(family: Family, tmp_path: Path) -> None:
    family.start(_child("import time; time.sleep(60)"))
    family.tend()
    family.write()
    old = _row(tmp_path)["pid"]
    family.ask_to_renew()
    _until(family, lambda: _row(tmp_path)["pid"] not in (old, None))
    assert _row(tmp_path)["restarts"] == 0


def test_a_log_that_cannot_be_written_costs_the_log_only(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("no folder")
    family = Family(tmp_path, settled=QUICK)
    family.start(_child(f"import pathlib; pathlib.Path({str(tmp_path / 'ran')!r}).write_text('x')"))
    _until(family, lambda: (tmp_path / "ran").exists())
    for member in family._members:
        for process in member.end():
            process.popen.wait()


def test_a_log_is_set_aside_while_it_is_written(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    with log.open("ab") as out:
        out.write(b"a" * 100 + b"\nlast\n")
        out.flush()
        trim(log, 50)
        out.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "web.old").read_bytes().endswith(b"last\n")
    assert last_line(log) == "new"


def test_what_a_dead_supervisor_wrote_is_not_believed(tmp_path: Path) -> None:
    report.write(tmp_path, {"pid": os.getpid(), "began": 1, "children": []})
    assert report.read(tmp_path) == {}
    report.write(tmp_path, {"pid": os.getpid(), "began": report.began_at(os.getpid()), "children": []})
    assert report.read(tmp_path)["children"] == []
