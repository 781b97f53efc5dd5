"""The guards of tasks: how each is broken."""

from __future__ import annotations

import datetime as dt

from tinhso.toolkit.tests.constraints import NEW_YEAR, Case, Plain

TASK, PARTNER, TIE = "plans_task", "plans_taskpartner", "plans_taskdependency"
REPORT, EVIDENCE, EXTENSION = "plans_taskreport", "plans_evidence", "plans_taskextension"
COMMENT, TRACKED = "plans_taskcomment", "plans_trackedservice"
DAY = NEW_YEAR.date()
ANSWERED = {"answer": "confirmed", "answered_at": NEW_YEAR}
PLAIN: Plain = {
    TASK: {"state": "withdrawn", "progress": 0, "confirmed_quantity": 0, "recurrence": "", "starts": DAY},
    TIE: {"task_id": lambda n: n, "needed_id": lambda n: n + 10},
    REPORT: {**ANSWERED, "progress": 0},
    EVIDENCE: {"answer": ""},
    EXTENSION: {
        "due_before": DAY,
        "due_after": DAY + dt.timedelta(days=9),
        "answer": "granted",
        "answered_at": NEW_YEAR,
    },
}
CASES = (
    Case("a_comment_says_something", COMMENT, {"text": ""}),
    Case("a_done_task_says_when", TASK, {"state": "done"}),
    Case("a_merged_task_is_withdrawn", TASK, {"state": "running", "merged_into_id": 1}),
    Case("a_piece_of_evidence_says_what_it_shows", EVIDENCE, {"label": ""}),
    Case("a_refused_extension_says_why", EXTENSION, {"answer": "refused", "answer_text": ""}),
    Case("a_report_says_at_most_the_whole", REPORT, {"progress": 101}),
    Case("a_returned_piece_says_why", EVIDENCE, {"answer": "returned", "answer_text": ""}),
    Case("a_returned_report_says_why", REPORT, {"answer": "returned", "answer_text": ""}),
    Case("a_second_person_confirms_a_report", REPORT, {"reported_by_id": 7, "answered_by_id": 7}),
    Case("a_task_does_not_need_itself", TIE, {"task_id": 5, "needed_id": 5}),
    Case("a_task_has_a_title", TASK, {"title": ""}),
    Case(
        "a_task_has_one_extension_that_waits",
        EXTENSION,
        twice={"task_id": 1, "answer": "", "answered_at": None},
        allowed={"answer": "granted", "answered_at": NEW_YEAR},
    ),
    Case(
        "a_task_has_one_report_that_waits",
        REPORT,
        twice={"task_id": 1, "answer": "", "answered_at": None},
        allowed=ANSWERED,
    ),
    Case("a_task_is_at_most_wholly_done", TASK, {"progress": 101}),
    Case("a_task_is_in_a_known_state", TASK, {"state": "lost"}),
    Case("a_task_is_not_due_before_it_starts", TASK, {"due": DAY - dt.timedelta(days=1)}),
    Case("a_task_is_not_its_own_part", TASK, {"id": 900, "parent_id": 900}),
    Case("a_task_needs_another_once", TIE, twice={"task_id": 1, "needed_id": 2}),
    Case("a_task_that_recurs_has_a_due_day", TASK, {"recurrence": "monthly"}),
    Case("an_extension_of_a_task_has_its_reason", EXTENSION, {"reason": ""}),
    Case("an_extension_of_a_task_moves_its_due_day_on", EXTENSION, {"due_after": DAY}),
    Case("an_office_co_ordinates_in_a_task_once", PARTNER, twice={"task_id": 1, "office_id": 1}),
    Case("no_more_pieces_are_confirmed_than_asked", TASK, {"quantity": 3, "confirmed_quantity": 4}),
    Case("plans_evidence_quantity_check", EVIDENCE, {"quantity": -1}),
    Case("plans_task_code_key", TASK, twice={"code": "c"}),
    Case("plans_task_confirmed_quantity_check", TASK, {"quantity": 3, "confirmed_quantity": -1}),
    Case("plans_task_progress_check", TASK, {"progress": -1}),
    Case(
        "plans_task_quantity_check",
        TASK,
        {"quantity": -1},
        behind="no_more_pieces_are_confirmed_than_asked",
    ),
    Case("plans_task_recurs_from_id_key", TASK, twice={"recurs_from_id": 1}),
    Case("plans_taskreport_progress_check", REPORT, {"progress": -1}),
    Case("plans_trackedservice_ordinal_check", TRACKED, {"ordinal": -1}),
    Case("plans_trackedservice_ordinal_key", TRACKED, twice={"ordinal": 1}),
)
TRIGGERS: tuple[str, ...] = ()
