"""The plans of the scenario: windows, the annexes of 32 offices, opinions, the province's own plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from tinhso.directory.api import Actor, Office, OfficeKind, Role
from tinhso.plans.models import Directive, Opinion, Plan, Window
from tinhso.plans.rules.plans import MILLION, Row
from tinhso.plans.services.answer_opinion import answer_opinion
from tinhso.plans.services.appraise_plan import appraise_plan
from tinhso.plans.services.ask_opinions import ask_opinions
from tinhso.plans.services.describe_plan import describe_plan
from tinhso.plans.services.draft_plan import draft_plan
from tinhso.plans.services.give_opinion import NewOpinion, give_opinion
from tinhso.plans.services.issue_plan import issue_plan
from tinhso.plans.services.open_window import Wanted, open_window
from tinhso.plans.services.replace_rows import replace_rows
from tinhso.plans.services.scenario_stage import Act, Scenario, Stage, moment, spread
from tinhso.plans.services.send_to_appraisal import send_to_appraisal
from tinhso.plans.services.sign_plan import sign_plan

YEAR, PERIOD = 0, 1


def acts(stage: Stage, scenario: Scenario) -> Iterator[Act]:
    """Yield the acts about plans, in no order."""
    opened = moment(scenario["opened_at"])
    yield Act(opened, "windows", lambda: _open(stage, scenario, opened))
    drafted = moment(scenario["drafting_at"])
    for name in scenario["drafting"]:
        yield Act(drafted, f"draft:{name}", partial(_draft_both, stage, scenario, name, drafted))
    for name, text in scenario["registered"]:
        at = moment(text)
        yield Act(at, f"register:{name}", partial(_register, stage, scenario, name, at))
    yield from _education(stage, scenario)
    yield from _province(stage, scenario)


def _open(stage: Stage, scenario: Scenario, at: dt.datetime) -> None:
    wanted = [Wanted(one.pk, one.short_name in scenario["priority"]) for one in stage.agencies()]
    for window in scenario["windows"]:
        deadline = dt.date.fromisoformat(scenario["deadline"])
        order = Directive.objects.filter(issued_on=at.date(), kind="ket-luan").first()
        directive = order.pk if order else None
        open_window(
            by=stage.secretary(at), at=at, deadline=deadline, offices=wanted, directive=directive, **window
        )


def window_of(scenario: Scenario, which: int) -> Window:
    """Return a window of the scenario: of the year or of the period. Raises ``Window.DoesNotExist``."""
    return Window.objects.get(name=scenario["windows"][which]["name"])


def _draft_both(stage: Stage, scenario: Scenario, name: str, at: dt.datetime) -> list[Plan]:
    return [_draft(stage, scenario, name, at, which) for which in (YEAR, PERIOD)]


def _draft(
    stage: Stage, scenario: Scenario, name: str, at: dt.datetime, which: int, rows: Sequence[Any] = ()
) -> Plan:
    """Return the office's plan, begun where it is not: aim, head and annex."""
    office, window = stage.office(name), window_of(scenario, which)
    plan = Plan.objects.filter(office=office, window=window).first()
    if plan is not None:
        return plan
    by = stage.actor(office, Role.PLANNER, at)
    plan = draft_plan(by=by, at=at, window=window.pk, office=office.pk)
    describe_plan(by=by, at=at, pk=plan.pk, title=plan.title, goal=scenario["goal"], head=plan.head_id)
    scale = 2 + office.pk % 5
    replace_rows(plan, [row_of(one, plan, scale=1 if rows else scale) for one in rows or scenario["rows"]])
    return plan


def row_of(one: dict[str, Any], plan: Plan, *, scale: int = 1) -> Row:
    """Return a row of the scenario in the plan's years: days without a year are of its first and last year."""
    return Row(
        group=one["group"],
        content=one["content"],
        lead=one["lead"],
        starts=dt.date.fromisoformat(f"{plan.first_year}-{one['starts']}"),
        ends=dt.date.fromisoformat(f"{plan.last_year}-{one['ends']}"),
        product=one["product"],
        lead_office=one.get("lead_office"),
        partners=one["partners"],
        amount=one["amount"] * scale * MILLION,
        source=one["source"],
    )


def _register(stage: Stage, scenario: Scenario, name: str, at: dt.datetime) -> None:
    """Bring both plans of the office from where they stand to the register, the last step at the moment."""
    office = stage.office(name)
    for which in (YEAR, PERIOD):
        moments = spread(at - dt.timedelta(minutes=100), at, 6)
        plan = _draft(stage, scenario, name, moments[0], which)
        asked = [stage.office(one if one != name else scenario["asked_instead"]) for one in scenario["asked"]]
        by = stage.actor(office, Role.PLANNER, at)
        ask_opinions(by=by, at=moments[1], pk=plan.pk, offices=[one.pk for one in asked], days=2)
        for one in asked:
            give_opinion(by=stage.actor(one, Role.PLANNER, at), at=moments[2], plan=plan.pk, office=one.pk)
        is_deputy = name in scenario["by_deputy"]
        _finish(stage, plan, office, by, moments[2:], title="Phó" if is_deputy else "")


def _finish(
    stage: Stage, plan: Plan, office: Office, by: Actor, moments: Sequence[dt.datetime], *, title: str = ""
) -> None:
    """Send the plan on, appraise, sign and issue it."""
    at = moments[-1]
    is_province = office.kind == OfficeKind.PROVINCE
    signer = stage.chair(at) if is_province else stage.actor(office, Role.LEADER, at, title=title)
    send_to_appraisal(by=by, at=moments[0], pk=plan.pk)
    appraise_plan(by=stage.holder(Role.PLAN_APPRAISER, at), at=moments[1], pk=plan.pk)
    sign_plan(by=signer, at=moments[2], pk=plan.pk)
    years = (
        f"{plan.first_year}" if plan.first_year == plan.last_year else f"{plan.first_year}-{plan.last_year}"
    )
    issue_plan(
        by=by, at=at, pk=plan.pk, number=f"{10 + office.pk % 80}{'a' if years.isdigit() else 'b'}/KH-MH"
    )


def _education(stage: Stage, scenario: Scenario) -> Iterator[Act]:
    told: dict[str, Any] = scenario["education"]
    name = told["office"]
    start, asked_at = moment(told["drafted_at"]), moment(told["asked_at"])

    def plan() -> Plan:
        return Plan.objects.get(office=stage.office(name), window=window_of(scenario, YEAR))

    def planner(at: dt.datetime) -> Actor:
        return stage.of(name, Role.PLANNER, at)

    def ask() -> None:
        offices = [stage.office(one).pk for one in told["asked"]]
        ask_opinions(
            by=planner(asked_at), at=asked_at, pk=plan().pk, offices=offices, days=told["asked_days"]
        )

    def register_period() -> None:
        at = moment(told["period_registered_at"])
        moments = spread(at - dt.timedelta(minutes=100), at, 6)
        made = _draft(stage, scenario, name, moments[0], PERIOD)
        one = stage.office("Sở Tài chính")
        ask_opinions(by=planner(at), at=moments[1], pk=made.pk, offices=[one.pk], days=2)
        give_opinion(by=stage.actor(one, Role.PLANNER, at), at=moments[2], plan=made.pk, office=one.pk)
        _finish(stage, made, stage.office(name), planner(at), moments[2:])

    def register() -> None:
        answered, at = moment(told["answered_at"]), moment(told["registered_at"])
        waiting = Opinion.objects.filter(request__plan=plan(), answer="")
        for opinion in waiting:
            answer_opinion(by=planner(at), at=answered, pk=opinion.pk, accepts=True, text="")
        _finish(stage, plan(), stage.office(name), planner(at), spread(answered, at, 4))

    yield Act(start, "education:draft", lambda: _draft(stage, scenario, name, start, YEAR, told["rows"]))
    yield Act(asked_at, "education:ask", ask)
    for one in [*told["opinions"], *told["rest"]]:
        yield _opinion(stage, "education", one, plan, planner)
    yield Act(moment(told["period_registered_at"]), "education:period", register_period)
    yield Act(moment(told["registered_at"]), "education:register", register)


def _opinion(stage: Stage, key: str, one: dict[str, Any], plan: Any, planner: Any) -> Act:
    """Return the act of an asked office: what it says, and what the drafter answers at once."""
    at, office = moment(one["at"]), stage.office(one["office"])
    said = one.get("said", [])

    def give() -> None:
        by = stage.actor(office, Role.PLANNER, at)
        opinions = [NewOpinion(row, text) for row, text, _answer, _why in said]
        request = give_opinion(by=by, at=at, plan=plan().pk, office=office.pk, opinions=opinions)
        for opinion, (_row, _text, answer, why) in zip(request.opinions.order_by("pk"), said, strict=True):
            if answer:
                accepts = answer == "accepted"
                answer_opinion(
                    by=planner(at), at=at + dt.timedelta(hours=1), pk=opinion.pk, accepts=accepts, text=why
                )

    return Act(at, f"{key}:opinion:{one['office']}", give)


def _province(stage: Stage, scenario: Scenario) -> Iterator[Act]:
    told: dict[str, Any] = scenario["province"]
    office = stage.office("UBND tỉnh")
    opened, drafted, asked_at = (
        moment(told["opened_at"]),
        moment(told["drafted_at"]),
        moment(told["asked_at"]),
    )

    def plan() -> Plan:
        return Plan.objects.get(office=office, window__name=told["window"])

    def open_one() -> None:
        deadline = dt.date.fromisoformat(told["deadline"])
        wanted = [Wanted(office.pk)]
        open_window(
            by=stage.secretary(opened),
            at=opened,
            name=told["window"],
            first_year=2022,
            last_year=2022,
            deadline=deadline,
            offices=wanted,
        )

    def draft() -> None:
        by, window = stage.secretary(drafted), Window.objects.get(name=told["window"])
        made = draft_plan(by=by, at=drafted, window=window.pk, office=office.pk)
        describe_plan(
            by=by, at=drafted, pk=made.pk, title=told["title"], goal=scenario["goal"], head=made.head_id
        )
        lead = stage.office("Sở Thông tin và Truyền thông")
        rows = [{**one, "lead": lead.short_name, "lead_office": lead.pk} for one in scenario["rows"]]
        replace_rows(made, [row_of(one, made, scale=40) for one in rows])

    def ask() -> None:
        departments = [one.pk for one in stage.agencies() if one.kind == OfficeKind.DEPARTMENT]
        ask_opinions(
            by=stage.secretary(asked_at),
            at=asked_at,
            pk=plan().pk,
            offices=departments,
            days=told["asked_days"],
        )

    def agree() -> None:
        """Let the departments that said nothing agree a day before the last."""
        for request in plan().requests.filter(answered_at=None).select_related("office"):
            at = moment(told["opinions"][-1]["at"]) + dt.timedelta(days=3)
            by = stage.actor(request.office, Role.PLANNER, at)
            give_opinion(by=by, at=at, plan=plan().pk, office=request.office_id)

    def issue() -> None:
        at = moment(told["issued_at"])
        made, by = plan(), stage.secretary(at)
        signed = moment(told["signed_at"])
        send_to_appraisal(by=by, at=moment(told["answered_at"]), pk=made.pk)
        appraise_plan(by=stage.holder(Role.PLAN_APPRAISER, at), at=signed - dt.timedelta(days=3), pk=made.pk)
        sign_plan(by=stage.chair(at), at=signed, pk=made.pk)
        issue_plan(by=by, at=at, pk=made.pk, number=told["number"])

    yield Act(opened, "province:window", open_one)
    yield Act(drafted, "province:draft", draft)
    yield Act(asked_at, "province:ask", ask)
    for one in told["opinions"]:
        yield _opinion(stage, "province", one, plan, stage.secretary)
    yield Act(moment(told["answered_at"]) - dt.timedelta(hours=1), "province:agree", agree)
    yield Act(moment(told["issued_at"]), "province:issue", issue)
