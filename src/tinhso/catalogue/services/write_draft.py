"""Write a sheet in the catalogue's office: open, save part by part, send to review, take back, drop."""

from __future__ import annotations

import copy
import datetime as dt
import re
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tinhso.catalogue.events import (
    SheetDraftDropped,
    SheetDraftOpened,
    SheetDraftReopened,
    SheetDraftSaved,
    SheetDraftSentToReview,
)
from tinhso.catalogue.models import Alias, Procedure, ProcedureVersion, SheetDraft
from tinhso.catalogue.permissions import PROCEDURES, SHEETS, MayProcedure, MaySheet
from tinhso.catalogue.queries.process import lacks
from tinhso.catalogue.queries.sheets import sheet_of
from tinhso.catalogue.rules import DEFAULT_FORM
from tinhso.catalogue.services.default_sheet import Facts, default_sheet
from tinhso.directory.api import Actor, Role
from tinhso.journal.api import announce
from tinhso.toolkit.clock import VN
from tinhso.toolkit.policy import NotThere
from tinhso.toolkit.words import moment_text

OPEN_STATES = ("writing", "in_review", "approved")
_CODE = re.compile(r"\d\.\d{6}")


class OfficeRefused(Exception):
    """The office cannot do this now; the message is the sentence for the official."""


class DraftMoved(OfficeRefused):
    """Somebody else saved the sheet meanwhile; nothing was written over."""


def open_drafts(code: str) -> SheetDraft | None:
    """Return the sheet being written for a procedure, or None."""
    return SheetDraft.objects.filter(code=code, state__in=OPEN_STATES).first()


def last_version(code: str) -> ProcedureVersion | None:
    """Return the latest published version of a procedure, whether in force or not, or None."""
    rows = ProcedureVersion.objects.filter(procedure__code=code, published_at__isnull=False)
    return rows.order_by("-number").first()


@transaction.atomic
def open_draft(*, by: Actor, at: dt.datetime, code: str) -> SheetDraft:
    """Begin the next version of a procedure from the published one; go on with the sheet that is open already.

    Raises ``NotThere``.
    """
    PROCEDURES.one(by, MayProcedure.WRITE, code=code)
    version = last_version(code)
    if version is None:
        raise NotThere
    found = open_drafts(code)
    return found or begin(by=by, at=at, code=code, sheet=sheet_of(version), based_on=version)


@transaction.atomic
def start_procedure(*, by: Actor, at: dt.datetime, facts: Facts) -> SheetDraft:
    """Begin the sheet of a procedure that was never published; what nobody has said yet is empty.

    Raises ``NotThere`` and ``OfficeRefused``.
    """
    if not by.holds(Role.CATALOGUE_EDITOR):
        raise NotThere
    refuse_code(facts.code)
    sheet = default_sheet(facts)
    for case in sheet["cases"]:
        for term in case["terms"]:
            term["limit"]["basis"] = ""
    sheet.update(papers=[], legal=[])
    sheet["texts"]["how"] = []
    sheet["result"]["name"] = ""
    return begin(by=by, at=at, code=facts.code, sheet=sheet, based_on=None)


def refuse_code(code: str) -> None:
    """Raise ``OfficeRefused`` where a code is not of the national shape, or stands for something already."""
    if not _CODE.fullmatch(code):
        raise OfficeRefused(_("Mã thủ tục gồm một số, dấu chấm và sáu số, ví dụ 1.001193."))
    if Procedure.objects.filter(code=code).exists():
        raise OfficeRefused(_("Mã %(code)s đã có thủ tục. Mở thủ tục đó để soạn bản mới.") % {"code": code})
    if Alias.objects.filter(code=code).exists():
        raise OfficeRefused(_("Mã %(code)s là mã cũ của thủ tục khác. Hãy dùng mã khác.") % {"code": code})
    if open_drafts(code):
        raise OfficeRefused(_("Mã %(code)s đang có bản soạn. Mở bản đó để viết tiếp.") % {"code": code})


def begin(
    *,
    by: Actor,
    at: dt.datetime,
    code: str,
    sheet: dict[str, Any],
    based_on: ProcedureVersion | None,
    copied_from: str | None = None,
) -> SheetDraft:
    """Write a new sheet down and tell of it; of two who begin at once both get the same sheet."""
    assert by.account_id is not None
    try:
        with transaction.atomic():
            draft = SheetDraft.objects.create(
                code=code,
                based_on=based_on,
                sheet=sheet,
                author_account_id=by.account_id,
                author_name=by.name,
                saved_at=at,
            )
    except IntegrityError:
        found = open_drafts(code)
        if found is None:
            raise
        return found
    number = based_on.number if based_on else None
    _tell(SheetDraftOpened(code, draft.pk, number, copied_from), draft, by=by, at=at)
    return draft


def _tell(event: object, draft: SheetDraft, *, by: Actor, at: dt.datetime) -> None:
    announce(event, about=f"procedure:{draft.code}", by=by, at=at)


@transaction.atomic
def save_draft(
    *, by: Actor, at: dt.datetime, draft: int, revision: int, sheet: dict[str, Any], part: str
) -> SheetDraft:
    """Keep a sheet as changed by one page; whoever saves is its author. Raises ``NotThere`` and ``DraftMoved``."""
    kept = SHEETS.one(by, MaySheet.WRITE, pk=draft)
    if kept.revision != revision:
        words = _("%(name)s vừa lưu bản này lúc %(moment)s. Phần đang gõ còn nguyên; xem lại rồi lưu.")
        raise DraftMoved(
            words % {"name": kept.author_name, "moment": moment_text(kept.saved_at.astimezone(VN))}
        )
    assert by.account_id is not None
    kept.sheet = sheet
    kept.revision += 1
    kept.author_account_id, kept.author_name, kept.saved_at = by.account_id, by.name, at
    kept.reviewer_account_id, kept.reviewer_name, kept.reviewed_at = None, "", None
    kept.save()
    _tell(SheetDraftSaved(kept.code, kept.pk, kept.revision, part), kept, by=by, at=at)
    return kept


@transaction.atomic
def send_to_review(*, by: Actor, at: dt.datetime, draft: int) -> SheetDraft:
    """Send a whole sheet to a second person. Raises ``NotThere`` and ``OfficeRefused`` where something is missing."""
    kept = SHEETS.one(by, MaySheet.WRITE, pk=draft)
    missing = lacks(kept.sheet)
    if missing:
        raise OfficeRefused(missing[0].sentence)
    kept.state = "in_review"
    kept.reviewer_account_id, kept.reviewer_name, kept.reviewed_at = None, "", None
    kept.review_note = ""
    kept.save()
    _tell(SheetDraftSentToReview(kept.code, kept.pk, kept.revision), kept, by=by, at=at)
    return kept


@transaction.atomic
def reopen_draft(*, by: Actor, at: dt.datetime, draft: int) -> SheetDraft:
    """Take a sheet back from review or approval to change it; it must be reviewed again. Raises ``NotThere``."""
    kept = SHEETS.one(by, MaySheet.REOPEN, pk=draft)
    kept.state = "writing"
    kept.reviewer_account_id, kept.reviewer_name, kept.reviewed_at = None, "", None
    kept.save()
    _tell(SheetDraftReopened(kept.code, kept.pk, kept.revision), kept, by=by, at=at)
    return kept


@transaction.atomic
def drop_draft(*, by: Actor, at: dt.datetime, draft: int) -> SheetDraft:
    """Give a sheet up; what was written stays readable in the history. Raises ``NotThere``."""
    kept = SHEETS.one(by, MaySheet.DROP, pk=draft)
    kept.state = "dropped"
    kept.save(update_fields=["state"])
    _tell(SheetDraftDropped(kept.code, kept.pk, kept.revision), kept, by=by, at=at)
    return kept


def with_default_form(sheet: dict[str, Any]) -> dict[str, Any]:
    """Return the sheet with the default form, and without whatever leans on questions that are no longer asked.

    Cases are asked for by name. Papers and fees that hung on an answer become something to look at.
    """
    made = copy.deepcopy(sheet)
    blank = default_sheet(
        Facts(
            code=made["code"],
            name=made["legal_name"],
            field=made["field"],
            responsible=made["responsible"],
            levels=tuple(made["levels"]),
            source="",
            effective_from=made["effective_from"],
            is_illustrative=False,
        )
    )
    made["form"] = blank["form"]
    for paper in made["papers"]:
        if paper["when"] is not None:
            paper.update(when=None, required=False, unverified=True)
    for case in made["cases"]:
        for term in case["terms"]:
            _plain_fee(term)
    return ask_for_case(made)


def _plain_fee(term: dict[str, Any]) -> None:
    """Keep the amounts that hang on no answer; say that the counter tells the others."""
    rules = term["fee"]["rules"]
    kept = [rule for rule in rules if not {"when", "times", "per_page"} & {k for k in rule if rule[k]}]
    if len(kept) == len(rules):
        return
    told = {"label": "Phí, lệ phí", "unknown": True, "basis": "Chưa kiểm chứng"}
    term["fee"]["rules"] = [*kept, told]
    term["fee"]["vnd"] = None
    term["unverified"] = True


def ask_for_case(sheet: dict[str, Any]) -> dict[str, Any]:
    """Let the default form ask which case it is, where there are several; other forms decide by their own questions."""
    if sheet["form"]["key"] != DEFAULT_FORM:
        return sheet
    cases = [case for case in sheet["cases"] if not case["chosen_by_officer"]]
    for place, case in enumerate(cases, 1):
        case["when"] = {"field": "case", "equals": case["key"]} if place < len(cases) else None
    schema = copy.deepcopy(sheet["form"]["schema"])
    schema["properties"].pop("case", None)
    schema["x-pages"] = [page for page in schema["x-pages"] if page["key"] != "truong-hop"]
    if len(cases) > 1:
        question = {
            "title": "Thuộc trường hợp nào?",
            "type": "string",
            "enum": [case["key"] for case in cases],
            "x-ui": {
                "kind": "choice",
                "options": [{"value": case["key"], "label": case["name"][:300]} for case in cases],
                "hint": "Chưa rõ thì gọi nơi nhận hỏi trước.",
                "missing": "Hãy chọn trường hợp gần nhất.",
                "need": "required",
            },
        }
        schema["properties"] = {"case": question, **schema["properties"]}
        schema["x-pages"].insert(
            0, {"key": "truong-hop", "title": "Thuộc trường hợp nào?", "fields": ["case"]}
        )
    sheet["form"] = {**sheet["form"], "schema": schema}
    return sheet
