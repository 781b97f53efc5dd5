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


@dataclass(frozen=True, slots=True)
class LegalHoldSet:
    """Data may not be deleted until the hold is lifted."""

    hold_id: int
    decision: str
    change_id: int


@dataclass(frozen=True, slots=True)
class LegalHoldLifted:
    """A hold ended, by a decision."""

    hold_id: int
    decision: str
    change_id: int


@dataclass(frozen=True, slots=True)
class DataCorrectionAsked:
    """A person asked to have a field of one's own data corrected."""

    request_id: int
    person_id: int
    office_id: int
    field: str


@dataclass(frozen=True, slots=True)
class DataCorrectionAnswered:
    """A correction was made, refused or withdrawn."""

    request_id: int
    person_id: int
    field: str
    answer: str
    change_id: int | None


@dataclass(frozen=True, slots=True)
class RetentionRun:
    """A batch of retention took rows out or emptied them; the proofs are the rows of ``Erasure`` with its number."""

    run: str
    rule: str
    rows: int


@dataclass(frozen=True, slots=True)
class BreachListed:
    """Somebody had the breach kit list whose data was reached; ``rows`` counts the lines."""

    asked: str
    rows: int


@dataclass(frozen=True, slots=True)
class AccountActivated:
    """An invited person set a password, and a second factor where one is needed; ``factor``: totp, webauthn or blank."""

    account_id: int
    invitation_id: int
    factor: str
    change_id: int


@dataclass(frozen=True, slots=True)
class PasswordCodeGiven:
    """A one-time code for a new password was given, by an administrator or because the person asked."""

    account_id: int
    invitation_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """A password was changed (``invitation_id`` NULL) or set by a one-time code; the other sessions ended."""

    account_id: int
    invitation_id: int | None
    sessions_ended: int
    change_id: int


@dataclass(frozen=True, slots=True)
class SecondFactorAsked:
    """An officer said that the second factor is lost."""

    account_id: int
    invitation_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class SecondFactorStarted:
    """A first administrator took up the repair of a lost second factor."""

    account_id: int
    invitation_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class SecondFactorConfirmed:
    """A second administrator confirmed it: the one-time code works from now on."""

    account_id: int
    invitation_id: int
    started_by: int
    change_id: int


@dataclass(frozen=True, slots=True)
class SecondFactorRefused:
    """An administrator refused the repair, or the officer found the phone again."""

    account_id: int
    invitation_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class SecondFactorReplaced:
    """The officer set a new second factor by the code; the old ones are gone, every session ended."""

    account_id: int
    invitation_id: int
    started_by: int
    confirmed_by: int
    factor: str
    change_id: int


@dataclass(frozen=True, slots=True)
class FactorAdded:
    """A person added a second factor of one's own; ``kind``: totp, webauthn, recovery_codes."""

    account_id: int
    kind: str
    change_id: int


@dataclass(frozen=True, slots=True)
class FactorRemoved:
    """A person removed a second factor of one's own."""

    account_id: int
    kind: str
    change_id: int


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """Sessions of an account were ended, by its owner or by an administrator."""

    account_id: int
    sessions_ended: int
    change_id: int


@dataclass(frozen=True, slots=True)
class ContactChanged:
    """A person proved a new phone number or mail address; ``kind``: phone or email."""

    account_id: int
    kind: str
    change_id: int


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """An account was closed by its owner, or because the person died."""

    account_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class AccountReopened:
    """A person took back the closing of the own account within its days."""

    account_id: int
    change_id: int


@dataclass(frozen=True, slots=True)
class DeathRecorded:
    """An officer entered that a person died, by a paper; signing in and messages end."""

    person_id: int
    account_id: int | None
    change_id: int
