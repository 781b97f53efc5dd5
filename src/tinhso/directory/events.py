"""Facts that the directory announces. Codes only, never personal data; fields are only ever added."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """Days off or worked instead were entered or withdrawn by a decision; ``change_id`` is the line of history."""

    entered: str
    withdrawn: str
    decision: str
    change_id: int


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A thing came in, or was changed, from the province's folder on the console.

    ``kind``: office, succession, officer, post, day, certificate, procedure; ``code``: its code in the folder;
    ``fields``: the columns that changed, blank where it is new.
    """

    kind: str
    code: str
    fields: str


@dataclass(frozen=True, slots=True)
class OfficeAdded:
    """An office was set up; ``change_id`` is the line of history, here and below."""

    office_id: int
    code: str
    valid_from: str
    decision: str
    change_id: int


@dataclass(frozen=True, slots=True)
class OfficeReformDecided:
    """A new name, another parent or the end of an office was decided; it takes effect on ``effective_date``."""

    reform_id: int
    office_id: int
    kind: str
    effective_date: str
    decision: str
    change_id: int


@dataclass(frozen=True, slots=True)
class OfficeReformApplied:
    """A decision about an office took effect; ``successor_id`` NULL: the office goes on under its own number."""

    reform_id: int
    office_id: int
    kind: str
    successor_id: int | None
    works_moved: int


@dataclass(frozen=True, slots=True)
class OfficeReformWithdrawn:
    """A decision about an office was taken back before its day."""

    reform_id: int
    office_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class OfficerInvited:
    """An account was made for an officer, and a one-time code given."""

    account_id: int
    person_id: int
    invitation_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class PostGiven:
    """A person was given a post."""

    post_id: int
    person_id: int
    office_id: int
    role: str
    valid_from: str
    change_id: int


@dataclass(frozen=True, slots=True)
class PostEnded:
    """A person's post ends; ``valid_to`` is its last day."""

    post_id: int
    person_id: int
    office_id: int
    role: str
    valid_to: str
    change_id: int


@dataclass(frozen=True, slots=True)
class AccountSuspended:
    """An account was locked, as of the next request."""

    account_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class AccountResumed:
    """A locked account was opened again."""

    account_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class DeskHandedOver:
    """The work on a desk passed from one holder to another; ``works`` counts what lay there."""

    hand_over_id: int
    from_post_id: int
    to_post_id: int
    office_id: int
    role: str
    works: int


@dataclass(frozen=True, slots=True)
class WorkPassedOn:
    """One piece of work passed on with its desk: the entry about the piece itself; ``change_id`` as everywhere."""

    hand_over_id: int
    from_post_id: int
    to_post_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class WorkMoved:
    """One piece of work moved to the successor of its office."""

    reform_id: int
    from_office_id: int
    to_office_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class PostLent:
    """A holder lets another person use a post for some days."""

    delegation_id: int
    post_id: int
    to_person_id: int
    valid_from: str
    valid_to: str
    change_id: int


@dataclass(frozen=True, slots=True)
class DelegationWithdrawn:
    """A delegation was taken back."""

    delegation_id: int
    post_id: int
    to_person_id: int
    change_id: int
