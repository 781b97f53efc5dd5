"""Who may do what in the catalogue's office. One table; the lists and the acts both read it."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from tinhso.catalogue.models import Procedure, SheetDraft, SheetRecord
from tinhso.directory.api import Actor, Role
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy, Rule, all_of


class MaySheet(StrEnum):
    """Permissions on a sheet being written, alphabetical."""

    DROP = "catalogue:draft:drop"
    PUBLISH = "catalogue:draft:publish"
    READ = "catalogue:draft:read"
    REOPEN = "catalogue:draft:reopen"
    REVIEW = "catalogue:draft:review"
    WRITE = "catalogue:draft:write"


class MayProcedure(StrEnum):
    """Permissions on a procedure in the office, alphabetical."""

    COPY = "catalogue:procedure:copy"
    DECIDE = "catalogue:procedure:decide"
    END = "catalogue:procedure:end"
    READ = "catalogue:procedure:read"
    WRITE = "catalogue:procedure:write"


class MayRecord(StrEnum):
    """Permissions on an imported sheet, alphabetical."""

    READ = "catalogue:record:read"
    SEE = "catalogue:record:see"


def keeps(*roles: Role) -> Rule[Actor]:
    """Every row, for whoever keeps the catalogue in one of the roles."""
    return lambda by: EVERY_ROW if by.holds(*roles) else NO_ROW


def in_state(*states: str) -> Rule[Actor]:
    """Sheets in one of the states."""
    return lambda _by: Q(state__in=states)


def of_another(by: Actor) -> Q:
    """Sheets that somebody else wrote."""
    return ~Q(author_account_id=by.account_id)


KEEPERS = (Role.CATALOGUE_EDITOR, Role.CATALOGUE_REVIEWER)
_editor, _reviewer, _keeper = keeps(KEEPERS[0]), keeps(KEEPERS[1]), keeps(*KEEPERS)

SHEETS: Policy[SheetDraft, MaySheet, Actor] = Policy(
    SheetDraft,
    {
        MaySheet.DROP: all_of(_editor, in_state("writing")),
        MaySheet.PUBLISH: all_of(_keeper, in_state("approved")),
        MaySheet.READ: _keeper,
        MaySheet.REOPEN: all_of(_editor, in_state("in_review", "approved")),
        MaySheet.REVIEW: all_of(_reviewer, in_state("in_review"), of_another),
        MaySheet.WRITE: all_of(_editor, in_state("writing")),
    },
)

PROCEDURES: Policy[Procedure, MayProcedure, Actor] = Policy(
    Procedure,
    {
        MayProcedure.COPY: _editor,
        MayProcedure.DECIDE: _reviewer,
        MayProcedure.END: _reviewer,
        MayProcedure.READ: _keeper,
        MayProcedure.WRITE: _editor,
    },
)

RECORDS: Policy[SheetRecord, MayRecord, Actor] = Policy(
    SheetRecord, {MayRecord.READ: _keeper, MayRecord.SEE: _keeper}
)
