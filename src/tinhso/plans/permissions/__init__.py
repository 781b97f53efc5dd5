"""Who works at the Steering Committee's desk. Each part of the module has its own table beside this."""

from __future__ import annotations

from typing import Final

from tinhso.directory.api import Actor, Role

#: Who leads the committee, and who keeps its desk.
CHAIR: Final = (Role.COMMITTEE_CHAIR,)
SECRETARY: Final = (Role.COMMITTEE_SECRETARY,)
COMMITTEE: Final = (*CHAIR, *SECRETARY)
#: Who drafts, registers and reports for an office; who signs for it.
PLANNER: Final = (Role.PLANNER,)
AGENCY: Final = (*PLANNER, Role.LEADER)
APPRAISER: Final = (Role.PLAN_APPRAISER,)
BUDGET: Final = (Role.BUDGET_OFFICER,)
#: Who inspects, and follows findings.
INSPECTOR: Final = (Role.INSPECTOR,)
#: Everybody who comes in at all.
INSIDERS: Final = (*COMMITTEE, *AGENCY, *APPRAISER, *BUDGET, *INSPECTOR)
#: Who reads everything of every office.
OVERSEERS: Final = (*COMMITTEE, *APPRAISER, *BUDGET, *INSPECTOR)


def own_offices(by: Actor) -> tuple[int, ...]:
    """Return the offices for which the actor reports or signs."""
    return by.offices(*AGENCY)
