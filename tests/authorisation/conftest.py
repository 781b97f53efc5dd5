"""Build the world once for a file of tests; let the trust services run for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import override_settings

from tests.authorisation import declared, published, scores, steering
from tests.authorisation import world as world_of
from tests.authorisation.world import NOON, World
from tinhso.signatures.adapters import trust
from tinhso.signatures.tests.conftest import TrustProcess
from tinhso.toolkit import clock


@pytest.fixture(scope="session")
def trust_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrustProcess]:
    """Run the trust services for the whole session."""
    running = TrustProcess(tmp_path_factory.mktemp("trust")).start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: Any, trust_process: TrustProcess, request: pytest.FixtureRequest
) -> Iterator[World]:
    """Make the province of this file, with the demo's addresses too; take it all back at the end."""
    before = trust.current()
    trust.use(trust_process.client())
    plant = getattr(request.module, "plant", None)
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        override_settings(ROOT_URLCONF="tests.authorisation.addresses"),
        world_of.taken_back(),
    ):
        patch.setattr(clock, "now", lambda: NOON)
        caches["pages"].clear()
        built = world_of.build()
        scores.add_scores(built)
        declared.add_declarations(built)
        published.add_publications(built)
        steering.add(built)
        if plant is not None:
            plant(built)
        with transaction.atomic():
            yield built
    caches["pages"].clear()
    trust.use(before)
