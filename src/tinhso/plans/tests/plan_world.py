"""One bureau's plan for tests, carried as far as a story needs by the real services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.test import Client

from tinhso.directory.api import Account, Actor, Office, OfficeKind, Role
from tinhso.directory.tests.factories import make_actor
from tinhso.plans.lifecycle import PlanState
from tinhso.plans.models import Opinion, Plan, Window
from tinhso.plans.services.answer_opinion import answer_opinion
from tinhso.plans.services.appraise_plan import appraise_plan
from tinhso.plans.services.ask_opinions import ask_opinions
from tinhso.plans.services.describe_plan import describe_plan
from tinhso.plans.services.draft_plan import draft_plan
from tinhso.plans.services.give_opinion import NewOpinion, give_opinion
from tinhso.plans.services.issue_plan import issue_plan
from tinhso.plans.services.send_to_appraisal import send_to_appraisal
from tinhso.plans.services.sign_plan import sign_plan
from tinhso.plans.tests.annex_world import nine_rows, write
from tinhso.plans.tests.factories import Committee, make_window
from tinhso.toolkit.clock import VN

GOAL = "Mọi trường học dùng chung một cơ sở dữ liệu, thủ tục của ngành làm trên mạng."


def moment(month: int, day: int, hour: int = 9) -> dt.datetime:
    """Return a moment of 2022 in Vietnam."""
    return dt.datetime(2022, month, day, hour, tzinfo=VN)


#: The story: begun on 25 April, opinions asked on 28 April until 12 May, sent on, passed, signed, issued.
BEGUN, ASKED = moment(4, 25), moment(4, 28)
GIVEN, ANSWERED = moment(5, 5), moment(5, 6)
SENT, PASSED, SIGNED, ISSUED = moment(5, 6, 10), moment(5, 9), moment(5, 9, 15), moment(5, 9, 16)


def client_of(actor: Actor) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(Account.objects.get(pk=actor.account_id or 0))
    return client


def window_of(who: Committee, *more: Office, **fields: Any) -> Window:
    """Make the window of 2022 for the bureau and the district."""
    return make_window(who.bureau, who.district, *more, **fields)


def drafted(who: Committee, window: Window | None = None, at: dt.datetime = BEGUN) -> Plan:
    """Begin the bureau's plan with its nine rows, its aim and its head."""
    plan = draft_plan(by=who.du, at=at, window=(window or window_of(who)).pk, office=who.bureau.pk)
    write(plan, nine_rows())
    head = plan.head_id
    return describe_plan(by=who.du, at=at, pk=plan.pk, title=plan.title, goal=GOAL, head=head)


def asked(who: Committee, plan: Plan | None = None, at: dt.datetime = ASKED) -> Plan:
    """Ask the other bureau and the district about it, for eight working days."""
    plan = plan or drafted(who)
    return ask_opinions(by=who.du, at=at, pk=plan.pk, offices=[who.other.pk, who.district.pk], days=8)


def opined(who: Committee, plan: Plan | None = None) -> Opinion:
    """Let the other bureau say something about row 3, and the district agree."""
    plan = plan or asked(who)
    give_opinion(by=who.nhap, at=GIVEN, plan=plan.pk, office=who.district.pk)
    request = give_opinion(
        by=who.su,
        at=GIVEN,
        plan=plan.pk,
        office=who.other.pk,
        opinions=[NewOpinion(3, "Ghi rõ số điểm nối và tốc độ để còn nghiệm thu.")],
    )
    return request.opinions.get()


def sent(who: Committee, plan: Plan | None = None) -> Plan:
    """Answer what was said, and send it to be appraised."""
    opinion = opined(who, plan)
    answer_opinion(by=who.du, at=ANSWERED, pk=opinion.pk, accepts=True, text="Đã ghi 11 điểm, 100 Mbps.")
    return send_to_appraisal(by=who.du, at=SENT, pk=opinion.request.plan_id)


def passed(who: Committee, plan: Plan | None = None) -> Plan:
    """Let it pass the appraisal."""
    return appraise_plan(by=who.luong, at=PASSED, pk=sent(who, plan).pk, note="Đạt.")


def signed(who: Committee, plan: Plan | None = None) -> Plan:
    """Let the head sign it."""
    return sign_plan(by=who.dien, at=SIGNED, pk=passed(who, plan).pk)


def issued(who: Committee, plan: Plan | None = None, at: dt.datetime = ISSUED) -> Plan:
    """Issue it with its number."""
    return issue_plan(by=who.du, at=at, pk=signed(who, plan).pk, number="45/KH-SGDĐT")


#: What makes a plan that stands in a state.
MAKE: dict[PlanState, Callable[[Committee], Plan]] = {
    PlanState.DRAFT: drafted,
    PlanState.OPINIONS: asked,
    PlanState.APPRAISAL: sent,
    PlanState.SIGNING: passed,
    PlanState.SIGNED: signed,
    PlanState.ISSUED: issued,
}


def make_deputy(who: Committee) -> Actor:
    """Make a deputy of the bureau's head."""
    return make_actor("pho", "Lê Thị Cấp Phó Mẫu", (who.bureau, Role.LEADER, "Phó Giám đốc"))


def registered(
    office: Office, by: Actor, window: Window, at: dt.datetime, *, signer: Actor, signed_as: str = "head"
) -> Plan:
    """Write a plan of the office as issued at a moment, without its story."""
    post = next(
        post for post in signer.posts if post.office_id == office.pk or office.kind == OfficeKind.PROVINCE
    )
    return Plan.objects.create(
        window=window,
        office=office,
        first_year=window.first_year,
        last_year=window.last_year,
        title=f"Kế hoạch của {office.short_name}",
        state=PlanState.ISSUED,
        drafted_by_id=by.account_id,
        drafted_at=moment(4, 20),
        saved_at=moment(4, 20),
        appraised_at=at,
        signed_by_id=post.post_id,
        signed_as=signed_as,
        signed_at=at,
        number="1/KH",
        registered_at=at,
    )
