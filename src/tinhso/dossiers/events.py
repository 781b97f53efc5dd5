"""Facts that dossiers announce. Codes only, never personal data; fields are only ever added."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _DossierFact:
    dossier_id: int
    procedure_code: str
    office_id: int


@dataclass(frozen=True, slots=True)
class DossierSubmitted(_DossierFact):
    """A dossier arrived; ``channel`` is online, counter or post."""

    channel: str


@dataclass(frozen=True, slots=True)
class DossierAccepted(_DossierFact):
    """The counter accepted a dossier: the clock of the law starts."""


@dataclass(frozen=True, slots=True)
class PapersAsked(_DossierFact):
    """The applicant was asked once for everything that is missing (form 02)."""

    slip_id: int
    paused: bool


@dataclass(frozen=True, slots=True)
class PapersSupplied(_DossierFact):
    """The applicant sent what was asked for."""


@dataclass(frozen=True, slots=True)
class DossierRefused(_DossierFact):
    """The counter refused to accept a dossier (form 03)."""

    slip_id: int


@dataclass(frozen=True, slots=True)
class DossierRejected(_DossierFact):
    """The office refused after review, in writing."""

    slip_id: int


@dataclass(frozen=True, slots=True)
class DossierForwarded(_DossierFact):
    """A dossier moved to the next desk."""

    step: int


@dataclass(frozen=True, slots=True)
class OpinionAsked(_DossierFact):
    """Another office was asked for its opinion."""

    asked_office_id: int


@dataclass(frozen=True, slots=True)
class OpinionGiven(_DossierFact):
    """The asked office answered."""

    asked_office_id: int


@dataclass(frozen=True, slots=True)
class ResultProposed(_DossierFact):
    """The specialist laid a draft result before the leader."""


@dataclass(frozen=True, slots=True)
class ResultReturned(_DossierFact):
    """The leader sent the draft back."""


@dataclass(frozen=True, slots=True)
class ResultSigned(_DossierFact):
    """The leader signed the result."""


@dataclass(frozen=True, slots=True)
class ResultIssued(_DossierFact):
    """The clerk of seals numbered, dated and sealed the result: the clock of the law ends."""


@dataclass(frozen=True, slots=True)
class ResultHandedOver(_DossierFact):
    """The applicant holds the result."""

    how: str


@dataclass(frozen=True, slots=True)
class DossierWithdrawn(_DossierFact):
    """The applicant withdrew the dossier."""


@dataclass(frozen=True, slots=True)
class DossierRebased(_DossierFact):
    """A running dossier follows a later version of its procedure; ``before`` and ``after`` are version numbers."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class DueExtended(_DossierFact):
    """The leader gave a new due moment (form 04); ``move_id`` is the row that keeps both moments."""

    move_id: int
    slip_id: int


@dataclass(frozen=True, slots=True)
class DossierCorrected(_DossierFact):
    """A wrongly recorded moment was set right; ``correction_id`` is the row that keeps both moments."""

    correction_id: int


@dataclass(frozen=True, slots=True)
class DueRecounted(_DossierFact):
    """A day off was decided after acceptance, and the due moment counted anew; ``move_id`` is the line of the ledger."""

    move_id: int
