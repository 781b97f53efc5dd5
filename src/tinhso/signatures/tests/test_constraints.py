"""What the database refuses of certificates and signatures, whatever the code above it does."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.toolkit.tests.constraints import (  # noqa: F401 - pytest finds them here
    NEW_YEAR,
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

LABEL = "signatures"
PLAIN: Plain = {
    "signatures_certificate": {
        "kind": "approve",
        "holder_id": lambda n: n,
        "valid_to": NEW_YEAR + dt.timedelta(days=3650),
        "revocation_reason": "",
    },
    "signatures_signature": {"kind": "approve", "level": "B-LTA", "before_id": lambda n: n + 100},
}
SEAL = {"kind": "seal", "holder_id": None, "post": ""}
REVOKED = {"revoked_at": NEW_YEAR, "revocation_reason": "post_left"}
CASES = (
    Case(
        "a_certificate_ends_after_it_begins",
        "signatures_certificate",
        {"valid_to": NEW_YEAR + dt.timedelta(days=2)},
    ),
    Case("a_person_approves_and_an_office_seals", "signatures_certificate", {"holder_id": None}),
    Case(
        "a_post_has_one_certificate_that_is_not_revoked",
        "signatures_certificate",
        twice={"holder_id": 1, "office_id": 1, "post": "Chủ tịch"},
        allowed=REVOKED,
    ),
    Case(
        "a_revocation_has_a_known_reason",
        "signatures_certificate",
        {**REVOKED, "revocation_reason": "why_not"},
    ),
    Case(
        "a_seal_has_one_certificate_that_is_not_revoked",
        "signatures_certificate",
        twice={**SEAL, "office_id": 1},
        allowed=REVOKED,
    ),
    Case("a_signature_is_of_a_known_kind", "signatures_signature", {"kind": "stamp"}),
    Case("an_official_signature_can_be_checked_for_long", "signatures_signature", {"level": "B-T"}),
    Case("signatures_certificate_edition_check", "signatures_certificate", {"edition": -1}),
    Case("signatures_certificate_fingerprint_key", "signatures_certificate", twice={"fingerprint": "f"}),
    Case("signatures_certificate_serial_key", "signatures_certificate", twice={"serial": "s"}),
    Case("signatures_signature_file_id_key", "signatures_signature", twice={"file_id": 1}),
    Case("signing_changes_the_file", "signatures_signature", {"file_id": 7, "before_id": 7}),
)


@pytest.mark.parametrize(
    "wrong",
    [
        {"post": ""},
        {"kind": "seal"},
        {**SEAL, "holder_id": 1},
        {**SEAL, "post": "Văn thư"},
        {"kind": "stamp"},
    ],
)
def test_a_certificate_is_a_persons_in_a_post_or_an_offices(
    owner: Connection, wrong: dict[str, object]
) -> None:
    see_refused(owner, PLAIN, Case("a_person_approves_and_an_office_seals", "signatures_certificate", wrong))


@pytest.mark.parametrize("wrong", [{"revoked_at": NEW_YEAR}, {"revocation_reason": "key_lost"}])
def test_a_revocation_has_moment_and_reason(owner: Connection, wrong: dict[str, object]) -> None:
    see_refused(owner, PLAIN, Case("a_revocation_has_a_known_reason", "signatures_certificate", wrong))
