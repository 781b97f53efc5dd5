"""Tables of the directory: offices over time, people, accounts, posts, delegations, days off, access, history."""

from tinhso.directory.models.access import Invitation, OpenSession, SignInTried
from tinhso.directory.models.changes import Change, ChangeManager
from tinhso.directory.models.offices import Office, OfficeQuerySet, ReferenceStamp, SpecialDay, Succession
from tinhso.directory.models.people import Account, AccountManager, Delegation, Person, Post

__all__ = (
    "Account",
    "AccountManager",
    "Change",
    "ChangeManager",
    "Delegation",
    "Invitation",
    "Office",
    "OfficeQuerySet",
    "OpenSession",
    "Person",
    "Post",
    "ReferenceStamp",
    "SignInTried",
    "SpecialDay",
    "Succession",
)
