"""What stands in the way when a running dossier is to follow a later version of its procedure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext as _

from tinhso.catalogue.models import Case, ProcedureVersion, ProcessStep
from tinhso.catalogue.rules import Answers, asked, is_blank, is_needed

#: Keys of answers that are notes of the software, not questions of a form.
_NOTE = "x-"


def obstacles(
    before: ProcedureVersion,
    after: ProcedureVersion,
    *,
    case_key: str,
    answers: Answers,
    papers: Iterable[str],
    today: dt.date,
) -> list[str]:
    """Return, a sentence each, what would be lost or missing under the later version; empty where nothing is.

    Both versions come from ``version_of``. A case, a question with an answer, or a paper that was given must be
    there still; what the later version newly demands must be known already.
    """
    found = []
    if _case(after, case_key) is None:
        found.append(
            _("Bản mới không còn trường hợp “%(name)s”.") % {"name": _name_of_case(before, case_key)}
        )
    old, new = _questions(before), _questions(after)
    lost = [
        spec.get("title", key)
        for key, spec in old.items()
        if key not in new and not is_blank(answers.get(key)) and not key.startswith(_NOTE)
    ]
    found += [_("Có câu trả lời mà bản mới không hỏi: %(title)s.") % {"title": title} for title in lost]
    if after.form is not None:
        needed = asked(after.form.schema, answers, today)
        found += [
            _("Bản mới hỏi thêm: %(title)s.") % {"title": spec.get("title", key)}
            for key, spec in needed.items()
            if key not in old and is_needed(spec, answers, today) and is_blank(answers.get(key))
        ]
    kept = {paper.key for paper in after.papers.all()}
    names = {paper.key: paper.name for paper in before.papers.all()}
    found += [
        _("Đã nhận giấy mà bản mới không yêu cầu: %(name)s.") % {"name": names.get(key, key)}
        for key in sorted(set(papers) - kept)
    ]
    return found


def same_step(
    before: ProcedureVersion, after: ProcedureVersion, *, case_key: str, order: int
) -> ProcessStep | None:
    """Return the step of the later version that has the key of a step of the earlier one, or None."""
    earlier, later = _case(before, case_key), _case(after, case_key)
    if earlier is None or later is None:
        return None
    key = next((step.key for step in earlier.steps.all() if step.order == order), None)
    return next((step for step in later.steps.all() if step.key == key), None)


def _case(version: ProcedureVersion, key: str) -> Case | None:
    return next((case for case in version.cases.all() if case.key == key), None)


def _name_of_case(version: ProcedureVersion, key: str) -> str:
    case = _case(version, key)
    return case.name if case else key


def _questions(version: ProcedureVersion) -> dict[str, dict[str, str]]:
    form = getattr(version, "form", None)
    return dict(form.schema["properties"]) if form else {}
