"""Guards of the history of what is administered, of one-time codes, sessions and tries to sign in."""

from __future__ import annotations

import datetime as dt
from typing import Final

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

CODE: Final = "directory_invitation"
CHANGE: Final = "directory_change"
SESSION: Final = "directory_opensession"
TRY: Final = "directory_signintried"
LATER: Final = NEW_YEAR + dt.timedelta(hours=1)
PLAIN: Plain = {
    "directory_account": {"is_active": True},
    CODE: {
        "purpose": "activate",
        "created_at": NEW_YEAR,
        "expires_at": LATER,
        "confirmed_by_id": lambda n: n + 500,
        "confirmed_at": NEW_YEAR,
    },
    TRY: {"outcome": "signed_in"},
}
CASES = (
    Case(
        "a_closed_account_is_not_active",
        "directory_account",
        {"closed_at": NEW_YEAR},
        allowed={"closed_at": NEW_YEAR, "is_active": False},
    ),
    Case(
        "a_death_is_known_from_a_paper",
        "directory_person",
        {"died_on": NEW_YEAR.date(), "died_source": ""},
        allowed={"died_on": NEW_YEAR.date(), "died_source": "Trích lục khai tử 12/2022"},
    ),
    Case("a_change_of_the_directory_says_what", CHANGE, {"what": ""}),
    Case(
        "an_erased_change_holds_no_words",
        CHANGE,
        {"erased_at": NEW_YEAR},
        allowed={"erased_at": NEW_YEAR, "before": "", "after": "", "reason": ""},
    ),
    Case("an_invitation_has_a_known_purpose", CODE, {"purpose": "party"}),
    Case("an_invitation_ends_after_it_begins", CODE, {"expires_at": NEW_YEAR}),
    Case("directory_invitation_code_hash_key", CODE, twice={"code_hash": "0" * 64}),
    Case("a_confirmation_says_who_and_when", CODE, {"confirmed_by_id": None}),
    Case(
        "another_person_confirms_an_invitation",
        CODE,
        {"confirmed_by_id": 9, "confirmed_at": NEW_YEAR, "created_by_id": 9},
        allowed={"confirmed_by_id": 9, "confirmed_at": NEW_YEAR, "created_by_id": None},
    ),
    Case(
        "a_lost_second_factor_needs_two_administrators",
        CODE,
        {
            "purpose": "second_factor",
            "used_at": NEW_YEAR,
            "confirmed_by_id": None,
            "confirmed_at": None,
        },
        allowed={"purpose": "second_factor", "used_at": NEW_YEAR},
    ),
    Case("a_withdrawn_invitation_is_not_used", CODE, {"used_at": NEW_YEAR, "withdrawn_at": NEW_YEAR}),
    Case(
        "an_invitation_is_used_in_its_time",
        CODE,
        {"used_at": LATER + dt.timedelta(seconds=1)},
        allowed={"used_at": LATER},
    ),
    Case("directory_invitation_attempts_check", CODE, {"attempts": -1}),
    Case("a_session_is_listed_once", SESSION, twice={"session_key": "k"}),
    Case(
        "an_ended_session_has_no_key",
        SESSION,
        {"ended_at": NEW_YEAR},
        allowed={"ended_at": NEW_YEAR, "session_key": ""},
    ),
    Case("a_try_has_a_known_outcome", TRY, {"outcome": "maybe"}),
)
TRIGGERS = (f"{CHANGE}.changes_stay_as_they_are", f"{TRY}.tries_stay_as_they_are")
