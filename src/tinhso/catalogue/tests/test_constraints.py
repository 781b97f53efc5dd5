"""What the database refuses of procedures and their versions, whatever the code above it does."""

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
    see_moved,
    see_refused,
    test_every_guard_has_a_case,
    test_keys_point_somewhere,
    test_nothing_is_left_out,
    test_plain_rows_are_taken,
    test_the_database_refuses_it,
)

LABEL = "catalogue"
EARLIER = NEW_YEAR.date() - dt.timedelta(days=1)
TERMS = "a_limit_has_a_length_unless_its_unit_says_it_all"
PLAIN: Plain = {
    "catalogue_channelterm": {"channel": "online", "limit_unit": "wd"},
    "catalogue_defect": {"kind": "refuse"},
    "catalogue_processstep": {"desk": "unit"},
    "catalogue_requiredpaper": {"kind": "hand_in"},
    "catalogue_servicelevel": {"level": 4, "system": 2011, "decision_number": "", "decision_date": None},
    "catalogue_sheetrecord": {
        "outcome": "imported",
        "seen_at": None,
        "seen_account_id": None,
        "seen_name": "",
        "seen_note": "",
    },
    "catalogue_sheetdraft": {
        "state": "writing",
        "author_account_id": 1,
        "reviewer_account_id": None,
        "based_on_id": None,
        "published_id": None,
    },
}
CASES = (
    Case("a_case_has_one_term_by_channel", "catalogue_channelterm", twice={"case_id": 1, "channel": "post"}),
    Case("a_case_key_is_used_once_in_a_version", "catalogue_case", twice={"version_id": 1, "key": "k"}),
    Case("a_defect_asks_refuses_redirects_or_advises", "catalogue_defect", {"kind": "shrug"}),
    Case("a_defect_code_is_used_once_in_a_version", "catalogue_defect", twice={"version_id": 1, "code": "c"}),
    Case(TERMS, "catalogue_channelterm", {"limit_value": 0}),
    Case("a_limit_has_a_known_unit", "catalogue_channelterm", {"limit_unit": "y"}),
    Case("a_paper_is_handed_in_shown_or_known_to_the_state", "catalogue_requiredpaper", {"kind": "lost"}),
    Case(
        "a_paper_key_is_used_once_in_a_version",
        "catalogue_requiredpaper",
        twice={"version_id": 1, "key": "k"},
    ),
    Case("a_paper_not_to_be_handed_in_says_why", "catalogue_requiredpaper", {"kind": "state_has", "why": ""}),
    Case("a_procedure_has_a_code", "catalogue_procedure", {"code": ""}),
    Case("a_procedure_has_an_everyday_name", "catalogue_procedure", {"everyday_name": ""}),
    Case(
        "a_procedure_has_one_service_level_a_day",
        "catalogue_servicelevel",
        twice={"procedure_id": 1, "valid_from": NEW_YEAR.date()},
    ),
    Case("a_procedure_has_one_open_draft", "catalogue_sheetdraft", twice={"code": "9.000001"}),
    Case(
        "a_procedure_is_eligible_or_not_on_a_day",
        "catalogue_eligibility",
        twice={"procedure_id": 1, "valid_from": NEW_YEAR.date()},
    ),
    Case(
        "a_level_decided_in_the_office_has_number_day_and_reason",
        "catalogue_servicelevel",
        {"decision_number": "915/QĐ-UBND"},
    ),
    Case("a_seen_sheet_says_who_and_what", "catalogue_sheetrecord", {"seen_at": NEW_YEAR}),
    Case("a_listed_sheet_says_why", "catalogue_sheetrecord", {"outcome": "listed", "reason": ""}),
    Case("a_second_person_reviews", "catalogue_sheetdraft", {"reviewer_account_id": 1}),
    Case("a_search_word_means_something", "catalogue_searchword", {"means": ""}),
    Case("a_service_level_is_one_of_its_system", "catalogue_servicelevel", {"level": 5}),
    Case("a_sheet_draft_is_in_a_known_state", "catalogue_sheetdraft", {"state": "lost"}),
    Case(
        "a_sheet_is_published_by_a_decision",
        "catalogue_sheetdraft",
        {"state": "published", "decision_number": ""},
    ),
    Case("a_sheet_record_has_a_known_outcome", "catalogue_sheetrecord", {"outcome": "lost"}),
    Case("a_step_key_is_used_once_in_a_case", "catalogue_processstep", twice={"case_id": 1, "key": "k"}),
    Case("a_step_lies_on_a_known_desk", "catalogue_processstep", {"desk": "cellar"}),
    Case("a_step_takes_time", "catalogue_processstep", {"hours": 0}),
    Case("a_term_is_for_a_known_channel", "catalogue_channelterm", {"channel": "pigeon"}),
    Case("a_version_does_not_end_before_it_begins", "catalogue_procedureversion", {"effective_to": EARLIER}),
    Case(
        "a_version_number_is_used_once", "catalogue_procedureversion", twice={"procedure_id": 1, "number": 1}
    ),
    Case("cases_of_a_version_stand_in_order", "catalogue_case", twice={"version_id": 1, "order": 1}),
    Case("catalogue_alias_code_key", "catalogue_alias", twice={"code": "9.000001.000.00.00.H40"}),
    Case("catalogue_case_order_check", "catalogue_case", {"order": -1}),
    Case("catalogue_channelterm_fee_vnd_check", "catalogue_channelterm", {"fee_vnd": -1}),
    Case("catalogue_defect_order_check", "catalogue_defect", {"order": -1}),
    Case("catalogue_field_name_key", "catalogue_field", twice={"name": "Hộ tịch"}),
    Case("catalogue_formversion_version_id_key", "catalogue_formversion", twice={"version_id": 1}),
    Case("catalogue_legalbasis_order_check", "catalogue_legalbasis", {"order": -1}),
    Case("catalogue_procedure_code_key", "catalogue_procedure", twice={"code": "9.000001"}),
    Case("catalogue_procedureversion_number_check", "catalogue_procedureversion", {"number": -1}),
    Case("catalogue_processstep_order_check", "catalogue_processstep", {"order": -1}),
    Case("catalogue_requiredpaper_copies_check", "catalogue_requiredpaper", {"copies": -1}),
    Case("catalogue_requiredpaper_max_files_check", "catalogue_requiredpaper", {"max_files": -1}),
    Case("catalogue_requiredpaper_order_check", "catalogue_requiredpaper", {"order": -1}),
    Case("catalogue_requiredpaper_originals_check", "catalogue_requiredpaper", {"originals": -1}),
    Case("catalogue_resultkind_validity_months_check", "catalogue_resultkind", {"validity_months": -1}),
    Case("catalogue_resultkind_version_id_key", "catalogue_resultkind", twice={"version_id": 1}),
    Case("catalogue_searchmiss_query_key", "catalogue_searchmiss", twice={"query": "k"}),
    Case("catalogue_searchmiss_times_check", "catalogue_searchmiss", {"times": -1}),
    Case("catalogue_searchword_said_key", "catalogue_searchword", twice={"said": "k"}),
    Case(
        "catalogue_servicelevel_system_check",
        "catalogue_servicelevel",
        {"system": -1},
        behind="a_service_level_is_one_of_its_system",
    ),
    Case("catalogue_sheetdraft_published_id_key", "catalogue_sheetdraft", twice={"published_id": 1}),
    Case("catalogue_sheetdraft_revision_check", "catalogue_sheetdraft", {"revision": -1}),
    Case("catalogue_sheetrecord_content_hash_key", "catalogue_sheetrecord", twice={"content_hash": "k"}),
    Case("catalogue_sheetrecord_line_check", "catalogue_sheetrecord", {"line": -1}),
    Case(
        "catalogue_servicelevel_level_check",
        "catalogue_servicelevel",
        {"level": -1},
        behind="a_service_level_is_one_of_its_system",
    ),
    Case("eligibility_has_a_reason", "catalogue_eligibility", {"reason": ""}),
    Case(
        "nobody_uploads_what_the_state_has",
        "catalogue_requiredpaper",
        {"kind": "state_has", "is_upload": True},
    ),
    Case(
        "published_versions_of_a_procedure_do_not_overlap",
        "catalogue_procedureversion",
        twice={"procedure_id": 1, "published_at": NEW_YEAR},
        allowed={"published_at": None},
    ),
    Case("steps_of_a_case_stand_in_order", "catalogue_processstep", twice={"case_id": 1, "order": 1}),
)
STAMPED = ("catalogue_procedure", "catalogue_procedureversion", "catalogue_servicelevel")
KEPT = "parts_of_published_versions_stay"
#: Tables of what belongs to a version, and the column that leads there.
PARTS = {
    "catalogue_case": "version_id",
    "catalogue_defect": "version_id",
    "catalogue_formversion": "version_id",
    "catalogue_legalbasis": "version_id",
    "catalogue_requiredpaper": "version_id",
    "catalogue_resultkind": "version_id",
    "catalogue_channelterm": "case_id",
    "catalogue_processstep": "case_id",
}
FINAL = "catalogue_procedureversion.published_versions_stay_as_they_are"
GUARDS = [
    *map(str, CASES),
    *(f"{table}.a_change_moves_the_reference_stamp" for table in STAMPED),
    *(f"{table}.{KEPT}" for table in PARTS),
    FINAL,
]


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit_unit": "sameday", "limit_value": 1},
        {"limit_unit": "none", "limit_value": 1},
        {"limit_unit": "d", "limit_value": 0},
    ],
)
def test_a_limit_is_as_long_as_its_unit_says(owner: Connection, wrong: dict[str, object]) -> None:
    see_refused(owner, PLAIN, Case(TERMS, "catalogue_channelterm", wrong))


@pytest.mark.parametrize("table", STAMPED)
def test_every_change_moves_the_reference_stamp(owner: Connection, table: str) -> None:
    see_moved(owner, PLAIN, table, "select moved_at from directory_referencestamp")


@pytest.mark.parametrize("table", PARTS)
def test_nothing_comes_to_a_published_version_changes_in_it_or_leaves_it(
    owner: Connection, table: str
) -> None:
    with owner.transaction(force_rollback=True):
        version = 501
        insert(owner, "catalogue_procedureversion", PLAIN, 1, id=version)
        part = version
        if PARTS[table] == "case_id":
            part = 502
            insert(owner, "catalogue_case", PLAIN, 1, id=part, version_id=version)
        insert(owner, table, PLAIN, 1, id=503, **{PARTS[table]: part})
        owner.execute("update catalogue_procedureversion set published_at = now()")
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            insert(owner, table, PLAIN, 2, **{PARTS[table]: part})
        for change in (
            f"update {table} set id = id where id = 503",
            f"update {table} set {PARTS[table]} = 1 where id = 503",
            f"delete from {table} where id = 503",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
                owner.execute(change)
        insert(owner, table, PLAIN, 3)
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            owner.execute(f"update {table} set {PARTS[table]} = {part} where id <> 503")


@pytest.mark.parametrize(
    "change",
    [
        "update catalogue_procedureversion set published_at = null",
        "update catalogue_procedureversion set number = 9, effective_to = effective_from",
        "delete from catalogue_procedureversion",
    ],
)
def test_a_published_version_stays_as_it_is(owner: Connection, change: str) -> None:
    with owner.transaction(force_rollback=True):
        insert(owner, "catalogue_procedureversion", PLAIN, 1, published_at=NEW_YEAR)
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            owner.execute(change)


def test_the_end_of_a_published_version_is_set_once(owner: Connection) -> None:
    with owner.transaction(force_rollback=True):
        insert(owner, "catalogue_procedureversion", PLAIN, 1, published_at=NEW_YEAR)
        owner.execute("update catalogue_procedureversion set effective_to = effective_from")
        with pytest.raises(psycopg.errors.RestrictViolation), owner.transaction():
            owner.execute("update catalogue_procedureversion set effective_to = effective_from + 1")


@pytest.mark.parametrize(
    "wrong",
    [
        {"decision_date": EARLIER},
        {"decision_number": "1", "decision_date": EARLIER, "reason": ""},
        {"decision_number": "1", "decision_date": NEW_YEAR.date() + dt.timedelta(days=9)},
    ],
)
def test_a_level_is_not_half_decided(owner: Connection, wrong: dict[str, object]) -> None:
    name = "a_level_decided_in_the_office_has_number_day_and_reason"
    see_refused(owner, PLAIN, Case(name, "catalogue_servicelevel", wrong))


@pytest.mark.parametrize("missing", [{"seen_account_id": None}, {"seen_name": ""}, {"seen_note": ""}])
def test_a_sheet_is_seen_by_somebody_who_says_what(owner: Connection, missing: dict[str, object]) -> None:
    seen = {"seen_at": NEW_YEAR, "seen_account_id": 1, "seen_name": "Vy", "seen_note": "Đã sửa."}
    see_refused(
        owner, PLAIN, Case("a_seen_sheet_says_who_and_what", "catalogue_sheetrecord", {**seen, **missing})
    )
