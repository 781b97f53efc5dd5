"""Give a command its database: the running one, or the embedded one for as long as the command runs."""

import contextlib
import fcntl
from collections.abc import Iterator
from typing import Literal

from django.conf import settings
from django.db import connection

from tinhso.config import roles
from tinhso.config.cluster import Cluster


class TablesNotThere(Exception):
    """Say in a Vietnamese sentence that the database has no tables yet."""


@contextlib.contextmanager
def database(role: Literal["app", "owner", "sealer"] = "app", *, needs_tables: bool = True) -> Iterator[None]:
    """Talk to the database as `role`, and stop afterwards what this started. Django is set up already.

    Raises ClusterNotStarted, RolesNotMade or TablesNotThere, each a sentence to show.
    """
    home, url = settings.TINHSO_DATA, settings.TINHSO_DATABASE_URL
    with contextlib.ExitStack() as stack:
        if url:
            roles.provide_elsewhere(url, home / "roles.json")
            address = roles.elsewhere(url, home / "roles.json", role)
        else:
            cluster = Cluster(home)
            stack.enter_context(_served(cluster))
            address = cluster.address(role)
        if role != settings.TINHSO_ROLE:
            connection.close()
            entry = roles.django(address)
            connection.settings_dict |= {key: entry[key] for key in ("USER", "PASSWORD") if key in entry}
        stack.callback(_let_go)
        if needs_tables and "django_migrations" not in connection.introspection.table_names():
            raise TablesNotThere("Cơ sở dữ liệu chưa có bảng nào. Hãy gõ: make run (hoặc: tinhso migrate).")
        yield


def _let_go() -> None:
    if not connection.in_atomic_block:
        connection.close()


@contextlib.contextmanager
def _served(cluster: Cluster) -> Iterator[None]:
    """Use the running server, or start it and stop it once no other command uses it."""
    cluster.home.mkdir(parents=True, exist_ok=True)
    with (cluster.home / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        if cluster.is_running():
            yield
            return
        cluster.start()
        try:
            yield
        finally:
            fcntl.flock(users, fcntl.LOCK_EX)
            cluster.stop()
