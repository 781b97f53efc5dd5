"""What the database refuses of kept files, whatever the code above it does."""

from __future__ import annotations

import pytest

from tinhso.toolkit.tests.constraints import (  # noqa: F401 - pytest finds them here
    Case,
    Connection,
    Plain,
    guarded,
    pytest_generate_tests,
    see_refused,
    test_every_guard_has_a_case,
    test_keys_point_somewhere,
    test_nothing_is_left_out,
    test_plain_rows_are_taken,
    test_the_database_refuses_it,
)

LABEL = "documents"
PLAIN: Plain = {"documents_storedfile": {"sha256": lambda n: f"{n:064x}"}}
CASES = (
    Case("documents_file_is_named_by_a_sha256", "documents_storedfile", {"sha256": "A" * 64}),
    Case("documents_file_is_not_empty", "documents_storedfile", {"size": 0}),
    Case("documents_storedfile_pages_check", "documents_storedfile", {"pages": -1}),
    Case("documents_storedfile_sha256_key", "documents_storedfile", twice={"sha256": "a" * 64}),
    Case(
        "documents_storedfile_size_check",
        "documents_storedfile",
        {"size": -1},
        behind="documents_file_is_not_empty",
    ),
)


@pytest.mark.parametrize("name", ["a" * 63, "g" * 64, "\n" + "a" * 63])
def test_a_name_of_another_shape_is_refused(owner: Connection, name: str) -> None:
    see_refused(
        owner, PLAIN, Case("documents_file_is_named_by_a_sha256", "documents_storedfile", {"sha256": name})
    )
