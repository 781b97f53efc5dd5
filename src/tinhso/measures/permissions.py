"""Who may do what with targets of use and the figures of use. One table; the lists and the acts both read it."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import Q

from tinhso.directory.api import Actor, Role
from tinhso.measures.models import UseTarget
from tinhso.toolkit.policy import EVERY_ROW, NO_ROW, Policy


class MayTarget(StrEnum):
    """Permissions on a target of use, alphabetical."""

    READ = "measures:target:read"
    REPLACE = "measures:target:replace"


#: Who promotes use: sets targets, and sees where people give up.
PROMOTERS = (Role.PROMOTER,)


def promotes(by: Actor) -> Q:
    """Every row, for whoever promotes use."""
    return EVERY_ROW if by.holds(*PROMOTERS) else NO_ROW


TARGETS: Policy[UseTarget, MayTarget, Actor] = Policy(
    UseTarget, {MayTarget.READ: promotes, MayTarget.REPLACE: promotes}
)
