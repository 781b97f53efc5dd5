"""Open data tells every procedure of a day once, however it is read."""

import datetime as dt

import pytest

from tinhso.catalogue.queries import open_data
from tinhso.catalogue.queries.open_data import open_rows
from tinhso.catalogue.services.import_sheet import import_sheets
from tinhso.catalogue.tests.samples import CODES
from tinhso.directory.api import SYSTEM, load_demo
from tinhso.toolkit.clock import VN

TODAY = dt.date(2022, 5, 10)


@pytest.mark.django_db
def test_rows_are_read_in_batches_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    load_demo(key="thử")
    import_sheets(by=SYSTEM, at=dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN))
    whole = [row.code for row in open_rows(TODAY)]
    assert sorted(whole) == sorted(CODES)
    for size in (1, 2, 6, 7):
        monkeypatch.setattr(open_data, "BATCH", size)
        assert [row.code for row in open_rows(TODAY)] == whole
    assert list(open_rows(dt.date(1999, 1, 1))) == []
