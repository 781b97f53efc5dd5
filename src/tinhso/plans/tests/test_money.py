"""Money: lines, entries, reversals, lines of plans, sums by office."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinhso.journal.api import history
from tinhso.plans.models import BudgetEntry, BudgetLine, History, Plan
from tinhso.plans.queries.money import (
    Wanted,
    balance_of,
    ledger_of,
    lines_of,
    money_of_year,
    plans_to_take,
)
from tinhso.plans.services.add_budget_line import CannotAddLine
from tinhso.plans.services.change_budget_line import CannotChangeLine, LineTerms, change_budget_line
from tinhso.plans.services.enter_money import CannotEnter, enter_money
from tinhso.plans.services.lines_of_plan import lines_of_plan
from tinhso.plans.services.reverse_entry import CannotReverse, reverse_entry
from tinhso.plans.tests.factories import DAY, MORNING, Committee, make_committee
from tinhso.plans.tests.money_world import MILLION, make_issued_plan, make_line
from tinhso.toolkit.policy import NotThere

pytestmark = pytest.mark.django_db
LATER = MORNING + dt.timedelta(days=7)


@pytest.fixture
def house(db: None) -> Committee:
    return make_committee()


def enter(house: Committee, line: BudgetLine, kind: str, amount: int, **fields: object) -> BudgetEntry:
    """Write an entry of Kim's on 10 May."""
    asked = {"on": DAY, "document_number": "45/QĐ-STC", **fields}
    return enter_money(by=house.kim, at=MORNING, line_id=line.pk, kind=kind, amount=amount, **asked)  # type: ignore[arg-type]


def terms(line: BudgetLine) -> LineTerms:
    return LineTerms(line.name, line.source, line.capital, line.planned, line.is_security)


def test_a_line_is_asked_for_with_its_history_and_told_by_codes_only(house: Committee) -> None:
    line = make_line(house, is_security=True)
    assert (line.planned, line.is_security, line.created_by_id) == (300 * MILLION, True, house.kim.account_id)
    assert History.objects.get(about=line.about).after == "300.000.000 đ"
    (told,) = history(line.about)
    assert told.event == "plans.BudgetLineAdded"
    assert "Kho" not in str(told.data)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "  "}, "Ghi tên khoản"),
        ({"name": "x" * 301}, "tối đa 300"),
        ({"year": 2019}, "Xem lại năm"),
        ({"source": "la"}, "Chọn nguồn"),
        ({"capital": "la"}, "Chọn vốn"),
        ({"planned": 0}, "lớn hơn 0"),
        ({"planned": 10**14}, "lớn hơn 0"),
    ],
)
def test_a_line_that_cannot_be_is_refused(house: Committee, fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CannotAddLine, match=sentence):
        make_line(house, **fields)


def test_a_planner_asks_for_the_own_office_only(house: Committee) -> None:
    make_line(house, by=house.du)
    for other in (house.su, house.thinh, house.dinh, house.an, house.dien):
        with pytest.raises(NotThere):
            make_line(house, by=other)


def test_money_is_allocated_first_and_spent_next(house: Committee) -> None:
    line = make_line(house)
    with pytest.raises(CannotEnter, match="Ghi quyết định giao trước"):
        enter(house, line, "spent", 1)
    enter(house, line, "allocated", 200 * MILLION)
    with pytest.raises(CannotEnter, match=r"còn chi được 200\.000\.000 đ"):
        enter(house, line, "spent", 200 * MILLION + 1)
    enter(house, line, "spent", 120 * MILLION)
    with pytest.raises(CannotEnter, match="Sửa số đề nghị"):
        enter(house, line, "allocated", 100 * MILLION + 1)
    balance = balance_of(line)
    assert (balance.planned, balance.allocated, balance.spent) == (
        300 * MILLION,
        200 * MILLION,
        120 * MILLION,
    )
    assert [one.event for one in history(line.about)][:2] == ["plans.MoneyEntered"] * 2


@pytest.mark.parametrize(
    ("fields", "sentence", "field"),
    [
        ({"kind": "lent"}, "Chọn giao", "kind"),
        ({"amount": 0}, "lớn hơn 0", "amount"),
        ({"document_number": " "}, "Ghi số văn bản", "document_number"),
        ({"document_number": "x" * 81}, "tối đa 80", "document_number"),
        ({"note": "x" * 301}, "tối đa 300", "note"),
        ({"on": DAY + dt.timedelta(days=1)}, "chưa tới", "on"),
        ({"on": dt.date(2020, 12, 31)}, "Xem lại năm", "on"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(
    house: Committee, fields: dict[str, object], sentence: str, field: str
) -> None:
    line = make_line(house)
    asked: dict[str, object] = {"kind": "allocated", "amount": MILLION, **fields}
    with pytest.raises(CannotEnter, match=sentence) as refused:
        enter(house, line, **asked)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_only_the_budget_officer_enters_and_reverses(house: Committee) -> None:
    line = make_line(house)
    entry = enter(house, line, "allocated", MILLION)
    for other in (house.du, house.dien, house.dinh, house.thinh, house.an):
        with pytest.raises(NotThere):
            enter_money(
                by=other, at=MORNING, line_id=line.pk, kind="spent", amount=1, on=DAY, document_number="1"
            )
        with pytest.raises(NotThere):
            reverse_entry(by=other, at=MORNING, entry_id=entry.pk, reason="Nhầm")


def test_a_wrong_entry_is_taken_back_by_a_negative_one_and_both_stay(house: Committee) -> None:
    line = make_line(house)
    given_ = enter(house, line, "allocated", 200 * MILLION)
    used = enter(house, line, "spent", 50 * MILLION)
    with pytest.raises(CannotReverse, match="Đảo bút toán chi trước"):
        reverse_entry(by=house.kim, at=LATER, entry_id=given_.pk, reason="Nhầm dòng")
    with pytest.raises(CannotReverse, match="Ghi lý do"):
        reverse_entry(by=house.kim, at=LATER, entry_id=used.pk, reason=" ")
    back = reverse_entry(by=house.kim, at=LATER, entry_id=used.pk, reason="Nhầm dòng")
    assert (back.amount, back.kind, back.reverses, back.note) == (-50 * MILLION, "spent", used, "Nhầm dòng")
    reverse_entry(by=house.kim, at=LATER, entry_id=given_.pk, reason="Nhầm dòng")
    assert balance_of(line).allocated == 0
    for entry in (used, back):
        with pytest.raises(NotThere):
            reverse_entry(by=house.kim, at=LATER, entry_id=entry.pk, reason="Lần nữa")
    assert [(one.balance.left_to_spend // MILLION, one.is_reversed) for one in ledger_of(line)] == [
        (200, True),
        (150, True),
        (200, False),
        (0, False),
    ]
    assert History.objects.filter(about=line.about, reason="Nhầm dòng").count() == 2


@pytest.mark.parametrize("statement", ["update {} set amount = 1", "delete from {}"])
def test_nothing_of_an_entry_changes_past_the_services(house: Committee, statement: str) -> None:
    enter(house, make_line(house), "allocated", MILLION)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format("plans_budgetentry"))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.tuples(st.sampled_from(["allocated", "spent", "reverse"]), st.integers(1, 200)), max_size=9)
)
def test_whatever_is_entered_the_line_holds_and_the_sums_are_those_of_the_ledger(
    house: Committee, acts: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        line = make_line(house, planned=300)
        written: list[BudgetEntry] = []
        for what, n in acts:
            try:
                if what != "reverse":
                    written.append(enter(house, line, what, n))
                elif written:
                    reverse_entry(
                        by=house.kim, at=MORNING, entry_id=written[n % len(written)].pk, reason="Nhầm"
                    )
            except (CannotEnter, CannotReverse, NotThere):
                pass
            assert balance_of(line).holds
        ledger = ledger_of(line)
        assert not ledger or ledger[-1].balance == balance_of(line)
        money = money_of_year(2022, DAY)
        assert (money.planned, money.allocated, money.spent) == (
            300,
            balance_of(line).allocated,
            balance_of(line).spent,
        )
        transaction.set_rollback(True)


def test_a_line_is_set_right_with_the_reason_and_keeps_what_it_said(house: Committee) -> None:
    line = make_line(house)
    enter(house, line, "allocated", 200 * MILLION)
    wanted = replace(terms(line), planned=250 * MILLION, is_security=True)
    for typed, reason, sentence in (
        (replace(wanted, planned=199 * MILLION), "Giảm", "đã giao 200.000.000 đ"),
        (replace(wanted, name=""), "Giảm", "Ghi tên khoản"),
        (wanted, " ", "Ghi lý do"),
        (terms(line), "Không đổi", "Chưa đổi gì"),
    ):
        with pytest.raises(CannotChangeLine, match=sentence):
            change_budget_line(by=house.kim, at=MORNING, line_id=line.pk, terms=typed, reason=reason)
    change_budget_line(by=house.kim, at=MORNING, line_id=line.pk, terms=wanted, reason="Cắt giảm 5 %")
    line.refresh_from_db()
    assert (line.planned, line.is_security) == (250 * MILLION, True)
    changed = {one.what: (one.before, one.after) for one in History.objects.filter(reason="Cắt giảm 5 %")}
    assert changed == {
        "Số đề nghị": ("300.000.000 đ", "250.000.000 đ"),
        "An toàn thông tin": ("không tính", "có tính"),
    }


def test_a_planner_changes_a_line_until_something_was_entered(house: Committee) -> None:
    line = make_line(house, by=house.du)
    wanted = replace(terms(line), planned=10 * MILLION)
    change_budget_line(by=house.du, at=MORNING, line_id=line.pk, terms=wanted, reason="Tính lại")
    with pytest.raises(NotThere):
        change_budget_line(by=house.su, at=MORNING, line_id=line.pk, terms=wanted, reason="Tính lại")
    enter(house, line, "allocated", MILLION)
    with pytest.raises(NotThere):
        change_budget_line(
            by=house.du, at=MORNING, line_id=line.pk, terms=replace(wanted, name="Khác"), reason="Sửa"
        )


def test_the_year_adds_up_by_office_source_and_capital_with_the_security_share(house: Committee) -> None:
    whole = make_line(house)
    safe = make_line(house, name="Hồ sơ cấp độ", is_security=True, planned=30 * MILLION)
    poor = make_line(
        house, office=house.other, name="Trung tâm", source="tw", capital="investment", planned=670 * MILLION
    )
    make_line(house, name="Năm sau", year=2023)
    enter(house, whole, "allocated", 100 * MILLION)
    enter(house, whole, "spent", 90 * MILLION)
    enter(house, safe, "allocated", 30 * MILLION)
    money = money_of_year(2022, DAY)
    assert (money.planned, money.allocated, money.spent) == (
        1000 * MILLION,
        130 * MILLION,
        90 * MILLION,
    )
    assert (money.security_planned, money.security_share, money.norm_percent) == (30 * MILLION, 0.03, 10)
    assert money.missing == 70 * MILLION
    assert [one.office for one in money.offices] == [house.other, house.bureau], "least spent first"
    assert {one.key: one.sums.planned // MILLION for one in money.sources} == {"tw": 670, "tinh": 330}
    assert {one.key: one.sums.planned // MILLION for one in money.capitals} == {
        "recurrent": 330,
        "investment": 670,
    }
    for parts in (money.offices, money.sources, money.capitals):
        assert sum(one.sums.planned for one in parts) == money.planned
        assert sum(one.sums.spent for one in parts) == money.spent
    assert [one.office for one in money.below_norm] == [house.other, house.bureau]
    assert poor.about == f"budget-line:{poor.pk}"


def test_a_day_knows_only_what_had_been_entered(house: Committee) -> None:
    line = make_line(house)
    enter(house, line, "allocated", 100 * MILLION, on=dt.date(2022, 4, 1))
    assert money_of_year(2022, DAY - dt.timedelta(days=1)).planned == 0, "asked for on the morning of the day"
    later = money_of_year(2022, DAY)
    assert (later.planned, later.allocated) == (300 * MILLION, 100 * MILLION)
    entry = enter(house, line, "spent", 40 * MILLION)
    reverse_entry(by=house.kim, at=LATER, entry_id=entry.pk, reason="Nhầm")
    assert money_of_year(2022, DAY).spent == 40 * MILLION
    assert money_of_year(2022, LATER.date()).spent == 0


def test_a_year_without_lines_says_so(house: Committee) -> None:
    empty = money_of_year(2022, DAY)
    assert (empty.planned, empty.security_share, empty.missing, empty.offices) == (0, None, 0, ())


def test_lines_are_read_by_those_who_may_and_as_asked(house: Committee) -> None:
    make_line(house, is_security=True)
    make_line(house, office=house.other, source="tw", capital="investment")
    year = Wanted(2022)
    for overseer in (house.kim, house.thinh, house.dinh, house.an, house.luong):
        assert lines_of(overseer, year).count() == 2
    assert lines_of(house.du, year).get().office == house.bureau
    assert lines_of(house.nhap, year).count() == 0
    for asked in (
        replace(year, office_id=house.bureau.pk),
        replace(year, source="tinh"),
        replace(year, capital="recurrent"),
        replace(year, security="co"),
    ):
        assert lines_of(house.kim, asked).get().office == house.bureau
    assert lines_of(house.kim, replace(year, security="khong")).get().office == house.other


ROWS = (
    ("Tập huấn kỹ năng số", 180 * MILLION, "nhan-thuc"),
    ("Ban hành quy chế", 0, "the-che"),
    ("Hồ sơ cấp độ an toàn", 310 * MILLION, "an-toan"),
)


def test_an_issued_plan_becomes_lines_in_one_press_and_never_twice(house: Committee) -> None:
    plan = make_issued_plan(house, *ROWS)
    assert plans_to_take(house.kim, 2022) == [(plan, 2, 490 * MILLION)]
    made = lines_of_plan(by=house.kim, at=MORNING, plan_id=plan.pk)
    assert [(one.name, one.planned // MILLION, one.is_security) for one in made.added] == [
        ("Tập huấn kỹ năng số", 180, False),
        ("Hồ sơ cấp độ an toàn", 310, True),
    ]
    assert plans_to_take(house.kim, 2022) == []
    again = lines_of_plan(by=house.kim, at=LATER, plan_id=plan.pk)
    assert (again.added, again.same, BudgetLine.objects.count()) == ((), 2, 2)
    assert [one.event for one in history(plan.about)].count("plans.PlanLinesTaken") == 1


def test_the_planner_takes_lines_of_the_own_plan_and_nobody_of_a_draft(house: Committee) -> None:
    plan = make_issued_plan(house, *ROWS)
    for other in (house.su, house.dinh, house.thinh):
        with pytest.raises(NotThere):
            lines_of_plan(by=other, at=MORNING, plan_id=plan.pk)
    assert len(lines_of_plan(by=house.du, at=MORNING, plan_id=plan.pk).added) == 2
    draft = Plan.objects.create(
        office=house.bureau,
        first_year=2023,
        last_year=2023,
        title="Nháp",
        drafted_at=MORNING,
        saved_at=MORNING,
    )
    with pytest.raises(NotThere):
        lines_of_plan(by=house.kim, at=MORNING, plan_id=draft.pk)


def test_an_adjusted_plan_takes_its_lines_over_and_doubles_nothing(house: Committee) -> None:
    first = make_issued_plan(house, *ROWS)
    lines = {one.name: one for one in lines_of_plan(by=house.kim, at=MORNING, plan_id=first.pk).added}
    enter(house, lines["Tập huấn kỹ năng số"], "allocated", 150 * MILLION)
    second = make_issued_plan(
        house,
        ("TẬP HUẤN kỹ năng số", 100 * MILLION, "nhan-thuc"),
        ("Hồ sơ cấp độ an toàn", 400 * MILLION, "an-toan"),
        ("Kho bài giảng", 880 * MILLION, "xa-hoi"),
        version=2,
        adjusts=first,
        adjusts_reason="Theo kết luận",
    )
    with pytest.raises(NotThere):
        lines_of_plan(by=house.kim, at=LATER, plan_id=first.pk)
    made = lines_of_plan(by=house.kim, at=LATER, plan_id=second.pk)
    assert [one.name for one in made.added] == ["Kho bài giảng"]
    assert [(one.name, one.planned // MILLION) for one in made.changed] == [("Hồ sơ cấp độ an toàn", 400)]
    assert [one.name for one in made.too_small] == ["Tập huấn kỹ năng số"], "more is allocated than asked for"
    assert BudgetLine.objects.count() == 3
