"""Check what an installation writes down about itself."""

import stat
from pathlib import Path

import pytest

from tinhso.config import places


def test_the_secret_is_made_once_and_read_by_nobody_else(tmp_path: Path) -> None:
    first = places.secret(tmp_path)
    assert places.secret(tmp_path) == first
    assert len(first) >= 40
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_without_a_word_it_is_not_a_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TINHSO_DEMO")
    assert not places.is_demo(tmp_path)


def test_later_commands_know_what_the_first_start_chose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TINHSO_DEMO")
    places.keep_mode(tmp_path, is_demo=True)
    assert places.is_demo(tmp_path)
    monkeypatch.setenv("TINHSO_DEMO", "0")
    assert not places.is_demo(tmp_path)
