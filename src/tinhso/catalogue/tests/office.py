"""The people of the catalogue's office, and their short cuts, for tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from tinhso.catalogue.models import ProcedureVersion, SheetDraft
from tinhso.catalogue.services.publish_draft import Decision, publish_draft
from tinhso.catalogue.services.review_draft import approve_draft
from tinhso.catalogue.services.write_draft import open_draft, save_draft, send_to_review
from tinhso.directory.api import Actor, Office, OfficeKind, Role
from tinhso.directory.tests.factories import make_actor, make_office
from tinhso.toolkit.clock import VN

AT = dt.datetime(2022, 5, 10, 8, 30, tzinfo=VN)
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Keepers:
    """Vy writes, Khoa reviews, Yên writes too, Nhã does both."""

    office: Office
    vy: Actor
    khoa: Actor
    yen: Actor
    nha: Actor


def make_keepers() -> Keepers:
    """Make the office and its people."""
    office = make_office("Văn phòng Ủy ban nhân dân tỉnh", OfficeKind.DEPARTMENT, "000.00.01.H40")
    editor, reviewer = Role.CATALOGUE_EDITOR, Role.CATALOGUE_REVIEWER
    return Keepers(
        office,
        make_actor("vy", "Lý Vy Ví Dụ", (office, editor, "Biên tập danh mục")),
        make_actor("khoa", "Tô Khoa Giả Định", (office, reviewer, "Duyệt danh mục")),
        make_actor("yen", "Kiều Yên Nháp", (office, editor, "Biên tập danh mục")),
        make_actor(
            "nha", "Mạc Nhã Thử", (office, editor, "Biên tập danh mục"), (office, reviewer, "Duyệt danh mục")
        ),
    )


def made_whole(sheet: dict[str, Any]) -> dict[str, Any]:
    """Return the sheet with what the six sheets do not say: who may file, and steps within the limit."""
    sheet["facts"]["audience"] = ["citizen"]
    for case in sheet["cases"]:
        for step in case["steps"]:
            step["hours"] = "1"
    return sheet


def draft_of(keepers: Keepers, code: str, at: dt.datetime = AT) -> SheetDraft:
    """Open a procedure's sheet and make it whole."""
    draft = open_draft(by=keepers.vy, at=at, code=code)
    return save_draft(
        by=keepers.vy,
        at=at,
        draft=draft.pk,
        revision=draft.revision,
        sheet=made_whole(draft.sheet),
        part="noi-lam",
    )


def approved(keepers: Keepers, code: str, at: dt.datetime = AT) -> SheetDraft:
    """Take a procedure's sheet to its approval."""
    draft = draft_of(keepers, code, at)
    send_to_review(by=keepers.vy, at=at, draft=draft.pk)
    return approve_draft(by=keepers.khoa, at=at, draft=draft.pk, revision=draft.revision)


def published(keepers: Keepers, code: str, first: dt.date, at: dt.datetime = AT) -> ProcedureVersion:
    """Take a procedure's sheet to its publication."""
    draft = approved(keepers, code, at)
    decision = Decision("915/QĐ-UBND", at.date(), first)
    return publish_draft(by=keepers.vy, at=at, draft=draft.pk, decision=decision)
