"""No log holds a person's name, number or words, whatever fails: the process's own, the kept errors, PostgreSQL's."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings

from tinhso.config.logs import Errors, JsonLines
from tinhso.config.operations import quiet_log
from tinhso.config.testing import GROUND

NAME, CARD, PHONE, MAIL = "Nguyễn Thị Bí Mật", "036199012345", "0912345678", "bimat@thu.example"
PLANTED = (NAME, "Bí Mật", CARD, PHONE, MAIL, "912 345 678", "giay-khai-sinh-bi-mat")
FAILING = ("/hong/loi/", "/hong/luat/", "/hong/kieu/")


class Log:
    """What the handlers of the process wrote."""

    def __init__(self) -> None:
        """Begin empty."""
        self.stream = io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return the lines read as JSON."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    """Let the real formatter and the real keeper of errors write where the test can read."""
    kept = Log()
    handler = logging.StreamHandler(kept.stream)
    handler.setFormatter(JsonLines())
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for one in loggers:
        one.addHandler(handler)
    yield kept
    for one in loggers:
        one.removeHandler(handler)


def errors_file() -> Path:
    return Path(settings.TINHSO_DATA) / "ops/errors.jsonl"


def open_everything(client: Client) -> None:
    """Send planted words by every way: address, query, form, file, header, and to views that fail."""
    for path in (
        "/",
        f"/tim/?q={NAME}",
        f"/thu-tuc/{NAME}/",
        f"/tra-cuu/?ma={CARD}",
        f"/khong-co/{NAME}/{PHONE}/",
    ):
        client.get(path, headers={"X-Request-ID": CARD, "User-Agent": NAME})
    paper = SimpleUploadedFile("giay-khai-sinh-bi-mat.pdf", b"%PDF-1.7 " + NAME.encode())
    client.post("/tai-khoan/login/", {"login": NAME, "password": CARD})
    client.post("/kiem-tra/", {"file": paper, "name": NAME})
    for path in FAILING:
        client.post(f"{path}?sdt={PHONE}", {"name": f"{NAME} {CARD} {PHONE} {MAIL}"})


def found_in(text: str) -> list[str]:
    return [one for one in PLANTED if one in text]


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tinhso.config.tests.operations_urls")
def test_no_log_of_the_process_holds_what_a_person_sent(log: Log) -> None:
    errors_file().unlink(missing_ok=True)
    open_everything(Client(raise_request_exception=False))
    broken = [line for line in log.lines if line["level"] == "error"]
    assert {line["error"]["kind"] for line in broken} >= {
        "RuntimeError",
        "django.db.utils.IntegrityError",
        "django.db.utils.DataError",
    }
    assert found_in(log.stream.getvalue()) == []
    assert found_in(json.dumps(log.lines, ensure_ascii=False)) == []
    kept = errors_file().read_text(encoding="utf-8")
    assert kept.count("\n") >= 3
    assert found_in(kept) == []


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tinhso.config.tests.operations_urls")
def test_the_plain_format_of_django_would_give_them_away() -> None:
    """The guard is seen red: without our formatter the same requests fill the log with the person's words."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger("django").addHandler(handler)
    try:
        open_everything(Client(raise_request_exception=False))
    finally:
        logging.getLogger("django").removeHandler(handler)
    assert len(found_in(stream.getvalue())) >= 4


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tinhso.config.tests.operations_urls")
def test_an_error_says_who_where_and_under_which_id(log: Log) -> None:
    given = "0123456789abcdef0123456789abcdef"
    client = Client(raise_request_exception=False)
    answer = client.post("/hong/luat/", {"name": NAME}, headers={"X-Request-ID": given})
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] == given
    assert "Mã sự cố" in answer.content.decode()
    assert given in answer.content.decode()
    (line,) = [one for one in log.lines if one["level"] == "error"]
    assert (line["request"], line["view"], line["status"]) == (given, "break_a_rule", 500)
    assert line["error"]["sqlstate"] == "23505"
    assert any("operations_urls.py" in place for place in line["error"]["at"])


@pytest.mark.parametrize("given", [CARD, NAME, "x" * 32, "0123456789ABCDEF0123456789ABCDEF", ""])
def test_an_id_that_no_proxy_makes_is_not_taken_over(given: str, db: None) -> None:
    answer = Client().get("/tro-giup/", headers={"X-Request-ID": given} if given.isascii() else {})
    own = answer.headers["X-Request-ID"]
    assert own != given
    assert len(own) == 32


def test_messages_of_libraries_are_kept_without_their_values(log: Log) -> None:
    logging.getLogger("weasyprint").error("Ignored `%s` at %s", NAME, CARD)
    logging.getLogger("asn1").error("signer " + NAME)
    logging.getLogger("tinhso.x").error("call %s", PHONE)
    said = [line["message"] for line in log.lines]
    assert said[0] == "Ignored `%s` at %s"
    assert said[1].startswith("(test_operations_logs.py:")
    assert said[2] == "call …"


def test_a_full_disk_does_not_break_what_is_being_logged(tmp_path: Path) -> None:
    (tmp_path / "ops").write_text("a file where the folder should be")
    with override_settings(TINHSO_DATA=tmp_path):
        Errors().emit(logging.LogRecord("tinhso", logging.ERROR, __file__, 1, "x", (), None))


def postgres_says(client: Client) -> str:
    before = GROUND.cluster.log.stat().st_size
    connection.close()
    for path in FAILING:
        client.post(path, {"name": f"{NAME} {CARD}"})
    connection.close()
    with GROUND.cluster.log.open("rb") as file:
        file.seek(before)
        return file.read().decode(errors="replace")


@pytest.mark.django_db(transaction=True)
@override_settings(ROOT_URLCONF="tinhso.config.tests.operations_urls")
def test_postgresql_keeps_no_row_and_no_statement_once_it_is_quiet(
    superuser: psycopg.Connection[Any],
) -> None:
    client = Client(raise_request_exception=False)
    quiet = [
        f"alter system set {key} = '{value}'"
        for key, value in quiet_log.SETTINGS.items()
        if key not in _GIVEN
    ]
    quiet += [f"alter role tinhso_app set {key} = '{value}'" for key, value in quiet_log.OF_ROLES.items()]
    loud = [
        "alter system set log_error_verbosity = 'default'",
        "alter system set log_min_error_statement = 'error'",
    ]
    loud += [f"alter role tinhso_app set {key} = 'warning'" for key in quiet_log.OF_ROLES]
    back = [f"alter system reset {key}" for key in quiet_log.SETTINGS if key not in _GIVEN]
    try:
        for one in [*loud, "select pg_reload_conf()", "select pg_sleep(0.3)"]:
            superuser.execute(one)
        assert found_in(postgres_says(client)), "the guard is seen red: by default the row stands in the log"
        for one in [*quiet, "select pg_reload_conf()", "select pg_sleep(0.3)"]:
            superuser.execute(one)
        assert found_in(postgres_says(client)) == []
    finally:
        for one in [*back, *(f"alter role tinhso_app reset {key}" for key in quiet_log.OF_ROLES)]:
            superuser.execute(one)
        superuser.execute("select pg_reload_conf()")


#: What the test's cluster is started with on its command line, which no other setting overrides.
_GIVEN = ("log_min_duration_statement", "log_parameter_max_length")
