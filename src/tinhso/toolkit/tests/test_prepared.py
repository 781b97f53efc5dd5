"""Statements whose plan the connection keeps."""

from __future__ import annotations

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tinhso.toolkit.prepared import first_row

pytestmark = pytest.mark.django_db


def test_a_plan_is_kept_after_some_times_and_what_was_asked_can_be_seen() -> None:
    with CaptureQueriesContext(connection) as asked:
        for n in range(8):
            assert first_row("select %s::bigint + 41 as kept_plan", [n]) == (n + 41,)
    assert len(asked) == 8
    kept = "select count(*) from pg_prepared_statements where statement like %s"
    assert first_row(kept, ["%kept\\_plan%"]) == (1,)


def test_errors_are_those_of_other_statements_and_no_row_is_none() -> None:
    with pytest.raises(DataError), transaction.atomic():
        first_row("select 1 / %s::int", [0])
    assert first_row("select 1 where %s::int = 2", [1]) is None
