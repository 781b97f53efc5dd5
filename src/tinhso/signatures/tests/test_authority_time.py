"""The time-stamp authority tells its time, or nobody does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tinhso.signatures.adapters import trust
from tinhso.signatures.api import TimeStampUnavailable, authority_time
from tinhso.signatures.tests.conftest import TrustProcess


def test_it_is_the_moment_in_a_fresh_stamp(services: TrustProcess) -> None:
    before = services.now()
    assert before - dt.timedelta(seconds=1) <= authority_time() <= services.now()


def test_where_nobody_answers_it_says_so_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "_current", trust.DemoTrust(tmp_path, url="http://127.0.0.1:9"))
    with pytest.raises(TimeStampUnavailable):
        authority_time()
