"""What other modules may count of dossiers without importing them."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.directory.tests.factories import Cast, make_cast
from tinhso.dossiers.tests.factories import make_dossier
from tinhso.toolkit.counting import uses

DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_uses_count_the_dossiers_filed_in_a_period_by_procedure(cast: Cast) -> None:
    first = make_dossier(cast)
    make_dossier(cast, version=first.version, accepted=True, at=first.submitted_at + DAY)
    start, code = first.submitted_at, first.procedure_code
    assert uses(start, start + 2 * DAY) == {code: 2}
    assert uses(start, start + DAY) == {code: 1}, "the end is not within the period"
    assert uses(start - DAY, start) == {}
