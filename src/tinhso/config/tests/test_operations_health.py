"""What is seen of the house, with real processes, a real database and real files; and that bad things are seen as bad."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import urllib.request
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings

from tinhso.config import logs
from tinhso.config.commands.health import command as health_command
from tinhso.config.operations import (
    counters,
    folder,
    health,
    metrics,
    of_database,
    of_machine,
    of_outside,
    of_processes,
    ready,
    watch,
)
from tinhso.config.operations.counters import Totals
from tinhso.config.operations.looking import Look
from tinhso.config.operations.parts import Limit, Part, Seen, State, limit
from tinhso.journal.queries import SEALER_LOCK
from tinhso.toolkit.clock import VN

AT = dt.datetime(2026, 12, 1, 9, 0, tzinfo=VN)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Path]:
    """Use an `ops` folder of one's own, and forget what this process answered about being ready."""
    (tmp_path / "logs").mkdir()
    with override_settings(TINHSO_DATA=tmp_path):
        ready._Kept.at = -ready.HOLDS
        yield tmp_path / "ops"
    ready._Kept.at = -ready.HOLDS


def a_look(**more: Any) -> Look:
    return Look(AT, AT, **more)


def seen(key: str, state: State = State.OK, **facts: Any) -> Seen:
    return Seen({key: state}, {}, {key: facts})


# limits


def test_a_value_that_trembles_around_a_limit_raises_one_alarm() -> None:
    bound = Limit(85, 95, margin=2)
    state, told = State.OK, []
    for value in (84, 85, 84, 85, 83.5, 84, 82.9, 84, 95, 94, 92.9, 80):
        state = bound.grade(value, state)
        told.append(state.value)
    assert " ".join(told) == "ok warn warn warn warn warn ok ok bad bad warn ok"


def test_where_less_is_worse_the_limit_works_the_other_way() -> None:
    bound = Limit(30, 7, is_low=True)
    assert [bound.grade(days) for days in (31, 30, 8, 7, -1)] == [
        State.OK,
        State.WARN,
        State.WARN,
        State.BAD,
        State.BAD,
    ]


def test_a_limit_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        limit("nothing", AT.date())


# the machine


@pytest.mark.parametrize(("percent", "state"), [(84, "ok"), (85, "warn"), (95, "bad"), (100, "bad")])
def test_a_disk_is_told_of_at_85_and_95_percent(
    percent: int, state: str, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1000, percent * 10, 1000 - percent * 10))
    parts = of_machine.disks(a_look())
    assert {part.state.value for part in parts} == {state}


def test_a_disk_that_will_be_full_soon_is_told_of_before(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1000, 500, 500))
    grown = [{"at": (AT - dt.timedelta(days=1)).isoformat(), "disk_database": 450}]
    part = of_machine.disks(a_look(hours=grown))[0]
    assert part.state is State.WARN
    assert "đầy hẳn sau 10 ngày" in part.measured
    fresh = [{"at": (AT - dt.timedelta(minutes=5)).isoformat(), "disk_database": 450}]
    assert of_machine.disks(a_look(hours=fresh))[0].state is State.OK, "five minutes tell nothing about a day"


def test_places_on_one_disk_are_one_part(house: Path) -> None:
    parts = of_machine.disks(a_look())
    devices = {of_machine._nearest(place).stat().st_dev for _, _, place in of_machine.places()}
    assert len(parts) == len(devices)


def test_the_authority_that_is_away_twice_is_told_of(db: None) -> None:
    first = of_machine.stamps(a_look())
    assert (first.state, first.facts["failed"]) == (State.UNKNOWN, 1)
    second = of_machine.stamps(a_look(before=seen("stamps", State.UNKNOWN, failed=1)))
    assert (second.state, second.facts["failed"]) == (State.WARN, 2)


# the database


def test_the_database_says_its_size_and_its_migrations(db: None) -> None:
    part = of_database.database(a_look())
    assert part.state is State.OK
    assert part.facts["bytes"] > 1_000_000
    assert part.facts["migrations_missing"] == []
    assert {"largest", "slow"} == set(of_database.details())


def test_a_missing_migration_is_bad(superuser: psycopg.Connection[Any], db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "delete from django_migrations where app = 'portal' or (app, name) in "
            "(select app, name from django_migrations where app = 'journal' order by id desc limit 1)"
        )
    part = of_database.database(a_look())
    assert part.state is State.BAD
    assert "tinhso migrate" in part.todo


def test_a_transaction_that_stays_open_is_told_of(db: None) -> None:
    before = {"database": State.OK}
    connection_ = psycopg.connect(**_address(), autocommit=False)
    try:
        connection_.execute("select 1")
        tight = Limit(0, 600)
        look_ = a_look(before=Seen(before))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                Look,
                "limit",
                lambda _, name: tight if name == "transaction_seconds" else limit(name, AT.date()),
            )
            part = of_database.database(look_)
        assert part.facts["oldest_transaction"] >= 0
        assert part.state is State.WARN
    finally:
        connection_.close()


def _address() -> dict[str, Any]:
    known = connection.settings_dict
    return {"host": known["HOST"], "user": known["USER"], "dbname": known["NAME"]}


def test_sealing_that_stands_still_is_seen_over_two_looks(db: None) -> None:
    from django.db import transaction  # noqa: PLC0415 - beside its use

    from tinhso.directory.api import SYSTEM  # noqa: PLC0415 - the same
    from tinhso.journal.api import announce  # noqa: PLC0415 - the same
    from tinhso.journal.events import DeliveryRetried  # noqa: PLC0415 - the same

    with transaction.atomic():
        entry = announce(DeliveryRetried(1, 1, "x", "try"), about="delivery:1", by=SYSTEM, at=AT)
    first = of_database.sealing(a_look())
    assert first.state is State.BAD, "no sealer holds its lock"
    assert first.facts["oldest"] == entry
    with psycopg.connect(**_address(), autocommit=True) as held:
        held.execute("select pg_advisory_lock(%s)", [SEALER_LOCK])
        assert of_database.sealing(a_look()).state is State.OK, "just written: nothing stands still yet"
        since = (AT - dt.timedelta(seconds=70)).isoformat()
        before = seen("sealing", State.OK, oldest=entry, oldest_seen_at=since)
        still = of_database.sealing(a_look(before=before))
    assert (still.state, still.facts["seconds"]) == (State.BAD, 70.0)


# processes


def test_what_the_supervisor_wrote_is_believed_as_long_as_it_lives(house: Path) -> None:
    rows = [
        {"name": "worker", "pid": os.getpid(), "restarts": 3},
        {"name": "prober", "pid": 2**22 + 1, "restarts": 0},
    ]
    folder.write("children.json", {"pid": os.getpid(), "children": rows})
    parts = {part.key: part for part in of_processes.processes(a_look())}
    assert (parts["worker"].state, parts["prober"].state) == (State.WARN, State.BAD)
    assert "mở lại 3 lần" in parts["worker"].measured
    folder.write("children.json", {"pid": 2**22 + 1, "children": rows})
    assert of_processes.children_now() == {}


def test_a_web_server_that_does_not_answer_is_bad(house: Path) -> None:
    with override_settings(TINHSO_PORT=1):
        part = of_processes.web(a_look(), Totals())
    assert (part.state, part.measured) == (State.BAD, "Không trả lời")


# certificates, backups, drills


def test_certificates_are_told_of_30_and_7_days_before(
    house: Path, db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tinhso.config.tests.test_operations_alerts import _make_certificate  # noqa: PLC0415 - beside its use

    file = tmp_path / "tls.crt"
    _make_certificate(file, tmp_path / "tls.key")
    monkeypatch.setenv("TINHSO_TLS_CERTIFICATE", str(file))
    end = of_outside._end_in(file)
    assert end is not None
    for days, state in ((31, State.OK), (29, State.WARN), (6, State.BAD), (-1, State.BAD)):
        at = (end - dt.timedelta(days=days)).astimezone(VN)
        part = of_outside.certificates(Look(at, at))
        assert part.state is state, days
    file.write_text("broken")
    assert of_outside.certificates(a_look()).state is State.BAD


def test_a_backup_is_as_good_as_its_last_check(house: Path) -> None:
    assert of_outside.backup(a_look()).state is State.BAD, "real service without a backup"
    with override_settings(TINHSO_DEMO=True):
        assert "Chưa có" in of_outside.backup(a_look()).measured
    folder.write(
        "backup.json", {"at": AT.isoformat(), "ok": True, "findings": [{"is_fine": True, "says": "Đủ."}]}
    )
    assert of_outside.backup(a_look()).state is State.OK
    folder.write(
        "backup.json",
        {"at": AT.isoformat(), "ok": False, "findings": [{"is_fine": False, "says": "Thiếu 1 đoạn."}]},
    )
    part = of_outside.backup(a_look())
    assert (part.state, "Thiếu 1 đoạn" in part.measured) == (State.BAD, True)
    old = AT - dt.timedelta(days=3)
    folder.write("backup.json", {"at": old.isoformat(), "ok": True, "findings": []})
    assert of_outside.backup(a_look()).state is State.BAD
    folder.write("backup.json", {"at": "nonsense"})
    assert of_outside.backup(a_look()).state is State.BAD


def test_a_drill_that_failed_is_bad_and_an_old_one_is_told_of(house: Path) -> None:
    folder.write("restore-drill.json", {"at": AT.isoformat(), "ok": False})
    assert of_outside.drill(a_look()).state is State.BAD
    folder.write("restore-drill.json", {"at": (AT - dt.timedelta(days=10)).isoformat(), "ok": True})
    assert of_outside.drill(a_look()).state is State.WARN


# the whole


def test_the_command_prints_every_part_and_exits_1_when_one_is_bad(house: Path, db: None) -> None:
    with override_settings(TINHSO_PORT=1):
        answer = CliRunner().invoke(health_command, ["--json"])
        plain = CliRunner().invoke(health_command, [])
    assert answer.exit_code == plain.exit_code == 1
    told = json.loads(answer.output)
    assert told["state"] == "bad"
    assert told["parts"][0]["state"] == "bad", "the worst first"
    assert "✗ Trang web: Không trả lời." in plain.output
    assert "docs/runbooks/web-failing.md" in plain.output
    assert not (house / "health.json").exists(), "the command writes nothing down"


def test_a_database_that_is_away_is_one_bad_part_and_no_crash(
    house: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError  # noqa: PLC0415 - beside its use

    def away(_: Look) -> Part:
        raise OperationalError

    monkeypatch.setattr(of_database, "database", away)
    monkeypatch.setattr(connection, "close", lambda: None)
    parts = {part.key: part for part in health.health(a_look(), Totals())}
    assert parts["database"].state is State.BAD
    assert parts["jobs"].state is State.UNKNOWN


def test_the_watcher_keeps_what_it_saw_and_since_when(house: Path, db: None) -> None:
    watch.once(post=None, to=[], page="x")
    first = folder.read("health.json")
    assert first is not None
    assert (house / "samples.jsonl").read_text().count("\n") == 1
    watch.once(post=None, to=[], page="x")
    second = folder.read("health.json")
    assert second is not None
    assert (house / "samples.jsonl").read_text().count("\n") == 1, "one row a minute"
    since = [{one["key"]: one["since"] for one in seen_["parts"]} for seen_ in (first, second)]
    changed = since[1].pop("stamps"), since[0].pop("stamps")
    assert since[0] == since[1]
    assert changed[0] > changed[1], "the authority that did not answer twice became worse just now"
    assert second["at"] > first["at"]
    assert oct((house / "health.json").stat().st_mode)[-3:] == "600"


# health checks of the web


def test_a_living_process_says_so_without_a_database(house: Path) -> None:
    """No `db` here: a query would fail the test."""
    answer = Client().get("/livez")
    assert (answer.status_code, answer.content.decode()) == (200, "sống\n")
    assert not answer.cookies
    assert answer.headers["Cache-Control"] == "no-store"
    assert Client().head("/livez").status_code == 200
    assert Client().post("/livez").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_readiness_asks_for_database_migrations_and_sealer(
    house: Path, superuser: psycopg.Connection[Any]
) -> None:
    def asked() -> tuple[int, list[str]]:
        ready._Kept.at = -ready.HOLDS
        answer = Client().get("/readyz")
        return answer.status_code, answer.json()["reasons"]

    assert asked() == (503, ["sealer"])
    superuser.execute("select pg_advisory_lock(%s)", [SEALER_LOCK])
    assert asked() == (200, [])
    superuser.execute("update django_migrations set name = 'x' || name where app = 'journal'")
    assert asked() == (503, ["migrations"])
    superuser.execute("update django_migrations set name = substr(name, 2) where app = 'journal'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nowhere")
        assert asked() == (503, ["database"])
    superuser.execute("select pg_advisory_unlock_all()")


@pytest.mark.django_db(transaction=True)
def test_readiness_is_asked_once_a_second_whoever_asks_how_often(
    house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def ask() -> tuple[str, ...]:
        asked.append(1)
        return ()

    monkeypatch.setattr(ready, "_ask", ask)
    for _ in range(50):
        assert Client().get("/readyz").status_code == 200
    assert len(asked) == 1


def test_an_address_over_tls_is_not_led_elsewhere(house: Path) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["tinh.example"]):
        assert Client().get("/livez", headers={"Host": "127.0.0.1"}).status_code == 200


# counters and metrics


def test_sums_of_processes_that_are_gone_are_kept(house: Path) -> None:
    counter = counters.Counter()
    for status, seconds in ((200, 0.003), (302, 0.04), (404, 0.3), (500, 7.0)):
        counter.note(status, seconds)
    counter.write()
    assert counters.totals().count == 4
    os.close(counter._handle or 0)
    gone = counters.totals()
    assert gone.count == 4
    assert not list((house / "metrics").glob("web-*"))
    assert counters.totals().plain() == gone.plain(), "added up once"
    assert (gone.failed_percent, gone.quantile(0.5), gone.quantile(0.95)) == (25.0, 0.05, 10.0)
    assert Totals().quantile(0.95) is None


def test_requests_are_counted_by_class(house: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = counters.Counter()
    monkeypatch.setattr("tinhso.config.request_id.COUNTER", counter)
    for path in ("/tro-giup/", "/khong-co/", "/livez"):
        Client().get(path)
    counter.write()
    assert counters.totals().classes == {"1xx": 0, "2xx": 1, "3xx": 0, "4xx": 1, "5xx": 0}


def test_metrics_are_served_on_this_machine_and_name_nobody(house: Path, db: None) -> None:
    with metrics.served(8179) as board:
        watch.once(post=None, to=[], page="x", board=board)
        with urllib.request.urlopen("http://127.0.0.1:8179/metrics", timeout=5) as answer:
            text = answer.read().decode()
            assert answer.headers["Content-Type"] == metrics.CONTENT_TYPE
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen("http://127.0.0.1:8179/", timeout=5)
    names = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if not line.startswith("#")}
    assert {
        "tinhso_http_requests_total",
        "tinhso_jobs_dead",
        "tinhso_database_bytes",
        "tinhso_build_info",
    } <= names
    assert 'tinhso_http_request_seconds_bucket{le="+Inf"} 0' in text
    labels = {
        pair.split("=")[0]
        for line in text.splitlines()
        if "{" in line
        for pair in line.split("{")[1].split("}")[0].split(",")
    }
    assert labels == {"status", "le", "place", "part", "tinhso", "python", "django"}
    for line in text.splitlines():
        assert line.startswith("# ") or len(line.rsplit(" ", 1)) == 2


def test_the_process_is_named_in_the_log() -> None:
    assert logs._process()
    assert settings.TINHSO_ROLE == "app"
