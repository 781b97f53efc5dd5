"""``tinhso demo year``: the year as a command, and every identity over it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings as django_settings

from tinhso.config import demo as province
from tinhso.config.commands import demo
from tinhso.config.identities import IDENTITIES
from tinhso.dossiers.models import Dossier, StepTaken
from tinhso.toolkit import clock

NOW = dt.datetime(2022, 5, 10, 7, 31, tzinfo=clock.VN)


@pytest.fixture(scope="module")
def loaded(filled: Callable[[Callable[[], object]], None]) -> dict[str, Any]:
    """Load a small year as the command does."""
    document: dict[str, Any] = {}

    def load() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda: NOW)
            document.update(demo.load_simulated_year(dossiers=1500, seed=5))

    filled(load)
    return document


@pytest.fixture
def year(loaded: dict[str, Any], db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Stand at the end of the year, in the demo."""
    settings.TINHSO_DEMO = True
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return loaded


def test_it_reports_what_it_wrote_and_what_that_takes_on_disk(year: dict[str, Any]) -> None:
    assert year["dossiers"] == Dossier.objects.count() > 1400
    assert year["steps"] == StepTaken.objects.count()
    assert year["pauses"] > 0
    assert set(year["bytes"]) >= {"dossiers_dossier", "dossiers_steptaken", "dossiers_duemoved"}
    assert year["bytes"]["dossiers_steptaken"] > 100_000
    assert year["until"] == "2022-05-10T07:30:00+07:00"
    assert year["illustrative"] is True
    json.dumps(year)


def test_the_next_start_adds_no_history_and_every_identity_holds_once_days_are_counted(
    year: dict[str, Any],
) -> None:
    province.load()
    assert Dossier.objects.count() == year["dossiers"]
    assert [finding for finding in (check() for check in IDENTITIES) if not finding.is_fine] == []


def test_a_second_year_is_refused_in_a_sentence(year: dict[str, Any]) -> None:
    refused = CliRunner().invoke(demo.command, ["year", "--dossiers", "10"])
    assert refused.exit_code == 1
    assert f"Kho này đã có 1.{year['dossiers'] - 1000} hồ sơ" in refused.output
    assert Dossier.objects.count() == year["dossiers"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--from", "2022-03-01", "--to", "2022-02-01"], "Ngày cuối đứng trước ngày đầu"),
        (["--to", "2022-06-01"], "chưa đến cuối năm mô phỏng"),
    ],
)
def test_days_that_cannot_be_are_refused(year: dict[str, Any], options: list[str], said: str) -> None:
    refused = CliRunner().invoke(demo.command, ["year", *options])
    assert refused.exit_code == 1
    assert said in refused.output


def test_outside_the_demo_there_is_no_such_command() -> None:
    assert not django_settings.TINHSO_DEMO
    refused = CliRunner().invoke(demo.command, ["year"])
    assert refused.exit_code == 1
    assert "không phải bản trình diễn" in refused.output
