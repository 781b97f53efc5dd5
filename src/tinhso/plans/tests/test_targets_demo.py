"""The demo's targets of 2022: the article's six among them, parts that add up to 88 of 226, a line of month ends."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.directory.api import Office, OfficeKind, load_demo
from tinhso.plans.models import History, Target, TargetActual, TargetReport
from tinhso.plans.queries.counters import COUNTERS
from tinhso.plans.queries.documents import document, labels
from tinhso.plans.queries.targets import target_rows
from tinhso.plans.rules.lights import Light
from tinhso.plans.services.load_targets_of_committee import load_targets_of_committee
from tinhso.toolkit.clock import VN

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2022, 5, 10, 9, 15, tzinfo=VN)


def fraction(actual: TargetActual) -> str:
    return f"{actual.numerator:.0f}/{actual.denominator:.0f}"


def test_the_whole_province_adds_up_to_88_of_226_and_is_loaded_once() -> None:
    load_demo(key="k")
    assert load_targets_of_committee(until=NOW.replace(month=1, day=5)) == 0, "nothing was set yet"
    n = load_targets_of_committee(until=NOW)
    assert n == Target.objects.count() == 27
    assert load_targets_of_committee(until=NOW) == 0
    rows = {row.target.code: row for row in target_rows(NOW.date(), with_parts=True)}
    communes = rows["CT-001"]
    assert communes.actual is not None
    assert fraction(communes.actual) == "88/226"
    assert (communes.light, communes.parts) == (Light.VERY_SLOW, 10)
    assert communes.needed is not None
    assert 61 < communes.needed.value < 62
    reporting = rows["CT-004"]
    assert reporting.actual is not None
    assert (fraction(reporting.actual), reporting.light) == ("261/298", Light.SLOW)
    assert rows["CT-017"].light is Light.UNKNOWN
    line = TargetActual.objects.filter(target__code="CT-001").order_by("on")
    assert [(f"{one.on:%d/%m}", fraction(one)) for one in line] == [
        ("28/02", "50/226"),
        ("31/03", "61/226"),
        ("30/04", "72/226"),
        ("10/05", "88/226"),
    ], "a report of a day counts once the secretary confirmed it some days later"
    waiting = TargetReport.objects.get(answer="")
    assert waiting.office.short_name == "UBND huyện Ý Yên"
    assert History.objects.filter(what="Xác nhận số báo cáo").exists()


def test_the_data_fit_the_province() -> None:
    load_demo(key="k")
    said = document("targets_2022")["targets"]
    offices = {one.name: one for one in Office.objects.all()}
    communes = said[0]
    for part in communes["parts"]:
        mine = Office.objects.filter(kind=OfficeKind.COMMUNE, parent=offices[part["office"]]).count()
        assert {report["denominator"] for report in part["reports"]} == {str(mine)}
    for one in said:
        assert one["group"] in labels("groups")
        assert one.get("counter", "") in {"", *COUNTERS}
        assert "office" not in one or one["office"] in offices
    counted = {one.get("counter") for one in said}
    assert set(COUNTERS) <= counted, "every counter stands behind a target of the demo"
