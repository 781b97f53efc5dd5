"""What the tables of the Digital Transformation Index refuse, for the shared tests of the module's guards."""

from __future__ import annotations

import datetime as dt

from tinhso.measures.rules.dti import Status
from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

CRITERION, PERIOD, ASSESSMENT = "measures_dticriterion", "measures_dtiperiod", "measures_dtiassessment"
EVIDENCE, APPRAISAL = "measures_dtievidence", "measures_dtiappraisal"
ASSIGNMENT, FINAL = "measures_dtiassignment", "measures_dtifinal"
LATER = NEW_YEAR + dt.timedelta(days=9)

PLAIN: Plain = {
    APPRAISAL: {"score": 1},
    ASSIGNMENT: {"status": Status.DONE.value},
    PERIOD: {"closing_asked_at": LATER, "closing_asked_by_id": 1, "closed_at": LATER, "closed_by_id": 2},
}
ONCE = {"criterion_id": 1, "period_id": 1}
OPEN = {"closed_at": None, "closed_by_id": None}
CASES = (
    Case("a_criterion_ends_a_period_once", FINAL, twice=ONCE),
    Case("a_criterion_has_a_known_status", ASSIGNMENT, {"status": "soon"}),
    Case("a_criterion_has_one_first_assessment_a_period", ASSESSMENT, twice=ONCE),
    Case("a_criterion_has_one_first_assignment_a_period", ASSIGNMENT, twice=ONCE),
    Case("a_criterion_is_worth_more_than_nothing", CRITERION, {"max_score": 0}),
    Case("a_final_score_is_not_below_zero", FINAL, {"score": -1}),
    Case("a_period_is_closed_by_a_second_person", PERIOD, {"closed_by_id": 1}),
    Case("a_refused_score_has_a_reason", APPRAISAL, {"score": None, "reason": ""}),
    Case("a_self_assessed_score_is_not_below_zero", ASSESSMENT, {"score": -1}),
    Case("a_set_has_a_criterion_code_once", CRITERION, twice={"version": "v", "code": "1.1"}),
    Case("a_year_is_scored_by_one_set", PERIOD, twice={"year": 2021}),
    Case("an_appraised_score_is_not_below_zero", APPRAISAL, {"score": -1}),
    Case("an_assessment_has_one_first_appraisal", APPRAISAL, twice={"assessment_id": 1}),
    Case("evidence_names_its_paper", EVIDENCE, {"number": ""}),
    Case("evidence_stands_in_one_order", EVIDENCE, twice={"assessment_id": 1, "place": 1}),
    Case("measures_dtiappraisal_replaces_id_key", APPRAISAL, twice={"replaces_id": 1}),
    Case("measures_dtiassessment_replaces_id_key", ASSESSMENT, twice={"replaces_id": 1}),
    Case("measures_dtiassignment_replaces_id_key", ASSIGNMENT, twice={"replaces_id": 1}),
    Case("measures_dtievidence_place_check", EVIDENCE, {"place": -1}),
    Case("measures_dtiperiod_year_check", PERIOD, {"year": -1}),
    Case("who_asks_to_close_a_period_is_known", PERIOD, {**OPEN, "closing_asked_by_id": None}),
)
#: Triggers; each has its tests in ``test_dti``.
TRIGGERS = (
    f"{APPRAISAL}.appraisals_are_another_persons",
    f"{APPRAISAL}.appraisals_stay_as_they_are",
    f"{ASSESSMENT}.assessments_fit_their_criterion",
    f"{ASSESSMENT}.assessments_stay_as_they_are",
    f"{ASSIGNMENT}.assignments_fit_their_criterion",
    f"{ASSIGNMENT}.assignments_stay_as_they_are",
    f"{CRITERION}.scored_criteria_stay_as_they_are",
    f"{EVIDENCE}.evidence_stays_as_it_is",
    f"{FINAL}.final_scores_fit_their_criterion",
    f"{FINAL}.final_scores_stay_as_they_are",
    f"{PERIOD}.closed_periods_stay_as_they_are",
)
