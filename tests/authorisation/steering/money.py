"""Who gets what of money, inspections, commendations and the ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tinhso.plans.models import BudgetEntry, BudgetLine, Finding, Inspection
from tinhso.plans.services.add_budget_line import add_budget_line
from tinhso.plans.services.add_finding import add_finding
from tinhso.plans.services.commend import commend
from tinhso.plans.services.enter_money import enter_money
from tinhso.plans.services.report_remedy import report_remedy
from tinhso.plans.services.start_inspection import start_inspection
from tinhso.toolkit.clock import VN

if TYPE_CHECKING:
    from tests.authorisation.matrix import Line
    from tests.authorisation.world import World

Address = Callable[["World", str], tuple[list[Any], str]]

NINE = dt.datetime(2022, 5, 10, 9, 0, tzinfo=VN)
TODAY = NINE.date()
NOBODY = 999_999_999
READ, POST, BOTH = ("GET", "HEAD"), ("POST",), ("GET", "HEAD", "POST")
METHODS: dict[str, tuple[str, ...]] = {
    **{
        f"plans:{name}": READ
        for name in (
            *("money", "money_csv", "money_xlsx", "money_norms", "money_office", "money_line"),
            *("inspections", "inspection", "findings", "findings_csv", "finding", "finding_paper"),
            *("commendations", "ranking", "ranking_csv", "ranking_office"),
        )
    },
    **{
        f"plans:{name}": BOTH
        for name in (
            *("money_new", "money_change", "inspection_new", "inspection_change", "commendation_new"),
        )
    },
    **{
        f"plans:{name}": POST
        for name in (
            *("money_enter", "money_reverse", "money_of_plan", "inspection_finding", "inspection_conclude"),
            *("finding_report", "finding_answer"),
        )
    },
}


def _line() -> int:
    return BudgetLine.objects.get(entries__reverses=None, entries__amount=1_000_000).pk


def _fresh_line() -> int:
    return BudgetLine.objects.get(entries=None).pk


def _entry() -> int:
    return BudgetEntry.objects.get(amount=1_000_000).pk


def _round() -> int:
    return Inspection.objects.get().pk


def _open() -> int:
    return Finding.objects.get(state="open").pk


def _reported() -> int:
    return Finding.objects.get(state="reported").pk


def _at(found: Callable[[], int]) -> Address:
    return lambda world, state: ([found()], "")


def _bureau(world: World, state: str) -> tuple[list[Any], str]:
    return [world.offices["bureau"].pk], ""


def _none(world: World, state: str) -> tuple[list[Any], str]:
    return [NOBODY], ""


ADDRESSES: dict[tuple[str, str], Address] = {
    ("plans:money_office", ""): _bureau,
    ("plans:ranking_office", ""): _bureau,
    ("plans:money_line", ""): _at(_line),
    ("plans:money_change", ""): _at(_line),
    ("plans:money_change", "nothing entered"): _at(_fresh_line),
    ("plans:money_enter", ""): _at(_line),
    ("plans:money_enter", "nothing typed"): _at(_line),
    ("plans:money_reverse", ""): _at(_entry),
    ("plans:money_of_plan", ""): _none,
    ("plans:inspection", ""): _at(_round),
    ("plans:inspection_change", ""): _at(_round),
    ("plans:inspection_finding", ""): _at(_round),
    ("plans:inspection_finding", "nothing typed"): _at(_round),
    ("plans:inspection_conclude", ""): _at(_round),
    ("plans:finding", ""): _at(_open),
    ("plans:finding", "reported"): _at(_reported),
    ("plans:finding_report", ""): _at(_open),
    ("plans:finding_report", "reported"): _at(_reported),
    ("plans:finding_answer", ""): _at(_reported),
    ("plans:finding_answer", "open"): _at(_open),
    ("plans:finding_paper", ""): _at(_reported),
    **{
        (f"plans:{name}", "no such one"): _none
        for name in ("money_line", "inspection", "finding", "finding_paper", "ranking_office")
    },
}
_TERMS = {"name": "Tập huấn kỹ năng số", "planned": "180 triệu", "source": "tinh", "capital": "recurrent"}
_ENTRY = {"kind": "allocated", "amount": "2.000.000", "on": "10/05/2022", "document_number": "46/QĐ-STC"}
_ROUND = {
    "name": "Kiểm tra đột xuất",
    "is_planned": "co",
    "lead": "Sở Tài chính",
    "office": "Sở Giáo dục và Đào tạo",
    "starts": "16/05/2022",
    "ends": "17/05/2022",
    "decision_number": "9/QĐ",
}
_DAYS = {"starts": "09/05/2022", "ends": "10/05/2022", "decision_number": "10/QĐ", "reason": ""}
_FINDING = {"is_violation": "khong", "text": "Thiếu hồ sơ", "remedy": "Lập hồ sơ", "due": "31/05/2022"}
_COMMENDED = {
    "office": "Sở Tài chính",
    "person": "",
    "form": "bieu-duong",
    "reason": "Xong trước hạn",
    "decision_number": "813/QĐ",
    "on": "09/05/2022",
}


def _sent(**content: Any) -> Callable[[World, str], dict[str, Any]]:
    return lambda world, state: dict(content)


CONTENTS: dict[tuple[str, str], Callable[[World, str], dict[str, Any]]] = {
    ("plans:money_new", ""): _sent(**_TERMS, office="Sở Giáo dục và Đào tạo", year="2022"),
    ("plans:money_change", ""): _sent(**_TERMS, reason="Theo thẩm định"),
    ("plans:money_change", "nothing entered"): _sent(**_TERMS, reason="Theo thẩm định"),
    ("plans:money_enter", ""): _sent(**_ENTRY),
    ("plans:money_reverse", ""): _sent(reason="Ghi nhầm dòng"),
    ("plans:inspection_new", ""): _sent(**_ROUND),
    ("plans:inspection_change", ""): _sent(**_DAYS),
    ("plans:inspection_finding", ""): _sent(**_FINDING),
    ("plans:inspection_conclude", ""): _sent(on="10/05/2022", conclusion="Đạt yêu cầu."),
    ("plans:finding_report", ""): _sent(text="Đã lập hồ sơ"),
    ("plans:finding_answer", ""): _sent(outcome="dat", reason=""),
    ("plans:finding_answer", "open"): _sent(outcome="dat", reason=""),
    ("plans:commendation_new", ""): _sent(**_COMMENDED),
}
_OWN = ("steerers", "doers")
READERS: dict[str, tuple[str, ...]] = {
    "plans.BudgetLine.name": _OWN,
    "plans.BudgetEntry.document_number": _OWN,
    "plans.BudgetEntry.note": _OWN,
    "plans.Inspection.name": _OWN,
    "plans.Inspection.decision_number": _OWN,
    "plans.Inspection.conclusion": _OWN,
    "plans.Finding.text": _OWN,
    "plans.Finding.remedy": _OWN,
    "plans.Finding.fixed_text": _OWN,
    "plans.Finding.file_name": _OWN,
    "plans.Commendation.reason": ("inside",),
    "plans.Commendation.decision_number": ("inside",),
}
_CODE = "a code of the software's own, not a word of anybody's"
NOT_PLANTED: dict[str, str] = dict.fromkeys(
    (
        *("plans.BudgetLine.source", "plans.BudgetLine.capital", "plans.BudgetEntry.kind"),
        *("plans.Finding.state", "plans.Commendation.form"),
    ),
    _CODE,
)
WRITTEN_ONCE: tuple[str, ...] = ("plans.BudgetEntry",)


def add(world: World) -> None:
    """Let the bureau have a line with an entry and one without, a round, an open and a reported finding, and praise."""
    who, bureau = world.actors, world.offices["bureau"]
    kim, an = who["budget_officer"], who["inspector"]
    ask: dict[str, Any] = {
        "by": kim,
        "at": NINE,
        "office": bureau,
        "year": 2022,
        "source": "tinh",
        "capital": "recurrent",
    }
    line = add_budget_line(**ask, name="Hồ sơ cấp độ", planned=310_000_000, is_security=True)
    add_budget_line(**ask, name="Kho bài giảng", planned=880_000_000)
    enter_money(
        by=kim,
        at=NINE,
        line_id=line.pk,
        kind="allocated",
        amount=1_000_000,
        on=TODAY,
        document_number="45/QĐ-STC",
        note="Đợt 1",
    )
    found = start_inspection(
        by=an,
        at=NINE,
        name="Kiểm tra an toàn thông tin",
        year=2022,
        lead=world.offices["province"],
        office=bureau,
        starts=TODAY - dt.timedelta(days=1),
        ends=TODAY,
        decision_number="8/QĐ",
    )
    first, second = (
        add_finding(
            by=an, at=NINE, inspection_id=found.pk, text=text, remedy="Sửa", due=TODAY + dt.timedelta(days=20)
        )
        for text in ("Thiếu hồ sơ", "Thiếu quy chế")
    )
    assert first.pk < second.pk
    report_remedy(
        by=who["planner"],
        at=NINE,
        finding_id=second.pk,
        text="Đã ban hành",
        paper=world.paper_file,
        paper_name="quy-che.pdf",
    )
    commend(
        by=who["secretary"],
        at=NINE,
        office=bureau,
        form="bieu-duong",
        reason="Xong trước hạn",
        decision_number="812/QĐ",
        on=TODAY,
    )


def plant(world: World, word: Callable[[str], str]) -> None:
    """Write an entry with words in it."""
    BudgetEntry.objects.create(
        line_id=_line(),
        kind="allocated",
        amount=2,
        on=TODAY,
        document_number=word("plans.BudgetEntry.document_number"),
        note=word("plans.BudgetEntry.note"),
        by_id=world.actors["budget_officer"].account_id,
        at=NINE,
    )


def lines() -> tuple[Line, ...]:
    """Return the lines of the table."""
    from tests.authorisation.matrix import (  # noqa: PLC0415 - the table asks its parts while it is being made
        ALL_SIGN_IN,
        DONE,
        PAGE,
        TOLD,
        Line,
        these,
    )
    from tests.authorisation.world import AT_THE_DESK, STEERED, STEERERS_OF_ALL  # noqa: PLC0415 - the same

    inside = {**ALL_SIGN_IN, **these(AT_THE_DESK, PAGE)}
    own = {**ALL_SIGN_IN, **these((*STEERERS_OF_ALL, *STEERED), PAGE)}
    inspects, commends = ("inspector", "secretary"), ("chair", "secretary")

    def only(roles: tuple[str, ...], outcome: str) -> dict[str, Any]:
        return {**ALL_SIGN_IN, **these(roles, outcome)}

    asks = ("budget_officer", "planner")
    return (
        *(
            Line(f"plans:{name}", "GET", inside)
            for name in (
                *("money", "money_csv", "money_xlsx", "money_norms", "inspections", "findings"),
                *("findings_csv", "commendations", "ranking", "ranking_csv", "ranking_office"),
            )
        ),
        *(
            Line(f"plans:{name}", "GET", own)
            for name in ("money_office", "money_line", "inspection", "finding", "finding_paper")
        ),
        Line("plans:finding", "GET", own, case="reported"),
        *(
            Line(f"plans:{name}", "GET", ALL_SIGN_IN, case="no such one")
            for name in ("money_line", "inspection", "finding", "finding_paper", "ranking_office")
        ),
        Line("plans:money_new", "GET", only((*asks, "planner_elsewhere"), PAGE)),
        Line("plans:money_new", "POST", {**only(asks, DONE), "planner_elsewhere": TOLD}),
        Line("plans:money_change", "GET", only(("budget_officer",), PAGE)),
        Line("plans:money_change", "POST", only(("budget_officer",), DONE)),
        Line("plans:money_change", "GET", only(asks, PAGE), case="nothing entered"),
        Line("plans:money_change", "POST", only(asks, DONE), case="nothing entered"),
        Line("plans:money_enter", "POST", only(("budget_officer",), DONE)),
        Line("plans:money_enter", "POST", only(("budget_officer",), TOLD), case="nothing typed"),
        Line("plans:money_reverse", "POST", only(("budget_officer",), DONE)),
        Line("plans:money_of_plan", "POST", ALL_SIGN_IN),
        Line("plans:inspection_new", "GET", only(inspects, PAGE)),
        Line("plans:inspection_new", "POST", only(inspects, DONE)),
        Line("plans:inspection_change", "GET", only(inspects, PAGE)),
        Line("plans:inspection_change", "POST", only(inspects, DONE)),
        Line("plans:inspection_finding", "POST", only(inspects, DONE)),
        Line("plans:inspection_finding", "POST", only(inspects, TOLD), case="nothing typed"),
        Line("plans:inspection_conclude", "POST", only(inspects, DONE)),
        Line("plans:finding_report", "POST", only(STEERED, TOLD)),
        Line("plans:finding_report", "POST", ALL_SIGN_IN, case="reported"),
        Line("plans:finding_answer", "POST", only(inspects, DONE)),
        Line("plans:finding_answer", "POST", ALL_SIGN_IN, case="open"),
        Line("plans:commendation_new", "GET", only(commends, PAGE)),
        Line("plans:commendation_new", "POST", only(commends, DONE)),
    )
