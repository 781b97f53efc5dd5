"""The province in which dossiers stand in every state, for the tests of data protection."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.authorisation import world as world_of
from tests.authorisation.world import NOON, World
from tinhso.config.protection import blobs
from tinhso.documents.adapters import disk
from tinhso.signatures.adapters import trust
from tinhso.signatures.tests.conftest import TrustProcess
from tinhso.toolkit import clock

#: Seconds more for the trust services.
WAITS = 180


@pytest.fixture(scope="module")
def trust_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrustProcess]:
    """Run the trust services for a file of tests."""
    running = TrustProcess(tmp_path_factory.mktemp("trust"))
    with contextlib.suppress(TimeoutError):
        running.start()
    for _second in range(WAITS):
        # A machine with much to do needs longer than the 20 s that the start waits.
        with contextlib.suppress(OSError):
            running.now()
            break
        time.sleep(1)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, trust_process: TrustProcess) -> Iterator[World]:
    """Build the province once for a file; take it all back at the end."""
    before = trust.current()
    trust.use(trust_process.client())
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        world_of.taken_back(),
    ):
        patch.setattr(clock, "now", lambda: NOON)
        built = world_of.build()
        yield built
    trust.use(before)


@pytest.fixture
def world(built: World, tmp_path: Path) -> Iterator[World]:
    """Give the province to one test, and take back what the test did, to the rows and to the files on the disk."""
    root = disk.place_of("0" * 64).parents[1]
    copy = shutil.copytree(root, tmp_path / "files")
    with transaction.atomic():
        yield built
        transaction.set_rollback(True)
    for folder in (root, blobs._aside()):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(copy, root)
