"""What the database refuses of dossiers, whatever the code above it does."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest

from tinhso.toolkit.tests.constraints import (  # noqa: F401 - pytest finds them here
    NEW_YEAR,
    Case,
    Connection,
    Plain,
    guarded,
    insert,
    pytest_generate_tests,
    see_refused,
    test_every_guard_has_a_case,
    test_keys_point_somewhere,
    test_nothing_is_left_out,
    test_plain_rows_are_taken,
    test_the_database_refuses_it,
)

LABEL = "dossiers"
EARLIER = NEW_YEAR - dt.timedelta(days=1)
LATER = NEW_YEAR + dt.timedelta(days=30)
#: A dossier that runs.
RUNS = {"state": "in_progress", "accepted_at": LATER, "number": "n1"}

PLAIN: Plain = {
    "dossiers_correction": {"field": "ended_at", "before": NEW_YEAR, "after": LATER},
    "dossiers_dossier": {"state": "submitted", "channel": "online"},
    "dossiers_duemoved": {"cause": "pause"},
    "dossiers_opinion": {"answer": ""},
    "dossiers_result": {"number": ""},
    "dossiers_slip": {"form": "02"},
}
CASES = (
    Case(
        "a_book_counts_a_year_once", "dossiers_booknumber", twice={"office_id": 1, "book": "b", "year": 2022}
    ),
    Case("a_correction_changes_something", "dossiers_correction", {"before": LATER, "after": LATER}),
    Case("a_correction_gives_reason_and_document", "dossiers_correction", {"reason": ""}),
    Case("a_correction_is_of_a_known_moment", "dossiers_correction", {"field": "due_at"}),
    Case("a_dossier_comes_by_a_known_channel", "dossiers_dossier", {"channel": "pigeon"}),
    Case("a_dossier_does_not_end_before_it_came", "dossiers_dossier", {"ended_at": EARLIER}),
    Case(
        "a_dossier_does_not_end_before_it_was_accepted",
        "dossiers_dossier",
        {
            "state": "issued",
            "number": "n1",
            "submitted_at": EARLIER,
            "accepted_at": LATER,
            "ended_at": NEW_YEAR,
        },
    ),
    Case(
        "a_dossier_has_one_receipt",
        "dossiers_slip",
        twice={"dossier_id": 1, "form": "01"},
        allowed={"form": "02"},
    ),
    Case("a_dossier_is_in_a_known_state", "dossiers_dossier", {"state": "lost"}),
    Case(
        "a_dossier_is_paused_once_at_a_time",
        "dossiers_pause",
        twice={"dossier_id": 1},
        allowed={"ended_at": LATER},
    ),
    Case("a_due_moment_moves_for_a_known_cause", "dossiers_duemoved", {"cause": "wish"}),
    Case("a_due_moment_never_moves_earlier", "dossiers_duemoved", {"after": EARLIER}),
    Case(
        "a_due_date_comes_with_acceptance_and_never_moves_earlier",
        "dossiers_dossier",
        {**RUNS, "original_due_at": LATER, "due_at": EARLIER},
    ),
    Case("a_key_is_one_submission", "dossiers_sentonce", twice={"account_id": 1, "key": "k"}),
    Case("a_pause_does_not_end_before_it_begins", "dossiers_pause", {"ended_at": EARLIER}),
    Case("a_running_dossier_was_accepted_and_has_not_ended", "dossiers_dossier", {**RUNS, "ended_at": LATER}),
    Case("a_slip_is_a_known_form", "dossiers_slip", {"form": "05"}),
    Case("a_supplement_or_refusal_gives_its_reason", "dossiers_slip", {"form": "03", "reason": ""}),
    Case("acceptance_gives_the_number", "dossiers_dossier", {"number": "n1"}),
    Case("an_answered_opinion_has_words", "dossiers_opinion", {"answered_at": LATER}),
    Case("an_ended_dossier_says_when_it_ended", "dossiers_dossier", {"state": "refused"}),
    Case(
        "a_decided_move_gives_its_reason",
        "dossiers_duemoved",
        {"cause": "calendar", "reason": ""},
        allowed={"cause": "pause", "reason": ""},
    ),
    Case("an_issued_result_is_signed_numbered_and_sealed", "dossiers_result", {"issued_at": LATER}),
    Case(
        "an_office_is_asked_one_thing_at_a_time",
        "dossiers_opinion",
        twice={"dossier_id": 1, "office_id": 1},
        allowed={"answered_at": LATER, "answer": "Đồng ý."},
    ),
    Case("an_office_counts_a_day_once", "dossiers_daynumber", twice={"office_id": 1, "day": LATER.date()}),
    Case("dossiers_booknumber_n_check", "dossiers_booknumber", {"n": -1}),
    Case("dossiers_booknumber_year_check", "dossiers_booknumber", {"year": -1}),
    Case("dossiers_daynumber_n_check", "dossiers_daynumber", {"n": -1}),
    Case("dossiers_dossier_desk_step_check", "dossiers_dossier", {"desk_step": -1}),
    Case("dossiers_dossier_fee_vnd_check", "dossiers_dossier", {"fee_vnd": -1}),
    Case("dossiers_dossier_number_key", "dossiers_dossier", twice={"number": "n1", "accepted_at": LATER}),
    Case("dossiers_dossier_tracking_code_key", "dossiers_dossier", twice={"tracking_code": "c"}),
    Case("dossiers_draft_dossier_id_key", "dossiers_draft", twice={"dossier_id": 1}),
    Case("dossiers_draft_revision_check", "dossiers_draft", {"revision": -1}),
    Case("dossiers_draft_token_key", "dossiers_draft", twice={"token": "t"}),
    Case("dossiers_draftfile_token_key", "dossiers_draftfile", twice={"token": "t"}),
    Case("dossiers_paper_round_check", "dossiers_paper", {"round": -1}),
    Case("dossiers_paper_token_key", "dossiers_paper", twice={"token": "t"}),
    Case("dossiers_pause_slip_id_key", "dossiers_pause", twice={"slip_id": 1}),
    Case("dossiers_result_dossier_id_key", "dossiers_result", twice={"dossier_id": 1}),
    Case("dossiers_result_token_key", "dossiers_result", twice={"token": "t"}),
    Case("dossiers_slip_token_key", "dossiers_slip", twice={"token": "t"}),
    Case("dossiers_steptaken_desk_step_check", "dossiers_steptaken", {"desk_step": -1}),
)


#: What the triggers refuse: the table, a row to start from, the statement.
TRIGGERS = {
    "dossiers_correction.corrections_stay_as_they_are": (
        "dossiers_correction",
        {},
        ("update dossiers_correction set reason = 'khác'", "delete from dossiers_correction"),
    ),
    "dossiers_dossier.the_first_due_moment_stays": (
        "dossiers_dossier",
        {**RUNS, "original_due_at": LATER, "due_at": LATER},
        (
            "update dossiers_dossier set original_due_at = original_due_at - interval '1 second'",
            "update dossiers_dossier set original_due_at = null, due_at = null",
        ),
    ),
    "dossiers_duemoved.due_moves_stay_as_they_are": (
        "dossiers_duemoved",
        {},
        ("update dossiers_duemoved set after = after + interval '1 day'", "delete from dossiers_duemoved"),
    ),
}
GUARDS = [*map(str, CASES), *TRIGGERS]


@pytest.mark.parametrize("guard", TRIGGERS)
@pytest.mark.parametrize("nth", [0, 1])
def test_what_was_written_of_a_change_stays(owner: Connection, guard: str, nth: int) -> None:
    table, row, statements = TRIGGERS[guard]
    with owner.transaction(force_rollback=True):
        insert(owner, table, PLAIN, **row)
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            owner.execute(statements[nth])


def test_the_first_due_moment_comes_with_acceptance(owner: Connection) -> None:
    with owner.transaction(force_rollback=True):
        insert(owner, "dossiers_dossier", PLAIN, **RUNS)
        changed = owner.execute("update dossiers_dossier set original_due_at = now(), due_at = now()")
        assert changed.rowcount == 1


def test_a_correction_without_a_document_is_refused(owner: Connection) -> None:
    guard = "a_correction_gives_reason_and_document"
    see_refused(owner, PLAIN, Case(guard, "dossiers_correction", {"document_number": ""}))


def test_no_dossier_is_due_before_acceptance(owner: Connection) -> None:
    guard = "a_due_date_comes_with_acceptance_and_never_moves_earlier"
    see_refused(owner, PLAIN, Case(guard, "dossiers_dossier", {"due_at": LATER, "original_due_at": LATER}))


@pytest.mark.parametrize("alone", ["due_at", "original_due_at"])
def test_neither_due_moment_stands_without_the_other(owner: Connection, alone: str) -> None:
    guard = "a_due_date_comes_with_acceptance_and_never_moves_earlier"
    see_refused(owner, PLAIN, Case(guard, "dossiers_dossier", {**RUNS, alone: LATER}))


@pytest.mark.parametrize("state", ["in_progress", "paused", "awaiting_signature", "signed"])
def test_no_dossier_runs_that_was_not_accepted(owner: Connection, state: str) -> None:
    guard = "a_running_dossier_was_accepted_and_has_not_ended"
    see_refused(owner, PLAIN, Case(guard, "dossiers_dossier", {"state": state}))


@pytest.mark.parametrize("state", ["issued", "handed_over", "rejected", "refused", "withdrawn"])
def test_no_dossier_ends_without_a_moment(owner: Connection, state: str) -> None:
    guard = "an_ended_dossier_says_when_it_ended"
    see_refused(owner, PLAIN, Case(guard, "dossiers_dossier", {"state": state}))


@pytest.mark.parametrize("lacks", ["file_id", "signed_id", "number"])
def test_a_result_without_one_of_the_three_is_not_issued(owner: Connection, lacks: str) -> None:
    whole = {"issued_at": LATER, "file_id": 1, "signed_id": 2, "number": "5"}
    wrong = {**whole, lacks: "" if lacks == "number" else None}
    see_refused(
        owner, PLAIN, Case("an_issued_result_is_signed_numbered_and_sealed", "dossiers_result", wrong)
    )


def test_words_without_a_moment_are_no_answer(owner: Connection) -> None:
    see_refused(
        owner, PLAIN, Case("an_answered_opinion_has_words", "dossiers_opinion", {"answer": "Đồng ý."})
    )
