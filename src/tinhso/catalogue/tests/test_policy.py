"""Who may do what in the catalogue's office: one row for each permission, over everybody and every state of a sheet."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.catalogue.models import SheetDraft, SheetRecord
from tinhso.catalogue.permissions import (
    PROCEDURES,
    RECORDS,
    SHEETS,
    MayProcedure,
    MayRecord,
    MaySheet,
)
from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.api import ANYBODY, SYSTEM, Actor, OfficeKind, Role
from tinhso.directory.tests.factories import make_actor, make_office
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 8, 30, tzinfo=VN)
EDITOR, REVIEWER = Role.CATALOGUE_EDITOR, Role.CATALOGUE_REVIEWER
OPEN = ("writing", "in_review", "approved")
#: Who holds each permission on a procedure; nobody else does.
ON_PROCEDURES: dict[MayProcedure, set[Role]] = {
    MayProcedure.COPY: {EDITOR},
    MayProcedure.DECIDE: {REVIEWER},
    MayProcedure.END: {REVIEWER},
    MayProcedure.READ: {EDITOR, REVIEWER},
    MayProcedure.WRITE: {EDITOR},
}
#: Who holds each permission on the sheet that the editor wrote, and in which states.
ON_SHEETS: dict[MaySheet, tuple[set[Role], set[str]]] = {
    MaySheet.DROP: ({EDITOR}, {"writing"}),
    MaySheet.PUBLISH: ({EDITOR, REVIEWER}, {"approved"}),
    MaySheet.READ: ({EDITOR, REVIEWER}, set(OPEN)),
    MaySheet.REOPEN: ({EDITOR}, {"in_review", "approved"}),
    MaySheet.REVIEW: ({REVIEWER}, {"in_review"}),
    MaySheet.WRITE: ({EDITOR}, {"writing"}),
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[Role, Actor]:
    office = make_office("Văn phòng Ủy ban nhân dân tỉnh", OfficeKind.DEPARTMENT, "000.00.01.H40")
    return {role: make_actor(str(role), f"Người {n}", (office, role, "Thử")) for n, role in enumerate(Role)}


def holders(people: dict[Role, Actor], policy: object, may: object) -> set[Role]:
    """Return who sees at least one row; strangers and the software see none."""
    rows = policy.rows  # type: ignore[attr-defined]
    assert not rows(ANYBODY, may).exists()
    assert not rows(SYSTEM, may).exists()
    return {role for role, actor in people.items() if rows(actor, may).exists()}


@pytest.mark.parametrize("may", list(MayProcedure))
def test_a_procedure_is_kept_by_whom_the_table_says(people: dict[Role, Actor], may: MayProcedure) -> None:
    make_version()
    assert holders(people, PROCEDURES, may) == ON_PROCEDURES[may]


@pytest.mark.parametrize("may", list(MayRecord))
def test_an_imported_sheet_is_read_by_whoever_keeps_the_catalogue(
    people: dict[Role, Actor], may: MayRecord
) -> None:
    SheetRecord.objects.create(
        code="9.000001",
        name="Thử",
        shape="word",
        source="thu.jsonl",
        line=1,
        outcome="imported",
        content_hash="0" * 64,
        raw={},
        imported_at=AT,
    )
    assert holders(people, RECORDS, may) == {EDITOR, REVIEWER}


def write_sheet(people: dict[Role, Actor], state: str, author: Role = EDITOR) -> SheetDraft:
    return SheetDraft.objects.create(
        code="9.000001",
        sheet={},
        state=state,
        author_account_id=people[author].account_id or 0,
        author_name="Thử",
        saved_at=AT,
    )


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("may", list(MaySheet))
def test_a_sheet_is_moved_by_whom_the_table_says(
    people: dict[Role, Actor], may: MaySheet, state: str
) -> None:
    write_sheet(people, state)
    who, states = ON_SHEETS[may]
    assert holders(people, SHEETS, may) == (who if state in states else set())


def test_nobody_reviews_what_one_wrote(people: dict[Role, Actor]) -> None:
    write_sheet(people, "in_review", author=REVIEWER)
    assert holders(people, SHEETS, MaySheet.REVIEW) == set()
