"""What a body receives by the catalogue is what its counter takes; a second office had a dossier when it did a step."""

from __future__ import annotations

import datetime as dt

from tinhso.catalogue.api import ProcedureVersion, import_sheets
from tinhso.directory.api import SYSTEM, Office, OfficeKind, load_demo
from tinhso.directory.tests.factories import Cast, make_cast
from tinhso.dossiers.models import Dossier, Opinion, StepTaken
from tinhso.dossiers.queries import NoSuchOffice, route
from tinhso.dossiers.queries.bodies import Passed, passed_second_office, served_by_bodies
from tinhso.dossiers.queries.counter import receives
from tinhso.dossiers.tests.factories import NINE, make_dossier
from tinhso.toolkit.clock import VN

DAY = NINE.date()
START, END = dt.datetime(2022, 5, 1, tzinfo=VN), dt.datetime(2022, 5, 11, tzinfo=VN)


def test_every_counter_receives_what_the_filing_pages_let_it(db: None) -> None:
    load_demo(key="k")
    import_sheets(by=SYSTEM, at=NINE)
    versions = list(ProcedureVersion.objects.on(DAY).select_related("procedure"))
    served = served_by_bodies(DAY)
    counters = (OfficeKind.DEPARTMENT, OfficeKind.DISTRICT)
    offices = list(Office.objects.on(DAY).filter(kind__in=counters))
    offices += Office.objects.on(DAY).filter(kind=OfficeKind.COMMUNE)[:5]
    for office in offices:
        taken = [version for version in versions if receives(version, office, DAY)]
        assert served[office.pk].procedures == len(taken), office.name
        elsewhere = [version for version in taken if _lies_elsewhere(version, office)]
        assert served[office.pk].interlinked >= len(elsewhere)
    assert any(served[office.pk].interlinked for office in offices)
    assert set(served) == set(
        Office.objects.on(DAY).filter(kind__in=(*counters, OfficeKind.COMMUNE)).values_list("pk", flat=True)
    )


def _lies_elsewhere(version: ProcedureVersion, office: Office) -> bool:
    where = route(version, office, DAY)
    return {where.handling.pk, where.signing.pk} != {office.pk}


def test_an_office_without_the_unit_that_the_sheet_names_does_not_receive_it(db: None) -> None:
    load_demo(key="k")
    import_sheets(by=SYSTEM, at=NINE)
    district = Office.objects.get(name="Ủy ban nhân dân huyện Hải Hậu")
    before = served_by_bodies(DAY)[district.pk]
    Office.objects.filter(parent=district, kind=OfficeKind.DIVISION).update(
        valid_to=DAY - dt.timedelta(days=1)
    )
    after = served_by_bodies(DAY)[district.pk]
    assert after.procedures < before.procedures
    assert served_by_bodies(DAY - dt.timedelta(days=1))[district.pk] == before
    lacking = 0
    for version in ProcedureVersion.objects.on(DAY).select_related("procedure"):
        if "district" in version.levels:
            try:
                route(version, district, DAY)
            except NoSuchOffice:
                lacking += 1
    assert lacking == before.procedures - after.procedures


def test_a_dossier_passed_when_another_office_took_a_step_or_was_asked(db: None) -> None:
    cast = make_cast()
    dossier = make_dossier(cast, accepted=True)
    own = cast.commune.pk
    assert passed_second_office(START, END) == {}
    Dossier.objects.filter(pk=dossier.pk).update(handling_office=cast.elsewhere)
    assert passed_second_office(START, END) == {own: Passed(1, 0)}
    _step(dossier, cast, cast.commune, START)
    assert passed_second_office(START, END) == {own: Passed(1, 0)}
    _step(dossier, cast, cast.elsewhere, END)
    assert passed_second_office(START, END) == {own: Passed(1, 0)}
    _step(dossier, cast, cast.elsewhere, END - dt.timedelta(microseconds=1))
    assert passed_second_office(START, END) == {own: Passed(1, 1)}
    assert passed_second_office(NINE, END) == {own: Passed(1, 1)}
    assert passed_second_office(START, NINE) == {}


def test_an_opinion_asked_at_need_is_a_second_office_too(db: None) -> None:
    cast = make_cast()
    dossier = make_dossier(cast, accepted=True)
    Opinion.objects.create(
        dossier=dossier, office=cast.elsewhere, question="?", asked_by_name="Minh", asked_at=END
    )
    assert passed_second_office(START, END) == {}
    assert passed_second_office(START, END + dt.timedelta(seconds=1)) == {cast.commune.pk: Passed(1, 1)}


def _step(dossier: Dossier, cast: Cast, office: Office, at: dt.datetime) -> None:
    StepTaken.objects.create(
        dossier=dossier,
        verb="forward",
        before="in_progress",
        after="in_progress",
        by_name="?",
        by_office=office,
        at=at,
    )
