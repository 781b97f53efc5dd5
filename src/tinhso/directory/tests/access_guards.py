"""Guards of the pace of tries and of a second factor that was never started."""

from __future__ import annotations

from typing import Final

from tinhso.toolkit.tests.constraints import Case, Plain

PACE: Final = "directory_signinpace"
CODE: Final = "directory_invitation"
PLAIN: Plain = {PACE: {"failures": 1}}
CASES = (
    Case("directory_signinpace_key_key", PACE, twice={"key": "0" * 64}),
    Case("directory_signinpace_failures_check", PACE, {"failures": -1}),
    Case(
        "a_second_factor_is_confirmed_once_started",
        CODE,
        {"purpose": "second_factor", "created_by_id": None},
        allowed={"purpose": "second_factor"},
    ),
)
