"""Tables of the directory: offices over time, people, accounts, posts, delegations, days off, access, history, reforms."""

from tinhso.directory.models.access import Invitation, OpenSession, SignInPace, SignInTried
from tinhso.directory.models.changes import Change, ChangeManager
from tinhso.directory.models.offices import Office, OfficeQuerySet, ReferenceStamp, SpecialDay, Succession
from tinhso.directory.models.people import Account, AccountManager, Delegation, Person, Post
from tinhso.directory.models.protection import DataRequest, Erasure, LegalHold, Look, LookKind
from tinhso.directory.models.reforms import HandOver, OfficeReform

__all__ = (
    "Account",
    "AccountManager",
    "Change",
    "ChangeManager",
    "DataRequest",
    "Delegation",
    "Erasure",
    "HandOver",
    "Invitation",
    "LegalHold",
    "Look",
    "LookKind",
    "Office",
    "OfficeQuerySet",
    "OfficeReform",
    "OpenSession",
    "Person",
    "Post",
    "ReferenceStamp",
    "SignInPace",
    "SignInTried",
    "SpecialDay",
    "Succession",
)
