"""The cast of every story, and the demo's province."""

from __future__ import annotations

import pytest

from tinhso.directory.services.load_demo import load_demo
from tinhso.directory.tests.factories import Cast, make_cast

KEY = "only-for-tests"


@pytest.fixture
def cast(db: None) -> Cast:
    """Make two communes and everybody."""
    return make_cast()


@pytest.fixture
def province(db: None) -> str:
    """Load the demo's province; return the key that its secrets are made of."""
    load_demo(key=KEY)
    return KEY
