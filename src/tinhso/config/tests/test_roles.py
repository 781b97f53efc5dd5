"""Prepare a database of one's own from its owner's address."""

import stat
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tinhso.config import roles
from tinhso.config.testing import GROUND


def test_each_role_has_its_own_password_kept_from_others(
    tmp_path: Path, superuser: psycopg.Connection[Any]
) -> None:
    keep = tmp_path / "roles.json"
    url = make_conninfo(**GROUND.cluster.address("superuser", GROUND.database))
    roles.provide_elsewhere(url, keep)
    app, sealer = (roles.elsewhere(url, keep, role) for role in ("app", "sealer"))
    assert (app["user"], sealer["user"]) == ("tinhso_app", "tinhso_sealer")
    assert len({app["password"], sealer["password"]}) == 2
    assert stat.S_IMODE(keep.stat().st_mode) == 0o600


def test_an_owner_who_may_make_no_roles_is_told_so(
    tmp_path: Path, superuser: psycopg.Connection[Any]
) -> None:
    url = make_conninfo(**GROUND.cluster.address("owner", GROUND.database))
    with pytest.raises(roles.RolesNotMade, match="CREATEROLE"):
        roles.provide_elsewhere(url, tmp_path / "roles.json")


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(roles.RolesNotMade, match="Không kết nối được"):
        roles.provide_elsewhere(f"postgresql://owner@/tinhso?host={tmp_path}", tmp_path / "roles.json")
