"""The province's whole list: every procedure is there, can be read, and is filed where its level of the day allows."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.robot import file_all
from tinhso.catalogue import api
from tinhso.catalogue.models import ChannelTerm, Procedure, ProcedureVersion
from tinhso.catalogue.services.load_catalogue import rows
from tinhso.catalogue.tests.samples import CODES, address, identity
from tinhso.directory.api import SYSTEM, Office, OfficeKind, load_demo
from tinhso.dossiers.models import Dossier
from tinhso.toolkit import clock
from tinhso.toolkit.tests.real_data import real_data
from tinhso.toolkit.text import fold

TODAY = dt.date(2022, 5, 10)
#: Working hours in one unit of a limit.
HOURS = {"h": Decimal(1), "wd": Decimal(8), "d": Decimal(40) / 7, "m": Decimal(176)}
AT = dt.datetime(2022, 5, 10, 7, 30, tzinfo=clock.VN)


@pytest.fixture(scope="module")
def whole(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the list once for this module, and take it back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo(key="thử")
        api.import_sheets(by=SYSTEM, at=AT)
        assert api.load_catalogue(by=SYSTEM, at=AT) == 1_705
        assert api.load_catalogue(by=SYSTEM, at=AT) == 0
        yield
        transaction.set_rollback(True)


pytestmark = pytest.mark.usefixtures("whole")


@pytest.fixture(autouse=True)
def _morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)


@pytest.fixture(autouse=True)
def _taken_back(whole: None, django_db_blocker: Any) -> Iterator[None]:
    """Leave the list to the next test as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def said(**changes: Any) -> dict[str, Any]:
    """Return answers to the default form."""
    return {
        "requester_name": "Trần Thị Lan Thử",
        "requester_phone": "0912000111",
        "requester_id": identity(),
        "requester_address": address(),
        "for_whom": "ban-than",
        "request": "Đề nghị giải quyết việc thử nghiệm số 1.",
        "receive": "tai-quay",
        "commitment": True,
        **changes,
    }


def test_1605_of_1711_are_online_as_the_article_says() -> None:
    levels = api.service_levels(dt.date(2022, 4, 30))
    assert (levels.whole.online, levels.whole.listed) == (1_605, 1_711)
    assert levels.whole.by_level == {2: 106, 3: 480, 4: 1_125}
    assert len(levels.not_online) == 106
    assert all(one.reason for one in levels.not_online)
    for groups in (levels.by_field, levels.by_department):
        assert sum(share.listed for share in groups) == 1_711
        assert sum(share.online for share in groups) == 1_605
    assert levels.is_illustrative
    assert len(levels.eligible_not_yet) == 480


def test_no_level_of_the_new_system_is_made_up() -> None:
    assert api.service_levels(dt.date(2022, 9, 1), system=2022).whole.by_level == {0: 1_711}


def test_every_procedure_has_a_page_a_place_and_a_process_within_its_limit() -> None:
    departments = {fold(office.name) for office in Office.objects.filter(kind=OfficeKind.DEPARTMENT)}
    online = 0
    for version in ProcedureVersion.objects.on(TODAY).select_related("procedure"):
        assert version.levels
        if "province" in version.levels:
            assert fold(version.procedure.responsible) in departments, version.procedure.code
        online += api.can_file_online(version, TODAY)
    # Certified copies are on level 3, but an officer must see the original.
    assert online == 1_604
    whole = ProcedureVersion.objects.on(TODAY).filter(procedure__has_default_form=True)
    for version in whole.prefetch_related("cases__terms", "cases__steps"):
        for case in version.cases.all():
            hours = sum((step.hours for step in case.steps.all()), Decimal(0))
            for term in case.terms.all():
                if term.limit_unit in HOURS:
                    assert hours <= term.limit_value * HOURS[term.limit_unit], version.procedure_id


def test_a_page_is_made_for_any_procedure() -> None:
    for code in sorted(row["code"] for row in rows())[::29]:
        page = api.service_page(code, TODAY)
        assert page.title
        assert page.terms
        assert all(pair[0] for pair in (page.box.who, page.box.papers, page.box.time, page.box.money))


def test_the_default_form_is_whole_and_asks_again_for_what_is_missing() -> None:
    version = api.current("1.000656", TODAY)
    assert api.check_answers(version.form, said(), TODAY) == []
    for missing in ("requester_name", "request", "receive", "commitment"):
        found = api.check_answers(version.form, said(**{missing: None}), TODAY)
        assert [one.path for one in found] == [missing]
    assert {one.path for one in api.check_answers(version.form, said(for_whom="nguoi-khac"), TODAY)} == {
        "person_name",
        "person_relation",
    }


def test_an_unknown_limit_makes_no_due_date_and_an_unknown_fee_no_amount() -> None:
    open_ended = Procedure.objects.filter(
        has_default_form=True, versions__cases__terms__limit_unit="none"
    ).distinct()
    page = api.service_page(open_ended[0].code, TODAY)
    assert page.box.time[0] == "Nơi nhận hẹn ngày"
    assert page.box.money[0] == "Hỏi nơi nhận"
    assert all(line.is_unverified for line in page.terms)
    assert not any(line.is_fee_illustrative or line.is_limit_illustrative for line in page.terms)
    assert not any(hours for _step, hours in page.steps), "hours of no known limit are only a guess"
    version = api.current(open_ended[0].code, TODAY)
    case = api.case_of(version, said(), TODAY)
    assert api.fee(case, "counter", said(), TODAY).total is None
    assert not ChannelTerm.objects.filter(
        case__version__procedure__has_default_form=True,
        case__version__number=1,
        fee_vnd=0,
        case__version__effective_from__lt=TODAY,
    ).exists()


def test_imported_sheets_are_published_and_a_robot_files_what_the_province_executes(tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    with gzip.open(real_data("procedures/sheets-2025-12.jsonl.gz"), "rt", encoding="utf-8") as sheets:
        few.write_text("".join(line for n, line in enumerate(sheets) if n % 40 == 0), "utf-8")
    files = (few, real_data("procedures/portal-2026-sample.jsonl"))
    for file in files:
        account = api.import_records(file, by=SYSTEM, at=AT)
        assert account.read == account.imported + account.variants + account.repeats + account.listed
        assert account.listed == 0
    done = api.publish_records(by=SYSTEM, at=AT)
    assert done.published > 60
    assert done.left == ()
    assert api.publish_records(by=SYSTEM, at=AT).published == 0
    assert [api.import_records(file, by=SYSTEM, at=AT).changed for file in files] == [0, 0]
    fresh = ProcedureVersion.objects.filter(effective_from=TODAY).order_by("procedure__code")
    codes = list(fresh.values_list("procedure__code", flat=True))
    assert len(codes) == done.published
    for code in codes:
        assert api.service_page(code, TODAY).title
    filed = file_all(list(fresh.exclude(levels=[]).values_list("procedure__code", flat=True)))
    assert [one for one in filed if one.stuck] == []
    references = [code for code in codes if api.service_page(code, TODAY).is_reference]
    assert references
    assert not any(api.service_page(code, TODAY).can_file_online for code in references)
    assert api.current("1.001193", TODAY).number == 1, "a procedure with a form of its own stays as it is"


def test_a_robot_files_each_fifteenth_procedure_where_its_level_allows() -> None:
    codes = {row["code"] for row in list(rows())[::15]} | set(CODES)
    codes |= set([row["code"] for row in rows() if row["service_level_2022"] == "2"][::6])
    filed = file_all(sorted(codes))
    assert [one for one in filed if one.stuck] == []
    assert {one.how for one in filed} == {"online", "counter"}
    unknown = Dossier.objects.filter(tracking_code__in=[one.tracking_code for one in filed], fee_vnd=None)
    assert unknown.exclude(procedure_code__in=CODES).count() == len(filed) - len(CODES)
    assert Dossier.objects.filter(tracking_code__in=[one.tracking_code for one in filed]).count() == len(
        filed
    )
