"""A period of the Digital Transformation Index with nine criteria, and those who score and appraise them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from tinhso.directory.api import Actor, OfficeKind, Role
from tinhso.directory.tests.factories import Cast, make_actor, make_cast, make_office
from tinhso.measures.models import DtiAppraisal, DtiAssessment, DtiCriterion, DtiPeriod
from tinhso.measures.queries.dti import Line, board_of
from tinhso.measures.queries.dti_import import import_plan
from tinhso.measures.rules.dti_sheet import COLUMNS, Evidence
from tinhso.measures.services.appraise_criterion import appraise_criterion
from tinhso.measures.services.assess_criterion import Assessment, assess_criterion
from tinhso.measures.services.import_criteria import import_criteria
from tinhso.measures.services.open_dti_period import open_dti_period
from tinhso.measures.tests.conftest import NOW

PAPER = Evidence("41/BC-SNV", dt.date(2022, 1, 20), "kết quả bồi dưỡng")
SHEET = ",".join(COLUMNS) + "\n" + "\n".join(f"{n}.1,Chỉ tiêu thử {n},{n},10,,,,,,," for n in range(1, 10))


@dataclass(frozen=True)
class Scoring:
    """The cast; Ngân gives scores, Thắm appraises them, Kép does both; a period of 2021 with nine criteria."""

    cast: Cast
    ngan: Actor
    tham: Actor
    kep: Actor
    period: DtiPeriod
    criteria: dict[str, DtiCriterion]

    def assess(
        self, code: str = "4.1", score: str = "8", by: Actor | None = None, seen: int | None = None
    ) -> DtiAssessment:
        return assess_criterion(
            by=by or self.ngan,
            at=NOW,
            year=2021,
            criterion=self.criteria[code].pk,
            said=Assessment(Decimal(score), (PAPER,)),
            seen=seen,
        )

    def appraise(
        self,
        said: DtiAssessment,
        score: str | None = "7",
        by: Actor | None = None,
        reason: str = "",
        seen: int | None = None,
    ) -> DtiAppraisal:
        return appraise_criterion(
            by=by or self.tham,
            at=NOW,
            assessment=said.pk,
            score=None if score is None else Decimal(score),
            reason=reason,
            seen=seen,
        )

    def line(self, code: str = "4.1") -> Line:
        return next(one for one in board_of(self.period).lines if one.criterion.code == code)


def make_people() -> tuple[Actor, Actor, Actor]:
    """Make Ngân, who gives scores, Thắm, who appraises them, and Kép, who holds both posts."""
    office = make_office("Văn phòng Ủy ban nhân dân tỉnh", OfficeKind.DEPARTMENT, "000.00.01.H40")
    gives = (office, Role.STATISTICIAN, "Tổng hợp số liệu")
    appraises = (office, Role.FIGURES_APPROVER, "Phó Chánh Văn phòng")
    return (
        make_actor("ngan", "Vương Ngân Mẫu", gives),
        make_actor("tham", "Nghiêm Thắm Giả Định", appraises),
        make_actor("kep", "Lý Kép Mẫu", gives, appraises),
    )


def make_scoring() -> Scoring:
    """Open the year 2021 and import nine criteria."""
    cast = make_cast()
    ngan, tham, kep = make_people()
    period = open_dti_period(by=ngan, at=NOW, year=2021, version="dti-2022")
    import_criteria(by=ngan, at=NOW, year=2021, text=SHEET, seen=import_plan(period, SHEET, NOW.date()).seen)
    criteria = {one.code: one for one in DtiCriterion.objects.all()}
    return Scoring(cast, ngan, tham, kep, period, criteria)
