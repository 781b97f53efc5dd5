"""The demo's documents and bodies: once, each marked where its facts were not verified."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.directory.api import load_demo
from tinhso.plans.models import Body, Directive, Establishment, Member
from tinhso.plans.queries.bodies import coverage
from tinhso.plans.queries.directives import entry_count
from tinhso.plans.services.load_directives import load_directives
from tinhso.plans.tests.factories import DAY, MORNING, make_committee
from tinhso.toolkit.clock import VN

pytestmark = pytest.mark.django_db


def test_the_province_of_the_demo_has_its_documents_and_bodies() -> None:
    load_demo(key="k" * 50)
    assert load_directives(at=MORNING) == 13
    assert load_directives(at=MORNING) == 0, "once"
    assert set(Directive.objects.filter(is_verified=False).values_list("number", flat=True)) == {
        *("14/CT-TTg", "122/KH-UBND", "140/KH-UBND", "38/KL-BCĐ"),
    }
    conclusion = Directive.objects.get(number="38/KL-BCĐ")
    assert "minh họa" in conclusion.summary
    assert conclusion.items.filter(text__contains="20/05/2022").exists()
    levels = {level.key: {one.kind: (one.have, one.total) for one in level.kinds} for level in coverage(DAY)}
    for key in ("so", "huyen"):
        for kind in ("steering", "task_force"):
            have, total = levels[key][kind]
            assert have == total > 9, (key, kind)
    assert levels["tinh"] == {"steering": (1, 1), "task_force": (1, 1), "core_team": (1, 1)}
    have, total = levels["xa"]["steering"]
    assert (total, total - have) == (226, 25)
    steering = Body.objects.get(office__kind="province", kind="steering")
    assert steering.members.get(duty="head").person.name == "Trưởng Thịnh Minh Họa"
    assert steering.members.count() > 30
    assert Member.objects.filter(body__kind="core_team").exclude(skills=[]).exists()
    assert not Body.objects.exclude(decision_number__contains="minh họa").exists()
    assert not Body.objects.exclude(members__duty="head").exists(), "every body has its head"
    assert Establishment.objects.count() == levels["so"]["steering"][1] + levels["huyen"]["steering"][1]


def test_one_document_of_the_demo_was_entered_late() -> None:
    house = make_committee()
    load_directives(at=MORNING)
    count = entry_count(house.dinh)
    assert (count.late, count.total) == (1, 13)


def test_nothing_is_entered_after_the_moment() -> None:
    make_committee()
    assert load_directives(at=dt.datetime(2022, 4, 19, 8, tzinfo=VN)) == 12
    assert not Directive.objects.filter(number="505/QĐ-TTg").exists()


def test_without_a_secretary_nothing_is_loaded() -> None:
    with pytest.raises(LookupError):
        load_directives(at=MORNING)
