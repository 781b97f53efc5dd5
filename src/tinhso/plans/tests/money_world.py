"""Money, inspections and plans that were issued, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tinhso.directory.api import Account, Actor, Office, Post
from tinhso.documents.api import PDF, StoredFile
from tinhso.plans.models import BudgetLine, Finding, Inspection, Plan
from tinhso.plans.services.add_budget_line import add_budget_line
from tinhso.plans.services.add_finding import add_finding
from tinhso.plans.services.start_inspection import start_inspection
from tinhso.plans.tests.factories import MORNING, Committee, make_plan
from tinhso.toolkit.clock import VN

MILLION = 1_000_000
MARCH = dt.datetime(2022, 3, 14, 9, 0, tzinfo=VN)


def make_line(
    committee: Committee, by: Actor | None = None, office: Office | None = None, **fields: Any
) -> BudgetLine:
    """Ask for 300 million from the province's budget for the bureau, through the service."""
    return add_budget_line(
        **{
            "by": by or committee.kim,
            "at": MORNING,
            "office": office or committee.bureau,
            "year": 2022,
            "name": "Kho bài giảng dùng chung",
            "source": "tinh",
            "capital": "recurrent",
            "planned": 300 * MILLION,
            **fields,
        }
    )


def make_issued_plan(committee: Committee, *rows: tuple[str, int, str], **fields: Any) -> Plan:
    """Make an issued plan of the bureau; rows: content, VND, group."""
    plan = make_plan(committee.bureau, committee.du, **fields)
    for n, (content, amount, group) in enumerate(rows, 1):
        plan.items.create(
            ordinal=n,
            group=group,
            content=content,
            lead="Văn phòng Sở",
            starts=dt.date(2022, 6, 1),
            ends=dt.date(2022, 12, 31),
            product="Biên bản nghiệm thu",
            amount=amount,
            source="tinh" if amount else "",
        )
    head = Post.objects.get(person_id=committee.dien.person_id or 0)
    Plan.objects.filter(pk=plan.pk).update(
        state="issued",
        number="12/KH-SGDĐT",
        registered_at=MORNING,
        signed_by=head,
        signed_as="head",
        signed_at=MORNING,
        appraised_at=MORNING,
        appraised_by_id=committee.luong.account_id,
    )
    plan.refresh_from_db()
    return plan


def make_round(committee: Committee, at: dt.datetime = MARCH, **fields: Any) -> Inspection:
    """Enter a round of An's in March at the bureau, through the service."""
    return start_inspection(
        **{
            "by": committee.an,
            "at": at,
            "name": "Kiểm tra an toàn thông tin",
            "year": 2022,
            "lead": committee.other,
            "office": committee.bureau,
            "starts": dt.date(2022, 3, 14),
            "ends": dt.date(2022, 3, 18),
            "decision_number": "07/QĐ-TTr",
            **fields,
        }
    )


def make_finding(committee: Committee, found: Inspection | None = None, **fields: Any) -> Finding:
    """Write down a finding of March, due on 29 April, through the service."""
    return add_finding(
        **{
            "by": committee.an,
            "at": MARCH,
            "inspection_id": (found or make_round(committee)).pk,
            "text": "Máy chủ chưa có hồ sơ cấp độ an toàn",
            "remedy": "Lập hồ sơ cấp độ, trình phê duyệt",
            "due": dt.date(2022, 4, 29),
            **fields,
        }
    )


def make_paper(n: int = 1) -> StoredFile:
    """Keep a row of a paper without its content."""
    return StoredFile.objects.create(sha256=f"{n:064x}", size=10, media_type=PDF, pages=1, created_at=MORNING)


def account_of(actor: Actor) -> Account:
    """Return the account behind an actor."""
    return Account.objects.get(pk=actor.account_id or 0)
