"""Commendations: by whom, of whom, by which decision; and whom the ranking suggests."""

from __future__ import annotations

import datetime as dt

import pytest

from tinhso.directory.api import Person
from tinhso.journal.api import history
from tinhso.plans.models import Commendation
from tinhso.plans.queries.commendations import commendations, forms_on, people_at, suggested
from tinhso.plans.queries.ranking import ranking
from tinhso.plans.services.commend import CannotCommend, commend
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee, make_task
from tinhso.toolkit.policy import NotThere


@pytest.fixture
def house(db: None) -> Committee:
    return make_committee()


def praise(house: Committee, **fields: object) -> Commendation:
    asked = {
        "by": house.dinh,
        "at": MORNING,
        "office": house.bureau,
        "form": "bang-khen-tinh",
        "reason": "Đưa 12 thủ tục lên mức độ 4 trước hạn",
        "decision_number": "812/QĐ-UBND",
        "on": DAY,
        **fields,
    }
    return commend(**asked)  # type: ignore[arg-type]


def test_the_chair_and_the_secretary_commend_an_office_or_a_person(house: Committee) -> None:
    du = Person.objects.get(pk=house.du.person_id or 0)
    praise(house)
    made = praise(house, by=house.thinh, person=du)
    assert [one.person for one in commendations(house.nhap, 2022)] == [du, None]
    assert commendations(house.nhap, 2022, house.other.pk) == []
    told = history(f"commendation:{made.pk}")[0]
    assert (told.event, told.data["of_person"]) == ("plans.OfficeCommended", True)
    assert "Dụ" not in str(told.data)
    for by in (house.du, house.dien, house.kim, house.an, house.luong):
        with pytest.raises(NotThere):
            praise(house, by=by, decision_number="9")


@pytest.mark.parametrize(
    ("fields", "sentence", "field"),
    [
        ({"form": "huy-chuong"}, "Chọn hình thức", "form"),
        ({"on": dt.date(2004, 1, 1)}, "Chọn hình thức", "form"),
        ({"reason": " "}, "Ghi lý do", "reason"),
        ({"decision_number": ""}, "Ghi số quyết định", "decision_number"),
        ({"on": DAY + dt.timedelta(days=1)}, "chưa tới", "on"),
    ],
)
def test_a_commendation_that_cannot_be_is_refused(
    house: Committee, fields: dict[str, object], sentence: str, field: str
) -> None:
    with pytest.raises(CannotCommend, match=sentence) as refused:
        praise(house, **fields)
    assert refused.value.field == field


def test_a_person_is_commended_where_a_post_is_held_and_once_by_a_decision(house: Committee) -> None:
    su = Person.objects.get(pk=house.su.person_id or 0)
    with pytest.raises(CannotCommend, match="không giữ chức vụ"):
        praise(house, person=su)
    praise(house)
    with pytest.raises(CannotCommend, match="đã ghi"):
        praise(house)
    assert [one.name for one in people_at(house.bureau.pk, DAY, "tran van thi du")] == ["Trần Văn Thí Dụ"]
    assert "bieu-duong" in forms_on(DAY)


def test_the_ranking_suggests_the_best_who_were_not_commended(house: Committee) -> None:
    for office in (house.bureau, house.district):
        make_task(office, state="done", done_on=dt.date(2022, 4, 29))
        make_task(office, due=dt.date(2022, 5, 31))
    make_task(house.other)
    near = suggested(ranking(DAY, MORNING), 2022)
    assert {row.office for row in near} == {house.bureau, house.district}
    praise(house)
    assert {row.office for row in suggested(ranking(DAY, MORNING), 2022)} == {house.district}
