"""A session is read by one statement, and ends when it ends."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from tinhso.config.sessions import SessionStore

pytestmark = pytest.mark.django_db


def _kept() -> str:
    session = SessionStore()
    session["lamp"] = "đèn"
    session.create()
    return str(session.session_key)


def test_what_was_kept_comes_back_by_one_statement(django_assert_num_queries: Any) -> None:
    key = _kept()
    with django_assert_num_queries(1):
        assert SessionStore(key)["lamp"] == "đèn"


def test_a_session_that_has_ended_begins_anew_under_no_key() -> None:
    key = _kept()
    row = Session.objects.get(pk=key)
    row.expire_date -= dt.timedelta(days=30)
    row.save()
    ended = SessionStore(key)
    assert "lamp" not in ended
    assert ended.session_key is None


def test_a_key_that_nobody_gave_out_holds_nothing() -> None:
    assert "lamp" not in SessionStore("a" * 32)
