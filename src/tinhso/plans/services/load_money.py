"""Load the demo's money, inspections and commendations: invented, played through the services at earlier moments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction

from tinhso.directory.api import Account, Actor, Office, Person, Role, actor_of, holder
from tinhso.documents.api import PDF, StoredFile, draw_pdf, store
from tinhso.plans.models import BudgetLine, Finding, Inspection
from tinhso.plans.queries.documents import document
from tinhso.plans.rules.money import ALLOCATED, SPENT
from tinhso.plans.services.add_budget_line import add_budget_line
from tinhso.plans.services.add_finding import add_finding
from tinhso.plans.services.answer_remedy import answer_remedy
from tinhso.plans.services.commend import commend
from tinhso.plans.services.conclude_inspection import conclude_inspection
from tinhso.plans.services.enter_money import enter_money
from tinhso.plans.services.remind_findings import remind_due
from tinhso.plans.services.report_remedy import report_remedy
from tinhso.plans.services.reverse_entry import reverse_entry
from tinhso.plans.services.start_inspection import start_inspection
from tinhso.toolkit.clock import VN

_MILLION: Final = 1_000_000
_YEAR: Final = 2022
_PAPER: Final = (
    "<!DOCTYPE html><html lang='vi'><head><title>Biên bản khắc phục (minh họa)</title></head>"
    "<body><h1>Biên bản khắc phục</h1><p>Giấy minh họa của bản trình diễn.</p></body></html>"
)


@transaction.atomic
def load_money(*, at: dt.datetime) -> int:
    """Load everything that had happened by the moment, once; return how many lines of money, 0 where some are there.

    ``data/money_demo.json``: 48.0 thousand million VND asked for, 12.4 spent by 10 May 2022, a bit above 10 % for
    security; 8 planned rounds, 14 findings, two commendations. Numbers of documents are marked as illustrations.
    """
    if BudgetLine.objects.exists() or Inspection.objects.exists():
        return 0
    found = document("money_demo")
    kim, an, dinh = (_actor(name, at) for name in ("kim", "an", "dinh"))
    offices = {one.code: one for one in Office.objects.on(at.date())}
    lines = [_line(row, found, offices, kim) for row in found["lines"]]
    _mistake(found["mistake"], lines, kim)
    paper = store(draw_pdf(_PAPER), media_type=PDF, at=at, pages=1)
    for row in found["rounds"]:
        _round(row, offices, an, paper, at)
    for day in found["reminded_on"]:
        if _moment(day, 8) <= at:
            remind_due(at=_moment(day, 8))
    for row in found["commendations"]:
        commend(
            by=dinh,
            at=_moment(row["on"], 15),
            office=_office(offices, row["office"]),
            form=row["form"],
            reason=row["reason"],
            decision_number=row["decision"],
            on=dt.date.fromisoformat(row["on"]),
            person=Person.objects.get(account__username=row["person"]) if row["person"] else None,
        )
    return len(lines)


def _line(
    row: Mapping[str, Any], found: Mapping[str, Any], offices: Mapping[str, Office], kim: Actor
) -> BudgetLine:
    line = add_budget_line(
        by=kim,
        at=_moment(found["asked_on"], 9),
        office=_office(offices, row["office"]),
        year=_YEAR,
        name=row["name"],
        source=row["source"],
        capital=row["capital"],
        planned=row["planned"] * _MILLION,
        is_security=row["is_security"],
    )
    first, last = found["spent_on"]
    early = row["spent"] * 6 // 10
    for kind, amount, day, number in (
        (ALLOCATED, row["allocated"], found["allocated_on"], f"{100 + line.pk % 800}/QĐ-STC (minh họa)"),
        (SPENT, early, first, f"UNC {line.pk % 900:03d}-1 (minh họa)"),
        (SPENT, row["spent"] - early, last, f"UNC {line.pk % 900:03d}-2 (minh họa)"),
    ):
        if amount:
            _enter(kim, line, kind, amount, day, number)
    return line


def _mistake(row: Mapping[str, Any], lines: list[BudgetLine], kim: Actor) -> None:
    """Enter a wrong amount and take it back: the ledger shows both."""
    wrong = _enter(kim, lines[row["line"]], SPENT, row["spent"], row["on"], "UNC 077 (minh họa)")
    reverse_entry(by=kim, at=_moment(row["reversed_on"], 9), entry_id=wrong, reason=row["reason"])


def _enter(kim: Actor, line: BudgetLine, kind: str, amount: int, day: str, number: str) -> int:
    return enter_money(
        by=kim,
        at=_moment(day, 16),
        line_id=line.pk,
        kind=kind,
        amount=amount * _MILLION,
        on=dt.date.fromisoformat(day),
        document_number=number,
    ).pk


def _round(
    row: Mapping[str, Any], offices: Mapping[str, Office], an: Actor, paper: StoredFile, at: dt.datetime
) -> None:
    starts, ends = dt.date.fromisoformat(row["starts"]), dt.date.fromisoformat(row["ends"])
    office = _office(offices, row["office"])
    found = start_inspection(
        by=an,
        at=dt.datetime(_YEAR, 1, 20, 9, 0, tzinfo=VN),
        name=row["name"],
        year=_YEAR,
        lead=_office(offices, row["lead"]),
        office=office,
        starts=starts,
        ends=ends,
        decision_number=row["decision"],
    )
    made = [(one, _finding(one, found, an)) for one in row.get("findings", ())]
    if row.get("concluded"):
        on = dt.date.fromisoformat(row["concluded"])
        conclude_inspection(
            by=an,
            at=_moment(row["concluded"], 14),
            inspection_id=found.pk,
            conclusion=row["conclusion"],
            on=on,
        )
    for one, finding in made:
        if one["fixed"]:
            _remedy(one, finding, office, an, paper, at)


def _finding(row: Mapping[str, Any], found: Inspection, an: Actor) -> Finding:
    return add_finding(
        by=an,
        at=_moment(found.ends.isoformat(), 16),
        inspection_id=found.pk,
        text=row["text"],
        remedy=row["remedy"],
        due=dt.date.fromisoformat(row["due"]),
        is_violation=row["is_violation"],
    )


def _remedy(
    row: Mapping[str, Any], finding: Finding, office: Office, an: Actor, paper: StoredFile, at: dt.datetime
) -> None:
    report_remedy(
        by=_planner(office, at),
        at=_moment(row["fixed"], 10),
        finding_id=finding.pk,
        text=row["said"],
        paper=paper,
        paper_name="bien-ban-khac-phuc.pdf",
    )
    if row["closed"]:
        answer_remedy(by=an, at=_moment(row["closed"], 9), finding_id=finding.pk, is_taken=True)


def _planner(office: Office, at: dt.datetime) -> Actor:
    post = holder(office.pk, Role.PLANNER, at.date())
    if post is None:
        raise LookupError(office.code)
    return actor_of(Account.objects.get(person_id=post.person_id).pk, at.date())


def _actor(username: str, at: dt.datetime) -> Actor:
    return actor_of(Account.objects.get(username=username).pk, at.date())


def _office(offices: Mapping[str, Office], number: str) -> Office:
    return offices[f"000.00.{number}.H40"]


def _moment(day: str, hour: int) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), VN)
