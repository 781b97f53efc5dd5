"""Tables of the measures."""

from tinhso.measures.models.counts import (
    CountedDay,
    CountedMonth,
    DayRow,
    MonthRow,
    PartSum,
    PartTime,
    StaleDay,
    TimeRow,
    TimeStat,
)
from tinhso.measures.models.coverage import Declaration, DeclarationAnswer
from tinhso.measures.models.dti import (
    DtiAppraisal,
    DtiAssessment,
    DtiAssignment,
    DtiCriterion,
    DtiEvidence,
    DtiFinal,
    DtiPeriod,
)
from tinhso.measures.models.editions import Edition, EditionRow
from tinhso.measures.models.monitoring import PageViews, ProbeDay, ProbeMinute
from tinhso.measures.models.publications import (
    Comparison,
    Difference,
    Publication,
    PublishedCase,
    PublishedFigure,
    ReportedFigure,
)
from tinhso.measures.models.targets import UseTarget

__all__ = [
    "Comparison",
    "CountedDay",
    "CountedMonth",
    "DayRow",
    "Declaration",
    "DeclarationAnswer",
    "Difference",
    "DtiAppraisal",
    "DtiAssessment",
    "DtiAssignment",
    "DtiCriterion",
    "DtiEvidence",
    "DtiFinal",
    "DtiPeriod",
    "Edition",
    "EditionRow",
    "MonthRow",
    "PageViews",
    "PartSum",
    "PartTime",
    "ProbeDay",
    "ProbeMinute",
    "Publication",
    "PublishedCase",
    "PublishedFigure",
    "ReportedFigure",
    "StaleDay",
    "TimeRow",
    "TimeStat",
    "UseTarget",
]
