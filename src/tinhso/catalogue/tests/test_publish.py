"""Publishing, search and the public page, on the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tinhso.catalogue import api
from tinhso.catalogue.models import (
    Alias,
    Case,
    ChannelTerm,
    Defect,
    FormVersion,
    Procedure,
    ProcedureVersion,
    ProcessStep,
)
from tinhso.catalogue.rules import columns
from tinhso.catalogue.services.publish import SHEETS
from tinhso.catalogue.tests.samples import CODES, TODAY, answers, sheet
from tinhso.directory.api import SYSTEM, one_stamp
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 7, 30, tzinfo=VN)

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> list[ProcedureVersion]:
    return api.import_sheets(by=SYSTEM, at=AT)


def refused(change: Any) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        change()
    return str(caught.value)


def test_importing_twice_publishes_once(published: list[ProcedureVersion]) -> None:
    assert len(published) == 6
    assert [v.pk for v in api.import_sheets(by=SYSTEM, at=AT)] == [v.pk for v in published]
    assert ProcedureVersion.objects.count() == 6


def test_a_published_version_is_never_changed(published: list[ProcedureVersion]) -> None:
    one = ProcedureVersion.objects.filter(pk=published[0].pk)
    assert "never changed" in refused(lambda: one.update(content_hash="0" * 64))
    assert "never changed" in refused(lambda: one.update(published_at=None))
    assert "never deleted" in refused(lambda: one._raw_delete("default"))


def test_nothing_that_belongs_to_a_published_version_is_changed(published: list[ProcedureVersion]) -> None:
    version = published[0]
    for change in (
        lambda: ChannelTerm.objects.filter(case__version=version).update(fee_vnd=1),
        lambda: ProcessStep.objects.filter(case__version=version).update(hours=1),
        lambda: Case.objects.filter(version=version).update(name="x"),
        lambda: FormVersion.objects.filter(version=version).update(schema={}),
        lambda: Defect.objects.filter(version=version)._raw_delete("default"),
        lambda: Defect.objects.create(
            version=version, order=99, code="X", text="x", kind="refuse", is_unverified=False
        ),
    ):
        assert "published version" in refused(change)


def test_the_next_version_ends_the_one_before_and_past_days_keep_theirs(
    published: list[ProcedureVersion],
) -> None:
    new = api.publish({**sheet("1.001193"), "effective_from": "2022-07-01"}, by=SYSTEM, at=AT)
    assert new.number == 2
    assert api.current("1.001193", dt.date(2022, 6, 30)).number == 1
    assert api.current("1.001193", dt.date(2022, 7, 1)).number == 2
    with pytest.raises(api.VersionNotLater):
        api.publish({**sheet("1.001193"), "effective_from": "2022-07-01"}, by=SYSTEM, at=AT)


def test_published_versions_of_a_procedure_do_not_overlap(published: list[ProcedureVersion]) -> None:
    old = published[0]
    twin = ProcedureVersion.objects.create(
        procedure=old.procedure,
        number=9,
        effective_from=dt.date(2022, 1, 1),
        content_hash="x",
        levels=[],
        handling={},
        can_file_online=False,
        texts={},
    )
    said = refused(lambda: ProcedureVersion.objects.filter(pk=twin.pk).update(published_at=AT))
    assert "published_versions_of_a_procedure_do_not_overlap" in said


def test_a_sheet_of_another_shape_is_not_published() -> None:
    with pytest.raises(api.SheetNotPublishable, match="code"):
        api.publish({**sheet("1.001193"), "code": "khai sinh"}, by=SYSTEM, at=AT)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("khai sinh", "1.001193"),
        ("khai sinhh", "1.001193"),
        ("lam giay khai sinh", "1.001193"),
        ("Làm khai sinh cho bé", "1.001193"),
        ("xin giay doc than", "1.004873"),
        ("giấy ĐỘC THÂN", "1.004873"),
        ("xac nhan tinh trang hon nhan", "1.004873"),
        ("mo quan", "1.001612"),
        ("dang ky kinh doanh", "1.001612"),
        ("mo cua hang", "1.001612"),
        ("xay nha", "1.013225"),
        ("giay phep xay dung", "1.013225"),
        ("ly lich tu phap", "3.000333"),
        ("giay khong tien an", "3.000333"),
        ("sao y", "2.000815"),
        ("cong chung giay to", "2.000815"),
        ("1.001193", "1.001193"),
    ],
)
@pytest.mark.usefixtures("published")
def test_everyday_words_without_marks_find_the_procedure(text: str, code: str) -> None:
    assert api.search(text, TODAY)[0].code == code


@pytest.mark.usefixtures("published")
def test_a_search_for_something_else_finds_nothing() -> None:
    assert api.search("hộ chiếu phổ thông", TODAY) == []
    assert api.search("   ", TODAY) == []
    assert api.search("khai sinh", dt.date(2020, 1, 1)) == []


@pytest.mark.parametrize("code", CODES)
@pytest.mark.usefixtures("published")
def test_the_public_page_answers_five_questions(code: str, django_assert_max_num_queries: Any) -> None:
    with one_stamp(), django_assert_max_num_queries(11):
        page = api.service_page(code, TODAY)
    with one_stamp(), django_assert_max_num_queries(2):
        assert api.service_page(code, TODAY) == page
    assert all(
        headline and more
        for headline, more in (page.box.who, page.box.papers, page.box.time, page.box.money, page.box.where)
    )
    assert all((page.how, page.mistakes, page.questions, page.terms, page.steps))
    assert all(law.effective_from is None or law.effective_from <= TODAY for law in page.legal_now)
    assert {law.number for law in page.legal_later} >= {"07/2025/NĐ-CP"} or code not in (
        "1.001193",
        "1.004873",
        "2.000815",
    )
    assert page.can_file_online is (code != "2.000815")


@pytest.mark.usefixtures("published")
def test_cases_papers_fees_and_steps_are_read_from_the_version() -> None:
    version = api.current("1.001193", TODAY)
    said = answers("1.001193", child_birth="2022-01-02")
    case = api.case_of(version, said, TODAY)
    assert case.key == "qua-han"
    assert api.fee(case, "online", said, TODAY).total == 4_000 + 16_000
    assert [p.key for p in api.papers(version, said, TODAY) if p.kind == "hand_in"] == [
        "to-khai",
        "chung-sinh",
    ]
    assert sum(step.hours for step in api.steps(case)) == 8
    assert api.form_for(version, TODAY) is not None
    assert api.form_for(version, dt.date(2019, 1, 1)) is None
    level = api.service_level(version.procedure, TODAY)
    assert level is not None
    assert (level.level, level.is_illustrative) == (4, True)
    assert "KS-NO-BIRTH-NOTICE" in {d.code for d in api.defects(version)}


def test_an_unknown_procedure_is_told() -> None:
    with pytest.raises(api.ProcedureNotFound):
        api.current("0.000000", TODAY)


def test_the_questions_inside_rows_keep_the_order_of_the_sheet(published: list[ProcedureVersion]) -> None:
    schema = api.current("2.000815", TODAY).form.schema
    for key, spec in schema["properties"].items():
        if "properties" in spec.get("items", {}):
            in_file = sheet("2.000815")["form"]["schema"]["properties"][key]["items"]["properties"]
            assert list(columns(spec)) == list(in_file)
            assert list(spec["items"]["properties"]) != list(in_file), "else this test shows nothing"


@pytest.mark.django_db
def test_old_and_provincial_codes_lead_to_todays(client: Any) -> None:
    api.import_sheet(SHEETS / "1.001193.json", by=SYSTEM, at=AT)
    Alias.objects.create(code="1.000000", procedure=Procedure.objects.get(code="1.001193"))
    for old in ("1.000000", "1.001193.000.00.00.H40", "1.001193.000.15.33.H42"):
        assert client.get(f"/thu-tuc/{old}/").headers["Location"] == "/thu-tuc/1.001193/"
    for unknown in ("9.999999", "9.999999.000.00.00.H40", "1.001193.000"):
        assert client.get(f"/thu-tuc/{unknown}/").status_code == 404
