"""Check the checks: each finds its fault, and a sound installation passes."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from pytest_django import Settings

from tinhso.config import checks
from tinhso.config.commands.check import command
from tinhso.config.finding import Finding
from tinhso.signatures.api import TimeStampUnavailable
from tinhso.toolkit import clock

SOUND = "k3Yq9-vB7wTzR2mXcL5pHd8sGnF4jQ6aUeWi1oZt0y"


@pytest.fixture
def sound(settings: Settings) -> Settings:
    settings.SECRET_KEY = SOUND
    return settings


def _faults() -> set[str]:
    return {finding.name for finding in checks.before_start() if not finding.is_fine}


@pytest.mark.django_db
def test_a_sound_installation_has_no_fault(sound: Settings) -> None:
    assert _faults() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["short", "a" * 60, "django-insecure-" + SOUND])
def test_a_guessable_secret_is_refused(sound: Settings, key: str) -> None:
    sound.SECRET_KEY = key
    assert _faults() == {"secret"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "faults"),
    [
        ("https://dichvucong.example", {"debug"}),
        ("http://127.0.0.1:8000", set()),
        ("http://localhost", set()),
    ],
)
def test_debugging_is_for_this_machine_alone(sound: Settings, address: str, faults: set[str]) -> None:
    sound.DEBUG = True
    sound.TINHSO_PUBLIC_ADDRESS = address
    assert _faults() == faults


@pytest.mark.django_db(transaction=True)
def test_a_journal_that_can_be_changed_is_refused(sound: Settings, owner: psycopg.Connection[Any]) -> None:
    owner.execute("grant update on journal_entry to tinhso_app")
    assert _faults() == {"journal"}


@pytest.mark.django_db
def test_the_command_prints_one_document_and_fails_with_a_fault(sound: Settings) -> None:
    sound.SECRET_KEY = "short"
    result = CliRunner().invoke(command, ["--starting", "--json"])
    told = json.loads(result.output)
    assert result.exit_code == 1
    assert not told["is_fine"]
    assert [finding["name"] for finding in told["findings"] if not finding["is_fine"]] == ["secret"]


def _stamps(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], dt.datetime]) -> Finding:
    monkeypatch.setattr(checks, "authority_time", answer)
    (found,) = [check() for check in checks.WHILE_RUNNING if check.__name__ == "_stamps"]
    return found


@pytest.mark.parametrize(("seconds", "is_fine"), [(0, True), (-4, True), (30, False), (-30, False)])
def test_a_time_stamp_authority_that_goes_wrong_by_more_than_seconds_is_a_fault(
    monkeypatch: pytest.MonkeyPatch, seconds: int, is_fine: bool
) -> None:
    found = _stamps(monkeypatch, lambda: clock.now() + dt.timedelta(seconds=seconds))
    assert (found.is_fine, found.is_warning) == (is_fine, False)


def test_a_time_stamp_authority_that_is_not_there_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> dt.datetime:
        raise TimeStampUnavailable

    found = _stamps(monkeypatch, nobody)
    assert (found.is_fine, found.is_warning) == (True, True)


@pytest.mark.django_db
def test_the_command_marks_a_warning_and_yet_succeeds(
    sound: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    warned = Finding("stamps", True, "Chưa hỏi được.", is_warning=True)
    monkeypatch.setattr(checks, "everything", lambda: [warned])
    result = CliRunner().invoke(command, [])
    assert (result.exit_code, result.output) == (0, "! Chưa hỏi được.\n")
