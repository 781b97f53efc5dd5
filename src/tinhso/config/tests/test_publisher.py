"""``tinhso publisher`` goes on whatever one piece of its work says, and gives its connection back each time."""

from __future__ import annotations

import logging
from threading import Event
from typing import Any

import pytest
from django.db import OperationalError, connection

from tinhso.config.commands import publisher
from tinhso.measures import api


@pytest.mark.parametrize(
    ("trouble", "said"),
    [(OperationalError("gone"), "cannot be reached"), (ValueError("odd"), "could not be brought up to date")],
)
def test_a_trouble_with_one_piece_is_told_and_the_next_piece_is_done(
    trouble: Exception, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, done = Event(), list[str]()

    def compare(**_: Any) -> int:
        done.append("compared")
        if len(done) == 1:
            raise trouble
        return 0

    def make(**_: Any) -> int:
        done.append("made")
        stop.set()
        return 0

    monkeypatch.setattr(api, "compare_published", compare)
    monkeypatch.setattr(api, "make_editions", make)
    monkeypatch.setattr(connection, "close", lambda: done.append("let go"))
    monkeypatch.setattr(publisher, "REST", 0.01)
    with caplog.at_level(logging.WARNING):
        publisher.publish_until(stop)
    assert done == ["compared", "let go", "made", "let go"]
    assert said in caplog.text
