"""What other modules may call of the directory."""

from tinhso.directory.models import Account, Delegation, Office, Person, Post, SpecialDay, Succession
from tinhso.directory.queries import (
    actor_and_password,
    actor_of,
    calendar,
    communes,
    find_offices,
    holder,
    holders,
    holders_only,
    office_of,
    offices,
    one_stamp,
    reference_stamp,
    signed_in,
    who,
)
from tinhso.directory.rules import ANYBODY, SYSTEM, Actor, HeldPost, OfficeKind, Role
from tinhso.directory.services.load_demo import cast, load_demo, one_time_secret

__all__ = [
    "ANYBODY",
    "SYSTEM",
    "Account",
    "Actor",
    "Delegation",
    "HeldPost",
    "Office",
    "OfficeKind",
    "Person",
    "Post",
    "Role",
    "SpecialDay",
    "Succession",
    "actor_and_password",
    "actor_of",
    "calendar",
    "cast",
    "communes",
    "find_offices",
    "holder",
    "holders",
    "holders_only",
    "load_demo",
    "office_of",
    "offices",
    "one_stamp",
    "one_time_secret",
    "reference_stamp",
    "signed_in",
    "who",
]
