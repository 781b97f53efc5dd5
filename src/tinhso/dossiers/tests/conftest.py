"""The cast of every story."""

from __future__ import annotations

import pytest

from tinhso.directory.tests.factories import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Make two communes and everybody."""
    return make_cast()
