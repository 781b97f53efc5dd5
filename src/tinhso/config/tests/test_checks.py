"""Check the checks: each finds its fault, and a sound installation passes."""

import json
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from pytest_django import Settings

from tinhso.config import checks
from tinhso.config.commands.check import command

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
