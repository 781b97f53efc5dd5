"""Coverage of a day: what a body is judged by begins and ends on the day that it says, and pages tell the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tinhso.catalogue.api import ProcedureVersion, ProcessStep
from tinhso.catalogue.tests.factories import make_version
from tinhso.directory.api import Office, OfficeKind, Post, Role
from tinhso.directory.tests.factories import Cast, make_cast, make_office, make_person
from tinhso.dossiers.tests.factories import make_dossier
from tinhso.measures.queries.coverage import Covered, coverage, month_ends
from tinhso.measures.rules.coverage import Doubt, Level, Reason, Status, System
from tinhso.measures.services.count_day import count_day
from tinhso.signatures.api import Certificate
from tinhso.toolkit import clock
from tinhso.toolkit.clock import VN

NOW = dt.datetime(2022, 5, 10, 12, 0, tzinfo=VN)
DAY = NOW.date()
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)
LATER = dt.datetime(2022, 6, 1, tzinfo=VN)


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return make_cast()


def publish(code: str = "9.000001", **write: str) -> ProcedureVersion:
    """Publish a small procedure of the communes; ``write`` is what its writing step has otherwise."""
    version = make_version(code)
    ProcessStep.objects.filter(case__version=version, key="write").update(**write or {"key": "write"})
    version.published_at = dt.datetime(2021, 1, 1, tzinfo=VN)
    version.save()
    return version


def covered(system: System, day: dt.date = DAY, at: dt.datetime = LATER) -> Covered:
    found = coverage(system, day, at)
    assert found is not None
    return found


def of(found: Covered, office: Office) -> Any:
    return next(row for row in found.rows if row.body.office_id == office.pk)


def certify(office: Office, kind: str, first: dt.datetime, last: dt.datetime, **more: Any) -> Certificate:
    n = Certificate.objects.count()
    holder = {"holder": make_person(f"Người Thử {n}"), "post": "Chủ tịch"} if kind == "approve" else {}
    return Certificate.objects.create(
        serial=f"{n}",
        fingerprint=f"{n}",
        kind=kind,
        office=office,
        valid_from=first,
        valid_to=last,
        subject="",
        pem="",
        **{**holder, **more},
    )


def test_before_any_definition_nothing_is_told(cast: Cast) -> None:
    assert coverage(System.ONE_STOP, dt.date(2020, 12, 31), NOW) is None


def test_a_post_at_the_counter_counts_on_its_first_and_last_day(cast: Cast) -> None:
    publish()
    Post.objects.filter(office=cast.commune, role=Role.COUNTER_CLERK).update(valid_from=BEFORE, valid_to=DAY)
    status = {day: of(covered(System.ONE_STOP, day), cast.commune).status for day in (BEFORE, DAY, AFTER)}
    assert status == {BEFORE: Status.RUNS, DAY: Status.RUNS, AFTER: Status.RUNS_NOT}
    assert of(covered(System.ONE_STOP, BEFORE - dt.timedelta(days=1)), cast.commune).status is Status.RUNS_NOT
    Post.objects.filter(office=cast.commune).update(valid_to=DAY)
    assert of(covered(System.ONE_STOP, AFTER), cast.commune).status is Status.UNKNOWN


def test_a_body_counts_by_the_offices_and_procedures_of_then(cast: Cast) -> None:
    assert of(covered(System.ONE_STOP), cast.commune).reason is Reason.NO_PROCEDURES
    publish()
    assert of(covered(System.ONE_STOP), cast.commune).reason is None
    Office.objects.filter(pk=cast.commune.pk).update(valid_to=DAY)
    new = make_office("UBND xã Mới Thử", OfficeKind.COMMUNE, "000.99.33.H40", cast.commune.parent)
    Office.objects.filter(pk=new.pk).update(valid_from=AFTER)
    reasons = {
        day: [of(covered(System.ONE_STOP, day), one).reason for one in (cast.commune, new)]
        for day in (DAY, AFTER)
    }
    assert reasons == {DAY: [None, Reason.NOT_YET], AFTER: [Reason.CLOSED, None]}


def test_an_office_is_of_the_level_that_it_belongs_to(cast: Cast) -> None:
    division = make_office("Phòng Tư pháp", OfficeKind.DIVISION, "000.01.33.H40", cast.commune.parent)
    clinic = make_office("Trạm y tế", OfficeKind.PUBLIC_UNIT, "001.15.33.H40", cast.commune)
    alone = make_office("Hội Thử", OfficeKind.MASS_ORGANISATION, "000.00.69.H40")
    found = covered(System.SIGNATURES)
    levels = [of(found, one).body.level for one in (division, clinic, alone, cast.commune)]
    assert levels == [Level.DISTRICT, Level.COMMUNE, Level.PROVINCE, Level.COMMUNE]


def test_dossiers_of_the_last_days_are_only_a_check(cast: Cast) -> None:
    publish()
    assert of(covered(System.ONE_STOP), cast.commune).known.received is None
    for n in range(40):
        count_day(day=DAY - dt.timedelta(days=n), at=LATER)
    found = covered(System.ONE_STOP)
    assert of(found, cast.commune).doubts == (Doubt.COUNTER_WITHOUT_DOSSIERS,)
    assert of(found, cast.commune).status is Status.RUNS


def test_a_dossier_counts_for_the_interlinked_one_stop_once_a_second_office_had_it(cast: Cast) -> None:
    publish("9.000001")
    publish("9.000002", desk="opinion", office="asked")
    assert of(covered(System.INTERLINKED), cast.commune).reason is Reason.NONE_INTERLINKED
    version = publish("9.000003", desk="opinion", office="department:cong-an")
    assert of(covered(System.INTERLINKED), cast.commune).status is Status.UNKNOWN
    dossier = make_dossier(cast, accepted=True, version=version)
    assert of(covered(System.INTERLINKED), cast.commune).status is Status.RUNS_NOT
    at = dt.datetime(2022, 5, 12, 9, 0, tzinfo=VN)
    dossier.opinions.create(office=cast.elsewhere, question="?", asked_by_name="Minh", asked_at=at)
    status = [
        of(covered(System.INTERLINKED, day), cast.commune).status
        for day in (DAY, at.date() - dt.timedelta(days=1), at.date())
    ]
    assert status == [Status.RUNS_NOT, Status.RUNS_NOT, Status.RUNS]
    assert of(covered(System.INTERLINKED, BEFORE), cast.commune).status is Status.UNKNOWN
    last = DAY + dt.timedelta(days=covered(System.INTERLINKED).definition.days - 1)
    far = dt.datetime(2023, 1, 1, tzinfo=VN)
    assert of(covered(System.INTERLINKED, last, far), cast.commune).known.came == 1
    assert of(covered(System.INTERLINKED, last + dt.timedelta(days=1), far), cast.commune).known.came == 0


def midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), VN)


def test_a_certificate_counts_where_it_is_in_force_at_the_end_of_the_day(cast: Cast) -> None:
    certify(cast.commune, "approve", midnight(BEFORE), midnight(AFTER))
    seal = certify(cast.commune, "seal", midnight(BEFORE) - dt.timedelta(seconds=1), midnight(AFTER))
    told = {day: of(covered(System.SIGNATURES, day), cast.commune) for day in (BEFORE, DAY)}
    assert {day: one.status for day, one in told.items()} == {BEFORE: Status.RUNS, DAY: Status.RUNS}
    day_before = of(covered(System.SIGNATURES, BEFORE - dt.timedelta(days=1)), cast.commune)
    assert (day_before.status, day_before.known.officers, day_before.known.seals) == (Status.RUNS_NOT, 0, 1)
    assert of(covered(System.SIGNATURES, AFTER), cast.commune).status is Status.UNKNOWN
    Certificate.objects.filter(pk=seal.pk).update(valid_to=midnight(AFTER) - dt.timedelta(microseconds=1))
    assert of(covered(System.SIGNATURES, DAY), cast.commune).status is Status.RUNS_NOT
    assert of(covered(System.SIGNATURES, DAY, NOW), cast.commune).status is Status.RUNS


def test_a_revoked_certificate_counts_until_then(cast: Cast) -> None:
    first, last = midnight(BEFORE), midnight(AFTER) + dt.timedelta(days=300)
    certify(cast.commune, "seal", first, last)
    one = certify(cast.commune, "approve", first, last)
    Certificate.objects.filter(pk=one.pk).update(
        revoked_at=midnight(DAY) + dt.timedelta(hours=10), revocation_reason="superseded"
    )
    status = {day: of(covered(System.SIGNATURES, day), cast.commune).status for day in (BEFORE, DAY)}
    assert status == {BEFORE: Status.RUNS, DAY: Status.RUNS_NOT}


def test_a_certificate_of_somebody_who_left_the_post_is_told(cast: Cast) -> None:
    last = midnight(AFTER) + dt.timedelta(days=300)
    post = Post.objects.get(office=cast.commune, role=Role.LEADER)
    certify(cast.commune, "approve", midnight(BEFORE), last, holder=post.person, post=post.title)
    certify(cast.commune, "seal", midnight(BEFORE), last)
    assert of(covered(System.SIGNATURES), cast.commune).doubts == ()
    Post.objects.filter(pk=post.pk).update(valid_to=BEFORE)
    assert of(covered(System.SIGNATURES), cast.commune).doubts == (Doubt.HOLDER_GONE,)
    assert of(covered(System.SIGNATURES), cast.commune).status is Status.RUNS


def test_the_days_of_the_last_months() -> None:
    assert month_ends(dt.date(2022, 3, 15), 3) == [
        dt.date(2021, 12, 31),
        dt.date(2022, 1, 31),
        dt.date(2022, 2, 28),
    ]


def test_the_files_hold_every_body_three_times_and_add_up_to_the_page(cast: Cast) -> None:
    publish()
    text = Client().get(reverse("measures:coverage_csv"), {"vao": "10/05/2022"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 3 * Office.objects.count()
    answer = Client().get(reverse("measures:coverage_json"), {"vao": "10/05/2022"})
    told = json.loads(answer.content)
    for one in told["systems"]:
        own = [row for row in rows if row["he_thong"] == one["system"]]
        assert sum(row["trang_thai"] == "runs" for row in own) == one["numerator"]
        assert sum(bool(row["trang_thai"]) for row in own) == one["denominator"]
        assert sum(bool(row["ly_do_khong_tinh"]) for row in own) == sum(one["excluded"].values())
        assert [row["ten"] for row in own] == [body["ten"] for body in one["bodies"]]
    page = Client().get(reverse("measures:coverage")).content.decode()
    assert "2 trên 2 cơ quan chạy" in page
    assert "Chưa có số liệu" in page


@pytest.mark.parametrize("name", ["coverage", "coverage_months"])
@pytest.mark.parametrize("typed", ["hôm qua", "11/05/2022", "31/12/2020"])
def test_a_day_that_is_none_is_told_and_kept(cast: Cast, name: str, typed: str) -> None:
    page = Client().get(reverse(f"measures:{name}"), {"vao": typed})
    assert 'id="ngay-err"' in page.content.decode()
    assert f'value="{typed}"' in page.content.decode()
    for file in ("coverage_csv", "coverage_json"):
        back = Client().get(reverse(f"measures:{file}"), {"vao": typed})
        assert back.headers["Location"].startswith(reverse("measures:coverage"))


def test_the_months_follow_the_bodies_of_then(cast: Cast) -> None:
    publish()
    Office.objects.filter(pk=cast.elsewhere.pk).update(valid_from=dt.date(2022, 5, 1))
    page = " ".join(Client().get(reverse("measures:coverage_months")).content.decode().split())
    assert "2 trên 2" in page
    assert "1 trên 1" in page
